"""``/healthz``: is this system able to work? For load balancers, the supervisor and people."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from webapp.jobs import workers


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while requests can be answered; 503 without a database. Other troubles make it ``degraded``."""
    found = condition_of_parts()
    return JsonResponse(found, status=503 if found["status"] == "failed" else 200)


def condition_of_parts() -> dict[str, Any]:
    """``status`` (ok, degraded, failed), ``database``, ``redis``, and living workers per queue."""
    database = _database()
    parts: dict[str, Any] = {
        "database": database,
        "redis": _redis(),
        "workers": workers.alive() if database == "ok" else {},
    }
    if settings.DICOM_AE_PEERS:
        parts["dicom_receiver"] = _dicom_receiver()
    lacking = [name for name, count in parts["workers"].items() if not count]
    if database != "ok":
        status = "failed"
    elif "failed" in (parts["redis"], parts.get("dicom_receiver")) or lacking:
        status = "degraded"
    else:
        status = "ok"
    return {"status": status, **parts}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return "failed"
    return "ok"


def _dicom_receiver() -> str:
    """By the file that it touches every two seconds (webapp.imaging.dicom_receiver)."""
    try:
        age = time.time() - (Path(settings.HOME) / "run" / "dicom_receiver.beat").stat().st_mtime
    except OSError:
        return "failed"
    return "ok" if age < 15 else "failed"


def _redis() -> str:
    if not settings.REDIS_URL:
        return "absent"
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
            client.ping()
    except redis.RedisError:
        return "failed"
    return "ok"
