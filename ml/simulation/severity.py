"""Who has what: stage counts, the latent severity of a patient, and how each band expresses it.

Severity is a real number from 0 to 5. Pathology cuts it at 1, 2, 3 and 4, but a biopsy sees one
fifty-thousandth of the liver, so the recorded stage is a noisy reading of it. Each band then shows
its own noisy view of severity through several *factors* (what a sonographer would describe), which
is why the bands complement each other and why nobody, network or reader, can be always right.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np

from ml.spec import Band, HepaStageError, Stage

PAPER_COUNTS: tuple[int, int, int, int, int] = (16, 49, 85, 66, 50)
"""Patients per stage in the paper's cohort (paper §1)."""

SAMPLING_NOISE = 0.38
"""Standard deviation, in stages, between true severity and the centre of the recorded stage."""
BAND_NOISE = 0.34
"""Deviation shared by all factors of one band: window, habitus, the plane that was found."""
FACTOR_NOISE = 0.34
"""Deviation of a single factor within a band: not every coarse liver has a bumpy surface."""
IMAGE_NOISE = 0.12
"""Deviation of one factor from image to image of the same patient and band."""

HIGHEST = float(len(Stage))
"""Severity lies in [0, HIGHEST]."""


class BadCounts(HepaStageError):
    """The requested numbers of patients cannot be simulated."""

    code = "simulation-counts"
    remedy = "Give five numbers, S0 to S4, none below zero, or leave them out for the paper's proportions."


def stage_sequence(patients: int, *, seed: int = 0, counts: tuple[int, ...] | None = None) -> list[Stage]:
    """Stage of patient 0, 1, 2 ….

    Without ``counts`` the sequence starts with one patient of each stage and then always adds the
    stage that the paper's proportions lack most, so that a small cohort is a prefix of a large one
    (it can be enlarged without touching what exists) and 266 patients are exactly 16/49/85/66/50.

    >>> [stage_sequence(266).count(s) for s in Stage]
    [16, 49, 85, 66, 50]
    """
    if patients < 1:
        raise BadCounts(f"A cohort needs at least one patient, not {patients}.")
    if counts is not None:
        if len(counts) != len(Stage) or min(counts) < 0 or sum(counts) != patients:
            raise BadCounts(f"Stage counts {counts} do not make {patients} patients.")
        stages = [stage for stage, count in zip(Stage, counts, strict=True) for _ in range(count)]
        order = np.random.default_rng([seed, 0x57A6E]).permutation(patients)
        return [stages[i] for i in order]
    share = np.array(PAPER_COUNTS) / sum(PAPER_COUNTS)
    first = np.random.default_rng([seed, 0x57A6E]).permutation(len(Stage))
    sequence: list[Stage] = []
    have = np.zeros(len(Stage))
    for n in range(patients):
        stage = int(first[n]) if n < len(first) else int(np.argmax(share * (n + 1) - have))
        have[stage] += 1
        sequence.append(Stage(stage))
    return sequence


@dataclass(frozen=True)
class Factors:
    """How severe one image looks, each on the severity scale [0, 5].

    ``texture`` parenchyma coarseness; ``surface`` capsule undulation; ``vessels`` loss of vessel
    visibility and wall sharpness (LF mostly); ``attenuation`` extra loss with depth (LF mostly).
    """

    texture: float
    surface: float
    vessels: float
    attenuation: float

    def for_image(self, rng: np.random.Generator) -> Factors:
        """The same band of the same patient in another plane."""
        return Factors(*(_clip(value + rng.normal(0, IMAGE_NOISE)) for value in asdict(self).values()))


@dataclass(frozen=True)
class Latent:
    """Hidden truth of a patient; goes to ``truth/`` only."""

    stage: Stage
    severity: float
    views: dict[Band, Factors]

    @classmethod
    def draw(cls, rng: np.random.Generator, stage: Stage) -> Latent:
        """Severity given the recorded stage, then both bands' views of that severity."""
        severity = _clip(stage + 0.5 + rng.normal(0, SAMPLING_NOISE))
        return cls(stage, severity, {band: _view(rng, severity) for band in Band})


def _view(rng: np.random.Generator, severity: float) -> Factors:
    seen = severity + rng.normal(0, BAND_NOISE)
    return Factors(*(_clip(seen + rng.normal(0, FACTOR_NOISE)) for _ in range(4)))


def _clip(value: float) -> float:
    return float(np.clip(value, 0.0, HIGHEST))


def ramp(value: float, start: float, stop: float) -> float:
    """Smooth 0 → 1 as ``value`` goes from ``start`` to ``stop``; how a sign sets in.

    >>> ramp(1.0, 1.0, 3.0), ramp(2.0, 1.0, 3.0), ramp(9.0, 1.0, 3.0)
    (0.0, 0.5, 1.0)
    """
    t = min(max((value - start) / (stop - start), 0.0), 1.0)
    return t * t * (3 - 2 * t)


def observer_accuracy(bands: tuple[Band, ...], *, draws: int = 20_000, seed: int = 0) -> float:
    """Patient accuracy of an observer who reads the factors themselves without error.

    Nobody who sees pictures can beat it: pictures show the factors through speckle and nuisances.
    The observer knows the model and the stage proportions, averages the factors of each band, and
    weighs the bands equally.
    """
    rng = np.random.default_rng(seed)
    share = np.array(PAPER_COUNTS) / sum(PAPER_COUNTS)
    stages = rng.choice(len(Stage), size=draws, p=share)
    evidence = np.empty(draws)
    for i, stage in enumerate(stages):
        latent = Latent.draw(rng, Stage(int(stage)))
        used = [list(asdict(latent.views[band]).values())[: 2 if band is Band.HF else 4] for band in bands]
        evidence[i] = float(np.mean([np.mean(values) for values in used]))
    half = draws // 2
    edges = np.linspace(0, HIGHEST, 101)
    bins = np.digitize(evidence, edges)
    table = np.zeros((edges.size + 1, len(Stage)))
    np.add.at(table, (bins[:half], stages[:half]), 1)
    return float(np.mean(table.argmax(axis=1)[bins[half:]] == stages[half:]))
