"""Screenshots of the clinician's guide: a staged case, looked at, reviewed and signed, in both languages."""

from __future__ import annotations

from typing import Protocol

from playwright.sync_api import Page, expect

from tests.browser.pages import Case

CHINESE = "-zh"  # how names of pictures of the Chinese pages end


class Taker(Protocol):
    """What the :class:`tests.browser.screenshots.Photographer` does."""

    def page(self, user: str | None, *, scheme: str = "light", locale: str = "en-GB") -> Page: ...

    def take(self, page: Page, name: str, *, height: int = 760, figures: int = 0) -> None: ...


def take(photographer: Taker, address: str) -> None:
    """``address`` is a staged case that nobody has reviewed yet."""
    page = photographer.page("clinician")
    chinese = photographer.page("clinician", locale="zh-CN")
    case = _open(page, address)
    page.get_by_test_id("attention-panel").get_by_role("button").first.click()
    expect(page.get_by_test_id("attention-caveat")).to_be_visible(timeout=120_000)
    for here, ending in ((page, ""), (chinese, CHINESE)):
        _measured(_open(here, address) if here is chinese else case)
        photographer.take(here, f"case-attention{ending}", height=1100)
    case.pane("LF").get_by_test_id("frame-canvas").focus()
    page.keyboard.press("a")
    case.begin_review().get_by_text("Cannot be staged", exact=True).click()
    case.review.get_by_label("Image quality, artefact or blur").check()
    case.review.get_by_role("textbox", name="Note").fill("The capsule is out of focus.")
    case.review.scroll_into_view_if_needed()
    photographer.take(page, "case-review", height=1500)
    case.review.get_by_role("button", name="Save").click()
    expect(case.review.get_by_role("button", name="Save")).to_be_disabled()
    expect(_open(chinese, address).review).to_be_visible()
    photographer.take(chinese, f"case-review{CHINESE}", height=1500)
    case.sign()
    expect(case.report(1)).to_be_visible()
    case.report(1).get_by_role("button", name="Check").click()
    expect(page.get_by_test_id("verification")).to_be_visible()
    photographer.take(page, "case-signed", height=1500)
    _open(chinese, address)
    photographer.take(chinese, f"case-signed{CHINESE}", height=1500)
    for here, ending in ((page, ""), (chinese, CHINESE)):
        here.goto("/worklist?review=signed")
        photographer.take(here, f"worklist-signed{ending}")
        here.goto("/patients?stage=S4")
        photographer.take(here, f"patients{ending}")
        here.locator("[data-testid=patients] tbody a").first.click()
        expect(here.get_by_test_id("timeline")).to_be_visible()
        photographer.take(here, f"patient{ending}", height=860)


def _open(page: Page, address: str) -> Case:
    page.goto(address)
    case = Case(page)
    case.wait_for_pictures()
    return case


def _measured(case: Case) -> None:
    case.pane("LF").get_by_test_id("frame-canvas").focus()
    case.page.keyboard.press("m")
    case.measure("LF", (0.42, 0.35), (0.56, 0.62))
