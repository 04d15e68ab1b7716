"""Screenshots of the administrator's guide and of saved views, in both languages."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pydicom
from playwright.sync_api import expect

from tests.browser.api import Api
from tests.browser.cohort import strangers_exam
from tests.browser.screens_clinician import Taker

PAGES = (
    ("people", "/people"),
    ("system", "/system"),
    ("jobs", "/jobs"),
    ("audit", "/audit"),
    ("quarantine", "/quarantine"),
)
VIEWS = (
    ("Waiting for review", "review=waiting"),
    ("S4, both bands", "stage=S4&pair=yes"),
)


def prepare(clinician: Api, administrator: Api) -> None:
    """Saved views of the clinician's worklist, a file in quarantine; found in place by a second call."""
    there = {row["name"] for row in clinician.get("saved-views/?page=worklist")["results"]}
    for name, query in VIEWS:
        if name not in there:
            body = {"page": "worklist", "name": name, "query": query}
            clinician.post("saved-views/", body)
    if not administrator.get("quarantine/?state=waiting")["results"]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "without-regions.dcm"  # nobody knows where its picture ends
            data = pydicom.dcmread(strangers_exam(Path(folder) / "exam", seed=90)[0])
            data.SequenceOfUltrasoundRegions = []
            data.save_as(path)
            clinician.send([path])


def take(photographer: Taker) -> None:
    for locale, ending in (("en-GB", ""), ("zh-CN", "-zh")):
        page = photographer.page("administrator", locale=locale)
        for name, address in PAGES:
            page.goto(address)
            photographer.take(page, f"{name}{ending}")
        page.goto("/account")
        photographer.take(page, f"account{ending}", height=1100)
        page = photographer.page("clinician", locale=locale)
        page.goto("/worklist?stage=S4&pair=yes")
        page.get_by_test_id("saved-views").click()
        expect(page.get_by_role("menuitem").first).to_be_visible()
        photographer.take(page, f"saved-views{ending}")
