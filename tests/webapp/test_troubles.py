"""A full disk and a database that is away: said as such, and nothing half-stored."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import OperationalError, connection

from webapp.imaging.models import Upload
from webapp.problems import exception_handler


def test_a_full_disk_is_told_apart_from_a_fault_of_ours() -> None:
    with pytest.raises(OSError, match="No space left") as raised:
        Path("/dev/full").write_bytes(b"one byte is too many")
    answer = exception_handler(raised.value, {})
    assert answer is not None
    assert (answer.status_code, answer.data["code"]) == (507, "disk-full")
    assert exception_handler(OSError("something else"), {}) is None


@pytest.mark.django_db
def test_a_database_that_is_away_asks_to_come_again() -> None:
    answer = exception_handler(OperationalError("server closed the connection unexpectedly"), {})
    assert answer is not None
    assert (answer.status_code, answer.data["code"]) == (503, "database-away")


@pytest.mark.django_db(transaction=True)
def test_a_database_without_room_stores_nothing_and_says_so(api) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite can be given less room; tests/faults fills a real disk")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute("PRAGMA max_page_count")
        most = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    try:
        answers = [api.post("/api/v1/uploads/", {}) for _ in range(400)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count = {most}")
    refused = [answer for answer in answers if answer.status_code != 201]
    assert {answer.status_code for answer in refused} == {507}
    assert refused[0].json()["code"] == "disk-full"
    assert Upload.objects.count() == len(answers) - len(refused)
