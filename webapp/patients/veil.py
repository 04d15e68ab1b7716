"""From whom a patient's stage is hidden for a while.

Somebody who is to read an exam blindly must not learn its pathology stage, nor what a model said, from
any page
before the read is locked. Rooms above know who that is and register it here; every room that shows a
stage asks.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import QuerySet

from ml.spec import HepaStageError

if TYPE_CHECKING:
    from webapp.accounts.models import User

Veil = Callable[["User"], "QuerySet[Any, Any]"]
Rows = TypeVar("Rows", bound="QuerySet[Any]")

_veils: list[Veil] = []


class Blinded(HepaStageError):
    """The stage of this patient is hidden from who asks."""

    code = "blinded"
    remedy = "Lock your own read of this patient first."
    http_status = 409


def register(veil: Veil) -> Veil:
    """``veil(user)`` gives rows whose ``patient_id`` are the patients hidden from that user."""
    if veil not in _veils:
        _veils.append(veil)
    return veil


def hidden_from(user: User) -> set[uuid.UUID]:
    """All patients whose stage ``user`` must not see: as many as the user's open reads at most."""
    return {pk for veil in _veils for (pk,) in veil(user).values_list("patient_id")}


def is_blind(user: User) -> bool:
    """Whether any patient's stage is hidden from ``user``."""
    return any(veil(user).exists() for veil in _veils)


def hidden_among(user: User, patients: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these patients (a page of them) whose stage ``user`` must not see; one query."""
    asked = list(patients)
    return {
        pk for veil in _veils for (pk,) in veil(user).filter(patient_id__in=asked).values_list("patient_id")
    }


def without_hidden(rows: Rows, user: User, path: str = "patient") -> Rows:
    """Rows whose patient (at ``path``) is not hidden from ``user``."""
    for veil in _veils:
        rows = rows.exclude(**{f"{path}__in": veil(user).values("patient_id")})
    return rows


def refuse_hidden(user: User, patients: Iterable[uuid.UUID]) -> None:
    """Raise Blinded where one of these patients is hidden from ``user``."""
    if hidden_among(user, patients):
        raise Blinded("You are to read this patient blindly, so its stage is hidden from you until then.")
