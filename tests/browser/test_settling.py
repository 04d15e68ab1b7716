"""Two blind readers who disagree: a third decides, or the two together; nobody saw anything before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.api import Api
from tests.browser.cohort import pair_files
from tests.browser.test_reading import READERS, read_all

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(600)]
Door = Callable[[str], Api]


@pytest.fixture(scope="module")
def cases(hospital: Path, api: Door, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """Patients of our own, ``(patient, exam)`` by pseudonym. The second one's biopsy said S1."""
    folder, researcher = tmp_path_factory.mktemp("settling"), api("researcher")
    found = {}
    for number, seed in enumerate((6100, 6110)):
        files = pair_files(folder, f"SET-{number}", study=f"1.5.{number}", seed=seed)
        patient = researcher.upload(files)[0]["patient_id"]
        detail = researcher.get(f"patients/{patient}/")
        found[detail["pseudonym"]] = (patient, detail["exams"][0]["id"])
    api("annotator").post(f"patients/{patient}/stage/", {"stage": 1, "source": "biopsy"})
    return found


@pytest.fixture
def given(cases: dict[str, tuple[str, str]], api: Door) -> Iterator[Callable[[str, int], None]]:
    """``given("stage", 2)``: so many of the cases to both readers; what stays unread is taken back."""
    researcher = api("researcher")

    def give(kind: str, count: int) -> None:
        people = [api(reader).get("me/")["id"] for reader in READERS]
        exams = [exam for _patient, exam in list(cases.values())[:count]]
        made = researcher.post("read-assignments/", {"kind": kind, "readers": people, "exams": exams})
        assert made == {"made": 2 * count, "exams": count}

    yield give
    for row in researcher.get("read-assignments/?done=false&page_size=200")["results"]:
        assert researcher._door.delete(f"/api/v1/read-assignments/{row['id']}/").ok


def row_of(page: Page, name: str) -> Locator:
    return page.get_by_test_id("compared").locator("tr", has_text=name)


def record(cell: Locator, stage: str) -> None:
    """Make the consensus the stage, and wait for the server's yes."""
    cell.get_by_role("button", name=f"Record {stage} as the stage").click()
    expect(cell).to_have_attribute("data-recorded", "true")


def test_a_third_reader_settles_what_two_read_differently(
    cases: dict[str, tuple[str, str]], given: Callable[[str, int], None], api: Door,
    open_as: Callable[..., Page],
) -> None:  # fmt: skip
    given("stage", 2)
    (differing, (patient, exam)), (agreed, (biopsied, seen)) = cases.items()
    researcher, annotator = api("researcher"), api("annotator")
    assert annotator.get(f"exams/{seen}/")["pathology_stage"] is None, "a reader to be is told the stage"
    read_all(open_as("annotator"), {differing: "2", agreed: "4"})

    for user, own in (("annotator", 1), ("clinician", 0), ("researcher", 0)):
        assert len(api(user).get(f"stage-reads/?exam={exam}")["results"]) == own, user
        assert exam not in {row["exam"]["id"] for row in api(user).get("adjudications/compared/?kind=stage")}
    early = {"exam": exam, "kind": "stage", "stage": 2, "settling": "third", "participants": []}
    answer = researcher._door.post("/api/v1/adjudications/", data=early)
    assert (answer.status, answer.json()["code"]) == (409, "nothing-to-settle")

    read_all(open_as("clinician"), {differing: "4", agreed: "4"})
    page = open_as("researcher")
    page.goto("/reading?kind=stage")
    page.get_by_test_id("progress-stage").get_by_role("link", name=re.compile("disagreement")).click()
    page.wait_for_url(re.compile("/reading/agreement"))
    row = row_of(page, differing)
    row.get_by_role("button", name="Settle").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("You decide as a third reader")
    expect(dialog.get_by_test_id("both-answers")).to_contain_text(re.compile("S1 · .*S3 · "))
    expect(dialog.get_by_role("link", name="Look at the images")).to_have_attribute("href", f"/cases/{exam}")
    settle = dialog.get_by_role("button", name="Record the consensus")
    expect(settle).to_be_disabled()
    dialog.get_by_role("combobox", name="Consensus").click()
    page.get_by_role("option", name="S2").click()
    dialog.get_by_role("textbox", name="Note").fill("Septa, no nodules.")
    settle.click()
    expect(dialog).to_have_count(0)
    expect(row.get_by_test_id("settled")).to_contain_text(re.compile(r"S2 · third reader \(.+\)"))
    expect(row.get_by_test_id("settled")).to_contain_text("Septa, no nodules.")
    expect(row.get_by_role("button", name="Settle")).to_have_count(0)

    stage = row.get_by_test_id("recorded-stage")
    expect(stage).to_contain_text("No stage is recorded yet.")
    record(stage, "S2")
    expect(stage).to_contain_text("Consensus of readers")
    # What pathology saw is replaced only where that is said.
    stage = row_of(page, agreed).get_by_test_id("recorded-stage")
    expect(stage).to_contain_text("Biopsy")
    expect(stage.get_by_role("button", name="Record S3 as the stage")).to_be_disabled()
    stage.get_by_role("checkbox", name="In place of the biopsy's").check()
    record(stage, "S3")
    stage.get_by_role("button", name="1 other record").click()
    expect(stage).to_contain_text("Biopsy")

    def history(who: str) -> list[tuple[int, str]]:
        rows = researcher.get(f"patients/{who}/")["stage_history"]
        return [(one["stage"], one["source"]) for one in rows]

    assert history(patient) == [(2, "consensus")]
    assert sorted(history(biopsied)) == [(1, "biopsy"), (3, "consensus")]
    (entry,) = api("administrator").get(f"audit/?action=read.adjudicated&object_id={exam}")["results"]
    assert entry["detail"]["settling"] == "third"
    assert entry["actor"] == researcher.get("me/")["id"]


def test_the_two_settle_together_in_chinese(
    cases: dict[str, tuple[str, str]], given: Callable[[str, int], None], api: Door,
    open_as: Callable[..., Page],
) -> None:  # fmt: skip
    given("quality", 1)
    name, (_patient, exam) = next(iter(cases.items()))
    for reader, keys in zip(READERS, ("1", "3b"), strict=True):
        read_all(open_as(reader), {name: keys}, "quality")
    page = open_as("annotator", locale="zh-CN")
    page.goto("/reading/agreement?kind=quality")
    row = row_of(page, name)
    expect(row).to_contain_text("模糊")
    row.get_by_role("button", name="裁定").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("您是两位阅片者之一")
    dialog.get_by_role("combobox", name="共识").click()
    page.get_by_role("option", name="受限").click()
    settle = dialog.get_by_role("button", name="记录共识")
    expect(settle).to_be_disabled()  # one of the two does not decide alone
    dialog.get_by_role("checkbox", name=re.compile("共同的决定")).check()
    settle.click()
    expect(row.get_by_test_id("settled")).to_contain_text("共同决定")
    (settled,) = api("clinician").get(f"adjudications/?exam={exam}&kind=quality")["results"]
    assert (settled["quality"], settled["settling"], len(settled["participants"])) == ("limited", "joint", 2)
