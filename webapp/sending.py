"""Sending stored files: by the reverse proxy where there is one, so that no worker of ours copies bytes.

With ``ACCEL_PREFIX=/protected/`` a checked request is answered with ``X-Accel-Redirect`` and nginx sends the
file from its own, internal location (``docker/nginx.conf``). Without it, the bytes go out from here.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse


def send_stored(path: Path, content_type: str) -> HttpResponse:
    """An answer with a file below ``STORAGE_DIR``; who may have it was asked before.

    Raises FileNotFoundError, and ValueError for a path elsewhere.
    """
    inside = path.resolve().relative_to(Path(settings.STORAGE_DIR).resolve())
    if not settings.ACCEL_PREFIX:
        return HttpResponse(path.read_bytes(), content_type=content_type)
    path.stat()
    answer = HttpResponse(content_type=content_type)
    answer["X-Accel-Redirect"] = settings.ACCEL_PREFIX + quote(inside.as_posix())
    return answer
