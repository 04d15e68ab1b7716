"""What a report holds beside the study: sites, and the other protocol."""

from __future__ import annotations

import pandas as pd
import pytest

from ml.evaluation import Contender, evaluate_predictions, pool_patients
from ml.evaluation.findings import Cases, find
from ml.evaluation.predictions import validate_predictions
from ml.evaluation.study_report import study_report
from ml.spec import Protocol
from tests.ml.evaluation.conftest import MakePredictions

FACTS = {
    "title": "T",
    "protocol": "strict",
    "design_words": "One split.",
    "simulated": True,
    "warnings": [],
    "repeat": {},
}


def whole(images: pd.DataFrame) -> pd.DataFrame:
    """Rows of images, and of their patients."""
    images = validate_predictions(images)
    return pd.concat([images, pool_patients(images)], ignore_index=True)


def test_sites_are_the_same_predictions_of_each_sites_patients(predictions: MakePredictions) -> None:
    frame = predictions(40)
    people = list(frame["patient"])
    sites = {patient: "AB"[place % 4 == 0] for place, patient in enumerate(people)}
    cases = Cases(stages=dict.fromkeys(people, 0), parts=[([], people)], sites=sites)
    found = find([Contender("m", "M", frame)], cases, marks=[], resamples=20)
    assert found.site_patients == {"A": 30, "B": 10}
    own = evaluate_predictions(frame[frame["patient"].map(sites) == "B"], resamples=20)
    assert found.by_site["B"]["M"] == own
    page = study_report(found, FACTS, [], marks=[]).as_html()
    assert "Site B, 10 tested patients<" in page
    assert "leaving a site out answers" in page


def test_one_site_and_the_papers_protocol_have_no_table_of_sites(predictions: MakePredictions) -> None:
    frame = predictions(20)
    people = list(frame["patient"])
    for sites in (dict.fromkeys(people, "A"), {}):
        cases = Cases(stages={}, parts=[([], people)], sites=sites)
        found = find([Contender("m", "M", frame)], cases, marks=[], resamples=10)
        assert (found.by_site, found.site_patients) == ({}, {})
        assert "Site by site" not in study_report(found, FACTS, [], marks=[]).as_html()


@pytest.mark.parametrize("protocol", Protocol)
def test_optimism_is_paper_minus_strict_whichever_of_both_asks(
    predictions: MakePredictions, protocol: Protocol
) -> None:
    better, worse = (whole(predictions(40, images=2, skill=skill)) for skill in (1.4, 0.2))
    paper = protocol is Protocol.PAPER
    here, other = (better, worse) if paper else (worse, better)
    cases = Cases(stages={}, parts=[], sites={})
    found = find(
        [Contender("m", "M", here)], cases, marks=[], protocol=protocol, other={"M": other}, resamples=20
    )
    gap = next(gap for gap in found.gaps if gap.metric == "accuracy")
    assert gap.difference.value == pytest.approx(gap.paper.value - gap.strict.value)
    assert gap.difference.value > 0.1
    assert {"optimism-accuracy", "optimism-auc_macro"} <= found.figures.keys()


def test_nothing_in_common_with_the_other_protocol_is_a_note_not_a_failure(
    predictions: MakePredictions,
) -> None:
    frame = whole(predictions(20, images=1))
    cases = Cases(stages={}, parts=[], sites={})
    found = find([Contender("m", "M", frame)], cases, marks=[], other={"N": frame}, resamples=10)
    assert found.gaps == []
    assert any("no model in common" in note for note in found.study.notes)
