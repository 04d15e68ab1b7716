"""What a sonographer would look for, measured: capsule, vessels, texture, masks, motion."""

from __future__ import annotations

import numpy as np
import pytest

from ml.simulation.convex import (
    LIVER,
    VIEWS,
    Canvas,
    beam_positions,
    paint_convex,
    paint_parenchyma,
    paint_vessels,
)
from ml.simulation.linear import MARGIN, paint_linear
from ml.simulation.patient import generator
from ml.simulation.picture import Picture, render
from ml.simulation.scanner import VENDORS, Habitus, Setting, choose_setting
from ml.simulation.severity import Factors
from ml.spec import Band

LEAN = Habitus(fat=6, muscle=5, steatosis=0.1)


def setting_for(band: Band, vendor: int = 0, seed: int = 0, habitus: Habitus = LEAN) -> Setting:
    return choose_setting(
        generator(seed, 77), VENDORS[vendor], band, habitus, VENDORS[vendor].probes[band][0]
    )


def take(band: Band, severity: float, *, vendor: int = 0, seed: int = 0, frames: int = 1) -> Picture:
    factors = Factors(*(severity,) * 4)
    return render(generator(seed), band, factors, LEAN, setting_for(band, vendor, seed), frames=frames)


@pytest.mark.parametrize("band", list(Band))
@pytest.mark.parametrize("vendor", range(len(VENDORS)))
def test_region_lies_on_the_screen_and_the_mask_in_the_ultrasound(band: Band, vendor: int) -> None:
    picture = take(band, 2.0, vendor=vendor)
    region, (rows, columns) = picture.region, VENDORS[vendor].screen
    assert region.x >= 0
    assert region.y >= 0
    assert region.x + region.width <= columns
    assert region.y + region.height <= rows
    assert picture.frames.shape[1:] == picture.mask.shape == (region.height, region.width)
    assert 0.15 < picture.mask.mean() < 0.9
    if band is Band.LF:
        assert picture.frames[0][~sector(picture)].max() == 0
        assert not picture.mask[~sector(picture)].any()


def sector(picture: Picture) -> np.ndarray:
    """Pixels that the beams reach, widened by one."""
    region, apex = picture.region, picture.setting.probe.apex
    x = (np.arange(region.width) - (region.width - 1) / 2) * region.pixel_mm
    y = region.top_mm + apex + (np.arange(region.height) + 0.5) * region.pixel_mm
    angle = np.abs(np.arctan2(x[None, :], y[:, None]))
    radius = np.hypot(x[None, :], y[:, None])
    slack = 2 * region.pixel_mm
    return (
        (angle <= np.deg2rad(picture.setting.probe.footprint) / 2 + slack / radius)
        & (radius > apex - slack)
        & (radius < apex + picture.setting.depth + slack)
    )


@pytest.mark.parametrize("band", list(Band))
def test_parenchyma_is_mid_grey_and_nothing_saturates(band: Band) -> None:
    for seed in range(4):
        picture = take(band, 1.0, seed=seed)
        inside = picture.frames[0][picture.mask]
        assert 45 < inside.mean() < 190
        assert (inside > 250).mean() < 0.02


def roughness(severity: float) -> float:
    """Standard deviation, mm, of the capsule's second difference over a millimetre, over several planes."""
    values = []
    for seed in range(8):
        setting = setting_for(Band.HF, seed=seed)
        scene = paint_linear(generator(seed, 5), Factors(*(severity,) * 4), LEAN, setting)
        line = scene.capsule[MARGIN[1] : MARGIN[1] + scene.grid.columns]
        lag = int(1 / scene.grid.pitch)
        values.append(np.std(line[2 * lag :] - 2 * line[lag:-lag] + line[: -2 * lag]))
    return float(np.mean(values))


def test_capsule_goes_from_smooth_to_nodular() -> None:
    smooth, early, late = roughness(0.2), roughness(2.5), roughness(4.7)
    assert smooth < 0.05
    assert smooth < early < late
    assert late > 5 * smooth


def unevenness(band: Band, severity: float) -> float:
    """Spread of echo level (dB) in the painted parenchyma, vessels aside."""
    spreads = []
    for seed in range(6):
        factors = Factors(*(severity,) * 4)
        if band is Band.HF:
            scene = paint_linear(generator(seed, 6), factors, LEAN, setting_for(band, seed=seed))
            levels = scene.liver_echo[scene.liver_echo.shape[0] // 2 :]
        else:
            canvas = Canvas.blank((320, 320), (-80.0, 0.0))
            paint_parenchyma(generator(seed, 6), canvas, factors, LEAN)
            levels = canvas.echo
        low, high = np.percentile(levels, (16, 84))
        spreads.append(high - low)
    return float(np.mean(spreads))


@pytest.mark.parametrize("band", list(Band))
def test_parenchyma_coarsens(band: Band) -> None:
    fine, middle, coarse = (unevenness(band, severity) for severity in (0.2, 2.2, 4.6))
    assert 1.2 * fine < middle
    assert 1.2 * middle < coarse


@pytest.mark.parametrize("view", VIEWS[:2])
def test_vessels_narrow_and_fade_with_severity(view: str) -> None:
    def shown(severity: float) -> tuple[float, float]:
        """Echo level inside the darkest vessels, and the area that is clearly darker than liver."""
        darkest, area = [], []
        for seed in range(5):
            canvas = Canvas.blank((340, 400), (-100.0, 0.0))
            paint_vessels(generator(seed, 7), canvas, Factors(0, 0, severity, 0), 160.0, view)
            darkest.append(canvas.echo.min())
            area.append((canvas.echo < LIVER - 10).mean())
        return float(np.mean(darkest)), float(np.mean(area))

    health, fibrosis, cirrhosis = shown(0.1), shown(2.5), shown(4.8)
    assert health[0] < LIVER - 28
    assert health[0] + 4 < fibrosis[0]
    assert fibrosis[0] + 4 < cirrhosis[0]
    assert health[1] > fibrosis[1] > cirrhosis[1]


def test_diaphragm_is_the_brightest_deep_echo() -> None:
    setting = setting_for(Band.LF)
    scene = paint_convex(generator(3), Factors(0.2, 0.2, 0.2, 0.2), LEAN, setting, view="portal vein")
    half = scene.grid.rows // 2
    deep = scene.tissue().reflector[half:]
    row, column = np.unravel_index(int(np.argmax(deep)), deep.shape)
    _, depth = beam_positions(scene.grid)
    assert depth[half + row, column] > 0.6 * setting.depth


def test_cine_moves_and_decorrelates_but_stays_the_same_liver() -> None:
    frames = take(Band.HF, 1.0, frames=8, seed=2).frames.astype(np.float32)

    def alike(a: int, b: int) -> float:
        return float(np.corrcoef(frames[a].ravel(), frames[b].ravel())[0, 1])

    assert alike(0, 1) > alike(0, 7)
    assert alike(0, 1) < 0.98
    assert alike(0, 7) > 0.2


def test_heavier_patients_are_scanned_lower_and_hf_deeper() -> None:
    heavy = Habitus(fat=18, muscle=8, steatosis=0.8)

    def mean(habitus: Habitus, band: Band) -> tuple[float, float]:
        chosen = [setting_for(band, seed=seed, habitus=habitus) for seed in range(30)]
        return float(np.mean([s.acquisition.frequency for s in chosen])), float(
            np.mean([s.depth for s in chosen])
        )

    assert mean(heavy, Band.LF)[0] < mean(LEAN, Band.LF)[0]
    assert mean(heavy, Band.HF)[1] > mean(LEAN, Band.HF)[1]


@pytest.mark.parametrize("vendor", range(len(VENDORS)))
def test_frequencies_are_the_papers_bands(vendor: int) -> None:
    for seed in range(40):
        assert 7.5 <= setting_for(Band.HF, vendor, seed).acquisition.frequency <= 10.0
        assert 2.0 <= setting_for(Band.LF, vendor, seed).acquisition.frequency <= 5.0
