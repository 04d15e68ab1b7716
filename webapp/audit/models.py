"""The audit log: who did what to which record, when, from where. Rows are added and never changed.

Each row carries the hash of the row before it, so a removed or altered row breaks the chain from
there on. Database triggers (``triggers``) refuse UPDATE and DELETE as well.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One act. Text fields repeat what the foreign keys name, so the log outlives a renaming."""

    number = models.BigIntegerField(primary_key=True)  # 1, 2, 3 … without a gap
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=150)
    action = models.CharField(max_length=80)  # "staging.created"
    object_type = models.CharField(max_length=80, blank=True)  # "patients.patient"
    object_id = models.CharField(max_length=80, blank=True)
    site = models.ForeignKey("accounts.Site", null=True, on_delete=models.PROTECT, related_name="+")
    detail = models.JSONField(default=dict, blank=True)
    address = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_object"),
            models.Index(fields=["actor", "-number"], name="audit_actor"),
            models.Index(fields=["actor_name", "-number"], name="audit_actor_name"),
            models.Index(fields=["-at", "-number"], name="audit_at"),
            # The beginning of an action: PostgreSQL needs to be told that it is asked for by LIKE.
            models.Index(
                fields=["action", "number"],
                name="audit_action",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.actor_name} {self.action}"

    def content(self) -> dict[str, Any]:
        """What the hash covers: everything but the hash itself."""
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "actor": self.actor_id,
            "actor_name": self.actor_name,
            "action": self.action,
            "object_type": self.object_type,
            "object_id": self.object_id,
            "site": str(self.site_id) if self.site_id else None,
            "detail": self.detail,
            "address": self.address,
            "previous_hash": self.previous_hash,
        }

    def computed_hash(self) -> str:
        text = json.dumps(self.content(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


class Head(models.Model):
    """The one row that says where the chain ends; locking it makes writers take turns."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_one_head")]

    def __str__(self) -> str:
        return f"head at {self.number}"
