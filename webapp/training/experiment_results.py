"""What the finished lines of an experiment say together: the same assessment as ``python -m ml benchmark``.

Computed from the predictions that the runs left, once per set of finished runs: they never change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from ml.evaluation import Contender, read_predictions, serum_risks, serum_scores
from ml.evaluation.figures import comparison_table
from ml.evaluation.findings import Cases, Findings, find, parts_of
from ml.evaluation.study import CLINICAL_STAGES
from ml.spec import Protocol
from webapp.datasets.models import DatasetMember, DatasetVersion
from webapp.patients.models import ClinicalValues
from webapp.training.comparison import is_finished
from webapp.training.models import DesignKind, Experiment, ExperimentRow, Run
from webapp.training.outcomes import finished_folder, plain, predictions_of, watermark_of

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
    """The findings of the complete lines, and the words that must stand on them."""

    lines: tuple[Line, ...]
    findings: Findings
    marks: tuple[str, ...]


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
    complete = complete_lines(experiment)
    if not complete:
        return None
    counterpart = other_half(experiment)
    beside = complete_lines(counterpart) if counterpart is not None else ()
    return _held(_Asked((_key(complete), _key(beside)), experiment, complete, beside))


def complete_lines(experiment: Experiment) -> tuple[Line, ...]:
    """The lines whose runs are all finished."""
    return tuple(line for line in lines_of(experiment) if line.is_complete)


def other_half(experiment: Experiment) -> Experiment | None:
    """The one under the other protocol: what this was put beside, or the newest that was put beside this."""
    pk = experiment.beside_id
    if pk is None:
        newest = experiment.beside_this.order_by("-created_at").values_list("pk", flat=True)
        pk = newest.first()
    return None if pk is None else Experiment.objects.with_rows().filter(pk=pk).first()


def _key(lines: tuple[Line, ...]) -> tuple[Any, ...]:
    return tuple((line.number, line.title, tuple(str(row.run_id) for row in line.rows)) for line in lines)


@dataclass(frozen=True, eq=False)
class _Asked:
    """A question that equals another about the same finished runs."""

    key: tuple[Any, ...]
    experiment: Experiment
    lines: tuple[Line, ...]
    beside: tuple[Line, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and (self.experiment.pk, self.key) == (
            other.experiment.pk,
            other.key,
        )

    def __hash__(self) -> int:
        return hash((self.experiment.pk, self.key))


@lru_cache(maxsize=16)
def _held(asked: _Asked) -> Results:
    experiment = asked.experiment
    contenders = [_contender(line) for line in asked.lines]
    marks = tuple(watermark_of(*(row.run for line in asked.lines for row in line.rows)))
    findings = find(
        contenders,
        _cases(experiment, contenders),
        marks=marks,
        protocol=Protocol(experiment.protocol),
        other={line.title: _contender(line).test for line in asked.beside},
    )
    return Results(lines=asked.lines, findings=findings, marks=marks)


def _cases(experiment: Experiment, contenders: Sequence[Contender]) -> Cases:
    """The patients of the datasets. Under the paper's protocol all are in all parts, so no sites."""
    versions = versions_of(experiment)
    members = DatasetMember.objects.filter(dataset__in=versions)
    stages = dict(members.values_list("pseudonym", "stage"))
    strict = experiment.protocol == Protocol.STRICT
    return Cases(
        stages=stages,
        parts=parts_of(stages, pd.concat([one.test[["repeat", "fold", "patient"]] for one in contenders])),
        sites=dict(members.values_list("pseudonym", "site__code")) if strict else {},
        sites_left_out=experiment.kind == DesignKind.SITES,
        serum=serum_of(*versions),
    )


def versions_of(whole: Experiment | Run) -> list[DatasetVersion]:
    """The datasets that it is of: the one that is trained on and, where there is one, the external."""
    return [whole.dataset, *([whole.external] if whole.external is not None else [])]


def _contender(line: Line) -> Contender:
    test = [
        predictions_of(row.run).assign(model=line.title, repeat=row.repeat, fold=row.fold)
        for row in line.rows
    ]
    kept = [row for row in line.rows if (finished_folder(row.run) / VALIDATION).is_file()]
    validation = [
        read_predictions(finished_folder(row.run) / VALIDATION).assign(
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


def serum_of(*versions: DatasetVersion) -> pd.DataFrame | None:
    """APRI and FIB-4 of the versions' patients, from their current clinical values."""
    members = DatasetMember.objects.filter(dataset__in=versions).values("patient")
    values = ClinicalValues.objects.current().filter(patient__in=members)
    rows = list(values.values("patient__pseudonym", "age_years", "ast", "alt", "platelets"))
    if not rows:
        return None
    table = pd.DataFrame(rows).rename(columns={"age_years": "age"}).drop_duplicates("patient__pseudonym")
    return serum_scores(table.set_index("patient__pseudonym"))


def serum_risks_of(
    scores: pd.DataFrame | None, versions: Sequence[DatasetVersion], tested: pd.DataFrame
) -> dict[int, dict[str, dict[str, float]]]:
    """Fitted, fold by fold, on the patients that the fold does not test."""
    if scores is None:
        return {}
    members = DatasetMember.objects.filter(dataset__in=versions)
    stages = dict(members.values_list("pseudonym", "stage"))
    divisions = parts_of(stages, tested)
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
            "by_site": [],
            "sites_left_out": False,
            "optimism": [],
            "notes": [],
            "complete": 0,
            "total": len(lines),
            "figures": {},
        }
    findings = results.findings
    study = findings.study
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
        "serum": _dumped(findings.serum),
        "by_site": [
            {"site": site, "patients": findings.site_patients[site], "models": _dumped(models)}
            for site, models in findings.by_site.items()
        ],
        "sites_left_out": findings.sites_left_out,
        "optimism": [gap.model_dump(mode="json") for gap in findings.gaps],
        "notes": study.notes,
        "complete": len(results.lines),
        "total": len(lines),
        "figures": {name: plain(figure) for name, figure in findings.figures.items()},
    }


def _dumped(table: Any) -> dict[str, dict[str, Any]]:
    return {
        name: {metric: value.model_dump() for metric, value in values.items()}
        for name, values in table.items()
    }


def tested_patients(models: Sequence[Any]) -> int:
    """The most patients that one of the models was tested on."""
    return max((model.patients for model in models), default=0)
