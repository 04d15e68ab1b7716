"""Who may do what with patients and their stages."""

from __future__ import annotations

from webapp.accounts.permissions import Rules
from webapp.accounts.roles import ADMINISTRATORS, EVERYONE, LABELLERS, RESEARCHERS

RULES: Rules = {
    ("patients", "list"): EVERYONE,
    ("patients", "retrieve"): EVERYONE,
    ("patients", "stage"): LABELLERS,
    ("patients", "stage_table"): LABELLERS,
    ("patients", "curation"): EVERYONE,
    ("patients", "eligibility"): LABELLERS,
    ("patients", "clinical_values"): EVERYONE,  # a clinician reads them off the laboratory's sheet
    ("patients", "clinical_table"): LABELLERS,
    ("patients", "merge"): ADMINISTRATORS,
    ("patients", "unmerge"): ADMINISTRATORS,
    ("patients", "reidentify"): ADMINISTRATORS,
    ("criteria", "list"): EVERYONE,
    ("criteria", "create"): RESEARCHERS,
}
