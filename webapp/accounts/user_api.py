"""People over HTTP, for administrators: make, change, switch off, invite, help after a lost phone."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db.models import Exists, OuterRef, Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.validators import UniqueValidator

from webapp.accounts import people, second_factor
from webapp.accounts.models import Site, User
from webapp.accounts.roles import Role


class UserRowSerializer(serializers.ModelSerializer[User]):
    """A person as administrators see one."""

    role = serializers.ChoiceField(choices=Role.choices, source="effective_role")
    display_name = serializers.CharField(read_only=True)
    sites: serializers.PrimaryKeyRelatedField[Any] = serializers.PrimaryKeyRelatedField(
        many=True, read_only=True
    )
    has_second_factor = serializers.BooleanField(read_only=True)
    has_password = serializers.BooleanField(source="has_usable_password", read_only=True)

    class Meta:
        model = User
        fields = [
            "id", "username", "first_name", "last_name", "display_name", "email", "role", "sites",
            "is_active", "has_second_factor", "has_password", "date_joined", "last_login",
        ]  # fmt: skip
        read_only_fields = fields


class UserChangeSerializer(serializers.Serializer[Any]):
    """What is left out stays as it is."""

    first_name = serializers.CharField(max_length=150, allow_blank=True, required=False)
    last_name = serializers.CharField(max_length=150, allow_blank=True, required=False)
    email = serializers.EmailField(max_length=254, allow_blank=True, required=False)
    role = serializers.ChoiceField(choices=Role.choices, required=False)
    is_active = serializers.BooleanField(required=False)
    sites: serializers.PrimaryKeyRelatedField[Any] = serializers.PrimaryKeyRelatedField(
        many=True, queryset=Site.objects.all(), required=False
    )


class UserMakeSerializer(UserChangeSerializer):
    username = serializers.CharField(
        max_length=150,
        validators=[
            UnicodeUsernameValidator(),
            UniqueValidator(User.objects.all(), lookup="iexact", message="This user name is taken."),
        ],
    )
    role = serializers.ChoiceField(choices=Role.choices)


class LinkSerializer(serializers.Serializer[Any]):
    path = serializers.CharField(help_text="Of this site; works once, within a day")


class MadeUserSerializer(serializers.Serializer[Any]):
    user = UserRowSerializer()
    path = serializers.CharField(help_text="Where the person chooses a password; works once, within a day")


class UserFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="named")
    role = django_filters.ChoiceFilter(choices=Role.choices)

    class Meta:
        model = User
        fields = ["role", "is_active", "sites"]

    def named(self, rows: QuerySet[User], name: str, text: str) -> QuerySet[User]:
        return rows.filter(
            Q(username__icontains=text) | Q(first_name__icontains=text) | Q(last_name__icontains=text)
        )


class UserViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[User]):
    """People who may sign in. Nobody is removed: the audit log and their work name them."""

    resource = "users"
    session_only = True
    queryset = User.objects.all()
    serializer_class = UserRowSerializer
    filterset_class = UserFilter
    pagination_ordering = ("username",)

    def get_queryset(self) -> QuerySet[User]:
        device = second_factor.Authenticator.objects.filter(user=OuterRef("pk"), type="totp")
        return super().get_queryset().prefetch_related("sites").annotate(has_second_factor=Exists(device))

    def _row(self, user: User) -> dict[str, Any]:
        return dict(UserRowSerializer(self.get_queryset().get(pk=user.pk)).data)

    @extend_schema(request=UserMakeSerializer, responses={201: MadeUserSerializer})
    def create(self, request: Request) -> Response:
        """A new person, and the link by which they choose a password."""
        wanted = UserMakeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = dict(wanted.validated_data)
        values.pop("is_active", None)
        sites = values.pop("sites", [])
        actor = self._actor()
        user = people.create_user(**values, sites=sites, actor=actor, request=request)
        path = people.invitation(user=user, actor=actor, request=request)
        return Response({"user": self._row(user), "path": path}, status=status.HTTP_201_CREATED)

    @extend_schema(request=UserChangeSerializer, responses=UserRowSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Change role, sites, names, or switch a person off (sessions end at once)."""
        wanted = UserChangeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        changes = dict(wanted.validated_data)
        sites = changes.pop("sites", None)
        user = people.change_user(
            user=self.get_object(), actor=self._actor(), changes=changes, sites=sites, request=request
        )
        return Response(self._row(user))

    @extend_schema(request=None, responses=LinkSerializer)
    @action(detail=True, methods=["post"])
    def invite(self, request: Request, pk: str | None = None) -> Response:
        """A link to choose a (new) password; also ends a lock-out."""
        path = people.invitation(user=self.get_object(), actor=self._actor(), request=request)
        return Response({"path": path})

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path="sign-out")
    def sign_out(self, request: Request, pk: str | None = None) -> Response:
        """End all sessions and tokens of this person."""
        people.sign_out_everywhere(user=self.get_object(), actor=self._actor(), request=request)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=UserRowSerializer)
    @action(detail=True, methods=["post"], url_path="reset-second-factor")
    def reset_second_factor(self, request: Request, pk: str | None = None) -> Response:
        """Remove the second factor, after a lost phone. Make sure by another way who asks."""
        user = self.get_object()
        second_factor.remove(user=user, actor=self._actor(), request=request)
        return Response(self._row(user))

    def _actor(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user


ROUTES = [("users", UserViewSet, "user")]
