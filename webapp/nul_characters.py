"""Addresses with a NUL in them: no name here has one, and PostgreSQL fails over a text that has."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from webapp.problems import problem_response


class NulMiddleware:
    """Refuses a request whose path or parameters hold the character, before anybody asks a database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.META.get("QUERY_STRING", "")
        if "\0" in request.path_info or "\0" in asked or "%00" in asked:
            detail, remedy = "The address holds a NUL character.", "Take %00 out of the address."
            return problem_response(400, "invalid-request", detail, remedy)
        return self.get_response(request)
