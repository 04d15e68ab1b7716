"""The faults that a running HepaStage has to survive; the whole of them only where there is time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import absent
from tests.faults.__main__ import open_house
from tests.faults.hospital import Hospital
from tests.faults.kinds import KINDS, Kind
from tests.faults.trial import Trial

SHORT = ("worker-kill", "redis-flush")
pytestmark = [pytest.mark.processes, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def hospitals() -> Iterator[dict[str, Hospital]]:
    """A hospital of each kind of house that a test asked for, opened once."""
    opened: dict[str, Hospital] = {}
    yield opened
    for hospital in opened.values():
        hospital.house.remove()


def survive(kind: Kind, hospitals: dict[str, Hospital]) -> None:
    if reason := kind.impossible():
        absent(reason)
    if kind.house not in hospitals:
        house = open_house(kind.house)
        try:
            hospitals[kind.house] = Hospital(house)
        except BaseException:
            house.remove()
            raise
    result = Trial(kind, hospitals[kind.house]).run()
    assert not result.complaints, "\n".join([*result.complaints, hospitals[kind.house].house.logs()])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.key in SHORT], ids=lambda kind: kind.key)
def test_nothing_is_lost(kind: Kind, hospitals: dict[str, Hospital]) -> None:
    survive(kind, hospitals)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.key not in SHORT], ids=lambda kind: kind.key)
def test_nothing_is_lost_in_rarer_faults(kind: Kind, hospitals: dict[str, Hospital]) -> None:
    survive(kind, hospitals)
