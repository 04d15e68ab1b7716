"""What is looked after on a patient over HTTP: eligibility, values, tables, merges, and the way back."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework import parsers, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ml.cohort import ClinicalRow
from ml.spec import HepaStageError
from webapp import spool
from webapp.accounts.models import Site, User
from webapp.accounts.permissions import within_sites
from webapp.patients import eligibility, merging, services, way_back
from webapp.patients.clinical_table import Outcome as ClinicalOutcome
from webapp.patients.clinical_table import import_clinical_table
from webapp.patients.criteria import EXCLUSION, Answer, Criterion, first_reason
from webapp.patients.limits import check_values
from webapp.patients.models import (
    SERUM,
    ClinicalSource,
    ClinicalValues,
    EligibilityAnswer,
    Patient,
    PatientMerge,
    Sex,
)
from webapp.patients.received_tables import received_table


class NotYourSite(HepaStageError):
    """A site that does not exist, or is somebody else's."""

    code = "unknown-site"
    remedy = "Send the code of one of your sites as site."


class NoSuchPatient(HepaStageError):
    """Another patient was named that is not there, or not yours."""

    code = "no-such-patient"
    remedy = "Give the pseudonym of a patient of the same site."


class CriterionSerializer(serializers.Serializer[Any]):
    """A criterion, whether the study uses it, and (of a patient) what was found."""

    criterion = serializers.ChoiceField(choices=Criterion.choices)
    kind = serializers.ChoiceField(choices=["inclusion", "exclusion"])
    used = serializers.BooleanField()
    answer = serializers.ChoiceField(choices=Answer.choices, allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    recorded_by = serializers.CharField(allow_null=True)
    recorded_at = serializers.DateTimeField(allow_null=True)


class MergeSerializer(serializers.ModelSerializer[PatientMerge]):
    survivor = serializers.CharField(source="survivor.pseudonym", read_only=True)
    absorbed = serializers.CharField(source="absorbed.pseudonym", read_only=True)
    exams = serializers.SerializerMethodField()
    merged_by = serializers.CharField(
        source="merged_by.display_name", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = PatientMerge
        fields = [
            "id", "survivor", "absorbed", "exams", "reason", "merged_by", "created_at", "undone_at",
            "undone_reason",
        ]  # fmt: skip
        read_only_fields = fields

    def get_exams(self, merged: PatientMerge) -> int:
        return len(merged.moved.get("exams", ()))


class CurationSerializer(serializers.Serializer[Any]):
    """The check-list of a patient, what it says, and the merges that concern it."""

    excluded_by = serializers.CharField(
        allow_blank=True, help_text="The criterion that keeps the patient out"
    )
    criteria = CriterionSerializer(many=True)
    merges = MergeSerializer(many=True)
    merged_into = serializers.UUIDField(allow_null=True)
    number_sealed = serializers.BooleanField(help_text="Whether there is a way back to the hospital number")


class AnswerRequestSerializer(serializers.Serializer[Any]):
    criterion = serializers.ChoiceField(choices=Criterion.choices)
    answer = serializers.ChoiceField(choices=Answer.choices)
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500, help_text="Stays in the audit log: name nobody")


class MergeRequestSerializer(ReasonSerializer):
    absorbed = serializers.CharField(max_length=32, help_text="Pseudonym of the row that joins this one")


class UnmergeRequestSerializer(ReasonSerializer):
    merge = serializers.UUIDField()


class NumberSerializer(serializers.Serializer[Any]):
    pseudonym = serializers.CharField()
    number = serializers.CharField()


class NumbersSerializer(serializers.Serializer[Any]):
    """The hospital's numbers of a person: one, or one for each row that was merged."""

    numbers = NumberSerializer(many=True)


class ValuesRequestSerializer(serializers.Serializer[Any]):
    """Values taken together, in U/L (ALT, AST, GGT), 10⁹/L, g/L, IU/mL and years; null where not taken."""

    age_years = serializers.IntegerField(min_value=0, max_value=120, required=False, allow_null=True)
    sex = serializers.ChoiceField(choices=Sex.choices, required=False, allow_blank=True, default="")
    alt = serializers.FloatField(required=False, allow_null=True)
    ast = serializers.FloatField(required=False, allow_null=True)
    platelets = serializers.FloatField(required=False, allow_null=True)
    ggt = serializers.FloatField(required=False, allow_null=True)
    albumin = serializers.FloatField(required=False, allow_null=True)
    hbv_dna = serializers.FloatField(required=False, allow_null=True)


class RecordedValuesSerializer(serializers.ModelSerializer[ClinicalValues]):
    class Meta:
        model = ClinicalValues
        fields = ["id", "age_years", "sex", *SERUM, "source", "recorded_at"]
        read_only_fields = fields


class ClinicalTableRequestSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="CSV or Excel with a patient identifier and any known values")
    site = serializers.SlugField(help_text="Code of the site whose hospital numbers the table uses")
    dry_run = serializers.BooleanField(default=True, help_text="Only say what would change")


class ClinicalChangeSerializer(serializers.Serializer[Any]):
    """One row of the table. Hospital numbers are not repeated."""

    line = serializers.IntegerField(help_text="As a spreadsheet counts, from 1")
    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in ClinicalOutcome])
    patient = serializers.UUIDField(source="patient.pk", allow_null=True, default=None)
    pseudonym = serializers.CharField(source="patient.pseudonym", allow_null=True, default=None)


class ClinicalImportSerializer(serializers.Serializer[Any]):
    applied = serializers.BooleanField()
    counts = serializers.DictField(child=serializers.IntegerField())
    changes = ClinicalChangeSerializer(many=True)


def _actor(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user


class CurationActions(viewsets.GenericViewSet[Patient]):
    """Actions of the patients' viewset."""

    @extend_schema(responses=CurationSerializer)
    @action(detail=True, methods=["get"])
    def curation(self, request: Request, pk: str | None = None) -> Response:
        """Eligibility and merges of a patient."""
        return Response(self._curation(self.get_object()))

    @extend_schema(request=AnswerRequestSerializer, responses={201: CurationSerializer})
    @action(detail=True, methods=["post"])
    def eligibility(self, request: Request, pk: str | None = None) -> Response:
        """Record what was found about a criterion. What keeps a patient out needs a reason."""
        patient, data = self.get_object(), _valid(AnswerRequestSerializer, request)
        eligibility.record_answer(patient=patient, actor=_actor(request), request=request, **data)
        return Response(self._curation(patient), status=status.HTTP_201_CREATED)

    @extend_schema(request=ValuesRequestSerializer, responses={201: RecordedValuesSerializer})
    @action(detail=True, methods=["post"], url_path="clinical-values")
    def clinical_values(self, request: Request, pk: str | None = None) -> Response:
        """Record values that were taken together, in place of the current ones, which stay as history."""
        patient, data = self.get_object(), _valid(ValuesRequestSerializer, request)
        serum: dict[str, Any] = {name: data.get(name) for name in SERUM}
        values = ClinicalRow(patient="", age=data.get("age_years"), sex=data["sex"], **serum)
        check_values(values, sex_of_patient=patient.sex)
        row = services.record_clinical_values(
            patient=patient,
            values=values,
            source=ClinicalSource.MANUAL,
            actor=_actor(request),
            request=request,
        )
        return Response(RecordedValuesSerializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        request={"multipart/form-data": ClinicalTableRequestSerializer},
        responses={200: ClinicalImportSerializer},
    )
    @action(
        detail=False, methods=["post"], url_path="clinical-table", parser_classes=[parsers.MultiPartParser]
    )
    def clinical_table(self, request: Request) -> Response:
        """Import clinical values from a table; without ``dry_run=false`` it only says what would change."""
        data = _valid(ClinicalTableRequestSerializer, request)
        site = within_sites(Site.objects.filter(code=data["site"]), request.user, "pk").first()
        if site is None:
            raise NotYourSite(f"{data['site']} is not one of your sites.")
        with spool.temporary_folder("table") as folder:
            table = received_table(data["file"], folder, "clinical")
            result = import_clinical_table(
                site=site, table=table, actor=_actor(request), dry_run=data["dry_run"], request=request
            )
        return Response(ClinicalImportSerializer(result).data)

    @extend_schema(request=MergeRequestSerializer, responses={201: MergeSerializer})
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str | None = None) -> Response:
        """Let another row of the same person join this one."""
        survivor, data = self.get_object(), _valid(MergeRequestSerializer, request)
        name = data["absorbed"].strip().upper()
        absorbed = self.get_queryset().filter(site=survivor.site_id, pseudonym=name).first()
        if absorbed is None:
            raise NoSuchPatient(f"{name} is no patient of this site.")
        row = merging.merge(
            survivor=survivor,
            absorbed=absorbed,
            reason=data["reason"],
            actor=_actor(request),
            request=request,
        )
        return Response(MergeSerializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=UnmergeRequestSerializer, responses={200: MergeSerializer})
    @action(detail=True, methods=["post"])
    def unmerge(self, request: Request, pk: str | None = None) -> Response:
        """Take a merge back: every row as it was."""
        patient, data = self.get_object(), _valid(UnmergeRequestSerializer, request)
        row = patient.merges.filter(pk=data["merge"]).first()
        if row is None:
            raise NoSuchPatient("This patient has no such merge.")
        row = merging.unmerge(merged=row, reason=data["reason"], actor=_actor(request), request=request)
        return Response(MergeSerializer(row).data)

    @extend_schema(request=ReasonSerializer, responses={200: NumbersSerializer})
    @action(detail=True, methods=["post"])
    def reidentify(self, request: Request, pk: str | None = None) -> Response:
        """The hospital's number of a patient. Needs a reason; each look is audited."""
        data = _valid(ReasonSerializer, request)
        found = way_back.open_sealed(
            patient=self.get_object(), reason=data["reason"], actor=_actor(request), request=request
        )
        if not found:
            raise way_back.NoWayBack("No hospital number of this patient is kept.")
        numbers = [{"pseudonym": name, "number": number} for name, number in found]
        response = Response(NumbersSerializer({"numbers": numbers}).data)
        response["Cache-Control"] = "private, no-store"
        return response

    def _curation(self, patient: Patient) -> dict[str, Any]:
        used = eligibility.used_criteria()
        rows = EligibilityAnswer.objects.filter(patient=patient, superseded_at__isnull=True)
        answers = {row.criterion: row for row in rows.select_related("recorded_by")}
        merges = PatientMerge.objects.filter(Q(survivor=patient) | Q(absorbed=patient))
        return dict(
            CurationSerializer(
                {
                    "excluded_by": first_reason({key: row.answer for key, row in answers.items()}, used),
                    "criteria": [
                        criterion_json(key, key in used, answers.get(key)) for key in Criterion.values
                    ],
                    "merges": merges.select_related("survivor", "absorbed", "merged_by"),
                    "merged_into": patient.merged_into_id,
                    "number_sealed": hasattr(patient, "sealed_identity"),
                }
            ).data
        )


def criterion_json(key: str, used: bool, row: EligibilityAnswer | None = None) -> dict[str, Any]:
    return {
        "criterion": key,
        "kind": "exclusion" if key in {one.value for one in EXCLUSION} else "inclusion",
        "used": used,
        "answer": row.answer if row else None,
        "reason": row.reason if row else "",
        "recorded_by": row.recorded_by.display_name if row and row.recorded_by else None,
        "recorded_at": row.recorded_at if row else None,
    }


class UseCriterionSerializer(serializers.Serializer[Any]):
    criterion = serializers.ChoiceField(choices=Criterion.choices)
    used = serializers.BooleanField()


class CriteriaViewSet(viewsets.ViewSet):
    """Which criteria the study uses."""

    resource = "criteria"

    @extend_schema(responses=CriterionSerializer(many=True))
    def list(self, request: Request) -> Response:
        """All criteria in the order of the paper."""
        used = eligibility.used_criteria()
        rows = [criterion_json(key, key in used) for key in Criterion.values]
        return Response(CriterionSerializer(rows, many=True).data)

    @extend_schema(request=UseCriterionSerializer, responses={201: CriterionSerializer(many=True)})
    def create(self, request: Request) -> Response:
        """Say whether the study uses a criterion."""
        data = _valid(UseCriterionSerializer, request)
        eligibility.use_criterion(actor=_actor(request), request=request, **data)
        answer = self.list(request)
        answer.status_code = status.HTTP_201_CREATED
        return answer


def _valid(form: Any, request: Request) -> dict[str, Any]:
    wanted = form(data=request.data)
    wanted.is_valid(raise_exception=True)
    return dict(wanted.validated_data)
