"""Pathology stages: one that counts, the others as history, and the exams in step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from django.db import IntegrityError, transaction

from ml.cohort import TableRefused
from ml.spec import Stage
from webapp.accounts.models import Site, User
from webapp.audit.models import Entry
from webapp.patients import services
from webapp.patients.models import Exam, PathologyStage, Patient
from webapp.patients.stage_table import Outcome, import_stage_table


def stages_of(patient: Patient) -> list[tuple[int, bool]]:
    rows = PathologyStage.objects.filter(patient=patient).order_by("recorded_at")
    return [(row.stage, row.superseded_at is None) for row in rows]


def test_a_correction_ends_the_earlier_stage_and_keeps_it(patient: Patient, annotator: User) -> None:
    services.record_stage(patient=patient, stage=Stage.S2, source="biopsy", actor=annotator)
    services.record_stage(patient=patient, stage=Stage.S3, source="biopsy", actor=annotator)
    assert stages_of(patient) == [(2, False), (3, True)]
    entry = Entry.objects.filter(action="stage.recorded").first()
    assert entry is not None
    assert (entry.detail["before"], entry.detail["stage"]) == ("S2", "S3")


def test_saying_the_same_again_changes_nothing(patient: Patient, annotator: User) -> None:
    first = services.record_stage(patient=patient, stage=Stage.S2, source="biopsy", actor=annotator)
    again = services.record_stage(patient=patient, stage=Stage.S2, source="biopsy", actor=annotator)
    assert first == again
    assert stages_of(patient) == [(2, True)]


def test_exams_follow_the_patient_unless_they_have_a_stage_of_their_own(
    patient: Patient, add_exam: Callable[..., Exam], annotator: User
) -> None:
    early, late = add_exam(patient, "1", date(2020, 1, 1)), add_exam(patient, "2", date(2022, 1, 1))
    services.record_stage(patient=patient, stage=Stage.S1, source="biopsy", actor=annotator)
    services.record_stage(patient=patient, stage=Stage.S3, source="biopsy", actor=annotator, exam=late)
    services.record_stage(patient=patient, stage=Stage.S2, source="imaging", actor=annotator)
    third = add_exam(patient, "3", date(2023, 1, 1))
    assert [Exam.objects.get(pk=exam.pk).stage for exam in (early, late, third)] == [2, 3, 2]


def test_an_exam_of_somebody_else_is_refused(
    patient: Patient,
    add_patient: Callable[..., Patient],
    add_exam: Callable[..., Exam],
    site_a: Site,
    annotator: User,
) -> None:
    other = add_exam(add_patient(site_a, "H-1002"), "9")
    with pytest.raises(services.WrongExam):
        services.record_stage(patient=patient, stage=Stage.S1, source="biopsy", actor=annotator, exam=other)


@pytest.mark.parametrize(
    "row",
    [{"stage": 5, "source": "biopsy"}, {"stage": 1, "source": "hearsay"}, {"stage": 2, "source": "biopsy"}],
    ids=["no such stage", "no such source", "a second current one"],
)
def test_the_database_itself_refuses(patient: Patient, annotator: User, row: dict) -> None:
    services.record_stage(patient=patient, stage=Stage.S2, source="biopsy", actor=annotator)
    if row["stage"] == 1 or row["stage"] == 5:
        PathologyStage.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        PathologyStage.objects.create(patient=patient, **row)


def test_a_patient_has_one_exam_a_day_and_one_row_a_site(
    patient: Patient, add_exam: Callable[..., Exam], site_b: Site
) -> None:
    add_exam(patient, "1", date(2020, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Exam.objects.create(patient=patient, study_key="2" * 64, exam_date=date(2020, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Patient.objects.create(site=patient.site, pseudonym=patient.pseudonym, identity_key="f" * 64)
    Patient.objects.create(site=site_b, pseudonym=patient.pseudonym, identity_key="f" * 64)


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "stages.csv"
        path.write_text(text, "utf-8")
        return path

    return write


def test_a_table_says_first_what_it_would_change(
    patient: Patient,
    add_patient: Callable[..., Patient],
    site_a: Site,
    annotator: User,
    table: Callable[[str], Path],
) -> None:
    changed, same = add_patient(site_a, "H-1002"), add_patient(site_a, "H-1003")
    services.record_stage(patient=changed, stage=Stage.S1, source="biopsy", actor=annotator)
    services.record_stage(patient=same, stage=Stage.S4, source="biopsy", actor=annotator)
    path = table("patient_id,stage\nh-1001,S2\nH-1002,F3\nH-1003,4\nH-9999,S0\n")
    plan = import_stage_table(site=site_a, table=path, actor=annotator)
    assert [(change.line, change.outcome) for change in plan.changes] == [
        (2, Outcome.NEW), (3, Outcome.CHANGED), (4, Outcome.UNCHANGED), (5, Outcome.UNKNOWN_PATIENT),
    ]  # fmt: skip
    assert not plan.applied
    assert stages_of(patient) == []
    done = import_stage_table(site=site_a, table=path, actor=annotator, dry_run=False)
    assert done.applied
    assert done.counts == {
        "new": 1, "changed": 1, "unchanged": 1, "unknown-patient": 1, "other-site": 0, "contradicted": 0,
    }  # fmt: skip
    assert stages_of(patient) == [(2, True)]
    assert stages_of(changed) == [(1, False), (3, True)]
    again = import_stage_table(site=site_a, table=path, actor=annotator, dry_run=False)
    assert again.counts["unchanged"] == 3


def test_a_table_may_use_pseudonyms_and_two_spellings_must_agree(
    patient: Patient, site_a: Site, annotator: User, table: Callable[[str], Path]
) -> None:
    by_pseudonym = table(f"patient_id,stage\n{patient.pseudonym},S2\n")
    assert import_stage_table(site=site_a, table=by_pseudonym, actor=annotator).counts["new"] == 1
    torn = table(f"patient_id,stage\n{patient.pseudonym},S2\nH-1001,S3\n")
    result = import_stage_table(site=site_a, table=torn, actor=annotator, dry_run=False)
    assert result.counts["contradicted"] == 2
    assert stages_of(patient) == []


def test_rows_of_another_site_are_left_alone(
    patient: Patient, site_a: Site, annotator: User, table: Callable[[str], Path]
) -> None:
    two = table("patient_id,stage,site\nH-1001,S2,B\nH-1002,S2,A\n")
    result = import_stage_table(site=site_a, table=two, actor=annotator)
    assert [change.outcome for change in result.changes] == [Outcome.OTHER_SITE, Outcome.UNKNOWN_PATIENT]
    one = table("patient_id,stage,site\nH-1001,S2,Hospital of the North\n")  # one site, by any name, is ours
    assert import_stage_table(site=site_a, table=one, actor=annotator).counts["new"] == 1


def test_an_unclear_table_changes_nothing(
    patient: Patient, site_a: Site, annotator: User, table: Callable[[str], Path]
) -> None:
    with pytest.raises(TableRefused):
        import_stage_table(
            site=site_a,
            table=table("patient_id,stage\nH-1001,S2\nH-1001,S3\n"),
            actor=annotator,
            dry_run=False,
        )
    assert stages_of(patient) == []


def test_a_workbook_is_read_like_a_table(
    patient: Patient, site_a: Site, annotator: User, tmp_path: Path
) -> None:
    buffer = BytesIO()
    pd.DataFrame({"患者编号": ["H-1001"], "分期": ["S4"]}).to_excel(buffer, index=False)
    path = tmp_path / "stages.xlsx"
    path.write_bytes(buffer.getvalue())
    assert import_stage_table(site=site_a, table=path, actor=annotator, dry_run=False).counts["new"] == 1
    assert stages_of(patient) == [(4, True)]
