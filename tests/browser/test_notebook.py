"""The notebook of the API (docs/examples) does what it shows, against a real house."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.browser.cohort import SITE
from tests.browser.house import PASSWORD, ROOT, House

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]
NOTEBOOK = ROOT / "docs/examples/api.ipynb"


def test_the_notebook_runs_from_the_first_cell_to_the_last(
    hospital: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "HEPASTAGE_URL": house.url, "HEPASTAGE_PASSWORD": PASSWORD, "COHORT": str(hospital), "SITE": SITE,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    seen: dict[str, Any] = {}
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"{NOTEBOOK.name} cell {number}", "exec"), seen)
    assert set(seen["outcomes"]["outcome"]) == {"duplicate"}  # the tests' hospital was sent before
    assert isinstance(seen["metrics"], pd.DataFrame)
    assert seen["metrics"].loc["accuracy", "high"] >= seen["accuracy"]
    assert seen["result"]["stage"] in seen["result"]["probabilities"]


def test_the_notebook_is_kept_without_its_outputs() -> None:
    for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"]:
        assert not cell.get("outputs")
