"""Who may outline and read."""

from __future__ import annotations

from webapp.accounts.permissions import Rules
from webapp.accounts.roles import EVERYONE, LABELLERS, RESEARCHERS

RULES: Rules = {
    ("outlines", "list"): EVERYONE,
    ("outlines", "retrieve"): EVERYONE,
    ("outlines", "revision"): EVERYONE,
    ("outlines", "export"): LABELLERS,
    ("outlines", "parse"): LABELLERS,
    ("outlines", "import_list"): LABELLERS,
    ("outlines", "create"): LABELLERS,
    ("outlines", "finalise"): LABELLERS,
    ("outlines", "destroy"): LABELLERS,
    ("outlines", "restore"): LABELLERS,
    # Which reads and adjudications, webapp.reading.blinding says.
    ("read-assignments", "list"): EVERYONE,
    ("read-assignments", "queue"): EVERYONE,
    ("read-assignments", "progress"): LABELLERS,
    ("read-assignments", "readers"): LABELLERS,
    ("read-assignments", "create"): RESEARCHERS,
    ("read-assignments", "destroy"): RESEARCHERS,
    ("read-assignments", "restore"): RESEARCHERS,
    ("quality-reads", "list"): EVERYONE,
    ("quality-reads", "retrieve"): EVERYONE,
    ("quality-reads", "create"): EVERYONE,  # with an assignment: clinicians read as well
    ("stage-reads", "list"): EVERYONE,
    ("stage-reads", "retrieve"): EVERYONE,
    ("stage-reads", "create"): EVERYONE,
    ("adjudications", "list"): EVERYONE,
    ("adjudications", "retrieve"): EVERYONE,
    ("adjudications", "compared"): EVERYONE,
    ("adjudications", "agreement"): EVERYONE,
    ("adjudications", "create"): EVERYONE,  # by one of the two, or by a third
    ("adjudications", "record_stage"): LABELLERS,
}
