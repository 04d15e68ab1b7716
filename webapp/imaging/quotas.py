"""How much one person may send in a day, and how much a site may hold, whatever door it comes through.

Asked before a file is decoded, for the bytes as they came. What is kept counts: accepted and released
images, and originals in quarantine; duplicates cost nothing. The sum of a site is read once in half a minute
by each process, which adds what it takes in itself meanwhile, so that several processes at once may go past
the limit by what they take in within that time.

Settings: ``UPLOAD_BYTES_PER_USER_AND_DAY`` and ``UPLOAD_BYTES_PER_SITE``; 0 is no limit. The operator's own
import of a folder is not limited.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q, Sum
from django.utils import timezone

from webapp.imaging.models import Upload, UploadFile
from webapp.imaging.outcomes import FileRefused, Outcome

if TYPE_CHECKING:
    from webapp.accounts.models import Site

DAY = timedelta(hours=24)
REMEMBERED_SECONDS = 30
_TAKEN = Q(outcome__in=[Outcome.ACCEPTED, Outcome.QUARANTINED], image__isnull=False)
_KEPT = _TAKEN | ~Q(quarantine_sha256="")


@dataclass(frozen=True)
class SiteUse:
    """Bytes that a site has sent and that are kept, and how many it may."""

    site: Site
    used: int
    limit: int  # 0: none


def check(*, upload: Upload, size: int) -> None:
    """Whether ``size`` further bytes may come in; raises FileRefused with the code of what is used up."""
    daily, lasting = settings.UPLOAD_BYTES_PER_USER_AND_DAY, settings.UPLOAD_BYTES_PER_SITE
    if daily and upload.created_by_id is not None and _of_today(upload.created_by_id) + size > daily:
        raise FileRefused("quota-of-the-day")
    if lasting and _of_site(upload.site_id) + size > lasting:
        raise FileRefused("quota-of-the-site")


def took_in(row: UploadFile) -> None:
    """Count what this process has just kept, until the sum is read again."""
    kept = bool(row.quarantine_sha256) or row.outcome == Outcome.ACCEPTED
    with suppress(ValueError):  # nothing is remembered of this site
        cache.incr(_key(row.upload.site_id), row.size if kept else 0)


def use_of_sites() -> list[SiteUse]:
    """Every site, the fullest first."""
    from webapp.accounts.models import Site

    sums = dict(
        UploadFile.objects.filter(_KEPT).order_by().values_list("upload__site").annotate(bytes=Sum("size"))
    )
    limit = settings.UPLOAD_BYTES_PER_SITE
    found = [SiteUse(site, int(sums.get(site.pk) or 0), limit) for site in Site.objects.all()]
    return sorted(found, key=lambda use: (-use.used, use.site.code))


def _of_today(user: int) -> int:
    since = timezone.now() - DAY
    return _sum(UploadFile.objects.filter(_KEPT, upload__created_by=user, at__gte=since))


def _of_site(site: Any) -> int:
    held = cache.get(_key(site))
    if held is None:
        held = _sum(UploadFile.objects.filter(_KEPT, upload__site=site))
        cache.set(_key(site), held, REMEMBERED_SECONDS)
    return int(held)


def _sum(rows: Any) -> int:
    return int(rows.aggregate(bytes=Sum("size"))["bytes"] or 0)


def _key(site: Any) -> str:
    return f"quota.site.{site}"
