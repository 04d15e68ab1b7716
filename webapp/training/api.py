"""Runs and models over HTTP."""

from __future__ import annotations

import tempfile
import uuid
from typing import Any

import django_filters
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from webapp import spool
from webapp.audit import services as audit
from webapp.datasets.api import signed_in
from webapp.imaging.archives import as_file
from webapp.jobs.models import Job, JobState
from webapp.sending import FileInPieces
from webapp.training import concealing, services, specs
from webapp.training.exchange import import_model, write_archive
from webapp.training.experiment_api import ExperimentViewSet
from webapp.training.models import Alias, ModelVersion, Run
from webapp.training.serializers import (
    AliasNameSerializer,
    AliasSerializer,
    ArrivalSerializer,
    ComparisonSerializer,
    DisagreementSerializer,
    FormSerializer,
    ImportSerializer,
    LaunchSerializer,
    ModelDetailSerializer,
    ModelSerializer,
    RunDetailSerializer,
    RunFiguresSerializer,
    RunSerializer,
)

IDS = OpenApiParameter("ids", OpenApiTypes.STR, required=True, description="Ids, separated by commas")
COMPARISON_FILES = {
    "metrics.csv": "text/csv",
    "metrics.tex": "application/x-tex",
    "patients.csv": "text/csv",
}


class RunFilter(django_filters.FilterSet):
    dataset = django_filters.UUIDFilter(field_name="dataset_id")
    state = django_filters.MultipleChoiceFilter(field_name="job__state", choices=JobState.choices)
    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains")

    class Meta:
        model = Run
        fields = ["dataset", "state", "preset", "protocol", "architecture"]


class RunViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Run]):
    """Trainings. Watch one live through its job's events."""

    resource = "runs"
    queryset = Run.objects.all()
    serializer_class = RunSerializer
    filterset_class = RunFilter

    def get_queryset(self) -> QuerySet[Run]:
        if getattr(self, "swagger_fake_view", False):
            return Run.objects.none()
        return Run.objects.visible_to(signed_in(self.request)).with_rows()

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        return None if page is None else concealing.conceal_runs(page, signed_in(self.request))

    @extend_schema(responses=RunDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A run with its job, metrics and record."""
        (run,) = concealing.conceal_runs([self.get_object()], signed_in(request))
        return Response(RunDetailSerializer(run).data)

    @extend_schema(request=LaunchSerializer, responses={201: RunSerializer})
    def create(self, request: Request) -> Response:
        """Queue a training. Unknown fields of the specification are errors, named in ``errors``."""
        body = LaunchSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        run = services.launch_run(**body.validated_data, actor=signed_in(request), request=request)
        return Response(RunSerializer(run).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=FormSerializer, filters=False)
    @action(detail=False, methods=["get"], pagination_class=None, url_path="schema")
    def form(self, request: Request) -> Response:
        """The launch form's JSON Schema and the presets."""
        return Response(specs.form())

    @extend_schema(request=None, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Stop within a batch or so; the last checkpoint stays."""
        run = services.cancel_run(run=self.get_object(), actor=signed_in(request), request=request)
        return Response(RunSerializer(concealing.conceal_runs([run], signed_in(request))[0]).data)

    @extend_schema(request=None, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str | None = None) -> Response:
        """Queue a failed or cancelled run again; it goes on from its last checkpoint."""
        run = services.resume_run(run=self.get_object(), actor=signed_in(request), request=request)
        return Response(RunSerializer(concealing.conceal_runs([run], signed_in(request))[0]).data)

    @extend_schema(responses=RunFiguresSerializer)
    @action(detail=True, methods=["get"])
    def figures(self, request: Request, pk: str | None = None) -> Response:
        """``roc``, ``confusion`` and ``learning_curve`` as Plotly JSON; unfinished: the curve so far."""
        from webapp.training.outcomes import run_figures  # plotly and scikit-learn: not at every start

        run = self.get_object()
        concealing.refuse_results(signed_in(request), run)
        return Response(run_figures(run))

    @extend_schema(
        parameters=[
            OpenApiParameter("ids", OpenApiTypes.STR, required=True, description="Ids, separated by commas")
        ],
        responses=ComparisonSerializer,
        filters=False,
    )
    @action(detail=False, methods=["get"], pagination_class=None)
    def compare(self, request: Request) -> Response:
        """Any number of runs beside each other: parameters, metrics with intervals, figures, warnings."""
        from webapp.training.comparison import compare

        runs = self._runs(request.query_params.get("ids", ""))
        return Response({"runs": RunSerializer(runs, many=True).data, **compare(runs)})

    @extend_schema(parameters=[IDS], responses=DisagreementSerializer, filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def disagreement(self, request: Request) -> Response:
        """What each run called each test patient, the images behind it, and decision curves."""
        from webapp.training.disagreement import decision_figures, disagreement

        runs = self._runs(request.query_params.get("ids", ""))
        found = disagreement(runs, signed_in(request))
        return Response({**found, "decision": decision_figures(runs)})

    @extend_schema(
        operation_id="runs_compare_file",
        parameters=[IDS, OpenApiParameter("name", OpenApiTypes.STR, "path", enum=list(COMPARISON_FILES))],
        responses={
            (200, content_type): OpenApiTypes.STR for content_type in sorted(set(COMPARISON_FILES.values()))
        },
        filters=False,
    )
    @action(
        detail=False,
        methods=["get"],
        pagination_class=None,
        url_path=r"compare/(?P<name>metrics[.]csv|metrics[.]tex|patients[.]csv)",
    )
    def comparison_file(self, request: Request, name: str = "") -> HttpResponse:
        """The comparison to keep: metrics as CSV or LaTeX, or every patient as CSV."""
        from webapp.training.disagreement import metrics_sheet, patients_csv

        runs = self._runs(request.query_params.get("ids", ""))
        if name == "patients.csv":
            content = patients_csv(runs, signed_in(request))
        else:
            sheet = metrics_sheet(runs)
            content = sheet.as_csv() if name == "metrics.csv" else sheet.as_tex()
        kept = f'attachment; filename="comparison-{name}"'
        return HttpResponse(
            content, content_type=COMPARISON_FILES[name], headers={"Content-Disposition": kept}
        )

    def _runs(self, text: str) -> list[Run]:
        """The runs named, in the order named; one that is not visible is as one that is not there."""
        try:
            ids = list(dict.fromkeys(uuid.UUID(part.strip()) for part in text.split(",") if part.strip()))
        except ValueError:
            raise serializers.ValidationError({"ids": "Send ids of runs, separated by commas."}) from None
        found = self.get_queryset().in_bulk(ids)
        unknown = [str(pk) for pk in ids if pk not in found]
        if unknown or not ids:
            raise serializers.ValidationError(
                {"ids": f"No such run: {', '.join(unknown) or 'none was named'}."}
            )
        concealing.refuse_results(signed_in(self.request), *found.values())
        return [found[pk] for pk in ids]

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    @action(detail=True, methods=["get"], url_path="predictions.csv")
    def predictions(self, request: Request, pk: str | None = None) -> FileInPieces:
        """Every prediction on the test part, from which anyone can compute the metrics again."""
        return self._file("predictions.csv", "text/csv")

    @extend_schema(responses={200: OpenApiResponse(OpenApiTypes.OBJECT)})
    @action(detail=True, methods=["get"], url_path="metrics.json")
    def metrics_file(self, request: Request, pk: str | None = None) -> FileInPieces:
        """Every metric by patient, by image and by stage, as the training wrote them."""
        return self._file("metrics.json", "application/json")

    def _file(self, name: str, content_type: str) -> FileInPieces:
        from webapp.training.outcomes import run_file

        run = self.get_object()
        concealing.refuse_results(signed_in(self.request), run)
        return FileInPieces(
            run_file(run, name).open("rb"),
            as_attachment=True,
            filename=f"{str(run.pk)[:8]}-{name}",
            content_type=content_type,
        )


class ModelFilter(django_filters.FilterSet):
    alias = django_filters.CharFilter(method="held")

    class Meta:
        model = ModelVersion
        fields = ["architecture", "protocol"]

    def held(self, queryset: QuerySet[ModelVersion], name: str, value: str) -> QuerySet[ModelVersion]:
        return queryset.filter(aliases__in=Alias.objects.current().filter(name=value))


class ModelViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ModelVersion]):
    """The registry. Models hold no patient's data, so everybody sees all of them."""

    resource = "models"
    queryset = ModelVersion.objects.all()
    serializer_class = ModelSerializer
    filterset_class = ModelFilter

    def get_queryset(self) -> QuerySet[ModelVersion]:
        history = Prefetch("aliases", Alias.objects.select_related("model", "set_by").order_by("-set_at"))
        related = ModelVersion.objects.select_related(
            "run__dataset", "run__external", "evaluated_on", "imported_by"
        )
        return related.prefetch_related(history)

    def paginate_queryset(self, queryset: Any) -> Any:
        page = super().paginate_queryset(queryset)
        if page is not None:
            concealing.conceal_models(page, signed_in(self.request))
        return page

    @extend_schema(responses=ModelDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A model with its card, specification and alias history."""
        return self._detail(self.get_object())

    def _detail(self, model: ModelVersion) -> Response:
        concealing.conceal_models([model], signed_in(self.request))
        return Response(ModelDetailSerializer(model).data)

    @extend_schema(request=AliasNameSerializer, responses=ModelDetailSerializer)
    @action(detail=True, methods=["post"])
    def promote(self, request: Request, pk: str | None = None) -> Response:
        """Give the model an alias. Barred for protocol ``paper`` and without a strict evaluation (409)."""
        services.promote(
            model=self.get_object(), alias=_alias(request), actor=signed_in(request), request=request
        )
        return self._detail(self.get_object())

    @extend_schema(request=AliasNameSerializer, responses=ModelDetailSerializer)
    @action(detail=False, methods=["post"])
    def rollback(self, request: Request) -> Response:
        """Give an alias back to whoever held it before; answers with that model."""
        model = services.roll_back(alias=_alias(request), actor=signed_in(request), request=request)
        return self._detail(self.get_queryset().get(pk=model.pk))

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def export(self, request: Request, pk: str | None = None) -> FileInPieces:
        """The model folder as a zip: model.safetensors, model.json, card.md. Nothing in it is a patient's."""
        model = self.get_object()
        concealing.refuse_results(signed_in(request), model)  # its card tells them
        sink = tempfile.TemporaryFile(dir=spool.folder())  # noqa: SIM115 (closed by the response)
        write_archive(model, sink)
        sink.seek(0)
        audit.record(actor=signed_in(request), action="model.exported", object=model, request=request)
        return FileInPieces(sink, as_attachment=True, filename=f"model-{model.sha256[:12]}.zip")

    @extend_schema(request={"multipart/form-data": ImportSerializer}, responses={202: ArrivalSerializer})
    @action(detail=False, methods=["post"], url_path="import", parser_classes=[MultiPartParser])
    def import_(self, request: Request) -> Response:
        """Take in a model's zip. It is loaded and evaluated on a dataset of yours before it is registered."""
        body = ImportSerializer(data=request.data, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        file: UploadedFile = wanted["file"]
        data = spool.content_of(file)
        with as_file(data) as archive:
            arrival = import_model(
                archive=archive,
                dataset=wanted["dataset"],
                name=wanted["name"],
                actor=signed_in(request),
                request=request,
            )
        job = Job.objects.with_queue_position().get(pk=arrival.job.pk)
        answer = ArrivalSerializer({"job": job, "model": arrival.model})
        return Response(answer.data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses=AliasSerializer(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def aliases(self, request: Request) -> Response:
        """Who holds which alias, and who held it before; newest first."""
        history = Alias.objects.select_related("model", "set_by").order_by("-set_at")[:200]
        return Response(AliasSerializer(history, many=True).data)


def _alias(request: Request) -> str:
    body = AliasNameSerializer(data=request.data)
    body.is_valid(raise_exception=True)
    return str(body.validated_data["alias"])


ROUTES = [
    ("runs", RunViewSet, "run"),
    ("models", ModelViewSet, "model"),
    ("experiments", ExperimentViewSet, "experiment"),
]
