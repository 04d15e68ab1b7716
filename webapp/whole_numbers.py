"""Whole numbers that come in as text, of a bounded length.

Python refuses to read more than 4300 digits (ValueError), and ``int(Decimal("-1e4000000"))`` takes minutes
with the interpreter's lock held; both are one parameter of a request. Whatever reads a number from an address
reads it here.
"""

from __future__ import annotations

import re

import django_filters
from django import forms

MOST = 2**31 - 1  # of a database's integer column
_DIGITS = re.compile(r"[0-9]{1,10}")


def whole_number(text: str, *, most: int = MOST) -> int | None:
    """The number from 0 to ``most`` that the text is, in plain digits; None for anything else.

    >>> whole_number("12"), whole_number("-1"), whole_number("9" * 5000)
    (12, None, None)
    """
    if not _DIGITS.fullmatch(text):
        return None
    number = int(text)
    return number if number <= most else None


class WholeNumberFilter(django_filters.NumberFilter):
    """``?stage=3``; anything but a whole number from 0 to ``max_value`` is refused as a field's error.

    django-filter's own goes through Decimal and bounds it above only.
    """

    field_class = forms.IntegerField

    def __init__(self, *args: object, max_value: int = MOST, **options: object) -> None:
        super().__init__(*args, min_value=0, max_value=max_value, **options)

    def get_max_validator(self) -> None:
        """None: the field has its own bounds."""
