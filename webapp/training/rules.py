"""Who may do what with runs and models. Everyone may read which model stages the patients."""

from __future__ import annotations

from webapp.accounts.permissions import Rules
from webapp.accounts.roles import EVERYONE, RESEARCHERS

RULES: Rules = {
    **{
        ("runs", action): RESEARCHERS
        for action in (
            "list",
            "retrieve",
            "create",
            "form",
            "cancel",
            "resume",
            "figures",
            "compare",
            "comparison_file",
            "disagreement",
            "predictions",
            "metrics_file",
        )
    },
    **{
        ("experiments", action): RESEARCHERS
        for action in (
            "list",
            "retrieve",
            "create",
            "cancel",
            "resume",
            "comparison",
            "table",
            "estimate",
            "results",
            "files",
        )
    },
    ("models", "list"): EVERYONE,
    ("models", "retrieve"): EVERYONE,
    ("models", "aliases"): EVERYONE,
    ("models", "export"): RESEARCHERS,
    ("models", "import_"): RESEARCHERS,
    ("models", "promote"): RESEARCHERS,
    ("models", "rollback"): RESEARCHERS,
}
