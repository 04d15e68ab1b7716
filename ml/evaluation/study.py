"""Several models over one design, assessed together: what a benchmark and an experiment have in common.

How repeats enter: a metric is computed within each repeat, over all its folds, and averaged over the
repeats; one draw of patients serves all repeats, so an interval is over patients and not narrower for
having trained more often. Paired tests take a patient's mean probabilities over the repeats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ml.evaluation.decision import DecisionCurve, decision_comparisons, target_label
from ml.evaluation.metrics import MetricValue, evaluate_predictions, evaluate_stages
from ml.evaluation.operating import RULES, PooledOperatingResult, operate_over_folds
from ml.evaluation.paired import PairedTest, compare_models
from ml.evaluation.predictions import PredictionsRefused, select_level

CLINICAL_STAGES = (2, 3, 4)  # significant fibrosis, advanced fibrosis, cirrhosis (science.md §1)

SerumRisks = Mapping[int, Mapping[str, Mapping[str, float]]]
"""Stage → name of a serum score → patient → probability of "at least that stage"."""


@dataclass(frozen=True)
class Contender:
    """One model: its predictions on what it was tested on, over all repeats and folds.

    ``validation`` holds the same for the validation parts; without it there are no operating points.
    """

    key: str
    title: str
    test: pd.DataFrame
    validation: pd.DataFrame | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Assessed:
    """A contender with its numbers."""

    key: str
    title: str
    test: pd.DataFrame
    seconds: float | None
    patients: int
    patient: dict[str, MetricValue]
    image: dict[str, MetricValue]
    stages: dict[str, dict[str, MetricValue]]
    stage_patients: dict[str, int]
    operating: list[PooledOperatingResult]

    def as_json(self) -> dict[str, Any]:
        """What ``metrics.json`` says of it."""
        return {
            "title": self.title,
            "seconds": self.seconds,
            "patients": self.patients,
            "patient": _dumped(self.patient),
            "image": _dumped(self.image),
            "stages": {
                stage: {"n": self.stage_patients[stage], **_dumped(values)}
                for stage, values in self.stages.items()
            },
            "operating_points": [point.model_dump(mode="json") for point in self.operating],
        }


@dataclass(frozen=True)
class Study:
    """The whole comparison. ``notes`` are sentences that belong beside the numbers.

    ``decision`` are by stage the curves over all patients whom every model predicts; ``decision_serum`` those
    over the patients who have a serum score, by its name, where not all of them do.
    """

    models: list[Assessed]
    tests: list[PairedTest]
    paired_patients: int
    decision: dict[int, list[DecisionCurve]]
    decision_serum: dict[int, dict[str, list[DecisionCurve]]]
    notes: list[str] = field(default_factory=list)

    def by_title(self) -> dict[str, pd.DataFrame]:
        return {model.title: model.test for model in self.models}


def assess(
    contenders: Sequence[Contender], *, serum: SerumRisks | None = None, resamples: int = 2000
) -> Study:
    """Metrics, per-stage values, operating points, paired tests and decision curves of all contenders.

    Without ``serum`` the patients have no serum values; where it is empty, too few of them have.
    """
    notes: list[str] = []
    models = [_assess_one(contender, notes, resamples) for contender in contenders]
    tests, paired = _paired(models, notes, resamples)
    decision, decision_serum = _decision(models, serum, notes, resamples)
    return Study(
        models=models,
        tests=tests,
        paired_patients=paired,
        decision=decision,
        decision_serum=decision_serum,
        notes=list(dict.fromkeys(notes)),
    )


def _assess_one(contender: Contender, notes: list[str], resamples: int) -> Assessed:
    people = select_level(contender.test, "patient")
    once = people.drop_duplicates("patient")["truth"]
    stages = evaluate_stages(contender.test, resamples=resamples)
    try:
        image = evaluate_predictions(contender.test, level="image", resamples=resamples)
    except PredictionsRefused:  # a table of patients alone
        image = {}
    return Assessed(
        key=contender.key,
        title=contender.title,
        test=contender.test,
        seconds=contender.seconds,
        patients=len(once),
        patient=evaluate_predictions(contender.test, resamples=resamples),
        image=image,
        stages=stages,
        stage_patients={label: int((once == place).sum()) for place, label in enumerate(stages)},
        operating=_operating(contender, notes, resamples),
    )


def _operating(contender: Contender, notes: list[str], resamples: int) -> list[PooledOperatingResult]:
    if contender.validation is None:
        notes.append(f"{contender.title}: no validation predictions, so no operating points.")
        return []
    found = []
    for stage in CLINICAL_STAGES:
        for rule in RULES:
            try:
                found.append(
                    operate_over_folds(
                        contender.validation, contender.test, stage=stage, rule=rule, resamples=resamples
                    )
                )
            except PredictionsRefused as refused:
                notes.append(f"{contender.title}: {refused.message}.")
    return found


def _paired(models: Sequence[Assessed], notes: list[str], resamples: int) -> tuple[list[PairedTest], int]:
    """Tests over the patients whom every model predicts; a band model may have tested others, too."""
    tested = [set(select_level(model.test, "patient")["patient"]) for model in models]
    shared = set.intersection(*tested)
    if len(models) < 2 or not shared:
        return [], len(shared)
    if any(patients != shared for patients in tested):
        notes.append(f"Paired tests are over the {len(shared)} patients whom every model predicts.")
    frames = {model.title: model.test[model.test["patient"].isin(shared)] for model in models}
    return compare_models(frames, resamples=resamples), len(shared)


def _decision(
    models: Sequence[Assessed], serum: SerumRisks | None, notes: list[str], resamples: int
) -> tuple[dict[int, list[DecisionCurve]], dict[int, dict[str, list[DecisionCurve]]]]:
    """The curves over everybody, and those over the patients who have a serum score; notes say who is left
    out of which."""
    frames = {model.title: model.test for model in models}
    most = max((model.patients for model in models), default=0)
    curves: dict[int, list[DecisionCurve]] = {}
    beside: dict[int, dict[str, list[DecisionCurve]]] = {}
    fewer: dict[tuple[str, int, int], list[str]] = {}
    for stage in CLINICAL_STAGES:
        known = (serum or {}).get(stage, {})
        try:
            found = decision_comparisons(frames, stage=stage, serum=known, resamples=resamples)
        except PredictionsRefused as refused:
            notes.append(f"Decision curve for S{stage}: {refused.message}.")
            continue
        curves[stage] = found.pop("")
        beside[stage] = found
        everybody = curves[stage][0].patients
        if everybody < most:
            notes.append(f"Decision curves are over the {everybody} patients whom every model predicts.")
        for scores, over in found.items():
            fewer.setdefault((scores, over[0].patients, everybody), []).append(target_label(stage))
        shown = {curve.name for over in (curves[stage], *found.values()) for curve in over}
        notes += [
            f"{score}: no tested patient has a probability of {target_label(stage)} from it."
            for score in known
            if score not in shown
        ]
    for (scores, patients, everybody), targets in fewer.items():
        notes.append(
            f"{scores}: decision curves of their own for {', '.join(targets)}, "
            f"over {patients} of {everybody} tested patients."
        )
    if serum is None:
        notes.append("The cohort has no serum values, so APRI and FIB-4 are not compared.")
    elif not any(serum.values()):
        notes.append("Too few patients have APRI or FIB-4 for decision curves with them.")
    return curves, beside


def _dumped(values: Mapping[str, MetricValue]) -> dict[str, Any]:
    return {name: value.model_dump() for name, value in values.items()}
