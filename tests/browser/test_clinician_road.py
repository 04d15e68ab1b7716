"""From two DICOM files to a stage, in the browser, against the real processes."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pydicom
import pypdf
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.cohort import strangers_exam
from tests.browser.house import ROOT, House
from tests.browser.pages import SIGN, Case, SignIn, Upload

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(900)]


def pair_of(files: list[Path]) -> list[Path]:
    """One file of each probe."""
    by_probe: dict[str, Path] = {}
    for path in files:
        region = pydicom.dcmread(path, stop_before_pixels=True).SequenceOfUltrasoundRegions[0]
        deep = float(region.PhysicalDeltaY) * (region.RegionLocationMaxY1 - region.RegionLocationMinY0) > 8
        by_probe.setdefault("LF" if deep else "HF", path)
    assert set(by_probe) == {"HF", "LF"}, f"the exam has only {set(by_probe)}"
    return [by_probe["HF"], by_probe["LF"]]


def test_two_dropped_files_become_a_pair_and_a_stage(
    champion: str, open_as: Callable[..., Page], strangers: list[Path], tmp_path: Path
) -> None:
    page = open_as("clinician")
    note = tmp_path / "notes.txt"
    note.write_text("not an image")
    hf, lf = pair_of(strangers)

    upload = Upload(page).open()
    upload.drop([hf, lf, note])
    assert upload.outcome(hf.name) == "accepted"
    assert upload.outcome(lf.name) == "accepted"
    assert upload.outcome(note.name) == "refused"
    expect(upload.row(hf.name)).to_contain_text("HF")
    expect(upload.row(lf.name)).to_contain_text("LF")
    expect(upload.row(note.name)).to_contain_text("not-dicom")
    expect(upload.exams).to_have_count(1)
    expect(upload.exams.first).to_contain_text("HF and LF paired")

    upload.row(hf.name).get_by_role("button", name=re.compile("Why this band")).click()
    evidence = page.get_by_role("dialog")
    expect(evidence).to_contain_text("confidence")
    expect(evidence).to_contain_text("MHz")
    page.keyboard.press("Escape")

    page.reload()
    expect(page.locator("[data-testid=file-table] tbody tr")).to_have_count(3)

    upload.exams.first.get_by_role("link", name="Open case").click()
    case = Case(page)
    case.wait_for_pictures()
    address = urlsplit(page.url).path
    expect(page.get_by_text("Simulated data").first).to_be_visible()
    case.stage()
    case.wait_for_result()

    shares = case.probabilities()
    assert abs(sum(shares.values()) - 1) < 0.005
    assert abs(case.at_least("S2") - (shares["S2"] + shares["S3"] + shares["S4"])) < 0.005
    assert abs(case.at_least("S4") - shares["S4"]) < 0.002
    expect(page.get_by_test_id("staging-seconds")).to_have_text(re.compile(r"\d (ms|s)$"))
    expect(page.get_by_test_id("staging-result")).to_contain_text("First of the tests")

    page.reload()
    case.wait_for_result()
    assert case.probabilities() == shares

    for staged, rows in (("yes", 1), ("no", 0)):
        page.goto(f"/worklist?staged={staged}")
        expect(page.locator("[data-testid=worklist] tbody tr").first).to_be_visible()
        expect(page.locator(f"[data-testid=worklist] tbody a[href='{address}']")).to_have_count(rows)


def test_a_staged_case_is_reviewed_signed_printed_and_amended(
    champion: str, open_as: Callable[..., Page], house: House, tmp_path: Path
) -> None:
    page = open_as("clinician")
    page.goto("/worklist?pair=yes&staged=no")
    page.locator("[data-testid=worklist] tbody a").nth(1).click()
    case = Case(page)
    case.wait_for_pictures()
    case.stage()
    case.wait_for_result()

    review = case.begin_review()
    review.get_by_text("Cannot be staged", exact=True).click()
    expect(review).to_contain_text("Choose at least one reason.")
    expect(review.get_by_role("button", name=SIGN)).to_be_disabled()
    review.get_by_label("Image quality, artefact or blur").check()
    review.get_by_role("textbox", name="Note").fill("The capsule is out of focus.")
    review.get_by_role("button", name="Save draft").click()
    expect(review.get_by_test_id("draft-state")).to_contain_text("Draft saved")
    page.reload()
    expect(review.get_by_role("textbox", name="Note")).to_have_value("The capsule is out of focus.")

    case.sign("not the password")
    expect(page.get_by_role("dialog")).to_contain_text("The password is wrong.")
    page.keyboard.press("Escape")
    case.sign()
    first = case.report(1)
    expect(first).to_contain_text("Cannot be staged")
    expect(first).to_contain_text("Simulated data")
    expect(case.review).to_have_count(0)
    first.get_by_role("button", name="Check").click()
    expect(first.get_by_test_id("verification")).to_have_attribute("data-intact", "true")

    text = downloaded(page, first, "PDF in English", tmp_path / "first.pdf")
    for words in (
        "Cannot be staged",
        "The capsule is out of focus.",
        "Not a medical device",
        "SIMULATED DATA",
    ):
        assert words in text, words
    assert "审阅结论" in downloaded(page, first, "PDF in Chinese", tmp_path / "first-zh.pdf")

    first.get_by_role("button", name="Amend…").click()
    page.get_by_role("dialog").get_by_label("Why it is amended").fill("A better clip was found.")
    page.get_by_role("dialog").get_by_role("button", name="Begin the amendment").click()
    case.review.get_by_text("Agree", exact=True).click()
    case.sign()
    expect(case.report(2)).to_have_attribute("data-current", "true")
    expect(case.report(1)).to_have_attribute("data-current", "false")
    assert "SUPERSEDED by version 2" in downloaded(
        page, case.report(1), "PDF in English", tmp_path / "old.pdf"
    )
    assert "A better clip was found." in downloaded(
        page, case.report(2), "PDF in English", tmp_path / "new.pdf"
    )

    page.goto("/worklist?review=signed")
    expect(page.locator("[data-testid=worklist] tbody tr")).to_have_count(1)
    page.goto("/worklist?review=disagreement")
    expect(page.get_by_test_id("empty")).to_be_visible()

    checked = subprocess.run(
        [sys.executable, "manage.py", "verify_reports"], cwd=ROOT, env=house.environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    assert "2 reports, all as they were signed." in checked.stdout


def downloaded(page: Page, version: Locator, form: str, path: Path) -> str:
    """The text of a PDF that the browser has fetched."""
    version.get_by_role("button", name="Download").click()
    with page.expect_download() as coming:
        page.get_by_role("menuitem", name=form).click()
    coming.value.save_as(path)
    return "\n".join(part.extract_text() for part in pypdf.PdfReader(path).pages)


def test_lengths_have_a_unit_and_the_attention_its_caveat(
    champion: str, open_as: Callable[..., Page]
) -> None:
    page = open_as("clinician")
    page.goto("/worklist?pair=yes&staged=no")
    page.locator("[data-testid=worklist] tbody a").nth(2).click()
    case = Case(page)
    case.wait_for_pictures()
    canvas = case.pane("LF").get_by_test_id("frame-canvas")
    canvas.focus()
    page.keyboard.press("m")
    inside = case.measure("LF", (0.45, 0.4), (0.55, 0.6))
    expect(inside.locator("text")).to_have_text(re.compile(r"^\d+\.\d{2} cm$"))
    expect(case.viewer("LF")).to_have_attribute("data-window", "255")  # measuring is not windowing
    outside = case.measure("LF", (0.5, 0.5), (0.5, 0.01))  # above the frame
    expect(outside.locator("text")).to_contain_text("not measured")
    page.keyboard.press("Delete")
    expect(case.pane("LF").get_by_test_id("measurement")).to_have_count(0)

    case.stage()
    case.wait_for_result()
    panel = page.get_by_test_id("attention-panel")
    expect(panel.get_by_test_id("attention-caveat")).to_have_count(0)
    panel.get_by_role("button", name="Compute").click()
    expect(panel.get_by_test_id("attention-caveat")).to_contain_text("not a finding", timeout=120_000)
    high = case.pane("HF").get_by_test_id("attention-overlay")  # the champion of these tests sees HF alone
    expect(high).to_have_attribute("opacity", "0.5")
    expect(case.pane("LF").get_by_test_id("attention-overlay")).to_have_count(0)
    case.pane("HF").get_by_test_id("frame-canvas").focus()
    page.keyboard.press("a")
    expect(high).to_have_count(0)
    page.keyboard.press("a")
    expect(high).to_have_count(1)


def test_the_viewer_answers_pointer_wheel_and_keys_with_numbers(
    hospital: Path, open_as: Callable[..., Page]
) -> None:
    page = open_as("clinician")
    page.goto("/worklist?pair=yes")
    page.locator("[data-testid=worklist] tbody a").first.click()
    case = Case(page)
    case.wait_for_pictures()
    canvas = case.pane("HF").get_by_test_id("frame-canvas")
    expect(canvas).to_have_attribute("data-renderer", "webgl2")
    assert case.reading("HF") == "W 255 · L 127.5 · 1.00×"

    box = canvas.bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 55, middle[1])
    page.mouse.up()
    assert case.reading("HF").startswith("W 200 · L 127.5")
    assert case.reading("LF").startswith("W 255")

    page.mouse.wheel(0, -400)
    expect(case.viewer("HF")).not_to_have_attribute("data-zoom", "1.00")
    canvas.focus()
    page.keyboard.press("r")
    expect(case.viewer("HF")).to_have_attribute("data-zoom", "1.00")
    page.keyboard.press("+")
    expect(case.viewer("HF")).to_have_attribute("data-zoom", "1.25")
    expect(case.pane("HF").get_by_test_id("scale-bar")).to_have_text(re.compile(r"^[\d.]+ cm$"))

    case.pane("HF").get_by_role("button", name="Link the two views").click()
    canvas.focus()
    page.keyboard.press("i")
    page.keyboard.press("+")
    assert case.viewer("LF").get_attribute("data-zoom") == case.viewer("HF").get_attribute("data-zoom")


COMPARE_WITH_STORED = """async () => {
    const viewer = document.querySelector("section[data-band=LF] [data-testid=viewer]");
    const canvas = viewer.querySelector("canvas");
    const image = viewer.dataset.image;
    const { regions: [region] } = await (await fetch(`/api/v1/images/${image}/`)).json();
    const stored = await (await fetch(`/api/v1/images/${image}/frames/0/rendered/`)).blob();
    const frame = await createImageBitmap(stored, { colorSpaceConversion: "none" });
    const pixels = (source, width, height) => {
        const copy = new OffscreenCanvas(width, height).getContext("2d");
        copy.drawImage(source, 0, 0);
        return copy.getImageData(0, 0, width, height).data;
    };
    const shown = pixels(canvas, canvas.width, canvas.height);
    const truth = pixels(frame, frame.width, frame.height);
    const [width, height] = [region.x1 - region.x0, region.y1 - region.y0];
    const scale = Math.min(canvas.width / width, canvas.height / height) * Number(viewer.dataset.zoom);
    let compared = 0, different = 0;
    for (let y = 0; y < canvas.height; y += 3) {
        for (let x = 0; x < canvas.width; x += 3) {
            const column = region.x0 + width / 2 + (x + 0.5 - canvas.width / 2) / scale;
            const row = region.y0 + height / 2 + (y + 0.5 - canvas.height / 2) / scale;
            const edge = Math.min(column % 1, 1 - (column % 1), row % 1, 1 - (row % 1));
            if (edge < 0.1) continue;
            compared += 1;
            const grey = truth[4 * (Math.floor(row) * frame.width + Math.floor(column))];
            const at = 4 * (y * canvas.width + x);
            if ([0, 1, 2].some((channel) => shown[at + channel] !== grey)) different += 1;
        }
    }
    return { compared, different };
}"""


WITHOUT_WEBGL = """
    const own = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
        return kind === "webgl2" ? null : own.call(this, kind, ...rest);
    };
"""


@pytest.mark.parametrize("renderer", ["webgl2", "canvas2d"])
def test_the_picture_on_the_screen_is_the_picture_in_the_file(
    renderer: str, hospital: Path, open_as: Callable[..., Page]
) -> None:
    """Enlarged so far that pixels are squares, every grey value is that of the lossless frame."""
    page = open_as("clinician")
    if renderer == "canvas2d":
        page.add_init_script(WITHOUT_WEBGL)
    page.goto("/worklist?pair=yes")
    page.locator("[data-testid=worklist] tbody a").first.click()
    case = Case(page)
    case.wait_for_pictures()
    canvas = case.pane("LF").get_by_test_id("frame-canvas")
    expect(canvas).to_have_attribute("data-renderer", renderer)
    if renderer == "canvas2d":
        page.wait_for_timeout(1_500)  # it would have changed by now
        expect(canvas).to_have_attribute("data-renderer", renderer)
    canvas.focus()
    for _ in range(16):
        page.keyboard.press("+")
    expect(case.viewer("LF")).to_have_attribute("data-zoom", "20.00")
    found = page.evaluate(COMPARE_WITH_STORED)
    assert found["compared"] > 5_000
    assert found["different"] == 0


def test_a_wrong_password_is_said_and_nothing_else(open_as: Callable[..., Page]) -> None:
    page = open_as("clinician")
    page.context.clear_cookies()
    SignIn(page).fill_in("clinician", "wrong")
    expect(page.get_by_role("alert")).to_contain_text("sign-in-refused")
    assert page.url.endswith("/signin")


def test_a_correction_of_the_band_moves_the_image_and_stays(
    open_as: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_as("clinician")
    hf, _lf = pair_of(strangers_exam(tmp_path, seed=99))
    upload = Upload(page).open()
    upload.choose([hf])
    upload.outcome(hf.name)
    expect(upload.exams).to_have_count(1)
    upload.exams.first.get_by_role("link", name="Open case").click()
    case = Case(page)
    shown = case.pane("HF").get_by_role("button", name=re.compile("Why this band"))
    shown.click()
    page.get_by_role("dialog").get_by_text("LF", exact=True).last.click()
    expect(case.pane("LF").get_by_test_id("viewer")).to_be_visible()
    page.reload()
    expect(case.pane("LF").get_by_test_id("viewer")).to_be_visible()
    case.pane("LF").get_by_role("button", name=re.compile("Why this band")).click()
    expect(page.get_by_role("dialog")).to_contain_text("Set by hand")
    expect(case.pane("HF").get_by_test_id("viewer")).to_have_count(0)


def test_an_archive_has_a_row_for_every_member(open_as: Callable[..., Page], tmp_path: Path) -> None:
    page = open_as("clinician")
    files = strangers_exam(tmp_path / "exam", seed=123)[:3]
    archive = tmp_path / "exam.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in files:
            packed.write(path, f"20230101/{path.name}")
        packed.writestr("20230101/README.txt", "not an image")
    upload = Upload(page).open()
    upload.choose([archive])
    rows = page.locator("[data-testid=file-table] tbody tr")
    expect(rows).to_have_count(4, timeout=60_000)
    expect(page.locator("tr[data-outcome=accepted]")).to_have_count(3)
    expect(page.locator("tr[data-outcome=refused]")).to_contain_text("README.txt")
    page.get_by_text("Refused · 1").click()
    expect(rows).to_have_count(1)


def test_a_recorded_stage_can_be_corrected_and_keeps_its_history(
    open_as: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_as("annotator")
    upload = Upload(page).open()
    upload.choose(strangers_exam(tmp_path, seed=321)[:1])
    upload.exams.first.get_by_role("link", name="Open case").click()
    panel = page.get_by_test_id("pathology-panel")
    expect(panel).to_contain_text("No pathology stage is recorded")
    for stage in ("S2", "S3"):
        panel.get_by_role("combobox", name="Stage").click()
        page.get_by_role("option", name=stage).click()
        panel.get_by_role("button", name="Record").click()
        expect(panel.locator(f"[data-stage={stage}]")).to_be_visible()
    expect(panel).to_contain_text("S2 · Biopsy")
    expect(panel).to_contain_text("S3 · Biopsy")

    clinician = open_as("clinician")
    clinician.goto(page.url)
    expect(clinician.get_by_test_id("pathology-panel").locator("[data-stage=S3]")).to_be_visible()
    expect(clinician.get_by_role("button", name="Record")).to_have_count(0)
