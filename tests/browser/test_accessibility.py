"""axe finds nothing on any page, in both schemes; pages speak the chosen language; keys reach everything."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.api import Api
from tests.browser.house import ROOT
from tests.conftest import absent
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(900)]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def addresses(api: Callable[[str], Api], champion: str) -> dict[str, str]:
    """Every page with something on it; an administrator may see them all."""
    door = api("administrator")
    exam = door.get("exams/?has_pair=yes")["results"][0]["id"]
    image = door.get(f"images/?exam={exam}")["results"][0]["id"]
    run = door.get(f"runs/{champion}/")
    return {
        "home": "/",
        "upload": "/upload",
        "uploaded": f"/upload?upload={door.get('uploads/')['results'][-1]['id']}",
        "worklist": "/worklist",
        "reading": "/reading",
        "quarantine": "/quarantine",
        "cohort": "/cohort?step=assessed",
        "patients": "/patients",
        "patient": f"/patients/{door.get(f'exams/{exam}/')['patient']['id']}",
        "read": "/reading/read",
        "agreement": "/reading/agreement",
        "outline": f"/reading/outline/{image}",
        "case": f"/cases/{exam}",
        "datasets": "/datasets",
        "dataset": f"/datasets/{run['dataset']}",
        "runs": "/runs",
        "launch": "/runs/new",
        "run": f"/runs/{champion}",
        "compare": f"/compare?ids={champion},{champion}",
        "experiments": "/experiments",
        "experiment": "/experiments/new",
        "segmenters": "/segmenters",
        "models": "/models",
        "model": f"/models/{run['model']}",
        "jobs": "/jobs",
        "job": f"/jobs/{run['job']['id']}",
        "audit": "/audit",
        "account": "/account",
        "people": "/people",
        "system": "/system",
        "nowhere": "/no/such/page",
    }


SETTLED = """() => Promise.all(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
    .map((one) => one.finished.catch(() => undefined)))"""


def complaints(page: Page) -> list[str]:
    """What axe finds, once nothing on the page is fading any more."""
    page.evaluate(SETTLED)
    page.evaluate(AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "(tags) => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })"
        ".then((result) => result.violations)",
        RULES,
    )
    return [
        f"{page.url} {rule['id']} ({rule['impact']}): {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in found
        for node in rule["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    scheme: str, champion: str, api: Callable[[str], Api], open_as: Callable[..., Page]
) -> None:
    if not AXE.exists():
        absent("axe-core is not installed (cd frontend && npm ci)")
    page = open_as("administrator", scheme=scheme)
    found: list[str] = []
    for address in addresses(api, champion).values():
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        expect(page.locator("[data-testid=figure][data-drawn=false]")).to_have_count(0)
        found += complaints(page)
    page.goto("/datasets")
    page.get_by_role("button", name="Freeze a dataset").click()
    expect(page.get_by_test_id("freeze-preview")).to_be_visible()
    found += complaints(page)
    page.context.clear_cookies()
    page.goto("/signin")
    expect(page.locator("button[type=submit]")).to_be_enabled()
    found += complaints(page)
    assert not found, "\n".join(found)


def test_every_page_speaks_chinese(
    champion: str, api: Callable[[str], Api], open_as: Callable[..., Page]
) -> None:
    page = open_as("administrator", locale="zh-CN")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    for name, address in addresses(api, champion).items():
        page.goto(address)
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_be_visible()
        if name not in {"case", "patient", "dataset", "run", "model"}:  # named by a pseudonym or by a person
            expect(heading).to_contain_text(re.compile("[\u4e00-\u9fff]"))
        for item in page.get_by_role("navigation").first.get_by_role("link").all():
            assert re.search("[\u4e00-\u9fff]", item.inner_text()), item.inner_text()


def test_the_language_is_remembered_for_the_next_browser(
    api: Callable[[str], Api], open_as: Callable[..., Page]
) -> None:
    me = api("annotator")
    page = open_as("annotator")
    page.get_by_role("button", name="Language").click()
    try:
        page.get_by_role("menuitem", name="简体中文").click()
        wait_until(lambda: me.get("me/")["language"] == "zh-hans")
        other = open_as("annotator", locale="en-GB")
        expect(other.get_by_role("link", name="工作列表").first).to_be_visible()
        other.get_by_role("button", name="语言").click()
        other.get_by_role("menuitem", name="English").click()
        other.goto("about:blank")  # a page left at once leaves the choice behind
        wait_until(lambda: me.get("me/")["language"] == "en")
    finally:  # every other test of the house reads the language of its browser
        me.patch("me/", {"language": ""})
    expect(open_as("annotator").get_by_role("link", name="Worklist").first).to_be_visible()


def test_the_keyboard_alone_opens_a_case(hospital: Path, open_as: Callable[..., Page]) -> None:
    page = open_as("clinician")
    page.goto("/worklist?pair=yes")
    first = page.locator("[data-testid=worklist] tbody a").first
    expect(first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(20):
        page.keyboard.press("Tab")
        if first.evaluate("(link) => link === document.activeElement"):
            break
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("staging-panel")).to_be_visible()
    expect(page.locator("main")).to_be_focused()


def test_roles_see_what_is_theirs(open_as: Callable[..., Page]) -> None:
    links = {
        "clinician": {"Home", "Upload", "Worklist", "Patients", "Reading", "Models"},
        "annotator": {
            "Home",
            "Upload",
            "Worklist",
            "Patients",
            "Reading",
            "Cohort",
            "Datasets",
            "Segmenters",
            "Models",
        },
        "researcher": {
            "Home",
            "Upload",
            "Worklist",
            "Patients",
            "Reading",
            "Cohort",
            "Datasets",
            "Runs",
            "Experiments",
            "Compare",
            "Segmenters",
            "Models",
            "Jobs",
        },
    }
    for role, expected in links.items():
        page = open_as(role)
        found = {link.inner_text() for link in page.get_by_role("navigation").first.get_by_role("link").all()}
        assert found == expected, role


def test_someone_signed_out_comes_back_to_the_page_asked_for(open_as: Callable[..., Page]) -> None:
    from tests.browser.pages import PASSWORD

    page = open_as("clinician")
    page.context.clear_cookies()
    page.goto("/worklist?staged=no")
    page.wait_for_url(re.compile("/signin"))
    page.locator("input[autocomplete=username]").fill("clinician")
    page.locator("input[autocomplete=current-password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.wait_for_url(re.compile(r"/worklist\?staged=no"))


def test_a_session_that_ends_meanwhile_leads_to_signing_in(open_as: Callable[..., Page]) -> None:
    page = open_as("clinician")
    page.context.clear_cookies()
    page.get_by_role("link", name="Models").click()
    page.wait_for_url(re.compile(r"/signin\?next=.*models"))
    expect(page.locator("button[type=submit]")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
