"""The one hallway: whatever door a file comes through, this is what happens to it.

digest → seen before? → archive: each member → read and decode in a limited child process → identity
removed, furniture blanked → files stored → rows, pair, audit in one transaction. Every file ends as
accepted, duplicate, quarantined or refused; only the bytes of the last two are kept as they came, in
quarantine, for an administrator.

Nothing that a file says about a person is logged: of an unexpected failure the log has the kind of
the exception and the digest of the file.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from ml.dicom import DicomRefused, ReaderUnavailable
from ml.spec import HepaStageError
from webapp import spool
from webapp.audit import services as audit
from webapp.bucket.errors import BucketTrouble
from webapp.imaging import originals, quotas, removal, storage
from webapp.imaging.acceptance import already_here, write_image
from webapp.imaging.archives import as_file, is_archive, members
from webapp.imaging.holding import hold
from webapp.imaging.models import Image, Upload, UploadFile, UploadSource
from webapp.imaging.outcomes import FileRefused, Outcome, wording
from webapp.imaging.preparation import prepare
from webapp.imaging.removal import FileVanished
from webapp.imaging.storage import Room
from webapp.lending import give_back
from webapp.patients.pseudonyms import Pseudonymiser
from webapp.problems import DISK_FULL

if TYPE_CHECKING:
    from webapp.accounts.models import Site, User

logger = logging.getLogger(__name__)
MAX_BYTES = 2 * 2**30
AT_A_TIME = 8  # files in one process: fewer than its connections to the database, more than readers
EXTENSIONS = frozenset({".dcm", ".dicom", ".ima", ".zip"})


class IntakeUnavailable(HepaStageError):
    """The reading processes cannot be started."""

    code = "intake-unavailable"
    remedy = "Try again in a minute, then tell an administrator."
    http_status = 503


_places = threading.BoundedSemaphore(AT_A_TIME)


@contextmanager
def _place() -> Iterator[None]:
    """One of the places for files that are taken in; whoever waits for one keeps no connection meanwhile."""
    give_back()
    try:
        with _places:
            yield
    finally:
        give_back()


@dataclass(frozen=True)
class Received:
    """A file as it came. ``name`` is what the sender calls it and is not stored."""

    name: str
    sha256: str
    size: int

    @classmethod
    def of(cls, path: Path, name: str) -> Received:
        return cls(name, storage.digest_of(path), path.stat().st_size)


@transaction.atomic
def start_upload(
    *,
    site: Site,
    actor: User | None,
    source: str = UploadSource.API,
    request: Any = None,
) -> Upload:
    """Open a bundle of files that somebody sends together."""
    upload = Upload.objects.create(site=site, created_by=actor, source=UploadSource(source))
    audit.record(
        actor=actor,
        action="upload.started",
        object=upload,
        site=site,
        request=request,
        detail={"source": upload.source},
    )
    return upload


def ingest_file(
    *,
    upload: Upload,
    name: str,
    data: bytes | Path,
    actor: User | None,
    request: Any = None,
    limited: bool = True,
) -> list[UploadFile]:
    """Take in one file, or every member of a zip archive; return what became of each.

    ``limited`` is False for the operator's own imports, which no quota stops.

    The rows carry what is not stored and belongs in the sender's response only: ``given_name`` and
    ``given_path``, and ``particulars``, a sentence that may quote the file.
    """
    hallway = Hallway(upload, actor, request, limited=limited)
    with as_file(data) as path:
        if path.stat().st_size > MAX_BYTES:
            return [
                hallway.turn_away(path, Received.of(path, name), DicomRefused("file-too-large"), keep=False)
            ]
        if is_archive(path):
            return list(hallway.take_archive(path, name))
        return [hallway.take(path, name)]


def ingest_instance(
    *,
    upload: Upload,
    name: str,
    path: Path | None,
    actor: User | None,
    study: str | None = None,
    request: Any = None,
) -> UploadFile:
    """Take in one DICOM instance, for the doors that know no archives (STOW-RS, C-STORE).

    ``path`` is ``None`` where the sender was cut off because the instance was too large. ``study`` is the
    StudyInstanceUID that the sender said it belongs to; another one inside is refused.
    """
    hallway = Hallway(upload, actor, request, study)
    if path is None or path.stat().st_size > MAX_BYTES:
        return hallway.refuse(name, "file-too-large")
    return hallway.take(path, name)


@dataclass(frozen=True)
class Announced:
    """A file that a sender has and may not have to send: ``sha256`` of its bytes, lower-case hexadecimal."""

    sha256: str
    name: str
    size: int


def already_received(
    *,
    upload: Upload,
    files: list[Announced],
    actor: User | None,
    request: Any = None,
) -> dict[str, UploadFile]:
    """What became of files that need not be sent (again), by digest; the others are absent.

    A file of this very upload keeps its outcome, whatever it was: its answer got lost. One that the
    site has is recorded as a duplicate, just as if it had been sent.
    """
    hallway = Hallway(upload, actor, request)
    answered = upload.files.filter(sha256__in={file.sha256 for file in files})
    rows = {row.sha256: row for row in answered.select_related("image__exam").order_by("at", "id")}
    for file in files:
        if file.sha256 not in rows and (known := hallway._accepted_before(file.sha256)) is not None:
            received = Received(file.name, file.sha256, file.size)
            rows[file.sha256] = hallway._record(received, "duplicate", image=known)
    return rows


def safe_name(upload: Upload, name: str) -> str:
    """What may be kept of a file's name: a keyed hash and a known extension. Names spell patients.

    The same name at the same site gives the same stand-in, so a sender can tell its files apart.
    """
    extension = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    return Pseudonymiser.of_site(upload.site_id).name_key(name) + (
        extension if extension in EXTENSIONS else ""
    )


@dataclass(frozen=True)
class Hallway:
    """One upload's way in."""

    upload: Upload
    actor: User | None
    request: Any = None
    study: str | None = None
    limited: bool = True

    def refuse(self, name: str, code: str) -> UploadFile:
        """What was not even received whole."""
        return self._record(Received(name, "", 0), code)

    def take_archive(self, path: Path, name: str) -> Iterator[UploadFile]:
        """Each member in turn; then, where it broke off, the archive itself as refused."""
        try:
            for member, content in members(path):
                if isinstance(content, FileRefused):
                    yield self._record(Received(member, "", 0), content.code)
                else:
                    yield self.take(content, member)
        except FileRefused as refusal:
            yield self.turn_away(path, Received.of(path, name), refusal)

    def take(self, path: Path, name: str) -> UploadFile:
        """One DICOM file."""
        with _place():
            return self._take(path, name)

    def _take(self, path: Path, name: str) -> UploadFile:
        file = Received.of(path, name)
        known = self._accepted_before(file.sha256)
        if known is not None and self._of_named_study(known.study_key):
            return self._record(file, "duplicate", image=known)
        try:
            if self.limited:
                quotas.check(upload=self.upload, size=file.size)
        except FileRefused as refusal:
            return self._record(file, refusal.code)  # and nothing of it is kept
        row = self._taken(path, file)
        quotas.took_in(row)
        return row

    def _taken(self, path: Path, file: Received) -> UploadFile:
        try:
            return removal.again_if_vanished(lambda: self._take_new(path, file))
        except ReaderUnavailable:  # a fault of the installation: the file is not to blame
            raise IntakeUnavailable("Files cannot be read at the moment.") from None
        except (DicomRefused, FileRefused) as refusal:
            return self.turn_away(path, file, refusal)
        except (BucketTrouble, FileVanished, OperationalError, InterfaceError):  # nor is it for these
            raise
        except Exception as error:  # no message, no traceback: both may quote the file
            if isinstance(error, OSError) and error.errno in DISK_FULL:
                raise
            logger.error("ingest of %s failed with %s", file.sha256[:16], type(error).__name__)
            return self.turn_away(path, file, FileRefused("unexpected"))

    def turn_away(
        self,
        path: Path,
        file: Received,
        refusal: DicomRefused | FileRefused,
        *,
        keep: bool = True,
    ) -> UploadFile:
        """Keep the original for an administrator and say why it was not taken."""
        kept = None
        if keep and file.size:
            kept = originals.keep(path, site_id=self.upload.site_id, sha256=file.sha256)
        with transaction.atomic():
            row = self._record(file, refusal.code, particulars=refusal.message, original=kept)
            if kept is not None:
                look, rival = getattr(refusal, "look", None), getattr(refusal, "rival", None)
                hold(row=row, look=look, rival=rival)
        return row

    def _take_new(self, path: Path, file: Received) -> UploadFile:
        with spool.temporary_folder("file", parent=storage.incoming()) as folder:
            dicom, analysis = folder / "image.dcm", folder / "analysis.npy"
            found = prepare(path, Pseudonymiser.of_site(self.upload.site_id), dicom=dicom, analysis=analysis)
            if not self._of_named_study(found.subject.study_key):
                raise FileRefused("study-mismatch")
            if (known := already_here(self.upload.site_id, found)) is not None:
                return self._record(file, known[0], image=known[1])
            addresses = storage.adopt(Room.IMAGES, dicom), storage.adopt(Room.ANALYSIS, analysis)
        try:
            with transaction.atomic():
                code, image = write_image(
                    site=self.upload.site, found=found, addresses=addresses, actor=self.actor
                )
                return self._record(file, code, image=image)
        except IntegrityError:  # the same instance came in through another process meanwhile
            if (known := already_here(self.upload.site_id, found)) is None:
                raise
            return self._record(file, known[0], image=known[1])

    def _of_named_study(self, study_key: str) -> bool:
        """Whether the instance is of the study that the sender named, if one was named."""
        return self.study is None or study_key == Pseudonymiser.of_site(self.upload.site_id).uid_key(
            self.study
        )

    def _accepted_before(self, digest: str) -> Image | None:
        """The image that the very same bytes became at this site, at once or when a person released them."""
        row = (
            UploadFile.objects.filter(
                sha256=digest,
                upload__site=self.upload.site_id,
                outcome__in=[Outcome.ACCEPTED, Outcome.QUARANTINED],
                image__isnull=False,
            )
            .select_related("image__exam")
            .first()
        )
        return row.image if row else None

    @transaction.atomic
    def _record(
        self,
        file: Received,
        code: str,
        *,
        image: Image | None = None,
        particulars: str = "",
        original: originals.Kept | None = None,
    ) -> UploadFile:
        outcome, message, remedy = wording(code)
        address, key = original.seal() if original is not None else ("", "")
        row = UploadFile.objects.create(
            upload=self.upload,
            name=safe_name(self.upload, file.name),
            outcome=outcome,
            code=code,
            message=message,
            remedy=remedy,
            image=image,
            sha256=file.sha256,
            size=file.size,
            quarantine_sha256=address,
            quarantine_key=key,
        )
        audit.record(
            actor=self.actor,
            action=f"file.{outcome}",
            object=image or row,
            site=self.upload.site,
            request=self.request,
            detail={"upload": self.upload.pk, "file": row.pk, "code": code},
        )
        row.given_path = file.name
        row.given_name = PurePosixPath(file.name.replace("\\", "/")).name
        row.particulars = particulars or message
        return row
