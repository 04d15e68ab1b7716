"""Every command given what a newcomer gives by mistake: a code, a sentence and a remedy, no traceback."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from ml.cohort.durable import reserved
from ml.spec.machine import refusal_of
from tests.ml.cli.conftest import Done, Run
from tests.ml.segmentation.conftest import write_folder

CODE = re.compile(r"^[a-z]+(-[a-z0-9]+)+: \S")


def refused(done: Done, code: str) -> None:
    """Status 1, nothing on stdout, the code with its sentence, and something to do about it."""
    assert done.returncode == 1, done
    assert not done.stdout
    assert "Traceback" not in done.stderr
    said = done.stderr.strip().splitlines()
    at = next((number for number, line in enumerate(said) if CODE.match(line)), None)
    assert at is not None, done.stderr
    assert said[at].split(":")[0] == code, done.stderr
    assert len(said) > at + 1, "no remedy"


@pytest.fixture
def place(tmp_path: Path, cache: Path) -> Path:
    """What lies on a newcomer's disk."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("not what was asked for", "utf-8")
    (tmp_path / "dicom").mkdir()
    (tmp_path / "dicom" / "torn.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"\x08\x00" * 20)
    (tmp_path / "stages.csv").write_text("patient_id,stage\nP1,S2\n", "utf-8")
    (tmp_path / "unknown.csv").write_text("wer,was\nP1,S2\n", "utf-8")
    (tmp_path / "picture.csv").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "weights.pth").write_bytes(pickle.dumps({"run": os.system}))
    (tmp_path / "half.pth").write_bytes(b"PK\x03\x04 but no more")
    (tmp_path / "split.json").write_text('{"assignments": {"P1": "somewhere"}}', "utf-8")
    (tmp_path / "spec.yaml").write_text("architecture: [", "utf-8")
    for name in ("cache", "cacheless", "indexless", "imageless"):
        shutil.copytree(cache, tmp_path / name)
    (tmp_path / "cacheless" / "cache.json").write_text("{", "utf-8")
    (tmp_path / "indexless" / "index.csv").write_bytes(b"\xff\xfe,\n\x00")
    (tmp_path / "imageless" / "images.npy").write_bytes(b"\x93NUMPY")
    (tmp_path / "begun").mkdir()
    (tmp_path / "begun" / "run.json").write_text("{", "utf-8")
    (tmp_path / "begun" / "benchmark.json").write_text("[]", "utf-8")
    (tmp_path / "begun" / "simulation.json").write_text("[1]", "utf-8")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.json").write_text("{}", "utf-8")
    (tmp_path / "model" / "model.safetensors").write_bytes(pickle.dumps({"run": os.system}))
    write_folder(tmp_path / "outlines", 4)
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "a.json").write_text('{"shapes": 3}', "utf-8")
    return tmp_path


TRAIN = "train hf --workdir new"
REFUSED = [
    ("simulate begun --patients 5 --normals 0", "simulation-mismatch"),
    ("prepare empty --stages stages.csv --out new", "cohort-empty"),
    ("prepare dicom --stages stages.csv --out new", "cohort-empty"),
    ("prepare dicom --stages unknown.csv --out new", "table-unclear"),
    ("prepare dicom --stages picture.csv --out new", "table-unreadable"),
    ("prepare dicom --stages stages.csv --clinical unknown.csv --out new", "table-unclear"),
    ("prepare dicom --stages stages.csv --outlines junk --out new", "cohort-empty"),
    ("prepare dicom --stages stages.csv --segmenter model --out new", "segmenter-unusable"),
    ("audit empty", "cache-incomplete"),
    ("audit cacheless", "cache-damaged"),
    ("augment --cohort indexless", "cache-damaged"),
    (f"{TRAIN} --cohort empty", "cache-incomplete"),
    (f"{TRAIN} --cohort imageless", "cache-damaged"),
    (f"{TRAIN} --cohort cache --split split.json", "split-unreadable"),
    (f"{TRAIN} --cohort cache --split notes.txt", "split-unreadable"),
    (f"{TRAIN} --cohort cache --device abacus", "device-unknown"),
    (f"{TRAIN} --cohort cache --device cuda", "device-unavailable"),
    ("train hf --workdir begun --cohort cache", "record-damaged"),
    ("train resnet --workdir new --cohort cache --set pretrained=weights.pth", "published-weights-refused"),
    ("train resnet --workdir new --cohort cache --set pretrained=half.pth", "published-weights-refused"),
    ("train resnet --workdir new --cohort cache --set pretrained=absent.pth", "published-weights-refused"),
    (
        f"{TRAIN} --cohort cache --set transfer.first=true --set transfer.source=empty",
        "transfer-source-refused",
    ),
    ("evaluate --model empty --cohort cache --out new", "model-unusable"),
    ("evaluate --model model --cohort cache --out new", "model-unusable"),
    ("benchmark --workdir new --cohort empty", "cache-incomplete"),
    ("benchmark --workdir new --cohort cache --rows nobody", "row-unknown"),
    ("benchmark --workdir new --cohort cache --folds 99", "folds-impossible"),
    ("benchmark --workdir new --cohort cache --leave-one-site-out", "one-site-only"),
    ("benchmark --workdir new --cohort cache --external cache", "external-patients-shared"),
    ("benchmark --workdir new --cohort cache --beside empty", "benchmark-beside-refused"),
    ("benchmark --workdir begun --cohort cache --rows hf", "record-damaged"),
    ("stage --model empty dicom/torn.dcm", "model-unusable"),
    ("stage --model model dicom/torn.dcm", "model-unusable"),
    ("segment train empty --workdir new", "labelme-refused"),
    ("segment train junk --workdir new", "labelme-refused"),
    ("segment apply notes.txt --model model", "segmenter-unusable"),
    ("segment evaluate outlines --model empty", "segmenter-unusable"),
]
WRONG_USAGE = [
    "prepare absent --stages stages.csv --out new",
    "prepare empty --stages absent.csv --out new",
    "prepare empty --stages empty --out new",
    "train nobody --cohort cache --workdir new",
    "train spec.yaml --cohort cache --workdir new",
    "train notes.txt --cohort cache --workdir new",
    "train hf --cohort cache --workdir notes.txt",
    "train hf --cohort cache --workdir new --set epochs",
    "train hf --cohort cache --workdir new --set epochs=-1",
    "train hf --cohort cache --workdir new --set speed=9",
    "train svm --cohort cache --workdir new --set pooling=attention",
    "evaluate --model cache --cohort notes.txt --out new",
    "benchmark --cohort cache --workdir new --repeats 0",
    "segment train outlines --workdir new --epochs 0",
    "stage --model model",
    "augment --cohort absent",
]


@pytest.mark.parametrize(("command", "code"), REFUSED)
def test_what_cannot_be_used_is_refused_with_a_remedy(
    ml: Run, place: Path, monkeypatch: pytest.MonkeyPatch, command: str, code: str
) -> None:
    monkeypatch.chdir(place)
    refused(ml(*command.split()), code)


@pytest.mark.parametrize("command", WRONG_USAGE)
def test_wrong_usage_says_how_it_is_used(
    ml: Run, place: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(place)
    done = ml(*command.split())
    assert done.returncode == 2, done
    assert "Usage:" in done.stderr
    assert "Error:" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (place / "new").exists()


def test_a_pickle_is_never_executed(ml: Run, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
            return (os.mkdir, (str(place / "sprung"),))

    (place / "weights.pth").write_bytes(pickle.dumps(Trap()))
    (place / "model" / "model.safetensors").write_bytes(pickle.dumps(Trap()))
    monkeypatch.chdir(place)
    weights = "train resnet --workdir new --cohort cache --set pretrained=weights.pth"
    refused(ml(*weights.split()), "published-weights-refused")
    refused(ml(*["stage", "--model", "model", "dicom/torn.dcm"]), "model-unusable")
    assert not (place / "sprung").exists()


def test_a_place_where_nobody_may_write(ml: Run) -> None:
    """Nor may root: the kernel's own folder."""
    refused(ml("simulate", "/sys/cohort", "--patients", "5", "--normals", "0"), "not-permitted")


def test_a_workdir_below_a_file_is_no_place(ml: Run, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    refused(ml(*["train", "hf", "--cohort", "cache", "--workdir", "notes.txt/new"]), "file-unusable")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB; skipped where none may be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a small disk")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_is_said_and_not_a_bus_error(
    ml: Run, small_disk: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    command = f"train hf --cohort cache --workdir {small_disk / 'run'} --set epochs=1 --set batch_size=16"
    refused(ml(*command.split(), "--set", "augmentation.policy=none"), "disk-full")
    assert not list(small_disk.glob("run/model/model.json"))
    with pytest.raises(OSError, match="No space") as full:
        reserved(small_disk / "masks.npy", (64, 256, 256))
    failure = refusal_of(full.value)
    assert failure is not None
    assert failure.code == "disk-full"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError(), "out-of-memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried 9 bytes"), "out-of-memory"),
        (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), "out-of-memory"),
        (PermissionError(13, "Permission denied", "/a"), "not-permitted"),
        (OSError(28, "No space left on device", "/a"), "disk-full"),
        (IsADirectoryError(21, "Is a directory", "/a"), "file-unusable"),
        (RuntimeError("shapes differ"), None),
        (KeyError("stage"), None),
    ],
)
def test_a_machine_s_refusal_is_expected_and_a_fault_is_not(error: Exception, code: str | None) -> None:
    failure = refusal_of(error)
    assert (failure.code if failure else None) == code
    assert failure is None or failure.remedy


def test_a_reserved_file_is_what_it_says(tmp_path: Path) -> None:
    mapped = reserved(tmp_path / "a.npy", (2, 3))
    mapped[1, 2] = 7
    mapped.flush()
    assert np.load(tmp_path / "a.npy").tolist() == [[0, 0, 0], [0, 0, 7]]
