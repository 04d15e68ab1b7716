"""A table that is too large is refused before anybody has it in memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from rest_framework.test import APIClient

from ml.cohort import TableRefused
from ml.cohort.grids import MOST_BYTES
from webapp.accounts.models import User
from webapp.patients.received_tables import received_table


@pytest.fixture
def sent() -> Callable[[int], TemporaryUploadedFile]:
    """An upload of so many bytes, as it lies in the spool."""

    def make(size: int) -> TemporaryUploadedFile:
        file = TemporaryUploadedFile("a table.XLSX", "text/csv", size, None)
        file.file.truncate(size)
        return file

    return make


@pytest.mark.parametrize("size", [MOST_BYTES + 1, MOST_BYTES])
def test_no_table_is_in_memory_whole(sent: Any, tmp_path: Path, size: int) -> None:
    folder = tmp_path / "table"
    folder.mkdir()
    tracemalloc.start()
    try:
        if size > MOST_BYTES:
            with pytest.raises(TableRefused) as refused:
                received_table(sent(size), folder, "stages")
            assert refused.value.code == "table-too-large"
            assert list(folder.iterdir()) == []
        else:
            table = received_table(sent(size), folder, "stages")
            assert (table.name, table.stat().st_size) == ("stages.xlsx", size)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("address", ["stage-table", "clinical-table"])
def test_both_addresses_refuse_a_large_one(
    client_of: Callable[[User], APIClient], researcher: User, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr("webapp.patients.received_tables.MOST_BYTES", 20)
    file = SimpleUploadedFile("a.csv", b"patient_id,stage\nH-1001,S2\n")
    answer = client_of(researcher).post(
        f"/api/v1/patients/{address}/", {"file": file, "site": "A"}, format="multipart"
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "table-too-large")
