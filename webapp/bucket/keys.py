"""The keys of a house stay on its machines, and every machine needs the same ones.

A key is made on first use. Where several machines share a bucket and no disk, the second would make one of
its own, and the same patient would have two pseudonyms. So the first leaves a mark in the bucket that says
that a key of this name exists (and nothing of it), and the next refuses to make another.
"""

from __future__ import annotations

from ml.spec import HepaStageError
from webapp import bucket

MARKS = "keys/"


class KeysMissing(HepaStageError):
    """A key was made on another machine and is not here."""

    code = "keys-missing"
    remedy = (
        "Copy HEPASTAGE_HOME/keys from a machine that has it, or restore it from where the keys are kept."
    )
    http_status = 503


def making(name: str) -> None:
    """Before a key is made. Raises KeysMissing where there is one already, BucketAway or BucketRefuses."""
    if bucket.enabled():
        from webapp.bucket import client

        if client.head(MARKS + name) is not None:
            raise KeysMissing(f"The key {name} was made on another machine.")
        mark(name)


def mark(name: str) -> None:
    """Say that a key of this name exists."""
    from webapp.bucket import client, files

    client.put(MARKS + name, b"", files.EMPTY)
