"""Two blind readers, their agreement, a consensus recorded once, an exam taken back and given back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.api import Api

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(600)]
Door = Callable[[str], Api]
READERS = ("annotator", "clinician")


@pytest.fixture
def given(champion: str, api: Door) -> Iterator[dict[str, str]]:
    """Two exams given to both readers for their stage: the keys (1 is S0) that answer what is recorded
    already, by pseudonym. What is left unread is taken back again.

    A consensus on another stage would leave a patient with two, and out of every dataset of other tests.
    """
    researcher = api("researcher")
    exams = researcher.get("exams/?has_pair=yes&page_size=200")["results"]
    before = {row["exam"]["id"] for row in researcher.get("read-assignments/?page_size=200")["results"]}
    by_stage = {
        row["pathology_stage"]: row
        for row in exams
        if row["pathology_stage"] is not None and row["id"] not in before
    }
    chosen = list(by_stage.values())[:2]  # newest first, so each is the oldest of its stage
    people = [api(reader).get("me/")["id"] for reader in READERS]
    made = researcher.post(
        "read-assignments/", {"kind": "stage", "readers": people, "exams": [row["id"] for row in chosen]}
    )
    assert made == {"made": 4, "exams": 2}
    yield {row["patient"]["pseudonym"]: str(row["pathology_stage"] + 1) for row in chosen}
    for row in researcher.get("read-assignments/?done=false")["results"]:
        answer = researcher._door.delete(f"/api/v1/read-assignments/{row['id']}/")
        assert answer.ok


def read_all(page: Page, answers: dict[str, str], kind: str = "stage") -> None:
    """Answers by keyboard, one exam after the other; ``answers`` are the keys to press, by pseudonym."""
    page.goto(f"/reading/read?kind={kind}")
    place = page.get_by_test_id("read-place")
    left = dict(answers)
    while left:
        # First whose turn it is, then its picture: the one before it is shown until the list is read again.
        expect(place).to_contain_text(re.compile(rf"\b{len(left)}\b.*({'|'.join(left)})"))
        (name,) = (one for one in left if one in place.inner_text())
        expect(page.locator("[data-testid=viewer][data-frame]:not([data-frame=''])").first).to_be_visible()
        for key in left.pop(name):
            page.keyboard.press(key)
        with page.expect_response(
            lambda answer: f"/{kind}-reads/" in answer.url and answer.request.method == "POST"
        ) as locked:
            page.keyboard.press("Enter")
        assert locked.value.status == 201, locked.value.text()


def test_two_read_blindly_agree_and_the_consensus_is_recorded_once(
    given: dict[str, str], champion: str, api: Door, open_as: Callable[..., Page]
) -> None:
    annotator = open_as("annotator")
    annotator.goto(f"/models/{api('researcher').get(f'runs/{champion}/')['model']}")
    expect(annotator.get_by_test_id("withheld").first).to_be_visible()
    expect(annotator.get_by_test_id("metric-table")).to_have_count(0)
    read_all(annotator, given)
    annotator.goto("/reading/agreement?kind=stage")
    expect(annotator.get_by_text("Nothing to compare yet")).to_be_visible()
    read_all(open_as("clinician"), given)

    annotator.reload()
    expect(annotator.get_by_test_id("kappa")).to_contain_text("1.00")
    first = annotator.get_by_test_id("compared").locator("tr", has_text=next(iter(given)))
    recorded = first.get_by_test_id("recorded-stage")
    expect(recorded).to_have_attribute("data-recorded", "false")
    expect(recorded).to_contain_text("Simulation")
    recorded.get_by_role("button", name=re.compile("Record S")).click()
    expect(recorded).to_have_attribute("data-recorded", "true")
    expect(recorded).to_contain_text("Consensus of readers")
    expect(recorded.get_by_role("button", name=re.compile("Record S"))).to_have_count(0)
    recorded.get_by_role("button", name="1 other record").click()
    expect(recorded).to_contain_text("Simulation")
    annotator.goto(f"/models/{api('researcher').get(f'runs/{champion}/')['model']}")
    expect(annotator.get_by_test_id("metric-table")).to_be_visible()


def test_an_exam_is_taken_back_from_a_reader_and_given_back(
    given: dict[str, str], open_as: Callable[..., Page]
) -> None:
    page = open_as("researcher")
    page.goto("/reading")
    rows = page.get_by_test_id("given-out").locator("tbody tr")
    expect(rows.first).to_be_visible()
    before = rows.count()
    page.get_by_test_id("given-out").get_by_role("button", name=re.compile("Take back")).first.click()
    expect(rows).to_have_count(before - 1)
    page.get_by_test_id("undo").get_by_role("button", name="Undo").click()
    expect(rows).to_have_count(before)
    page.get_by_test_id("given-out").get_by_role("button", name=re.compile("Take back")).first.click()
    expect(rows).to_have_count(before - 1)
    page.get_by_test_id("given-out").get_by_text("Taken back", exact=True).click()
    page.get_by_test_id("given-out").get_by_role("button", name=re.compile("Give back")).first.click()
    page.get_by_test_id("given-out").get_by_text("To be read", exact=True).click()
    expect(rows).to_have_count(before)
