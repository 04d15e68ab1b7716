"""Agreement of two readers: scikit-learn's numbers, and intervals over patients."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from ml.evaluation.agreement import agreement
from ml.evaluation.figures.agreement import agreement_figure
from ml.spec import STAGE_LABELS

answers = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=40)


@given(answers)
@settings(max_examples=60, deadline=None)
def test_kappa_is_scikit_learns(pairs):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    patients = [str(n // 2) for n in range(len(pairs))]
    for weighting, name in (("none", None), ("quadratic", "quadratic")):
        found = agreement(first, second, patients, categories=STAGE_LABELS, weighting=weighting, resamples=20)
        if len({*first, *second}) == 1:
            assert found.kappa.value is None
            continue
        expected = cohen_kappa_score(first, second, weights=name, labels=range(5))
        assert found.kappa.value == pytest.approx(expected, abs=1e-9)
        assert found.agreement.value == pytest.approx(np.mean(np.equal(first, second)))


def test_the_interval_is_over_patients_and_wider_than_over_exams():
    rng = np.random.default_rng(3)
    truth = np.repeat(rng.integers(0, 5, 40), 5)
    shift = np.repeat(rng.integers(0, 2, 40), 5)  # a reader is wrong about a patient, not about an exam
    second = np.clip(truth + shift, 0, 4)
    known = {"categories": STAGE_LABELS, "weighting": "quadratic"}
    by_patient = agreement(truth, second, [str(n // 5) for n in range(200)], **known)
    by_exam = agreement(truth, second, [str(n) for n in range(200)], **known)
    assert by_patient.kappa.value == by_exam.kappa.value
    assert (by_patient.kappa.high - by_patient.kappa.low) > 1.5 * (by_exam.kappa.high - by_exam.kappa.low)
    assert by_patient.patients == 40


def test_nothing_read_has_no_kappa_and_a_figure_all_the_same():
    found = agreement([], [], [], categories=["a", "b"], weighting="none")
    assert (found.exams, found.kappa.value, found.agreement.value) == (0, None, None)
    drawn = json.loads(agreement_figure(found).to_json())
    assert drawn["data"]
    assert drawn["layout"]["yaxis"]["ticktext"] == list(found.categories)  # a page translates them
    assert drawn["layout"]["yaxis"]["automargin"]  # long answers are not cut off


def test_the_table_has_the_first_reader_in_rows():
    found = agreement([0, 0, 1], [1, 1, 0], ["a", "b", "c"], categories=["x", "y"], weighting="none")
    assert found.table == [[0, 2], [1, 0]]
