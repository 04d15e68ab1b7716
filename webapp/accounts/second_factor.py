"""The second factor: six digits of an authenticator app (RFC 6238), or a recovery code.

Secrets, codes and their storage are django-allauth's (``allauth.mfa``). They are encrypted with a key made
of ``SECRET_KEY``, so that a copy of the database alone opens nothing; ``SECRET_KEY_FALLBACKS`` keep older
ones readable. A code is accepted once, whichever web process is asked.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core import signing
from django.db import transaction

from ml.spec import HepaStageError
from webapp.audit import services as audit

ENROL_SECONDS = 900
_SALT = "webapp.accounts.second_factor"


class SecondFactorNeeded(HepaStageError):
    """User name and password are right, and a code is needed as well."""

    code = "second-factor-needed"
    remedy = "Send the six digits that your authenticator app shows, or a recovery code."
    http_status = 401


class SecondFactorWrong(HepaStageError):
    """The code is not the present one, or was used already."""

    code = "second-factor-wrong"
    remedy = "Wait for the next code, check the clock of your device, or use a recovery code."
    http_status = 401


class FirstCodeWrong(SecondFactorWrong):
    """The same while setting up, where somebody is signed in and stays so."""

    http_status = 400


class SecondFactorRefused(HepaStageError):
    """A second factor cannot be set up or removed like this."""

    code = "second-factor-refused"
    http_status = 409


class Adapter(DefaultMFAAdapter):
    """What allauth stores goes through our key."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise SecondFactorRefused(
                "The second factor was set up under another SECRET_KEY.",
                remedy="An administrator can remove it (users page); restore the keys of the backup.",
            ) from error

    def get_totp_label(self, user: Any) -> str:
        return str(user.get_username())


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = (hashlib.sha256(b"second factor\0" + str(key).encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


def enabled(user: Any) -> bool:
    """Whether this user has an authenticator app set up."""
    return Authenticator.objects.filter(user=user.pk, type=Authenticator.Type.TOTP).exists()


def recovery_codes_left(user: Any) -> int:
    found = Authenticator.objects.filter(user=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(found).get_unused_codes()) if found else 0


@dataclass(frozen=True)
class Enrolment:
    """What the page shows; ``ticket`` carries the secret, signed and encrypted, to :func:`confirm`."""

    secret: str
    address: str  # otpauth://totp/…
    picture: str  # the address as a QR code, SVG
    ticket: str


def begin(*, user: Any) -> Enrolment:
    """A fresh secret. Nothing is stored before the first code of it has been seen."""
    if enabled(user):
        raise SecondFactorRefused("A second factor is set up already.", remedy="Remove it first.")
    adapter = Adapter()
    secret = totp.generate_totp_secret()
    address = adapter.build_totp_url(user, secret)
    ticket = signing.dumps({"user": user.pk, "secret": adapter.encrypt(secret)}, salt=_SALT)
    return Enrolment(secret, address, adapter.build_totp_svg(address), ticket)


@transaction.atomic
def confirm(*, user: Any, ticket: str, code: str, request: Any = None) -> list[str]:
    """Set up the authenticator app whose first code this is; returns the recovery codes, shown once."""
    try:
        held = signing.loads(ticket, salt=_SALT, max_age=ENROL_SECONDS)
    except signing.BadSignature as error:
        raise SecondFactorRefused("Setting up took too long.", remedy="Begin again.") from error
    if held["user"] != user.pk or enabled(user):
        raise SecondFactorRefused("A second factor is set up already.", remedy="Reload the page.")
    secret = Adapter().decrypt(held["secret"])
    counter = _counter(secret, code)
    if counter is None:
        raise FirstCodeWrong("The code is not right.")
    instance = totp.TOTP.activate(user, secret).instance
    instance.data["last_counter"] = counter
    instance.save()
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes = RecoveryCodes.activate(user).get_unused_codes()
    audit.record(actor=user, action="second-factor.set-up", object=user, request=request)
    return codes


@transaction.atomic
def remove(*, user: Any, actor: Any, request: Any = None) -> None:
    """Take the second factor away: the user's own wish, or an administrator's help after a lost phone."""
    Authenticator.objects.filter(user=user).delete()
    audit.record(actor=actor, action="second-factor.removed", object=user, request=request)


@transaction.atomic
def accepts(user: Any, code: str) -> bool:
    """Whether the code is the present one and unused, or an unused recovery code (which is then used)."""
    device = Authenticator.objects.select_for_update().filter(user=user, type=Authenticator.Type.TOTP).first()
    if device is None:
        return False
    counter = _counter(decrypt(device.data["secret"]), code)
    if counter is not None:
        if counter <= device.data.get("last_counter", -1):
            return False
        device.data["last_counter"] = counter
        device.save()
        device.record_usage()
        return True
    spare = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return spare is not None and bool(RecoveryCodes(spare).validate_code(code))


def _counter(secret: str, code: str) -> int | None:
    """The half-minute whose code this is."""
    for counter in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if compare_user_code(actual=code, expected=expected):
            return counter
    return None
