"""From finished trainings to the files of a benchmark, without training anything."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ml.cohort import Cohort
from ml.cohort.design import Design, divisions
from ml.evaluation import Contender, pool_patients, write_predictions
from ml.protocols.benchmark_results import (
    OtherBenchmarkRefused,
    Outcome,
    _cases,
    beside_of,
    write_benchmark,
)
from ml.protocols.rows import row_of
from ml.spec import Protocol, Split


def predictions_for(cohort: Cohort, patients: list[str]) -> pd.DataFrame:
    """Image and patient rows of a model that knows nothing."""
    rows = cohort.index[cohort.index["patient"].isin(patients) & (cohort.index["band"] == "HF")]
    frame = pd.DataFrame({"patient": rows["patient"], "image": rows["image"], "truth": rows["stage"]})
    chances = np.random.default_rng(0).dirichlet(np.ones(5), len(frame))
    frame = frame.assign(model="m", repeat=0, fold=0, **{f"S{k}": chances[:, k] for k in range(5)})
    return pd.concat([frame, pool_patients(frame)], ignore_index=True)


def write_row(folder: Path, cohort: Cohort) -> None:
    """What a training leaves of itself for the statistics."""
    folder.mkdir(parents=True)
    for name, part in (("predictions.csv", Split.TEST), ("validation.csv", Split.VALIDATION)):
        write_predictions(folder / name, predictions_for(cohort, cohort.patients(part)))
    (folder / "run.json").write_text(json.dumps({"seconds": 1.0}), "utf-8")


def finish(workdir: Path, cohort: Cohort, design: Design, *, quick: bool = False) -> dict[str, Any]:
    """``metrics.json`` of a benchmark of one row whose training is done."""
    made = divisions(design, cohort)
    write_row(workdir / "rows" / "hf", made[0].cohort)
    outcome = Outcome(row_of("hf"), [(made[0], workdir / "rows" / "hf")])
    write_benchmark(workdir, cohort, design, made, [outcome], quick=quick, other=None, elapsed=1.0)
    found: dict[str, Any] = json.loads((workdir / "metrics.json").read_text("utf-8"))
    return found


def test_a_patient_of_two_sites_costs_a_note_and_not_the_benchmark(cohort: Cohort, tmp_path: Path) -> None:
    """It came to light after all trainings, and no result was ever written."""
    site = np.where(cohort.index["stage"] < 2, "A", "B")
    both, none = cohort.index["image"] == "S1-4-HF-1", cohort.index["patient"] == "S4-0"
    site = np.select([both, none], ["C", ""], site)
    mixed = replace(cohort, index=cohort.index.assign(site=site))
    metrics = finish(tmp_path / "w", mixed, Design.choose())
    assert metrics["site_patients"] == {"A": 1, "B": 3}, "of five tested patients one is of two sites"
    assert any("leaves out 2 of 25 patients" in note for note in metrics["notes"])
    assert "leaves out 2 of 25" in (tmp_path / "w" / "report.html").read_text("utf-8")
    site = np.where(both, "", np.where(cohort.index["stage"] < 2, "a", "b"))
    named = replace(cohort, index=cohort.index.assign(site=site))
    assert finish(tmp_path / "n", named, Design.choose())["site_patients"] == {"a": 2, "b": 3}, (
        "an image that names none is of the site of the patient's others"
    )


def test_under_the_papers_protocol_the_tested_patients_are_those_of_the_predictions(cohort: Cohort) -> None:
    """Copies of nearly all patients are tested there, not the five of the cohort's test part."""
    tested = cohort.patients()[:20]
    design = Design.choose(protocol=Protocol.PAPER)
    contenders = [Contender("hf", "HF alone", predictions_for(cohort, tested))]
    cases = _cases(cohort, design, divisions(design, cohort), contenders)
    assert cases.parts == [(cohort.patients()[20:], tested)]
    assert cases.sites == {}


@pytest.fixture(scope="module")
def strict(cohort: Cohort, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished benchmark under the strict protocol."""
    workdir = tmp_path_factory.mktemp("strict")
    finish(workdir, cohort, Design.choose(seed=3))
    return workdir


def test_a_benchmark_of_other_pictures_or_budget_cannot_stand_beside(cohort: Cohort, strict: Path) -> None:
    paper = Design.choose(protocol=Protocol.PAPER, seed=3)
    assert beside_of(strict, paper, cohort, quick=False).seed_words(paper) == ""
    other = replace(cohort, dataset_hash="1" * 64)
    for asked, words in (
        ((strict, paper, other), "another cohort"),
        ((strict, Design.choose(external=True), cohort), "too"),
    ):
        with pytest.raises(OtherBenchmarkRefused, match=words):
            beside_of(*asked, quick=False)
    with pytest.raises(OtherBenchmarkRefused, match="quick"):
        beside_of(strict, paper, cohort, quick=True)


def test_other_seeds_are_said_beside_the_optimism(cohort: Cohort, strict: Path, tmp_path: Path) -> None:
    design = Design.choose(protocol=Protocol.PAPER, seed=4)
    made = divisions(design, cohort)
    write_row(tmp_path / "row", cohort)
    other = beside_of(strict, design, cohort, quick=False)
    outcome = Outcome(row_of("hf"), [(made[0], tmp_path / "row")])
    write_benchmark(tmp_path, cohort, design, made, [outcome], quick=False, other=other, elapsed=1.0)
    metrics = json.loads((tmp_path / "metrics.json").read_text("utf-8"))
    assert metrics["optimism"]
    assert any("seed 3" in note and "with 4" in note for note in metrics["notes"])
