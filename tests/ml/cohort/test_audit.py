"""The intake audit finds what it is for, and does not cry wolf."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from ml.cohort import Cohort, CohortImage, write_cache
from ml.cohort.audit import Finding, _cramers_v, audit
from ml.spec import Band, Split, Stage

PATIENTS = 60
Picture = NDArray[np.uint8]


def grain(seed: int) -> Picture:
    """Speckle-like: smooth enough to survive compression, alike for no two seeds."""
    noise = np.random.default_rng(seed).normal(size=(256, 256)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 3)
    return np.clip(110 + 40 * smooth / smooth.std(), 0, 255).astype(np.uint8)


def compressed(picture: Picture) -> Picture:
    return np.asarray(cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], 0))


def flatter(picture: Picture) -> Picture:
    return (picture * 0.7 + 20).astype(np.uint8)


def made(
    out: Path, pictures: dict[int, Picture], stages: list[Stage], sites: list[str], split: dict[str, Split]
) -> Cohort:
    """Patients P00 … with one HF picture each; ``pictures`` replaces some of them."""
    return write_cache(
        out,
        [
            (
                CohortImage(f"i{n}", f"P{n:02d}", f"e{n}", sites[n], Band.HF, stages[n]),
                pictures.get(n, grain(n)),
            )
            for n in range(len(stages))
        ],
        simulated=True,
        split=split,
    )


def cohort(tmp_path: Path, **changes: object) -> Cohort:
    shuffled = np.random.default_rng(5).permutation([Stage(n % 5) for n in range(PATIENTS)])
    options: dict = {
        "pictures": {},
        "stages": [Stage(int(stage)) for stage in shuffled],
        "sites": ["A" if n % 2 else "B" for n in range(PATIENTS)],
        "split": {f"P{n:02d}": Split.TEST if n >= 50 else Split.TRAIN for n in range(PATIENTS)},
    }
    return made(tmp_path / "cache", **{**options, **changes})


def found(cohort: Cohort, code: str, subject: str = "", **told: object) -> Finding:
    report = audit(cohort, **told)
    (finding,) = [f for f in report.findings if (f.code, f.subject) == (code, subject)]
    return finding


def test_an_honest_cohort_is_fine(tmp_path: Path) -> None:
    report = audit(cohort(tmp_path))
    assert [finding.severity for finding in report.findings] == ["fine"] * 5
    assert report.severity == "fine"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (np.copy, "exact-duplicates"),
        (compressed, "near-duplicates"),
        (flatter, "near-duplicates"),
    ],
)
def test_a_training_picture_that_comes_back_in_the_test_part_is_found(tmp_path, change, code) -> None:
    finding = found(cohort(tmp_path, pictures={55: change(grain(7))}), code)
    assert (finding.severity, finding.count) == ("warning", 1)
    (example,) = finding.examples
    assert sorted(example.patients) == ["P07", "P55"]
    assert set(example.parts) == {"train", "test"}
    assert example.correlation >= 0.85


def test_two_pictures_of_one_patient_are_no_duplicate(tmp_path: Path) -> None:
    items = [
        (CohortImage(f"i{n}", f"P{n // 2}", f"e{n // 2}", "A", Band.HF, Stage(n // 2 % 5)), grain(n // 2))
        for n in range(20)
    ]
    report = audit(write_cache(tmp_path / "cache", items, simulated=True))
    assert {f.severity for f in report.findings if "duplicates" in f.code} == {"fine"}


def test_black_pictures_are_not_near_each_other(tmp_path: Path) -> None:
    black = np.zeros((256, 256), np.uint8)
    grey = np.full((256, 256), 9, np.uint8)
    assert found(cohort(tmp_path, pictures={3: black, 52: grey}), "near-duplicates").severity == "fine"


def test_a_folder_sorted_by_class_is_found(tmp_path: Path) -> None:
    ordered = [Stage(n * 5 // PATIENTS) for n in range(PATIENTS)]
    data = cohort(tmp_path, stages=ordered)
    neighbours, drift = found(data, "labels-follow-order"), found(data, "labels-drift")
    assert (neighbours.severity, drift.severity) == ("warning", "warning")
    assert neighbours.effect == pytest.approx(55 / 59)
    assert drift.effect == pytest.approx(stats.spearmanr(range(PATIENTS), ordered).statistic)
    assert neighbours.p == pytest.approx(1 / 5000)


def test_the_order_of_arrival_counts_rather_than_that_of_the_index(tmp_path: Path) -> None:
    ordered = [Stage(n * 5 // PATIENTS) for n in range(PATIENTS)]
    mixed = [f"P{n:02d}" for n in np.random.default_rng(1).permutation(PATIENTS)]
    data = cohort(tmp_path, stages=ordered)
    assert found(data, "labels-follow-order", arrival=mixed).severity == "fine"


def test_a_site_that_sends_the_severe_cases_is_found(tmp_path: Path) -> None:
    stages = [Stage(n % 5) for n in np.random.default_rng(2).permutation(PATIENTS)]
    sites = ["REFERRAL" if stage >= 3 else "SCREENING" for stage in stages]
    finding = found(cohort(tmp_path, stages=stages, sites=sites), "confounded", "site")
    assert finding.severity == "warning"
    assert finding.effect is not None
    assert finding.effect > 0.9
    assert finding.table["REFERRAL"] == {"S0": 0, "S1": 0, "S2": 0, "S3": 12, "S4": 12}


def test_attributes_are_asked_about_by_name(tmp_path: Path) -> None:
    data = cohort(tmp_path)
    scanners = {name: f"Maker {int(stage) // 4}" for name, stage in data.stages.items()}
    finding = found(data, "confounded", "scanner", attributes={"scanner": scanners})
    assert finding.severity == "warning"
    assert "scanner" in finding.remedy


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=20, max_size=200))
def test_cramers_v_is_that_of_scipy_before_its_correction(rows: list[tuple[int, int]]) -> None:
    groups = np.unique([row[0] for row in rows], return_inverse=True)[1]
    labels = np.unique([row[1] for row in rows], return_inverse=True)[1]
    r, c, n = groups.max() + 1, labels.max() + 1, len(rows)
    if min(r, c) < 2:
        return
    table = np.zeros((r, c), int)
    np.add.at(table, (groups, labels), 1)
    plain = stats.contingency.association(table, method="cramer")
    phi2 = plain**2 * (min(r, c) - 1)
    corrected = max(0.0, phi2 - (r - 1) * (c - 1) / (n - 1))
    expected = np.sqrt(corrected / (min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1))
    assert _cramers_v(groups, labels[None, :])[0] == pytest.approx(expected, abs=1e-9)


def test_the_command_prints_the_report(tmp_path: Path) -> None:
    data = cohort(tmp_path, pictures={55: grain(7)})
    argv = [sys.executable, "-m", "ml", "audit", str(data.path)]
    plain = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    assert plain.startswith("warning  exact-duplicates")
    report = json.loads(subprocess.run([*argv, "--json"], capture_output=True, check=True).stdout)
    assert report["findings"][0]["examples"][0]["patients"] == ["P07", "P55"]
