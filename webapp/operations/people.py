"""The demonstration's people: one per role, made on the first run, their passwords shown once."""

from __future__ import annotations

import os
import secrets

from django.db import transaction

from webapp.accounts.models import Site, User
from webapp.accounts.roles import Role

DEMO_SITE = "DEMO"
WORDS = """
amber apple basil beach birch brook cedar cherry cliff cloud clover coral dune ember falcon
fern field finch flint garden ginger grove harbor hazel heron honey island ivory jasmine
juniper lagoon laurel lemon lilac linden maple marble meadow mint moss nutmeg oak olive opal
orchid otter pearl pebble pine plum poppy prairie quartz raven reed river robin saffron sage
sparrow spruce stone sunrise swift thistle thyme tulip valley violet walnut willow wren
""".split()  # noqa: SIM905  easier to read than a list
NAMES = {
    Role.CLINICIAN: ("Chen", "Clinician"),
    Role.ANNOTATOR: ("Ana", "Annotator"),
    Role.RESEARCHER: ("Remi", "Researcher"),
    Role.ADMINISTRATOR: ("Adi", "Administrator"),
}


def demo_site() -> Site:
    """The simulated hospital."""
    return Site.objects.get_or_create(
        code=DEMO_SITE, defaults={"name": "Demonstration hospital (simulated)"}
    )[0]


@transaction.atomic
def first_users() -> dict[str, str]:
    """One user per role, named as the role, if there is nobody yet; ``{user name: password}``.

    HEPASTAGE_DEMO_PASSWORD gives all of them that password (for scripts and tests).
    """
    if User.objects.exists():
        return {}
    site = demo_site()
    passwords: dict[str, str] = {}
    for role in Role:
        password = os.environ.get("HEPASTAGE_DEMO_PASSWORD") or _readable_password()
        first, last = NAMES[role]
        administrator = role is Role.ADMINISTRATOR
        user = User.objects.create_user(
            role.value, password=password, role=role, first_name=first, last_name=last,
            is_staff=administrator, is_superuser=administrator,
        )  # fmt: skip
        user.sites.add(site)
        passwords[user.username] = password
    return passwords


def _readable_password() -> str:
    """About 34 bits, which eight guesses a quarter of an hour do not exhaust; easy to type."""
    return "-".join([*(secrets.choice(WORDS) for _ in range(4)), f"{secrets.randbelow(900) + 100}"])
