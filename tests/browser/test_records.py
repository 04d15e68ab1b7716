"""Those who look after the records: quarantine, cohort, a patient, tables; against the real processes."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect
from pydicom.sequence import Sequence

from tests.browser.api import Api
from tests.browser.cohort import SITE, pair_files
from tests.webapp.imaging.files import ultrasound

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(900)]
NUMBERS = ("REC-1", "REC-2", "REC-3", "REC-4")


@pytest.fixture(scope="module")
def records(hospital: None, api: Callable[[str], Api], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Patients of our own, of whom nothing is known yet; their ids in the order of ``NUMBERS``."""
    folder = tmp_path_factory.mktemp("records")
    paths: list[Path] = []
    for number, name in enumerate(NUMBERS):
        paths += pair_files(folder, name, study=f"1.7.{number}", seed=900 + 2 * number)
    results = api("researcher").upload(paths)
    return [row["patient_id"] for row in results[::2]]


@pytest.fixture
def waiting(api: Callable[[str], Api], tmp_path: Path) -> list[dict[str, Any]]:
    """Three files that do not say where the picture is."""
    sender = api("clinician")
    upload = sender.post("uploads/", {})["id"]
    for number in range(3):
        path = tmp_path / f"q{number}.dcm"
        path.write_bytes(
            ultrasound(patient=f"QUA-{number}", study=f"1.8.{number}", seed=700 + number,
                       SequenceOfUltrasoundRegions=Sequence([]))
        )  # fmt: skip
        part = {"name": path.name, "mimeType": "application/dicom", "buffer": path.read_bytes()}
        sender._door.post(f"/api/v1/uploads/{upload}/files/", multipart={"file": part})
    return api("administrator").get("quarantine/?state=waiting")["results"]


def decide(page: Page, item: str, *, mask: bool = False, remove: bool = False) -> None:
    page.locator(f"[data-item='{item}']").get_by_role("button", name="Look and decide").click()
    dialog = page.get_by_test_id("decide-dialog")
    before = dialog.get_by_test_id("after-picture").get_attribute("src") or ""
    if mask:
        canvas = dialog.get_by_test_id("draw-boxes")
        box = canvas.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 20, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(box["x"] + 120, box["y"] + 90)
        page.mouse.up()
        expect(dialog.get_by_role("list", name="Boxes").get_by_role("listitem")).to_have_count(1)
        expect(dialog.get_by_test_id("after-picture")).not_to_have_attribute("src", before)
    dialog.get_by_role("textbox", name="Reason").fill("looked at every frame")
    if remove:
        dialog.get_by_role("button", name="Remove for good").click()
        dialog.get_by_role("alert").get_by_role("button", name="Remove for good").click()
    else:
        dialog.get_by_role(
            "button", name="Release with boxes blacked out" if mask else "Release", exact=True
        ).click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="1")).to_be_visible()


def test_a_person_releases_masks_and_refuses_and_nobody_else_sees_what_waits(
    waiting: list[dict[str, Any]], open_as: Callable[..., Page], api: Callable[[str], Api]
) -> None:
    clinician, administrator = api("clinician"), api("administrator")
    seen = {row["id"] for row in clinician.get("images/?page_size=200")["results"]}
    for path in (f"quarantine/{waiting[0]['id']}/frames/0/before/", "quarantine/"):
        assert clinician._door.get(f"/api/v1/{path}").status == 403
    ours = [row["id"] for row in waiting if row["device"].startswith("Maker")][:3]
    page = open_as("administrator")
    page.goto("/quarantine")
    released, masked, removed = ours
    decide(page, released)
    decide(page, masked, mask=True)
    decide(page, removed, remove=True)
    states = {row["id"]: row["state"] for name in ("released", "removed")
              for row in administrator.get(f"quarantine/?state={name}")["results"]}  # fmt: skip
    assert [states[one] for one in ours] == ["released", "released", "removed"]
    now = {row["id"] for row in clinician.get("images/?page_size=200")["results"]}
    assert len(now - seen) == 2
    page.goto("/quarantine?state=removed")
    expect(page.locator(f"[data-item='{removed}']")).to_contain_text("looked at every frame")
    with page.expect_download() as kept:
        page.get_by_role("button", name="Save as CSV").click()
    assert "no-ultrasound-region" in kept.value.path().read_text("utf-8-sig")


def flow(page: Page, step: str) -> Locator:
    return page.get_by_test_id("flow").locator(f"a[data-step='{step}']")


def test_what_the_check_list_excludes_leaves_the_flow_and_its_number_opens_the_list(
    records: list[str], open_as: Callable[..., Page], api: Callable[[str], Api], tmp_path: Path
) -> None:
    page = open_as("researcher")
    name = api("researcher").get(f"patients/{records[0]}/")["pseudonym"]
    page.goto(f"/patients/{records[0]}")
    row = page.locator("[data-criterion=pregnancy]")
    row.get_by_text("Yes", exact=True).click()
    expect(row.get_by_role("button", name="Save")).to_be_disabled()
    row.get_by_role("textbox", name="Reason").fill("stated in the letter")
    row.get_by_role("button", name="Save").click()
    expect(page.get_by_test_id("eligibility")).to_contain_text("Excluded: Pregnancy or lactation")
    page.goto("/cohort")
    flow(page, "criterion-pregnancy").click()
    page.wait_for_url(re.compile("step=criterion-pregnancy"))
    expect(page.get_by_test_id("cohort-step").get_by_role("link", name=name)).to_be_visible()
    with page.expect_download() as drawn:
        page.get_by_test_id("flow").get_by_role("button", name="SVG").click()
    picture = ElementTree.parse(drawn.value.path()).getroot()
    words = " ".join(text for text in picture.itertext())
    assert "pregnancy or lactation (n = 1)" in words
    assert "var(" not in ElementTree.tostring(picture, "unicode"), "colours of the page in a file of its own"
    with page.expect_download() as painted:
        page.get_by_test_id("flow").get_by_role("button", name="PNG").click()
    assert painted.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    with page.expect_download() as table:
        page.get_by_test_id("flow").get_by_role("button", name="CSV").click()
    rows = list(csv.reader(table.value.path().read_text("utf-8-sig").splitlines()))
    patients = [int(line[2]) for line in rows[1:]]
    assert patients[0] == sum(patients[1:]), "assessed is everybody else together"


def apply_table(page: Page, path: Path, kind: str, said: dict[str, int]) -> None:
    panel = page.get_by_test_id("table-import")
    panel.get_by_text(kind, exact=True).click()
    panel.locator("input[type=file]").set_input_files(path)
    panel.get_by_role("button", name="See what would change").click()
    for outcome, count in said.items():
        expect(panel.get_by_role("status")).to_contain_text(f"{outcome} · {count}")
    expect(panel).not_to_contain_text("The table was applied.")
    panel.get_by_role("button", name=re.compile("Apply")).click()
    expect(panel.get_by_role("status")).to_contain_text("The table was applied.")


def test_tables_of_either_language_say_first_what_would_change(
    records: list[str], open_as: Callable[..., Page], api: Callable[[str], Api], tmp_path: Path
) -> None:
    plain, chinese, sheet = tmp_path / "s.csv", tmp_path / "分期.csv", tmp_path / "values.xlsx"
    plain.write_text(f"patient_id,stage\n{NUMBERS[1]},S1\nNOBODY-9,S2\n", "utf-8")
    chinese.write_bytes(f"患者编号,病理分期\n{NUMBERS[1]},S3\n".encode("gb18030"))
    book = openpyxl.Workbook()
    assert book.active is not None
    for line in (["患者编号", "年龄", "谷丙转氨酶", "AST", "血小板"], [NUMBERS[1], 50, 49, 60, 150]):
        book.active.append(line)
    book.save(sheet)
    page = open_as("annotator")
    page.goto("/cohort")
    apply_table(page, plain, "Pathology stages", {"New": 1, "No such patient here": 1})
    apply_table(page, chinese, "Pathology stages", {"Changed": 1})
    apply_table(page, sheet, "Clinical and serum values", {"New": 1})
    found = api("annotator").get(f"patients/{records[1]}/")
    assert [row["stage"] for row in found["stage_history"]] == [3, 1]
    page.goto(f"/patients/{records[1]}")
    expect(page.get_by_test_id("score-fib4")).to_contain_text("2.86")
    expect(page.get_by_test_id("score-apri")).to_contain_text("Wai")
    broken = tmp_path / "broken.csv"
    broken.write_text("colour,shape\nred,round\n", "utf-8")
    page.goto("/cohort")
    panel = page.get_by_test_id("table-import")
    panel.locator("input[type=file]").set_input_files(broken)
    panel.get_by_role("button", name="See what would change").click()
    expect(panel.get_by_role("alert")).to_be_visible()


def test_a_patient_shows_exams_values_and_a_merge_that_is_taken_back(
    records: list[str], open_as: Callable[..., Page], api: Callable[[str], Api]
) -> None:
    kept, other = records[2], records[3]
    name = api("administrator").get(f"patients/{other}/")["pseudonym"]
    page = open_as("administrator")
    page.goto(f"/patients/{kept}")
    exam = page.get_by_test_id("timeline").locator("li")
    expect(exam).to_have_count(1)
    for picture in exam.get_by_role("img").all():
        assert picture.evaluate("async (one) => { await one.decode(); return one.naturalWidth }") > 0
    expect(exam.get_by_role("img")).to_have_count(2)
    values = page.get_by_test_id("values")
    values.get_by_label("AST (U/L)").fill("80")
    values.get_by_role("button", name="Record values").click()
    expect(page.get_by_test_id("score-apri")).to_contain_text("not recorded: Platelets")
    values.get_by_label("AST (U/L)").fill("80")
    values.get_by_label("Platelets (10⁹/L)").fill("100")
    values.get_by_role("button", name="Record values").click()
    expect(page.get_by_test_id("score-apri")).to_contain_text("2.00")
    merging = page.get_by_test_id("merging")
    merging.get_by_role("textbox", name="Pseudonym of the other row").fill(name)
    merging.get_by_role("textbox", name="Reason", exact=True).fill("one person, two numbers")
    merging.get_by_role("button", name="Merge into this patient").click()
    expect(exam).to_have_count(2)
    page.goto(f"/patients/{other}")
    expect(page.get_by_text("This row was merged into another patient.")).to_be_visible()
    page.goto(f"/patients/{kept}")
    merge = merging.locator(f"[data-merge='{name}']")
    merge.get_by_role("textbox", name="Reason for taking it back").fill("two persons after all")
    merge.get_by_role("button", name="Take back").click()
    expect(merge).to_have_attribute("data-undone", "true")
    expect(exam).to_have_count(1)


def test_the_list_of_patients_is_searched_kept_in_the_address_and_saved(
    records: list[str], open_as: Callable[..., Page], api: Callable[[str], Api]
) -> None:
    name = api("clinician").get(f"patients/{records[0]}/")["pseudonym"]
    page = open_as("clinician", locale="zh-CN")
    page.goto("/patients")
    page.get_by_role("textbox").fill(name)
    rows = page.get_by_test_id("patients").locator("tbody tr")
    expect(rows).to_have_count(1)
    page.wait_for_url(re.compile(f"search={name}"))
    page.reload()
    expect(rows).to_have_count(1)
    with page.expect_download() as kept:
        page.get_by_role("button", name="保存为 CSV").click()
    head, row = csv.reader(kept.value.path().read_text("utf-8-sig").splitlines())
    assert (head[0], row[0], row[1]) == ("患者", name, SITE)
    page.get_by_role("textbox").fill("ZZZZZZ")
    expect(page.get_by_test_id("empty")).to_be_visible()


@pytest.fixture
def conflicts(api: Callable[[str], Api], tmp_path: Path) -> list[str]:
    """Two images, and each again under its identifier with other pixels: what waits, oldest first."""
    sender = api("clinician")
    upload = sender.post("uploads/", {})["id"]
    for number in range(4):
        path = tmp_path / f"c{number}.dcm"
        path.write_bytes(
            ultrasound(patient=f"CON-{number % 2}", study=f"1.9.{number % 2}", sop=f"1.9.{number % 2}.1",
                       seed=800 + number, Manufacturer="SIMULATED")
        )  # fmt: skip
        part = {"name": path.name, "mimeType": "application/dicom", "buffer": path.read_bytes()}
        sender._door.post(f"/api/v1/uploads/{upload}/files/", multipart={"file": part})
    rows = api("administrator").get("quarantine/?state=waiting&code=conflict")["results"]
    return [row["id"] for row in reversed(rows)]


def test_of_two_pictures_under_one_identifier_a_person_keeps_both_or_replaces(
    conflicts: list[str], open_as: Callable[..., Page], api: Callable[[str], Api]
) -> None:
    administrator = api("administrator")
    page = open_as("administrator")
    tries: list[Any] = []

    def fails_once(route: Any) -> None:
        """To an image it is all one whether the server was busy or the line was cut."""
        tries.append(route)
        if len(tries) == 1:
            route.abort()
        else:
            route.continue_()

    page.route(f"**/quarantine/{conflicts[0]}/frames/0/before/?width=*", fails_once)
    page.goto("/quarantine?code=conflict")
    strip = page.locator(f"[data-item='{conflicts[0]}'] img").first
    expect(strip).to_have_attribute("src", re.compile("again=1"))
    page.wait_for_function("image => image.naturalWidth > 0", arg=strip.element_handle())
    for item, choice in zip(conflicts, ("Keep both", "This one replaces it"), strict=True):
        page.locator(f"[data-item='{item}']").get_by_role("button", name="Look and decide").click()
        dialog = page.get_by_test_id("decide-dialog")
        dialog.get_by_role("textbox", name="Reason").fill("the sender has said which")
        release = dialog.get_by_role("button", name="Release", exact=True)
        expect(release).to_be_disabled()
        rival = dialog.get_by_test_id("rival-picture")
        expect(rival).to_be_visible()
        page.wait_for_function("image => image.naturalWidth > 0", arg=rival.element_handle())
        dialog.get_by_text(choice, exact=True).click()
        release.click()
        expect(dialog).to_have_count(0)
    rows = administrator.get("quarantine/?state=released&code=conflict")["results"]
    decided = {row["id"]: row for row in rows if row["id"] in conflicts}
    exams = [administrator.get(f"exams/{decided[item]['exam']}/") for item in conflicts]
    assert [exam["image_count"] for exam in exams] == [2, 1]
    assert decided[conflicts[1]]["image"] in [
        image["id"] for image in exams[1]["images"] if image["released"]
    ]
