"""Permission rows of operations."""

from __future__ import annotations

from webapp.accounts.permissions import Rules
from webapp.accounts.roles import EVERYONE

RULES: Rules = {("demonstration", "get"): EVERYONE}
