"""The browser: Debian's Chromium, headless, with WebGL2 drawn by the processor."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage", "--use-gl=angle", "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]  # fmt: skip


def executable() -> str | None:
    """Path of a Chromium on this machine, or ``None``."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def launch(playwright: Playwright) -> Browser:
    """A started browser; whoever asked for it closes it."""
    return playwright.chromium.launch(executable_path=executable(), headless=True, args=ARGUMENTS)
