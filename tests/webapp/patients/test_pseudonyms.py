"""One-way names: the same for the same person at a site, unrelated everywhere else."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydicom.uid import UID

from webapp.patients import pseudonyms
from webapp.patients.pseudonyms import Pseudonymiser, date_shift, installation_key, pseudonym_of, shifted

KEY = b"k" * 32
NAMES = Pseudonymiser("site", KEY)


@pytest.fixture
def own_home(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.HOME = tmp_path
    pseudonyms._key_at.cache_clear()
    yield tmp_path
    pseudonyms._key_at.cache_clear()


def test_the_key_is_made_once_outside_the_database_and_readable_by_its_owner_only(own_home: Path) -> None:
    key = installation_key()
    path = own_home / "keys" / "pseudonym.key"
    assert bytes.fromhex(path.read_text()) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    pseudonyms._key_at.cache_clear()
    assert installation_key() == key
    assert [entry.name for entry in path.parent.iterdir()] == ["pseudonym.key"]


def test_a_damaged_key_stops_instead_of_being_replaced(own_home: Path) -> None:
    path = own_home / "keys" / "pseudonym.key"
    path.parent.mkdir()
    path.write_text("abcd")
    with pytest.raises(ValueError, match="restore it from the backup"):
        installation_key()


def _make(path: str) -> bytes:
    return pseudonyms._key_at(Path(path))


def test_of_processes_that_start_together_all_use_one_key(own_home: Path) -> None:
    path = str(own_home / "keys" / "pseudonym.key")
    with multiprocessing.get_context("fork").Pool(4) as pool:
        assert len(set(pool.map(_make, [path] * 8))) == 1


@pytest.mark.parametrize("spelling", ["ab 123", "AB123", " ab123\0", "ａｂ１２３"])
def test_one_number_in_several_spellings_is_one_patient(spelling: str) -> None:
    assert NAMES.identity_key(spelling) == NAMES.identity_key("AB123")


def test_other_numbers_sites_keys_and_purposes_are_unrelated() -> None:
    keys = {
        NAMES.identity_key("007"), NAMES.identity_key("7"), NAMES.uid_key("7"), NAMES.digest("x", "7").hex(),
        Pseudonymiser("other", KEY).identity_key("7"), Pseudonymiser("site", b"x" * 32).identity_key("7"),
    }  # fmt: skip
    assert len(keys) == 6


def test_uids_are_valid_and_stable() -> None:
    uid = NAMES.uid("1.2.840.113619.2.1")
    assert UID(uid).is_valid
    assert uid == NAMES.uid("1.2.840.113619.2.1\0") != NAMES.uid("1.2.840.113619.2.2")
    assert len(uid) <= 64


def test_pseudonyms_avoid_letters_that_are_misread() -> None:
    seen = {pseudonym_of(NAMES.identity_key(str(number))) for number in range(2000)}
    assert len(seen) == 2000
    assert not set("ILOU") & set("".join(name[2:] for name in seen))


def test_dates_move_back_by_up_to_ten_years_the_same_for_a_patient() -> None:
    shifts = {date_shift(NAMES.identity_key(str(number))).days for number in range(2000)}
    assert max(shifts) <= -1
    assert min(shifts) >= -3650
    assert len(shifts) > 1200
    key = NAMES.identity_key("1")
    first, second = shifted(date(2024, 1, 1), key), shifted(date(2024, 7, 1), key)
    assert first is not None
    assert second is not None
    assert second - first == timedelta(days=182)
    assert shifted(date(1, 1, 1), key) is None
    assert shifted(None, key) is None
