"""The browser that the other tests walk with is one that can show our pages."""

from __future__ import annotations

from playwright.sync_api import Browser


def test_it_draws_with_webgl2(browser: Browser) -> None:
    page = browser.new_page()
    assert page.evaluate("document.createElement('canvas').getContext('webgl2') !== null")
    page.close()
