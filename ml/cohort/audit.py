"""Intake audit: what in a cohort could let a network score without looking at the liver.

Three questions, the last two with an effect size and a permutation test, so that "no" is as checkable as
"yes": is a picture there twice; do the labels follow the order in which the patients came; does an attribute
of the recording (site, scanner, picture format) tell the stage. A widely used public set
fails the first two: most of its test files are byte-identical to training files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, Field
from scipy import stats

from ml.cohort.cache import Cohort
from ml.cohort.leak import pixel_hash
from ml.cohort.likeness import near_duplicates
from ml.spec import Band, Stage

Severity = Literal["fine", "notice", "warning"]
PERMUTATIONS = 4999  # the smallest p that can come out is 1/5000
SURE, LIKELY = 0.001, 0.05
EXAMPLES = 20
Sorting = NDArray[np.int64]


class Example(BaseModel):
    """Two pictures that are one: names as in the index, patients, parts, correlation 0 to 1."""

    images: list[str]
    patients: list[str]
    parts: list[str]
    correlation: float


class Finding(BaseModel):
    """One answer. ``effect`` is what ``measure`` names; ``p`` is of a permutation test, where one is due."""

    code: str
    severity: Severity
    subject: str = ""  # the attribute asked about
    message: str
    remedy: str = ""
    measure: str = ""
    effect: float | None = None
    expected: float | None = None
    p: float | None = None
    count: int = 0
    table: dict[str, dict[str, int]] = Field(default_factory=dict)
    examples: list[Example] = Field(default_factory=list)


class AuditReport(BaseModel):
    """All findings on one cohort, the gravest first."""

    dataset_hash: str
    simulated: bool
    patients: int
    images: int
    findings: list[Finding]

    @property
    def severity(self) -> Severity:
        grades: list[Severity] = ["warning", "notice", "fine"]
        return min((finding.severity for finding in self.findings), key=grades.index, default="fine")


def audit(
    cohort: Cohort,
    *,
    arrival: Sequence[str] | None = None,
    attributes: Mapping[str, Mapping[str, str]] | None = None,
    told: Callable[[float], None] | None = None,
) -> AuditReport:
    """Look through ``cohort``.

    ``arrival`` lists the patients in the order in which their files came (default: of the index, which for a
    prepared folder is that of the file names). ``attributes`` maps the name of an attribute to
    ``{patient: value}``; the site is always asked about. ``told`` hears the share done, 0 to 1.
    """
    tell = told or (lambda share: None)
    order = list(arrival) if arrival is not None else [str(name) for name in cohort.index["patient"].unique()]
    asked = {"site": _sites(cohort), **(attributes or {})}
    findings = [_exact(cohort)]
    tell(0.2)
    findings.append(_near(cohort))
    tell(0.8)
    findings += [_neighbours(cohort, order), _trend(cohort, order)]
    findings += [_confounded(cohort, name, values) for name, values in asked.items()]
    tell(1.0)
    grades = ["warning", "notice", "fine"]
    return AuditReport(
        dataset_hash=cohort.dataset_hash,
        simulated=cohort.simulated,
        patients=len(cohort.stages),
        images=len(cohort),
        findings=sorted(findings, key=lambda finding: grades.index(finding.severity)),
    )


def _exact(cohort: Cohort) -> Finding:
    """Pictures that are equal pixel by pixel, of different patients or in different parts."""
    groups: dict[str, list[int]] = defaultdict(list)
    for row in range(len(cohort)):
        groups[pixel_hash(cohort.images[row])].append(row)
    owner = cohort.index["patient"].astype(str).to_list()
    pairs = [
        (group[0], row, 1.0)
        for group in groups.values()
        for row in group[1:]
        if owner[row] != owner[group[0]]
    ]
    return _duplicates(cohort, pairs, "exact-duplicates", "pixel for pixel the same")


def _near(cohort: Cohort) -> Finding:
    owner = cohort.index["patient"].astype(str).to_list()
    pairs = []
    for band in Band:
        rows = [int(row) for row in cohort.rows(band=band)]
        pairs += near_duplicates(cohort, rows, [owner[row] for row in rows])
    unlike = [pair for pair in pairs if not np.array_equal(cohort.images[pair[0]], cohort.images[pair[1]])]
    return _duplicates(cohort, unlike, "near-duplicates", "nearly the same (another compression or contrast)")


def _duplicates(cohort: Cohort, pairs: list[tuple[int, int, float]], code: str, words: str) -> Finding:
    examples = [_example(cohort, *pair) for pair in pairs]
    crossing = sum(len(set(example.parts)) > 1 for example in examples)
    if not pairs:
        return Finding(code=code, severity="fine", message=f"No two patients have a picture that is {words}.")
    return Finding(
        code=code,
        severity="warning",
        message=f"{len(pairs)} pairs of pictures of different patients are {words}; {crossing} of the pairs "
        "are in different parts of the split.",
        remedy="Find out whose picture it is. If two records are one patient, merge them; then freeze again.",
        count=len(pairs),
        examples=sorted(examples, key=lambda example: len(set(example.parts)), reverse=True)[:EXAMPLES],
    )


def _example(cohort: Cohort, one: int, two: int, correlation: float) -> Example:
    rows = cohort.index.iloc[[one, two]]
    patients = [str(name) for name in rows["patient"]]
    return Example(
        images=[str(name) for name in rows["image"]],
        patients=patients,
        parts=[str(cohort.split[patient]) for patient in patients],
        correlation=round(correlation, 3),
    )


def _neighbours(cohort: Cohort, order: Sequence[str]) -> Finding:
    """Share of patients whose successor has the same stage: near 1 where a folder was sorted by class."""
    labels = np.array([int(cohort.stage_of(patient)) for patient in order])
    effect, expected, p = _permuted(labels, lambda s: (s[:, 1:] == s[:, :-1]).mean(1), sides=1)
    grave = p < SURE and effect > 2 * expected
    return Finding(
        code="labels-follow-order",
        severity="warning" if grave else "notice" if p < LIKELY else "fine",
        message=f"{effect:.0%} of the patients are followed by one of the same stage, in the order in which "
        f"they came; by chance it would be {expected:.0%}.",
        remedy="Files that came sorted by stage may differ in more than the liver (day, device, export): "
        "compare how the stages were recorded."
        if p < LIKELY
        else "",
        measure="share of neighbours of the same stage",
        effect=effect,
        expected=expected,
        p=p,
    )


def _trend(cohort: Cohort, order: Sequence[str]) -> Finding:
    """Spearman's rank correlation of stage and order."""
    labels = np.array([int(cohort.stage_of(patient)) for patient in order])
    ranks = stats.rankdata(np.arange(len(labels)))

    def spearman(sorting: Sorting) -> NDArray[np.float64]:
        ranked = stats.rankdata(sorting, axis=1)
        centred, time = ranked - ranked.mean(1, keepdims=True), ranks - ranks.mean()
        spread = np.linalg.norm(centred, axis=1) * np.linalg.norm(time)
        return np.asarray(centred @ time / np.maximum(spread, 1e-12))

    effect, _, p = _permuted(labels, spearman, sides=2)
    grave = p < SURE and abs(effect) > 0.3
    return Finding(
        code="labels-drift",
        severity="warning" if grave else "notice" if p < LIKELY else "fine",
        message=f"Rank correlation of stage and order of arrival: {effect:+.2f}.",
        remedy="The mix of stages changed over time. Check that scanner settings did not change with it."
        if p < LIKELY
        else "",
        measure="Spearman's rho",
        effect=effect,
        expected=0.0,
        p=p,
    )


def _confounded(cohort: Cohort, name: str, values: Mapping[str, str]) -> Finding:
    """Bias-corrected Cramér's V of an attribute and the stage (Bergsma 2013), with a permutation test."""
    patients = [patient for patient in cohort.patients() if values.get(patient)]
    table = pd.crosstab(
        pd.Series([values[patient] for patient in patients], dtype=str),
        pd.Series([cohort.stage_of(patient).label for patient in patients], dtype=str),
    ).reindex(columns=[stage.label for stage in Stage], fill_value=0)
    counts = {str(value): {str(k): int(v) for k, v in row.items()} for value, row in table.iterrows()}
    base = {"code": "confounded", "subject": name, "table": counts, "measure": "Cramér's V"}
    if len(table) < 2:
        return Finding(
            **base, severity="fine", message=f"All patients have the same {name}; it cannot tell the stage."
        )
    groups = np.unique([values[patient] for patient in patients], return_inverse=True)[1]
    labels = np.array([int(cohort.stage_of(patient)) for patient in patients])
    effect, _, p = _permuted(labels, lambda sorting: _cramers_v(groups, sorting), sides=1)
    grave = p < SURE and effect > 0.3
    return Finding(
        **base,
        severity="warning" if grave else "notice" if p < LIKELY else "fine",
        message=f"The {name} of a patient and the stage are associated: V = {effect:.2f}."
        if p < LIKELY
        else f"The {name} does not tell the stage: V = {effect:.2f}.",
        remedy=f"A network can learn the {name} instead of the liver. Read results for each {name} apart, "
        "leave one out, or balance the stages within it."
        if p < LIKELY
        else "",
        effect=effect,
        expected=0.0,
        p=p,
    )


def _cramers_v(groups: NDArray[np.int64], sorting: Sorting) -> NDArray[np.float64]:
    """Bias-corrected V for each row of ``sorting`` (k, n); 0 none to 1 complete."""
    r, c, n = int(groups.max()) + 1, int(sorting.max()) + 1, sorting.shape[1]
    cells = (np.arange(len(sorting))[:, None] * r + groups) * c + sorting
    observed = np.bincount(cells.ravel(), minlength=len(sorting) * r * c).reshape(-1, r, c).astype(float)
    margin = observed.sum(2, keepdims=True) * observed.sum(1, keepdims=True) / n
    parts = np.divide((observed - margin) ** 2, margin, out=np.zeros_like(margin), where=margin > 0)
    chi2 = parts.sum((1, 2))
    columns = int((observed[0].sum(0) > 0).sum())
    phi2 = np.maximum(0.0, chi2 / n - (r - 1) * (columns - 1) / (n - 1))
    smaller = min(r - (r - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
    return np.asarray(np.sqrt(phi2 / smaller)) if smaller > 0 else np.zeros(len(sorting))


def _permuted(
    labels: NDArray[np.int64], statistic: Callable[[Sorting], NDArray[np.float64]], *, sides: int
) -> tuple[float, float, float]:
    """The statistic of ``labels``, its mean under shuffling, and the p-value (1/(k+1) at the least)."""
    if len(labels) < 2:
        return 0.0, 0.0, 1.0
    seen = float(statistic(labels[None, :])[0])
    generator = np.random.default_rng(0)
    drawn = np.concatenate(
        [
            statistic(generator.permuted(np.tile(labels, (count, 1)), axis=1))
            for count in _chunks(PERMUTATIONS, max(1, 2_000_000 // len(labels)))
        ]
    )
    mean = float(drawn.mean())
    extreme = np.abs(drawn) >= abs(seen) - 1e-12 if sides == 2 else drawn >= seen - 1e-12
    return seen, mean, float((1 + extreme.sum()) / (1 + len(drawn)))


def _chunks(total: int, size: int) -> list[int]:
    return [min(size, total - start) for start in range(0, total, size)]


def _sites(cohort: Cohort) -> dict[str, str]:
    return {
        str(patient): str(site)
        for patient, site in zip(cohort.index["patient"], cohort.index["site"], strict=True)
    }
