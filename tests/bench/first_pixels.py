"""Milliseconds from opening a case to its pixels: ``python -m tests.bench first_pixels``.

A house of its own with every process of ``make run`` and a real Chromium (headless, WebGL by the processor,
1280×720). Counted is from the start of the navigation, or from the click, until both pictures of the case are
drawn: each viewer names the frame that it drew, and two frames of the browser have passed since. Server and
workers are warm; four roads, ``--times`` times each, median and 95th percentile:

- ``cold``: a browser that has nothing of ours but the session's cookie; a case that the server has shown.
- ``warm``: the app is in the browser's cache, the case's pictures are not; the address is opened.
- ``again``: the same address once more.
- ``click``: a case that nobody has opened, from the worklist, in the running app.

``--steps`` adds what one warm opening spends its time on, from the browser's own timings.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.browser import chromium
from tests.browser.api import Api
from tests.browser.cohort import simulated_cohort
from tests.browser.house import House
from tests.browser.pages import SignIn

VIEWPORT = {"width": 1280, "height": 720}
GIVE_UP_MS = 30_000
PANES = "section[data-band] [data-testid=viewer]"
# Writes the moment at which both pictures were on the screen, in milliseconds since the navigation began.
WATCH = f"""
window.__watch = () => {{
  window.__drawn = 0;
  const looked = () => {{
    const panes = [...document.querySelectorAll('{PANES}')];
    if (panes.length !== 2 || panes.some((pane) => !pane.dataset.frame)) return requestAnimationFrame(looked);
    requestAnimationFrame(() => requestAnimationFrame(() => {{ window.__drawn = performance.now(); }}));
  }};
  requestAnimationFrame(looked);
}};
window.addEventListener('click', () => {{ window.__clicked = performance.now(); }}, true);
window.__watch();
"""
STEPS = """() => performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
  .map((one) => ({name: one.name.replace(location.origin, ''), from: one.startTime, to: one.responseEnd,
                  waited: one.responseStart - one.requestStart, bytes: one.transferSize}))
  .sort((a, b) => a.from - b.from)"""


def main(argv: list[str]) -> int:
    options = argparse.ArgumentParser(prog="python -m tests.bench first_pixels")
    options.add_argument("--times", type=int, default=15)
    options.add_argument("--steps", action="store_true", help="what one warm opening is spent on")
    options.add_argument("--url", help="a running house instead, with its HEPASTAGE_DEMO_PASSWORD")
    chosen = options.parse_args(argv)
    if chromium.executable() is None:
        print("No Chromium on PATH: apt install chromium", file=sys.stderr)
        return 1
    with sync_playwright() as playwright, ExitStack() as open_:
        url = chosen.url or open_.enter_context(small_house(playwright))
        browser = chromium.launch(playwright)
        open_.callback(browser.close)
        found = Api(playwright, url, "administrator").get("exams/?has_pair=yes&page_size=50")["results"]
        for line in measured(browser, url, [row["id"] for row in found], chosen.times):
            print(json.dumps({"bench": "first_pixels"} | line), flush=True)
        if chosen.steps:
            for line in steps(browser, url, found[0]["id"]):
                print(json.dumps({"bench": "first_pixels", "what": "step"} | line), flush=True)
    return 0


@contextmanager
def small_house(playwright: Playwright) -> Iterator[str]:
    """The address of a house with fifteen patients, which ends with the block."""
    with tempfile.TemporaryDirectory(prefix="hepastage-bench-") as folder:
        house = House(Path(folder) / "home").start()
        try:
            Api(playwright, house.url, "administrator").upload(simulated_cohort(Path(folder) / "cohort"))
            yield house.url
        finally:
            house.stop()


def measured(browser: Browser, url: str, exams: list[str], times: int) -> Iterator[dict[str, Any]]:
    """Each road in turn; the cases that nobody has opened come first."""
    page = signed_in(browser, url)
    page.goto(f"/cases/{exams[0]}")
    drawn(page)  # the server's first page of all is nobody's case
    yield told(
        "click", [clicked(page, exam) for exam in islice(cycle(exams[1:]), min(times, len(exams) - 1))]
    )
    page.context.close()
    page = signed_in(browser, url)
    page.goto(f"/cases/{exams[0]}")
    drawn(page)
    yield told("warm", [opened(page, exam) for exam in exams[1 : times + 1]])
    yield told("again", [opened(page, exam) for exam in exams[1 : times + 1]])
    pictures(page)
    state = page.context.storage_state()
    page.context.close()
    cold = []
    for exam in islice(cycle(exams), times):
        context = new_context(browser, url, storage_state=state)
        cold.append(opened(context.new_page(), exam))
        context.close()
    yield told("cold", cold)


def steps(browser: Browser, url: str, exam: str) -> Iterator[dict[str, Any]]:
    """The requests of one warm opening: when each began and ended, waited for the server, and its bytes."""
    page = signed_in(browser, url)
    page.goto("/worklist")
    page.wait_for_load_state("networkidle")
    page.goto(f"/cases/{exam}")
    total = drawn(page)
    for row in page.evaluate(STEPS):
        yield {key: round(value) if isinstance(value, float) else value for key, value in row.items()}
    yield {"name": "both drawn", "to": round(total)}


def new_context(browser: Browser, url: str, **more: Any) -> BrowserContext:
    context = browser.new_context(base_url=url, viewport=VIEWPORT, locale="en-GB", **more)  # type: ignore[arg-type]
    context.add_init_script(WATCH)
    return context


def signed_in(browser: Browser, url: str) -> Page:
    page = new_context(browser, url).new_page()
    SignIn(page).sign_in("administrator")
    return page


def drawn(page: Page) -> float:
    page.wait_for_function("() => window.__drawn > 0", timeout=GIVE_UP_MS)
    return float(page.evaluate("window.__drawn"))


def opened(page: Page, exam: str) -> float:
    page.goto(f"/cases/{exam}", wait_until="commit")
    took = drawn(page)
    page.wait_for_load_state("networkidle")  # the next one is not to wait for this one's sockets and lists
    return took


def clicked(page: Page, exam: str) -> float:
    """From the worklist; only the click is counted, though the pointer's coming begins the work."""
    page.goto("/worklist?pair=yes")
    link = page.locator(f"[data-testid=worklist] a[href='/cases/{exam}']").first
    link.wait_for()
    page.wait_for_load_state("networkidle")
    page.evaluate("window.__watch()")
    link.click(no_wait_after=True)
    return drawn(page) - float(page.evaluate("window.__clicked"))


def pictures(page: Page) -> None:
    """Raise unless both panes really show a picture: more than a few greys, and neither all black."""
    for pane in page.locator(PANES).all():
        with Image.open(io.BytesIO(pane.screenshot())) as shown:
            greys = shown.convert("L").crop(
                (shown.width // 4, shown.height // 4, shown.width * 3 // 4, shown.height * 3 // 4)
            )
        used = sum(1 for count in greys.histogram() if count)
        if used < 32:
            raise RuntimeError(f"A pane shows {used} greys: that is no ultrasound.")


def told(what: str, taken: list[float]) -> dict[str, Any]:
    return {
        "what": what,
        "times": len(taken),
        "median_ms": round(statistics.median(taken)),
        "p95_ms": round(statistics.quantiles(taken, n=20, method="inclusive")[-1]),
        "under_a_second": sum(one < 1000 for one in taken),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
