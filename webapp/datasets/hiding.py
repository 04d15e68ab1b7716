"""What a reader who is blinded to some patients sees of datasets that hold them.

A list without the hidden patients beside counts with them would tell their stages by subtraction. So the
counts leave them out as well, and answers that cannot (figures, audits, files of predictions) are refused
until the reader has locked the reads.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from ml.spec import Stage
from webapp.datasets.models import DatasetMember
from webapp.patients import veil

if TYPE_CHECKING:
    from webapp.accounts.models import User


def hidden_members(user: User, datasets: Iterable[uuid.UUID]) -> list[DatasetMember]:
    """Members of these versions whose stages ``user`` must not learn now."""
    members = DatasetMember.objects.filter(dataset__in=list(datasets))
    shown = veil.without_hidden(members, user).values("pk")
    return list(members.exclude(pk__in=shown).select_related("site"))


def holding_hidden(user: User, datasets: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these versions that hold a patient hidden from ``user``: one query for most people, or two."""
    hidden = veil.hidden_from(user)
    if not hidden:
        return set()
    members = DatasetMember.objects.filter(dataset__in=list(datasets), patient__in=hidden)
    return set(members.values_list("dataset_id", flat=True).distinct())


def counts_without(counts: dict[str, Any], hidden: Iterable[DatasetMember]) -> dict[str, Any]:
    """A version's counts as if these members were not in it; the whole numbers of it stay."""
    shown = deepcopy(counts)
    names = set()
    for member in hidden:
        names.add(member.pseudonym)
        stage = Stage(member.stage).label
        for table in (
            shown.get("by_stage"),
            shown.get("by_split", {}).get(member.split),
            shown.get("by_site", {}).get(member.site.code),
        ):
            if table is not None and table.get(stage, 0) > 0:
                table[stage] -= 1
    for step in shown.get("flow", []):
        step["examples"] = [name for name in step["examples"] if name not in names]
    return shown


def refuse_results(user: User, datasets: Iterable[uuid.UUID]) -> None:
    """Raise :class:`webapp.patients.veil.Blinded` where one of these versions holds a hidden patient."""
    if holding_hidden(user, datasets):
        raise veil.Blinded(
            "These results count a patient whom you are to read blindly, and would tell the stage."
        )
