"""What is done now and then for the images: originals whose time in quarantine is over are removed, those
that an earlier version kept as they came are encrypted.
"""

from __future__ import annotations

from webapp import bucket
from webapp.imaging import removal
from webapp.imaging.holding import expire
from webapp.imaging.originals import encrypt_older
from webapp.jobs.registry import every

HOUR = 3600.0
MINUTE = 60.0


@every(HOUR, "imaging.expire-quarantine")
def expire_quarantine() -> None:
    """Idempotent; short: rows in batches, one unlink each."""
    expire()


@every(HOUR, "imaging.encrypt-originals")
def encrypt_originals() -> None:
    """Idempotent; nothing to do but once, after the version that kept originals as they came."""
    encrypt_older()


@every(MINUTE, "imaging.tend-cache")
def tend_cache() -> None:
    """Idempotent; removals that were put off, and with a bucket what was not used for longest."""
    removal.settle()
    if bucket.enabled():
        from webapp.imaging import tending

        tending.tend()


@every(10 * MINUTE, "imaging.follow-removals")
def follow_removals() -> None:
    """Nothing without a bucket. What was removed through another host goes from this one's cache."""
    if bucket.enabled():
        from webapp.imaging import tending

        tending.follow()
