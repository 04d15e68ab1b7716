"""HF or LF: what each cue says, and what happens when cues disagree."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ml.dicom import read_ultrasound, recognise_band
from ml.dicom.band import Evidence, frequency_evidence, probe_evidence, weigh
from ml.spec import Band
from tests.ml.dicom import making

HF, LF = Band.HF, Band.LF
LINEAR = "L12-5 L12_5 L9-3 12L 12L-RS 9L-D L15-7io SL15-4 14L5 7L4A PLT-1005BT LA523 LA3-14A EUP-L74M ML6-15"
CONVEX = "C5-1 C5_1 C1-5 C1-5-D C1-6-D C6-2 4C1 3.5C SC6-1 CA1-7A 3C5A PVT-375BT EUP-C715 CA541"
OTHER = "IC5-9 V5-9 S5-1 P4-2 50.80.103.002 X"  # cavities, hearts, order numbers
PROBES: dict[str, Band | None] = {
    **dict.fromkeys([*LINEAR.split(), "Linear 10 MHz"], HF),
    **dict.fromkeys([*CONVEX.split(), "6C1 HD", "Convex"], LF),
    **dict.fromkeys(OTHER.split()),
}


@pytest.mark.parametrize("name", PROBES)
def test_probe_names_of_the_vendors(name: str) -> None:
    evidence = probe_evidence(name)
    assert evidence is not None
    assert evidence.band is PROBES[name]
    assert (evidence.weight > 0) == (PROBES[name] is not None)


@pytest.mark.parametrize(
    ("value", "band"),
    [
        (7500, HF),
        (12000, HF),
        (3500, LF),
        (5000, LF),
        (5700, None),
        (3.5, LF),
        (10, HF),
        (7.5e6, HF),
        (0.2, None),
    ],
)
def test_frequency_in_khz_mhz_or_hz(value: float, band: Band | None) -> None:
    evidence = frequency_evidence(value)
    assert evidence is not None
    assert evidence.band is band


def test_no_frequency_is_no_evidence() -> None:
    assert frequency_evidence(None) is None
    assert frequency_evidence(0) is None
    assert probe_evidence("  ") is None


def sector(rows: int = 400, columns: int = 500) -> np.ndarray:
    mask = np.zeros((rows, columns), np.uint8)
    cv2.ellipse(mask, (columns // 2, -40), (rows + 20, rows + 20), 0, 52, 128, 1, -1)
    cv2.circle(mask, (columns // 2, -40), 90, 0, -1)
    return making.speckle(rows, columns) * mask


def image_of(frame: np.ndarray, **elements: object):
    rows, columns = frame.shape
    delta = elements.pop("delta", 0.012)
    regions = [making.region(0, 0, columns - 1, rows - 1, PhysicalDeltaX=delta, PhysicalDeltaY=delta)]
    return read_ultrasound(making.native([frame], SequenceOfUltrasoundRegions=regions, **elements))


def test_outline_and_depth_alone_tell_linear_from_convex() -> None:
    linear = recognise_band(image_of(making.speckle(400, 320)))
    convex = recognise_band(image_of(sector(), delta=0.04))
    assert (linear.band, convex.band) == (HF, LF)
    assert {"depth", "geometry"} <= {cue.cue for cue in linear.evidence}
    assert min(linear.confidence, convex.confidence) > 0.7


def test_agreeing_cues_raise_the_confidence() -> None:
    without = recognise_band(image_of(making.speckle(400, 320)))
    named = recognise_band(image_of(making.speckle(400, 320), TransducerData=["L12-5", "UNUSED"]))
    assert named.band is HF
    assert named.confidence > without.confidence


def test_a_probe_that_contradicts_the_picture_is_no_answer() -> None:
    guess = recognise_band(image_of(making.speckle(400, 320), TransducerData="C5-1"))
    assert guess.band is None
    assert guess.confidence < 0.4
    assert {cue.band for cue in guess.evidence if cue.weight} == {HF, LF}


def test_one_weak_cue_against_strong_ones_lowers_the_confidence_only() -> None:
    cues = (
        Evidence("probe", "L12-5", HF, 0.9),
        Evidence("frequency", "9 MHz", HF, 0.8),
        Evidence("picture", "", LF, 0.3),
    )
    guess = weigh(cues)
    assert guess.band is HF
    assert 0.6 < guess.confidence < weigh(cues[:2]).confidence


def test_no_cue_is_no_answer() -> None:
    assert weigh(()).band is None
    blank = read_ultrasound(making.native([np.zeros((64, 64), np.uint8)]))
    assert recognise_band(blank).band is None


def test_an_impossible_scale_is_no_evidence() -> None:
    guess = recognise_band(image_of(making.speckle(400, 320), delta=0.5))  # two metres deep
    assert not {"depth", "picture"} & {cue.cue for cue in guess.evidence}
