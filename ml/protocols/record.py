"""What every result carries: specification, seed, commit, versions, dataset, device, precision."""

from __future__ import annotations

import json
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from pydantic import ValidationError

import ml
from ml.checkout import commit_of
from ml.cohort import Cohort
from ml.models import Precision
from ml.models.folder import write_whole
from ml.spec import HepaStageError, TrainSpec

RECORDED_PACKAGES = ("torch", "numpy", "opencv-python-headless", "scikit-learn", "safetensors", "pydantic")


class WorkdirTaken(HepaStageError):
    """The work directory belongs to another run."""

    code = "workdir-of-another-run"
    remedy = "Choose a new work directory, or continue with the specification and cohort it was started with."


def versions() -> dict[str, str]:
    """Versions of this package, Python and the packages that decide a result."""
    found = {"hepastage": ml.__version__, "python": platform.python_version()}
    return found | {name: version(name) for name in RECORDED_PACKAGES}


def git_commit() -> str | None:
    """Commit of the checkout that this package runs from; see :func:`ml.checkout.commit_of`."""
    return commit_of(Path(ml.__file__).parent)


def describe_device(device: torch.device) -> str:
    """``cuda (name)`` or ``cpu (threads)``."""
    if device.type == "cuda":
        return f"cuda ({torch.cuda.get_device_name(device)})"
    return f"cpu ({torch.get_num_threads()} threads)"


def new_record(spec: TrainSpec, cohort: Cohort, device: torch.device, precision: Precision) -> dict[str, Any]:
    """The record of a run that starts now."""
    return {
        "spec": spec.model_dump(mode="json"),
        "seed": spec.seed,
        "protocol": str(spec.protocol),
        "dataset_hash": cohort.dataset_hash,
        "split_hash": cohort.split_hash,
        "simulated": cohort.simulated,
        "cohort": cohort.counts(),
        "device": describe_device(device),
        "precision": precision,
        "versions": versions(),
        "git_commit": git_commit(),
        "started_at": now(),
    }


class RecordDamaged(HepaStageError):
    """A file of a work directory that is not what was written there."""

    code = "record-damaged"
    remedy = "Choose a new work directory, or remove this one and start again."


def read_json(path: Path) -> dict[str, Any]:
    """An object that :func:`write_json` wrote."""
    try:
        held = json.loads(path.read_text("utf-8"))
    except ValueError as error:  # of JSON, of UTF-8
        raise RecordDamaged(f"{path} is not what was written there: {error}.") from error
    if not isinstance(held, dict):
        raise RecordDamaged(f"{path} is not what was written there.")
    return held


def read_record(workdir: Path, spec: TrainSpec, cohort: Cohort) -> dict[str, Any] | None:
    """The record of the run that this directory already holds; refuses one of another run."""
    path = workdir / "run.json"
    if not path.exists():
        return None
    record = read_json(path)
    if not {"spec", "dataset_hash", "precision"} <= record.keys():
        raise RecordDamaged(f"{path} is not the record of a run.")
    if _spec_of(record) != spec:
        raise WorkdirTaken(f"{workdir} holds a run with another specification.")
    if record["dataset_hash"] != cohort.dataset_hash:
        raise WorkdirTaken(f"{workdir} holds a run with another cohort.")
    if record.get("split_hash", cohort.split_hash) != cohort.split_hash:
        raise WorkdirTaken(f"{workdir} holds a run with another division of this cohort.")
    return record


def _spec_of(record: dict[str, Any]) -> TrainSpec | None:
    """The run's specification; None where this version cannot read it: then it is not the one asked for."""
    try:
        return TrainSpec.stored(record["spec"])
    except (ValidationError, AttributeError):
        return None


def write_json(path: Path, content: Any) -> None:
    """Readable JSON, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
