"""The pages as a person uses them: what can be done on each and what can be read off it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.house import PASSWORD

SIGN = re.compile("Sign…|签名…")
WORK_MS = 420_000  # a training on a busy machine


class SignIn:
    def __init__(self, page: Page) -> None:
        self.page = page

    def fill_in(self, user: str, password: str) -> None:
        self.page.goto("/signin")
        self.page.locator("input[autocomplete=username]").fill(user)
        self.page.locator("input[autocomplete=current-password]").fill(password)
        self.page.locator("button[type=submit]").click()

    def sign_in(self, user: str) -> None:
        """Ends on the start page."""
        self.fill_in(user, PASSWORD)
        expect(self.page.locator("nav").first).to_be_visible()


class Upload:
    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self) -> Upload:
        self.page.goto("/upload")
        return self

    def drop(self, files: list[Path]) -> None:
        """Drops the files on the zone, as from the desktop."""
        handle = self.page.evaluate_handle("() => new DataTransfer()")
        for path in files:
            self.page.evaluate(
                """([transfer, name, content]) => {
                    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
                    transfer.items.add(new File([bytes], name));
                }""",
                [handle, path.name, _base64(path)],
            )
        zone = self.page.get_by_test_id("drop-zone")
        zone.dispatch_event("dragover", {"dataTransfer": handle})
        zone.dispatch_event("drop", {"dataTransfer": handle})

    def choose(self, files: list[Path]) -> None:
        self.page.get_by_test_id("file-input").set_input_files(files)

    def row(self, name: str) -> Locator:
        return self.page.locator(f'[data-testid=file-table] tr[data-file="{name}"]')

    def outcome(self, name: str) -> str:
        """Waits for the server's answer."""
        row = self.row(name)
        expect(row).to_have_attribute("data-outcome", re.compile("accepted|duplicate|quarantined|refused"))
        return row.get_attribute("data-outcome") or ""

    @property
    def exams(self) -> Locator:
        return self.page.locator("[data-testid=touched-exams] tbody tr")


class Case:
    def __init__(self, page: Page) -> None:
        self.page = page

    def pane(self, band: str) -> Locator:
        return self.page.locator(f"section[data-band={band}]")

    def viewer(self, band: str) -> Locator:
        return self.pane(band).get_by_test_id("viewer")

    def reading(self, band: str) -> str:
        """Window, level and zoom as written on the picture."""
        return self.pane(band).get_by_test_id("viewer-reading").inner_text()

    def wait_for_pictures(self) -> None:
        for band in ("HF", "LF"):
            expect(self.viewer(band)).to_have_attribute("data-frame", re.compile(r"\d+"))

    def stage(self) -> None:
        self.page.get_by_test_id("staging-panel").get_by_role("button", name="Stage", exact=True).click()

    def wait_for_result(self) -> None:
        expect(self.page.get_by_test_id("staging-result")).to_be_visible(timeout=120_000)

    def probabilities(self) -> dict[str, float]:
        """S0 … S4 as shares, read off the bars."""
        return {
            stage: _share(self.page.get_by_test_id(f"probability-{stage}").locator("p").last)
            for stage in ("S0", "S1", "S2", "S3", "S4")
        }

    def at_least(self, stage: str) -> float:
        return _share(self.page.get_by_test_id(f"at-least-{stage}").locator("p").last)

    def begin_review(self) -> Locator:
        self.page.get_by_test_id("begin-review").click()
        expect(self.review).to_be_visible()
        return self.review

    @property
    def review(self) -> Locator:
        return self.page.get_by_test_id("review-panel")

    def report(self, version: int) -> Locator:
        return self.page.get_by_test_id(f"report-{version}")

    def sign(self, password: str = PASSWORD) -> None:
        """From the saved draft to the password; the dialog closes when the server has signed."""
        self.review.get_by_role("button", name=SIGN).click()
        self.page.locator("[role=dialog] input[autocomplete=current-password]").fill(password)
        self.page.locator("[role=dialog] button[type=submit]").click()

    def measure(self, band: str, start: tuple[float, float], end: tuple[float, float]) -> Locator:
        """Draws a length between two places, as shares of the canvas; gives its words."""
        canvas = self.pane(band).get_by_test_id("frame-canvas")
        box = canvas.bounding_box()
        assert box
        drawn = self.pane(band).get_by_test_id("measurement")
        before = drawn.count()
        self.page.mouse.move(box["x"] + start[0] * box["width"], box["y"] + start[1] * box["height"])
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + end[0] * box["width"], box["y"] + end[1] * box["height"], steps=4)
        self.page.mouse.up()
        expect(drawn).to_have_count(before + 1)
        return drawn.nth(before)


class Datasets:
    def __init__(self, page: Page) -> None:
        self.page = page

    def freeze(self, name: str) -> None:
        """Fills the form, reads the preview, freezes; ends on the page of the frozen version."""
        self.page.goto("/datasets")
        self.page.get_by_role("button", name="Freeze a dataset").first.click()
        expect(self.page.get_by_test_id("freeze-preview").get_by_test_id("stage-table")).to_be_visible()
        self.page.get_by_role("textbox", name="Name").fill(name)
        self.page.get_by_role("button", name="Freeze", exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(name)
        expect(self.page.locator("[data-state=frozen]").first).to_be_visible(timeout=180_000)


class Launch:
    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, **search: str) -> Launch:
        self.page.goto("/runs/new?" + "&".join(f"{key}={value}" for key, value in search.items()))
        expect(self.page.get_by_test_id("spec-form")).to_be_visible()
        return self

    def preset(self, name: str) -> None:
        self.page.get_by_role("radio", name=name, exact=True).check()

    def number(self, label: str, value: Any) -> None:
        self.page.get_by_test_id("spec-form").get_by_role("textbox", name=label, exact=True).fill(str(value))

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_test_id("spec-form").get_by_role("combobox", name=label, exact=True).click()
        self.page.get_by_role("option", name=option).click()

    def submit(self, name: str) -> str:
        """Launches; the run's id."""
        self.page.get_by_role("textbox", name="Name").fill(name)
        self.page.get_by_role("button", name="Launch", exact=True).click()
        self.page.wait_for_url(re.compile(r"/runs/[0-9a-f-]{36}$"))
        return self.page.url.rsplit("/", 1)[-1]


class Run:
    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, run: str) -> Run:
        self.page.goto(f"/runs/{run}")
        expect(self.page.get_by_test_id("run-progress")).to_be_visible()
        return self

    def wait_for_state(self, state: str) -> None:
        expect(self.page.get_by_test_id("run-progress")).to_have_attribute(
            "data-state", state, timeout=WORK_MS
        )

    def wait_for_points(self, least: int) -> None:
        """Until the curve shown has that many epochs."""
        curves = self.page.get_by_test_id("learning-curves")
        expect(curves).to_have_attribute("data-points", _at_least(least), timeout=WORK_MS)

    @property
    def points(self) -> int:
        return int(self.page.get_by_test_id("learning-curves").get_attribute("data-points") or 0)

    @property
    def last_seq(self) -> int:
        return int(self.page.get_by_test_id("run-progress").get_attribute("data-last-seq") or 0)

    def log(self) -> dict[int, str]:
        """Kind of each event shown (the newest sixty), by its number, oldest first."""
        rows = self.page.locator("[data-testid=event-log] tbody tr")
        found = rows.evaluate_all("(rows) => rows.map((row) => [row.dataset.seq, row.dataset.kind])")
        assert len({seq for seq, _kind in found}) == len(found), "an event is shown twice"
        return {int(seq): kind for seq, kind in reversed(found)}

    def cancel(self) -> None:
        self.page.get_by_role("button", name="Cancel the run").click()
        self.page.get_by_role("dialog").get_by_role("button", name="Cancel the run").click()

    def resume(self) -> None:
        self.page.get_by_role("button", name="Resume").click()

    def metric(self, name: str) -> str:
        """A metric by patient, with its interval, as written in the table."""
        return self.page.locator(f"[data-testid=metric-table] tr[data-metric={name}] td").nth(1).inner_text()

    def wait_for_figures(self) -> None:
        for name in ("roc", "confusion"):
            figure = self.page.locator(f"[data-figure={name}] [data-testid=figure]")
            expect(figure).to_have_attribute("data-drawn", "true", timeout=60_000)


def _share(place: Locator) -> float:
    text = place.inner_text()
    assert text.endswith("%"), f"a probability without its unit: {text!r}"
    return float(text.rstrip("%").replace("\xa0", "").strip()) / 100


def _at_least(number: int) -> re.Pattern[str]:
    """A pattern for the whole numbers from ``number`` to 999."""
    return re.compile(f"^({'|'.join(map(str, range(number, 1000)))})$")


def _base64(path: Path) -> str:
    from base64 import b64encode

    return b64encode(path.read_bytes()).decode()
