"""Experiments over HTTP: rows queued as runs, a table that fills up, the comparison, the exports."""

from __future__ import annotations

from collections import Counter
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ml.spec.presets import PRESETS
from webapp.datasets.api import signed_in
from webapp.datasets.models import DatasetVersion
from webapp.training import experiments
from webapp.training.estimates import estimate
from webapp.training.models import Experiment, ExperimentRow, Run
from webapp.training.serializers import (
    ComparisonSerializer,
    FigureSerializer,
    MetricRowSerializer,
    MetricSerializer,
    PairedTestSerializer,
    RunSerializer,
    WarningSerializer,
)
from webapp.training.specs import SpecField

TABLE_TYPES = {
    "csv": "text/csv",
    "html": "text/html",
    "tex": "application/x-tex",
    "json": "application/json",
}

FILE_TYPES = {
    "table2.csv": "text/csv",
    "table2.tex": "application/x-tex",
    "operating_points.csv": "text/csv",
    "significance.csv": "text/csv",
    "predictions.csv": "text/csv",
    "metrics.json": "application/json",
    "report.html": "text/html",
}


class ExperimentRowSerializer(serializers.ModelSerializer[ExperimentRow]):
    run = RunSerializer(read_only=True)

    class Meta:
        model = ExperimentRow
        fields = ["position", "line", "repeat", "fold", "title", "run"]
        read_only_fields = fields


class ExperimentSerializer(serializers.ModelSerializer[Experiment]):
    """``states`` counts the runs by state."""

    dataset_name = serializers.CharField(source="dataset.__str__", read_only=True)
    simulated = serializers.BooleanField(source="dataset.simulated", read_only=True)
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

        return metric_table(_runs(experiment), level="metrics")

    def get_warnings(self, experiment: Experiment) -> WarningSerializer(many=True):  # type: ignore[valid-type]
        """What to know before reading the numbers."""
        from webapp.training.comparison import warnings

        return list(warnings(_runs(experiment)))

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


class StartSerializer(serializers.Serializer[Any]):
    """An experiment to start. ``runs`` are existing ones on the same dataset to put beside the new rows."""

    name = serializers.CharField(max_length=120)
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")
    dataset = serializers.PrimaryKeyRelatedField(queryset=DatasetVersion.objects.none())
    rows = WantedRowSerializer(many=True, default=list)
    runs = serializers.PrimaryKeyRelatedField(queryset=Run.objects.none(), many=True, default=list)
    folds = serializers.IntegerField(min_value=1, max_value=10, default=1)
    repeats = serializers.IntegerField(min_value=1, max_value=10, default=1)
    quick = serializers.BooleanField(default=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None and request.user.is_authenticated:
            datasets = DatasetVersion.objects.visible_to(request.user)
            fields["dataset"] = serializers.PrimaryKeyRelatedField(queryset=datasets)
            runs = Run.objects.visible_to(request.user).select_related("job")
            fields["runs"] = serializers.PrimaryKeyRelatedField(queryset=runs, many=True, default=list)
        return fields


class EstimateSerializer(serializers.Serializer[Any]):
    """An experiment that might be started."""

    dataset = serializers.PrimaryKeyRelatedField(queryset=DatasetVersion.objects.none())
    rows = WantedRowSerializer(many=True)
    folds = serializers.IntegerField(min_value=1, max_value=10, default=1)
    repeats = serializers.IntegerField(min_value=1, max_value=10, default=1)
    quick = serializers.BooleanField(default=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None and request.user.is_authenticated:
            datasets = DatasetVersion.objects.visible_to(request.user)
            fields["dataset"] = serializers.PrimaryKeyRelatedField(queryset=datasets)
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
    notes = serializers.ListField(child=serializers.CharField())
    complete = serializers.IntegerField()
    total = serializers.IntegerField()
    figures = serializers.DictField(child=FigureSerializer())


class ExperimentFilter(django_filters.FilterSet):
    dataset = django_filters.UUIDFilter(field_name="dataset_id")

    class Meta:
        model = Experiment
        fields = ["dataset"]


class ExperimentViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Experiment]
):
    """Sets of runs that are compared: the rows of the paper's Table 1, or one's own."""

    resource = "experiments"
    queryset = Experiment.objects.all()
    serializer_class = ExperimentSerializer
    filterset_class = ExperimentFilter

    def get_queryset(self) -> QuerySet[Experiment]:
        if getattr(self, "swagger_fake_view", False):
            return Experiment.objects.none()
        return Experiment.objects.visible_to(signed_in(self.request)).with_rows()

    @extend_schema(responses=ExperimentDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The live table."""
        return self._detail()

    @extend_schema(request=StartSerializer, responses={201: ExperimentDetailSerializer})
    def create(self, request: Request) -> Response:
        """Queue every row as a run, in order."""
        body = StartSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        rows = [experiments.WantedRow(**row) for row in wanted.pop("rows")]
        experiment = experiments.start(**wanted, rows=rows, actor=signed_in(request), request=request)
        fresh = self.get_queryset().get(pk=experiment.pk)
        return Response(ExperimentDetailSerializer(fresh).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=ExperimentDetailSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Stop every run that is queued or running."""
        experiments.cancel(experiment=self.get_object(), actor=signed_in(request), request=request)
        return self._detail()

    @extend_schema(request=None, responses=ExperimentDetailSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str | None = None) -> Response:
        """Queue every failed or cancelled run again."""
        experiments.resume(experiment=self.get_object(), actor=signed_in(request), request=request)
        return self._detail()

    @extend_schema(request=EstimateSerializer, responses=EstimatedSerializer)
    @action(detail=False, methods=["post"])
    def estimate(self, request: Request) -> Response:
        """What an experiment would cost, from the finished runs of this machine. Starts nothing."""
        body = EstimateSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        rows = [experiments.WantedRow(**row) for row in wanted.pop("rows")]
        return Response(estimate(**wanted, rows=rows))

    @extend_schema(responses=ResultsSerializer)
    @action(detail=True, methods=["get"])
    def results(self, request: Request, pk: str | None = None) -> Response:
        """The assessment of the complete lines: metrics, stages, thresholds, paired tests, figures."""
        from webapp.training.experiment_results import as_answer

        return Response(as_answer(self.get_object()))

    @extend_schema(
        parameters=[OpenApiParameter("name", OpenApiTypes.STR, "path", enum=list(FILE_TYPES))],
        responses={
            (200, content_type): OpenApiTypes.STR for content_type in sorted(set(FILE_TYPES.values()))
        },
    )
    @action(
        detail=True,
        methods=["get"],
        url_path=rf"files/(?P<name>{'|'.join(name.replace('.', '[.]') for name in FILE_TYPES)})",
    )
    def files(self, request: Request, pk: str | None = None, name: str = "") -> HttpResponse:
        """Stages, thresholds, tests, predictions, metrics and the offline report (409 while empty)."""
        from webapp.training.experiment_tables import experiment_file

        content = experiment_file(self.get_object(), name)
        kept = f'attachment; filename="experiment-{str(pk)[:8]}-{name}"'
        return HttpResponse(content, content_type=FILE_TYPES[name], headers={"Content-Disposition": kept})

    @extend_schema(responses=ComparisonSerializer)
    @action(detail=True, methods=["get"])
    def comparison(self, request: Request, pk: str | None = None) -> Response:
        """All its runs beside each other, with figures and paired tests, as ``runs/compare`` gives them."""
        from webapp.training.comparison import compare

        runs = _runs(self.get_object())
        return Response({"runs": RunSerializer(runs, many=True).data, **compare(runs)})

    @extend_schema(
        parameters=[OpenApiParameter("kind", OpenApiTypes.STR, "path", enum=list(TABLE_TYPES))],
        responses={(200, content_type): OpenApiTypes.STR for content_type in TABLE_TYPES.values()},
    )
    @action(detail=True, methods=["get"], url_path=r"table\.(?P<kind>csv|html|tex|json)")
    def table(self, request: Request, pk: str | None = None, kind: str = "csv") -> HttpResponse:
        """The table of the finished rows, the paper's beside them, to keep or to print."""
        from webapp.training.experiment_tables import table

        content = table(self.get_object(), kind)
        name = f'attachment; filename="experiment-{str(pk)[:8]}.{kind}"'
        if kind == "json":
            return JsonResponse(content, headers={"Content-Disposition": name})
        return HttpResponse(content, content_type=TABLE_TYPES[kind], headers={"Content-Disposition": name})

    def _detail(self) -> Response:
        return Response(ExperimentDetailSerializer(self.get_object()).data)


def _runs(experiment: Experiment) -> list[Run]:
    return [row.run for row in experiment.rows.all()]
