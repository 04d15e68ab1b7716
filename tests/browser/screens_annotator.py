"""Screenshots of the annotator's guide: the queue, an outline, a blind read, agreement, the cohort."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.api import Api
from tests.browser.screens_clinician import Taker

READ_TWICE = 12  # exams of the demonstration
LIVER = [
    [0.30, 0.28],
    [0.62, 0.26],
    [0.72, 0.44],
    [0.58, 0.66],
    [0.36, 0.62],
]  # shares of the ultrasound region


def prepare(annotator: Api, researcher: Api, second: Api) -> str:
    """Exams to read, some read by both, and the image of a drawn outline; its id.

    A second call finds them in place.
    """
    mine, other = annotator.get("me/")["id"], second.get("me/")["id"]
    if not annotator.get("read-assignments/queue/?kind=quality")["rows"]:
        for kind in ("quality", "stage"):
            researcher.post(
                "read-assignments/",
                {"kind": kind, "readers": [mine, other], "limit": READ_TWICE},
            )
        both_read(annotator, second)
    image = annotator.get("images/?band=HF")["results"][0]
    if not annotator.get(f"outlines/?image={image['id']}")["results"]:
        box = image["regions"][0]
        width, height = box["x1"] - box["x0"], box["y1"] - box["y0"]
        polygon = [[box["x0"] + x * width, box["y0"] + y * height] for x, y in LIVER]
        body = {"image": image["id"], "polygons": [polygon], "made_from": 0, "final": True}
        annotator.post("outlines/", body)
    return str(image["id"])


def both_read(first: Api, second: Api) -> None:
    """Half of the exams, of both kinds; the two differ on one of each kind, and settle neither."""
    quality, stage = ("acceptable", "acceptable", "limited"), ("S1", "S3", "S4")
    for kind, answers in (("quality", quality), ("stage", stage)):
        rows = first.get(f"read-assignments/queue/?kind={kind}")["rows"][: READ_TWICE // 2]
        for number, row in enumerate(rows):
            for door in (first, second):
                said = answers[(number + (door is second and number == 1)) % len(answers)]
                body = {"exam": row["exam"]["id"], kind: said}
                if said == "limited":
                    body["reasons"] = ["shadow"]
                door.post(f"{kind}-reads/", body)


def take(photographer: Taker, image: str) -> None:
    """``image`` has a final outline."""
    for locale, ending in (("en-GB", ""), ("zh-CN", "-zh")):
        page = photographer.page("annotator", locale=locale)
        page.goto("/reading")
        expect(page.get_by_test_id("outline-lists")).to_be_visible()
        photographer.take(page, f"reading{ending}", height=1500)
        page.goto(f"/reading/outline/{image}")
        expect(page.get_by_test_id("outline-editor")).to_have_attribute("data-ready", "true")
        photographer.take(page, f"outline{ending}", height=800)
        page.goto("/reading/read?kind=quality")
        expect(page.locator("[data-testid=frame-canvas]").first).to_be_visible()
        photographer.take(page, f"read{ending}", height=800)
        page.goto("/reading/agreement?kind=stage")
        expect(page.get_by_test_id("compared")).to_be_visible()
        photographer.take(page, f"agreement-stage{ending}", height=1100, figures=1)
        page.goto("/cohort?step=assessed")
        expect(page.get_by_test_id("cohort-step")).to_be_visible()
        photographer.take(page, f"cohort{ending}", height=1500)
