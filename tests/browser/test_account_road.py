"""An administrator lets somebody in, who chooses a password and sets up a second factor."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.house import House

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(600)]
PASSWORD = "a-long-enough-one"


def code_of(key: str, ahead: int = 0) -> str:
    """RFC 6238, as an authenticator app computes it."""
    counter = struct.pack(">Q", int(time.time()) // 30 + ahead)
    digest = hmac.new(base64.b32decode(key), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def sign_in(page: Page, name: str) -> None:
    page.goto("/signin")
    page.locator("input[autocomplete=username]").fill(name)
    page.locator("input[autocomplete=current-password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()


def test_a_new_person_comes_in_with_a_second_factor(
    open_as: Callable[..., Page], house: House, browser: Browser
) -> None:
    name = f"li-{int(time.time())}"
    admin = open_as("administrator")
    admin.goto("/people")
    admin.get_by_role("button", name="Add a person").click()
    admin.get_by_label("User name").fill(name)
    admin.get_by_role("dialog").get_by_role("button", name="Save").click()
    link = admin.get_by_test_id("invitation").inner_text()

    context = browser.new_context(base_url=house.url, locale="en-GB", reduced_motion="reduce")
    page = context.new_page()
    page.goto(link)
    boxes = page.locator("input[autocomplete=new-password]")
    expect(boxes.first).to_be_visible()
    for box in boxes.all():
        box.fill(PASSWORD)
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("link", name="Go to sign-in")).to_be_visible()
    sign_in(page, name)
    expect(page.locator("nav").first).to_be_visible()

    page.goto("/account")
    page.get_by_role("button", name="Set up").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("input").first.fill(PASSWORD)
    dialog.get_by_role("button", name="Set up").click()
    key = page.get_by_test_id("totp-key").inner_text()
    page.locator("input[autocomplete=one-time-code]").fill(code_of(key, -1))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_test_id("recovery-codes").locator("code")).to_have_count(10)

    context.clear_cookies()
    sign_in(page, name)
    code = page.locator("input[autocomplete=one-time-code]")
    expect(code).to_be_visible()
    code.fill(code_of(key))
    page.locator("button[type=submit]").click()
    expect(page.locator("nav").first).to_be_visible()
    context.close()


def test_the_storage_is_checked_from_the_system_page(open_as: Callable[..., Page]) -> None:
    page = open_as("administrator")
    page.goto("/system")
    expect(page.get_by_test_id("workers").locator("tbody tr")).to_have_count(3)
    expect(page.get_by_test_id("holdings")).to_contain_text(re.compile(r"On this disk\s*[0-9]"))
    page.get_by_role("button", name="Check the storage").click()
    expect(page.get_by_test_id("storage-report").first).to_have_attribute("data-fine", "true", timeout=60_000)
