"""Experiments over HTTP: rows queued as runs, a table that fills up, the comparison, the exports."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.datasets.api import signed_in
from webapp.training import concealing, experiments
from webapp.training.estimates import estimate
from webapp.training.experiment_serializers import (
    EstimatedSerializer,
    EstimateSerializer,
    ExperimentDetailSerializer,
    ExperimentSerializer,
    ResultsSerializer,
    StartSerializer,
    runs_of,
)
from webapp.training.models import Experiment
from webapp.training.serializers import ComparisonSerializer, RunSerializer

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


class ExperimentFilter(django_filters.FilterSet):
    dataset = django_filters.UUIDFilter(field_name="dataset_id")

    class Meta:
        model = Experiment
        fields = ["dataset", "protocol"]


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
        fresh = self._discreet(self.get_queryset().get(pk=experiment.pk))
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

        return Response(as_answer(self._open()))

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

        content = experiment_file(self._open(), name)
        kept = f'attachment; filename="experiment-{str(pk)[:8]}-{name}"'
        return HttpResponse(content, content_type=FILE_TYPES[name], headers={"Content-Disposition": kept})

    @extend_schema(responses=ComparisonSerializer)
    @action(detail=True, methods=["get"])
    def comparison(self, request: Request, pk: str | None = None) -> Response:
        """All its runs beside each other, with figures and paired tests, as ``runs/compare`` gives them."""
        from webapp.training.comparison import compare

        runs = runs_of(self._open())
        return Response({"runs": RunSerializer(runs, many=True).data, **compare(runs)})

    @extend_schema(
        parameters=[OpenApiParameter("kind", OpenApiTypes.STR, "path", enum=list(TABLE_TYPES))],
        responses={(200, content_type): OpenApiTypes.STR for content_type in TABLE_TYPES.values()},
    )
    @action(detail=True, methods=["get"], url_path=r"table\.(?P<kind>csv|html|tex|json)")
    def table(self, request: Request, pk: str | None = None, kind: str = "csv") -> HttpResponse:
        """The table of the finished rows, the paper's beside them, to keep or to print."""
        from webapp.training.experiment_tables import table

        content = table(self._open(), kind)
        name = f'attachment; filename="experiment-{str(pk)[:8]}.{kind}"'
        if kind == "json":
            return JsonResponse(content, headers={"Content-Disposition": name})
        return HttpResponse(content, content_type=TABLE_TYPES[kind], headers={"Content-Disposition": name})

    def _open(self) -> Experiment:
        """The experiment, where its results tell who asks nothing of a patient to be read blindly."""
        experiment: Experiment = self.get_object()
        concealing.refuse_results(signed_in(self.request), *runs_of(experiment))
        return experiment

    def _discreet(self, experiment: Experiment) -> Experiment:
        """Its rows are lists already read, so the same objects are shown."""
        concealing.conceal_runs(runs_of(experiment), signed_in(self.request))
        return experiment

    def _detail(self) -> Response:
        return Response(ExperimentDetailSerializer(self._discreet(self.get_object())).data)
