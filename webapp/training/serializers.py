"""Runs, models and comparisons as JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from ml.spec.presets import PRESETS
from webapp.datasets.models import DatasetVersion
from webapp.jobs.api import JobSerializer
from webapp.jobs.models import JobState
from webapp.training.models import Alias, AliasName, ModelVersion, Run
from webapp.training.specs import SpecField


class MetricSerializer(serializers.Serializer[Any]):
    """A number with its 95 % interval; null where the data cannot give it."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class RunSerializer(serializers.ModelSerializer[Run]):
    """A run. ``state`` is its job's; ``metrics`` are of the test part, by patient."""

    spec = SpecField(read_only=True)
    state = serializers.ChoiceField(choices=JobState.choices, read_only=True)
    dataset_name = serializers.CharField(source="dataset.__str__", read_only=True)
    dataset_hash = serializers.CharField(source="dataset.hash", read_only=True)
    simulated = serializers.BooleanField(source="dataset.simulated", read_only=True)
    job = JobSerializer(read_only=True)
    metrics = serializers.DictField(child=MetricSerializer(), read_only=True)
    image_metrics = serializers.DictField(child=MetricSerializer(), read_only=True)
    figures = serializers.ListField(child=serializers.CharField(), read_only=True)
    model = serializers.UUIDField(source="model.pk", read_only=True, allow_null=True, default=None)
    withheld = serializers.BooleanField(
        read_only=True, help_text="Results are left out: who asks is to read one of the patients blindly"
    )
    created_by = serializers.CharField(
        source="created_by.display_name", read_only=True, allow_null=True, default=None
    )
    finished_at = serializers.DateTimeField(
        source="job.finished_at", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = Run
        fields = [
            "id",
            "name",
            "preset",
            "spec",
            "dataset",
            "dataset_name",
            "dataset_hash",
            "simulated",
            "architecture",
            "protocol",
            "state",
            "job",
            "metrics",
            "image_metrics",
            "figures",
            "withheld",
            "model",
            "created_by",
            "created_at",
            "finished_at",
        ]
        read_only_fields = fields


class RunDetailSerializer(RunSerializer):
    """With the record of what the run can be repeated with: seed, commit, versions, device, counts."""

    record = serializers.JSONField(read_only=True)

    class Meta(RunSerializer.Meta):
        fields = [*RunSerializer.Meta.fields, "record"]
        read_only_fields = fields


class LaunchSerializer(serializers.Serializer[Any]):
    """A training to queue. Copy ``spec`` from another run to repeat it, or from a preset to begin."""

    name = serializers.CharField(max_length=120, allow_blank=True, default="")
    dataset = serializers.PrimaryKeyRelatedField(queryset=DatasetVersion.objects.none())
    spec = SpecField()
    preset = serializers.ChoiceField(choices=list(PRESETS), allow_blank=True, default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        request = self.context.get("request")
        if request is not None and request.user.is_authenticated:
            own = DatasetVersion.objects.visible_to(request.user)
            self.fields["dataset"] = serializers.PrimaryKeyRelatedField(queryset=own)


class PresetSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    spec = SpecField()


class FormSerializer(serializers.Serializer[Any]):
    """The launch form: a JSON Schema (2020-12) and the presets to start from."""

    schema = serializers.DictField()
    presets = PresetSerializer(many=True)


class ParameterDiffSerializer(serializers.Serializer[Any]):
    path = serializers.CharField(help_text="transfer.epochs; dataset and dataset_hash where those differ")
    values = serializers.ListField(
        child=serializers.JSONField(allow_null=True), help_text="One per run, in order"
    )


class MetricRowSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of the row, not of DRF
    lower_is_better = serializers.BooleanField()
    values = serializers.ListField(
        child=MetricSerializer(allow_null=True), help_text="One per run; null if unfinished"
    )
    best = serializers.ListField(child=serializers.IntegerField(), help_text="Positions of the best values")


class PairedTestSerializer(serializers.Serializer[Any]):
    """Run ``a`` minus run ``b`` on the same patients; ``p_adjusted`` is Holm's over the pairs of a metric."""

    metric = serializers.CharField()
    test = serializers.ChoiceField(choices=["delong", "mcnemar", "bootstrap"])
    a = serializers.CharField(help_text="A label")
    b = serializers.CharField(help_text="A label")
    patients = serializers.IntegerField()
    difference = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    p_value = serializers.FloatField(allow_null=True)
    p_adjusted = serializers.FloatField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class WarningSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()


class FigureSerializer(serializers.Serializer[Any]):
    """A Plotly figure."""

    data = serializers.ListField(child=serializers.DictField())  # type: ignore[assignment]
    layout = serializers.DictField()


class RunFiguresSerializer(serializers.Serializer[Any]):
    roc = FigureSerializer(required=False)
    confusion = FigureSerializer(required=False)
    learning_curve = FigureSerializer(help_text="So far, while the run is unfinished")


class ComparisonFiguresSerializer(serializers.Serializer[Any]):
    roc = FigureSerializer(required=False, help_text="Macro average, one curve per run")
    roc_by_target = serializers.DictField(
        child=FigureSerializer(), required=False, help_text="auc_ge_s2 and so on"
    )
    metrics = FigureSerializer(required=False)
    significance = serializers.DictField(child=FigureSerializer(), required=False, help_text="By metric")
    confusion = serializers.ListField(child=FigureSerializer(allow_null=True), help_text="One per run")
    calibration = serializers.ListField(child=FigureSerializer(allow_null=True), help_text="One per run")
    learning_curves = FigureSerializer(many=True, help_text="One per run, live ones so far")


class ComparisonSerializer(serializers.Serializer[Any]):
    """Runs beside each other. Read ``warnings`` before the numbers."""

    runs = RunSerializer(many=True)
    labels = serializers.ListField(child=serializers.CharField(), help_text="Distinct names, one per run")
    warnings = WarningSerializer(many=True)
    parameter_diff = ParameterDiffSerializer(many=True)
    metrics = MetricRowSerializer(many=True, help_text="By patient")
    image_metrics = MetricRowSerializer(many=True, help_text="By image")
    tests = PairedTestSerializer(many=True, help_text="Empty unless all were tested on the same patients")
    figures = ComparisonFiguresSerializer()


class RunAnswerSerializer(serializers.Serializer[Any]):
    stage = serializers.CharField()
    probability = serializers.FloatField()


class CaseImageSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    band = serializers.CharField()


class PatientAnswersSerializer(serializers.Serializer[Any]):
    """A test patient with each run's answer; ``exam`` is null where the reader may not see the patient."""

    patient = serializers.CharField()
    truth = serializers.CharField()
    differs = serializers.BooleanField()
    answers = RunAnswerSerializer(many=True)
    exam = serializers.UUIDField(allow_null=True)
    images = CaseImageSerializer(many=True)


class DisagreementSerializer(serializers.Serializer[Any]):
    """Finished runs patient by patient, those on whom they differ first, and decision curves by finding."""

    labels = serializers.ListField(child=serializers.CharField())
    runs = serializers.ListField(child=serializers.UUIDField())
    patients = PatientAnswersSerializer(many=True)
    decision = serializers.DictField(child=FigureSerializer())


class ModelSerializer(serializers.ModelSerializer[ModelVersion]):
    aliases = serializers.SerializerMethodField()
    metrics = serializers.DictField(child=MetricSerializer(), read_only=True)
    withheld = serializers.BooleanField(
        read_only=True, help_text="Results are left out: who asks is to read one of the patients blindly"
    )

    class Meta:
        model = ModelVersion
        fields = [
            "id",
            "name",
            "run",
            "sha256",
            "digest",
            "architecture",
            "protocol",
            "dataset_hash",
            "metrics",
            "withheld",
            "simulated",
            "aliases",
            "created_at",
        ]
        read_only_fields = fields

    def get_aliases(self, model: ModelVersion) -> list[str]:
        """The aliases that the model holds now."""
        return sorted(alias.name for alias in model.aliases.all() if alias.ended_at is None)


class AliasSerializer(serializers.ModelSerializer[Alias]):
    """A period of holding an alias; ``ended_at`` is null for the holder."""

    model_name = serializers.CharField(source="model.name", read_only=True)
    set_by = serializers.CharField(
        source="set_by.display_name", read_only=True, allow_null=True, default=None
    )
    rollback = serializers.SerializerMethodField()

    class Meta:
        model = Alias
        fields = ["name", "model", "model_name", "set_by", "set_at", "ended_at", "rollback"]
        read_only_fields = fields

    def get_rollback(self, alias: Alias) -> bool:
        return alias.is_rollback


class ModelDetailSerializer(ModelSerializer):
    """With the model card, the specification and every period in which it held an alias."""

    spec = SpecField(source="run.spec", read_only=True, allow_null=True, default=None)
    dataset = serializers.CharField(
        source="dataset.__str__", read_only=True, help_text="Of this house, that the metrics are of"
    )
    imported_by = serializers.CharField(
        source="imported_by.display_name", read_only=True, allow_null=True, default=None
    )
    alias_history = AliasSerializer(source="aliases", many=True, read_only=True)

    class Meta(ModelSerializer.Meta):
        fields = [*ModelSerializer.Meta.fields, "card", "spec", "dataset", "imported_by", "alias_history"]
        read_only_fields = fields


class ImportSerializer(serializers.Serializer[Any]):
    """A model's zip, and the dataset version to evaluate it on before it is registered."""

    file = serializers.FileField()
    dataset = serializers.PrimaryKeyRelatedField(queryset=DatasetVersion.objects.none())
    name = serializers.CharField(max_length=100, allow_blank=True, default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        request = self.context.get("request")
        if request is not None and request.user.is_authenticated:
            own = DatasetVersion.objects.visible_to(request.user)
            self.fields["dataset"] = serializers.PrimaryKeyRelatedField(queryset=own)


class ArrivalSerializer(serializers.Serializer[Any]):
    """An import under way: follow the job; the model has this id once it has succeeded."""

    job = JobSerializer()
    model = serializers.UUIDField()


class AliasNameSerializer(serializers.Serializer[Any]):
    alias = serializers.ChoiceField(choices=AliasName.choices, default=AliasName.CHAMPION)
