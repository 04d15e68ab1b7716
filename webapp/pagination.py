"""Cursor pagination: a page stays right while rows are added, and costs the same at a million rows."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """Newest first; ``?page_size=`` up to 200. A viewset may set ``pagination_ordering``."""

    ordering = ("-created_at", "-id")
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def paginate_queryset(self, queryset, request, view=None) -> list[Any] | None:  # type: ignore[no-untyped-def]
        """A page; a cursor whose place is none of the column's values is as invalid as any other."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValidationError, ValueError, TypeError, OverflowError, DataError):
            if self.cursor is None or self.cursor.position is None:
                raise
            raise NotFound(self.invalid_cursor_message) from None

    def get_ordering(self, request, queryset, view):  # type: ignore[no-untyped-def]
        """An ordering filter of the view first, then the view's own, then newest first."""
        own = getattr(view, "pagination_ordering", None)
        if own is not None and "ordering" not in request.query_params:
            return (own,) if isinstance(own, str) else tuple(own)
        return super().get_ordering(request, queryset, view)
