"""A fixed number of hostile files through the parser chain; the long run is ``python -m tests.fuzz``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml.dicom import SafeReader
from tests.fuzz.judging import judge
from tests.fuzz.mutations import mutated

CASES = 200


@pytest.fixture(scope="module")
def reader() -> Iterator[SafeReader]:
    with SafeReader(workers=1) as reader:
        yield reader


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@settings(
    max_examples=CASES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(number=st.integers(0, 2**48))
def test_a_hostile_file_is_refused_with_a_code_or_is_an_image(
    number: int, reader: SafeReader, folder: Path
) -> None:
    verdict = judge(mutated(Random(number)), folder, reader)
    assert not verdict.complaint
