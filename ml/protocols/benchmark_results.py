"""From finished trainings to the files of a benchmark: metrics, predictions, tables, figures, report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ml.cohort import Cohort
from ml.evaluation import (
    Contender,
    MetricValue,
    Optimism,
    Study,
    assess,
    evaluate_predictions,
    optimism,
    read_predictions,
    serum_areas,
    serum_risks,
    serum_scores,
    write_predictions,
)
from ml.evaluation.figures import PAPER_PROTOCOL, SIMULATED, optimism_figure, study_figures
from ml.evaluation.sheets import operating_sheet, paired_sheet, stage_sheet
from ml.evaluation.study import CLINICAL_STAGES
from ml.evaluation.study_report import study_report
from ml.evaluation.table import as_csv, as_html, as_tex, table_rows
from ml.models.folder import write_whole
from ml.protocols.design import Design, Division
from ml.protocols.record import git_commit, now, versions, write_json
from ml.protocols.results import write_figures
from ml.protocols.rows import QUICK_WORDS, Row
from ml.spec import HepaStageError, Protocol, Split

REPORTED_NOTE = "Rows marked as reported are the paper's: other data, by image, augmented before the split."


class OtherBenchmarkRefused(HepaStageError):
    """A work directory that cannot be set beside this benchmark."""

    code = "benchmark-beside-refused"
    remedy = "Give the work directory of a finished benchmark under the other protocol."


@dataclass(frozen=True)
class Outcome:
    """A row and where it was trained, division by division."""

    row: Row
    trained: list[tuple[Division, Path]]

    def contender(self) -> Contender:
        """Its predictions over all divisions, with ``repeat`` and ``fold`` filled in."""
        validation = [
            (division, folder) for division, folder in self.trained if (folder / "validation.csv").is_file()
        ]
        whole = len(validation) == len(self.trained)
        return Contender(
            key=self.row.key,
            title=self.row.title,
            test=self._gathered(self.trained, "predictions.csv"),
            validation=self._gathered(validation, "validation.csv") if whole else None,
            seconds=sum(
                json.loads((folder / "run.json").read_text("utf-8"))["seconds"] for _, folder in self.trained
            ),
        )

    def _gathered(self, places: Sequence[tuple[Division, Path]], name: str) -> pd.DataFrame:
        parts = [
            read_predictions(folder / name).assign(
                model=self.row.title, repeat=division.repeat, fold=division.fold
            )
            for division, folder in places
        ]
        return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True)
class OtherBenchmark:
    """The finished benchmark under the other protocol."""

    protocol: Protocol
    metrics: dict[str, Any]
    frames: dict[str, pd.DataFrame]


def beside_of(workdir: Path, protocol: Protocol) -> OtherBenchmark:
    """Read a benchmark that is to stand beside one under ``protocol``."""
    try:
        metrics = json.loads((workdir / "metrics.json").read_text("utf-8"))
        held = Protocol(metrics["protocol"])
        table = read_predictions(workdir / "predictions.csv")
    except (OSError, ValueError, KeyError) as error:
        raise OtherBenchmarkRefused(f"{workdir} holds no finished benchmark: {error}.") from error
    if held is protocol:
        raise OtherBenchmarkRefused(f"{workdir} is under the protocol {held}, too.")
    return OtherBenchmark(
        held, metrics, {str(name): rows for name, rows in table.groupby("model", sort=False)}
    )


def write_benchmark(
    workdir: Path,
    cohort: Cohort,
    design: Design,
    made: Sequence[Division],
    outcomes: Sequence[Outcome],
    *,
    quick: bool,
    other: OtherBenchmark | None,
    elapsed: float,
) -> dict[str, Any]:
    """Assess the finished trainings, write every file and return their names."""
    scores = serum_scores(cohort.clinical) if cohort.clinical is not None else None
    study = assess([outcome.contender() for outcome in outcomes], serum=_risks(scores, cohort, made))
    tested = {patient for division in made for patient in division.cohort.patients(Split.TEST)}
    stages = {patient: int(stage) for patient, stage in cohort.stages.items()}
    facts: dict[str, Any] = {
        "protocol": str(design.protocol),
        "design": design.as_json(),
        "design_words": design.words([division.parts() for division in made]),
        "divisions": [
            {
                "repeat": d.repeat,
                "fold": d.fold,
                "name": d.name,
                "split_hash": d.cohort.split_hash,
                **d.parts(),
            }
            for d in made
        ],
        "simulated": cohort.simulated,
        "dataset_hash": cohort.dataset_hash,
        "seed": design.seed,
        "quick": quick,
        "versions": versions(),
        "git_commit": git_commit(),
        "finished_at": now(),
        "seconds": sum(model.seconds or 0.0 for model in study.models),
        "split": "test",
    }
    serum = serum_areas(scores, stages, tested) if scores is not None else {}
    by_site = _by_site(study, design, made)
    gaps = _optimism(study, design, other)
    everything = {
        **facts,
        "rows": {model.key: model.as_json() for model in study.models},
        "serum": {name: {k: v.model_dump() for k, v in values.items()} for name, values in serum.items()},
        "by_site": {
            site: {title: {k: v.model_dump() for k, v in values.items()} for title, values in models.items()}
            for site, models in by_site.items()
        },
        "paired_patients": study.paired_patients,
        "tests": [test.model_dump(mode="json") for test in study.tests],
        "decision": {
            f"ge_s{stage}": [c.model_dump() for c in curves] for stage, curves in study.decision.items()
        },
        "optimism": [gap.model_dump(mode="json") for gap in gaps],
        "notes": study.notes,
    }
    write_json(workdir / "metrics.json", everything)
    write_predictions(
        workdir / "predictions.csv", pd.concat([model.test for model in study.models], ignore_index=True)
    )
    caption = _caption(facts, study)
    lines = table_rows({model.key: everything["rows"][model.key] for model in study.models})
    write_json(workdir / "table1.json", {"caption": caption, "rows": lines})
    table2 = stage_sheet(study)
    paired = paired_sheet(study)
    for name, text in {
        "table1.csv": as_csv(lines),
        "table1.html": as_html(lines, caption=caption),
        "table1.tex": as_tex(lines, caption=caption),
        "table2.csv": table2.as_csv(),
        "table2.tex": table2.as_tex(),
        "operating_points.csv": operating_sheet(study).as_csv(),
        "significance.csv": paired.as_csv(),
    }.items():
        write_whole(workdir / name, text.encode())
    marks = watermarks(cohort, design)
    figures = study_figures(study, watermark=marks)
    if gaps:
        figures |= {
            f"optimism-{metric}": optimism_figure(gaps, metric=metric, watermark=marks)
            for metric in ("accuracy", "auc_macro")
        }
    told = facts | {
        "title": "HepaStage benchmark",
        "warnings": [QUICK_WORDS] if quick else [],
        "repeat": {
            "Dataset hash": facts["dataset_hash"],
            "Protocol": facts["protocol"],
            "Seed": facts["seed"],
            "Commit": facts["git_commit"] or "not from a checkout",
            "Versions": ", ".join(f"{name} {version}" for name, version in facts["versions"].items()),
            "Finished": facts["finished_at"],
            "This session": f"{elapsed:.0f} s",
        },
    }
    report = study_report(study, told, figures, lines, marks=marks, serum=serum, by_site=by_site, gaps=gaps)
    write_whole(workdir / "report.html", report.as_html().encode())
    return {
        "metrics": "metrics.json",
        "predictions": "predictions.csv",
        "report": "report.html",
        "figures": write_figures(workdir, figures, pages=True),
        "table": {kind: f"table1.{kind}" for kind in ("csv", "json", "html", "tex")},
        "stages": {kind: f"table2.{kind}" for kind in ("csv", "tex")},
        "significance": "significance.csv",
    }


def watermarks(cohort: Cohort, design: Design) -> list[str]:
    """What has to stand on every figure."""
    marks = [SIMULATED] if cohort.simulated else []
    return [*marks, PAPER_PROTOCOL] if design.protocol is Protocol.PAPER else marks


def _risks(
    scores: pd.DataFrame | None, cohort: Cohort, made: Sequence[Division]
) -> dict[int, dict[str, dict[str, float]]]:
    """Serum scores as probabilities, fitted within each division on the patients that it does not test."""
    if scores is None:
        return {}
    stages = {patient: int(stage) for patient, stage in cohort.stages.items()}
    parts = [
        (
            [*d.cohort.patients(Split.TRAIN), *d.cohort.patients(Split.VALIDATION)],
            d.cohort.patients(Split.TEST),
        )
        for d in made
    ]
    return {stage: serum_risks(scores, stages, parts, stage=stage) for stage in CLINICAL_STAGES}


def _by_site(
    study: Study, design: Design, made: Sequence[Division]
) -> dict[str, dict[str, dict[str, MetricValue]]]:
    """Metrics of each model at each left-out site."""
    if design.kind != "sites":
        return {}
    return {
        division.name.removeprefix("site "): {
            model.title: evaluate_predictions(model.test[model.test["fold"] == division.fold])
            for model in study.models
            if (model.test["fold"] == division.fold).any()
        }
        for division in made
    }


def _optimism(study: Study, design: Design, other: OtherBenchmark | None) -> list[Optimism]:
    """Paper minus strict, by image (the paper's unit) and by patient, for the rows that both have."""
    if other is None:
        return []
    here = study.by_title()
    strict, paper = (here, other.frames) if design.protocol is Protocol.STRICT else (other.frames, here)
    return optimism(strict, paper, unit="image")


def _caption(facts: dict[str, Any], study: Study) -> str:
    """What the numbers are and are not."""
    patients = max(model.patients for model in study.models)
    parts = [facts["design_words"], f"{patients} tested patients, by patient, 95 % intervals over patients."]
    if facts["simulated"]:
        parts.append("Simulated data: not clinical performance.")
    if facts["quick"]:
        parts.append(QUICK_WORDS)
    return " ".join([*parts, REPORTED_NOTE])
