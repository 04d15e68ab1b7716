"""Two commands never write into one work directory at a time, and one that was killed hinders nobody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ml.cli import alone
from ml.cli.alone import WorkdirBusy, alone_in
from tests.ml.cli.conftest import Run
from tests.ml.segmentation.conftest import write_folder

HOLD = """
import sys, time
from pathlib import Path
from ml.cli.alone import alone_in
with alone_in(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Another process at work in ``tmp_path``."""
    monkeypatch.setattr(alone, "PATIENCE_S", 0.2)
    with subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        yield child
        child.kill()


@pytest.mark.parametrize("command", ["train", "benchmark", "segment"])
def test_a_second_command_is_refused_with_who_is_there_and_a_way_out(
    holder: subprocess.Popen[str],
    ml: Run,
    cache: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    command: str,
) -> None:
    arguments: list[str | Path] = {
        "train": ["train", "hf", "--cohort", cache],
        "benchmark": ["benchmark", "--rows", "hf", "--cohort", cache],
        "segment": ["segment", "train", write_folder(tmp_path_factory.mktemp("outlines"), 3)],
    }[command]
    done = ml(*arguments, "--workdir", tmp_path)
    assert done.returncode == 1
    said, remedy = done.stderr.strip().splitlines()
    assert said.startswith("workdir-busy: ")
    assert f"process {holder.pid} on " in said
    assert "another work directory" in remedy
    assert [path.name for path in tmp_path.iterdir()] == [alone.LOCK], "nothing was written there"


def test_a_killed_command_leaves_the_directory_free(holder: subprocess.Popen[str], tmp_path: Path) -> None:
    with pytest.raises(WorkdirBusy), alone_in(tmp_path):
        pass
    holder.kill()
    holder.wait()
    with alone_in(tmp_path):
        pass
    with alone_in(tmp_path):  # and one that ended as it should
        pass


def test_a_directory_that_cannot_be_made_is_left_to_the_command(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with alone_in(tmp_path / "file" / "work"):
        pass
