"""The command line as another program sees it: exit status, stdout, stderr, signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ml.models import load_model
from ml.protocols.checkpoint import read_checkpoint
from ml.spec.events import EVENT
from tests.ml.cli.conftest import Done, Run
from tests.ml.dicom import making

ML = [sys.executable, "-m", "ml"]
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1"}
FAST = ["--set", "epochs=1", "--set", "batch_size=16", "--set", "precision=fp32"]
LONG = ["--set", "epochs=500", "--set", "batch_size=4", "--set", "precision=fp32", "--set", "patience=500"]


@pytest.fixture(scope="module")
def trained(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """A one-epoch HF training in a process of its own, heard as JSON lines."""
    workdir = tmp_path_factory.mktemp("run")
    command = [*ML, "train", "hf", *FAST, "--cohort", cache, "--workdir", workdir, "--events", "jsonl"]
    # Standard input is /dev/null, which always reads as ended: only a pipe's end means "stop".
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=120,
        check=False,
    )
    return workdir, Done(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("command", ["", "simulate", "prepare", "train", "evaluate", "benchmark", "stage"])
def test_help_of_every_command(ml: Run, command: str) -> None:
    done = ml(*filter(None, [command]), "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: python -m ml {command}".rstrip())


def test_the_protocol_is_written_as_the_contract_writes_it(ml: Run) -> None:
    done = ml("benchmark", "--help")
    assert "[strict|paper]" in done.stdout


@pytest.mark.parametrize(
    "arguments", [["dance"], ["train", "hf"], ["train", "nothing", "--cohort", "/", "--workdir", "/tmp/none"]]
)
def test_wrong_usage_is_status_2(ml: Run, arguments: list[str]) -> None:
    done = ml(*arguments)
    assert done.returncode == 2
    assert not done.stdout
    assert "Usage" in done.stderr


def test_expected_failure_is_status_1_with_code_sentence_and_remedy(ml: Run, tmp_path: Path) -> None:
    done = ml("train", "hf", "--cohort", tmp_path, "--workdir", tmp_path / "w")
    assert done.returncode == 1
    assert not done.stdout
    code, remedy = done.stderr.strip().splitlines()
    assert code.startswith("cache-incomplete: ")
    assert remedy
    assert "Traceback" not in done.stderr


def test_stdout_is_events_alone(trained: tuple[Path, Done]) -> None:
    workdir, done = trained
    assert done.returncode == 0, done.stderr
    events = [EVENT.validate_json(line) for line in done.stdout.splitlines()]
    assert events[0].kind == "started"
    assert events[-1].kind == "finished"
    assert load_model(workdir / "model", device="cpu").info.simulated


def test_without_a_terminal_stdout_is_the_result_and_stderr_silent(
    ml: Run, trained: tuple[Path, Done], cache: Path
) -> None:
    workdir, _ = trained
    done = ml("train", "hf", *FAST, "--cohort", cache, "--workdir", workdir)
    assert done.returncode == 0
    assert "accuracy" in done.stdout
    assert str(workdir / "model") in done.stdout
    assert not done.stderr


def test_evaluate_writes_where_it_is_told(
    ml: Run, trained: tuple[Path, Done], cache: Path, tmp_path: Path
) -> None:
    done = ml("evaluate", "--model", trained[0] / "model", "--cohort", cache, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "metrics.json").is_file()


STOPS = {
    "SIGTERM": (lambda child: child.send_signal(signal.SIGTERM), 143),
    "stdin closed": (lambda child: child.stdin.close(), 130),
}


@pytest.mark.parametrize("how", STOPS)
def test_asked_to_stop_it_keeps_a_checkpoint_and_says_how_it_ended(
    cache: Path, tmp_path: Path, how: str
) -> None:
    stop, status = STOPS[how]
    child = subprocess.Popen(
        [*ML, "train", "hf", *LONG, "--cohort", cache, "--workdir", tmp_path, "--events", "jsonl"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
    )  # fmt: skip
    for line in child.stdout:
        if json.loads(line)["kind"] == "epoch-finished":
            break
    stop(child)
    rest = child.stdout.read()
    assert child.wait(timeout=60) == status
    assert all(json.loads(line) for line in rest.splitlines())
    saved = read_checkpoint(tmp_path / "checkpoints" / "hf.safetensors")
    assert saved is not None
    assert (saved[1]["epoch"], saved[1]["step"]) > (1, 0)


@pytest.fixture
def high_frequency(tmp_path: Path) -> Path:
    """A linear-probe still as DICOM."""
    path = tmp_path / "high.dcm"
    header = {"TransducerData": ["L12-5"], "PatientID": "P001", "SOPInstanceUID": "1.2.3.4"}
    region = making.region(
        0, 0, 255, 255, RegionSpatialFormat=1, PhysicalDeltaX=0.0150, PhysicalDeltaY=0.0150
    )
    path.write_bytes(
        making.native([making.speckle(256, 256)], SequenceOfUltrasoundRegions=[region], **header)
    )
    return path


def test_stage_prints_json_or_words(ml: Run, trained: tuple[Path, Done], high_frequency: Path) -> None:
    done = ml("stage", "--model", trained[0] / "model", high_frequency, "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert {
        "stage",
        "probabilities",
        "at_least",
        "prediction_set",
        "bands",
        "model",
        "seconds",
        "warnings",
    } <= set(result)
    assert result["bands"] == ["HF"]
    assert "simulated" in done.stderr
    words = ml("stage", "--model", trained[0] / "model", high_frequency)
    assert words.stdout.startswith(result["stage"])


def test_stage_of_two_patients_is_refused(
    ml: Run, trained: tuple[Path, Done], high_frequency: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.dcm"
    other.write_bytes(making.native([making.speckle(seed=1)], PatientID="P002", TransducerData=["L12-5"]))
    done = ml("stage", "--model", trained[0] / "model", high_frequency, other)
    assert done.returncode == 1
    assert done.stderr.startswith("two-patients: ")


def test_stage_of_something_else_names_the_reason(
    ml: Run, trained: tuple[Path, Done], tmp_path: Path
) -> None:
    (tmp_path / "note.dcm").write_text("not DICOM")
    done = ml("stage", "--model", trained[0] / "model", tmp_path / "note.dcm")
    assert done.returncode == 1
    assert ": " in done.stderr
    assert "Traceback" not in done.stderr


def test_another_division_is_evaluated_with_the_split_that_the_training_left(
    ml: Run, trained: tuple[Path, Done], cache: Path, tmp_path: Path
) -> None:
    own = trained[0] / "split.json"
    assignments = json.loads(own.read_text("utf-8"))["assignments"]
    tested = next(patient for patient, part in assignments.items() if part == "test")
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"assignments": assignments | {tested: "train"}}), "utf-8")
    arguments = ["evaluate", "--model", trained[0] / "model", "--cohort", cache, "--out", tmp_path / "out"]
    refused = ml(*arguments, "--split", other)
    assert refused.returncode == 1
    assert refused.stderr.startswith("other-split: ")
    assert "--split" in refused.stderr
    done = ml(*arguments, "--split", own)
    assert done.returncode == 0, done.stderr
