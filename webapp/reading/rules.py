"""Who may outline and read."""

from __future__ import annotations

from webapp.accounts.permissions import Rules
from webapp.accounts.roles import EVERYONE, LABELLERS

RULES: Rules = {
    ("outlines", "list"): EVERYONE,
    ("outlines", "retrieve"): EVERYONE,
    ("outlines", "revision"): EVERYONE,
    ("outlines", "export"): LABELLERS,
    ("outlines", "parse"): LABELLERS,
    ("outlines", "create"): LABELLERS,
    ("outlines", "finalise"): LABELLERS,
    ("outlines", "destroy"): LABELLERS,
    ("outlines", "restore"): LABELLERS,
}
