"""Runs patient by patient: who is called what, the cases behind a cell, decision curves, exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from ml.evaluation import MetricValue, PredictionsRefused, decision_comparisons
from ml.evaluation.figures import decision_figures as figures_of
from ml.evaluation.predictions import PROBABILITY_COLUMNS, select_level
from ml.evaluation.sheets import Sheet
from ml.evaluation.study import CLINICAL_STAGES
from ml.spec import STAGE_LABELS
from webapp.datasets.models import DatasetMember
from webapp.imaging.models import Image
from webapp.patients.models import Exam
from webapp.training.comparison import is_finished, labels_of, metric_table
from webapp.training.experiment_results import serum_of, serum_risks_of, versions_of
from webapp.training.models import Run
from webapp.training.outcomes import plain, predictions_of, watermark_of

if TYPE_CHECKING:
    from webapp.accounts.models import User


def disagreement(runs: Sequence[Run], user: User) -> dict[str, Any]:
    """One row a patient whom every finished run tested, with each run's answer.

    A patient's case is named only where the reader may see the patient: a dataset may hold patients of
    sites that the reader has left.
    """
    finished = [run for run in runs if is_finished(run)]
    tables = [_people(run) for run in finished]
    shared = sorted(set.intersection(*(set(table.index) for table in tables))) if tables else []
    known = _cases(finished, shared, user)
    rows = []
    for patient in shared:
        truth = int(tables[0].loc[patient, "truth"])
        answers = []
        for table in tables:
            probabilities = table.loc[patient, PROBABILITY_COLUMNS].to_numpy(dtype=float)
            stage = int(probabilities.argmax())
            answers.append({"stage": STAGE_LABELS[stage], "probability": float(probabilities[stage])})
        rows.append(
            {
                "patient": patient,
                "truth": STAGE_LABELS[truth],
                "answers": answers,
                "differs": len({answer["stage"] for answer in answers}) > 1,
                **known.get(patient, {"exam": None, "images": []}),
            }
        )
    rows.sort(key=lambda row: (not row["differs"], row["truth"], row["patient"]))
    return {"labels": labels_of(finished), "runs": [str(run.pk) for run in finished], "patients": rows}


def _people(run: Run) -> pd.DataFrame:
    """Patient rows; of several repeats the mean."""
    table = select_level(predictions_of(run), "patient")
    return table.groupby("patient")[["truth", *PROBABILITY_COLUMNS]].mean()


def _cases(runs: Sequence[Run], patients: Sequence[str], user: User) -> dict[str, dict[str, Any]]:
    """Newest exam and its images, by pseudonym, of the patients whom the reader may see."""
    datasets = {run.tested_on.pk for run in runs}
    if len(datasets) != 1:
        return {}
    members = DatasetMember.objects.filter(dataset__in=datasets, pseudonym__in=patients)
    owners = dict(members.values_list("patient_id", "pseudonym"))
    exams: dict[Any, Any] = {}
    visible = Exam.objects.filter(patient__in=owners)
    if not user.is_administrator:
        visible = visible.filter(patient__site__in=user.site_ids())
    for exam in visible.order_by("exam_date", "created_at"):
        exams[exam.patient_id] = exam.pk
    images: dict[Any, list[dict[str, str]]] = {}
    for image in Image.objects.usable().filter(exam__in=exams.values()).order_by("band", "created_at"):
        images.setdefault(image.exam_id, []).append({"id": str(image.pk), "band": image.band})
    return {
        owners[patient]: {"exam": str(exam), "images": images.get(exam, [])}
        for patient, exam in exams.items()
    }


def decision_figures(runs: Sequence[Run]) -> dict[str, Any]:
    """Decision curves by finding (``ge-s2``), and of those who have APRI or FIB-4 (``ge-s2-apri-fib-4``)
    where not all have; none unless the runs were tested on patients in common of one dataset."""
    finished = tuple(run for run in runs if is_finished(run))
    if not finished or len({run.tested_on.pk for run in finished}) > 1:
        return {}
    return _held_decision(finished)


@lru_cache(maxsize=32)
def _held_decision(finished: tuple[Run, ...]) -> dict[str, Any]:
    tables = dict(zip(labels_of(finished), (predictions_of(run) for run in finished), strict=True))
    versions = versions_of(finished[0])
    risks = serum_risks_of(serum_of(*versions), versions, next(iter(tables.values())))
    figures: dict[str, Any] = {}
    for stage in CLINICAL_STAGES:
        try:
            found = decision_comparisons(tables, stage=stage, serum=risks.get(stage))
        except PredictionsRefused:  # nobody whom all tested
            return {}
        made = figures_of(found, stage=stage, watermark=watermark_of(*finished))
        figures |= {name: plain(figure) for name, figure in made.items()}
    return figures


def metrics_sheet(runs: Sequence[Run]) -> Sheet:
    """The metrics of a comparison as a table to keep."""
    rows = metric_table(runs, level="metrics")
    return Sheet(
        "Test part, by patient, with 95 % intervals over patients.",
        ("Metric", *labels_of(runs)),
        [
            (row["label"], *(None if value is None else MetricValue(**value) for value in row["values"]))
            for row in rows
        ],
    )


def patients_csv(runs: Sequence[Run], user: User) -> str:
    """The disagreement as a table: patient, truth, and stage and probability by each run."""
    found = disagreement(runs, user)
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    head = [part for label in found["labels"] for part in (label, f"{label} probability")]
    writer.writerow(["patient", "truth", "differs", *head])
    for row in found["patients"]:
        cells = [part for one in row["answers"] for part in (one["stage"], f"{one['probability']:.4f}")]
        writer.writerow([row["patient"], row["truth"], int(row["differs"]), *cells])
    return sink.getvalue()
