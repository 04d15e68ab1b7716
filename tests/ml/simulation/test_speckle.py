"""The physics: Rayleigh envelope, resolution finer along the beam and falling with depth, gain, noise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.simulation.speckle import (
    HIGHEST_GAIN,
    Acquisition,
    Grid,
    Tissue,
    axial_width,
    compress,
    decibel_to_amplitude,
    envelope,
    gain_curve,
    lateral_width,
    point_spread,
    scatterers,
)

HF = Acquisition(
    frequency=9.0,
    cycles=2.0,
    aperture=13.0,
    f_number=1.8,
    focus=18.0,
    tgc=0.5,
    tgc_error=(0.0,) * 8,
    gain=0.0,
    noise=-200.0,
    dynamic_range=60.0,
    gamma=1.0,
    smoothing=0.0,
)
LF = replace(HF, frequency=3.2, cycles=2.3, aperture=24.0, f_number=2.2, focus=80.0)
LINEAR = Grid(rows=600, columns=400, step=0.075, pitch=0.105)
CONVEX = Grid(rows=720, columns=260, step=0.22, pitch=0.0046, apex=60.0)
CASES = [pytest.param(LINEAR, HF, id="HF"), pytest.param(CONVEX, LF, id="LF")]


def homogeneous(
    grid: Grid, acquisition: Acquisition, *, attenuation: float = 0.0, seed: int = 0
) -> NDArray[np.float32]:
    """Amplitude in a block of tissue without structure."""
    shape = grid.shape
    tissue = Tissue(
        np.zeros(shape, np.float32), np.zeros(shape, np.float32), np.full(shape, attenuation, np.float32)
    )
    rng = np.random.default_rng(seed)
    return decibel_to_amplitude(envelope(rng, tissue, scatterers(rng, shape), grid, acquisition))


@pytest.mark.parametrize(("grid", "acquisition"), CASES)
def test_speckle_is_fully_developed(grid: Grid, acquisition: Acquisition) -> None:
    """Mean over standard deviation of a Rayleigh variable is √(π / (4 − π)) = 1.91 (Wagner et al. 1983)."""
    ratios = []
    for seed in range(3):
        rows = homogeneous(grid, replace(acquisition, tgc=0.0), seed=seed)[60:-60]
        ratios.append(rows.mean() / rows.std())
    assert np.mean(ratios) == pytest.approx(1.91, abs=0.06)


def test_compounding_lowers_speckle_contrast_by_the_root_of_the_looks() -> None:
    flat = replace(HF, tgc=0.0)
    one, three = (homogeneous(LINEAR, replace(flat, looks=looks))[60:-60] for looks in (1, 3))
    gain = (three.mean() / three.std()) / (one.mean() / one.std())
    assert gain == pytest.approx(np.sqrt(3), rel=0.1)


def correlation_length(field: NDArray[np.complex64], axis: int) -> float:
    """Lag, in samples, at which the autocorrelation of the field falls to one half."""
    lines = np.moveaxis(field, axis, -1)
    spectrum = np.abs(np.fft.fft(lines, axis=-1)) ** 2
    correlation = np.fft.ifft(spectrum.mean(axis=tuple(range(spectrum.ndim - 1)))).real
    correlation /= correlation[0]
    below = int(np.argmax(correlation < 0.5))
    left, right = correlation[below - 1], correlation[below]
    return below - 1 + (left - 0.5) / (left - right)


@pytest.mark.parametrize(("grid", "acquisition"), CASES)
def test_resolution_is_finer_along_the_beam_and_falls_with_depth(
    grid: Grid, acquisition: Acquisition
) -> None:
    field = point_spread(scatterers(np.random.default_rng(2), grid.shape), grid, acquisition)
    steps = grid.lateral_step()
    widths = []
    for rows in (slice(200, 280), slice(grid.rows - 100, grid.rows - 20)):
        lateral = correlation_length(field[rows], 1) * steps[rows].mean()
        assert lateral > 1.3 * correlation_length(field[rows], 0) * grid.step
        widths.append(lateral)
    assert widths[1] > 1.15 * widths[0]


@pytest.mark.parametrize(("grid", "acquisition"), CASES)
def test_measured_beam_width_is_the_intended_one(grid: Grid, acquisition: Acquisition) -> None:
    point = np.zeros(grid.shape, np.complex64)
    row = grid.rows // 2
    point[row, grid.columns // 2] = 1
    amplitude = np.abs(point_spread(point, grid, acquisition))
    across, along = amplitude[row], amplitude[:, grid.columns // 2]
    step = float(grid.lateral_step()[row])
    lateral = (across > across.max() / 2).sum() * step
    assert lateral == pytest.approx(float(lateral_width(grid, acquisition)[row]), abs=1.2 * step)
    axial = (along > along.max() / 2).sum() * grid.step
    assert axial == pytest.approx(axial_width(acquisition) * 1.17, abs=1.2 * grid.step)


def test_hf_resolves_finer_than_lf() -> None:
    assert axial_width(HF) < 0.5 * axial_width(LF)
    assert lateral_width(LINEAR, HF)[300] < 0.5 * lateral_width(CONVEX, LF)[360]


def test_point_spread_keeps_the_power_of_white_scatterers_at_every_depth() -> None:
    field = point_spread(scatterers(np.random.default_rng(3), CONVEX.shape), CONVEX, LF)
    power = (np.abs(field) ** 2).mean(axis=1).reshape(12, -1).mean(axis=1)
    assert power == pytest.approx(np.ones(12), abs=0.25)


def test_gain_undoes_the_attenuation_it_assumes_and_no_more() -> None:
    def slope(attenuation: float) -> float:
        level = 20 * np.log10(homogeneous(LINEAR, replace(HF, tgc=0.5), attenuation=attenuation).mean(axis=1))
        return float(np.polyfit(LINEAR.depths[20:-20] / 10, level[20:-20], 1)[0])

    assert slope(0.5) == pytest.approx(0, abs=0.7)
    # 0.2 dB/cm/MHz too much, both ways, at 9 MHz.
    assert slope(0.7) == pytest.approx(-2 * 9 * 0.2, abs=0.7)


def test_gain_has_an_end() -> None:
    assert gain_curve(CONVEX, replace(LF, frequency=5.0)).max() <= HIGHEST_GAIN + 1.6


def test_noise_shows_at_depth_only() -> None:
    silent = np.full(LINEAR.shape, -200, np.float32)
    tissue = Tissue(silent, np.zeros_like(silent), np.full_like(silent, 0.5))
    rng = np.random.default_rng(4)
    level = envelope(rng, tissue, scatterers(rng, LINEAR.shape), LINEAR, replace(HF, noise=-82.0))
    assert level[:60].mean() < -70
    assert level[-60:].mean() > level[:60].mean() + 25


def test_log_compression_spans_the_dynamic_range() -> None:
    level = np.array([[-80, -60, -30, 0, 12]], np.float32)
    assert compress(level, HF).tolist() == [[0, 0, 128, 255, 255]]
