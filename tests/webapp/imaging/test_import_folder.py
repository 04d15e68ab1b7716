"""``manage.py import_folder``: any layout, one hallway, a line for each file, nothing in silence."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ml.spec import Band
from tests.conftest import ROOT
from tests.webapp.imaging.files import ultrasound, zipped
from tests.webapp.whole_database import every_row
from webapp.accounts.models import Site, User
from webapp.audit.models import Entry
from webapp.imaging import folder as folder_module
from webapp.imaging.models import Upload, UploadFile
from webapp.patients.models import ClinicalValues, PathologyStage, Patient

KEYS = ["path", "outcome", "code", "message", "remedy", "band"]
NAMES = ("Quartzmann", "7351942")  # in the folder's and files' names and in the files


@dataclass
class Result:
    status: int
    out: str
    err: str
    report: Path

    @property
    def lines(self) -> dict[str, dict[str, str]]:
        return {line["path"]: line for line in map(json.loads, self.report.read_text("utf-8").splitlines())}

    @property
    def summary(self) -> dict[str, Any]:
        return json.loads(self.out)


Run = Callable[..., Result]


@pytest.fixture
def run(site_a: Site, tmp_path: Path) -> Run:
    def command(folder: Path, *options: str | Path, site: str = "A", report: bool = True) -> Result:
        out, err = io.StringIO(), io.StringIO()
        path = tmp_path / "report.jsonl"
        argv = [str(folder), "--site", site, *(["--report", str(path)] if report else []), *map(str, options)]
        try:
            call_command("import_folder", *argv, stdout=out, stderr=err)
        except CommandError as error:
            return Result(error.returncode, out.getvalue(), f"{err.getvalue()}{error}", path)
        return Result(0, out.getvalue(), err.getvalue(), path)

    return command


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Two patients, one in a folder named after him, one in an archive; and what lies around."""
    folder = tmp_path / "export"
    deep = folder / "Quartzmann 7351942" / "2024" / "US"
    deep.mkdir(parents=True)
    (deep / "IM0001").write_bytes(ultrasound(patient="7351942", band=Band.HF))
    (deep / "IM0002").write_bytes(ultrasound(patient="7351942", band=Band.LF, seed=1))
    other = ultrasound(patient="P002", study="1.2.9", seed=2)
    (folder / "disc.zip").write_bytes(zipped({"US/a.dcm": other, "US/readme.txt": b"to whom it may concern"}))
    (folder / "名单.txt").write_text("Quartzmann")
    (folder / ".DS_Store").write_bytes(b"litter")
    (folder / "elsewhere").symlink_to(tmp_path)
    return folder


@pytest.fixture
def stages(export: Path) -> Path:
    table = export / "stages.csv"  # beside the images, as hospitals hand it over
    table.write_text("patient_id,stage\n7351942,S3\nP404,S1\nP405,F2\n")
    return table


@pytest.fixture
def clinical(export: Path) -> Path:
    table = export / "clinical.csv"
    table.write_text("patient_id,age,ALT (U/L)\n7351942,71,44\nP002,50,20\n")
    return table


def test_every_file_has_its_line_and_the_report_is_as_agreed(run: Run, export: Path) -> None:
    result = run(export)
    assert result.status == 0, result.err
    assert {path: (line["outcome"], line["code"], line["band"]) for path, line in result.lines.items()} == {
        "Quartzmann 7351942/2024/US/IM0001": ("accepted", "accepted", "HF"),
        "Quartzmann 7351942/2024/US/IM0002": ("accepted", "band-unsure", "LF"),
        "disc.zip/US/a.dcm": ("accepted", "accepted", "HF"),
        "disc.zip/US/readme.txt": ("refused", "not-dicom", ""),
        "名单.txt": ("refused", "not-dicom", ""),
    }
    assert all(list(line) == KEYS for line in result.lines.values())
    assert all(line["remedy"] for line in result.lines.values() if line["outcome"] == "refused")
    assert result.report.stat().st_mode & 0o777 == 0o600
    assert "5 files: 3 accepted, 0 duplicate, 0 quarantined, 2 refused" in result.out
    assert "2 patients (0 labelled), 2 exams, 1 pairs" in result.out
    assert "2 links or hidden files were left alone" in result.err


def test_a_second_run_goes_on_where_the_first_stopped(
    run: Run, export: Path, stages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest, seen = folder_module.ingest_file, []

    def interrupted(**arguments: Any) -> list[UploadFile]:
        if len(seen) == 1:
            raise KeyboardInterrupt
        seen.append(arguments["name"])
        return ingest(**arguments)

    monkeypatch.setattr(folder_module, "ingest_file", interrupted)
    first = run(export, "--stages", stages)
    assert first.status == 1
    assert "1 of 4 files were done and no table was taken" in first.err
    assert len(first.lines) == 1
    assert not PathologyStage.objects.exists()
    monkeypatch.setattr(folder_module, "ingest_file", ingest)
    second = run(export, "--stages", stages, "--json")
    assert second.summary["outcomes"] == {"accepted": 2, "duplicate": 1, "quarantined": 0, "refused": 2}
    assert (second.summary["patients"], second.summary["pairs"], second.summary["labelled"]) == (2, 1, 1)
    third = run(export, "--stages", stages, "--json")
    assert third.summary["outcomes"] == {"accepted": 0, "duplicate": 3, "quarantined": 0, "refused": 2}
    assert third.summary["stages"]["unchanged"] == 1


def test_tables_are_applied_and_what_does_not_fit_is_said(
    run: Run, export: Path, stages: Path, clinical: Path, researcher: User
) -> None:
    result = run(export, "--stages", stages, "--clinical", clinical, "--user", researcher.username, "--json")
    assert result.status == 0, result.err
    assert "stages.csv" not in result.lines
    assert "clinical.csv" not in result.lines
    stage = PathologyStage.objects.get()
    assert (stage.stage, stage.source, stage.recorded_by) == (3, "table", researcher)
    assert sorted(ClinicalValues.objects.values_list("age_years", "alt")) == [(50, 20.0), (71, 44.0)]
    assert (result.summary["labelled"], result.summary["clinical"]["new"]) == (1, 2)
    assert "stages.csv: no image of the patient is here: lines 3–4." in result.err
    assert "stages.csv: no row for the patient of disc.zip/US/a.dcm." in result.err
    assert "clinical.csv: no" not in result.err
    assert Entry.objects.get(action="folder.imported").detail["outcomes"] == {"accepted": 3, "refused": 2}
    assert Entry.objects.filter(action="clinical-table.imported", actor=researcher).exists()


def test_a_dry_run_says_what_the_table_would_change_and_changes_nothing(
    run: Run, export: Path, stages: Path
) -> None:
    assert run(export, "--stages", stages).status == 0
    stages.write_text("patient_id,stage\n7351942,S4\nP002,S1\nP404,S1\n")
    before = (UploadFile.objects.count(), Entry.objects.count())
    result = run(export, "--stages", stages, "--dry-run", report=False)
    assert result.status == 0
    assert "line 2: S3 → S4" in result.out
    assert "line 3: no stage → S1" in result.out
    assert "line 4" in result.err
    assert (UploadFile.objects.count(), Entry.objects.count()) == before
    assert PathologyStage.objects.get().stage == 3


@pytest.mark.parametrize("wrong", ["folder", "site", "user", "stages", "clinical", "report", "no-report"])
def test_wrong_usage_is_found_before_any_file_is_taken(
    run: Run, export: Path, stages: Path, wrong: str, tmp_path: Path
) -> None:
    unclear = tmp_path / "unclear.csv"
    unclear.write_text("patient_id,stage,age\n1,S2-3,old\n")
    precious = export / "Quartzmann 7351942" / "2024" / "US" / "IM0001"
    result = {
        "folder": lambda: run(export / "missing"),
        "site": lambda: run(export, site="C"),
        "user": lambda: run(export, "--user", "nobody"),
        "stages": lambda: run(export, "--stages", unclear),
        "clinical": lambda: run(export, "--clinical", unclear),
        "report": lambda: run(export, "--report", precious),
        "no-report": lambda: run(export, report=False),
    }[wrong]()
    assert result.status == 2
    assert result.err
    assert not Upload.objects.exists()
    assert precious.read_bytes()[128:132] == b"DICM"


def test_a_site_is_known_by_code_or_name_in_any_case(run: Run, export: Path) -> None:
    assert run(export, "--dry-run", site="a").status == 0
    assert run(export, "--dry-run", site="hospital a").status == 0


def test_a_file_that_cannot_be_read_is_refused_and_the_rest_goes_on(
    run: Run, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest = folder_module.ingest_file

    def vanishing(**arguments: Any) -> list[UploadFile]:
        if arguments["name"].endswith("IM0001"):
            arguments["data"].unlink()
        return ingest(**arguments)

    monkeypatch.setattr(folder_module, "ingest_file", vanishing)
    result = run(export)
    assert result.status == 0
    assert result.lines["Quartzmann 7351942/2024/US/IM0001"]["code"] == "file-unreadable"
    assert len(result.lines) == 5


def test_a_full_disk_stops_the_run_and_blames_no_file(
    run: Run, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: Any) -> list[UploadFile]:
        raise OSError(28, "No space left on device", "/srv/Quartzmann")

    monkeypatch.setattr(folder_module, "ingest_file", full)
    result = run(export)
    assert result.status == 1
    assert "No space left on device" in result.err
    assert "Quartzmann" not in result.err
    assert result.lines == {}


def test_an_earlier_report_in_the_folder_is_replaced_and_not_taken_in(run: Run, export: Path) -> None:
    inside = export / "report.jsonl"
    for _ in range(2):
        assert run(export, "--report", inside).status == 0
    assert len(inside.read_text().splitlines()) == 5
    assert UploadFile.objects.count() == 10


def test_paths_are_for_the_operator_and_reach_no_row_and_no_log(
    run: Run, export: Path, stages: Path, clinical: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        result = run(export, "--stages", stages, "--clinical", clinical)
    assert "Quartzmann" in result.report.read_text()
    kept = every_row() + caplog.text + result.out
    assert [name for name in NAMES if name in kept] == []
    pseudonyms = Patient.objects.values_list("pseudonym", flat=True)
    assert not any(pseudonym in result.report.read_text() + result.err for pseudonym in pseudonyms)


def test_a_name_in_no_character_set_keeps_its_line(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    Path(os.fsdecode(os.fsencode(folder) + b"/\xc5\xb7\xd1\xf4.dcm")).write_bytes(ultrasound())
    (line,) = run(folder).lines.values()
    assert line["outcome"] == "accepted"


def test_a_simulated_export_comes_in_whole(run: Run, simulated_files: list[Path]) -> None:
    result = run(simulated_files[0].parents[2], "--json")
    assert result.summary["outcomes"]["accepted"] == len(simulated_files)
    assert (result.summary["patients"], result.summary["pairs"]) == (1, 1)


@pytest.fixture
def installed(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """``manage.py`` as an operator runs it, in an installation of its own."""
    home = tmp_path / "home"

    def manage(*argv: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *argv], cwd=ROOT, capture_output=True, text=True, check=False,
            env={**os.environ, "HEPASTAGE_HOME": str(home)},
        )  # fmt: skip

    return manage


@pytest.mark.processes
def test_exit_statuses_and_streams_of_the_real_command(
    installed: Callable[..., subprocess.CompletedProcess[str]], export: Path, tmp_path: Path
) -> None:
    report = str(tmp_path / "report.jsonl")
    without = installed("import_folder", str(export), "--site", "A", "--report", report)
    assert (without.returncode, "manage.py migrate" in without.stderr) == (1, True)
    assert installed("migrate", "-v", "0").returncode == 0
    made = "from webapp.accounts.models import Site; Site.objects.create(code='A', name='A')"
    assert installed("shell", "-v", "0", "-c", made).returncode == 0
    assert installed("import_folder").returncode == 2
    assert installed("import_folder", str(export), "--site", "B", "--report", report).returncode == 2
    done = installed("import_folder", str(export), "--site", "A", "--report", report, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcomes"]["accepted"] == 3
    assert [name for name in NAMES if name in done.stdout + done.stderr] == []
    assert "━" not in done.stderr  # no progress bar where there is no terminal
