"""What the hospital's groups mean here: ``OIDC_ROLES="doctors=clinician@A+B; it=administrator"``.

Each entry, between semicolons, is ``GROUP=ROLE[@SITE[+SITE…]]``: a value of the claim ``OIDC_GROUPS_CLAIM``,
a role of ours, and the codes of sites. A group may hold commas and equals signs, as in a directory's names
(``CN=Doctors,OU=Liver=clinician@A``): the last equals sign counts. Whoever is in several groups has the role
of the entry that stands first, at the sites of all entries with that role.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ROLES = ("clinician", "annotator", "researcher", "administrator")
_WHAT = re.compile(r"(?P<role>[a-z]+)(?:@(?P<sites>[-\w]+(?:\+[-\w]+)*))?")


@dataclass(frozen=True)
class GroupRole:
    """Members of ``group`` are ``role`` at the sites with these codes."""

    group: str
    role: str
    sites: tuple[str, ...] = ()


def parse_roles(text: str) -> tuple[list[GroupRole], list[str]]:
    """The entries in order and, for a person, what is wrong with the others.

    >>> parse_roles("CN=Doctors,OU=Liver=clinician@A+B; it=administrator")[0][0]
    GroupRole(group='CN=Doctors,OU=Liver', role='clinician', sites=('A', 'B'))
    """
    entries: list[GroupRole] = []
    complaints: list[str] = []
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        group, _, what = entry.rpartition("=")
        match = _WHAT.fullmatch(what.strip())
        if not group.strip() or match is None or match["role"] not in ROLES:
            complaints.append(
                f"OIDC_ROLES: {entry!r} must be GROUP=ROLE@SITE+SITE, the role one of {', '.join(ROLES)}."
            )
        elif match["role"] != "administrator" and not match["sites"]:
            complaints.append(f"OIDC_ROLES: {entry!r} names no site, and only administrators need none.")
        else:
            sites = tuple((match["sites"] or "").split("+")) if match["sites"] else ()
            entries.append(GroupRole(group.strip(), match["role"], sites))
    return entries, complaints


def entitled(groups: list[str], entries: list[GroupRole]) -> GroupRole | None:
    """What these groups amount to; None for nothing.

    >>> entitled(["x", "y"], [GroupRole("y", "clinician", ("A",)), GroupRole("x", "clinician", ("B",))]).sites
    ('A', 'B')
    """
    held = [entry for entry in entries if entry.group in groups]
    if not held:
        return None
    same = [entry for entry in held if entry.role == held[0].role]
    return GroupRole(
        held[0].group, held[0].role, tuple(dict.fromkeys(site for entry in same for site in entry.sites))
    )
