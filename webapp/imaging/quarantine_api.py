"""The quarantine over HTTP: what waits, how it looks before and after, and what is decided about it."""

from __future__ import annotations

import re
from typing import Any

import cv2
import django_filters
from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ml.spec import HepaStageError
from webapp.accounts.permissions import SiteScoped
from webapp.audit import services as audit
from webapp.imaging import quarantine, quarantine_pictures, rendering
from webapp.imaging.models import QuarantineItem, WaitingState
from webapp.imaging.outcomes import wording
from webapp.patients.api import actor_of

MOST_AT_ONCE = 50
WIDTHS = (64, 1024)
_NUMBER = re.compile(r" {0,3}-?[0-9]{1,6}")


class LayoutsDiffer(HepaStageError):
    """Files of different devices or sizes cannot be decided with the same boxes."""

    code = "layouts-differ"
    remedy = "Choose files of one layout."


class NoSuchItem(HepaStageError):
    """An item that is not there, or is another site's."""

    code = "no-such-item"
    remedy = "Read the list again."
    http_status = 404


class WritingSerializer(serializers.Serializer[Any]):
    """Where the reader found writing; what it says is not kept."""

    frame = serializers.IntegerField()
    box = serializers.ListField(child=serializers.IntegerField())
    score = serializers.FloatField()


class LookSerializer(serializers.Serializer[Any]):
    """What was seen of the picture. Boxes are [x0, y0, x1, y1] in pixels, the end not counted in."""

    rows = serializers.IntegerField()
    columns = serializers.IntegerField()
    frames = serializers.IntegerField()
    shown_frames = serializers.ListField(child=serializers.IntegerField())
    regions = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    proposal = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    proposal_source = serializers.ChoiceField(choices=["region", "picture", "frame"])
    text = WritingSerializer(many=True)
    band = serializers.CharField()
    band_confidence = serializers.FloatField()
    simulated = serializers.BooleanField()


class QuarantineItemSerializer(serializers.ModelSerializer[QuarantineItem]):
    """A file that was kept out, or an image that was withdrawn, with what was decided."""

    site = serializers.CharField(source="site.code", read_only=True)
    message = serializers.SerializerMethodField()
    remedy = serializers.SerializerMethodField()
    name = serializers.CharField(source="file.name", default="", read_only=True, help_text="A stand-in")
    size = serializers.IntegerField(source="file.size", default=0, read_only=True)
    upload = serializers.UUIDField(source="file.upload_id", default=None, allow_null=True, read_only=True)
    file = serializers.UUIDField(source="file_id", allow_null=True, read_only=True)
    has_original = serializers.BooleanField(read_only=True)
    look = serializers.SerializerMethodField()
    exam = serializers.UUIDField(source="image.exam_id", default=None, allow_null=True, read_only=True)
    decided_by = serializers.CharField(
        source="decided_by.display_name", default=None, allow_null=True, read_only=True
    )
    decision = serializers.CharField(source="decision.action", default="", read_only=True)

    class Meta:
        model = QuarantineItem
        fields = [
            "id", "site", "state", "code", "message", "remedy", "name", "size", "upload", "file",
            "has_original", "device", "layout", "look", "image", "exam", "rival", "note", "expires_at",
            "decision", "reason",
            "decided_by", "decided_at", "created_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_message(self, item: QuarantineItem) -> str:
        return wording(item.code)[1]

    def get_remedy(self, item: QuarantineItem) -> str:
        return wording(item.code)[2]

    @extend_schema_field(LookSerializer(allow_null=True))
    def get_look(self, item: QuarantineItem) -> dict[str, Any] | None:
        return dict(LookSerializer(item.evidence).data) if item.evidence else None


class BoxField(serializers.ListField):
    """[x0, y0, x1, y1] in pixels of the frame, the end not counted in."""

    child = serializers.IntegerField()

    def __init__(self, **options: Any) -> None:
        super().__init__(min_length=4, max_length=4, **options)


class DecisionSerializer(serializers.Serializer[Any]):
    items = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MOST_AT_ONCE,
        help_text="Several only where their layout is the same",
    )  # fmt: skip
    action = serializers.ChoiceField(choices=quarantine.ACTIONS)  # type: ignore[assignment]
    reason = serializers.CharField(max_length=500, help_text="Stays in the audit log: name nobody")
    keep = serializers.ListField(child=BoxField(), required=False, default=list, max_length=50)
    masks = serializers.ListField(child=BoxField(), required=False, default=list, max_length=50)
    band = serializers.ChoiceField(choices=quarantine.BANDS, required=False, default="", allow_blank=True)
    conflict = serializers.ChoiceField(
        choices=quarantine.CONFLICTS, required=False, default="", allow_blank=True
    )
    patient = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=40, help_text="Pseudonym, of a nameless file"
    )


class DecidedSerializer(serializers.Serializer[Any]):
    """What became of each: ``problem`` is the code of what stood in the way, or empty."""

    item = serializers.UUIDField()
    state = serializers.ChoiceField(choices=WaitingState.choices)
    image = serializers.UUIDField(allow_null=True)
    problem = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)


class DecisionsSerializer(serializers.Serializer[Any]):
    results = DecidedSerializer(many=True)


class SummarySerializer(serializers.Serializer[Any]):
    """How many stand where, and for how long originals are kept."""

    states = serializers.DictField(child=serializers.IntegerField())
    waiting_by_code = serializers.DictField(child=serializers.IntegerField())
    days = serializers.IntegerField()


class QuarantineFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=WaitingState.choices)
    code = django_filters.CharFilter()
    site = django_filters.CharFilter(field_name="site__code")
    layout = django_filters.CharFilter()
    upload = django_filters.UUIDFilter(field_name="file__upload_id")

    class Meta:
        model = QuarantineItem
        fields = ["state", "code", "site", "layout", "upload"]


FRAME = OpenApiParameter("frame", OpenApiTypes.INT, OpenApiParameter.PATH, description="From 0")
WIDTH = OpenApiParameter("width", OpenApiTypes.INT, description="Shrink to this many pixels across")
KEEP = OpenApiParameter("keep", OpenApiTypes.STR, description="x0,y0,x1,y1;… else the proposal")
MASKS = OpenApiParameter("masks", OpenApiTypes.STR, description="x0,y0,x1,y1;…")
PNG = {(200, "image/png"): OpenApiTypes.BINARY}


class QuarantineViewSet(
    SiteScoped, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[QuarantineItem]
):
    """What was kept out, for those who may decide about it."""

    resource = "quarantine"
    queryset = QuarantineItem.objects.select_related("site", "file", "image", "decided_by")
    serializer_class = QuarantineItemSerializer
    filterset_class = QuarantineFilter

    @extend_schema(responses=SummarySerializer, filters=False, parameters=[])
    @action(detail=False, methods=["get"], pagination_class=None, filterset_class=None)
    def summary(self, request: Request) -> Response:
        """Counts by state, and of what waits by reason."""
        rows: QuerySet[QuarantineItem] = self.get_queryset().order_by()
        states = dict.fromkeys(WaitingState.values, 0)
        states |= dict(rows.values_list("state").annotate(number=Count("pk")))
        waiting = rows.filter(state=WaitingState.WAITING)
        codes = dict(waiting.values_list("code").annotate(number=Count("pk")))
        answer = {"states": states, "waiting_by_code": codes, "days": settings.QUARANTINE_DAYS}
        return Response(SummarySerializer(answer).data)

    @extend_schema(request=DecisionSerializer, responses=DecisionsSerializer)
    @action(detail=False, methods=["post"])
    def decide(self, request: Request) -> Response:
        """Release, mask or remove one file, or several of one layout. Each is decided by itself."""
        wanted = DecisionSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data = dict(wanted.validated_data)
        keys = list(dict.fromkeys(data.pop("items")))
        items = {item.pk: item for item in self.get_queryset().filter(pk__in=keys)}
        if len({item.layout for item in items.values()}) > 1 and data["action"] != quarantine.REMOVE:
            raise LayoutsDiffer("These files are not of one device and layout.")
        decision = quarantine.Decision(**{**data, "keep": tuple(data["keep"]), "masks": tuple(data["masks"])})
        results = [self._decide(key, items.get(key), decision, request, alone=len(keys) == 1) for key in keys]
        return Response(DecisionsSerializer({"results": results}).data)

    def _decide(
        self,
        key: Any,
        item: QuarantineItem | None,
        decision: quarantine.Decision,
        request: Request,
        *,
        alone: bool,
    ) -> dict[str, Any]:
        """One of them; with several, what stands in the way of one does not hold up the others."""
        try:
            if item is None:
                raise NoSuchItem("There is no such file in quarantine.")
            item = quarantine.decide(item=item, decision=decision, actor=actor_of(request), request=request)
        except HepaStageError as error:
            if alone:
                raise
            state = item.state if item else WaitingState.REMOVED
            return {
                "item": key,
                "state": state,
                "image": None,
                "problem": error.code,
                "message": error.message,
            }
        return {"item": key, "state": item.state, "image": item.image_id, "problem": "", "message": ""}

    @extend_schema(operation_id="quarantine_before", parameters=[FRAME, WIDTH], responses=PNG)
    @action(detail=True, methods=["get"], url_path=r"frames/(?P<frame>[0-9]{1,6})/before")
    def before(self, request: Request, pk: str | None = None, frame: str = "0") -> HttpResponse:
        """A frame as it came, names and all. Each look is audited."""
        item = self.get_object()
        picture = quarantine_pictures.before(item, int(frame))
        audit.record(
            actor=actor_of(request), action="quarantine.viewed", object=item, site=item.site,
            detail={"frame": int(frame)}, request=request,
        )  # fmt: skip
        return _png(picture, request)

    @extend_schema(operation_id="quarantine_after", parameters=[FRAME, WIDTH, KEEP, MASKS], responses=PNG)
    @action(detail=True, methods=["get"], url_path=r"frames/(?P<frame>[0-9]{1,6})/after")
    def after(self, request: Request, pk: str | None = None, frame: str = "0") -> HttpResponse:
        """The frame as it would be stored with these boxes."""
        item = self.get_object()
        keep, masks = (_boxes(request.query_params.get(name, "")) for name in ("keep", "masks"))
        return _png(quarantine_pictures.after(item, int(frame), keep, masks), request)


def _boxes(text: str) -> list[list[int]]:
    """``1,2,3,4;5,6,7,8`` as boxes; what is no number makes a box that is refused by its length."""
    boxes = []
    for part in filter(None, text.split(";")):
        numbers = part.split(",")
        plain = all(map(_NUMBER.fullmatch, numbers))
        boxes.append([int(number) for number in numbers] if plain else [])
    return boxes


def _png(picture: rendering.Grey, request: Request) -> HttpResponse:
    """Never kept by a browser: it may show a name."""
    width = request.query_params.get("width", "")
    if width.isdecimal() and len(width) < 6:
        wanted = min(max(int(width), WIDTHS[0]), WIDTHS[1])
        if wanted < picture.shape[1]:
            height = max(1, round(picture.shape[0] * wanted / picture.shape[1]))
            picture = cv2.resize(picture, (wanted, height), interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    response = HttpResponse(rendering.encode(picture), content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    return response
