"""The S3 protocol by boto3: a put that is verified, a read that is hashed, and errors of ours.

Every request has a timeout and is tried three times with growing pauses; then it is :class:`BucketAway`.
boto3 is imported with the first request of a process, and so not at all without a bucket.
"""

from __future__ import annotations

import base64
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from prometheus_client import Counter

from webapp.bucket.errors import BucketAway, BucketRefuses, ObjectDamaged, ObjectMissing

CHUNK = 1 << 20
CONNECT_SECONDS = 5
READ_SECONDS = 30  # without a byte
TRIES = 3
LARGEST = 5 * 2**30  # bytes of one put, by the protocol

REQUESTS = Counter("hepastage_bucket_requests", "Requests to the object storage.", ["operation", "outcome"])
BYTES = Counter("hepastage_bucket_bytes", "Bytes to and from the object storage.", ["direction"])

_clients: dict[tuple[Any, ...], Any] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Stat:
    """An object: its name (without ``S3_PREFIX``), bytes, and when it was written (by the server's clock)."""

    name: str
    size: int
    modified: datetime


def put(name: str, source: Path | bytes, sha256: str, *, hurried: bool = False) -> None:
    """Write an object and return when it is there as it should be.

    The server is sent the SHA-256 to check; where its answer does not say that it did, the object
    is read back. ``hurried``, here and below: one short try, for those whom others wait for.
    Raises BucketAway or BucketRefuses.
    """
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > LARGEST:
        raise BucketRefuses(f"A file of {size >> 30} GiB is larger than one object may be.")
    wanted = base64.b64encode(bytes.fromhex(sha256)).decode("ascii")
    with _counted("put"):
        body: Any = source if isinstance(source, bytes) else source.open("rb")
        try:
            answer = _client(hurried).put_object(
                **_at(name), Body=body, ContentLength=size, ChecksumSHA256=wanted
            )
        finally:
            if not isinstance(body, bytes):
                body.close()
        BYTES.labels("out").inc(size)
    if answer.get("ChecksumSHA256") != wanted:
        try:
            verify(name, sha256)
        except (ObjectDamaged, ObjectMissing):
            raise BucketAway("What the object storage keeps is not what was sent.") from None


def fetch(name: str, sink: BinaryIO, sha256: str) -> int:
    """Read an object into an empty, seekable file; return its bytes.

    Raises ObjectMissing, ObjectDamaged where its hash is another one, BucketAway or BucketRefuses.
    """
    for last in (False, True):
        hashed, size = hashlib.sha256(), 0
        try:
            for piece in pieces(name):
                hashed.update(piece)
                size += len(piece)
                sink.write(piece)
        except BucketAway:
            if last:
                raise
        else:
            if hashed.hexdigest() == sha256:
                return size
            if last:
                raise ObjectDamaged("An object in the storage is not what was stored.")
        sink.seek(0)
        sink.truncate()
    raise AssertionError("unreachable")


def pieces(name: str) -> Iterator[bytes]:
    """An object's bytes, a piece at a time. Raises ObjectMissing, BucketAway or BucketRefuses."""
    with _counted("get"):
        body = _client().get_object(**_at(name))["Body"]
        try:
            while piece := body.read(CHUNK):
                BYTES.labels("in").inc(len(piece))
                yield piece
        finally:
            body.close()


def verify(name: str, sha256: str) -> None:
    """Read an object and compare; raise ObjectMissing or ObjectDamaged, BucketAway or BucketRefuses."""
    hashed = hashlib.sha256()
    for piece in pieces(name):
        hashed.update(piece)
    if hashed.hexdigest() != sha256:
        raise ObjectDamaged("An object in the storage is not what was stored.")


def read(name: str) -> bytes:
    """A small object. Raises ObjectMissing, BucketAway or BucketRefuses."""
    return b"".join(pieces(name))


def head(name: str, *, hurried: bool = False) -> Stat | None:
    """What is known of an object, or None where there is none."""
    try:
        with _counted("head"):
            found = _client(hurried).head_object(**_at(name))
    except ObjectMissing:
        return None
    return Stat(name, found["ContentLength"], found["LastModified"])


def remove(name: str, *, hurried: bool = False) -> None:
    """Remove an object; it is no error where there is none."""
    with _counted("delete"):
        _client(hurried).delete_object(**_at(name))


def copy(name: str, new: str) -> None:
    """An object under another name too, by the server."""
    with _counted("copy"):
        source = {"Bucket": settings.S3_BUCKET, "Key": settings.S3_PREFIX + name}
        _client().copy_object(**_at(new), CopySource=source)


def listed(below: str) -> Iterator[Stat]:
    """All objects whose names begin so, in the order of their names."""
    with _counted("list"):
        pages = _client().get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=settings.S3_BUCKET, Prefix=settings.S3_PREFIX + below):
            for found in page.get("Contents", []):
                name = found["Key"].removeprefix(settings.S3_PREFIX)
                yield Stat(name, found["Size"], found["LastModified"])


def reach() -> None:
    """Ask for the bucket itself; raise BucketAway or BucketRefuses. One short try, for those who wait."""
    with _counted("reach"):
        _client(hurried=True).head_bucket(Bucket=settings.S3_BUCKET)


def _at(name: str) -> dict[str, str]:
    return {"Bucket": settings.S3_BUCKET, "Key": settings.S3_PREFIX + name}


def _client(hurried: bool = False) -> Any:
    """One a process (they are safe among threads, not across a fork)."""
    key = (os.getpid(), hurried, settings.S3_ENDPOINT_URL, settings.S3_REGION, settings.S3_ACCESS_KEY_ID)
    with _lock:
        if key not in _clients:
            import boto3
            from botocore.config import Config

            _clients[key] = boto3.session.Session().client(
                "s3",
                endpoint_url=settings.S3_ENDPOINT_URL or None,
                region_name=settings.S3_REGION,
                aws_access_key_id=settings.S3_ACCESS_KEY_ID,
                aws_secret_access_key=settings.S3_SECRET_ACCESS_KEY,
                config=Config(
                    connect_timeout=CONNECT_SECONDS,
                    read_timeout=CONNECT_SECONDS if hurried else READ_SECONDS,
                    retries={"mode": "standard", "total_max_attempts": 1 if hurried else TRIES},
                    # Servers that know no checksums in trailers refuse them; ours are in the header.
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                    # A server of one's own usually has no name for each bucket.
                    s3={"addressing_style": "path" if settings.S3_ENDPOINT_URL else "auto"},
                ),
            )
        return _clients[key]


@contextmanager
def _counted(operation: str) -> Iterator[None]:
    """Count a request, and turn what boto3 raises into our errors. The names of objects stay out of them."""
    from botocore.exceptions import BotoCoreError, ClientError

    outcome = "failed"
    try:
        yield
        outcome = "done"
    except GeneratorExit:
        outcome = "done"  # whoever read had enough
        raise
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        if code == "NoSuchKey" or (status == 404 and operation != "reach" and code != "NoSuchBucket"):
            outcome = "missing"
            raise ObjectMissing("A stored object is missing.") from None
        if status >= 500 or status == 429 or code in {"SlowDown", "RequestTimeout", "RequestTimeTooSkewed"}:
            raise BucketAway(f"The object storage cannot do it now ({code or status}).") from None
        if code in {"BadDigest", "InvalidDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch"}:
            raise BucketAway("What the object storage got is not what was sent.") from None
        raise BucketRefuses(f"The object storage refuses ({code or status}).") from None
    except BotoCoreError as error:
        raise BucketAway(f"The object storage does not answer ({type(error).__name__}).") from None
    finally:
        REQUESTS.labels(operation, outcome).inc()
