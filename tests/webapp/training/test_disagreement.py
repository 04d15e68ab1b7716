"""Runs patient by patient, the cases behind a cell, decision curves and the files of a comparison."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from rest_framework.test import APIClient

from ml.evaluation import write_predictions
from webapp.accounts.models import Site, User
from webapp.accounts.roles import Role
from webapp.datasets.models import DatasetMember, DatasetVersion
from webapp.training.models import Run

BASE = "/api/v1/runs/"
ClientOf = Callable[[User | None], APIClient]


@pytest.fixture
def two(frozen: DatasetVersion, finished: Callable[..., Run]) -> list[Run]:
    """Two runs that differ on one patient of the version: the first calls him one stage too high."""
    runs = [finished("First"), finished("Second")]
    members = list(DatasetMember.objects.filter(dataset=frozen).order_by("pseudonym"))
    for number, run in enumerate(runs):
        rows = []
        for place, member in enumerate(members):
            called = (member.stage + 1) % 5 if number == 0 and place == 0 else member.stage
            shares = {f"S{k}": 0.8 if k == called else 0.05 for k in range(5)}
            rows.append({"patient": member.pseudonym, "image": "", "truth": member.stage, **shares})
        write_predictions(run.workdir / "predictions.csv", pd.DataFrame(rows))
    return runs


def _ids(runs: list[Run]) -> str:
    return ",".join(str(run.pk) for run in runs)


def test_the_patient_on_whom_the_runs_differ_comes_first_with_the_images(
    two: list[Run], frozen: DatasetVersion, client_of: ClientOf, researcher: User
) -> None:
    body = client_of(researcher).get(f"{BASE}disagreement/", {"ids": _ids(two)}).json()
    first, *others = body["patients"]
    assert body["labels"] == ["First", "Second"]
    assert first["differs"]
    assert not any(row["differs"] for row in others)
    assert first["answers"][1]["stage"] == first["truth"] != first["answers"][0]["stage"]
    assert first["answers"][0]["probability"] == pytest.approx(0.8)
    assert first["exam"] is not None
    assert {image["band"] for image in first["images"]} == {"HF", "LF"}
    assert len(body["patients"]) == DatasetMember.objects.filter(dataset=frozen).count()
    assert set(body["decision"]) == {"ge-s2", "ge-s3", "ge-s4"}


def test_a_reader_without_the_patients_site_is_not_led_to_the_case(
    two: list[Run], researcher: User, site_b: Site
) -> None:
    from webapp.training.disagreement import disagreement

    researcher.sites.set([site_b])
    researcher = User.objects.get(pk=researcher.pk)
    rows = disagreement(two, researcher)["patients"]
    assert rows
    assert all(row["exam"] is None and row["images"] == [] for row in rows)


def test_runs_without_patients_in_common_have_no_rows(
    two: list[Run], finished: Callable[..., Run], client_of: ClientOf, researcher: User
) -> None:
    body = client_of(researcher).get(f"{BASE}disagreement/", {"ids": _ids([two[0], finished("Else")])}).json()
    assert body["patients"] == []
    assert body["decision"] == {}


def test_the_files_of_a_comparison_hold_its_numbers(
    two: list[Run], client_of: ClientOf, researcher: User
) -> None:
    client = client_of(researcher)
    table = client.get(f"{BASE}compare/metrics.csv/", {"ids": _ids(two)}).content.decode()
    row = next(row for row in csv.DictReader(io.StringIO(table)) if row["Metric"] == "Accuracy")
    assert float(row["First"]) == pytest.approx(two[0].metrics["accuracy"]["value"], abs=1e-6)
    assert float(row["First low"]) == pytest.approx(two[0].metrics["accuracy"]["low"], abs=1e-6)
    assert r"\toprule" in client.get(f"{BASE}compare/metrics.tex/", {"ids": _ids(two)}).content.decode()
    patients = client.get(f"{BASE}compare/patients.csv/", {"ids": _ids(two)}).content.decode()
    assert sum(int(row["differs"]) for row in csv.DictReader(io.StringIO(patients))) == 1
    assert client.get(f"{BASE}compare/else.csv/", {"ids": _ids(two)}).status_code == 404


def test_roles_and_sites(
    two: list[Run], site_a: Site, site_b: Site, make_user: Any, client_of: ClientOf
) -> None:
    outside = client_of(make_user(Role.RESEARCHER, site_b, username="outside"))
    for role in Role:
        here = client_of(make_user(role, site_a, username=f"here-{role}"))
        for address in ("disagreement/", "compare/patients.csv/"):
            expected = 200 if role in {Role.RESEARCHER, Role.ADMINISTRATOR} else 403
            assert here.get(f"{BASE}{address}", {"ids": _ids(two)}).status_code == expected, (role, address)
            assert outside.get(f"{BASE}{address}", {"ids": _ids(two)}).status_code == 400
