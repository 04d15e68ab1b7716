"""``/healthz``: is this system able to work? For load balancers, the supervisor and people."""

from __future__ import annotations

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
    database = _database()
    parts = {
        "database": database,
        "redis": _redis(),
        "workers": workers.alive() if database == "ok" else {},
    }
    lacking = [name for name, count in parts["workers"].items() if not count]  # type: ignore[attr-defined]
    if database != "ok":
        status = "failed"
    elif parts["redis"] == "failed" or lacking:
        status = "degraded"
    else:
        status = "ok"
    return JsonResponse({"status": status, **parts}, status=503 if status == "failed" else 200)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return "failed"
    return "ok"


def _redis() -> str:
    if not settings.REDIS_URL:
        return "absent"
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
            client.ping()
    except redis.RedisError:
        return "failed"
    return "ok"
