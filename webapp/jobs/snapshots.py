"""A job as JSON: one shape for the API, the sockets and whatever embeds a job (runs, stagings)."""

from __future__ import annotations

from typing import Any

from webapp.jobs.models import Job


def job_json(job: Job) -> dict[str, Any]:
    """What a browser shows of a job. No payload: it may name what the reader may not see."""
    return {
        "id": str(job.pk),
        "kind": job.kind,
        "queue": job.queue,
        "state": job.state,
        "title": job.title,
        "progress": job.progress,
        "message": job.message,
        "attempt": job.attempts_counted,
        "max_attempts": job.max_attempts,
        "failure": job.failure,
        "queue_position": job.queue_position,
        "cancel_requested": job.cancel_requested_at is not None,
        "created_by": job.created_by_id,
        "created_at": _iso(job.created_at),
        "started_at": _iso(job.started_at),
        "finished_at": _iso(job.finished_at),
        "last_seq": job.last_seq,
    }


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
