"""Liver outlines with all their revisions; the blinded reads are in :mod:`webapp.reading.read_models`.

An outline belongs to one frame of one image and is worked on together: there is one that counts at a time.
Every save is a new revision that names the one it was made from; rows of revisions are never changed
(:mod:`webapp.reading.immutability`).
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from webapp.accounts.models import User
from webapp.reading.read_models import (
    Adjudication,
    Assignment,
    Quality,
    QualityRead,
    QualityReason,
    ReadKind,
    Settling,
    StageRead,
)

__all__ = [
    "Adjudication",
    "Assignment",
    "Outline",
    "OutlineOrigin",
    "OutlineQuerySet",
    "OutlineRevision",
    "OutlineState",
    "Quality",
    "QualityRead",
    "QualityReason",
    "ReadKind",
    "Settling",
    "StageRead",
]


class OutlineState(models.TextChoices):
    """A draft is somebody's unfinished work; only a final outline is trained on or shown as the liver."""

    DRAFT = "draft"
    FINAL = "final"


class OutlineOrigin(models.TextChoices):
    """How a revision came about. Brush masks are traced to polygons in the browser: it works offline too."""

    BOX = "box"
    POLYGON = "polygon"
    BRUSH = "brush"
    PROPOSAL = "proposal"
    IMPORT = "import"
    RESTORED = "restored"


class OutlineQuerySet(models.QuerySet["Outline"]):
    def live(self) -> OutlineQuerySet:
        """What is not in the trash."""
        return self.filter(trashed_at__isnull=True)

    def trashed(self) -> OutlineQuerySet:
        return self.filter(trashed_at__isnull=False)

    def with_final(self) -> OutlineQuerySet:
        """Those of which a revision was made final; it stays in force while a newer draft is worked on."""
        return self.live().filter(final__isnull=False)

    def visible_to(self, user: User) -> OutlineQuerySet:
        """Outlines of released images at the user's sites; administrators see all."""
        if user.is_administrator:
            return self
        return self.filter(image__released=True, image__exam__patient__site__in=user.site_ids())


class Outline(models.Model):
    """The liver in one frame.

    ``polygons``, ``revision``, ``state``, ``origin``, ``author`` and ``algorithm`` repeat the newest
    revision; ``final`` points at the revision that counts, which may be an older one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    image = models.ForeignKey("imaging.Image", on_delete=models.PROTECT, related_name="outlines")
    frame = models.PositiveIntegerField()  # from 0
    polygons = models.JSONField(default=list, blank=True)
    revision = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=OutlineState.choices, default=OutlineState.DRAFT)
    origin = models.CharField(max_length=12, choices=OutlineOrigin.choices, default=OutlineOrigin.POLYGON)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    algorithm = models.JSONField(null=True, blank=True)  # webapp.reading.provenance.Algorithm; null: by hand
    final = models.ForeignKey(
        "reading.OutlineRevision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    trashed_at = models.DateTimeField(null=True, blank=True)
    trashed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = OutlineQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["image", "frame"], name="outline_one_a_frame", condition=Q(trashed_at__isnull=True)
            ),
            models.CheckConstraint(condition=Q(state__in=OutlineState.values), name="outline_state"),
            models.CheckConstraint(condition=Q(origin__in=OutlineOrigin.values), name="outline_origin"),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="outline_newest_first")]

    def __str__(self) -> str:
        return f"outline of {self.image_id} frame {self.frame} revision {self.revision}"


class OutlineRevision(models.Model):
    """One save, kept for good.

    ``key`` is the browser's name for it, so that a save sent again after a lost answer is the same save.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    outline = models.ForeignKey(Outline, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()  # from 1, without a gap
    made_from = models.PositiveIntegerField()  # 0: from nothing
    polygons = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=8, choices=OutlineState.choices)
    origin = models.CharField(max_length=12, choices=OutlineOrigin.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    algorithm = models.JSONField(null=True, blank=True)
    key = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["outline", "number"], name="outline_revision_once"),
            models.UniqueConstraint(
                fields=["outline", "key"], name="outline_revision_key_once", condition=Q(key__isnull=False)
            ),
            models.CheckConstraint(condition=Q(number=F("made_from") + 1), name="outline_revision_follows"),
            models.CheckConstraint(condition=Q(state__in=OutlineState.values), name="outline_revision_state"),
            models.CheckConstraint(
                condition=Q(origin__in=OutlineOrigin.values), name="outline_revision_origin"
            ),
        ]

    def __str__(self) -> str:
        return f"revision {self.number} of {self.outline_id}"
