"""What a scanner draws around the ultrasound: names, scales, marks. Identity text stays outside the region.

Three layouts. All of them say SIMULATED in letters that no one can miss.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.simulation.identity import Person
from ml.simulation.picture import Picture, Region
from ml.simulation.scanner import Setting
from ml.spec import Band

Screen = NDArray[np.uint8]
Colour = tuple[int, int, int]
WHITE, GREY, AMBER, CYAN, GREEN = (
    (235, 235, 235),
    (150, 150, 150),
    (240, 180, 60),
    (90, 200, 220),
    (110, 220, 120),
)
WATERMARK = "SIMULATED"


@dataclass(frozen=True)
class Caption:
    """The words of one screen."""

    name: str
    number: str
    birth: str
    hospital: str
    when: str
    preset: str

    @classmethod
    def of(cls, person: Person, when: str) -> Caption:
        return cls(
            person.screen_name,
            person.patient_id,
            person.birth.strftime("%d.%m.%Y"),
            person.hospital,
            when,
            "Liver",
        )

    @classmethod
    def anonymous(cls) -> Caption:
        """For the normals, which belong to nobody."""
        return cls("NORMAL, Simulated", "SIM-NORMAL", "", "Simulated City Hospital", "", "Liver")


def draw_screen(picture: Picture, caption: Caption) -> NDArray[np.uint8]:
    """Frames of whole screens: (n, rows, columns) grey, or (n, rows, columns, 3) RGB for colour vendors."""
    vendor = picture.setting.vendor
    screen = np.zeros((*vendor.screen, 3), np.uint8)
    {"aurora": _aurora, "borealis": _borealis, "cirrus": _cirrus}[vendor.key](screen, picture, caption)
    rows, columns = picture.region.slices
    if not vendor.colour:
        grey = screen.max(axis=2)
        frames = np.repeat(grey[None], len(picture.frames), axis=0)
        frames[:, rows, columns] = picture.frames
        return frames
    frames = np.repeat(screen[None], len(picture.frames), axis=0)
    frames[:, rows, columns] = picture.frames[..., None]
    return frames


def draw_text(
    screen: Screen,
    text: str,
    at: tuple[int, int],
    *,
    size: float = 0.42,
    colour: Colour = WHITE,
    bold: bool = False,
) -> None:
    """``at`` is the left end of the base line."""
    cv2.putText(screen, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, colour, 2 if bold else 1, cv2.LINE_AA)


def _aurora(screen: Screen, picture: Picture, caption: Caption) -> None:
    """Title bar above, parameters left, depth scale right of the region, grey bar at the far right."""
    region, setting = picture.region, picture.setting
    rows, columns = setting.vendor.screen
    screen[:44] = 26
    draw_text(screen, setting.vendor.logo, (8, 29), size=0.6, bold=True)
    draw_text(screen, f"{caption.name}   {caption.number}", (150, 18))
    draw_text(screen, f"{caption.birth}  {caption.hospital}", (150, 36), size=0.36, colour=GREY)
    draw_text(screen, caption.when, (columns - 170, 18), size=0.38)
    draw_text(screen, WATERMARK, (columns - 170, 38), size=0.55, bold=True)
    lines = [
        setting.probe.name,
        f"{setting.vendor.frame_rate:.0f} Hz",
        f"{setting.depth / 10:.1f}cm",
        "2D",
        f"{_frequency(setting)}",
        f"Gn {50 + setting.acquisition.gain * 2:.0f}",
        f"C {setting.acquisition.dynamic_range:.0f}",
        "P Low",
        "HRes",
    ]
    for i, line in enumerate(lines):
        draw_text(screen, line, (6, 86 + 17 * i), size=0.36, colour=GREY)
    draw_text(screen, f"MI {setting.mechanical_index:.1f}  TIS 0.4", (6, rows - 12), size=0.36)
    _depth_scale(screen, region, setting, region.x + region.width + 6, tick=1, numbers=11)
    _grey_bar(screen, columns - 22, 70, 10, 190)
    _tgc_curve(screen, setting, columns - 52, region.y, 22, region.height)
    cv2.circle(screen, (_mark_x(picture), region.y - 8), 5, WHITE, 1, cv2.LINE_AA)


def _borealis(screen: Screen, picture: Picture, caption: Caption) -> None:
    """Colour screen: header with patient left and hospital right, panel at the foot, grey bar at the left."""
    region, setting = picture.region, picture.setting
    rows = setting.vendor.screen[0]
    screen[:62] = (18, 30, 44)
    draw_text(screen, caption.name, (20, 26), size=0.58)
    draw_text(screen, f"ID {caption.number}   *{caption.birth}", (20, 50), size=0.44, colour=CYAN)
    draw_text(screen, caption.hospital, (480, 26), size=0.48)
    draw_text(screen, caption.when, (480, 50), size=0.44, colour=CYAN)
    draw_text(screen, setting.vendor.logo, (840, 30), size=0.7, colour=AMBER, bold=True)
    draw_text(screen, WATERMARK, (840, 55), size=0.6, colour=AMBER, bold=True)
    lines = [
        "B",
        setting.probe.name,
        "Abdomen",
        f"{_frequency(setting)}",
        f"{50 + 2 * setting.acquisition.gain:.0f} dB",
        f"DR {setting.acquisition.dynamic_range:.0f}",
        "SC 1",
        "Map E",
        f"D {setting.depth / 10:.1f} cm",
    ]
    for i, line in enumerate(lines):
        draw_text(screen, line, (60, 110 + 24 * i), size=0.46, colour=CYAN if i else AMBER)
    _grey_bar(screen, 20, 100, 16, 260)
    screen[rows - 74 :] = (14, 22, 32)
    draw_text(
        screen,
        f"MI {setting.mechanical_index:.1f}  TIB 0.5  {setting.vendor.frame_rate:.0f} fps  {caption.preset}",
        (24, rows - 44),
        size=0.5,
    )
    draw_text(screen, f"{WATERMARK} DATA - NOT A PATIENT", (24, rows - 18), size=0.46, colour=AMBER)
    _depth_scale(screen, region, setting, region.x + region.width + 10, tick=-1, numbers=4, colour=CYAN)
    top = region.y - 12
    triangle = np.array(
        [[_mark_x(picture), top], [_mark_x(picture) + 9, top - 8], [_mark_x(picture) - 9, top - 8]], np.int32
    )
    cv2.fillPoly(screen, [triangle], AMBER, cv2.LINE_AA)


def _cirrus(screen: Screen, picture: Picture, caption: Caption) -> None:
    """Side bar at the left, depth scale left of the region, patient at the foot."""
    region, setting = picture.region, picture.setting
    rows = setting.vendor.screen[0]
    screen[:, :138] = 34
    draw_text(screen, setting.vendor.logo, (14, 34), size=0.8, bold=True)
    draw_text(screen, WATERMARK, (10, 62), size=0.55, bold=True)
    lines = [
        caption.preset.upper(),
        setting.probe.name,
        f"F  {_frequency(setting)}",
        f"D  {setting.depth / 10:.1f} cm",
        f"G  {60 + setting.acquisition.gain * 2:.0f} %",
        f"FR {setting.vendor.frame_rate:.0f} Hz",
        f"DR {setting.acquisition.dynamic_range:.0f}",
        f"MI {setting.mechanical_index:.1f}",
        "TIC 0.6",
    ]
    for i, line in enumerate(lines):
        draw_text(screen, line, (12, 104 + 24 * i), size=0.44)
    _grey_bar(screen, 100, 350, 18, 150)
    screen[rows - 50 :, 138:] = 22
    draw_text(screen, f"{caption.name}  {caption.number}", (150, rows - 30))
    draw_text(screen, f"{caption.birth}   {caption.when}", (150, rows - 11), size=0.38, colour=GREY)
    draw_text(screen, caption.hospital, (500, rows - 20), size=0.4)
    draw_text(screen, "CS", (_mark_x(picture) - 6, region.y - 8), size=0.5, colour=GREEN, bold=True)
    _depth_scale(screen, region, setting, region.x - 4, tick=-1, numbers=-28)


def _frequency(setting: Setting) -> str:
    return f"{setting.acquisition.frequency:.1f} MHz"


def _mark_x(picture: Picture) -> int:
    """Column of the probe's orientation mark: left end of the probe's face."""
    region = picture.region
    if picture.band is Band.HF:
        return region.x + 8
    half = np.deg2rad(picture.setting.probe.footprint) / 2
    return int(region.x + region.width / 2 - picture.setting.probe.apex * np.sin(half) / region.pixel_mm)


def _depth_scale(
    screen: Screen,
    region: Region,
    setting: Setting,
    x: int,
    *,
    tick: int,
    numbers: int,
    colour: Colour = GREY,
) -> None:
    """A tick every half (HF) or whole (LF) centimetre, longer ones numbered, and the focus mark.

    ``tick`` is +1 where ticks point right and -1 where they point left; ``numbers`` is how far from
    ``x`` the numbers stand.
    """
    step, numbered = (5, 10) if setting.depth < 80 else (10, 50)
    for depth in range(0, int(setting.depth) + 1, step):
        y = region.y + int((depth - region.top_mm) / region.pixel_mm)
        if y >= region.y + region.height:
            break
        long = depth % numbered == 0
        cv2.line(screen, (x, y), (x + tick * (8 if long else 4), y), colour, 1)
        if long and depth:
            draw_text(screen, str(depth // 10), (x + numbers, y + 4), size=0.34, colour=colour)
    focus = region.y + int((setting.acquisition.focus - region.top_mm) / region.pixel_mm)
    arrow = np.array([[x, focus], [x + tick * 9, focus - 6], [x + tick * 9, focus + 6]], np.int32)
    cv2.fillPoly(screen, [arrow], WHITE, cv2.LINE_AA)


def _grey_bar(screen: Screen, x: int, y: int, width: int, height: int) -> None:
    screen[y : y + height, x : x + width] = np.linspace(255, 0, height).astype(np.uint8)[:, None, None]
    cv2.rectangle(screen, (x - 1, y - 1), (x + width, y + height), GREY, 1)


def _tgc_curve(screen: Screen, setting: Setting, x: int, y: int, width: int, height: int) -> None:
    errors = np.array(setting.acquisition.tgc_error)
    knots = np.linspace(0, 1, errors.size)
    at = np.linspace(0, 1, 40)
    across = x + width * (0.15 + 0.6 * at + 0.06 * np.interp(at, knots, errors))
    points = np.stack([np.clip(across, x, x + width), y + at * (height - 1)], axis=1).astype(np.int32)
    cv2.polylines(screen, [points], isClosed=False, color=GREY, thickness=1, lineType=cv2.LINE_AA)
