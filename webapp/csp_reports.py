"""``/csp-report``: browsers tell what our Content-Security-Policy kept from being loaded.

Anybody can post here, so little is read (16 KiB), few a minute from one address, and next to nothing is
kept: the directive, the origin of what was blocked and the file of ours that asked, as a log line and as the
counter ``hepastage_csp_reports``. Addresses of pages are not written down: they may hold what somebody
searched for.
"""

from __future__ import annotations

import json
import logging
import re
from typing import Any
from urllib.parse import urlsplit

from drf_spectacular.utils import extend_schema
from prometheus_client import Counter
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

log = logging.getLogger("webapp.csp")

MOST_BYTES = 16 * 1024
MOST_REPORTS = 20  # in one request of the Reporting API
DIRECTIVES = frozenset(
    {
        "default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem",
        "style-src-attr", "img-src", "font-src", "connect-src", "worker-src", "manifest-src", "media-src",
        "object-src", "frame-src", "child-src", "base-uri", "form-action", "frame-ancestors",
    }
)  # fmt: skip
_ODD = re.compile(r"[^\x21-\x7e]")

REPORTS = Counter("hepastage_csp_reports", "Loads that the browser refused by our policy.", ["directive"])


class ReportThrottle(AnonRateThrottle):
    """Per address, signed in or not."""

    scope = "csp"
    rate = "30/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class CspReportView(APIView):
    """Takes reports in the shape of ``report-uri`` and of the Reporting API."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = ()  # the body is read by hand: browsers send content types of their own
    throttle_classes = (ReportThrottle,)

    @extend_schema(exclude=True)
    def post(self, request: Request) -> Response:
        """413 for more than a report can need, 400 for what is none."""
        body = request._request.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            return Response(status=status.HTTP_413_REQUEST_ENTITY_TOO_LARGE)
        try:
            found = _reports(json.loads(body))
        except (ValueError, RecursionError):
            found = []
        for directive, blocked, source in found:
            REPORTS.labels(directive).inc()
            log.warning("the policy %s kept out %s, asked for by %s", directive, blocked, source)
        return Response(status=status.HTTP_204_NO_CONTENT if found else status.HTTP_400_BAD_REQUEST)


def _reports(sent: Any) -> list[tuple[str, str, str]]:
    """(directive, origin of what was blocked, our file) of each report."""
    if isinstance(sent, dict):
        bodies = [sent.get("csp-report")]
    elif isinstance(sent, list):
        rows = [row for row in sent[:MOST_REPORTS] if isinstance(row, dict)]
        bodies = [row.get("body") for row in rows if row.get("type") == "csp-violation"]
    else:
        bodies = []
    return [_told(body) for body in bodies if isinstance(body, dict)]


def _told(body: dict[str, Any]) -> tuple[str, str, str]:
    def member(*names: str) -> str:
        return next((value for name in names if isinstance(value := body.get(name), str) and value), "")

    directive = member("effectiveDirective", "effective-directive", "violated-directive").partition(" ")[0]
    return (
        directive if directive in DIRECTIVES else "other",
        _origin(member("blockedURL", "blocked-uri")),
        _file(member("sourceFile", "source-file")),
    )


def _origin(address: str) -> str:
    """Scheme and host, or the keyword that stands in their place (inline, eval, data)."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "unreadable"
    found = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else parts.scheme or address
    return _ODD.sub("?", found)[:100] or "unknown"


def _file(address: str) -> str:
    """The path of a static file of ours; nothing else is told."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return "unreadable"
    return _ODD.sub("?", path)[:100] if path.startswith("/static/") else "a page"
