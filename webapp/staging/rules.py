"""Who may ask a model about an exam, and see the worklist."""

from __future__ import annotations

from webapp.accounts.permissions import Rules
from webapp.accounts.roles import EVERYONE

RULES: Rules = {
    ("exams", "list"): EVERYONE,
    ("exams", "retrieve"): EVERYONE,
    ("stagings", "list"): EVERYONE,
    ("stagings", "retrieve"): EVERYONE,
    ("stagings", "create"): EVERYONE,
}
