"""Serum values: plausible, sometimes missing, and no better at finding S4 than in life."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from ml.simulation.clinical import HEADINGS, Serum
from ml.simulation.identity import invent
from ml.simulation.severity import PAPER_COUNTS, Latent
from ml.spec import Stage

from .conftest import PATIENTS, Made


@pytest.fixture(scope="module")
def serum() -> tuple[np.ndarray, np.ndarray, np.ndarray, list[Serum]]:
    """Stages, APRI, FIB-4 of complete rows, and all rows, of a large population."""
    rng = np.random.default_rng(0)
    stages, apri, fib4, rows = [], [], [], []
    for stage in rng.choice(len(Stage), size=2500, p=np.array(PAPER_COUNTS) / sum(PAPER_COUNTS)):
        latent = Latent.draw(rng, Stage(int(stage)))
        person = invent(rng, seed=0, site="T", index=0, severity=latent.severity)
        row = Serum.draw(rng, latent.severity)
        rows.append(row)
        if row.ast is None or row.alt is None or row.platelets is None:
            continue
        stages.append(int(stage))
        apri.append(row.ast / 40 / row.platelets * 100)
        fib4.append(person.age * row.ast / (row.platelets * np.sqrt(row.alt)))
    return np.array(stages), np.array(apri), np.array(fib4), rows


def test_apri_and_fib4_find_s4_as_well_as_published(serum: tuple) -> None:
    stages, apri, fib4, _ = serum
    assert 0.70 < roc_auc_score(stages == 4, apri) < 0.85
    assert 0.75 < roc_auc_score(stages == 4, fib4) < 0.87


def test_values_are_plausible_and_some_are_missing(serum: tuple) -> None:
    *_, rows = serum
    for name, low, high in (
        ("alt", 5, 400),
        ("ast", 5, 300),
        ("platelets", 30, 430),
        ("albumin", 20, 56),
        ("ggt", 3, 600),
    ):
        values = [getattr(row, name) for row in rows if getattr(row, name) is not None]
        assert low < np.percentile(values, 0.5), name
        assert np.percentile(values, 99.5) < high, name
    missing = np.mean([row.hbv_dna is None for row in rows])
    assert 0.08 < missing < 0.16


def test_table_has_units_in_its_headings(made: Made) -> None:
    with (made.path / "clinical.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == list(HEADINGS.values())
    assert len(rows) == PATIENTS
    assert all(unit in " ".join(rows[0]) for unit in ("(years)", "(U/L)", "(10^9/L)", "(g/L)", "(IU/mL)"))
