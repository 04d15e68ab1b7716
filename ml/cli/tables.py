"""Results as lines of text for stdout."""

from __future__ import annotations

from ml.protocols import StagingResult
from ml.spec.events import Evaluated, Event

SHOWN = (
    ("accuracy", "accuracy"), ("balanced_accuracy", "balanced accuracy"), ("macro_f1", "macro F1"),
    ("mcc", "MCC"), ("quadratic_weighted_kappa", "weighted kappa"), ("auc_macro", "AUC, macro"),
    ("auc_ge_s2", "AUC ≥ S2"), ("auc_ge_s3", "AUC ≥ S3"), ("auc_ge_s4", "AUC S4"),
)


def metric_lines(heard: list[Event]) -> list[str]:
    """The headline metrics by patient of the last evaluated part, with intervals."""
    found = [event for event in heard if isinstance(event, Evaluated) and event.level == "patient"]
    if not found:
        return []
    width = max(len(title) for _, title in SHOWN)
    return [f"{found[-1].split}, by patient (95 % interval)"] + [
        f"  {title:<{width}}  {_cell(found[-1].metrics[key])}" for key, title in SHOWN
    ]


def staging_lines(result: StagingResult) -> list[str]:
    """Stage, probabilities, thresholds and what they rest on."""
    return [
        f"{result.stage}",
        "  " + "  ".join(f"{stage} {value:.1%}" for stage, value in result.probabilities.items()),
        "  " + "  ".join(f"≥{stage} {value:.1%}" for stage, value in result.at_least.items()),
        f"  cannot be ruled out ({result.coverage:.0%}): {', '.join(result.prediction_set)}",
        f"  from {' and '.join(result.bands)}, {result.model.name}, {result.seconds:.2f} s",
    ]


def _cell(metric: dict[str, float | None]) -> str:
    if metric["value"] is None:
        return "–"
    if metric["low"] is None or metric["high"] is None:
        return f"{metric['value']:.3f}"
    return f"{metric['value']:.3f} ({metric['low']:.3f}–{metric['high']:.3f})"
