"""One house with a small labelled hospital for all browser tests, and a browser to walk through it.

Its fixtures live as long as this package, never as long as the session: while Playwright is started an
event loop runs in this process, and Django refuses its database to every test that comes after.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.browser import chromium
from tests.browser.api import Api
from tests.browser.cohort import SITE, simulated_cohort, strangers_exam
from tests.browser.house import ROOT, House
from tests.browser.pages import SignIn
from tests.conftest import absent

FAILED = pytest.StashKey[bool]()
RESULTS = ROOT / "test-results"  # what a page looked like when its test failed
expect.set_options(timeout=30_000)  # two busy cores are slow; what is wrong stays wrong
VIEWPORT = {"width": 1280, "height": 720}
# A run that any machine finishes in a minute or so; the numbers it reaches mean nothing.
QUICK_SPEC: dict[str, Any] = {
    "architecture": "hf",
    "transfer": {"first": False, "second": False},
    "augmentation": {"policy": "none"},
    "epochs": 2,
    "batch_size": 16,
    "seed": 3,
}


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    if chromium.executable() is None:
        absent("no Chromium on PATH (Debian: apt install chromium fonts-noto-cjk)")
    if not (ROOT / "frontend" / "dist" / "index.html").exists():
        absent("the browser app is not built (make prepare)")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def house(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Every process of ``make run``, without the demonstration."""
    house = House(tmp_path_factory.mktemp("house") / "home").start()
    yield house
    house.stop()


@pytest.fixture(scope="package")
def api(playwright: Playwright, house: House) -> Callable[[str], Api]:
    """``api("researcher")``: the public API as that user."""
    doors: dict[str, Api] = {}

    def door(user: str) -> Api:
        if user not in doors:
            doors[user] = Api(playwright, house.url, user)
        return doors[user]

    return door


@pytest.fixture(scope="package")
def hospital(api: Callable[[str], Api], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifteen labelled patients, taken in through the API as any others; the folder that they came from."""
    out = tmp_path_factory.mktemp("cohort")
    api("researcher").upload(simulated_cohort(out))
    api("annotator").import_stages(out / "stages.csv", SITE)
    return out


@pytest.fixture(scope="package")
def dataset(hospital: Path, api: Callable[[str], Api]) -> str:
    return api("researcher").freeze("For tests")


@pytest.fixture(scope="package")
def champion(dataset: str, api: Callable[[str], Api]) -> str:
    """A finished run whose model stages patients; the run's id."""
    researcher = api("researcher")
    run = researcher.launch("First of the tests", dataset, QUICK_SPEC)
    researcher.wait_for_job(run["job"]["id"], seconds=420)
    model = researcher.get(f"runs/{run['id']}/")["model"]
    researcher.post(f"models/{model}/promote/", {"alias": "champion"})
    return str(run["id"])


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = chromium.launch(playwright)
    yield started
    started.close()


@dataclass
class Complaints:
    """What the browser objected to while a test ran."""

    lines: list[str] = field(default_factory=list)

    # A refusal that a test provokes is an answer, not a fault of the page; so is a line that it cuts.
    EXPECTED = re.compile(
        r"the server responded with a status of 4\d\d|WebSocket connection to|net::ERR_(FAILED|CONNECTION_)"
    )

    def listen(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.lines.append(f"error: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not self.EXPECTED.search(message.text):
            self.lines.append(f"console: {message.text}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keeps the outcome of the test itself for the fixtures that are torn down after it."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def open_as(request: pytest.FixtureRequest, house: House, browser: Browser) -> Iterator[Callable[..., Page]]:
    """``open_as("clinician")``: a page of a browser of its own with that user signed in.

    Fails the test when a page wrote an error to the console, one about the content security policy too.
    """
    contexts: list[BrowserContext] = []
    complaints = Complaints()

    def opened(user: str, *, scheme: str = "light", locale: str = "en-GB") -> Page:
        context = browser.new_context(
            base_url=house.url,
            viewport=VIEWPORT,
            color_scheme=scheme,  # type: ignore[arg-type]
            locale=locale,
            reduced_motion="reduce",
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        complaints.listen(page)
        SignIn(page).sign_in(user)
        return page

    yield opened
    for number, context in enumerate(contexts):
        if request.node.stash.get(FAILED, False):
            RESULTS.mkdir(exist_ok=True)
            context.pages[0].screenshot(path=RESULTS / f"{request.node.name}-{number}.png")
        context.close()
    assert not complaints.lines, "\n".join(complaints.lines)


@pytest.fixture
def strangers(tmp_path: Path) -> list[Path]:
    """One exam that the simulation did not make any training set from."""
    return strangers_exam(tmp_path / "stranger")
