"""Who may do what with patients and their stages."""

from __future__ import annotations

from webapp.accounts.permissions import Rules
from webapp.accounts.roles import EVERYONE, LABELLERS

RULES: Rules = {
    ("patients", "list"): EVERYONE,
    ("patients", "retrieve"): EVERYONE,
    ("patients", "stage"): LABELLERS,
    ("patients", "stage_table"): LABELLERS,
}
