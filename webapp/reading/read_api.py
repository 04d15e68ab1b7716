"""Blinded reads over HTTP.

What may be seen is asked of :mod:`webapp.reading.blinding`, here as everywhere.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.models import User
from webapp.accounts.permissions import SiteScoped, allowed, within_sites
from webapp.patients.api import PathologyStageSerializer, actor_of
from webapp.patients.models import Exam, PathologyStage
from webapp.reading import agreement, blinding, ranking, reads
from webapp.reading import read_serializers as shapes
from webapp.reading.models import Adjudication, Assignment, QualityRead, ReadKind, StageRead

ABSENT = "There is no such thing, or it belongs to another site."
EXAM = ("exam__patient__site",)
MOST_COMPARED = 200
KIND = OpenApiParameter("kind", OpenApiTypes.STR, enum=ReadKind.values, required=True)


def _exam(user: User, pk: Any) -> Exam:
    exams = within_sites(Exam.objects.select_related("patient__site"), user, "site")
    exam = exams.filter(pk=pk).first()
    if exam is None:
        raise serializers.ValidationError({"exam": [serializers.ErrorDetail(ABSENT, code="does_not_exist")]})
    return exam


def _people(user: User, ids: list[int]) -> list[User]:
    """Active people with these ids who share a site with ``user``."""
    found = list(colleagues(user).filter(pk__in=ids).prefetch_related("sites"))
    if len(found) != len(set(ids)):
        raise reads.ReaderRefused("One of these people does not exist here or is switched off.")
    return found


def colleagues(user: User) -> QuerySet[User]:
    people = User.objects.filter(is_active=True)
    if not user.is_administrator:
        people = people.filter(Q(sites__in=user.site_ids()) | Q(pk=user.pk)).distinct()
    return people.order_by("username")


def _kind(request: Request) -> str:
    kind = request.query_params.get("kind", "")
    if kind not in ReadKind.values:
        raise serializers.ValidationError({"kind": ["quality or stage"]})
    return kind


class AssignmentFilter(django_filters.FilterSet):
    done = django_filters.BooleanFilter(method="by_done", label="Read already?")
    mine = django_filters.BooleanFilter(method="by_mine", label="Given to who asks")
    withdrawn = django_filters.BooleanFilter(method="by_withdrawn", label="Taken back? Left out: no")

    class Meta:
        model = Assignment
        fields = ["kind", "exam", "reader", "done", "mine", "withdrawn"]

    def filter_queryset(self, queryset: QuerySet[Assignment]) -> QuerySet[Assignment]:
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("withdrawn") else rows.filter(withdrawn_at__isnull=True)

    def by_withdrawn(self, rows: QuerySet[Assignment], name: str, value: bool) -> QuerySet[Assignment]:
        return rows.filter(withdrawn_at__isnull=not value)

    def by_done(self, rows: QuerySet[Assignment], name: str, value: bool) -> QuerySet[Assignment]:
        return rows.filter(done_at__isnull=not value)

    def by_mine(self, rows: QuerySet[Assignment], name: str, value: bool) -> QuerySet[Assignment]:
        return rows.filter(reader=actor_of(self.request)) if value else rows


class AssignmentViewSet(SiteScoped, mixins.ListModelMixin, viewsets.GenericViewSet[Assignment]):
    """Who is to read what. Readers see what was given to them, researchers and administrators all."""

    resource = "read-assignments"
    site_path = "exam__site"
    queryset = Assignment.objects.select_related(*EXAM, "reader")
    serializer_class = shapes.AssignmentSerializer
    filterset_class = AssignmentFilter

    def get_queryset(self) -> QuerySet[Assignment]:
        rows = super().get_queryset()
        user = self.request.user
        if getattr(self, "swagger_fake_view", False) or allowed(user, self.resource, "create"):
            return rows
        return rows.filter(reader=actor_of(self.request))

    @extend_schema(request=shapes.AssignSerializer, responses={201: shapes.AssignedSerializer})
    def create(self, request: Request) -> Response:
        """Give exams to one or two readers: those named, or the oldest that the filter leaves."""
        wanted = shapes.AssignSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data, user = wanted.validated_data, actor_of(request)
        exams = within_sites(Exam.objects.select_related("patient__site"), user, "site").order_by(
            "created_at", "id"
        )
        if "exams" in data:
            exams = exams.filter(pk__in=data["exams"])
        else:
            if data.get("site"):
                exams = exams.filter(site__code=data["site"])
            if data["has_pair"]:
                exams = exams.filter(hf_count__gt=0, lf_count__gt=0)
            if data["unassigned"]:
                exams = exams.exclude(
                    pk__in=Assignment.objects.standing().filter(kind=data["kind"]).values("exam")
                )
            exams = exams.filter(image_count__gt=0)[: data["limit"]]
        made = reads.assign(
            exams=list(exams), kind=data["kind"], readers=_people(user, data["readers"]), actor=user,
            request=request,
        )  # fmt: skip
        answer = {"made": len(made), "exams": len({row.exam_id for row in made})}
        return Response(shapes.AssignedSerializer(answer).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={200: shapes.AssignmentSerializer})
    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Take an exam back from a reader who has not read it."""
        row = reads.withdraw(assignment=self.get_object(), actor=actor_of(request), request=request)
        return Response(shapes.AssignmentSerializer(row).data)

    @extend_schema(request=None, responses={200: shapes.AssignmentSerializer}, filters=False)
    @action(detail=True, methods=["post"], filterset_class=None)
    def restore(self, request: Request, pk: str | None = None) -> Response:
        """Give an exam back to the reader whom it was taken from; 409 where two others read it by now."""
        row = reads.restore(assignment=self.get_object(), actor=actor_of(request), request=request)
        return Response(shapes.AssignmentSerializer(row).data)

    @extend_schema(responses=shapes.ReaderSerializer(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None, filterset_class=None)
    def readers(self, request: Request) -> Response:
        """People who may be given something to read."""
        people = colleagues(actor_of(request))
        waiting = Assignment.objects.open().order_by().values("reader").annotate(number=Count("pk"))
        counts = dict(waiting.values_list("reader", "number"))
        rows = []
        for person in people:
            person.open = counts.get(person.pk, 0)  # type: ignore[attr-defined]
            rows.append(person)
        return Response(shapes.ReaderSerializer(rows, many=True).data)

    @extend_schema(
        parameters=[shapes.QueueRequestSerializer], responses=shapes.QueueSerializer, filters=False
    )
    @action(detail=False, methods=["get"], pagination_class=None, filterset_class=None)
    def queue(self, request: Request) -> Response:
        """What I have to read, in the wanted order."""
        wanted = shapes.QueueRequestSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        user = actor_of(request)
        rows = ranking.queue_of(user, **wanted.validated_data)
        mine = Assignment.objects.standing().filter(reader=user, kind=wanted.validated_data["kind"])
        answer = {"open": len(rows), "done": mine.filter(done_at__isnull=False).count(), "rows": rows[:200]}
        return Response(shapes.QueueSerializer(answer).data)

    @extend_schema(responses=shapes.KindProgressSerializer(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None, filterset_class=None)
    def progress(self, request: Request) -> Response:
        """How far the reads are. Disagreements are counted over what the one who asks may compare."""
        user, found = actor_of(request), []
        for kind in ReadKind.values:
            rows = within_sites(Assignment.objects.standing().filter(kind=kind), user, "exam__site")
            pairs = agreement.pairs_of_reads(kind, user)
            settled = set(
                blinding.visible_adjudications(user).filter(kind=kind).values_list("exam_id", flat=True)
            )
            differ = {a.exam_id for a, b in pairs if reads.answer_of(a) != reads.answer_of(b)}
            found.append(
                {
                    "kind": kind,
                    "assigned_exams": rows.values("exam").distinct().count(),
                    "assignments": rows.count(),
                    "done": rows.filter(done_at__isnull=False).count(),
                    "both_locked": len(pairs),
                    "disagree": len(differ - settled),
                    "adjudicated": len(settled),
                }
            )
        return Response(shapes.KindProgressSerializer(found, many=True).data)


class QualityReadViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[QualityRead]
):
    """Quality reads that the one who asks may see."""

    resource = "quality-reads"
    queryset = QualityRead.objects.select_related(*EXAM, "reader")
    serializer_class = shapes.QualityReadSerializer
    filterset_fields = ["exam", "quality", "reader"]

    def get_queryset(self) -> QuerySet[QualityRead]:
        if getattr(self, "swagger_fake_view", False):
            return QualityRead.objects.none()
        return blinding.visible_reads(super().get_queryset(), actor_of(self.request))

    @extend_schema(request=shapes.LockQualitySerializer, responses={201: shapes.QualityReadSerializer})
    def create(self, request: Request) -> Response:
        """Lock one's read of an exam's quality."""
        wanted = shapes.LockQualitySerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data, user = wanted.validated_data, actor_of(request)
        row = reads.lock_quality(exam=_exam(user, data.pop("exam")), reader=user, request=request, **data)
        return Response(shapes.QualityReadSerializer(row).data, status=status.HTTP_201_CREATED)


class StageReadViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[StageRead]):
    """Stage reads that the one who asks may see."""

    resource = "stage-reads"
    queryset = StageRead.objects.select_related(*EXAM, "reader")
    serializer_class = shapes.StageReadSerializer
    filterset_fields = ["exam", "stage", "reader"]

    def get_queryset(self) -> QuerySet[StageRead]:
        if getattr(self, "swagger_fake_view", False):
            return StageRead.objects.none()
        return blinding.visible_reads(super().get_queryset(), actor_of(self.request))

    @extend_schema(request=shapes.LockStageSerializer, responses={201: shapes.StageReadSerializer})
    def create(self, request: Request) -> Response:
        """Lock one's read of an exam's stage."""
        wanted = shapes.LockStageSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data, user = wanted.validated_data, actor_of(request)
        row = reads.lock_stage(exam=_exam(user, data.pop("exam")), reader=user, request=request, **data)
        return Response(shapes.StageReadSerializer(row).data, status=status.HTTP_201_CREATED)


class AdjudicationViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Adjudication]
):
    """Disagreements that were settled, and those that wait."""

    resource = "adjudications"
    queryset = Adjudication.objects.all()
    serializer_class = shapes.AdjudicationSerializer
    filterset_fields = ["exam", "kind"]

    def get_queryset(self) -> QuerySet[Adjudication]:
        if getattr(self, "swagger_fake_view", False):
            return Adjudication.objects.none()
        rows = blinding.visible_adjudications(actor_of(self.request))
        return rows.select_related(*EXAM, "recorded_by").prefetch_related("participants")

    @extend_schema(request=shapes.AdjudicateSerializer, responses={201: shapes.AdjudicationSerializer})
    def create(self, request: Request) -> Response:
        """Settle a disagreement."""
        wanted = shapes.AdjudicateSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data, user = wanted.validated_data, actor_of(request)
        exam = _exam(user, data["exam"])
        if not blinding.both_locked(data["kind"], user).filter(pk=exam.pk).exists():
            raise reads.NothingToSettle("Both readers have to lock their reads first, and so do you.")
        row = reads.adjudicate(
            exam=exam, kind=data["kind"], answer=data.get(data["kind"]), settling=data["settling"],
            participants=_people(user, sorted({*data.get("participants", []), user.pk})), actor=user,
            note=data["note"], request=request,
        )  # fmt: skip
        return Response(shapes.AdjudicationSerializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[KIND, OpenApiParameter("waiting", bool, description="Only what is to be settled")],
        responses=shapes.ComparedSerializer(many=True), filters=False,
    )  # fmt: skip
    @action(detail=False, methods=["get"], pagination_class=None, filterset_fields=None)
    def compared(self, request: Request) -> Response:
        """Exams with both locked reads beside each other; at most 200, those to be settled first."""
        kind, user = _kind(request), actor_of(request)
        settled = {row.exam_id: row for row in self.get_queryset().filter(kind=kind)}
        rows = [
            {
                "exam": first.exam,
                "answers": [_answer(first), _answer(second)],
                "agree": reads.answer_of(first) == reads.answer_of(second),
                "adjudication": settled.get(first.exam_id),
            }
            for first, second in agreement.pairs_of_reads(kind, user)
        ]
        rows.sort(key=lambda row: (row["agree"], row["adjudication"] is not None))
        if request.query_params.get("waiting", "").lower() in {"true", "1"}:
            rows = [row for row in rows if not row["agree"] and row["adjudication"] is None]
        shown = rows[:MOST_COMPARED]
        recorded = _recorded([row["exam"] for row in shown]) if kind == ReadKind.STAGE else {}
        for row in shown:
            row["recorded"] = recorded.get(row["exam"].pk, [])
        return Response(shapes.ComparedSerializer(shown, many=True).data)

    @extend_schema(
        parameters=[KIND, OpenApiParameter("site", OpenApiTypes.STR, description="Code of a site")],
        responses=shapes.AgreementSerializer, filters=False,
    )  # fmt: skip
    @action(detail=False, methods=["get"], pagination_class=None, filterset_fields=None)
    def agreement(self, request: Request) -> Response:
        """Percent agreement, kappa with its interval, and the table of answers."""
        found = agreement.agreement_of(_kind(request), actor_of(request), request.query_params.get("site"))
        return Response(shapes.AgreementSerializer(found).data)

    @extend_schema(
        request=shapes.RecordConsensusSerializer, responses={201: PathologyStageSerializer}, filters=False
    )
    @action(detail=False, methods=["post"], url_path="record-stage", filterset_fields=None)
    def record_stage(self, request: Request) -> Response:
        """Make the readers' consensus the stage of the exam; a biopsy's is replaced only when that is
        said.
        """
        wanted = shapes.RecordConsensusSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        user = actor_of(request)
        exam = _exam(user, wanted.validated_data["exam"])
        if not blinding.both_locked(ReadKind.STAGE, user).filter(pk=exam.pk).exists():
            raise reads.NoConsensusStage("The readers have not agreed on a stage of this exam.")
        row = reads.record_consensus_stage(
            exam=exam, actor=user, replace=wanted.validated_data["replace"], request=request
        )
        return Response(PathologyStageSerializer(row).data, status=status.HTTP_201_CREATED)


def _recorded(exams: list[Exam]) -> dict[Any, list[PathologyStage]]:
    """What is and was recorded as the stage of each exam: its own first, then its patient's, newest first."""
    rows = PathologyStage.objects.filter(patient__in={exam.patient_id for exam in exams})
    found: dict[Any, list[PathologyStage]] = {exam.pk: [] for exam in exams}
    for row in rows.select_related("recorded_by").order_by("-recorded_at", "-pk"):
        for exam in exams:
            if exam.patient_id == row.patient_id and row.exam_id in (None, exam.pk):
                found[exam.pk].append(row)
    for own in found.values():
        own.sort(key=lambda row: (row.superseded_at is not None, row.exam_id is None))
    return found


def _answer(read: Any) -> dict[str, Any]:
    return {
        "reader": read.reader.display_name,
        "reader_id": read.reader_id,
        "quality": getattr(read, "quality", None),
        "reasons": getattr(read, "reasons", []),
        "stage": getattr(read, "stage", None),
        "note": read.note,
    }
