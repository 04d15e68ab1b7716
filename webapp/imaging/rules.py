"""Who may do what with uploads, images and pairs."""

from __future__ import annotations

from webapp.accounts.permissions import Rules
from webapp.accounts.roles import ADMINISTRATORS, EVERYONE

RULES: Rules = {
    ("uploads", "list"): EVERYONE,
    ("uploads", "retrieve"): EVERYONE,
    ("uploads", "create"): EVERYONE,
    ("uploads", "files"): EVERYONE,
    ("uploads", "known"): EVERYONE,
    ("uploads", "original"): ADMINISTRATORS,
    ("images", "list"): EVERYONE,
    ("images", "retrieve"): EVERYONE,
    ("images", "partial_update"): EVERYONE,  # correcting a band: whoever looks at the picture
    ("images", "rendered"): EVERYONE,
    ("images", "network_input"): EVERYONE,
    ("dicomweb", "get"): EVERYONE,  # search and retrieve: released images of one's sites
    ("dicomweb", "post"): EVERYONE,  # store, as an upload
    ("images", "withdraw"): EVERYONE,  # whoever sees a name in a picture takes it out of use
    ("quarantine", "list"): ADMINISTRATORS,
    ("quarantine", "retrieve"): ADMINISTRATORS,
    ("quarantine", "summary"): ADMINISTRATORS,
    ("quarantine", "decide"): ADMINISTRATORS,
    ("quarantine", "before"): ADMINISTRATORS,
    ("quarantine", "after"): ADMINISTRATORS,
    ("pairs", "list"): EVERYONE,
    ("pairs", "retrieve"): EVERYONE,
}
