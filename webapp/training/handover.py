"""What one machine hands over to another where they share a bucket and no disk; nothing without a bucket.

A training writes into a folder of its machine. Its checkpoints go to the bucket as ``…/underway`` now and
then and when it is stopped, so that an attempt elsewhere goes on from there; its results go there as a whole
before they count. A machine that died takes what it learned since the last time with it, and nothing else: a
resumed training equals one that was never stopped.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from webapp import bucket
from webapp.bucket.errors import BucketTrouble
from webapp.bucket.kept import forget_folder
from webapp.jobs.errors import Interrupted, LeaseLost

# What a training that is done needs no more: its model is in the registry.
NOT_RESULTS = frozenset({"checkpoints", "checkpoint.safetensors", "model"})
EVERY_SECONDS = 120.0  # of training that a lost machine may cost
log = logging.getLogger(__name__)


class Underway:
    """The work directory of a training. ``folder`` lies below ``WORK_DIR`` and holds ``work``."""

    def __init__(self, folder: Path) -> None:
        self._work = folder / "work"
        self._note = folder / "underway.txt"  # which list in the bucket the directory here goes on from
        self._path = folder.relative_to(settings.WORK_DIR).as_posix()
        self._sent_at = time.monotonic()

    def fetch(self) -> None:
        """Take over what another machine left, where that is not what this one has already."""
        if not bucket.enabled():
            return
        from webapp.bucket import folders

        name = folders.name_of(f"{self._path}/underway")
        manifest = folders.manifest_of(name)
        known = self._note.read_text("utf-8") if self._note.is_file() else ""
        if manifest is not None and manifest.digest != known:
            self._note.unlink(missing_ok=True)
            folders.fetch(name, self._work, replace=True)
            self._note.write_text(manifest.digest, "utf-8")

    def saved(self) -> None:
        """A checkpoint was written: hand it over if the last time is long ago. Trouble is only logged."""
        if bucket.enabled() and time.monotonic() - self._sent_at >= EVERY_SECONDS:
            self._send()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Around the training: what it has when it is stopped or fails is handed over."""
        try:
            yield
        except LeaseLost:
            raise  # somebody else is at it
        except (Interrupted, Exception):
            if bucket.enabled():
                self._send()
            raise

    def finish(self) -> None:
        """Write the results to the bucket. Raises BucketAway or BucketRefuses: the run is not done then."""
        if not bucket.enabled():
            return
        from webapp.bucket import folders

        folders.publish(folders.name_of(f"{self._path}/work"), self._work, without=NOT_RESULTS)

    def registered(self) -> None:
        """The results count: what was under way is not needed any more."""
        forget_folder(f"{self._path}/underway")

    def _send(self) -> None:
        from webapp.bucket import folders

        try:
            manifest = folders.publish(folders.name_of(f"{self._path}/underway"), self._work)
            self._note.write_text(manifest.digest, "utf-8")
        except (BucketTrouble, OSError) as trouble:
            log.warning("a checkpoint stays on this machine for now: %s", type(trouble).__name__)
        self._sent_at = time.monotonic()


def finished(folder: Path, proof: str) -> Path:
    """The work directory of a training that succeeded, fetched where its file ``proof`` is not here."""
    work = folder / "work"
    if bucket.enabled() and not (work / proof).is_file():
        from webapp.bucket import folders

        path = work.relative_to(settings.WORK_DIR).as_posix()
        folders.fetch(folders.name_of(path), work, replace=True, unless=proof)
    return work
