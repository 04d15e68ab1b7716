"""A folder of many files on a bad line: the page goes away half-way and goes on where it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.pages import Upload
from tests.webapp.imaging.files import ultrasound

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(600)]
FILES, ANSWERED = 130, 20
LEDGER_HOLDS = """(count) => {
    const entry = JSON.parse(localStorage.getItem("hepastage.unfinished-upload") ?? "{}");
    return Object.keys(entry.answered ?? {}).length === count;
}"""
SENDING = re.compile(r"/api/v1/uploads/[^/]+/files/$")


def test_an_upload_goes_on_after_the_page_went_away(open_as: Callable[..., Page], tmp_path: Path) -> None:
    paths = []
    for number in range(FILES):
        paths.append(tmp_path / f"IM_{number:04d}.dcm")
        # the first ones are taken in, the rest are refused at a glance: what counts here is the way there
        content = (
            ultrasound(patient=f"R{number}", study=f"1.9.{number}", seed=number)
            if number < 4
            else b"no DICOM %d" % number
        )
        paths[-1].write_bytes(content)
    page = open_as("clinician")
    sent: list[str] = []
    most = ANSWERED

    def line(route: Route) -> None:
        if len(sent) >= most:
            return  # never answered: the line is dead
        sent.append(route.request.url)
        route.continue_()

    page.route(SENDING, line)
    upload = Upload(page).open()
    upload.choose(paths)
    expect(page.locator("[data-testid=file-table]")).to_have_attribute("aria-rowcount", str(FILES + 1))
    drawn = page.locator("[data-testid=file-table] tbody tr[data-outcome]").count()
    assert drawn < FILES, "of a long table only the rows in sight are drawn"
    expect(page.get_by_text(f"{ANSWERED} of {FILES}", exact=False).first).to_be_visible(timeout=120_000)
    page.wait_for_function(LEDGER_HOLDS, arg=ANSWERED)  # it is written once a second

    page.on("dialog", lambda dialog: dialog.accept())  # the guard asks before a page that sends goes away
    page.goto("/upload")
    most = 10 * FILES
    notice = page.get_by_test_id("unfinished-upload")
    expect(notice).to_contain_text(f"{ANSWERED} of {FILES}")
    upload.choose(paths)
    expect(page.get_by_role("button", name="New upload")).to_be_visible(timeout=240_000)
    expect(notice).to_have_count(0)
    assert len(set(sent)) == 1, "it is the same upload"
    assert len(sent) == FILES, "what was answered is not sent again"

    page.get_by_text(re.compile(r"^Accepted")).first.click()
    expect(page.locator("[data-testid=file-table] tbody tr[data-outcome]")).to_have_count(4)
    page.reload()
    expect(page.locator("[data-testid=file-table]")).to_have_attribute("aria-rowcount", str(FILES + 1))
