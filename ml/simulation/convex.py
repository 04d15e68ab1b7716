"""The low-frequency view: a convex probe under the ribs, the whole right liver down to the diaphragm.

Anatomy is painted on a Cartesian grid, then sampled along the beams. Vessels lose calibre, contrast
and wall as severity rises; echoes coarsen; the surface waves; steatosis (a nuisance) attenuates.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.simulation.fields import Map, Tube, cells, draw_tubes, smooth_curve, smooth_noise, vessel_tree
from ml.simulation.scanner import Habitus, Setting
from ml.simulation.severity import Factors, ramp
from ml.simulation.speckle import Grid, Tissue

PIXEL = 0.5
"""Cartesian grid, mm."""
AXIAL_STEP = 0.22
ANGULAR_PITCH = 0.0046
MARGIN_MM = 8.0
LIVER, FAT, MUSCLE, LUMEN = -32.0, -38.0, -35.0, -80.0

VIEWS = ("hepatic veins", "portal vein", "right kidney")
"""Standard planes of the right liver."""


@dataclass(frozen=True)
class ConvexScene:
    """Painted anatomy of one LF image. Maps ``liver`` are Cartesian: echo, reflector, attenuation."""

    view: str
    grid: Grid
    liver: NDArray[np.float32]
    parenchyma: Map
    origin: tuple[float, float]
    wall_echo: Map
    wall_reflector: Map
    capsule: Map
    capsule_strength: Map
    beam_gain: Map

    def tissue(self, shift: tuple[float, float] = (0.0, 0.0)) -> Tissue:
        """What the beams meet when the liver has moved by ``shift`` mm (depth, lateral)."""
        moved = self._along_beams(self.liver, shift)
        line = self.capsule + np.float32(shift[0] * 0.3)
        below = self.grid.depths[:, None] - line[None, :]
        inside = below > 0
        echo = np.where(inside, moved[..., 0], self.wall_echo)
        reflector = np.where(inside, moved[..., 1], self.wall_reflector)
        reflector += self.capsule_strength * np.exp(-((below / np.float32(0.5)) ** 2))
        attenuation = np.where(inside, moved[..., 2], np.float32(0.6))
        return Tissue(echo, reflector, attenuation)

    def mask(self) -> NDArray[np.bool_]:
        """Parenchyma on the beam grid, at rest."""
        liver = self._along_beams(self.parenchyma, (0.0, 0.0)) > 0.5
        return liver & (self.grid.depths[:, None] > self.capsule[None, :] + 0.5)

    def _along_beams(self, maps: NDArray[np.float32], shift: tuple[float, float]) -> NDArray[np.float32]:
        x, y = beam_positions(self.grid)
        map_x = (x - np.float32(self.origin[0] + shift[1])) / np.float32(PIXEL)
        map_y = (y - np.float32(self.origin[1] + shift[0])) / np.float32(PIXEL)
        sampled = cv2.remap(maps, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(sampled, np.float32)


def convex_grid(setting: Setting) -> Grid:
    beams = int(np.deg2rad(setting.probe.footprint) / ANGULAR_PITCH)
    return Grid(int(setting.depth / AXIAL_STEP), beams, AXIAL_STEP, ANGULAR_PITCH, setting.probe.apex)


def beam_positions(grid: Grid) -> tuple[Map, Map]:
    """Lateral position and depth below the probe's middle of every sample, mm."""
    angle = (np.arange(grid.columns, dtype=np.float32) - (grid.columns - 1) / 2) * np.float32(grid.pitch)
    radius = grid.depths[:, None] + np.float32(grid.apex)
    return radius * np.sin(angle)[None, :], radius * np.cos(angle)[None, :] - np.float32(grid.apex)


def paint_convex(
    rng: np.random.Generator,
    factors: Factors,
    habitus: Habitus,
    setting: Setting,
    *,
    view: str | None = None,
) -> ConvexScene:
    """Anatomy of one LF image; ``view`` is drawn when not given."""
    grid = convex_grid(setting)
    view = view or str(rng.choice(VIEWS, p=(0.4, 0.4, 0.2)))
    x, y = beam_positions(grid)
    origin = (float(x.min()) - MARGIN_MM, float(y.min()) - MARGIN_MM)
    shape = (
        int((setting.depth - origin[1] + MARGIN_MM) / PIXEL),
        int((float(x.max()) - origin[0] + MARGIN_MM) / PIXEL),
    )
    canvas = Canvas.blank(shape, origin)
    paint_parenchyma(rng, canvas, factors, habitus)
    paint_vessels(rng, canvas, factors, setting.depth, view)
    parenchyma = np.ones(shape, np.float32)
    if view == "right kidney":
        _kidney(rng, canvas, parenchyma, setting.depth)
    elif rng.random() < 0.35:
        _gallbladder(rng, canvas, parenchyma, setting.depth)
    _diaphragm(rng, canvas, parenchyma, setting.depth)
    capsule, strength = _capsule(rng, grid, factors, habitus)
    wall_echo, wall_reflector = _wall(rng, grid, habitus)
    return ConvexScene(
        view=view,
        grid=grid,
        liver=np.stack([canvas.echo, canvas.reflector, canvas.attenuation], axis=-1),
        parenchyma=parenchyma,
        origin=origin,
        wall_echo=wall_echo,
        wall_reflector=wall_reflector,
        capsule=capsule,
        capsule_strength=strength,
        beam_gain=_contact(rng, grid.columns),
    )


@dataclass
class Canvas:
    """Cartesian maps while they are painted, with the coordinates of their pixels."""

    echo: Map
    reflector: Map
    attenuation: Map
    x: Map
    y: Map
    origin: tuple[float, float]

    @classmethod
    def blank(cls, shape: tuple[int, int], origin: tuple[float, float]) -> Canvas:
        x = origin[0] + np.arange(shape[1], dtype=np.float32)[None, :] * PIXEL
        y = origin[1] + np.arange(shape[0], dtype=np.float32)[:, None] * PIXEL
        return cls(
            np.full(shape, LIVER, np.float32),
            np.zeros(shape, np.float32),
            np.full(shape, 0.5, np.float32),
            x,
            y,
            origin,
        )

    @property
    def shape(self) -> tuple[int, int]:
        return self.echo.shape[0], self.echo.shape[1]


def paint_parenchyma(rng: np.random.Generator, canvas: Canvas, factors: Factors, habitus: Habitus) -> None:
    """Echo texture: finer and even in health, coarser, then nodular. Changes ``canvas``."""
    shape = canvas.shape
    # Past bridging fibrosis the convex view changes little more; the linear one still does.
    t = min(factors.texture, 3.6) + 0.3 * max(factors.texture - 3.6, 0.0)
    grain = (2.4 + 0.55 * t) / PIXEL
    canvas.echo += (0.4 + 0.48 * t) * smooth_noise(rng, shape, (grain, grain))
    canvas.echo += 0.8 * smooth_noise(rng, shape, (36 / PIXEL, 36 / PIXEL))
    net = ramp(t, 1.2, 4.6)
    if net > 0.01:
        septa, levels = cells(rng, shape, (PIXEL, PIXEL), rng.uniform(8.5, 11.5), 1.5)
        canvas.echo += net * (4.5 * septa + 1.5 * levels - 0.8)
    # Small portal tracts: short bright dashes that a fibrotic liver hides.
    dashes: list[Tube] = []
    for _ in range(int(55 * (1 - 0.7 * ramp(t, 0.5, 4.5)))):
        where = (
            rng.uniform(float(canvas.x.min()), float(canvas.x.max())),
            rng.uniform(20, float(canvas.y.max())),
        )
        dashes += vessel_tree(
            rng, where, rng.normal(0, 0.5), rng.uniform(2, 9), rng.uniform(0.7, 1.3), branches=0
        )
    canvas.echo += 6.5 * cv2.GaussianBlur(draw_tubes(dashes, shape, canvas.origin, PIXEL), (0, 0), 0.8)
    canvas.echo += 4 * habitus.steatosis
    canvas.attenuation += np.float32(0.022 * factors.attenuation + 0.26 * habitus.steatosis)


def paint_vessels(
    rng: np.random.Generator, canvas: Canvas, factors: Factors, depth: float, view: str
) -> None:
    """Hepatic veins (thin walls) and portal branches (bright walls), blurred and narrowed by severity."""
    t = factors.vessels
    calibre = 1 - 0.4 * ramp(t, 0.3, 4.6)
    contrast = 1 - 0.75 * ramp(t, 0.2, 4.2)
    blur = 0.4 + 2.2 * ramp(t, 0.2, 4.2)
    veins, portal = _vascular_plan(rng, depth, view, calibre, thin=ramp(t, 0.5, 4.8))
    for tubes, wall, level in ((veins, 0.8, -27), (portal, 1.9, -18)):
        if not tubes:
            continue
        lumen = draw_tubes(tubes, canvas.shape, canvas.origin, PIXEL)
        sleeve = draw_tubes(tubes, canvas.shape, canvas.origin, PIXEL, widen_mm=2 * wall)
        sleeve = np.clip(sleeve - lumen, 0, 1) * np.clip(
            0.8 + 0.5 * smooth_noise(rng, canvas.shape, (12, 12)), 0.1, 1.4
        )
        lumen, sleeve = (
            np.asarray(cv2.GaussianBlur(m, (0, 0), blur / PIXEL), np.float32) for m in (lumen, sleeve)
        )
        # In dB the change is additive, so a blurred lumen is a hazy one, not a thinner one.
        canvas.echo += lumen * (contrast * 0.75 * (LUMEN - LIVER)) + sleeve * (
            (level - LIVER) * 0.75 * (0.2 + 0.8 * contrast)
        )
        # Walls across the beam mirror it; for the whole sector, "across" is near enough horizontal.
        facing = np.abs(cv2.Sobel(lumen, -1, 0, 1, ksize=3, scale=1 / 8))
        canvas.reflector += facing * np.float32(contrast * 2.2 * 10 ** ((level - 14) / 20))
        canvas.attenuation -= np.float32(0.25) * lumen


def _vascular_plan(
    rng: np.random.Generator,
    depth: float,
    view: str,
    calibre: float,
    *,
    thin: float,
) -> tuple[list[Tube], list[Tube]]:
    """Where the vessels run in this plane: (hepatic veins, portal branches)."""
    twigs = 2 if rng.random() > 0.75 * thin else 1
    veins: list[Tube] = []
    portal: list[Tube] = []
    if view == "hepatic veins":
        hub = (rng.uniform(-0.12, 0.12) * depth, rng.uniform(0.68, 0.76) * depth)
        for heading in (-0.75, -1.55, -2.4):
            if rng.random() < 0.92 - 0.35 * thin:
                veins += vessel_tree(
                    rng,
                    hub,
                    heading + rng.normal(0, 0.14),
                    rng.uniform(0.34, 0.5) * depth,
                    rng.uniform(6.5, 9.5) * calibre,
                    branches=twigs,
                )
    elif view == "portal vein":
        start = (rng.uniform(0.16, 0.3) * depth, rng.uniform(0.55, 0.68) * depth)
        portal += vessel_tree(
            rng,
            start,
            np.pi + rng.uniform(0.1, 0.5),
            rng.uniform(0.4, 0.55) * depth,
            rng.uniform(9, 12.5) * calibre,
            branches=2,
        )
        veins += vessel_tree(
            rng,
            (rng.uniform(-0.3, 0.1) * depth, 0.42 * depth),
            rng.uniform(-2.4, -0.8),
            0.28 * depth,
            rng.uniform(3.5, 5) * calibre,
            branches=1,
        )
    cross_sections = rng.poisson(3 * (1 - 0.5 * thin)) + 1
    for _ in range(cross_sections):
        where = (rng.uniform(-0.4, 0.4) * depth, rng.uniform(0.3, 0.75) * depth)
        target = portal if rng.random() < 0.5 else veins
        target += vessel_tree(
            rng,
            where,
            rng.uniform(0, 2 * np.pi),
            rng.uniform(4, 18),
            rng.uniform(2.5, 4.5) * calibre,
            branches=0,
        )
    return veins, portal


def _ellipse(canvas: Canvas, centre: tuple[float, float], axes: tuple[float, float], turn: float) -> Map:
    """Approximate distance in mm from an ellipse, negative inside."""
    dx, dy = canvas.x - np.float32(centre[0]), canvas.y - np.float32(centre[1])
    c, s = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    radius = np.sqrt(((dx * c + dy * s) / axes[0]) ** 2 + ((dy * c - dx * s) / axes[1]) ** 2)
    return (radius - 1) * np.float32(min(axes))


def _gallbladder(rng: np.random.Generator, canvas: Canvas, parenchyma: Map, depth: float) -> None:
    """Anechoic, bright wall, enhancement behind: bile does not attenuate."""
    centre = (rng.uniform(0.12, 0.3) * depth * rng.choice((-1, 1)), rng.uniform(0.36, 0.5) * depth)
    turn, axes = rng.uniform(-0.6, 0.9), (rng.uniform(15, 23), rng.uniform(9, 13))
    body = _ellipse(canvas, centre, axes, turn)
    neck = _ellipse(
        canvas,
        (centre[0] + axes[0] * 0.75 * np.cos(turn), centre[1] + axes[0] * 0.75 * np.sin(turn)),
        (axes[0] * 0.6, axes[1] * 0.5),
        turn + rng.normal(0, 0.3),
    )
    edge = np.minimum(body, neck) + 0.5 * smooth_noise(rng, canvas.shape, (14, 14))
    inside = 1 / (1 + np.exp(np.clip(edge / 0.4, -30, 30)))
    canvas.echo += inside * (LUMEN - canvas.echo)
    canvas.reflector *= 1 - inside
    canvas.echo += 7 * np.exp(-(((edge - 0.8) / 0.9) ** 2))
    facing = np.abs(cv2.Sobel(inside.astype(np.float32), -1, 0, 1, ksize=3, scale=1 / 8))
    canvas.reflector += facing * np.float32(10 ** (-21 / 20))
    canvas.attenuation += inside * (0.05 - canvas.attenuation)
    parenchyma[edge < 1.2] = 0


def _kidney(rng: np.random.Generator, canvas: Canvas, parenchyma: Map, depth: float) -> None:
    """Cortex a little darker than liver, dark pyramids, bright central sinus, bright capsule."""
    centre = (rng.uniform(-0.05, 0.15) * depth, rng.uniform(0.54, 0.64) * depth)
    turn = rng.uniform(-0.15, 0.45)
    axes = (rng.uniform(44, 52), rng.uniform(20, 24))
    edge = _ellipse(canvas, centre, axes, turn) + 1.2 * smooth_noise(rng, canvas.shape, (50, 50))
    sinus = _ellipse(canvas, centre, (axes[0] * 0.55, axes[1] * 0.34), turn)
    ragged = 2.2 * smooth_noise(rng, canvas.shape, (7 / PIXEL, 9 / PIXEL))
    cortex = -35.5 - 3.5 * np.clip(smooth_noise(rng, canvas.shape, (9 / PIXEL, 9 / PIXEL)), 0, 2)
    kidney = np.where(sinus + ragged < 0, -23 + ragged, cortex)
    canvas.echo[:] = np.where(edge < 0, kidney, canvas.echo)
    canvas.reflector[edge < 0] = 0
    outline = np.exp(-((edge / 0.9) ** 2)) * np.clip(
        0.6 + 0.6 * smooth_noise(rng, canvas.shape, (30, 30)), 0, 1.3
    )
    canvas.echo += 7 * outline
    slope = np.abs(cv2.Sobel(edge, -1, 0, 1, ksize=3, scale=1 / 8)) / np.float32(PIXEL)
    canvas.reflector += np.float32(10 ** (-33 / 20)) * outline * np.minimum(slope, 1) ** 2
    parenchyma[edge < 1.0] = 0


def _diaphragm(rng: np.random.Generator, canvas: Canvas, parenchyma: Map, depth: float) -> None:
    """A bright arc; behind it lung, which mirrors the liver more and more faintly."""
    radius = rng.uniform(0.66, 0.82) * depth
    centre = (rng.uniform(-0.16, 0.16) * depth, rng.uniform(0.84, 0.93) * depth - radius)
    bearing = np.arctan2(canvas.x - np.float32(centre[0]), np.maximum(canvas.y - np.float32(centre[1]), 1e-3))
    wave = smooth_curve(rng, 64, 14)
    sway = np.interp(bearing.ravel(), np.linspace(-1.7, 1.7, 64), wave).reshape(canvas.shape) * (
        0.018 * depth
    )
    flattening = rng.uniform(-0.12, 0.12) * depth * bearing**2
    below, above = np.maximum(canvas.y - centre[1], 0), np.maximum(centre[1] - canvas.y, 0)
    # Above its equator the dome opens outwards, towards the ribs.
    distance = np.hypot(canvas.x - centre[0], below) - radius - 0.7 * above + sway + flattening
    distance = distance.astype(np.float32)
    outside = distance > 0
    fade = -8 - 0.22 * np.maximum(distance, 0) + 2.5 * smooth_noise(rng, canvas.shape, (14, 14))
    canvas.echo[:] = np.where(outside, LIVER + fade, canvas.echo)
    canvas.reflector[outside] = 0
    lit = np.exp(-(((bearing - rng.uniform(-0.35, 0.35)) / rng.uniform(0.45, 0.8)) ** 2))
    lit = lit * np.clip(0.75 + 0.4 * smooth_noise(rng, canvas.shape, (14 / PIXEL, 14 / PIXEL)), 0.15, 1.3)
    canvas.reflector += (10 ** (-20 / 20) * np.exp(-((distance / 0.8) ** 2)) * lit).astype(np.float32)
    canvas.echo += (12 * np.exp(-(((distance - 0.5) / 1.5) ** 2)) * lit).astype(np.float32)
    parenchyma[outside] = 0


def _capsule(rng: np.random.Generator, grid: Grid, factors: Factors, habitus: Habitus) -> tuple[Map, Map]:
    """Depth of the liver's surface per beam, mm, and its reflection."""
    t = factors.surface
    pitch_mm = (grid.apex + 22) * grid.pitch
    rest = 4.5 + habitus.fat * 1.15 + habitus.muscle * 1.2
    bumps = smooth_curve(rng, grid.columns, rng.uniform(4.5, 6.5) / pitch_mm)
    amplitude = 0.1 + 1.0 * ramp(t, 2.0, 4.9)
    line = rest + smooth_curve(rng, grid.columns, 30 / pitch_mm) * 0.8 - amplitude * (0.7 - np.abs(bumps))
    gaps = np.clip(1 - 0.5 * np.clip(smooth_curve(rng, grid.columns, 9 / pitch_mm), 0, 2), 0.15, 1)
    return line.astype(np.float32), (10 ** (-28 / 20) * gaps).astype(np.float32)


def _wall(rng: np.random.Generator, grid: Grid, habitus: Habitus) -> tuple[Map, Map]:
    """Skin, fat and muscle follow the probe's curve, so they are painted along beams."""
    depth = grid.depths[:, None]
    pitch_mm = (grid.apex + 12) * grid.pitch
    per_mm = (1 / grid.step, 1 / pitch_mm)
    fascia = 3.0 + habitus.fat * 1.15 + 0.6 * smooth_curve(rng, grid.columns, 20 * per_mm[1])
    echo = FAT + 2 * smooth_noise(rng, grid.shape, (2 * per_mm[0], 7 * per_mm[1]))
    septa = np.exp(-((smooth_noise(rng, grid.shape, (3.2 * per_mm[0], 16 * per_mm[1])) / 0.22) ** 2))
    echo += 9 * septa
    muscle = MUSCLE + 3.5 * smooth_noise(rng, grid.shape, (1.3 * per_mm[0], 14 * per_mm[1]))
    echo = np.where(depth > fascia, muscle, echo)
    echo = np.where(depth < 2.6, np.float32(-20), echo)
    gap = np.clip(0.8 - 0.5 * smooth_curve(rng, grid.columns, 8 * per_mm[1]), 0.05, 1.3)
    lines = np.exp(-(((depth - fascia) / 0.45) ** 2)) * gap * np.float32(10 ** (-30 / 20))
    ring = np.exp(-depth / 1.6) * (1 + np.cos(2 * np.pi * depth / 1.5)) * 0.07
    return echo.astype(np.float32), (lines + ring).astype(np.float32)


def _contact(rng: np.random.Generator, beams: int) -> Map:
    """Beam gain in dB: unevenness, poorly coupled edges, and in some planes a rib's shadow."""
    gain = 1.0 * smooth_curve(rng, beams, beams / 10)
    at = np.linspace(-1, 1, beams)
    gain = gain - rng.uniform(2, 10) * np.clip((np.abs(at) - rng.uniform(0.82, 0.95)) * 8, 0, 1)
    if rng.random() < 0.15:
        centre = rng.choice((-1, 1)) * rng.uniform(0.5, 0.85)
        gain = gain - rng.uniform(5, 16) * np.exp(-(((at - centre) / rng.uniform(0.06, 0.16)) ** 2))
    return gain.astype(np.float32)
