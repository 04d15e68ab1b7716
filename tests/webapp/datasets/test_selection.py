"""Who would be in a freeze, and who would not and why."""

from __future__ import annotations

import pytest

from ml.spec import Band, Stage
from tests.webapp.datasets.cohorts import add_cohort, add_exam, add_image, add_pair, add_patient
from webapp.accounts.models import Site
from webapp.datasets.selection import select
from webapp.patients.models import PathologyStage


def _steps(site: Site) -> dict[str, int]:
    return {step["step"]: step["patients"] for step in select([site]).flow()}


def _with_images(site: Site, *bands: Band | str, released: bool = True) -> None:
    exam = add_exam(add_patient(site, Stage.S1))
    for band in bands:
        add_image(exam, band, released=released)


def test_every_patient_is_counted_once_under_the_first_reason_that_applies(site_a: Site) -> None:
    add_pair(site_a, Stage.S2)
    unstaged = add_exam(add_patient(site_a))
    add_image(unstaged, Band.HF)
    add_image(unstaged, Band.LF)
    add_patient(site_a, Stage.S1)
    _with_images(site_a, Band.HF)
    _with_images(site_a, Band.LF)
    _with_images(site_a, "")
    _with_images(site_a, Band.HF, Band.LF, released=False)
    split_patient = add_patient(site_a, Stage.S1)
    add_image(add_exam(split_patient), Band.HF)
    add_image(add_exam(split_patient), Band.LF)
    steps = _steps(site_a)
    assert steps == {
        "assessed": 8,
        "no-stage": 1,
        "no-images": 1,
        "not-released": 1,
        "band-unknown": 1,
        "hf-only": 1,
        "lf-only": 1,
        "bands-in-different-exams": 1,
        "included": 1,
    }
    assert steps["assessed"] == steps["included"] + sum(
        number for step, number in steps.items() if step not in {"assessed", "included"}
    )


def test_a_patient_whose_exams_have_different_stages_is_left_for_a_person_to_settle(site_a: Site) -> None:
    patient = add_pair(site_a, Stage.S2)
    PathologyStage.objects.create(patient=patient, exam=patient.exams.get(), stage=3, source="biopsy")
    assert _steps(site_a)["stage-ambiguous"] == 1


def test_a_superseded_stage_does_not_count(site_a: Site) -> None:
    patient = add_pair(site_a, Stage.S2)
    PathologyStage.objects.filter(patient=patient).update(superseded_at="2030-01-01T00:00:00Z")
    assert _steps(site_a)["no-stage"] == 1


def test_a_cine_counts_as_the_frames_that_are_used_of_it(site_a: Site) -> None:
    exam = add_exam(add_patient(site_a, Stage.S1))
    add_image(exam, Band.HF, frames=40)
    add_image(exam, Band.LF)
    assert select([site_a]).flow()[-1]["images"] == 4


def test_other_sites_are_not_looked_at(site_a: Site, site_b: Site) -> None:
    add_pair(site_a, Stage.S1)
    add_pair(site_b, Stage.S1)
    assert _steps(site_a)["assessed"] == 1


@pytest.mark.parametrize(
    ("counts", "codes"),
    [
        ({}, {"dataset-empty"}),
        ({Stage.S2: 5}, {"dataset-one-stage"}),
        ({Stage.S0: 2, Stage.S4: 3}, {"dataset-stage-too-small"}),
        ({Stage.S0: 3, Stage.S4: 3}, set()),
    ],
)
def test_what_makes_a_freeze_impossible_says_what_to_do(
    site_a: Site, counts: dict[Stage, int], codes: set[str]
) -> None:
    add_cohort(site_a, counts)
    obstacles = select([site_a]).obstacles
    assert {obstacle["code"] for obstacle in obstacles} == codes
    assert all(obstacle["remedy"] for obstacle in obstacles)


def test_simulated_and_real_patients_are_never_frozen_together(site_a: Site) -> None:
    add_cohort(site_a, {Stage.S1: 3, Stage.S2: 3}, simulated=True)
    add_cohort(site_a, {Stage.S1: 3}, simulated=False)
    assert [obstacle["code"] for obstacle in select([site_a]).obstacles] == ["dataset-mixes-simulated"]


def test_the_number_of_queries_does_not_grow_with_the_patients(
    site_a: Site, django_assert_num_queries: object
) -> None:
    add_cohort(site_a)
    with django_assert_num_queries(5):  # type: ignore[operator]
        select([site_a])
