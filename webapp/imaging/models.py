"""Uploads and what became of each file; stored images, their band, and HF/LF pairs.

No row holds a name, a number of the hospital or a true date. A file's own name may spell the
patient, so ``UploadFile.name`` is a keyed hash of it plus its extension (:func:`services.safe_name`);
the true name goes back to whoever sent it, in the response, and is then forgotten.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ml.spec import Band
from webapp.imaging.outcomes import Outcome
from webapp.patients.models import Exam

if TYPE_CHECKING:
    from webapp.accounts.models import User

BAND_CHOICES = [(band.value, band.value) for band in Band]


class UploadSource(models.TextChoices):
    """Which door the files came through; they all lead to the same hallway."""

    BROWSER = "browser"
    API = "api"
    FOLDER = "folder"
    DICOMWEB = "dicomweb"
    C_STORE = "c-store"
    DEMONSTRATION = "demonstration"


class BandSource(models.TextChoices):
    AUTO = "auto"
    MANUAL = "manual"


class Upload(models.Model):
    """Files that somebody sent together."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    site = models.ForeignKey("accounts.Site", on_delete=models.PROTECT, related_name="uploads")
    source = models.CharField(max_length=16, choices=UploadSource.choices, default=UploadSource.API)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(source__in=UploadSource.values), name="upload_source_known"),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="upload_newest_first")]

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"


class ImageQuerySet(models.QuerySet["Image"]):
    def usable(self) -> ImageQuerySet:
        """Images that may be looked at by everybody, staged and trained on."""
        return self.filter(released=True)

    def within_sites_of(self, user: User) -> ImageQuerySet:
        """Images of the user's sites; administrators see all.

        The sites are asked by value: the planner then knows that one has fifty exams and another most of
        them, and begins with the few exams or walks the order of the list.
        """
        if user.is_administrator:
            return self
        return self.filter(exam__site__in=[pk for (pk,) in user.site_ids().values_list("pk")])


class Image(models.Model):
    """One de-identified ultrasound image or cine loop.

    ``sha256`` addresses the stored DICOM file, ``analysis_sha256`` the uint8 (k, 256, 256) array of
    the frames ``analysis_frames``, ``pixel_sha256`` is of the grey pixels as they came, before
    blanking: it tells a second copy from a conflict.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exam = models.ForeignKey(Exam, on_delete=models.PROTECT, related_name="images")
    sop_key = models.CharField(max_length=64, unique=True)  # keyed per site, so unique per site
    study_key = models.CharField(max_length=64)
    series_uid = models.CharField(max_length=64, blank=True, default="")  # as in the stored file
    sha256 = models.CharField(max_length=64)
    pixel_sha256 = models.CharField(max_length=64)
    analysis_sha256 = models.CharField(max_length=64)
    analysis_frames = models.JSONField(default=list)
    band = models.CharField(max_length=2, choices=BAND_CHOICES, blank=True, default="")
    band_confidence = models.FloatField(default=0.0)
    band_evidence = models.JSONField(default=list, blank=True)
    band_source = models.CharField(max_length=6, choices=BandSource.choices, default=BandSource.AUTO)
    rows = models.PositiveIntegerField()
    columns = models.PositiveIntegerField()
    frame_count = models.PositiveIntegerField(default=1)
    frame_rate_hz = models.FloatField(null=True, blank=True)
    regions = models.JSONField(default=list)
    released = models.BooleanField(default=True)
    simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(band__in=["", *[b.value for b in Band]]), name="image_band_known"
            ),
            models.CheckConstraint(
                condition=Q(band_confidence__gte=0) & Q(band_confidence__lte=1), name="image_confidence_0_1"
            ),
            models.CheckConstraint(
                condition=Q(frame_count__gte=1, rows__gte=1, columns__gte=1), name="image_has_pixels"
            ),
        ]
        indexes = [
            models.Index(fields=["exam", "band", "created_at"], name="image_of_exam"),
            # A page in order, and what an offset skips, without a look at the rows.
            models.Index(
                fields=["study_key", "series_uid", "sop_key", "exam"],
                name="image_qido_released",
                condition=Q(released=True),
            ),
            models.Index(fields=["series_uid"], name="image_series"),
            models.Index(fields=["pixel_sha256"], name="image_pixels"),
            models.Index(fields=["-created_at", "-id"], name="image_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.band or '?'} {self.pk}"


class ImagePairQuerySet(models.QuerySet["ImagePair"]):
    def with_images(self) -> ImagePairQuerySet:
        return self.select_related("exam", "exam__patient", "exam__patient__site", "hf", "lf")


class ImagePair(models.Model):
    """One HF and one LF image of an exam. Every exam that has both bands has one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exam = models.OneToOneField(Exam, on_delete=models.PROTECT, related_name="pair")
    hf = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="+")
    lf = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ImagePairQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(hf=F("lf")), name="pair_two_images"),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="pair_newest_first")]

    def __str__(self) -> str:
        return f"pair of {self.exam_id}"


class UploadFile(models.Model):
    """What became of one file (or of one member of an archive)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=40)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    code = models.CharField(max_length=40)
    message = models.CharField(max_length=300)
    remedy = models.CharField(max_length=300, blank=True, default="")
    image = models.ForeignKey(Image, null=True, blank=True, on_delete=models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64, blank=True, default="")  # of the bytes as they came
    size = models.PositiveBigIntegerField(default=0)
    quarantine_sha256 = models.CharField(max_length=64, blank=True, default="")  # of the encrypted original
    quarantine_key = models.CharField(max_length=255, blank=True, default="")  # sealed; see originals.py
    at = models.DateTimeField(auto_now_add=True)

    # For the sender's response only, never stored: they may spell the patient.
    given_name: str = ""
    given_path: str = ""  # within the folder or archive
    particulars: str = ""

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="upload_file_outcome"),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.ACCEPTED) | Q(image__isnull=False),
                name="upload_file_accepted_has_image",
            ),
            models.CheckConstraint(
                condition=Q(quarantine_sha256="") | Q(outcome__in=[Outcome.QUARANTINED, Outcome.REFUSED]),
                name="upload_file_originals_only_when_kept_out",
            ),
            models.CheckConstraint(
                condition=Q(quarantine_key="") | ~Q(quarantine_sha256=""),
                name="upload_file_key_only_with_original",
            ),
        ]
        indexes = [
            models.Index(fields=["upload", "at"], name="upload_file_order"),
            models.Index(fields=["sha256"], name="upload_file_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.outcome}"


class WaitingState(models.TextChoices):
    """Where a file that was kept out stands. Only ``waiting`` asks for a person."""

    WAITING = "waiting"
    RELEASED = "released"
    REMOVED = "removed"
    REFUSED = "refused"  # unreadable or foreign: only its original is kept, for a time
    EXPIRED = "expired"  # nobody decided in time, or the refused original's time is over


class QuarantineItem(models.Model):
    """One file (or one withdrawn image) that nobody but an administrator may see, and what was decided.

    ``evidence`` holds boxes, counts and scores, never text that was read in a picture. ``layout`` is the
    same for files of one device with the same geometry, which may be decided together. The row outlives
    the original bytes (:func:`webapp.imaging.quarantine_expiry.expire`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(
        UploadFile, null=True, blank=True, on_delete=models.PROTECT, related_name="quarantine"
    )
    site = models.ForeignKey("accounts.Site", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=WaitingState.choices, default=WaitingState.WAITING)
    code = models.CharField(max_length=40)
    layout = models.CharField(max_length=32, blank=True, default="")
    device = models.CharField(max_length=200, blank=True, default="")
    evidence = models.JSONField(default=dict, blank=True)
    image = models.ForeignKey(
        Image, null=True, blank=True, on_delete=models.PROTECT, related_name="quarantine"
    )  # what it became, or which image was withdrawn
    rival = models.ForeignKey(
        Image, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # of a conflict: the image that is here under the same identifier
    note = models.CharField(max_length=500, blank=True, default="")  # why it was withdrawn
    expires_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.JSONField(default=dict, blank=True)  # action, keep, masks, band, conflict
    reason = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=WaitingState.values), name="quarantine_state_known"),
            models.CheckConstraint(
                condition=Q(file__isnull=False) | Q(image__isnull=False), name="quarantine_is_of_something"
            ),
            models.CheckConstraint(
                condition=~Q(state=WaitingState.RELEASED) | Q(image__isnull=False),
                name="quarantine_released_has_image",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="quarantine_newest_first"),
            models.Index(fields=["state", "-created_at", "-id"], name="quarantine_state_newest"),
            models.Index(fields=["state", "expires_at"], name="quarantine_expiry"),
            models.Index(fields=["layout", "state"], name="quarantine_alike"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"

    @property
    def has_original(self) -> bool:
        """Whether its bytes are still kept (a withdrawn image is kept as an image)."""
        return self.code == WITHDRAWN or bool(self.file is not None and self.file.quarantine_sha256)


WITHDRAWN = "withdrawn"
