"""From the UIDs that DICOMweb clients ask by to rows: a published UID carries 122 bits of its row's key."""

from __future__ import annotations

import re
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from webapp.accounts.models import User
from webapp.imaging.models import Image
from webapp.patients.pseudonyms import UID_ROOT, uid_of_key

_EXACT_DIGITS = 12  # hexadecimal digits before the one that says "version 4"
_NUMBER = re.compile(r"[1-9][0-9]{0,38}")


def visible(user: User) -> QuerySet[Image]:
    """Released images of the user's sites; for everybody, administrators too."""
    return Image.objects.usable().within_sites_of(user)


def keys_of(images: QuerySet[Image], column: str, uid: str) -> list[str]:
    """The keys in ``column`` (``sop_key``, ``study_key``) whose published UID is ``uid``: one, or none.

    A range of the first 48 bits, so that the index answers; the rest is compared here.
    """
    number = uid.removeprefix(UID_ROOT)
    if not uid.startswith(UID_ROOT) or not _NUMBER.fullmatch(number) or int(number) >= 1 << 128:
        return []
    first = UUID(int=int(number)).hex[:_EXACT_DIGITS]
    near = images.filter(**{f"{column}__gte": first, f"{column}__lt": first + "g"})
    return [
        key for key in near.order_by().values_list(column, flat=True).distinct() if uid_of_key(key) == uid
    ]


def of_study(images: QuerySet[Image], study: str) -> QuerySet[Image]:
    """Images of a study; none where it does not exist."""
    return images.filter(study_key__in=keys_of(images, "study_key", study))


def found(user: User, study: str, series: str | None = None, instance: str | None = None) -> QuerySet[Image]:
    """The images that an address names, with their exams; ``Http404`` where there are none."""
    images = of_study(visible(user), study)
    if series is not None:
        images = images.filter(series_uid=series)
    if instance is not None:
        images = images.filter(sop_key__in=keys_of(images, "sop_key", instance))
    images = images.select_related("exam__patient__site").order_by("created_at", "id")
    if not images.exists():
        raise Http404
    return images
