"""A specification as the command line takes it: a preset's name, or a JSON or YAML file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import yaml
from pydantic import ValidationError

from ml.spec import TrainSpec
from ml.spec.presets import PRESETS


def read_spec(name: str, settings: Sequence[str] = ()) -> TrainSpec:
    """``name`` is a preset or a file; ``settings`` are ``key=value`` with dotted keys, values as JSON."""
    content: Any = _of_preset(PRESETS[name].spec) if name in PRESETS else _read_file(name)
    if not isinstance(content, dict):
        raise click.BadParameter(f"{name} does not hold a specification.", param_hint="SPEC")
    for setting in settings:
        _put(content, setting)
    try:
        return TrainSpec.model_validate(content)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc'])) or 'spec'}: {fault['msg']}" for fault in error.errors()]
        raise click.BadParameter("; ".join(faults), param_hint="SPEC") from error


def _of_preset(spec: TrainSpec) -> dict[str, Any]:
    """All settings of a preset, but a policy that nobody chose: that is for the protocol to say."""
    content = spec.model_dump(mode="json")
    if "policy" not in spec.augmentation.model_fields_set:
        del content["augmentation"]["policy"]
    return content


def _read_file(name: str) -> Any:
    path = Path(name)
    if not path.is_file():
        presets = ", ".join(PRESETS)
        raise click.BadParameter(f"{name!r} is neither a file nor a preset ({presets}).", param_hint="SPEC")
    try:
        return yaml.safe_load(path.read_text("utf-8"))  # JSON is YAML
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{name} is not JSON or YAML: {error}", param_hint="SPEC") from error


def _put(content: dict[str, Any], setting: str) -> None:
    key, equals, text = setting.partition("=")
    if not equals:
        raise click.BadParameter(f"{setting!r} is not KEY=VALUE.", param_hint="--set")
    *parents, last = key.split(".")
    for parent in parents:
        content = content.setdefault(parent, {})
        if not isinstance(content, dict):
            raise click.BadParameter(f"{key!r} is not a setting.", param_hint="--set")
    try:
        content[last] = json.loads(text)
    except json.JSONDecodeError:
        content[last] = text
