"""The sections of ``report.html``, of a benchmark and of an experiment alike."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from plotly.graph_objects import Figure

from ml.evaluation.figures.style import metric_label
from ml.evaluation.findings import Findings
from ml.evaluation.metrics import METRIC_NAMES
from ml.evaluation.optimism import Optimism
from ml.evaluation.report import Report
from ml.evaluation.sheets import Sheet, metric_sheet, operating_sheet, paired_sheet, stage_sheet
from ml.evaluation.study import Study
from ml.evaluation.table import table_fragment

SERUM_COLUMNS = (
    ("auc_ge_s1", "AUC ≥S1"),
    ("auc_ge_s2", "AUC ≥S2"),
    ("auc_ge_s3", "AUC ≥S3"),
    ("auc_ge_s4", "AUC S4"),
)
SITE_COLUMNS = (
    ("accuracy", "Accuracy"),
    ("macro_f1", "Macro F1"),
    ("mcc", "MCC"),
    ("auc_macro", "AUC, macro"),
)
METHODS = """\
Intervals are 95 % percentile intervals of a bootstrap over patients (2,000 draws): a patient's images and
repeats move together.
Of several repeats a metric is computed within each, over all its folds, and averaged over the repeats; the
paired tests take a patient's mean probabilities.
DeLong for an area under one curve, exact McNemar for accuracy, paired bootstrap for the macro area; p is
adjusted by Holm over the pairs of a metric, not over the metrics.
Operating points are chosen on the validation patients of their fold and applied to its tested patients.
An area over several folds ranks patients across the models of the folds.
A patient's result is the mean of the probabilities of the patient's images."""


def study_report(
    found: Findings, facts: Mapping[str, Any], table1: list[dict[str, Any]], *, marks: Sequence[str]
) -> Report:
    """Everything that ``metrics.json`` holds, to read: tables, figures, how it was done, how to repeat it.

    ``facts``: ``title``, ``protocol``, ``design_words``, ``simulated``, ``warnings`` (sentences that come
    first) and ``repeat`` (what is needed to do it again, by name).
    """
    study, figures = found.study, found.figures
    report = Report(str(facts["title"]), marks=marks, lead=_lead(facts))
    report.section("Table 1: the models").figures(figures["metrics"]).table(
        table_fragment(
            table1,
            caption="By patient, with 95 % intervals over patients. Rows in italics are as reported in "
            "the paper: other data, by image, augmented before the split; its MCC column cannot be right.",
        )
    )
    rocs = [figure for name, figure in figures.items() if name.startswith("roc")]
    report.section("ROC").figures(*rocs)
    report.section("Confusion").figures(figures["confusion"])
    report.section("Table 2: each stage").table(stage_sheet(study).as_html())
    report.section("Thresholds that people act on").table(operating_sheet(study).as_html())
    _significance(report, study, figures)
    report.section("Calibration").figures(
        *(figure for name, figure in figures.items() if name.startswith("reliability"))
    )
    report.section("Is acting on it worth while?").text(
        "Net benefit of acting on the model, on APRI or FIB-4, on everyone and on nobody, over the threshold "
        "probability. All curves of a figure use the same patients, as many as its title says: all whom "
        "every model predicts, and in figures of their own those who have APRI or FIB-4, where not all have."
    ).figures(*(figure for name, figure in figures.items() if name.startswith("decision")))
    if found.serum:
        report.table(
            metric_sheet(
                found.serum, SERUM_COLUMNS, "APRI and FIB-4 alone, on the tested patients who have them."
            ).as_html()
        )
    _sites(report, found)
    if found.gaps:
        _gaps(report, found.gaps, figures)
    report.section("All metrics").table(
        metric_sheet(
            {model.title: model.patient for model in study.models},
            [(name, metric_label(name)) for name in METRIC_NAMES],
            "By patient.",
        ).as_html()
    )
    imaged = {model.title: model.image for model in study.models if model.image}
    if imaged:
        report.table(
            metric_sheet(imaged, [(name, metric_label(name)) for name in METRIC_NAMES], "By image.").as_html()
        )
    return _methods(report, study, facts)


def _lead(facts: Mapping[str, Any]) -> list[str]:
    lead = [str(facts["design_words"])]
    if facts["simulated"]:
        lead.append(
            "The pictures are simulated: these numbers say that the software works, nothing about livers."
        )
    lead += facts["warnings"]
    if facts["protocol"] == "paper":
        lead.append("No model trained under this protocol may be promoted.")
    return lead


def _significance(report: Report, study: Study, figures: Mapping[str, Figure]) -> None:
    report.section("Which differences are more than chance?")
    if not study.tests:
        report.text("There are no two models with patients in common.")
        return
    report.figures(*(figure for name, figure in figures.items() if name.startswith("significance")))
    report.table(paired_sheet(study).as_html())


def _sites(report: Report, found: Findings) -> None:
    if not found.by_site:
        return
    report.section("Site by site")
    if not found.sites_left_out:
        report.text(
            "The same predictions, site by site. What these models would do at a site that they never saw "
            "is another question, which leaving a site out answers."
        )
    for site, values in found.by_site.items():
        caption = f"Site {site}, {found.site_patients[site]} tested patients"
        caption += ", trained elsewhere" if found.sites_left_out else ""
        report.table(metric_sheet(values, SITE_COLUMNS, caption).as_html())


def _gaps(report: Report, gaps: Sequence[Optimism], figures: Mapping[str, Figure]) -> None:
    report.section("Optimism of the paper's protocol").text(
        "The same models, trained and tested under both protocols. What the paper's protocol adds is not "
        "skill: augmented twins of training images and other images of training patients are tested."
    ).figures(*(figure for name, figure in figures.items() if name.startswith("optimism")))
    report.table(
        Sheet(
            "Paper minus strict, by image.",
            ("Model", "Metric", "Strict", "Paper", "Difference"),
            [(gap.model, metric_label(gap.metric), gap.strict, gap.paper, gap.difference) for gap in gaps],
        ).as_html()
    )


def _methods(report: Report, study: Study, facts: Mapping[str, Any]) -> Report:
    report.section("How it was done").items([str(facts["design_words"]), *_sentences(METHODS), *study.notes])
    report.text(f"The paired tests are over {study.paired_patients} patients.")
    seconds = {model.title: f"{model.seconds:.0f} s" for model in study.models if model.seconds is not None}
    report.section("How to repeat it").facts(
        {**facts["repeat"], **{f"Training, {title}": took for title, took in seconds.items()}}
    )
    return report


def _sentences(text: str) -> list[str]:
    """Lines that end a sentence end an item."""
    return [" ".join(part.split()) for part in re.split(r"(?<=\.)\n", text)]
