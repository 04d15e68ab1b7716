"""What is measured of every request, and the lines that are logged about it.

Addresses are told by their pattern (``api/v1/exams/<pk>/``), never by what was filled in, and people by their
number: neither metrics nor logs name a patient or a person. Each request has an identifier, which stands in
its log lines and goes back as ``X-Request-ID``.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

from webapp import tracing

log = logging.getLogger("webapp.requests")
request_id: ContextVar[str] = ContextVar("request_id", default="")

SECONDS = Histogram(
    "hepastage_request_seconds",
    "Seconds from a request to its answer, without the time on the network.",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
ANSWERS = Counter("hepastage_requests", "Requests by how they were answered.", ["method", "route", "status"])
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PARAMETER = re.compile(r"\(\?P<(\w+)>[^)]*\)")


class ObservingMiddleware:
    """What it measures includes every other, but for the one that lends connections."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        mark = secrets.token_hex(8)
        held = request_id.set(mark)
        try:
            with tracing.request_span(request.headers) as describe:
                response = self.get_response(request)
                route, method = route_of(request), request.method if request.method in METHODS else "other"
                attributes = {
                    "http.request.method": method, "http.route": route,
                    "http.response.status_code": response.status_code, "hepastage.request": mark,
                }  # fmt: skip
                describe(f"{method} {route}", attributes, response.status_code >= 500)
            seconds = time.perf_counter() - begun
            SECONDS.labels(method, route).observe(seconds)
            ANSWERS.labels(method, route, str(response.status_code)).inc()
            user = getattr(request, "user", None)
            log.info(
                "%s %s %d", method, route, response.status_code,
                extra={"milliseconds": round(seconds * 1000), "user": getattr(user, "pk", None)},
            )  # fmt: skip
            response["X-Request-ID"] = mark
            return response
        finally:
            request_id.reset(held)


def route_of(request: HttpRequest) -> str:
    """The pattern of the address; one name for all that have none, so that nobody can make up series."""
    match = request.resolver_match
    if match is None:
        return "unknown"
    return _PARAMETER.sub(r"<\1>", match.route).replace("^", "").replace("$", "").replace("\\Z", "")


class JsonFormatter(logging.Formatter):
    """One JSON object a line (``LOG_FORMAT=json``); whatever a message holds stays within its string."""

    EXTRA = ("milliseconds", "user")

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if mark := request_id.get():
            line["request"] = mark
        line |= {name: getattr(record, name) for name in self.EXTRA if hasattr(record, name)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
