"""Screenshots of the researcher's guide: from the frozen dataset to the registry, in both languages."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.screens_clinician import CHINESE, Taker

FREEZE = re.compile("Freeze a dataset|冻结数据集")


def visits(first: str, second: str, dataset: str) -> list[tuple[str, str, int, int]]:
    """Name, address, height of the window and figures to wait for."""
    return [
        ("dataset", f"/datasets/{dataset}", 1180, 0),
        ("launch", f"/runs/new?dataset={dataset}", 940, 0),
        ("run", f"/runs/{first}", 1500, 2),
        ("compare", f"/compare?ids={first},{second}", 1900, 2),
        ("experiment-new", "/experiments/new", 1000, 0),
        ("segmenters", "/segmenters", 760, 0),
        ("models", "/models", 760, 0),
    ]


def take(photographer: Taker, first: str, second: str, dataset: str) -> dict[str, Page]:
    """Both languages; the pages are returned for what comes after, by the ending of their pictures."""
    pages = {}
    for locale, ending in (("zh-CN", CHINESE), ("en-GB", "")):
        page = pages[ending] = photographer.page("researcher", locale=locale)
        for name, address, height, figures in visits(first, second, dataset):
            page.set_viewport_size({"width": 1280, "height": height})
            page.goto(address)
            photographer.take(page, f"{name}{ending}", height=height, figures=figures)
        page.locator("[data-testid=models] a").first.click()
        expect(page.get_by_test_id("model-card")).to_be_visible()
        photographer.take(page, f"model{ending}", height=1200)
        page.goto("/datasets")
        page.locator("main").get_by_role("button", name=FREEZE).first.click()
        expect(page.get_by_test_id("freeze-preview")).to_be_visible()
        photographer.take(page, f"freeze{ending}", height=1100)
    return pages
