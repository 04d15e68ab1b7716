"""Every error of the API as RFC 9457 problem details: ``application/problem+json``.

The body is ``{type, title, status, detail, code, remedy, errors?}``. ``code`` is stable and what a
program should look at; ``detail`` and ``remedy`` are sentences for people; ``errors`` lists the
fields of a rejected request as ``[{"field": "spec.epochs", "message": …, "code": …}]``.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler
from rest_framework.views import set_rollback

from ml.spec import HepaStageError

CONTENT_TYPE = "application/problem+json"
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

log = logging.getLogger(__name__)


def problem(
    status: int, code: str, detail: str, remedy: str = "", errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """The body of a problem response."""
    body: dict[str, Any] = {
        "type": f"urn:hepastage:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "remedy": remedy,
    }
    if errors is not None:
        body["errors"] = errors
    return body


def problem_response(status: int, code: str, detail: str, remedy: str = "") -> JsonResponse:
    """A problem from outside the REST framework (middleware, plain views)."""
    return JsonResponse(problem(status, code, detail, remedy), status=status, content_type=CONTENT_TYPE)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """The REST framework's handler; an exception it does not know stays a server error."""
    if isinstance(error, HepaStageError):
        set_rollback()
        status = int(getattr(error, "http_status", 400))
        return _respond(status, problem(status, error.code, error.message, error.remedy))
    if isinstance(error, exceptions.ValidationError):
        set_rollback()
        errors = list(_field_errors(error.get_full_details(), ""))
        detail = errors[0]["message"] if errors else "The request is not valid."
        return _respond(
            400, problem(400, "invalid-request", detail, "Correct the fields named in errors.", errors)
        )
    response = drf_exception_handler(error, context)
    if response is None:
        return _trouble(error)
    code, detail = _code_and_detail(error, response.status_code)
    headers = {name: value for name, value in response.items() if name.lower() != "content-type"}
    return _respond(response.status_code, problem(response.status_code, code, detail, _remedy(code)), headers)


def _trouble(error: Exception) -> Response | None:
    """A full disk, a database that is away: nothing was stored now, and it may be later."""
    full = isinstance(error, OSError) and error.errno in DISK_FULL
    away = isinstance(error, OperationalError | InterfaceError)
    if not full and not away:
        return None
    set_rollback()
    # SQLite's and PostgreSQL's words for it; neither gives Django a code.
    full = full or "disk is full" in str(error) or "No space left on device" in str(error)
    log.error("%s (%s)", "the disk is full" if full else "the database does not answer", type(error).__name__)
    if full:
        remedy = "Tell an administrator: the disk needs room. Then send it again; nothing was stored."
        return _respond(507, problem(507, "disk-full", "The server's disk is full.", remedy))
    remedy = "Send it again in a few seconds; if that goes on, tell an administrator."
    return _respond(503, problem(503, "database-away", "The database does not answer.", remedy))


def _respond(status: int, body: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return Response(body, status=status, headers=dict(headers or {}), content_type=CONTENT_TYPE)


def _code_and_detail(error: Exception, status: int) -> tuple[str, str]:
    if isinstance(error, Http404):
        return "not-found", "There is no such thing here, or it belongs to a site that is not yours."
    if isinstance(error, PermissionDenied):
        return "permission-denied", "Your role does not allow this."
    if isinstance(error, exceptions.APIException):
        codes = error.get_codes()
        code = codes if isinstance(codes, str) else error.default_code
        return str(code).replace("_", "-"), str(error.detail)
    return "error", HTTPStatus(status).phrase


_REMEDIES = {
    "not-authenticated": "Sign in, or send a token.",
    "authentication-failed": "Check the user name and the password, or make a new token.",
    "permission-denied": "Ask an administrator for a role that may do this.",
    "throttled": "Wait a little, then try again.",
    "parse-error": "Send valid JSON.",
    "unsupported-media-type": "Send application/json, or multipart/form-data for files.",
}


def _remedy(code: str) -> str:
    return _REMEDIES.get(code, "")


def _field_errors(details: Any, path: str) -> Iterator[dict[str, str]]:
    """Flatten the framework's nested errors to one row per message, with a dotted field path."""
    if isinstance(details, Mapping) and set(details) == {"message", "code"}:
        yield {
            "field": path,
            "message": str(details["message"]),
            "code": str(details["code"]).replace("_", "-"),
        }
    elif isinstance(details, Mapping):
        for key, value in details.items():
            inner = path if key == "non_field_errors" else f"{path}.{key}" if path else str(key)
            yield from _field_errors(value, inner)
    elif isinstance(details, list | tuple):
        for index, value in enumerate(details):
            plain = isinstance(value, Mapping) and set(value) == {"message", "code"}
            yield from _field_errors(value, path if plain else f"{path}.{index}" if path else str(index))


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> JsonResponse:
    """Too many failed sign-ins (django-axes calls this)."""
    return problem_response(
        429,
        "too-many-attempts",
        "Too many failed sign-ins for this user from this address.",
        "Wait a quarter of an hour, or ask an administrator to unlock the user.",
    )


def api_not_found(request: HttpRequest, rest: str = "") -> JsonResponse:
    """Any unknown address under ``/api/``: a program must not be answered with the browser app."""
    return problem_response(404, "not-found", "There is no such address in the API.", "See /api/v1/schema/.")


def server_error(request: HttpRequest) -> JsonResponse:
    """Last resort; says nothing about the inside."""
    return problem_response(
        500, "server-error", "The server failed to answer.", "Try again; then tell an administrator."
    )
