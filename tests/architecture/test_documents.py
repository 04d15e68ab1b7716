"""Pictures in the documents: all there, none that nobody shows, the same ones in both languages."""

from __future__ import annotations

import re

import pytest

PICTURE = re.compile(r"!\[[^]]+\]\(([^)]+[.](?:png|svg|jpg))\)")
GUIDES = ("administrator", "annotator", "clinician", "quarantine", "researcher")


def test_every_picture_shown_is_there_and_every_screenshot_is_shown(root):
    shown = set()
    for page in [root / "README.md", *(root / "docs").rglob("*.md")]:
        for address in PICTURE.findall(page.read_text("utf-8")):
            picture = (page.parent / address).resolve()
            assert picture.is_file(), f"{page.name} shows {address}, which is not there"
            shown.add(picture.name)
    screens = {path.name for path in (root / "docs" / "images" / "screens").iterdir()}
    assert screens - shown == set()


@pytest.mark.parametrize("guide", GUIDES)
def test_a_chinese_guide_shows_the_chinese_page_of_each_picture(root, guide):
    folder = root / "docs" / "guide"
    english, chinese = (
        PICTURE.findall((folder / f"{guide}.{language}.md").read_text("utf-8")) for language in ("en", "zh")
    )
    dark = {"../images/screens/case-dark.png": "../images/screens/case.png"}
    assert sorted(chinese) == sorted(dark.get(one, one).replace(".png", "-zh.png") for one in english)
