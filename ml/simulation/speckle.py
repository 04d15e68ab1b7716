"""From tissue to grey levels: scatterers, point-spread function, attenuation, noise, TGC, log compression.

The model works on IQ (complex base-band) data. Sub-resolution scatterers with random positions have
random phase, so their sum per grid cell is circular complex Gaussian; convolving it with the
scanner's point-spread function gives fully developed speckle whose envelope is Rayleigh distributed
(Wagner et al. 1983; envelope mean / standard deviation = 1.91). The function is separable: a Gaussian
pulse along depth and, row by row, a lateral profile whose width follows diffraction.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import scipy.fft
from numpy.typing import NDArray

Map = NDArray[np.float32]
IQ = NDArray[np.complex64]

SPEED_MM_PER_US = 1.54
"""Speed of sound in soft tissue that scanners assume."""
FWHM_TO_SIGMA = 1 / 2.3548
HIGHEST_GAIN = 56.0
"""Most that time-gain compensation can add, dB; deeper than that the picture darkens."""
SIDE_LOBE = 0.018
"""Amplitude of the wide pedestal of the lateral profile (−35 dB): it fills vessels with clutter."""


@dataclass(frozen=True)
class Acquisition:
    """What the operator and the probe decide. Lengths in mm, levels in dB, frequency in MHz."""

    frequency: float
    cycles: float
    aperture: float
    f_number: float
    focus: float
    tgc: float
    """Attenuation that the gain curve assumes, dB/cm/MHz."""
    tgc_error: tuple[float, ...]
    """Deviation of the eight TGC sliders from the curve, dB, shallow to deep."""
    gain: float
    noise: float
    """Electronic noise before time-gain compensation, dB below the display's top."""
    dynamic_range: float
    gamma: float
    smoothing: float
    """Strength of the scanner's own speckle smoothing after compression, pixels."""
    looks: int = 1
    """Independent views that spatial compounding averages; speckle contrast falls by their root."""

    @property
    def wavelength(self) -> float:
        """In mm."""
        return SPEED_MM_PER_US / self.frequency


@dataclass(frozen=True)
class Grid:
    """Sampling of beams: ``rows`` of ``step`` mm along depth, ``columns`` beams.

    ``apex`` is the radius of a convex probe, 0 for a linear one; ``pitch`` is mm for a linear and
    radians for a convex probe.
    """

    rows: int
    columns: int
    step: float
    pitch: float
    apex: float = 0.0

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.columns

    @property
    def depths(self) -> Map:
        """Depth of each row, mm."""
        return (np.arange(self.rows, dtype=np.float32) + 0.5) * np.float32(self.step)

    def lateral_step(self) -> Map:
        """Distance between neighbouring beams at each row, mm."""
        if self.apex:
            return (self.depths + np.float32(self.apex)) * np.float32(self.pitch)
        return np.full(self.rows, self.pitch, np.float32)


@dataclass(frozen=True)
class Tissue:
    """What the beams meet, sampled on a :class:`Grid`."""

    echo: Map
    """Diffuse back-scatter, dB below the display's top."""
    reflector: Map
    """Coherent reflection of smooth interfaces, linear amplitude."""
    attenuation: Map
    """dB/cm/MHz."""


def scatterers(rng: np.random.Generator, shape: tuple[int, int]) -> IQ:
    """Circular complex Gaussian of unit power: many scatterers per resolution cell."""
    parts = rng.standard_normal((*shape, 2), dtype=np.float32) * np.float32(np.sqrt(0.5))
    return parts.view(np.complex64)[..., 0]


def lateral_width(grid: Grid, acquisition: Acquisition) -> Map:
    """Full width at half maximum of the beam at each row, mm: λ·F#, growing away from the focus.

    The aperture opens with depth until it is full; past that F# grows, so resolution falls. Receive
    focusing is dynamic; only the transmit half defocuses.
    """
    depth = grid.depths
    f_number = np.maximum(acquisition.f_number, depth / acquisition.aperture)
    diffraction = acquisition.wavelength * f_number
    defocus = (depth - acquisition.focus) / (acquisition.focus * 1.1)
    return (diffraction * np.sqrt(1 + 0.8 * defocus**2)).astype(np.float32)


def axial_width(acquisition: Acquisition) -> float:
    """Full width at half maximum of the pulse-echo envelope, mm: half the pulse length."""
    return acquisition.cycles * acquisition.wavelength / 2


@lru_cache(maxsize=16)
def _lateral_response(grid: Grid, acquisition: Acquisition) -> Map:
    """Transfer function along beams for each row, unit power gain for white scatterers."""
    sigma = lateral_width(grid, acquisition) * FWHM_TO_SIGMA / grid.lateral_step()
    padded = scipy.fft.next_fast_len(grid.columns + 24)
    frequency = np.fft.fftfreq(padded).astype(np.float32)
    exponent = -0.5 * (2 * np.pi * sigma[:, None] * frequency[None, :]) ** 2
    response = np.exp(exponent)
    response += (4 * SIDE_LOBE) * np.exp(np.maximum(exponent * 16, -60))
    return (response / np.sqrt(np.mean(response**2, axis=1, keepdims=True))).astype(np.float32)


def _pulse(width: float, step: float) -> Map:
    sigma = max(width * FWHM_TO_SIGMA / step, 0.35)
    reach = int(np.ceil(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2).astype(np.float32)
    return kernel / np.sqrt(np.sum(kernel**2))


def point_spread(iq: IQ, grid: Grid, acquisition: Acquisition) -> IQ:
    """Convolve with the depth-dependent point-spread function; white noise keeps its power in every row.

    Along depth the pulse lengthens by a third from top to bottom (the tissue eats high frequencies
    first); the two pulses' results are blended. Across beams each row has its own profile.
    """
    width = axial_width(acquisition)
    parts = np.ascontiguousarray(iq).view(np.float32).reshape(*iq.shape, 2)
    unit = np.ones(1, np.float32)
    near = cv2.sepFilter2D(parts, -1, unit, _pulse(width, grid.step), borderType=cv2.BORDER_REFLECT_101)
    far = cv2.sepFilter2D(parts, -1, unit, _pulse(width * 1.33, grid.step), borderType=cv2.BORDER_REFLECT_101)
    weight = np.linspace(0, 1, grid.rows, dtype=np.float32)[:, None, None]
    pulsed = near + (far - near) * weight
    response = _lateral_response(grid, acquisition)
    lines = np.ascontiguousarray(pulsed, np.float32).view(np.complex64)[..., 0]
    spectrum = scipy.fft.fft(lines, n=response.shape[1], axis=1, overwrite_x=True)
    spectrum *= response
    return scipy.fft.ifft(spectrum, axis=1, overwrite_x=True)[:, : grid.columns]


def envelope(
    rng: np.random.Generator,
    tissue: Tissue,
    field: IQ,
    grid: Grid,
    acquisition: Acquisition,
    beam_gain: Map | None = None,
) -> Map:
    """Echo amplitude in dB below the display's top, time-gain compensated, noise included.

    ``field`` are the scatterers; ``beam_gain`` is dB per beam (contact, rib shadow). Further looks of
    a compounding scanner see the same scatterers shifted by a third of the picture, which at any one
    place are as good as new ones, and which still move with the tissue in a cine.
    """
    amplitude = decibel_to_amplitude(tissue.echo)
    two_way = np.cumsum(tissue.attenuation, axis=0) * np.float32(2 * acquisition.frequency * grid.step / 10)
    if beam_gain is not None:
        two_way -= beam_gain[None, :]
    curve = gain_curve(grid, acquisition)
    transmission = decibel_to_amplitude(curve[:, None] - two_way)
    noise_level = decibel_to_amplitude(acquisition.noise + curve)[:, None]
    noise = scatterers(rng, grid.shape) * noise_level
    total = np.zeros(grid.shape, np.float32)
    for look in range(acquisition.looks):
        seen = np.roll(field, look * grid.rows // 3, axis=0) if look else field
        iq = point_spread(seen * amplitude + tissue.reflector, grid, acquisition)
        iq *= transmission
        iq += np.roll(noise, look, axis=0) if look else noise
        total += np.sqrt(iq.real**2 + iq.imag**2)
    total /= acquisition.looks
    return np.float32(20) * np.log10(total + np.float32(1e-6)) + np.float32(acquisition.gain)


def gain_curve(grid: Grid, acquisition: Acquisition) -> Map:
    """Time-gain compensation in dB per row.

    The assumed attenuation up to what the amplifier can give (:data:`HIGHEST_GAIN`), what the sliders
    are off by, and the little that the focal zone gains.
    """
    depth = grid.depths
    ideal = depth * np.float32(2 * acquisition.frequency * acquisition.tgc / 10)
    curve = HIGHEST_GAIN * np.tanh((ideal / HIGHEST_GAIN) ** 4) ** 0.25
    knots = np.linspace(0, depth[-1], len(acquisition.tgc_error))
    focal = 1.5 * np.exp(-(((depth - acquisition.focus) / (0.2 * depth[-1])) ** 2))
    return (curve + np.interp(depth, knots, acquisition.tgc_error) + focal).astype(np.float32)


def compress(level: Map, acquisition: Acquisition) -> NDArray[np.uint8]:
    """Log-compressed grey levels: ``dynamic_range`` dB onto 0…255 through the scanner's grey curve."""
    unit = np.clip(level / np.float32(acquisition.dynamic_range) + 1, 0, 1)
    if acquisition.gamma != 1:
        unit = cv2.pow(unit, acquisition.gamma)
    if acquisition.smoothing:
        unit = cv2.GaussianBlur(unit, (0, 0), acquisition.smoothing)
    return (unit * np.float32(255) + np.float32(0.5)).astype(np.uint8)


def decibel_to_amplitude(level: Map) -> Map:
    """20 dB is a factor of ten."""
    return np.exp(level * np.float32(np.log(10) / 20))
