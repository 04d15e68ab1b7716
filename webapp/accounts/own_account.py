"""One's own account over HTTP: password, second factor, browser sessions, API tokens. In a browser only."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.accounts import people, second_factor, sessions, tokens
from webapp.accounts.models import ApiToken, BrowserSession, TokenScope, User


class PasswordChangeSerializer(serializers.Serializer[Any]):
    old = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)
    new = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)


class EnrolmentSerializer(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="To type where the picture cannot be taken")
    address = serializers.CharField(help_text="otpauth://totp/…")
    picture = serializers.CharField(help_text="The address as a QR code, SVG")
    ticket = serializers.CharField(help_text="Send it back with the first code, within a quarter of an hour")


class ConfirmationSerializer(serializers.Serializer[Any]):
    ticket = serializers.CharField(max_length=2000)
    code = serializers.CharField(max_length=20)


class RecoveryCodesSerializer(serializers.Serializer[Any]):
    recovery_codes = serializers.ListField(
        child=serializers.CharField(), help_text="Shown once; each works once"
    )


class SecondFactorSerializer(serializers.Serializer[Any]):
    enabled = serializers.BooleanField()
    required = serializers.BooleanField(  # type: ignore[assignment]  # a field of the row, not of DRF
        help_text="By this house's settings"
    )
    recovery_codes_left = serializers.IntegerField()


class PasswordSerializer(serializers.Serializer[Any]):
    password = serializers.CharField(max_length=1024, trim_whitespace=False, write_only=True)


class BrowserSessionSerializer(serializers.ModelSerializer[BrowserSession]):
    current = serializers.SerializerMethodField(help_text="The one that asks")

    class Meta:
        model = BrowserSession
        fields = ["id", "address", "browser", "created_at", "seen_at", "current"]
        read_only_fields = fields

    def get_current(self, session: BrowserSession) -> bool:
        return bool(session.session_key == self.context["request"].session.session_key)


class ApiTokenSerializer(serializers.ModelSerializer[ApiToken]):
    class Meta:
        model = ApiToken
        fields = [
            "id",
            "name",
            "scope",
            "beginning",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
        ]
        read_only_fields = fields


class ApiTokenRequestSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80, help_text="What it is for")
    scope = serializers.ChoiceField(choices=TokenScope.choices, default=TokenScope.READ)
    days = serializers.IntegerField(min_value=1, max_value=tokens.LONGEST_DAYS, default=90)


class MadeTokenSerializer(ApiTokenSerializer):
    token = serializers.CharField(read_only=True, help_text="Shown once; only its hash is kept")

    class Meta(ApiTokenSerializer.Meta):
        fields = [*ApiTokenSerializer.Meta.fields, "token"]
        read_only_fields = fields


def _me(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user


def _valid(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    wanted = serializer(data=request.data)
    wanted.is_valid(raise_exception=True)
    found: dict[str, Any] = wanted.validated_data
    return found


def _check_password(request: Request) -> None:
    if not _me(request).check_password(_valid(PasswordSerializer, request)["password"]):
        raise people.PasswordRefused("The password is wrong.", remedy="Type it again.")


class OwnPasswordView(APIView):
    """One's own password."""

    resource = "own-password"
    session_only = True

    @extend_schema(
        operation_id="own_password_change", request=PasswordChangeSerializer, responses={204: None}
    )
    def post(self, request: Request) -> Response:
        """Change it; every other browser of the user is signed out."""
        wanted = _valid(PasswordChangeSerializer, request)
        session = request._request.session
        people.change_password(user=_me(request), session_key=session.session_key, request=request, **wanted)
        _keep_signed_in(request)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _keep_signed_in(request: Request) -> None:
    """The session's own proof of the password is renewed, so that this browser stays."""
    from django.contrib.auth import update_session_auth_hash

    before = request._request.session.session_key
    update_session_auth_hash(request._request, _me(request))
    BrowserSession.objects.filter(session_key=before).update(session_key=request._request.session.session_key)


class SecondFactorView(APIView):
    """One's own second factor: an authenticator app, with recovery codes."""

    resource = "second-factor"
    session_only = True

    @extend_schema(operation_id="second_factor_retrieve", responses=SecondFactorSerializer)
    def get(self, request: Request) -> Response:
        """Whether there is one, and has to be one."""
        user = _me(request)
        return Response(
            {
                "enabled": second_factor.enabled(user),
                "required": user.second_factor_required,
                "recovery_codes_left": second_factor.recovery_codes_left(user),
            }
        )

    @extend_schema(
        operation_id="second_factor_begin", request=PasswordSerializer, responses=EnrolmentSerializer
    )
    def post(self, request: Request) -> Response:
        """Begin to set one up: a fresh secret, as picture and as text. Nothing is stored yet."""
        _check_password(request)
        found = second_factor.begin(user=_me(request))
        return Response(EnrolmentSerializer(found).data)

    @extend_schema(
        operation_id="second_factor_confirm",
        request=ConfirmationSerializer,
        responses=RecoveryCodesSerializer,
    )
    def put(self, request: Request) -> Response:
        """Set it up with the first code; the answer holds the recovery codes."""
        wanted = _valid(ConfirmationSerializer, request)
        codes = second_factor.confirm(user=_me(request), request=request, **wanted)
        return Response({"recovery_codes": codes})


class SecondFactorRemovalView(APIView):
    """Removing it, with the password once more."""

    resource = "second-factor"
    session_only = True

    @extend_schema(operation_id="second_factor_remove", request=PasswordSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Where it is required, nothing else can be done until there is a new one."""
        _check_password(request)
        second_factor.remove(user=_me(request), actor=_me(request), request=request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class BrowserSessionViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[BrowserSession]):
    """One's own signed-in browsers."""

    resource = "sessions"
    session_only = True
    queryset = BrowserSession.objects.all()
    serializer_class = BrowserSessionSerializer

    def get_queryset(self) -> QuerySet[BrowserSession]:
        if getattr(self, "swagger_fake_view", False):
            return BrowserSession.objects.none()
        return super().get_queryset().filter(user=_me(self.request))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Sign that browser out."""
        sessions.revoke(session=self.get_object(), actor=_me(request), request=request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ApiTokenViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[ApiToken]):
    """One's own API tokens; a program sends one as ``Authorization: Token …``."""

    resource = "tokens"
    session_only = True
    queryset = ApiToken.objects.all()
    serializer_class = ApiTokenSerializer

    def get_queryset(self) -> QuerySet[ApiToken]:
        if getattr(self, "swagger_fake_view", False):
            return ApiToken.objects.none()
        return super().get_queryset().filter(user=_me(self.request))

    @extend_schema(request=ApiTokenRequestSerializer, responses={201: MadeTokenSerializer})
    def create(self, request: Request) -> Response:
        """Make one; it is shown in this answer and never again."""
        wanted = _valid(ApiTokenRequestSerializer, request)
        token, text = tokens.create_token(user=_me(request), request=request, **wanted)
        return Response({**ApiTokenSerializer(token).data, "token": text}, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: str | None = None) -> Response:
        """Revoke it; the program that holds it is out at once."""
        tokens.revoke_token(token=self.get_object(), actor=_me(request), request=request)
        return Response(status=status.HTTP_204_NO_CONTENT)


ROUTES = [
    ("tokens", ApiTokenViewSet, "token-of-mine"),
    ("sessions", BrowserSessionViewSet, "session-of-mine"),
]
PATHS = [
    path("me/password/", OwnPasswordView.as_view(), name="own-password"),
    path("me/second-factor/", SecondFactorView.as_view(), name="second-factor"),
    path("me/second-factor/removal/", SecondFactorRemovalView.as_view(), name="second-factor-removal"),
]
