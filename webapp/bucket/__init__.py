"""An S3 bucket as where files are kept, with the folders of this machine as a cache before it.

Off without ``S3_BUCKET``: nothing here is then imported beyond :func:`enabled`, and boto3 never is.

* :mod:`webapp.bucket.client` the protocol: bounded retries and timeouts, checksums, our own errors.
* :mod:`webapp.bucket.files` single files named by their SHA-256 (the rooms of ``webapp.imaging.storage``).
* :mod:`webapp.bucket.folders` whole folders (datasets, models, what runs leave), whole or absent.
* :mod:`webapp.bucket.cache` what goes when the folders of this machine are larger than they may be.

An object's key is the path that the file has below ``HEPASTAGE_HOME``, after ``S3_PREFIX``.
"""

from __future__ import annotations

from django.conf import settings


def enabled() -> bool:
    """Whether files are kept in a bucket."""
    return bool(settings.S3_BUCKET)
