"""From a pseudonym back to the hospital's number: sealed, for an administrator, with a reason, audited.

The number is encrypted (Fernet of the ``cryptography`` package) under keys that lie beside the
pseudonym's, in ``HEPASTAGE_HOME/keys/identity.keys`` and so outside the database: one key a line, the first
seals, all of them open. :func:`rotate` puts a new key first, seals everything anew and drops the others.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.fernet import InvalidToken
from django.db import transaction

from ml.spec import HepaStageError
from webapp.audit import services as audit
from webapp.patients.keyring import KeyRing
from webapp.patients.models import Patient, SealedIdentity

if TYPE_CHECKING:
    from webapp.accounts.models import User

LEAST_REASON = 3


class NoWayBack(HepaStageError):
    """No number was sealed, or its key is lost."""

    code = "no-way-back"
    remedy = "The file named no patient, or it came in before numbers were sealed; ask the sender."
    http_status = 404


class ReasonMissing(HepaStageError):
    """Looking up who somebody is needs a reason."""

    code = "reason-missing"
    remedy = "Say why; it stays in the audit log."


RING = KeyRing("identity.keys")


def key_file() -> Path:
    return RING.path


@transaction.atomic
def seal(*, patient: Patient, number: str) -> None:
    """Keep the hospital's number of a patient; what is sealed already stays."""
    if not number or SealedIdentity.objects.filter(patient=patient).exists():
        return
    SealedIdentity.objects.create(patient=patient, token=RING.seal(number.encode()))


@transaction.atomic
def open_sealed(
    *, patient: Patient, reason: str, actor: User | None, request: Any = None
) -> list[tuple[str, str]]:
    """``(pseudonym, number)`` of a patient and of those merged into it; the look is recorded first."""
    if len(reason.strip()) < LEAST_REASON:
        raise ReasonMissing("A reason is needed.")
    audit.record(
        actor=actor, action="patient.reidentified", object=patient, site=patient.site, request=request,
        detail={"reason": reason.strip()},
    )  # fmt: skip
    rows = SealedIdentity.objects.filter(patient__in=[patient, *patient.absorbed.all()])
    found = []
    for row in rows.select_related("patient").order_by("patient__created_at"):
        try:
            found.append((row.patient.pseudonym, _number(row)))
        except InvalidToken:
            continue
    return found


def _number(row: SealedIdentity) -> str:
    """The number of a row; once more where it was sealed anew while we read."""
    try:
        return RING.open(row.token).decode()
    except InvalidToken:
        row.refresh_from_db(fields=["token"])
        return RING.open(row.token).decode()


def rotate() -> int:
    """Seal every number under a new key and forget the older keys; return how many there are."""
    return RING.rotate(SealedIdentity.objects.all(), "token", also=("sealed_at",))
