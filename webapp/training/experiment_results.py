"""What the finished lines of an experiment say together: the same assessment as ``python -m ml benchmark``.

Computed from the predictions that the runs left, once per set of finished runs: they never change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from ml.evaluation import (
    Contender,
    MetricValue,
    Study,
    assess,
    read_predictions,
    serum_areas,
    serum_risks,
    serum_scores,
)
from ml.evaluation.figures import comparison_table, study_figures
from ml.evaluation.study import CLINICAL_STAGES
from webapp.datasets.models import DatasetMember, DatasetVersion
from webapp.patients.models import ClinicalValues
from webapp.training.comparison import is_finished
from webapp.training.models import Experiment, ExperimentRow
from webapp.training.outcomes import plain, predictions_of, watermark_of

VALIDATION = "validation.csv"


@dataclass(frozen=True)
class Line:
    """One line of the table: a model, over all its folds."""

    number: int
    title: str
    rows: tuple[ExperimentRow, ...]

    @property
    def preset(self) -> str:
        return self.rows[0].run.preset

    @property
    def finished(self) -> int:
        return sum(is_finished(row.run) for row in self.rows)

    @property
    def is_complete(self) -> bool:
        return self.finished == len(self.rows)


@dataclass(frozen=True)
class Results:
    """The study of the complete lines, and what belongs to it."""

    lines: tuple[Line, ...]
    study: Study
    serum: dict[str, dict[str, MetricValue]]
    marks: tuple[str, ...]
    figures: dict[str, Any]


def lines_of(experiment: Experiment) -> list[Line]:
    """The lines of the table in order, titles made different where two share one."""
    grouped: dict[int, list[ExperimentRow]] = {}
    for row in experiment.rows.all():
        grouped.setdefault(row.line, []).append(row)
    titles = [rows[0].title for rows in grouped.values()]
    return [
        Line(
            number,
            rows[0].title if titles.count(rows[0].title) == 1 else f"{rows[0].title} ({number})",
            tuple(rows),
        )
        for number, rows in grouped.items()
    ]


def results_of(experiment: Experiment) -> Results | None:
    """The assessment of the lines whose runs are all finished; ``None`` while there is none."""
    complete = tuple(line for line in lines_of(experiment) if line.is_complete)
    if not complete:
        return None
    key = tuple((line.number, line.title, tuple(str(row.run_id) for row in line.rows)) for line in complete)
    return _held(_Asked(key, experiment, complete))


@dataclass(frozen=True, eq=False)
class _Asked:
    """A question that equals another about the same finished runs."""

    key: tuple[Any, ...]
    experiment: Experiment
    lines: tuple[Line, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and (self.experiment.pk, self.key) == (
            other.experiment.pk,
            other.key,
        )

    def __hash__(self) -> int:
        return hash((self.experiment.pk, self.key))


@lru_cache(maxsize=16)
def _held(asked: _Asked) -> Results:
    contenders = [_contender(line) for line in asked.lines]
    scores = serum_of(asked.experiment.dataset)
    study = assess(contenders, serum=serum_risks_of(scores, asked.experiment.dataset, contenders[0].test))
    tested = sorted(set(contenders[0].test["patient"]))
    marks = tuple(watermark_of(*(row.run for line in asked.lines for row in line.rows)))
    return Results(
        lines=asked.lines,
        study=study,
        serum=serum_areas(scores, _stages(asked.experiment.dataset), tested) if scores is not None else {},
        marks=marks,
        figures=study_figures(study, watermark=list(marks)),
    )


def _contender(line: Line) -> Contender:
    test = [
        predictions_of(row.run).assign(model=line.title, repeat=row.repeat, fold=row.fold)
        for row in line.rows
    ]
    kept = [row for row in line.rows if (row.run.workdir / VALIDATION).is_file()]
    validation = [
        read_predictions(row.run.workdir / VALIDATION).assign(
            model=line.title, repeat=row.repeat, fold=row.fold
        )
        for row in kept
    ]
    return Contender(
        key=f"line-{line.number}",
        title=line.title,
        test=pd.concat(test, ignore_index=True),
        validation=pd.concat(validation, ignore_index=True) if len(kept) == len(line.rows) else None,
        seconds=sum(seconds_of(row) or 0.0 for row in line.rows),
    )


def seconds_of(row: ExperimentRow) -> float | None:
    """How long a run took, from its last start to its end."""
    job = row.run.job
    if job.started_at is None or job.finished_at is None:
        return None
    return (job.finished_at - job.started_at).total_seconds()


def _stages(dataset: DatasetVersion) -> dict[str, int]:
    return dict(DatasetMember.objects.filter(dataset=dataset).values_list("pseudonym", "stage"))


def serum_of(dataset: DatasetVersion) -> pd.DataFrame | None:
    """APRI and FIB-4 of the version's patients, from their current clinical values."""
    members = DatasetMember.objects.filter(dataset=dataset).values("patient")
    values = ClinicalValues.objects.current().filter(patient__in=members)
    rows = list(values.values("patient__pseudonym", "age_years", "ast", "alt", "platelets"))
    if not rows:
        return None
    table = pd.DataFrame(rows).rename(columns={"age_years": "age"}).drop_duplicates("patient__pseudonym")
    return serum_scores(table.set_index("patient__pseudonym"))


def serum_risks_of(
    scores: pd.DataFrame | None, dataset: DatasetVersion, tested: pd.DataFrame
) -> dict[int, dict[str, dict[str, float]]]:
    """Fitted, fold by fold, on the patients that the fold does not test."""
    if scores is None:
        return {}
    stages = _stages(dataset)
    divisions = [
        (sorted(stages.keys() - set(part["patient"])), sorted(set(part["patient"])))
        for _, part in tested.groupby(["repeat", "fold"])
    ]
    return {stage: serum_risks(scores, stages, divisions, stage=stage) for stage in CLINICAL_STAGES}


def as_answer(experiment: Experiment) -> dict[str, Any]:
    """The results as the API gives them; the lists are empty while no line is complete."""
    results = results_of(experiment)
    lines = lines_of(experiment)
    if results is None:
        return {
            "titles": [],
            "lines": [],
            "metrics": [],
            "stages": [],
            "operating_points": [],
            "tests": [],
            "paired_patients": 0,
            "serum": {},
            "notes": [],
            "complete": 0,
            "total": len(lines),
            "figures": {},
        }
    study = results.study
    return {
        "titles": [model.title for model in study.models],
        "lines": [line.number for line in results.lines],
        "metrics": comparison_table({model.title: model.patient for model in study.models}),
        "stages": [
            {
                "title": model.title,
                "stage": stage,
                "n": model.stage_patients[stage],
                **{
                    name: values[name].model_dump()
                    for name in ("sensitivity", "specificity", "precision", "auc")
                },
            }
            for model in study.models
            for stage, values in model.stages.items()
        ],
        "operating_points": [
            {"title": model.title, **point.model_dump(mode="json")}
            for model in study.models
            for point in model.operating
        ],
        "tests": [test.model_dump(mode="json") for test in study.tests],
        "paired_patients": study.paired_patients,
        "serum": {
            name: {metric: value.model_dump() for metric, value in values.items()}
            for name, values in results.serum.items()
        },
        "notes": study.notes,
        "complete": len(results.lines),
        "total": len(lines),
        "figures": {name: plain(figure) for name, figure in results.figures.items()},
    }


def tested_patients(models: Sequence[Any]) -> int:
    """The most patients that one of the models was tested on."""
    return max((model.patients for model in models), default=0)
