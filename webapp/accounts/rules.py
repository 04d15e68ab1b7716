"""Permission rows of accounts, and of jobs and audit, which lie below it."""

from __future__ import annotations

from webapp.accounts.permissions import Rules
from webapp.accounts.roles import ADMINISTRATORS, EVERYONE

RULES: Rules = {
    ("me", "get"): EVERYONE,
    ("me", "patch"): EVERYONE,
    ("sites", "list"): EVERYONE,
    ("sites", "retrieve"): EVERYONE,
    # Which jobs, Job.objects.visible_to says: one's own, and those of one's sites.
    ("jobs", "list"): EVERYONE,
    ("jobs", "retrieve"): EVERYONE,
    ("jobs", "events"): EVERYONE,
    ("jobs", "cancel"): EVERYONE,  # one's own; an administrator's right is checked in the service
    ("jobs", "retry"): EVERYONE,
    ("audit", "list"): ADMINISTRATORS,
    ("audit", "retrieve"): ADMINISTRATORS,
}
