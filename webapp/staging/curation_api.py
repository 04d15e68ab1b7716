"""What a curator should look at: labels that the model doubts, exams without a band, patients without
serum.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from ml.spec import STAGE_LABELS, Stage
from webapp.accounts.models import User
from webapp.datasets.models import DatasetMember
from webapp.jobs.models import JobState
from webapp.patients import veil
from webapp.patients.api import actor_of
from webapp.patients.models import ClinicalValues, Exam, ExamQuerySet
from webapp.staging.models import Staging
from webapp.training.services import champion

LISTS = ("suspicious", "missing-band", "missing-serum")
CONFIDENT = 0.6  # least probability of the model's own stage
DOUBTED = 0.1  # most probability that it leaves to the recorded one
MOST_ROWS = 200
FIB4_NEEDS = ("age_years", "ast", "alt", "platelets")


class CurationRowSerializer(serializers.Serializer[Any]):
    """An exam to look at. The model's part is null on the lists that are not about it."""

    exam = serializers.UUIDField()
    patient = serializers.UUIDField()
    pseudonym = serializers.CharField()
    site = serializers.CharField()
    exam_date = serializers.DateField(allow_null=True)
    simulated = serializers.BooleanField()
    bands = serializers.ListField(child=serializers.ChoiceField(choices=["HF", "LF"]))
    recorded = serializers.IntegerField(allow_null=True, help_text="Recorded stage, 0 to 4")
    answered = serializers.ChoiceField(choices=list(STAGE_LABELS), allow_null=True)
    confidence = serializers.FloatField(allow_null=True, help_text="Probability of the model's stage")
    in_training = serializers.BooleanField(
        allow_null=True, help_text="The model learnt from this label, so its doubt weighs more"
    )
    missing = serializers.ListField(child=serializers.CharField())


class CurationViewSet(viewsets.GenericViewSet[Exam]):
    """Lists of what is doubtful or incomplete; nobody sees here what is hidden from them elsewhere."""

    resource = "curation"
    queryset = Exam.objects.all()
    serializer_class = CurationRowSerializer
    pagination_class = None

    @extend_schema(
        parameters=[OpenApiParameter("list", str, enum=LISTS, default=LISTS[0])],
        responses=CurationRowSerializer(many=True),
        filters=False,
    )
    def list(self, request: Request) -> Response:
        """At most 200 exams of one list, the most doubtful or the oldest first."""
        wanted = request.query_params.get("list", LISTS[0])
        if wanted not in LISTS:
            error = serializers.ErrorDetail(f"One of {', '.join(LISTS)}.", code="invalid_choice")
            raise serializers.ValidationError({"list": [error]})
        user = actor_of(request)
        exams = Exam.objects.for_worklist().visible_to(user).order_by("created_at", "id")
        if wanted == "suspicious":
            rows = suspicious(exams, user)
        elif wanted == "missing-band":
            rows = missing_band(exams)
        else:
            rows = missing_serum(exams)
        return Response(CurationRowSerializer(rows, many=True).data)


def suspicious(exams: ExamQuerySet, user: User) -> list[dict[str, Any]]:
    """Exams whose recorded stage the champion contradicts with confidence, the surest contradiction first.

    The champion is not cross-validated: about patients of its own training part it tends to repeat the
    label that it
    learnt, so such errors are missed rather than invented (``in_training`` says which rows are about them).
    """
    model = champion()
    if model is None:
        return []
    shown = veil.without_hidden(exams.filter(stage__isnull=False), user)
    stagings = Staging.objects.filter(
        exam__in=shown.order_by().values("pk"),
        model=model,
        job__state=JobState.SUCCEEDED,
        result__isnull=False,
    )
    newest = dict(stagings.order_by("created_at", "id").values_list("exam", "result"))
    learnt = set(
        DatasetMember.objects.filter(dataset__runs__model=model, split="train").values_list(
            "patient", flat=True
        )
    )
    rows = []
    for exam in shown.filter(pk__in=list(newest)):
        answer: dict[str, Any] = newest[exam.pk] or {}
        shares = answer["probabilities"]
        recorded = Stage(int(exam.stage or 0)).label
        if shares[answer["stage"]] >= CONFIDENT and shares[recorded] <= DOUBTED:
            about = {
                "answered": answer["stage"],
                "confidence": shares[answer["stage"]],
                "recorded": exam.stage,
            }
            rows.append(_row(exam, in_training=exam.patient_id in learnt, **about))
    rows.sort(key=lambda row: -row["confidence"])
    return rows[:MOST_ROWS]


def missing_band(exams: ExamQuerySet) -> list[dict[str, Any]]:
    """Exams with images of one band only, or of none that is known."""
    found = exams.filter(image_count__gt=0).filter(Q(hf_count=0) | Q(lf_count=0))[:MOST_ROWS]
    return [_row(exam, missing=[band for band in ("HF", "LF") if band not in exam.bands]) for exam in found]


def missing_serum(exams: ExamQuerySet) -> list[dict[str, Any]]:
    """Exams of patients without the current values that APRI and FIB-4 need."""
    complete = ClinicalValues.objects.current().filter(
        patient=OuterRef("patient"), **{f"{name}__isnull": False for name in FIB4_NEEDS}
    )
    found = list(exams.filter(~Exists(complete))[:MOST_ROWS])
    current = {
        values.patient_id: values
        for values in ClinicalValues.objects.current().filter(patient__in=[exam.patient_id for exam in found])
    }
    return [
        _row(exam, missing=[n for n in FIB4_NEEDS if getattr(current.get(exam.patient_id), n, None) is None])
        for exam in found
    ]


def _row(exam: Exam, **more: Any) -> dict[str, Any]:
    return {
        "exam": exam.pk, "patient": exam.patient_id, "pseudonym": exam.patient.pseudonym,
        "site": exam.patient.site.code, "exam_date": exam.exam_date, "simulated": exam.patient.simulated,
        "bands": exam.bands, "recorded": None, "answered": None, "confidence": None, "in_training": None,
        "missing": [], **more,
    }  # fmt: skip
