"""People, what they may do (their role) and where (their sites); their tokens and browser sessions."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

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

    @property
    def second_factor_required(self) -> bool:
        """Whether the house wants a second factor of this user (``SECOND_FACTOR``)."""
        wanted = settings.SECOND_FACTOR
        return wanted == "everyone" or (wanted == "administrators" and self.is_administrator)

    @property
    def second_factor_due(self) -> bool:
        """Required and not set up yet: until then, nothing else may be done.

        Not of people of the identity provider, which had to ask for it when they signed in.
        """
        from webapp.accounts import external, second_factor

        if not self.second_factor_required or second_factor.enabled(self):
            return False
        return not external.bound(self)

    def may(self, resource: str, action: str) -> bool:
        """Ask the permission table; for code below accounts, which is handed a user and imports nothing."""
        return permissions.allowed(self, resource, action)

    def site_ids(self) -> models.QuerySet:
        """A sub-query of the ids of the user's sites, for ``…__in``."""
        return self.sites.order_by().values("pk")


class TokenScope(models.TextChoices):
    """``read``: only requests that change nothing."""

    READ = "read"
    WRITE = "write"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self) -> ApiTokenQuerySet:
        """Neither revoked nor expired, of somebody who may still sign in."""
        fresh = models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=timezone.now())
        return self.filter(fresh, revoked_at__isnull=True, user__is_active=True)


class ApiToken(models.Model):
    """A program's way in, as one person and with at most that person's rights. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    scope = models.CharField(max_length=5, choices=TokenScope.choices, default=TokenScope.READ)
    beginning = models.CharField(max_length=12)  # of the token, to recognise it by
    hashed = models.CharField(max_length=64, unique=True)  # SHA-256; a random token needs no slow hash
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(scope__in=TokenScope.values), name="api_token_scope"),
        ]
        indexes = [models.Index(fields=["user", "-created_at"], name="api_token_of_user")]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"


class BrowserSession(models.Model):
    """A signed-in browser. Without its row a session is over, so revoking is deleting."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="browser_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.CharField(max_length=64, blank=True)
    browser = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-seen_at"]
        indexes = [models.Index(fields=["user", "-created_at"], name="browser_session_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} since {self.created_at}"


class SavedPage(models.TextChoices):
    """The lists whose filters stand in their address."""

    WORKLIST = "worklist"
    READING = "reading"
    RUNS = "runs"
    JOBS = "jobs"
    QUARANTINE = "quarantine"
    AUDIT = "audit"
    COHORT = "cohort"
    PATIENTS = "patients"


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def live(self) -> SavedViewQuerySet:
        """What is not in the trash."""
        return self.filter(trashed_at__isnull=True)


class SavedView(models.Model):
    """A list's filters under a name, of one person. ``query`` is that of the page's address, encoded."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=16, choices=SavedPage.choices)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True, default="")
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    trashed_at = models.DateTimeField(null=True, blank=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(page__in=SavedPage.values), name="saved_view_page"),
            models.UniqueConstraint(
                fields=["user", "page", "name"],
                name="saved_view_name_once",
                condition=models.Q(trashed_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["user", "page"],
                name="saved_view_one_default",
                condition=models.Q(trashed_at__isnull=True, is_default=True),
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="saved_view_newest_first")]

    def __str__(self) -> str:
        return f"{self.name} of {self.page}"
