"""API tokens: made once and shown once, scoped, named, and over when they expire or are revoked."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from ml.spec import HepaStageError
from webapp.accounts.models import ApiToken, TokenScope, User
from webapp.audit import services as audit

PREFIX = "hs_"  # so that secret scanners and people recognise one
LONGEST_DAYS = 366
MOST = 50  # usable tokens of one person


class TokenRefused(HepaStageError):
    """A token cannot be made like this."""

    code = "token-refused"
    remedy = "Revoke tokens that are not used any more, or choose an earlier end."
    http_status = 409


def hash_of(token: str) -> str:
    """SHA-256; the token has 256 random bits, which no list of guesses contains."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def create_token(
    *, user: User, name: str, scope: TokenScope | str, days: int | None, request: Any = None
) -> tuple[ApiToken, str]:
    """Make a token of ``user``; the second value is the token itself, which is nowhere else.

    ``days`` is how long it holds, at most a year. Raises TokenRefused.
    """
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise TokenRefused(f"A token holds from 1 to {LONGEST_DAYS} days.")
    if ApiToken.objects.usable().filter(user=user).count() >= MOST:
        raise TokenRefused(f"There are {MOST} tokens already.")
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user, name=name, scope=scope, beginning=text[:8], hashed=hash_of(text),
        expires_at=timezone.now() + timedelta(days=days or LONGEST_DAYS),
    )  # fmt: skip
    audit.record(
        actor=user, action="token.made", object=token, request=request,
        detail={"name": name, "scope": str(scope), "days": days or LONGEST_DAYS},
    )  # fmt: skip
    return token, text


@transaction.atomic
def revoke_token(*, token: ApiToken, actor: User, request: Any = None) -> None:
    """End a token at once; its row stays, so that the audit log's name means something."""
    changed = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
    if changed:
        audit.record(actor=actor, action="token.revoked", object=token, request=request)


def find_token(text: str) -> ApiToken | None:
    """The usable token with this text; notes its use, once a minute at most."""
    token = ApiToken.objects.usable().select_related("user").filter(hashed=hash_of(text)).first()
    now = timezone.now()
    if token is not None and (token.last_used_at is None or token.last_used_at < now - timedelta(minutes=1)):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token
