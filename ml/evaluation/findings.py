"""All that the report of a comparison holds, of a benchmark's rows and of an experiment's lines alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from plotly.graph_objects import Figure

from ml.evaluation.figures import optimism_figure, study_figures
from ml.evaluation.metrics import MetricValue, evaluate_predictions
from ml.evaluation.optimism import Optimism, optimism
from ml.evaluation.predictions import PredictionsRefused, select_level
from ml.evaluation.serum_risk import serum_areas, serum_risks
from ml.evaluation.study import CLINICAL_STAGES, Contender, Study, assess
from ml.spec import Protocol

Values = dict[str, dict[str, MetricValue]]
GAP_FIGURES = ("accuracy", "auc_macro")


@dataclass(frozen=True)
class Cases:
    """The patients behind the predictions.

    ``stages`` and ``sites`` by patient; ``serum`` APRI and FIB-4 (:func:`ml.evaluation.serum_scores`);
    ``parts``: of each division the patients whom a model may learn from, and those whom it is tested on.
    Without ``sites`` nothing is said site by site; ``notes`` are sentences about all this for the reader.
    """

    stages: Mapping[str, int]
    parts: Sequence[tuple[Sequence[str], Sequence[str]]]
    sites: Mapping[str, str]
    sites_left_out: bool = False
    serum: pd.DataFrame | None = None
    notes: Sequence[str] = ()


def parts_of(stages: Mapping[str, int], tested: pd.DataFrame) -> list[tuple[list[str], list[str]]]:
    """The ``parts`` of :class:`Cases` from predictions (columns ``repeat``, ``fold``, ``patient``): of each
    division those who are not tested in it, and those who are."""
    return [
        (sorted(stages.keys() - set(part["patient"])), sorted(set(part["patient"])))
        for _, part in tested.groupby(["repeat", "fold"])
    ]


@dataclass(frozen=True)
class Findings:
    """The study, and what stands beside it. ``site_patients`` counts the tested patients of each site."""

    study: Study
    serum: Values
    by_site: dict[str, Values]
    site_patients: dict[str, int]
    sites_left_out: bool
    gaps: list[Optimism]
    figures: dict[str, Figure]

    def as_json(self) -> dict[str, Any]:
        """What ``metrics.json`` says of it."""
        study = self.study
        return {
            "rows": {model.key: model.as_json() for model in study.models},
            "serum": _dumped(self.serum),
            "by_site": {site: _dumped(models) for site, models in self.by_site.items()},
            "site_patients": self.site_patients,
            "paired_patients": study.paired_patients,
            "tests": [test.model_dump(mode="json") for test in study.tests],
            "decision": {
                f"ge_s{stage}": [curve.model_dump() for curve in curves]
                for stage, curves in study.decision.items()
            },
            "decision_serum": {
                f"ge_s{stage}": {
                    scores: [curve.model_dump() for curve in curves] for scores, curves in found.items()
                }
                for stage, found in study.decision_serum.items()
            },
            "optimism": [gap.model_dump(mode="json") for gap in self.gaps],
            "notes": study.notes,
        }


def find(
    contenders: Sequence[Contender],
    cases: Cases,
    *,
    marks: Sequence[str],
    protocol: Protocol = Protocol.STRICT,
    other: Mapping[str, pd.DataFrame] | None = None,
    resamples: int = 2000,
) -> Findings:
    """Assess ``contenders``, trained under ``protocol``.

    ``other`` are predictions by title of the same models under the other protocol, from which the
    optimism of the paper's is told; a model that only one of both has is left out, and a note says so
    where there is none in common.
    """
    risks = None
    notes = list(cases.notes)
    if cases.serum is not None and cases.serum.notna().to_numpy().any():
        risks = {
            stage: serum_risks(cases.serum, cases.stages, cases.parts, stage=stage, notes=notes)
            for stage in CLINICAL_STAGES
        }
    study = assess(contenders, serum=risks, resamples=resamples)
    study.notes.extend(notes)
    tested = {patient for _, part in cases.parts for patient in part}
    by_site, site_patients = sites_of(study, cases.sites, resamples=resamples)
    gaps = _gaps(study, protocol, other, resamples)
    figures = study_figures(study, watermark=list(marks))
    if gaps:
        figures |= {
            f"optimism-{metric}": optimism_figure(gaps, metric=metric, watermark=list(marks))
            for metric in GAP_FIGURES
        }
    return Findings(
        study=study,
        serum=serum_areas(cases.serum, cases.stages, tested) if cases.serum is not None else {},
        by_site=by_site,
        site_patients=site_patients,
        sites_left_out=cases.sites_left_out,
        gaps=gaps,
        figures=figures,
    )


def sites_of(
    study: Study, site_of: Mapping[str, str], *, resamples: int = 2000
) -> tuple[dict[str, Values], dict[str, int]]:
    """Metrics of each model on the tested patients of each site, and how many those are.

    Both are empty where all tested patients are of one site, or no site is known.
    """
    patients: dict[str, set[str]] = {}
    for model in study.models:
        for patient in select_level(model.test, "patient")["patient"].unique():
            if patient in site_of:
                patients.setdefault(site_of[patient], set()).add(patient)
    if len(patients) < 2:
        return {}, {}
    found: dict[str, Values] = {}
    for site in sorted(patients):
        tables = {
            model.title: model.test[model.test["patient"].isin(patients[site])] for model in study.models
        }
        found[site] = {
            title: evaluate_predictions(table, resamples=resamples)
            for title, table in tables.items()
            if len(table)
        }
    return found, {site: len(patients[site]) for site in sorted(patients)}


def _gaps(
    study: Study, protocol: Protocol, other: Mapping[str, pd.DataFrame] | None, resamples: int
) -> list[Optimism]:
    """Paper minus strict, by image (the paper's unit), for the models that both have."""
    if not other:
        return []
    here = study.by_title()
    strict, paper = (here, other) if protocol is Protocol.STRICT else (other, here)
    try:
        return optimism(strict, paper, unit="image", resamples=resamples)
    except PredictionsRefused as refused:
        study.notes.append(f"Optimism of the paper's protocol: {refused.message}.")
        return []


def _dumped(models: Values) -> dict[str, Any]:
    return {
        title: {name: value.model_dump() for name, value in values.items()}
        for title, values in models.items()
    }
