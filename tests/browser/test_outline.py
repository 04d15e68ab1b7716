"""Outlines in the browser: strokes outlive a reload without a connection, and no tab overwrites another."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.api import Api

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(600)]
SAVES = re.compile(r"/api/v1/outlines/$")
READS = re.compile(r"/api/v1/outlines/\?")


class Editor:
    """The outline editor as a person uses it. Places are shares of the picture's width and height."""

    def __init__(self, page: Page, image: str) -> None:
        self.page = page
        self.image = image

    def open(self) -> Editor:
        self.page.goto(f"/reading/outline/{self.image}")
        expect(self.canvas).to_have_attribute("data-ready", "true")
        return self

    @property
    def canvas(self):
        return self.page.get_by_test_id("outline-editor")

    @property
    def polygons(self):
        return self.page.get_by_test_id("outline-overlay").get_by_test_id("outline-polygon")

    def tool(self, name: str) -> None:
        self.page.locator(f"[data-tool-button={name}]").click()
        expect(self.page.get_by_test_id("outline-overlay")).to_have_attribute("data-tool", name)

    def at(self, x: float, y: float) -> tuple[float, float]:
        box = self.canvas.bounding_box()
        assert box is not None
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def drag(self, *places: tuple[float, float]) -> None:
        first, *rest = places
        self.page.mouse.move(*self.at(*first))
        self.page.mouse.down()
        for place in rest:
            self.page.mouse.move(*self.at(*place), steps=4)
        self.page.mouse.up()

    def click(self, *places: tuple[float, float]) -> None:
        for place in places:
            self.page.mouse.click(*self.at(*place))

    def expect_phase(self, phase: str) -> None:
        expect(self.canvas).to_have_attribute("data-phase", phase)


@pytest.fixture
def image(hospital: Path, api: Callable[[str], Api]) -> str:
    """An LF image that nobody has outlined."""
    door = api("annotator")
    images = (
        row["id"]
        for exam in door.get("exams/?has_pair=yes")["results"]
        for row in door.get(f"images/?exam={exam['id']}")["results"]
        if row["band"] == "LF"
    )
    return str(next(pk for pk in images if not door.get(f"outlines/?image={pk}")["results"]))


def saved(api: Callable[[str], Api], image: str) -> dict:
    (outline,) = api("annotator").get(f"outlines/?image={image}")["results"]
    return outline


def test_strokes_outlive_a_reload_without_a_connection(
    image: str, api: Callable[[str], Api], open_as: Callable[..., Page]
) -> None:
    page = open_as("annotator")
    editor = Editor(page, image).open()
    editor.tool("box")
    editor.drag((0.4, 0.3), (0.6, 0.6))
    expect(editor.polygons).to_have_count(1)
    editor.expect_phase("saved")
    assert len(saved(api, image)["polygons"]) == 1

    page.route(SAVES, lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    editor.tool("brush")
    editor.drag((0.42, 0.7), (0.5, 0.75), (0.58, 0.7))
    editor.tool("polygon")
    editor.click((0.3, 0.3), (0.34, 0.3))
    editor.expect_phase("offline")
    drawn = [editor.polygons.nth(n).get_attribute("points") for n in range(editor.polygons.count())]
    page.reload()
    expect(editor.canvas).to_have_attribute("data-ready", "true")
    expect(page.get_by_test_id("outline-open")).to_have_attribute("data-corners", "2")
    again = [editor.polygons.nth(n).get_attribute("points") for n in range(editor.polygons.count())]
    assert again == drawn
    assert len(drawn) >= 2
    editor.expect_phase("offline")
    assert saved(api, image)["revision"] == 1

    page.unroute(SAVES)
    editor.expect_phase("saved")
    assert saved(api, image)["revision"] >= 2
    assert len(saved(api, image)["polygons"]) == len(drawn)


def test_a_second_tab_is_asked_and_overwrites_nothing(
    image: str, api: Callable[[str], Api], open_as: Callable[..., Page]
) -> None:
    first = Editor(open_as("annotator"), image).open()
    tab = first.page.context.new_page()
    second = Editor(tab, image).open()
    # A tab in which nothing is drawn takes over what others save; this one shall not hear of it.
    tab.route(READS, lambda route: route.abort())
    first.tool("box")
    first.drag((0.4, 0.3), (0.6, 0.6))
    first.expect_phase("saved")
    second.tool("box")
    second.drag((0.45, 0.35), (0.5, 0.5))
    second.expect_phase("conflict")
    dialog = tab.get_by_test_id("conflict")
    expect(dialog).to_be_visible()
    assert saved(api, image)["revision"] == 1
    tab.unroute(READS)
    tab.get_by_role("button", name="Save mine").click()
    second.expect_phase("saved")
    assert saved(api, image)["revision"] == 2
    expect(tab.get_by_test_id("revision")).to_have_count(2)


def test_keys_draw_undo_and_finish(
    image: str, api: Callable[[str], Api], open_as: Callable[..., Page]
) -> None:
    page = open_as("annotator")
    editor = Editor(page, image).open()
    page.get_by_test_id("frame-canvas").focus()
    page.keyboard.press("p")
    editor.click((0.4, 0.3), (0.6, 0.3), (0.5, 0.6))
    page.keyboard.press("Enter")
    expect(editor.polygons).to_have_count(1)
    page.keyboard.press("n")
    before = editor.polygons.first.get_attribute("points")
    page.keyboard.press("Alt+ArrowRight")
    expect(editor.polygons.first).not_to_have_attribute("points", before or "")
    page.keyboard.press("Control+z")
    expect(editor.polygons.first).to_have_attribute("points", before or "")
    zoom = page.get_by_test_id("outline-overlay").locator("g").first.get_attribute("transform")
    page.mouse.move(*editor.at(0.5, 0.5))
    page.mouse.wheel(0, -400)
    expect(page.get_by_test_id("outline-overlay").locator("g").first).not_to_have_attribute(
        "transform", zoom or ""
    )
    expect(editor.polygons.first).to_have_attribute("points", before or "")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("revision").first).to_contain_text("Final")
    assert saved(api, image)["state"] == "final"
