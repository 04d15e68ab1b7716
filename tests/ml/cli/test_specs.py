"""SPEC on the command line: a preset, a JSON file or a YAML file, with settings changed."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from ml.cli.specs import read_spec
from ml.protocols.rows import ROWS
from ml.spec import Architecture, Protocol, TrainSpec
from ml.spec.presets import PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_preset_by_name(name: str) -> None:
    assert read_spec(name) == PRESETS[name].spec


@pytest.mark.parametrize("name", PRESETS)
def test_the_papers_protocol_brings_the_papers_policy_unless_another_is_chosen(name: str) -> None:
    assert PRESETS[name].spec.augmentation.policy == "balanced"
    for paper in (
        read_spec(name, ["protocol=paper"]),
        ROWS[name].spec_for(seed=3, quick=True, protocol=Protocol.PAPER),
        PRESETS[name].spec.under(Protocol.PAPER),
    ):
        assert (paper.protocol, paper.augmentation.policy) == ("paper", "paper")
        assert paper.under(Protocol.STRICT).augmentation.policy == "balanced"
        assert TrainSpec.model_validate(paper.model_dump(mode="json")) == paper
    chosen = read_spec(name, ["protocol=paper", "augmentation.policy=none"])
    assert chosen.augmentation.policy == "none"
    assert chosen.under(Protocol.STRICT).augmentation.policy == "none"


@pytest.mark.parametrize(
    ("suffix", "text"),
    [("json", '{"architecture": "lf", "epochs": 3}'), ("yaml", "architecture: lf\nepochs: 3")],
)
def test_file(tmp_path: Path, suffix: str, text: str) -> None:
    path = tmp_path / f"spec.{suffix}"
    path.write_text(text, "utf-8")
    assert read_spec(str(path)) == TrainSpec(architecture=Architecture.LF, epochs=3)


def test_settings_change_single_fields() -> None:
    spec = read_spec(
        "dual_transfer", ["epochs=2", "transfer.source=/data/ten", "augmentation.rotation=false"]
    )
    assert (spec.epochs, spec.transfer.source, spec.augmentation.rotation) == (2, "/data/ten", False)


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("nothing", [], "neither a file nor a preset"),
        ("hf", ["epochs"], "not KEY=VALUE"),
        ("hf", ["epoch=3"], "epoch"),
        ("hf", ["epochs=0"], "epochs"),
        ("hf", ["epochs.deep=1"], "not a setting"),
        ("hf", ["protocol=loose"], "protocol"),
    ],
)
def test_mistakes_are_named(name: str, settings: list[str], said: str) -> None:
    with pytest.raises(click.BadParameter, match=said):
        read_spec(name, settings)


@pytest.mark.parametrize("text", ["[1, 2]", "{unclosed", "\x00"])
def test_file_that_is_no_specification_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(click.BadParameter):
        read_spec(str(path))
