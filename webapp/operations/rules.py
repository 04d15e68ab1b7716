"""Permission rows of operations."""

from __future__ import annotations

from webapp.accounts.permissions import Rules
from webapp.accounts.roles import ADMINISTRATORS, EVERYONE

RULES: Rules = {
    ("demonstration", "get"): EVERYONE,
    ("system", "get"): ADMINISTRATORS,
    ("storage-checks", "list"): ADMINISTRATORS,
    ("storage-checks", "retrieve"): ADMINISTRATORS,
    ("storage-checks", "create"): ADMINISTRATORS,
}
