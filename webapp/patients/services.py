"""What changes patients, exams and stages. Every function is one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from ml.cohort import ClinicalRow
from ml.spec import HepaStageError, Stage
from webapp.audit import services as audit
from webapp.patients.models import (
    SERUM,
    ClinicalSource,
    ClinicalValues,
    Exam,
    PathologyStage,
    Patient,
    Sex,
    StageSource,
)
from webapp.patients.pseudonyms import Pseudonymiser, pseudonym_of

if TYPE_CHECKING:
    from webapp.accounts.models import Site, User


OLDEST = 90  # stands for every age above 89, which could point at a person


class WrongExam(HepaStageError):
    """An exam was named that belongs to somebody else."""

    code = "exam-of-another-patient"
    remedy = "Choose an exam of this patient."


@transaction.atomic
def find_or_create_patient(
    *,
    site: Site,
    identity_key: str,
    sex: str = "",
    simulated: bool = False,
    actor: User | None = None,
) -> Patient:
    """The patient of the site with this key (``Pseudonymiser.identity_key``), made if new.

    The row is locked until the caller's transaction ends, so that two files of one patient that
    arrive together are taken one by one.
    """
    pseudonym = pseudonym_of(identity_key)
    patient, made = Patient.objects.get_or_create(
        site=site,
        identity_key=identity_key,
        defaults={"pseudonym": pseudonym, "sex": sex if sex in Sex.values else "", "simulated": simulated},
    )
    if made:
        audit.record(actor=actor, action="patient.created", object=patient, site=site)
    # A number that was merged into another patient's finds that one (webapp.patients.merging).
    patient = Patient.objects.select_for_update().get(pk=patient.merged_into_id or patient.pk)
    if not patient.sex and sex in Sex.values:
        patient.sex = sex
        patient.save(update_fields=["sex"])
    return patient


@transaction.atomic
def find_or_create_exam(
    *,
    patient: Patient,
    study_key: str,
    exam_date: date | None,
    age_years: int | None = None,
) -> Exam:
    """The exam that an image of this study and (shifted) date belongs to; ``patient`` is locked.

    The study decides first. A different study of the same patient on the same date joins that date's
    exam: machines that start a new study for the second probe would otherwise tear pairs apart.
    """
    exam = Exam.objects.filter(patient=patient, study_key=study_key).first()
    if exam is None and exam_date is not None:
        exam = Exam.objects.filter(patient=patient, exam_date=exam_date).first()
    if exam is not None:
        return exam
    current = PathologyStage.objects.current().filter(patient=patient, exam__isnull=True).first()
    return Exam.objects.create(
        patient=patient,
        study_key=study_key,
        exam_date=exam_date,
        age_years=age_years,
        stage=current.stage if current else None,
    )


def lock_patients(keys: Iterable[Any]) -> None:
    """Hold these patients until the transaction ends, always in one order: before any of them is changed."""
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), 800):  # SQLite takes a limited number of parameters
        rows = Patient.objects.select_for_update().filter(pk__in=ordered[start : start + 800])
        list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def record_stage(
    *,
    patient: Patient,
    stage: Stage,
    source: str,
    actor: User | None,
    exam: Exam | None = None,
    request: Any = None,
) -> PathologyStage:
    """Record the pathology stage of a patient (or of one exam). The earlier one stays as history.

    Recording what is already current changes nothing and returns it.
    """
    if exam is not None and exam.patient_id != patient.pk:
        raise WrongExam("The exam belongs to another patient.")
    source = StageSource(source).value
    Patient.objects.select_for_update().get(pk=patient.pk)
    current = PathologyStage.objects.current().filter(patient=patient, exam=exam).first()
    if current is not None and (current.stage, current.source) == (int(stage), source):
        return current
    if current is not None:
        current.superseded_at = timezone.now()
        current.save(update_fields=["superseded_at"])
    row = PathologyStage.objects.create(
        patient=patient,
        exam=exam,
        stage=int(stage),
        source=source,
        recorded_by=actor,
    )
    _carry_to_exams(patient, row)
    audit.record(
        actor=actor,
        action="stage.recorded",
        object=patient,
        site=patient.site,
        request=request,
        detail={
            "stage": stage.label,
            "source": source,
            "exam": exam.pk if exam else None,
            "before": Stage(current.stage).label if current else None,
        },
    )
    return row


def _carry_to_exams(patient: Patient, row: PathologyStage) -> None:
    """Keep ``Exam.stage``: an exam's own stage before the patient's."""
    if row.exam_id is not None:
        Exam.objects.filter(pk=row.exam_id).update(stage=row.stage)
        return
    own = PathologyStage.objects.current().filter(patient=patient, exam__isnull=False).values("exam")
    Exam.objects.filter(patient=patient).exclude(pk__in=own).update(stage=row.stage)


def clinical_columns(values: ClinicalRow) -> dict[str, Any]:
    """A row of a clinical table as columns of :class:`ClinicalValues`; who it is of stays behind."""
    return {
        "age_years": None if values.age is None else min(OLDEST, int(values.age)),
        "sex": values.sex,
        "bounded": sorted(name for name in values.bounded if name != "age"),
        **{name: getattr(values, name) for name in SERUM},
    }


@transaction.atomic
def record_clinical_values(
    *,
    patient: Patient,
    values: ClinicalRow,
    source: str,
    actor: User | None,
    request: Any = None,
) -> ClinicalValues:
    """Record values that were taken together, in place of the current ones, which stay as history.

    Recording what is already current changes nothing and returns it.
    """
    source, columns = ClinicalSource(source).value, clinical_columns(values)
    locked = Patient.objects.select_for_update().get(pk=patient.pk)
    current = ClinicalValues.objects.current().filter(patient=patient).first()
    if current is not None:
        if current.source == source and all(getattr(current, name) == columns[name] for name in columns):
            return current
        current.superseded_at = timezone.now()
        current.save(update_fields=["superseded_at"])
    row = ClinicalValues.objects.create(patient=patient, source=source, recorded_by=actor, **columns)
    if not locked.sex and row.sex:
        locked.sex = patient.sex = row.sex
        locked.save(update_fields=["sex"])
    audit.record(
        actor=actor,
        action="clinical-values.recorded",
        object=patient,
        site=patient.site,
        request=request,
        detail={
            "source": source,
            "values": row.pk,
            "given": [name for name, value in columns.items() if value not in (None, "", [])],
            "before": current.pk if current else None,
        },
    )
    return row


def patients_by_identity(*, site: Site, identities: Iterable[str]) -> dict[str, Patient]:
    """The known patients among hospital numbers or pseudonyms, by what was asked."""
    names = Pseudonymiser.of_site(site.pk)
    wanted = {identity: names.identity_key(identity) for identity in identities}
    found: dict[str, Patient] = {}
    asked = list(wanted)
    for start in range(0, len(asked), 400):  # SQLite takes a limited number of parameters
        part = asked[start : start + 400]
        by_key = {
            p.identity_key: p
            for p in Patient.objects.filter(site=site)
            .filter(identity_key__in=[wanted[identity] for identity in part])
            .select_related("site")
        }
        by_name = {
            p.pseudonym: p
            for p in Patient.objects.filter(
                site=site, pseudonym__in=[identity.strip().upper() for identity in part]
            ).select_related("site")
        }
        for identity in part:
            patient = by_key.get(wanted[identity]) or by_name.get(identity.strip().upper())
            if patient is not None:
                found[identity] = patient
    whole = Patient.objects.select_related("site").in_bulk(
        {patient.merged_into_id for patient in found.values() if patient.merged_into_id}
    )
    return {
        identity: whole[patient.merged_into_id] if patient.merged_into_id else patient
        for identity, patient in found.items()
    }
