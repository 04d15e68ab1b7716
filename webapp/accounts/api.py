"""Signing in (session for the browser, token for programs), who am I, sites."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.signals import user_login_failed
from django.db.models import QuerySet
from django.middleware.csrf import get_token
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ml.spec import HepaStageError
from webapp.accounts import (
    external,
    oidc,
    own_account,
    people,
    saved_view_api,
    second_factor,
    tokens,
    user_api,
)
from webapp.accounts.models import ApiToken, Site, TokenScope, User
from webapp.accounts.permissions import permissions_of, within_sites
from webapp.audit import services as audit


class SignInRefused(HepaStageError):
    """User name and password do not belong together, or the user is switched off."""

    code = "sign-in-refused"
    remedy = "Check the user name and the password."
    http_status = 401


class TooManyAttempts(HepaStageError):
    """django-axes has locked this user at this address for a while."""

    code = "too-many-attempts"
    remedy = "Wait a quarter of an hour, or ask an administrator to unlock the user."
    http_status = 429


BY_PASSWORD = "by password"  # noqa: S105  the name of a token


class SiteSerializer(serializers.ModelSerializer[Site]):
    class Meta:
        model = Site
        fields = ["id", "code", "name"]


class MeSerializer(serializers.ModelSerializer[User]):
    """The signed-in user; only ``language`` can be changed here."""

    display_name = serializers.CharField(read_only=True)
    role = serializers.CharField(source="effective_role", read_only=True)
    language = serializers.ChoiceField(
        choices=[("", "As the browser"), *settings.LANGUAGES], required=False, allow_blank=True
    )
    sites = serializers.SerializerMethodField()
    permissions = serializers.SerializerMethodField()
    second_factor_due = serializers.BooleanField(
        read_only=True, help_text="It is required here and not set up: nothing else can be done before"
    )

    class Meta:
        model = User
        fields = [
            "id", "username", "display_name", "role", "language", "sites", "permissions", "second_factor_due",
        ]  # fmt: skip
        read_only_fields = ["id", "username"]

    @extend_schema_field(SiteSerializer(many=True))
    def get_sites(self, user: User) -> list[dict[str, Any]]:
        sites = Site.objects.all() if user.is_administrator else user.sites.all()
        return list(SiteSerializer(sites, many=True).data)

    def get_permissions(self, user: User) -> list[str]:
        return permissions_of(user)


class CredentialsSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)
    code = serializers.CharField(
        max_length=20, required=False, allow_blank=True, write_only=True,
        help_text="Of the second factor, or a recovery code; where the user has one",
    )  # fmt: skip


class InvitationSerializer(serializers.Serializer[Any]):
    uid = serializers.CharField(max_length=40)
    token = serializers.CharField(max_length=100)
    password = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)


class ProviderSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="What the button says")
    path = serializers.CharField(help_text="Where the browser goes")


class SessionSerializer(serializers.Serializer[Any]):
    user = MeSerializer(allow_null=True, read_only=True)
    provider = ProviderSerializer(
        allow_null=True, read_only=True, help_text="The hospital's identity provider, where there is one"
    )
    csrf = serializers.CharField(read_only=True, help_text="Send it back as X-CSRFToken with every write.")


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(read_only=True)


def _sign_in(request: Request) -> User:
    """Check the credentials in the request's body; failures are counted by django-axes."""
    credentials = CredentialsSerializer(data=request.data)
    credentials.is_valid(raise_exception=True)
    code = credentials.validated_data.pop("code", "").strip()
    user = authenticate(request._request, **credentials.validated_data)
    if isinstance(user, User):
        if external.bound(user):
            raise people.SignsInElsewhere("This account signs in through the identity provider.")
        _check_second_factor(request, user, code)
        return user
    if getattr(request._request, "axes_locked_out", False):
        raise TooManyAttempts("Too many failed sign-ins for this user from this address.")
    raise SignInRefused("The user name or the password is wrong.")


def _check_second_factor(request: Request, user: User, code: str) -> None:
    """A wrong code counts as a failed sign-in, so that guessing six digits is locked out as well."""
    if not second_factor.enabled(user):
        return
    if not code:
        raise second_factor.SecondFactorNeeded("A code of the second factor is needed.")
    if not second_factor.accepts(user, code):
        user_login_failed.send(
            sender=__name__, credentials={"username": user.username}, request=request._request
        )
        raise second_factor.SecondFactorWrong("The code is not right, or was used already.")


def _signed_in(request: Request) -> User:
    """The user, where the permission classes have let in nobody else."""
    assert isinstance(request.user, User)
    return request.user


class SessionView(APIView):
    """The browser's session."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="session_retrieve", responses=SessionSerializer)
    def get(self, request: Request) -> Response:
        """Who is signed in (or null), and the CSRF token for the next write."""
        user = request.user if request.user.is_authenticated else None
        return self._answer(request, user)

    @extend_schema(
        operation_id="session_create", request=CredentialsSerializer, responses={200: SessionSerializer}
    )
    @method_decorator(csrf_protect)
    def post(self, request: Request) -> Response:
        """Sign in."""
        user = _sign_in(request)
        login(request._request, user, backend="django.contrib.auth.backends.ModelBackend")
        audit.record(actor=user, action="session.signed-in", object=user, request=request)
        return self._answer(request, user)

    @extend_schema(operation_id="session_destroy", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign out."""
        if request.user.is_authenticated:
            audit.record(
                actor=request.user, action="session.signed-out", object=request.user, request=request
            )
        logout(request._request)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _answer(self, request: Request, user: Any) -> Response:
        data = {
            "user": MeSerializer(user).data if user else None,
            "csrf": get_token(request._request),
            "provider": oidc.offered(),
        }
        return Response(data)


class TokenView(APIView):
    """A program's token: send it as ``Authorization: Token …``."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="token_create", request=CredentialsSerializer, responses={200: TokenSerializer}
    )
    def post(self, request: Request) -> Response:
        """A new token that may read and write, for 30 days. Others can be made on the account page."""
        user = _sign_in(request)
        _, text = tokens.create_token(
            user=user, name=BY_PASSWORD, scope=TokenScope.WRITE, days=30, request=request
        )
        return Response({"token": text})

    def get_permissions(self) -> list[Any]:
        return [IsAuthenticated()] if self.request.method == "DELETE" else [AllowAny()]

    @extend_schema(operation_id="token_destroy", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Revoke the token that is sent; from a browser, all that were made by password."""
        user = _signed_in(request)
        own = ApiToken.objects.usable().filter(user=user)
        for token in [request.auth] if isinstance(request.auth, ApiToken) else own.filter(name=BY_PASSWORD):
            tokens.revoke_token(token=token, actor=user, request=request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class InvitationView(APIView):
    """Choosing a password by a link that an administrator handed over."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="invitation_accept", request=InvitationSerializer, responses={204: None})
    @method_decorator(csrf_protect)
    def post(self, request: Request) -> Response:
        """Choose a password; then sign in with it. The link works once, within a day."""
        wanted = InvitationSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        people.accept_invitation(**wanted.validated_data, request=request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(APIView):
    """The signed-in user."""

    resource = "me"

    @extend_schema(operation_id="me_retrieve", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(_signed_in(request)).data)

    @extend_schema(operation_id="me_update", request=MeSerializer, responses=MeSerializer)
    def patch(self, request: Request) -> Response:
        """Change the interface language."""
        serializer = MeSerializer(_signed_in(request), data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)


class SiteChangeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)


class SiteViewSet(viewsets.ReadOnlyModelViewSet[Site]):
    """The sites of the user; an administrator sees all, makes and renames them."""

    resource = "sites"
    queryset = Site.objects.all()
    serializer_class = SiteSerializer
    pagination_ordering = ("code",)

    def get_queryset(self) -> QuerySet[Site]:
        if getattr(self, "swagger_fake_view", False):
            return Site.objects.none()
        return within_sites(super().get_queryset(), self.request.user, "pk")

    @extend_schema(request=SiteSerializer, responses={201: SiteSerializer})
    def create(self, request: Request) -> Response:
        """A further hospital or department. Its code stays as it is."""
        wanted = SiteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        site = people.create_site(**wanted.validated_data, actor=_signed_in(request), request=request)
        return Response(SiteSerializer(site).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SiteChangeSerializer, responses=SiteSerializer)
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Another name; the code stays."""
        wanted = SiteChangeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        name = wanted.validated_data["name"]
        site = people.rename_site(
            site=self.get_object(), name=name, actor=_signed_in(request), request=request
        )
        return Response(SiteSerializer(site).data)


ROUTES = [("sites", SiteViewSet, "site"), *own_account.ROUTES, *saved_view_api.ROUTES, *user_api.ROUTES]
PATHS = [
    path("auth/session/", SessionView.as_view(), name="session"),
    path("auth/token/", TokenView.as_view(), name="token"),
    path("auth/invitation/", InvitationView.as_view(), name="invitation"),
    path("me/", MeView.as_view(), name="me"),
    *own_account.PATHS,
]
