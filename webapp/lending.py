"""Connections of the pool (``DATABASE_POOL``) go back while nobody asks the database anything.

Django keeps a request's connection until the last byte of the answer is sent. A few slow clients, or files
that take their time to be read, would then hold the whole pool, and everybody else would wait in vain.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Given = ParamSpec("Given")
Found = TypeVar("Found")


def give_back() -> None:
    """Put this thread's connections back into their pool; the next query takes one out again.

    One in a transaction stays, and so does one that has no pool: it would only be made anew.
    """
    for connection in connections.all(initialized_only=True):
        if getattr(connection, "pool", None) is not None and not connection.in_atomic_block:
            connection.close()


def briefly(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """``function``, giving back behind itself: for the pieces of an answer that is read while it is sent."""

    @wraps(function)
    def asking(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        try:
            return function(*args, **kwargs)
        finally:
            give_back()

    return asking


class GiveBackMiddleware:
    """The outermost: when it has the answer, only the network is waited for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response: Any = briefly(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = self.get_response(request)
        return response
