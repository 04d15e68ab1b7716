"""Dataset versions over HTTP: what a freeze would hold, freezing, looking, the patients inside."""

from __future__ import annotations

from typing import Any, cast

import django_filters
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ml.spec import Split, Stage
from ml.spec.crop import REGION
from webapp.accounts.models import Site, User
from webapp.datasets import cropping, hiding, services
from webapp.datasets.auditing import read_report
from webapp.datasets.models import DatasetMember, DatasetState, DatasetVersion
from webapp.datasets.selection import select
from webapp.patients import veil
from webapp.whole_numbers import whole_number


class SiteRefSerializer(serializers.ModelSerializer[Site]):
    class Meta:
        model = Site
        fields = ["id", "code", "name"]


class SizeSerializer(serializers.Serializer[Any]):
    patients = serializers.IntegerField()
    images = serializers.IntegerField(help_text="Pictures: a cine counts as many as the frames used of it")


class StageCountsSerializer(serializers.Serializer[Any]):
    """Patients of each stage."""

    S0 = serializers.IntegerField()
    S1 = serializers.IntegerField()
    S2 = serializers.IntegerField()
    S3 = serializers.IntegerField()
    S4 = serializers.IntegerField()


class SplitCountsSerializer(serializers.Serializer[Any]):
    """Patients of each stage in each part; the parts share no patient."""

    train = StageCountsSerializer()
    validation = StageCountsSerializer()
    test = StageCountsSerializer()


class FlowStepSerializer(SizeSerializer):
    """A box of the STARD flow diagram. Assessed minus all excluded is included."""

    step = serializers.CharField(help_text="'assessed', 'included', or the reason of an exclusion")
    excluded = serializers.BooleanField()
    remedy = serializers.CharField(allow_blank=True)
    examples = serializers.ListField(child=serializers.CharField(), help_text="Up to 20 pseudonyms")


class CropSerializer(serializers.Serializer[Any]):
    """What of a frame the pictures show."""

    kind = serializers.ChoiceField(choices=["region", "liver"])
    segmenter = serializers.CharField(allow_blank=True, help_text="SHA-256 of its weights")
    margin = serializers.FloatField()


class CountsSerializer(serializers.Serializer[Any]):
    total = SizeSerializer(required=False)
    by_stage = StageCountsSerializer(required=False)
    by_split = SplitCountsSerializer(required=False)
    by_site = serializers.DictField(child=StageCountsSerializer(), required=False)
    by_band = serializers.DictField(child=serializers.IntegerField(), required=False)
    flow = FlowStepSerializer(many=True, required=False)
    crop = CropSerializer(required=False)
    liver_found = serializers.IntegerField(
        required=False, help_text="Pictures that show the liver; the others show the region"
    )


class ObstacleSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    remedy = serializers.CharField()


class PreviewSerializer(CountsSerializer):
    """What a freeze would hold now. ``obstacles`` is empty when it would be accepted."""

    simulated = serializers.BooleanField()
    sites = SiteRefSerializer(many=True)
    obstacles = ObstacleSerializer(many=True)
    hidden = serializers.IntegerField(help_text="Patients left out because you are to read them blindly")


class AuditExampleSerializer(serializers.Serializer[Any]):
    """Two pictures that are one."""

    images = serializers.ListField(child=serializers.CharField())
    patients = serializers.ListField(child=serializers.CharField(), help_text="Pseudonyms")
    parts = serializers.ListField(child=serializers.CharField())
    correlation = serializers.FloatField()


class AuditFindingSerializer(serializers.Serializer[Any]):
    """One answer of the intake audit, with its effect size and permutation test."""

    code = serializers.ChoiceField(
        ["exact-duplicates", "near-duplicates", "labels-follow-order", "labels-drift", "confounded"]
    )
    severity = serializers.ChoiceField(["fine", "notice", "warning"])
    subject = serializers.CharField(allow_blank=True, help_text="The attribute asked about")
    message = serializers.CharField()
    remedy = serializers.CharField(allow_blank=True)
    measure = serializers.CharField(allow_blank=True)
    effect = serializers.FloatField(allow_null=True)
    expected = serializers.FloatField(allow_null=True)
    p = serializers.FloatField(allow_null=True)
    count = serializers.IntegerField()
    table = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))
    examples = AuditExampleSerializer(many=True)


class AuditReportSerializer(serializers.Serializer[Any]):
    dataset_hash = serializers.CharField()
    simulated = serializers.BooleanField()
    patients = serializers.IntegerField()
    images = serializers.IntegerField()
    findings = AuditFindingSerializer(many=True)


class DatasetSerializer(serializers.ModelSerializer[DatasetVersion]):
    """``hidden``: patients whom who asks is to read blindly; the counts by stage leave them out."""

    counts = serializers.SerializerMethodField()
    hidden = serializers.SerializerMethodField()
    sites = SiteRefSerializer(many=True, read_only=True)
    failure = ObstacleSerializer(read_only=True, allow_null=True)
    created_by = serializers.CharField(
        source="created_by.display_name", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = DatasetVersion
        fields = [
            "id",
            "name",
            "version",
            "note",
            "state",
            "failure",
            "hash",
            "split_seed",
            "counts",
            "hidden",
            "simulated",
            "sites",
            "job",
            "created_by",
            "created_at",
            "frozen_at",
        ]
        read_only_fields = fields

    @extend_schema_field(CountsSerializer)
    def get_counts(self, version: DatasetVersion) -> dict[str, Any]:
        hidden = self._hidden(version)
        return dict(CountsSerializer(hiding.counts_without(version.counts, hidden)).data)

    def get_hidden(self, version: DatasetVersion) -> int:
        return len(self._hidden(version))

    def _hidden(self, version: DatasetVersion) -> list[DatasetMember]:
        """Looked up once for all the versions of an answer."""
        held: dict[Any, list[DatasetMember]] | None = self.context.get("hidden_members")
        if held is None:
            shown = self.parent.instance if self.parent is not None else [version]
            versions = [row.pk for row in (shown if shown is not None else [version])]
            held = {pk: [] for pk in versions}
            for member in hiding.hidden_members(self.context["request"].user, versions):
                held[member.dataset_id].append(member)
            cast("dict[str, Any]", self.context)["hidden_members"] = held
        return held.get(version.pk, [])


class FreezeSerializer(serializers.Serializer[Any]):
    """A request to freeze the next version of ``name``."""

    name = serializers.CharField(max_length=80)
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")
    split_seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1, default=0)
    crop = serializers.ChoiceField(
        choices=["region", "liver"],
        default="region",
        help_text="The ultrasound region, or the liver that the active segmenter finds in it",
    )
    sites = serializers.ListField(
        child=serializers.CharField(),
        default=list,
        help_text="Codes or ids of sites; empty means all of yours",
    )


class MemberSerializer(serializers.ModelSerializer[DatasetMember]):
    """A patient of a version, as frozen."""

    site = serializers.CharField(source="site.code", read_only=True)
    stage = serializers.SerializerMethodField()

    class Meta:
        model = DatasetMember
        fields = ["patient", "pseudonym", "site", "stage", "split", "hf_images", "lf_images"]
        read_only_fields = fields

    def get_stage(self, member: DatasetMember) -> str:
        return Stage(member.stage).label


class DatasetFilter(django_filters.FilterSet):
    name = django_filters.CharFilter()
    state = django_filters.MultipleChoiceFilter(choices=DatasetState.choices)

    class Meta:
        model = DatasetVersion
        fields = ["name", "state"]


SITES = OpenApiParameter(
    "sites",
    OpenApiTypes.STR,
    description="Codes or ids of sites, separated by commas; absent means all of yours",
)
SEED = OpenApiParameter("split_seed", OpenApiTypes.INT, description="Seed of the split, 0 if absent")


class DatasetViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet[DatasetVersion],
):
    """Frozen dataset versions: patients, stages and a strict patient-level split under one hash."""

    resource = "datasets"
    queryset = DatasetVersion.objects.all()
    serializer_class = DatasetSerializer
    filterset_class = DatasetFilter

    def get_queryset(self) -> QuerySet[DatasetVersion]:
        if getattr(self, "swagger_fake_view", False):
            return DatasetVersion.objects.none()
        return DatasetVersion.objects.visible_to(signed_in(self.request)).with_rows()

    @extend_schema(request=FreezeSerializer, responses={201: DatasetSerializer})
    def create(self, request: Request) -> Response:
        """Freeze the next version; a job gathers the pictures. 409 where today's labels make no dataset."""
        body = FreezeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        version = services.freeze(
            name=wanted["name"],
            note=wanted["note"],
            split_seed=wanted["split_seed"],
            crop=cropping.source().active_crop() if wanted["crop"] == "liver" else REGION,
            sites=sites_of(signed_in(request), wanted["sites"]),
            actor=signed_in(request),
            request=request,
        )
        return Response(self.get_serializer(version).data, status=status.HTTP_201_CREATED)

    @extend_schema(parameters=[SITES, SEED], responses=PreviewSerializer, filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def preview(self, request: Request) -> Response:
        """What a freeze would hold now: who is in, who is not and why, and the split."""
        sites = sites_of(
            signed_in(request), [part for part in request.query_params.get("sites", "").split(",") if part]
        )
        whole = select(sites)
        hidden = veil.hidden_from(signed_in(request)) & {item.patient_id for item in whole.candidates}
        selection, seed = whole.without(hidden), _seed(request)
        return Response(
            {
                **selection.counts(split_seed=seed),
                "flow": selection.flow(),
                "simulated": selection.simulated,
                "sites": SiteRefSerializer(sites, many=True).data,
                "obstacles": selection.obstacles,
                "hidden": len(hidden),
            }
        )

    @extend_schema(
        parameters=[
            OpenApiParameter("split", OpenApiTypes.STR, enum=[part.value for part in Split]),
            OpenApiParameter("stage", OpenApiTypes.STR, enum=[stage.label for stage in Stage]),
            OpenApiParameter("site", OpenApiTypes.STR, description="Code of a site"),
        ],
        responses=MemberSerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"], filterset_class=None)
    def patients(self, request: Request, pk: str | None = None) -> Response:
        """The patients of a version with stage, part of the split and number of pictures per band."""
        members = self.get_object().members.select_related("site")
        members = veil.without_hidden(members, signed_in(request))
        for name, field in (("split", "split"), ("site", "site__code")):
            if value := request.query_params.get(name):
                members = members.filter(**{field: value})
        if stage := request.query_params.get("stage"):
            members = members.filter(stage=int(_stage(stage)))
        self.pagination_ordering = ("pseudonym", "id")
        page: list[Any] = self.paginate_queryset(cast("QuerySet[Any]", members)) or []
        return self.get_paginated_response(MemberSerializer(page, many=True).data)

    @extend_schema(responses=AuditReportSerializer, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def audit(self, request: Request, pk: str | None = None) -> Response:
        """Duplicates, labels that follow the order of arrival, stages that the recording tells."""
        version = self.get_object()
        hiding.refuse_results(signed_in(request), [version.pk])
        return Response(read_report(version))

    def perform_destroy(self, instance: DatasetVersion) -> None:
        services.discard(version=instance, actor=signed_in(self.request), request=self.request)


def signed_in(request: Request) -> User:
    """The user of a request that the permission table has let in."""
    return cast("User", request.user)


def sites_of(user: User, wanted: list[str]) -> list[Site]:
    """The named sites, all of which must be the user's; all of the user's when none is named."""
    own = Site.objects.all() if user.is_administrator else user.sites.all()
    by_name = {name: site for site in own for name in (site.code, str(site.pk))}
    if not wanted:
        return sorted({site.pk: site for site in by_name.values()}.values(), key=lambda site: site.code)
    unknown = [name for name in wanted if name not in by_name]
    if unknown:
        raise serializers.ValidationError({"sites": f"Not one of your sites: {', '.join(unknown)}."})
    return list({by_name[name].pk: by_name[name] for name in wanted}.values())


def _seed(request: Request) -> int:
    seed = whole_number(request.query_params.get("split_seed", "0"))
    if seed is None:
        raise serializers.ValidationError({"split_seed": "Send a whole number, 0 or more."})
    return seed


def _stage(text: str) -> Stage:
    try:
        return Stage.parse(text)
    except ValueError as error:
        raise serializers.ValidationError({"stage": str(error)}) from error


ROUTES = [("datasets", DatasetViewSet, "dataset")]
