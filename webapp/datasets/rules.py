"""Who may do what with dataset versions. A version counts patients of its sites, so others do not see it."""

from __future__ import annotations

from webapp.accounts.permissions import Rules
from webapp.accounts.roles import LABELLERS, RESEARCHERS

RULES: Rules = {
    ("datasets", "list"): LABELLERS,
    ("datasets", "retrieve"): LABELLERS,
    ("datasets", "preview"): LABELLERS,  # says an annotator what is still missing
    ("datasets", "patients"): LABELLERS,
    (
        "datasets",
        "audit",
    ): LABELLERS,  # names pictures and patients of the version, as the list of patients does
    ("datasets", "create"): RESEARCHERS,
    ("datasets", "destroy"): RESEARCHERS,  # of failed versions; the service refuses the others
}
