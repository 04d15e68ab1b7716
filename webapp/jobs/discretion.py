"""What of a job's events its reader is told.

Rooms above know what an event of their work says and to whom it must not be said (``webapp.training``:
results that count a patient who is to be read blindly). They register it here for a kind of job; the API and
the sockets ask. The events keep their numbers: only what they say is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from webapp.jobs.models import Job

Told = Callable[[dict[str, Any]], dict[str, Any]]
Discretion = Callable[[Any, Job], "Told | None"]  # the user, as in the rooms above

_discretions: dict[str, Discretion] = {}


def register(kind: str, discretion: Discretion) -> None:
    """``discretion(user, job)`` gives what turns an event into what is told, or ``None``: as it is."""
    _discretions[kind] = discretion


def told_to(user: Any, job: Job) -> Told:
    """What turns each event of this job (as JSON) into what ``user`` is told now."""
    discretion = _discretions.get(job.kind)
    return (discretion(user, job) if discretion is not None else None) or _everything


def _everything(row: dict[str, Any]) -> dict[str, Any]:
    return row
