"""Who may see, train and activate segmenters, and ask the active one for an outline."""

from __future__ import annotations

from webapp.accounts.permissions import Rules
from webapp.accounts.roles import LABELLERS, RESEARCHERS

RULES: Rules = {
    **{("segmenters", action): LABELLERS for action in ("list", "retrieve", "example")},
    **{
        ("segmenters", action): RESEARCHERS
        for action in ("create", "form", "material", "cancel", "resume", "activate", "deactivate")
    },
    ("outline-proposals", "create"): LABELLERS,
    ("outline-proposals", "retrieve"): LABELLERS,
}
