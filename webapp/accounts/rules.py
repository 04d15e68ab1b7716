"""Permission rows of accounts, and of jobs and audit, which lie below it."""

from __future__ import annotations

from webapp.accounts.permissions import Rules
from webapp.accounts.roles import ADMINISTRATORS, EVERYONE

RULES: Rules = {
    ("me", "get"): EVERYONE,
    ("me", "patch"): EVERYONE,
    ("own-password", "post"): EVERYONE,
    ("second-factor", "get"): EVERYONE,
    ("second-factor", "post"): EVERYONE,
    ("second-factor", "put"): EVERYONE,
    ("tokens", "list"): EVERYONE,  # one's own
    ("tokens", "create"): EVERYONE,
    ("tokens", "destroy"): EVERYONE,
    ("sessions", "list"): EVERYONE,  # one's own
    ("sessions", "destroy"): EVERYONE,
    ("saved-views", "list"): EVERYONE,  # one's own
    ("saved-views", "create"): EVERYONE,
    ("saved-views", "partial_update"): EVERYONE,
    ("saved-views", "destroy"): EVERYONE,
    ("saved-views", "restore"): EVERYONE,
    ("sites", "list"): EVERYONE,
    ("sites", "retrieve"): EVERYONE,
    ("sites", "create"): ADMINISTRATORS,
    ("sites", "partial_update"): ADMINISTRATORS,
    ("users", "list"): ADMINISTRATORS,
    ("users", "retrieve"): ADMINISTRATORS,
    ("users", "create"): ADMINISTRATORS,
    ("users", "partial_update"): ADMINISTRATORS,
    ("users", "invite"): ADMINISTRATORS,
    ("users", "sign_out"): ADMINISTRATORS,
    ("users", "reset_second_factor"): ADMINISTRATORS,
    # Which jobs, Job.objects.visible_to says: one's own, and those of one's sites.
    ("jobs", "list"): EVERYONE,
    ("jobs", "retrieve"): EVERYONE,
    ("jobs", "events"): EVERYONE,
    ("jobs", "cancel"): EVERYONE,  # one's own; an administrator's right is checked in the service
    ("jobs", "retry"): EVERYONE,
    ("audit", "list"): ADMINISTRATORS,
    ("audit", "retrieve"): ADMINISTRATORS,
    ("audit", "export"): ADMINISTRATORS,
}
