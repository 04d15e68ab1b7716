"""From a pseudonym back to the hospital's number: sealed, for an administrator, with a reason, audited.

The number is encrypted (Fernet of the ``cryptography`` package) under keys that lie beside the
pseudonym's, in ``HEPASTAGE_HOME/keys/identity.keys`` and so outside the database: one key a line, the first
seals, all of them open. :func:`rotate` puts a new key first, seals everything anew and drops the others.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction

from ml.spec import HepaStageError
from webapp.audit import services as audit
from webapp.patients.models import Patient, SealedIdentity
from webapp.patients.pseudonyms import write_key_once

if TYPE_CHECKING:
    from webapp.accounts.models import User

KEY_NAME = "identity.keys"
LEAST_REASON = 3
BATCH = 500


class NoWayBack(HepaStageError):
    """No number was sealed, or its key is lost."""

    code = "no-way-back"
    remedy = "The file named no patient, or it came in before numbers were sealed; ask the sender."
    http_status = 404


class ReasonMissing(HepaStageError):
    """Looking up who somebody is needs a reason."""

    code = "reason-missing"
    remedy = "Say why; it stays in the audit log."


def key_file() -> Path:
    return Path(settings.HOME) / "keys" / KEY_NAME


def _keys() -> list[str]:
    path = key_file()
    if not path.exists():
        write_key_once(path, Fernet.generate_key().decode("ascii"))
    return path.read_text("ascii").split()


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in _keys()])


@transaction.atomic
def seal(*, patient: Patient, number: str) -> None:
    """Keep the hospital's number of a patient; what is sealed already stays."""
    if not number or SealedIdentity.objects.filter(patient=patient).exists():
        return
    SealedIdentity.objects.create(patient=patient, token=_box().encrypt(number.encode()).decode("ascii"))


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
    box, found = _box(), []
    for row in rows.select_related("patient").order_by("patient__created_at"):
        try:
            found.append((row.patient.pseudonym, box.decrypt(row.token.encode("ascii")).decode()))
        except InvalidToken:
            continue
    return found


def rotate() -> int:
    """Seal every number under a new key and forget the older keys; return how many there are.

    Killed at any moment, nothing is lost: the older keys go only when every number opens with the new one.
    """
    fresh = Fernet.generate_key().decode("ascii")
    _replace([fresh, *_keys()])
    alone, box = Fernet(fresh), _box()
    count = 0
    for pk in SealedIdentity.objects.values_list("pk", flat=True).iterator(chunk_size=BATCH):
        with transaction.atomic():
            row = SealedIdentity.objects.select_for_update().get(pk=pk)
            row.token = box.rotate(row.token.encode("ascii")).decode("ascii")
            row.save(update_fields=["token", "sealed_at"])
            count += 1
    for token in SealedIdentity.objects.values_list("token", flat=True).iterator(chunk_size=BATCH):
        alone.decrypt(token.encode("ascii"))  # raises before an older key is dropped
    _replace([fresh])
    return count


def _replace(keys: list[str]) -> None:
    """Write the key file whole or not at all, readable by its owner only."""
    path = key_file()
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as sink:
        sink.write("\n".join(keys) + "\n")
        sink.flush()
        os.fsync(sink.fileno())
    draft.replace(path)
