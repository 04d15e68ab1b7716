"""A person's own saved views over HTTP; other people's do not exist."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts import saved_views
from webapp.accounts.models import SavedPage, SavedView, User


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    class Meta:
        model = SavedView
        fields = ["id", "page", "name", "query", "is_default", "created_at", "trashed_at"]
        read_only_fields = fields


class SaveViewSerializer(serializers.Serializer[Any]):
    """``query``: of the page's address, as the browser shows it."""

    page = serializers.ChoiceField(choices=SavedPage.choices)
    name = serializers.CharField(max_length=60)
    query = serializers.CharField(max_length=1000, allow_blank=True, default="")
    is_default = serializers.BooleanField(default=False, help_text="Shown when the page is opened")


class ChangeViewSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=60, required=False)
    query = serializers.CharField(max_length=1000, allow_blank=True, required=False)
    is_default = serializers.BooleanField(required=False)


class SavedViewViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[SavedView]):
    """One's own saved views, newest first."""

    resource = "saved-views"
    queryset = SavedView.objects.all()
    serializer_class = SavedViewSerializer
    filterset_fields = ["page"]

    def get_queryset(self) -> QuerySet[SavedView]:
        if getattr(self, "swagger_fake_view", False):
            return SavedView.objects.none()
        own = SavedView.objects.filter(user=cast("User", self.request.user)).select_related("user")
        return own if self.action in {"restore", "destroy"} else own.live()

    @extend_schema(request=SaveViewSerializer, responses={201: SavedViewSerializer})
    def create(self, request: Request) -> Response:
        """Keep the filters of a list under a name."""
        wanted = SaveViewSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        view = saved_views.save_view(user=cast("User", request.user), **wanted.validated_data)
        return Response(SavedViewSerializer(view).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ChangeViewSerializer, responses=SavedViewSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Rename, take over other filters, or make it the one that is shown first."""
        wanted = ChangeViewSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        view = saved_views.change_view(view=self.get_object(), **wanted.validated_data)
        return Response(SavedViewSerializer(view).data)

    @extend_schema(responses={200: SavedViewSerializer})
    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Into the trash for thirty days; ``restore/`` takes it back."""
        return Response(SavedViewSerializer(saved_views.trash_view(view=self.get_object())).data)

    @extend_schema(request=None, responses=SavedViewSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str | None = None) -> Response:
        """Take a view back from the trash."""
        return Response(SavedViewSerializer(saved_views.restore_view(view=self.get_object())).data)


ROUTES = [("saved-views", SavedViewViewSet, "saved-view")]
