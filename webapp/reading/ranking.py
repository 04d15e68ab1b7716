"""In which order a reader is shown what to read. Rooms above register what they know; its values stay here.

``uncertain`` needs what models said, which a blinded reader must not learn: only the order leaves the server.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.db.models import Count

from webapp.reading.models import Assignment
from webapp.reading.reads import read_model

if TYPE_CHECKING:
    from webapp.accounts.models import User

Entropies = Callable[[Sequence[uuid.UUID]], dict[uuid.UUID, float]]
ORDERS = ("assigned", "least-read", "uncertain")
LONGEST = 1000  # assignments that are ordered; nobody reads more in a week

_entropies: list[Entropies] = []


def register_entropies(function: Entropies) -> Entropies:
    """``function(exam ids)`` gives the entropy of the newest staging of those that have one."""
    if function not in _entropies:
        _entropies.append(function)
    return function


def queue_of(user: User, *, kind: str, order: str = "assigned") -> list[Assignment]:
    """What ``user`` has to read yet, in the wanted order; ties and what is unknown in the order of
    assignment.
    """
    rows = Assignment.objects.open().filter(reader=user, kind=kind)
    found = list(rows.select_related("exam__patient__site").order_by("created_at", "id")[:LONGEST])
    exams = [row.exam_id for row in found]
    if order == "least-read":
        counted = read_model(kind).objects.filter(exam__in=exams).order_by().values("exam")
        reads = dict(counted.annotate(number=Count("pk")).values_list("exam", "number"))
        found.sort(key=lambda row: reads.get(row.exam_id, 0))
    elif order == "uncertain":
        entropy: dict[uuid.UUID, float] = {}
        for function in _entropies:
            entropy |= function(exams)
        found.sort(key=lambda row: -entropy.get(row.exam_id, -1.0))
    return found
