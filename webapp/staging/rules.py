"""Who may ask a model about an exam, see the worklist, review, sign, and read what was signed.

Annotators read no reports: a signed stage beside the picture would decide their blinded read for them.
"""

from __future__ import annotations

from webapp.accounts.permissions import Rules
from webapp.accounts.roles import CLINICIANS, EVERYONE, LABELLERS, RESEARCHERS

REPORT_READERS = CLINICIANS | RESEARCHERS

RULES: Rules = {
    ("exams", "list"): EVERYONE,
    ("exams", "retrieve"): EVERYONE,
    ("cohort", "list"): LABELLERS,
    ("curation", "list"): LABELLERS,
    ("model-use", "retrieve"): RESEARCHERS,
    ("stagings", "list"): EVERYONE,
    ("stagings", "retrieve"): EVERYONE,
    ("stagings", "create"): EVERYONE,
    ("stagings", "attention"): EVERYONE,
    ("stagings", "ask_attention"): EVERYONE,
    ("stagings", "attention_picture"): EVERYONE,
    # A draft is its writer's alone; ReviewViewSet shows nobody another person's.
    ("reviews", "list"): CLINICIANS,
    ("reviews", "retrieve"): CLINICIANS,
    ("reviews", "create"): CLINICIANS,
    ("reviews", "partial_update"): CLINICIANS,
    ("reviews", "destroy"): CLINICIANS,
    ("reviews", "sign"): CLINICIANS,
    ("reports", "list"): REPORT_READERS,
    ("reports", "retrieve"): REPORT_READERS,
    ("reports", "verification"): REPORT_READERS,
    ("reports", "pdf"): REPORT_READERS,
    ("reports", "sr"): REPORT_READERS,
    ("reports", "seg"): REPORT_READERS,
    ("reports", "fhir"): REPORT_READERS,
    ("reports", "amend"): CLINICIANS,
}
