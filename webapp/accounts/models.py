"""People, what they may do (their role) and where (their sites)."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models

from webapp.accounts import permissions
from webapp.accounts.roles import Role


class Site(models.Model):
    """A hospital or department. Patients belong to one; people may work at several."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """Somebody who signs in. ``language`` is a code of ``settings.LANGUAGES``, or empty for the browser's."""

    role = models.CharField(max_length=16, choices=Role.choices, default=Role.CLINICIAN)
    sites = models.ManyToManyField(Site, blank=True, related_name="users")
    language = models.CharField(max_length=10, blank=True, default="")

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_known"),
        ]

    @property
    def effective_role(self) -> Role:
        """The role that the permission table is asked with; a superuser is an administrator."""
        return Role.ADMINISTRATOR if self.is_superuser else Role(self.role)

    @property
    def is_administrator(self) -> bool:
        """Administrators see every site."""
        return self.effective_role is Role.ADMINISTRATOR

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.username

    def may(self, resource: str, action: str) -> bool:
        """Ask the permission table; for code below accounts, which is handed a user and imports nothing."""
        return permissions.allowed(self, resource, action)

    def site_ids(self) -> models.QuerySet:
        """A sub-query of the ids of the user's sites, for ``…__in``."""
        return self.sites.order_by().values("pk")
