"""Results as lines of text for stdout."""

from __future__ import annotations

import json
from pathlib import Path

from ml.evaluation.table import cell
from ml.protocols import StagingResult
from ml.spec.events import Evaluated, Event
from ml.spec.referral import Referral

SHOWN = (
    ("accuracy", "accuracy"),
    ("balanced_accuracy", "balanced accuracy"),
    ("macro_f1", "macro F1"),
    ("mcc", "MCC"),
    ("quadratic_weighted_kappa", "weighted kappa"),
    ("auc_macro", "AUC, macro"),
    ("auc_ge_s2", "AUC ≥ S2"),
    ("auc_ge_s3", "AUC ≥ S3"),
    ("auc_ge_s4", "AUC S4"),
)
REFERRED = {
    Referral.WIDE_SET: "Too little is ruled out: refer to a specialist.",
    Referral.UNFAMILIAR: "Pictures unlike those that the model learned from: refer to a specialist.",
}
BENCHMARK_SHOWN = (("accuracy", "accuracy"), ("macro_f1", "macro F1"), ("mcc", "MCC"), ("auc_macro", "AUC"))


def metric_lines(heard: list[Event]) -> list[str]:
    """The headline metrics by patient of the last evaluated part, with intervals."""
    found = [event for event in heard if isinstance(event, Evaluated) and event.level == "patient"]
    if not found:
        return []
    width = max(len(title) for _, title in SHOWN)
    return [f"{found[-1].split}, by patient (95 % interval)"] + [
        f"  {title:<{width}}  {cell(found[-1].metrics[key])}" for key, title in SHOWN
    ]


def staging_lines(result: StagingResult) -> list[str]:
    """Stage, probabilities, thresholds and what they rest on."""
    return [
        f"{result.stage}",
        "  " + "  ".join(f"{stage} {value:.1%}" for stage, value in result.probabilities.items()),
        "  " + "  ".join(f"≥{stage} {value:.1%}" for stage, value in result.at_least.items()),
        f"  cannot be ruled out ({result.coverage:.0%}): {', '.join(result.prediction_set)}",
        *(f"  {REFERRED[reason]}" for reason in result.referral),
        f"  from {' and '.join(result.bands)}, {result.model.name}, {result.seconds:.2f} s",
        *(
            f"  {crop.image} frame {crop.frame}: {crop.kind} {crop.box}"
            + ("" if crop.used else ", not used")
            + ("" if crop.weight is None else f", weighs {crop.weight:.1%} of {crop.band}")
            for crop in result.crops
        ),
    ]


def benchmark_lines(workdir: Path) -> list[str]:
    """Table 1 as it was written to ``workdir``."""
    table = json.loads((workdir / "table1.json").read_text("utf-8"))
    width = max(len(line["model"]) for line in table["rows"])
    lines = [table["caption"]]
    for line in table["rows"]:
        shown = "  ".join(f"{title} {cell(line['metrics'][name])}" for name, title in BENCHMARK_SHOWN)
        took = "" if line["seconds"] is None else f"  {line['seconds']:.0f} s"
        lines.append(f"  {line['model']:<{width}}  {shown}{took}  [{line['source']}]")
    return [*lines, f"table: {workdir / 'table1.csv'}", f"report: {workdir / 'report.html'}"]
