"""Experiments as JSON: what starts one, its live table, its results."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rest_framework import serializers

from ml.spec import Protocol
from ml.spec.presets import PRESETS
from webapp.datasets.models import DatasetVersion
from webapp.training.models import PROTOCOL_CHOICES, Experiment, ExperimentRow, Run
from webapp.training.serializers import (
    FigureSerializer,
    MetricRowSerializer,
    MetricSerializer,
    PairedTestSerializer,
    RunSerializer,
    WarningSerializer,
)
from webapp.training.specs import SpecField


class ExperimentRowSerializer(serializers.ModelSerializer[ExperimentRow]):
    run = RunSerializer(read_only=True)

    class Meta:
        model = ExperimentRow
        fields = ["position", "line", "repeat", "fold", "title", "run"]
        read_only_fields = fields


class ExperimentSerializer(serializers.ModelSerializer[Experiment]):
    """``states`` counts the runs by state."""

    dataset_name = serializers.CharField(source="dataset.__str__", read_only=True)
    simulated = serializers.SerializerMethodField()
    external_name = serializers.CharField(
        source="external.__str__", read_only=True, allow_null=True, default=None
    )
    beside_name = serializers.CharField(source="beside.name", read_only=True, allow_null=True, default=None)
    created_by = serializers.CharField(
        source="created_by.display_name", read_only=True, allow_null=True, default=None
    )
    states = serializers.SerializerMethodField()
    lines = serializers.SerializerMethodField()

    class Meta:
        model = Experiment
        fields = [
            "id",
            "name",
            "note",
            "dataset",
            "dataset_name",
            "simulated",
            "kind",
            "protocol",
            "external",
            "external_name",
            "beside",
            "beside_name",
            "folds",
            "repeats",
            "quick",
            "lines",
            "states",
            "created_by",
            "created_at",
        ]
        read_only_fields = fields

    def get_states(self, experiment: Experiment) -> dict[str, int]:
        """Runs by state."""
        return dict(Counter(str(row.run.state) for row in experiment.rows.all()))

    def get_simulated(self, experiment: Experiment) -> bool:
        """True where one of its datasets is."""
        outside = experiment.external
        return experiment.dataset.simulated or (outside is not None and outside.simulated)

    def get_lines(self, experiment: Experiment) -> int:
        """Lines of the table; each is a run, or a run a fold."""
        return len({row.line for row in experiment.rows.all()})


class ReportedSerializer(serializers.Serializer[Any]):
    """A row of the paper's Table 1: other data, by image, augmented before the split."""

    key = serializers.CharField()
    title = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of the row, not of DRF
    metrics = serializers.DictField(child=MetricSerializer())


class ExperimentDetailSerializer(ExperimentSerializer):
    """The live table: its rows in order, and every metric over them (null until a run is finished)."""

    rows = ExperimentRowSerializer(many=True, read_only=True)
    metrics = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()
    reported = serializers.SerializerMethodField()

    class Meta(ExperimentSerializer.Meta):
        fields = [*ExperimentSerializer.Meta.fields, "rows", "metrics", "warnings", "reported"]
        read_only_fields = fields

    def get_metrics(self, experiment: Experiment) -> MetricRowSerializer(many=True):  # type: ignore[valid-type]
        """By patient, one column per row."""
        from webapp.training.comparison import metric_table  # plotly and scikit-learn: not at every start

        return metric_table(runs_of(experiment), level="metrics")

    def get_warnings(self, experiment: Experiment) -> WarningSerializer(many=True):  # type: ignore[valid-type]
        """What to know before reading the numbers."""
        from webapp.training.comparison import warnings

        return list(warnings(runs_of(experiment)))

    def get_reported(self, experiment: Experiment) -> ReportedSerializer(many=True):  # type: ignore[valid-type]
        """The paper's rows for the presets that occur."""
        from webapp.training.experiment_tables import reported

        return reported(experiment)


class WantedRowSerializer(serializers.Serializer[Any]):
    """A preset, a specification, or a specification that began as a preset."""

    title = serializers.CharField(max_length=100, allow_blank=True, default="")
    preset = serializers.ChoiceField(choices=list(PRESETS), allow_blank=True, default="")
    spec = SpecField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        preset = PRESETS.get(attrs["preset"])
        if preset is not None:
            return {"title": preset.title, "spec": preset.spec} | {k: v for k, v in attrs.items() if v}
        if "spec" not in attrs:
            raise serializers.ValidationError({"spec": "Give a specification or a preset."})
        return {**attrs, "title": attrs["title"] or f"{attrs['spec'].architecture} network"}


class EstimateSerializer(serializers.Serializer[Any]):
    """An experiment that might be started. Folds, sites and an external dataset exclude each other."""

    dataset = serializers.PrimaryKeyRelatedField(queryset=DatasetVersion.objects.none())
    rows = WantedRowSerializer(many=True)
    folds = serializers.IntegerField(min_value=1, max_value=10, default=1)
    repeats = serializers.IntegerField(min_value=1, max_value=10, default=1)
    leave_one_site_out = serializers.BooleanField(default=False)
    external = serializers.PrimaryKeyRelatedField(
        queryset=DatasetVersion.objects.none(), allow_null=True, default=None
    )
    quick = serializers.BooleanField(default=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None and request.user.is_authenticated:
            datasets = DatasetVersion.objects.visible_to(request.user)
            fields["dataset"] = serializers.PrimaryKeyRelatedField(queryset=datasets)
            fields["external"] = serializers.PrimaryKeyRelatedField(
                queryset=datasets, allow_null=True, default=None
            )
        return fields


class StartSerializer(EstimateSerializer):
    """An experiment to start. ``runs`` are existing ones on the same dataset to put beside the new rows.

    ``protocol`` paper is put on every row; ``beside`` is an experiment under the other protocol.
    """

    name = serializers.CharField(max_length=120)
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")
    rows = WantedRowSerializer(many=True, default=list)
    runs = serializers.PrimaryKeyRelatedField(queryset=Run.objects.none(), many=True, default=list)
    protocol = serializers.ChoiceField(choices=PROTOCOL_CHOICES, default=Protocol.STRICT.value)
    beside = serializers.PrimaryKeyRelatedField(
        queryset=Experiment.objects.none(), allow_null=True, default=None
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None and request.user.is_authenticated:
            runs = Run.objects.visible_to(request.user).select_related("job")
            fields["runs"] = serializers.PrimaryKeyRelatedField(queryset=runs, many=True, default=list)
            fields["beside"] = serializers.PrimaryKeyRelatedField(
                queryset=Experiment.objects.visible_to(request.user), allow_null=True, default=None
            )
        return fields


class EstimatedLineSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    seconds = serializers.FloatField(allow_null=True)
    basis = serializers.ChoiceField(choices=["preset", "architecture", ""])


class EstimatedSerializer(serializers.Serializer[Any]):
    """``seconds`` is null while one of the lines has nothing to go by."""

    runs = serializers.IntegerField()
    seconds = serializers.FloatField(allow_null=True)
    lines = EstimatedLineSerializer(many=True)


class StageRowSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    stage = serializers.CharField()
    n = serializers.IntegerField(help_text="Patients")
    sensitivity = MetricSerializer()
    specificity = MetricSerializer()
    precision = MetricSerializer()
    auc = MetricSerializer()


class OperatingPointSerializer(serializers.Serializer[Any]):
    """A threshold a fold, each chosen on the fold's validation patients, applied to its tested ones."""

    title = serializers.CharField()
    stage = serializers.IntegerField()
    rule = serializers.ChoiceField(choices=["youden", "sensitivity_90"])
    thresholds = serializers.ListField(child=serializers.FloatField())
    folds_left_out = serializers.IntegerField()
    patients = serializers.IntegerField()
    sensitivity = MetricSerializer()
    specificity = MetricSerializer()
    positive_predictive_value = MetricSerializer()
    negative_predictive_value = MetricSerializer()
    accuracy = MetricSerializer()


class SiteResultSerializer(serializers.Serializer[Any]):
    """Each model's metrics on the tested patients of one site."""

    site = serializers.CharField()
    patients = serializers.IntegerField()
    models = serializers.DictField(child=serializers.DictField(child=MetricSerializer()))


class OptimismSerializer(serializers.Serializer[Any]):
    """One model and metric under both protocols; ``difference`` is paper minus strict."""

    model = serializers.CharField()
    metric = serializers.CharField()
    unit = serializers.ChoiceField(choices=["patient", "image"])
    strict = MetricSerializer()
    paper = MetricSerializer()
    difference = MetricSerializer()


class ResultsSerializer(serializers.Serializer[Any]):
    """What the complete lines say together; columns of ``metrics`` are ``titles``."""

    titles = serializers.ListField(child=serializers.CharField())
    lines = serializers.ListField(child=serializers.IntegerField(), help_text="Numbers of the lines in here")
    metrics = MetricRowSerializer(many=True)
    stages = StageRowSerializer(many=True)
    operating_points = OperatingPointSerializer(many=True)
    tests = PairedTestSerializer(many=True)
    paired_patients = serializers.IntegerField()
    serum = serializers.DictField(child=serializers.DictField(child=MetricSerializer()))
    by_site = SiteResultSerializer(many=True)
    sites_left_out = serializers.BooleanField(help_text="Each site is tested by models of the others")
    optimism = OptimismSerializer(many=True)
    notes = serializers.ListField(child=serializers.CharField())
    complete = serializers.IntegerField()
    total = serializers.IntegerField()
    figures = serializers.DictField(child=FigureSerializer())


def runs_of(experiment: Experiment) -> list[Run]:
    """Its runs in the order of the rows."""
    return [row.run for row in experiment.rows.all()]
