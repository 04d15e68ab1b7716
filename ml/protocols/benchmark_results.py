"""From finished trainings to the files of a benchmark: metrics, predictions, tables, figures, report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from ml.cohort import Cohort
from ml.cohort.design import Design, Division
from ml.evaluation import Contender, Study, read_predictions, serum_scores, write_predictions
from ml.evaluation.figures import PAPER_PROTOCOL, SIMULATED
from ml.evaluation.findings import Cases, find, parts_of
from ml.evaluation.sheets import operating_sheet, paired_sheet, stage_sheet
from ml.evaluation.study_report import study_report
from ml.evaluation.table import as_csv, as_html, as_tex, table_rows
from ml.models.folder import write_whole
from ml.protocols.record import git_commit, now, read_json, versions, write_json
from ml.protocols.results import write_figures
from ml.protocols.rows import QUICK_WORDS, Row
from ml.spec import HepaStageError, Protocol, Split

REPORTED_NOTE = "Rows marked as reported are the paper's: other data, by image, augmented before the split."


class OtherBenchmarkRefused(HepaStageError):
    """A work directory that cannot be set beside this benchmark."""

    code = "benchmark-beside-refused"
    remedy = (
        "Give the work directory of a finished benchmark of this cohort under the other protocol, "
        "both quick or neither."
    )


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
            seconds=sum(read_json(folder / "run.json")["seconds"] for _, folder in self.trained),
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

    def seed_words(self, design: Design) -> str:
        """What the reader has to know where both were begun with other seeds; empty where they were not."""
        seed = self.metrics.get("seed")
        if seed == design.seed:
            return ""
        return (
            f"The benchmark under the protocol {self.protocol} began with the seed {seed}, this one with "
            f"{design.seed}: the optimism holds what another seed does, too."
        )


def beside_of(workdir: Path, design: Design, cohort: Cohort, *, quick: bool) -> OtherBenchmark:
    """Read a benchmark that is to stand beside one of ``design`` on ``cohort``.

    Raises :class:`OtherBenchmarkRefused` unless it is a finished one of the same pictures and budget under
    the other protocol: the difference of anything else is not the protocol's.
    """
    protocol = design.protocol
    try:
        metrics = json.loads((workdir / "metrics.json").read_text("utf-8"))
        held = Protocol(metrics["protocol"])
        table = read_predictions(workdir / "predictions.csv")
    except (OSError, ValueError, KeyError) as error:
        raise OtherBenchmarkRefused(f"{workdir} holds no finished benchmark: {error}.") from error
    if held is protocol:
        raise OtherBenchmarkRefused(f"{workdir} is under the protocol {held}, too.")
    if design.kind == "external" or metrics.get("dataset_hash") != cohort.dataset_hash:
        raise OtherBenchmarkRefused(f"{workdir} is of another cohort.")
    if bool(metrics.get("quick")) is not quick:
        raise OtherBenchmarkRefused(
            f"Of {workdir} and this benchmark one is quick: other epochs, smaller pictures."
        )
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
    marks = watermarks(cohort, design)
    contenders = [outcome.contender() for outcome in outcomes]
    cases = _cases(cohort, design, made, contenders)
    if other is not None and other.seed_words(design):
        cases = replace(cases, notes=[*cases.notes, other.seed_words(design)])
    found = find(
        contenders,
        cases,
        marks=marks,
        protocol=design.protocol,
        other=other.frames if other is not None else None,
    )
    study = found.study
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
    everything = {**facts, **found.as_json()}
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
    report = study_report(found, told, lines, marks=marks)
    write_whole(workdir / "report.html", report.as_html().encode())
    return {
        "metrics": "metrics.json",
        "predictions": "predictions.csv",
        "report": "report.html",
        "figures": write_figures(workdir, found.figures, pages=True),
        "table": {kind: f"table1.{kind}" for kind in ("csv", "json", "html", "tex")},
        "stages": {kind: f"table2.{kind}" for kind in ("csv", "tex")},
        "significance": "significance.csv",
    }


def watermarks(cohort: Cohort, design: Design) -> list[str]:
    """What has to stand on every figure."""
    marks = [SIMULATED] if cohort.simulated else []
    return [*marks, PAPER_PROTOCOL] if design.protocol is Protocol.PAPER else marks


def _cases(
    cohort: Cohort, design: Design, made: Sequence[Division], contenders: Sequence[Contender]
) -> Cases:
    """The patients of every division.

    The paper's protocol has all patients in every part, so no sites; and whom it tested is what the
    predictions say, since the parts of the cohort are not those of the copies.
    """
    stages = {patient: int(stage) for patient, stage in cohort.stages.items()}
    sites: dict[str, str] = {}
    notes: list[str] = []
    if design.protocol is Protocol.PAPER:
        tested = pd.concat([one.test[["repeat", "fold", "patient"]] for one in contenders])
        parts = parts_of(stages, tested)
    else:
        parts = [
            (
                [*d.cohort.patients(Split.TRAIN), *d.cohort.patients(Split.VALIDATION)],
                d.cohort.patients(Split.TEST),
            )
            for d in made
        ]
        sites, notes = _sites(cohort)
    return Cases(
        stages=stages,
        parts=parts,
        sites=sites,
        sites_left_out=design.kind == "sites",
        serum=serum_scores(cohort.clinical) if cohort.clinical is not None else None,
        notes=notes,
    )


def _sites(cohort: Cohort) -> tuple[dict[str, str], list[str]]:
    """The site of each patient who has one, and a note about those whose images name none or several."""
    named = cohort.named_sites
    sites = {patient: places[0] for patient, places in named.items() if len(places) == 1}
    without = len(named) - len(sites)
    if not without or not sites:
        return sites, []
    note = (
        f"Site by site leaves out {without} of {len(named)} patients: their images name no site or several. "
        "Give each patient one site in the stage table."
    )
    return sites, [note]


def _caption(facts: dict[str, Any], study: Study) -> str:
    """What the numbers are and are not."""
    patients = max(model.patients for model in study.models)
    parts = [facts["design_words"], f"{patients} tested patients, by patient, 95 % intervals over patients."]
    if facts["simulated"]:
        parts.append("Simulated data: not clinical performance.")
    if facts["quick"]:
        parts.append(QUICK_WORDS)
    return " ".join([*parts, REPORTED_NOTE])
