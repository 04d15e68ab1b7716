"""Reviews and signed reports as JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ml.spec import STAGE_LABELS
from webapp.accounts.permissions import within_sites
from webapp.patients.api import StageField
from webapp.staging.models import Decision, Reason, Report, Review, Staging


class ReviewSerializer(serializers.ModelSerializer[Review]):
    """A draft of one's own. ``stage`` is 0 to 4, or null where the exam cannot be staged."""

    exam = serializers.UUIDField(source="staging.exam_id", read_only=True)
    decision = serializers.ChoiceField(choices=Decision.choices, read_only=True)
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=Reason.choices), read_only=True)

    class Meta:
        model = Review
        fields = [
            "id",
            "exam",
            "staging",
            "decision",
            "stage",
            "reasons",
            "note",
            "amends",
            "amendment_reason",
            "revision",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class JudgementSerializer(serializers.Serializer[Any]):
    """Agree, or change the stage with a reason, or say why the exam cannot be staged."""

    decision = serializers.ChoiceField(choices=Decision.choices)
    stage = StageField(required=False, allow_null=True, default=None)
    reasons = serializers.ListField(
        child=serializers.ChoiceField(choices=Reason.choices), required=False, default=list, max_length=20
    )
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=4000)


class ReviewRequestSerializer(JudgementSerializer):
    """A judgement of one staging."""

    staging = serializers.UUIDField()

    def validate_staging(self, value: Any) -> Staging:
        rows = within_sites(Staging.objects.with_rows(), self.context["request"].user, "exam__patient__site")
        staging = rows.filter(pk=value).first()
        if staging is None:
            raise serializers.ValidationError(
                "There is no such staging, or it belongs to another site.", code="does_not_exist"
            )
        return staging


class ReviewSaveSerializer(JudgementSerializer):
    """A judgement with the revision of the draft that was read."""

    revision = serializers.IntegerField(min_value=1)


class SignatureSerializer(serializers.Serializer[Any]):
    """The password again, and the revision of the draft that was read and is meant."""

    password = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)
    revision = serializers.IntegerField(min_value=1)


class ReportSerializer(serializers.ModelSerializer[Report]):
    """A version of the report of an exam. ``superseded_by`` is null for the one that holds."""

    patient = serializers.CharField(source="exam.patient.pseudonym", read_only=True, help_text="Pseudonym")
    site = serializers.CharField(source="exam.patient.site.code", read_only=True)
    decision = serializers.ChoiceField(choices=Decision.choices, read_only=True)
    signed_by = serializers.CharField(source="signed_by.display_name", read_only=True)
    signed_at = serializers.DateTimeField(source="created_at", read_only=True)
    superseded_by = serializers.SerializerMethodField()
    model_stage = serializers.SerializerMethodField()
    reasons = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()
    amendment_reason = serializers.SerializerMethodField()
    has_outline = serializers.SerializerMethodField(help_text="Whether there is a DICOM SEG of the liver")

    class Meta:
        model = Report
        fields = [
            "id",
            "exam",
            "patient",
            "site",
            "staging",
            "version",
            "predecessor",
            "superseded_by",
            "decision",
            "stage",
            "model_stage",
            "reasons",
            "note",
            "amendment_reason",
            "has_outline",
            "content_hash",
            "simulated",
            "signed_by",
            "signed_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_superseded_by(self, report: Report) -> str | None:
        return None if report.is_current else str(report.successor.pk)

    @extend_schema_field(serializers.ChoiceField(choices=list(STAGE_LABELS)))
    def get_model_stage(self, report: Report) -> str:
        return str(report.facts["staging"]["result"]["stage"])

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=Reason.choices)))
    def get_reasons(self, report: Report) -> list[str]:
        return list(report.facts["review"]["reasons"])

    def get_note(self, report: Report) -> str:
        return str(report.facts["review"]["note"])

    def get_amendment_reason(self, report: Report) -> str:
        return str(report.facts["report"]["amendment_reason"])

    def get_has_outline(self, report: Report) -> bool:
        return any(picture["outline"] for picture in report.facts["pictures"])


class ReportDetailSerializer(ReportSerializer):
    """A report with everything that was signed, as the hash covers it."""

    content = serializers.JSONField(source="facts", read_only=True, help_text="What was signed")

    class Meta(ReportSerializer.Meta):
        fields = [*ReportSerializer.Meta.fields, "content"]
        read_only_fields = fields


class AmendmentSerializer(serializers.Serializer[Any]):
    """Why the report is amended, and on which answer the new version rests (the same one by default)."""

    reason = serializers.CharField(max_length=1000)
    staging = serializers.UUIDField(required=False)


class VerificationSerializer(serializers.Serializer[Any]):
    """Whether the report and its files are what was signed."""

    intact = serializers.BooleanField()
    content_hash = serializers.CharField()
    flaws = serializers.ListField(child=serializers.CharField())
