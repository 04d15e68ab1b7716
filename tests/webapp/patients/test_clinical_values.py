"""Clinical and serum values: one set counts, the others are history; tables tell before they are taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from ml.cohort import ClinicalRow
from webapp.accounts.models import Site, User
from webapp.audit.models import Entry
from webapp.patients import services
from webapp.patients.clinical_table import Outcome, import_clinical_table
from webapp.patients.models import ClinicalValues, Patient

ROW = ClinicalRow("H-1001", age=93.0, sex="F", alt=41.0, platelets=180.0, hbv_dna=20.0, bounded=("hbv_dna",))


def test_newer_values_replace_the_row_whole_and_keep_the_older(patient: Patient, annotator: User) -> None:
    services.record_clinical_values(patient=patient, values=ROW, source="table", actor=annotator)
    later = ClinicalRow("H-1001", age=60.0, ast=30.0)
    services.record_clinical_values(patient=patient, values=later, source="manual", actor=annotator)
    rows = ClinicalValues.objects.filter(patient=patient).order_by("recorded_at")
    assert [(row.alt, row.ast, row.superseded_at is None) for row in rows] == [
        (41.0, None, False),
        (None, 30.0, True),
    ]
    entry = Entry.objects.filter(action="clinical-values.recorded").first()
    assert entry is not None
    assert entry.detail["given"] == ["age_years", "ast"]
    assert "H-1001" not in str(entry.detail)


def test_saying_the_same_again_changes_nothing(patient: Patient) -> None:
    first = services.record_clinical_values(patient=patient, values=ROW, source="table", actor=None)
    assert services.record_clinical_values(patient=patient, values=ROW, source="table", actor=None) == first
    assert first.age_years == 90  # higher ages could point at a person


def test_the_database_holds_one_current_row_and_no_impossible_value(patient: Patient) -> None:
    services.record_clinical_values(patient=patient, values=ROW, source="table", actor=None)
    for wrong in ({}, {"alt": -1.0}, {"age_years": 91}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ClinicalValues.objects.create(patient=patient, source="table", **wrong)


def test_a_table_says_first_what_it_would_change(
    add_patient: Callable[..., Patient], patient: Patient, site_a: Site, annotator: User, tmp_path: Path
) -> None:
    man, blank, twice = (add_patient(site_a, number, sex="M") for number in ("H-2", "H-3", "H-4"))
    table = tmp_path / "clinical.csv"
    table.write_text(
        "patient_id,age,sex,ALT (U/L),albumin (g/dL)\n"
        "H-1001,60,F,<20,4.1\nH-2,50,F,30,4\nH-3,,,,\nH-4,40,M,30,4\nh-4,41,M,30,4\nH-5,40,M,30,4\n"
    )
    told = import_clinical_table(site=site_a, table=table, actor=annotator)
    assert [change.outcome for change in told.changes] == [
        Outcome.NEW, Outcome.OTHER_SEX, Outcome.EMPTY, Outcome.CONTRADICTED, Outcome.CONTRADICTED,
        Outcome.UNKNOWN_PATIENT,
    ]  # fmt: skip
    assert [change.line for change in told.changes] == [2, 3, 4, 5, 6, 7]
    assert not ClinicalValues.objects.exists()
    done = import_clinical_table(site=site_a, table=table, actor=annotator, dry_run=False)
    assert (done.changes, done.applied) == (told.changes, True)
    row = ClinicalValues.objects.get()
    assert (row.patient, row.alt, row.albumin, row.bounded) == (patient, 20.0, 41.0, ["alt"])
    assert {man.pk, blank.pk, twice.pk}.isdisjoint({row.patient_id})
    again = import_clinical_table(site=site_a, table=table, actor=annotator, dry_run=False)
    assert (again.counts["unchanged"], again.counts["new"]) == (1, 0)


def test_a_patient_page_shows_them_to_the_own_site_only(
    patient: Patient, annotator: User, outsider: User, client_of: Callable[[User | None], APIClient]
) -> None:
    services.record_clinical_values(patient=patient, values=ROW, source="table", actor=annotator)
    address = f"/api/v1/patients/{patient.pk}/"
    (shown,) = client_of(annotator).get(address).json()["clinical_history"]
    assert (shown["alt"], shown["ast"], shown["bounded"]) == (41.0, None, ["hbv_dna"])
    assert (shown["recorded_by"], shown["superseded_at"]) == (annotator.display_name, None)
    assert client_of(outsider).get(address).status_code == 404
