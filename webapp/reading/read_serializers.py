"""The shapes of assignments, reads, adjudications and agreement in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from ml.spec import STAGE_LABELS
from webapp.patients.api import PathologyStageSerializer, StageField
from webapp.patients.models import Exam
from webapp.reading.models import (
    Adjudication,
    Assignment,
    Quality,
    QualityRead,
    QualityReason,
    ReadKind,
    Settling,
    StageRead,
)
from webapp.reading.ranking import ORDERS

MOST_ASSIGNED = 500
LARGEST_KEY = 2**63 - 1  # of both databases; SQLite's driver raises OverflowError above it


def person() -> serializers.IntegerField:
    """The id of a user, whether there is one or not."""
    return serializers.IntegerField(min_value=1, max_value=LARGEST_KEY)


class ReadExamSerializer(serializers.ModelSerializer[Exam]):
    """Which exam; nothing of its stage."""

    pseudonym = serializers.CharField(source="patient.pseudonym", read_only=True)
    simulated = serializers.BooleanField(source="patient.simulated", read_only=True)
    site = serializers.CharField(source="patient.site.code", read_only=True)
    bands = serializers.ListField(child=serializers.ChoiceField(choices=["HF", "LF"]), read_only=True)

    class Meta:
        model = Exam
        fields = ["id", "pseudonym", "exam_date", "site", "bands", "simulated"]
        read_only_fields = fields


class ReaderSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField(source="display_name")
    role = serializers.CharField(source="effective_role")
    open = serializers.IntegerField(default=0, help_text="What this person has to read yet")


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    exam = ReadExamSerializer(read_only=True)
    reader = serializers.CharField(source="reader.display_name", read_only=True)

    class Meta:
        model = Assignment
        fields = ["id", "exam", "kind", "reader", "created_at", "done_at", "withdrawn_at"]
        read_only_fields = fields


class AssignSerializer(serializers.Serializer[Any]):
    """Exams by id, or the oldest ones that the filter leaves."""

    kind = serializers.ChoiceField(choices=ReadKind.choices)
    readers = serializers.ListField(child=person(), min_length=1, max_length=2)
    exams = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=MOST_ASSIGNED)
    site = serializers.CharField(required=False, help_text="Code of a site")
    has_pair = serializers.BooleanField(default=True, help_text="Only exams of both bands")
    unassigned = serializers.BooleanField(default=True, help_text="Only exams that nobody is to read yet")
    limit = serializers.IntegerField(default=20, min_value=1, max_value=MOST_ASSIGNED)


class AssignedSerializer(serializers.Serializer[Any]):
    made = serializers.IntegerField(help_text="New assignments")
    exams = serializers.IntegerField(help_text="Exams that they are about")


class QueueRequestSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=ReadKind.choices, default=ReadKind.QUALITY)
    order = serializers.ChoiceField(choices=ORDERS, default="assigned")


class QueueSerializer(serializers.Serializer[Any]):
    """What the one who asks has to read, in order. The order by uncertainty is all that leaves of it."""

    open = serializers.IntegerField()
    done = serializers.IntegerField()
    rows = AssignmentSerializer(many=True)


class KindProgressSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=ReadKind.choices)
    assigned_exams = serializers.IntegerField()
    assignments = serializers.IntegerField()
    done = serializers.IntegerField()
    both_locked = serializers.IntegerField(help_text="Exams with two locked reads")
    disagree = serializers.IntegerField(help_text="Of these, not settled yet")
    adjudicated = serializers.IntegerField()


class QualityReadSerializer(serializers.ModelSerializer[QualityRead]):
    exam = ReadExamSerializer(read_only=True)
    reader = serializers.CharField(source="reader.display_name", read_only=True)
    reasons = serializers.ListField(
        child=serializers.ChoiceField(choices=QualityReason.choices), read_only=True
    )

    class Meta:
        model = QualityRead
        fields = ["id", "exam", "reader", "quality", "reasons", "note", "seconds", "created_at"]
        read_only_fields = fields


class StageReadSerializer(serializers.ModelSerializer[StageRead]):
    exam = ReadExamSerializer(read_only=True)
    reader = serializers.CharField(source="reader.display_name", read_only=True)
    stage = serializers.IntegerField(allow_null=True, read_only=True, help_text="0 to 4; null: cannot tell")

    class Meta:
        model = StageRead
        fields = ["id", "exam", "reader", "stage", "note", "seconds", "created_at"]
        read_only_fields = fields


class _LockSerializer(serializers.Serializer[Any]):
    exam = serializers.UUIDField()
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    seconds = serializers.FloatField(required=False, allow_null=True, min_value=0, max_value=86_400)


class LockQualitySerializer(_LockSerializer):
    quality = serializers.ChoiceField(choices=Quality.choices)
    reasons = serializers.ListField(
        child=serializers.ChoiceField(choices=QualityReason.choices), default=list, max_length=10
    )


class LockStageSerializer(_LockSerializer):
    stage = StageField(allow_null=True, help_text="Null: cannot tell")


class AdjudicationSerializer(serializers.ModelSerializer[Adjudication]):
    exam = ReadExamSerializer(read_only=True)
    stage = serializers.IntegerField(allow_null=True, read_only=True, help_text="0 to 4; null: cannot tell")
    recorded_by = serializers.CharField(source="recorded_by.display_name", read_only=True)
    participants = serializers.SerializerMethodField()

    class Meta:
        model = Adjudication
        fields = [
            "id",
            "exam",
            "kind",
            "quality",
            "stage",
            "settling",
            "recorded_by",
            "participants",
            "note",
            "created_at",
        ]
        read_only_fields = fields

    def get_participants(self, row: Adjudication) -> list[str]:
        return [person.display_name for person in row.participants.all()]


class AdjudicateSerializer(serializers.Serializer[Any]):
    exam = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=ReadKind.choices)
    quality = serializers.ChoiceField(choices=Quality.choices, required=False)
    stage = StageField(required=False, allow_null=True, help_text="Null: cannot tell")
    settling = serializers.ChoiceField(choices=Settling.choices)
    participants = serializers.ListField(
        child=person(), required=False, max_length=10,
        help_text="Who decided; who asks is always among them, and for a joint decision both readers",
    )  # fmt: skip
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        wanted = "quality" if attrs["kind"] == ReadKind.QUALITY else "stage"
        if wanted not in attrs:
            raise serializers.ValidationError({wanted: ["Missing."]})
        return attrs


class AnswerSerializer(serializers.Serializer[Any]):
    reader = serializers.CharField()
    reader_id = serializers.IntegerField()
    quality = serializers.ChoiceField(choices=Quality.choices, allow_null=True)
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=QualityReason.choices))
    stage = serializers.IntegerField(allow_null=True)
    note = serializers.CharField()


class ComparedSerializer(serializers.Serializer[Any]):
    """An exam with both locked reads, and what became of them."""

    exam = ReadExamSerializer()
    answers = AnswerSerializer(many=True)
    agree = serializers.BooleanField()
    adjudication = AdjudicationSerializer(allow_null=True)
    recorded = PathologyStageSerializer(
        many=True,
        help_text="Stages recorded of this exam, or of its patient as a whole, the current ones first; "
        "empty for quality",
    )


class RecordConsensusSerializer(serializers.Serializer[Any]):
    exam = serializers.UUIDField()
    replace = serializers.BooleanField(
        default=False, help_text="The consensus takes the place of a biopsy's stage"
    )


class ReadMetricSerializer(serializers.Serializer[Any]):
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class AgreementSerializer(serializers.Serializer[Any]):
    """Over the exams that both readers have locked; intervals from a bootstrap over patients."""

    kind = serializers.ChoiceField(choices=ReadKind.choices)
    categories = serializers.ListField(child=serializers.CharField(), help_text=", ".join(STAGE_LABELS))
    table = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    exams = serializers.IntegerField()
    patients = serializers.IntegerField()
    cannot_tell = serializers.IntegerField(help_text="Exams left out: somebody could not tell")
    agreement = ReadMetricSerializer(help_text="Share of exams with the same answer")
    kappa = ReadMetricSerializer(help_text="Cohen's; quadratic-weighted for stages")
    weighting = serializers.ChoiceField(choices=["none", "quadratic"])
    simulated = serializers.BooleanField()
    figure = serializers.JSONField(help_text="Plotly: data and layout")
