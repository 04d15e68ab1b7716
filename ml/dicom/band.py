"""Was this picture made with a high-frequency linear or a low-frequency convex probe (paper §2)?

Five cues vote, each with a weight between 0 and 1 that says how far it alone is to be believed. Votes
for the same band add up as independent evidence, 1 − Π(1 − weight). Where the cues disagree the
confidence falls, and where neither side clearly outweighs the other the answer is ``None``: a
person decides.
"""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass
from typing import Any, Literal

import cv2
import numpy as np

from ml.dicom.codecs import Grey
from ml.dicom.cropping import crop_to_region, picture_mask, tissue_region
from ml.dicom.header import ImageHeader, UltrasoundRegion
from ml.dicom.reading import UltrasoundImage
from ml.spec import Band

Cue = Literal["probe", "frequency", "depth", "geometry", "picture"]

# Paper §2: HF 7.5–10.0 MHz, LF 2.0–5.0 MHz. What lies between is no evidence.
HF_FROM_MHZ, LF_UP_TO_MHZ = 6.5, 5.0
# A linear probe shows the first 3–6 cm, a convex one 10–20 cm of an adult liver.
HF_DEPTH_CM, LF_DEPTH_CM = 6.5, 9.5
MOST_DEPTH_CM = 35.0
ASK_BELOW = (
    0.7  # a confidence from here on needs no person; below, one cue speaks alone or another contradicts
)


@dataclass(frozen=True)
class Evidence:
    """One cue: what was seen, which band it speaks for (``None``: neither), and how strongly."""

    cue: Cue
    value: str
    band: Band | None
    weight: float


@dataclass(frozen=True)
class BandGuess:
    """The band, the confidence in it (0 to 1) and every cue that was looked at."""

    band: Band | None
    confidence: float
    evidence: tuple[Evidence, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def recognise_band(image: UltrasoundImage, frame: Grey | None = None) -> BandGuess:
    """Weigh probe name, frequency, depth, geometry and speckle. ``frame`` spares decoding it again."""
    if frame is None:
        frame = image.frame(image.header.frame_count // 2)
    return weigh(evidence_of(image.header, frame))


def evidence_of(header: ImageHeader, frame: Grey) -> tuple[Evidence, ...]:
    """Every cue that the header and one frame offer."""
    cues = [probe_evidence(header.probe), frequency_evidence(header.frequency_khz), depth_evidence(header)]
    cues += picture_evidence(header, frame)
    return tuple(cue for cue in cues if cue is not None)


def weigh(evidence: tuple[Evidence, ...]) -> BandGuess:
    """Combine cues; a confidence below 0.4 is no answer, and below :data:`ASK_BELOW` a person is asked."""
    votes = {band: 1 - math.prod(1 - cue.weight for cue in evidence if cue.band is band) for band in Band}
    winner = max(Band, key=lambda band: votes[band])
    loser = Band.LF if winner is Band.HF else Band.HF
    confidence = votes[winner] * (1 - votes[loser])
    if confidence < 0.4:
        return BandGuess(None, round(confidence, 3), evidence)
    return BandGuess(winner, round(confidence, 3), evidence)


# Vendors spell shape and frequencies as in L12-5, L12_5, C5-1, C1-5-D, SC6-1, SL15-4, LA3-14A, 9L-D, 12L,
# 3.5C, 6C1 HD, 14L5, 3C5A, 7L4A, PVT-375BT, PLT-1005BT, EUP-C715, CA541, LA523.
_LINEAR = r"(?:SL|ML|LA|PLT|PLU|EUP-?L|VF|L)"
_CONVEX = r"(?:SC|CA|PVT|PVU|EUP-?C|AC|CH|CL|C)"
_NUMBER = r"(\d{1,2}(?:\.\d)?)"
_SHAPE_FIRST = re.compile(rf"^({_LINEAR}|{_CONVEX})[ -]?(\d{{1,4}}(?:\.\d)?)(?:[-/ ]{_NUMBER})?")
_NUMBER_FIRST = re.compile(rf"^{_NUMBER}(L|C)(?:{_NUMBER}|\b|[A-Z]|-)")
_RANGE_ONLY = re.compile(rf"{_NUMBER}\s*-\s*{_NUMBER}\s*(?:MHZ)?")
_OTHER_SHAPES = re.compile(
    r"^(?:IC|EC|EV|BE|TV|V|S|P|X|PH|PST|TEE|RE|RAB|E)\d|ENDO|CAVIT|VAGIN|RECT|TEE|PHASED|SECTOR"
)


def probe_evidence(name: str) -> Evidence | None:
    """What the probe's name says; ``None`` when it has no name.

    >>> [probe_evidence(name).band for name in ("L12-5", "6C1 HD", "3.5C", "12L")]
    [<Band.HF: 'HF'>, <Band.LF: 'LF'>, <Band.LF: 'LF'>, <Band.HF: 'HF'>]
    """
    plain = re.sub(r"\s+", " ", name.strip().upper().replace("_", "-"))
    if not plain:
        return None
    if "LINEAR" in plain:
        return Evidence("probe", name, Band.HF, 0.9)
    if "CONVEX" in plain or "CURVED" in plain or "CURVILINEAR" in plain:
        return Evidence("probe", name, Band.LF, 0.9)
    if _OTHER_SHAPES.search(plain):
        return Evidence("probe", name, None, 0.0)
    shape, megahertz = _spelled(plain)
    if shape is None and megahertz is None:
        return Evidence("probe", name, None, 0.0)
    by_frequency = _band_at(megahertz)
    if shape is None:
        return Evidence("probe", name, by_frequency, 0.6 if by_frequency else 0.0)
    if by_frequency is not None and by_frequency is not shape:  # a low linear or a high convex probe
        return Evidence("probe", name, shape, 0.5)
    return Evidence("probe", name, shape, 0.9)


def _spelled(plain: str) -> tuple[Band | None, float | None]:
    """Shape and middle frequency (MHz) as the name spells them."""
    match = _SHAPE_FIRST.match(plain)
    if match:
        shape = Band.LF if re.fullmatch(_CONVEX, match[1]) else Band.HF
        numbers = [float(number) for number in (match[2], match[3]) if number]
        plausible = [number for number in numbers if 1 <= number <= 25]  # 715 or 375 are order numbers
        return shape, sum(plausible) / len(plausible) if plausible else None
    match = _NUMBER_FIRST.match(plain)
    if match:
        numbers = [float(number) for number in (match[1], match[3]) if number]
        return Band.HF if match[2] == "L" else Band.LF, sum(numbers) / len(numbers)
    match = _RANGE_ONLY.search(plain)
    if match:
        return None, (float(match[1]) + float(match[2])) / 2
    return None, None


def frequency_evidence(value: float | None) -> Evidence | None:
    """TransducerFrequency. The standard says kHz; some writers give MHz or Hz."""
    if value is None or value <= 0:
        return None
    megahertz = value if value < 50 else value / 1e3 if value < 5e4 else value / 1e6
    band = _band_at(megahertz)
    return Evidence("frequency", f"{megahertz:.1f} MHz", band, 0.8 if band else 0.0)


def _band_at(megahertz: float | None) -> Band | None:
    if megahertz is None or not 1 <= megahertz <= 40:
        return None
    return Band.HF if megahertz >= HF_FROM_MHZ else Band.LF if megahertz <= LF_UP_TO_MHZ else None


def depth_evidence(header: ImageHeader) -> Evidence | None:
    """How deep the picture goes, from DepthOfScanField or the height of the region in centimetres."""
    region = tissue_region(header)
    depth = header.depth_cm or _region_depth(region)
    if depth is None or not 0.5 <= depth <= MOST_DEPTH_CM:
        return None
    band = Band.HF if depth <= HF_DEPTH_CM else Band.LF if depth >= LF_DEPTH_CM else None
    return Evidence("depth", f"{depth:.1f} cm", band, 0.6 if band else 0.0)


def _region_depth(region: UltrasoundRegion | None) -> float | None:
    if region is None or not region.delta_y_cm or region.outside:
        return None
    return (region.y1 - region.y0) * region.delta_y_cm


def picture_evidence(header: ImageHeader, frame: Grey) -> list[Evidence]:
    """The outline of the picture (sector or rectangle) and, where the scale is known, its speckle."""
    crop, _ = crop_to_region(frame, header)
    step = 2 if min(crop.shape) >= 400 else 1
    mask = picture_mask(crop[::step, ::step])
    if mask is None:
        return []
    found = [_outline(mask)]
    region = tissue_region(header)
    depth = _region_depth(region)
    if depth is not None and 0.5 <= depth <= MOST_DEPTH_CM:  # else the scale is wrong, and so is the length
        grain = speckle_length(crop, mask, step)
        if grain is not None:
            found.append(_speckle(10 * grain * depth / crop.shape[0]))
    return found


def _outline(mask: np.ndarray) -> Evidence:
    """A sector widens with depth and leaves the corners of its box empty; a linear picture fills it."""
    x, y, width, height = cv2.boundingRect(mask)
    inside = mask[y : y + height, x : x + width] > 0
    widths = inside.sum(axis=1) / width
    filled, top = float(inside.mean()), float(widths[: max(1, height // 6)].mean())
    if filled >= 0.88 and top >= 0.85:
        return Evidence("geometry", "rectangle", Band.HF, 0.5)
    if filled <= 0.82 and top <= 0.72:
        return Evidence("geometry", "sector", Band.LF, 0.6)
    return Evidence("geometry", "unclear", None, 0.0)


def speckle_length(crop: Grey, mask: np.ndarray, step: int) -> float | None:
    """Pixels over which speckle stays alike along depth (half width of the autocorrelation)."""
    height, width = crop.shape
    x, y, box_width, box_height = (step * value for value in cv2.boundingRect(mask))
    top, left = y + box_height // 3, x + box_width // 4
    patch = crop[top : min(top + box_height // 3, height), left : min(left + box_width // 2, width)].astype(
        np.float32
    )
    if min(patch.shape) < 32 or float(patch.std()) < 2:
        return None
    detail = patch - cv2.GaussianBlur(patch, (0, 0), 8)
    energy = float((detail * detail).mean())
    previous = 1.0
    for lag in range(1, 24):
        alike = float((detail[lag:] * detail[:-lag]).mean()) / energy
        if alike < 0.5:
            return lag - 1 + (previous - 0.5) / (previous - alike)
        previous = alike
    return None


def _speckle(millimetres: float) -> Evidence:
    band = Band.HF if millimetres <= 0.2 else Band.LF if millimetres >= 0.35 else None
    return Evidence("picture", f"speckle {millimetres:.2f} mm", band, 0.3 if band else 0.0)
