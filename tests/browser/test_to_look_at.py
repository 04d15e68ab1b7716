"""What a curator works off: exams without a band, patients without serum; an image taken out and put back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.api import Api
from tests.browser.cohort import pair_files
from tests.browser.pages import Upload
from tests.browser.test_records import decide

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(600)]
Door = Callable[[str], Api]


def listed(page: Page, which: str, exam: str) -> Locator:
    """The exam's row on the list, once the list is there."""
    page.goto(f"/reading?list={which}")
    curation = page.get_by_test_id("curation")
    expect(curation.locator("[aria-busy=true]")).to_have_count(0)
    expect(curation.locator("[data-list]")).to_have_attribute("data-list", which)
    return curation.locator(f"tr[data-exam='{exam}']")


def test_a_band_that_is_missing_comes_goes_and_comes_back(
    hospital: Path, api: Door, open_as: Callable[..., Page], tmp_path: Path
) -> None:
    high, low = pair_files(tmp_path, "LOOK-1", study="1.6.1", seed=6300)
    annotator = api("annotator")
    patient = annotator.upload([low])[0]["patient_id"]
    exam = annotator.get(f"patients/{patient}/")["exams"][0]["id"]
    page = open_as("annotator")
    row = listed(page, "missing-band", exam)
    expect(row).to_contain_text("high frequency")

    upload = Upload(page).open()
    upload.choose([high])
    assert upload.outcome(high.name) == "accepted"
    expect(listed(page, "missing-band", exam)).to_have_count(0)

    (image,) = (one["id"] for one in annotator.get(f"images/?exam={exam}")["results"] if one["band"] == "HF")
    page.goto(f"/cases/{exam}")
    page.get_by_role("button", name="Withdraw image, HF").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("of another patient")
    dialog.get_by_role("button", name="Withdraw", exact=True).click()
    expect(dialog).to_have_count(0)
    row = listed(page, "missing-band", exam)
    expect(row).to_contain_text("high frequency")
    row.get_by_role("link").click()
    page.wait_for_url(re.compile(f"/cases/{exam}$"))

    waiting = api("administrator").get("quarantine/?state=waiting&code=withdrawn")["results"]
    (item,) = (one["id"] for one in waiting if one["image"] == image)
    administrator = open_as("administrator")
    administrator.goto("/quarantine?code=withdrawn")
    decide(administrator, item)
    expect(listed(page, "missing-band", exam)).to_have_count(0)


def test_values_that_are_missing_are_recorded_from_the_list(
    hospital: Path, api: Door, open_as: Callable[..., Page], tmp_path: Path
) -> None:
    annotator = api("annotator")
    files = pair_files(tmp_path, "LOOK-2", study="1.6.2", seed=6310)
    patient = annotator.upload(files)[0]["patient_id"]
    exam = annotator.get(f"patients/{patient}/")["exams"][0]["id"]
    page = open_as("annotator", locale="zh-CN")
    page.goto("/reading")
    page.get_by_test_id("curation").get_by_text("缺少血清指标", exact=True).click()
    page.wait_for_url(re.compile("list=missing-serum"))
    page.reload()  # the list stays in the address
    row = page.get_by_test_id("curation").locator(f"tr[data-exam='{exam}']")
    for missing in ("年龄", "AST", "ALT", "血小板"):
        expect(row).to_contain_text(missing)
    row.get_by_role("link").click()
    page.wait_for_url(re.compile(f"/patients/{patient}$"))  # where values are recorded
    values = page.get_by_test_id("values")
    for label, value in (("年龄", "50"), ("ALT", "49"), ("AST", "60"), ("血小板", "150")):
        values.get_by_label(re.compile(label)).fill(value)
    values.get_by_role("button", name="录入指标").click()
    expect(page.get_by_test_id("score-fib4")).to_contain_text("2.86")
    expect(listed(page, "missing-serum", exam)).to_have_count(0)
