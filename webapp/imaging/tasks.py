"""What is done now and then for the images: originals whose time in quarantine is over are removed."""

from __future__ import annotations

from webapp.imaging.holding import expire
from webapp.jobs.registry import every

HOUR = 3600.0


@every(HOUR, "imaging.expire-quarantine")
def expire_quarantine() -> None:
    """Idempotent; short: rows in batches, one unlink each."""
    expire()
