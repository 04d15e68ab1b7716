"""Takes every screenshot of the documentation from the real product: ``make screenshots``.

Starts a HepaStage of its own in ``var/screenshots`` with a demonstration hospital, waits until its first
model is trained, trains a second one, uploads an exam that no model has seen, and walks through the pages.
A second call finds all that in place. ``--url`` takes the pictures of a running one instead (with the
password given by HEPASTAGE_DEMO_PASSWORD when it was started).
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.browser import chromium, screens_annotator, screens_clinician, screens_house, screens_researcher
from tests.browser.api import Api
from tests.browser.cohort import strangers_exam
from tests.browser.house import ROOT, House
from tests.browser.pages import Case, Run, SignIn, Upload
from tests.browser.screens_clinician import CHINESE

OUT = ROOT / "docs" / "images" / "screens"
HOME = ROOT / "var" / "screenshots"
SECOND_RUN = "LF alone"
SECOND_SPEC = {
    "architecture": "lf",
    "transfer": {"first": False, "second": False},
    "epochs": 12,
    "patience": 12,
}
WATCHED_RUN = "HF alone"
PATIENCE_SECONDS = 3600
# Every picture in the window has come; those below it are not asked for.
PICTURES = """() => [...document.images].every(
    (one) => one.complete || one.getBoundingClientRect().top > window.innerHeight)"""


def say(text: str) -> None:
    print(text, flush=True)


class Photographer:
    """One signed-in browser after another; every picture waits until its page is still."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url

    def page(self, user: str | None, *, scheme: str = "light", locale: str = "en-GB") -> Page:
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": 1280, "height": 760},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale=locale,
            reduced_motion="reduce",
        )
        page = context.new_page()
        if user:
            SignIn(page).sign_in(user)
        return page

    def take(self, page: Page, name: str, *, height: int = 760, figures: int = 0) -> None:
        """``figures`` are waited for: a page that has not begun to load is not busy either."""
        page.set_viewport_size({"width": 1280, "height": height})
        page.mouse.move(0, 0)  # what the pointer rests on explains itself, over what is to be seen
        drawn = page.locator("[data-testid=figure][data-drawn=true]")
        expect(drawn.nth(figures - 1) if figures else page.locator("main h1")).to_be_visible(timeout=60_000)
        page.wait_for_load_state("networkidle")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("[aria-busy=true]")).to_have_count(0, timeout=60_000)
        expect(page.locator("[data-testid=figure][data-drawn=false]")).to_have_count(0, timeout=60_000)
        page.wait_for_function(PICTURES, timeout=60_000)
        page.wait_for_timeout(1500)  # the last frame of a canvas or a resized figure has no event to wait for
        target = OUT / f"{name}.png"
        page.screenshot(path=target)
        smaller(target)
        say(f"  {name}.png")


def smaller(picture: Path) -> None:
    """Without loss: a palette would bend the colours of the stages where a picture is mostly grey."""
    with Image.open(picture) as whole:
        reduced = whole.convert("RGB")
    reduced.save(picture, optimize=True)


def wait_for_demonstration(api: Api) -> dict[str, Any]:
    """The demonstration once its first model stages patients."""
    give_up, said = time.monotonic() + PATIENCE_SECONDS, ""
    while True:
        found: dict[str, Any] = api.get("demonstration/")
        job = found["job"] or {}
        line = f"{found['state']} {job.get('title', '')} {job.get('progress', 0):.0%}"
        if line != said:
            say(f"  demonstration: {line}")
            said = line
        if found["state"] == "ready":
            return found
        if found["state"] in {"failed", "absent"} or time.monotonic() > give_up:
            raise SystemExit(f"The demonstration is {found['state']}: {job.get('failure')}")
        time.sleep(5)


def second_run(api: Api, dataset: str) -> str:
    """A finished run to compare the demonstration's with."""
    for run in api.get("runs/?search=LF")["results"]:
        if run["name"] == SECOND_RUN and run["state"] == "succeeded":
            return str(run["id"])
    say("  training a second model")
    run = api.launch(SECOND_RUN, dataset, SECOND_SPEC)
    api.wait_for_job(run["job"]["id"], seconds=PATIENCE_SECONDS)
    return str(run["id"])


def clinician(photographer: Photographer) -> None:
    page = photographer.page("clinician")
    chinese = photographer.page("clinician", locale="zh-CN")
    with tempfile.TemporaryDirectory() as folder:
        upload = Upload(page).open()
        files = strangers_exam(Path(folder), seed=int(time.time()))
        upload.choose([*files, ROOT / "LICENSE"])
        for path in files:
            upload.outcome(path.name)
        expect(upload.exams).to_have_count(1)
        photographer.take(page, "upload", height=860)
        chinese.goto(page.url)
        for here, ending in ((page, ""), (chinese, CHINESE)):
            here.locator("main").get_by_role(
                "button", name=re.compile("Why this band|频段判断依据")
            ).first.click()
            photographer.take(here, f"upload-evidence{ending}", height=860)
        page.keyboard.press("Escape")
        upload.exams.first.get_by_role("link", name="Open case").click()
    case = Case(page)
    case.wait_for_pictures()
    case.stage()
    case.wait_for_result()
    photographer.take(page, "case", height=800)
    address = page.url
    page.goto("/worklist")
    photographer.take(page, "worklist")
    dark = photographer.page("clinician", scheme="dark")
    dark.goto(address)
    Case(dark).wait_for_pictures()
    photographer.take(dark, "case-dark", height=800)
    chinese.goto(address)
    Case(chinese).wait_for_pictures()
    photographer.take(chinese, "case-zh", height=800)
    screens_clinician.take(photographer, address)


def researcher(photographer: Photographer, api: Api, first: str, second: str, dataset: str) -> None:
    live(photographer, api, screens_researcher.take(photographer, first, second, dataset), dataset)


def live(photographer: Photographer, api: Api, pages: dict[str, Page], dataset: str) -> None:
    """A run while it learns; cancelled as soon as the picture is taken."""
    spec = {**SECOND_SPEC, "architecture": "hf", "epochs": 40, "patience": 40}
    run = api.launch(WATCHED_RUN, dataset, spec)
    try:
        for ending, page in pages.items():
            Run(page).open(run["id"]).wait_for_points(4)
            photographer.take(page, f"run-live{ending}", height=860)
    finally:
        api.post(f"runs/{run['id']}/cancel/")
        api.wait_for_job(run["job"]["id"], seconds=300, state="cancelled")


PARTS = ("clinician", "annotator", "house", "researcher")


def take_all(playwright: Playwright, url: str, parts: Sequence[str]) -> list[str]:
    """Take the pictures of these parts; the names of those that failed. One does not stop the next."""
    OUT.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=60_000)  # a busy machine is slow; what is wrong stays wrong

    def door(user: str) -> Api:
        return Api(playwright, url, user)

    api = door("researcher")
    found = wait_for_demonstration(api)
    second = second_run(api, found["dataset"])
    browser = chromium.launch(playwright)
    photographer = Photographer(browser, url)

    def house() -> None:
        screens_house.prepare(door("clinician"), door("administrator"))
        screens_house.take(photographer)

    def annotator() -> None:
        image = screens_annotator.prepare(door("annotator"), api, door("administrator"))
        screens_annotator.take(photographer, image)

    work: dict[str, Callable[[], None]] = {
        "clinician": lambda: clinician(photographer),
        "annotator": annotator,
        "house": house,
        "researcher": lambda: researcher(photographer, api, found["run"], second, found["dataset"]),
    }
    failed = []
    for part in parts:
        began = time.monotonic()
        try:
            work[part]()
            say(f"{part}: {time.monotonic() - began:.0f} s")
        except Exception:
            failed.append(part)
            traceback.print_exc()
        for context in browser.contexts:
            context.close()
    browser.close()
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--url", help="a running HepaStage to take the pictures of")
    parser.add_argument("--patients", type=int, default=120, help="of the demonstration (50 to 5000)")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="all where not given")
    arguments = parser.parse_args()
    if chromium.executable() is None:
        print("No Chromium on PATH: apt install chromium fonts-noto-cjk", file=sys.stderr)
        return 1
    house = None if arguments.url else House(HOME, demonstration=arguments.patients).start()
    try:
        with sync_playwright() as playwright:
            failed = take_all(playwright, arguments.url or (house.url if house else ""), arguments.parts)
    finally:
        if house:
            house.stop()
    say(f"Written to {OUT.relative_to(ROOT)}.")
    if failed:
        say(f'Failed (see above); again with: make screenshots ARGS="--parts {" ".join(failed)}"')
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
