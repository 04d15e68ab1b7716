"""The model card: what a reader must know before using a model, written from its record."""

from __future__ import annotations

from typing import Any

SHOWN = (
    ("accuracy", "Accuracy"),
    ("balanced_accuracy", "Balanced accuracy"),
    ("macro_f1", "Macro F1"),
    ("mcc", "MCC"),
    ("quadratic_weighted_kappa", "Quadratic-weighted kappa"),
    ("auc_macro", "AUC, macro"),
    ("auc_ge_s2", "AUC ≥ S2"),
    ("auc_ge_s3", "AUC ≥ S3"),
    ("auc_ge_s4", "AUC S4"),
)


SIMULATED_WARNING = (
    "> **Simulated data.** This model learned from simulated images only. Nothing in this card is clinical "
    "performance, and it must not be used for patients."
)
RESULTS_NOTE = (
    "95 % intervals from a bootstrap over patients. The validation part chose the best epoch and the "
    "calibration; only the test part was unseen."
)
PAPER_WARNING = (
    "> **Paper protocol.** Augmented before the split, and images divided, not patients: copies of one "
    "picture are in every part. The numbers are optimistic, and this model cannot be promoted."
)
PAPER_RESULTS_NOTE = (
    "95 % intervals from a bootstrap over patients, who were nearly all seen in training. The validation "
    "part chose the best epoch and the calibration."
)
COVERAGE_NOTE = (
    "The same validation patients chose the epoch and set the threshold of the prediction set, so its "
    "coverage is slightly optimistic."
)
USE = (
    "Research into staging liver fibrosis (S0–S4) in chronic hepatitis B from paired high- and low-frequency "
    "ultrasound. Not a medical device."
)


def model_card(info: dict[str, Any]) -> str:
    """Markdown from the content of ``model.json``."""
    spec, record = info["spec"], info["record"]
    first, second = _yes(spec["transfer"]["first"]), _yes(spec["transfer"]["second"])
    paper = spec["protocol"] == "paper"
    facts = {
        "Architecture": f"{spec['architecture']} (networks: {', '.join(info['networks'])})",
        "Input": ", ".join(record.get("input", [])) or "by network",
        "Head": spec["head"],
        "Several images of a patient": spec["pooling"],
        "Transfer": f"first: {first} ({spec['transfer']['source']}), second: {second}",
        "Published weights": _published(spec, record),
        "Protocol": spec["protocol"],
        "Dataset": f"`{info['dataset_hash']}`",
        "Weights (SHA-256)": f"`{info['sha256']}`",
        "Knows unfamiliar pictures": _familiarity(info),
        "Seed": spec["seed"],
        "Device, precision": f"{record.get('device', '')}, {info['precision']}",
        "Made": f"{info['created_at']} with HepaStage {record.get('versions', {}).get('hepastage', '')}",
    }
    lines = [f"# {info['name']}", ""]
    if info["simulated"]:
        lines += [SIMULATED_WARNING, ""]
    if paper:
        lines += [PAPER_WARNING, ""]
    lines += ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts.items())]
    lines += [
        "",
        "## Results by patient",
        "",
        PAPER_RESULTS_NOTE if paper else RESULTS_NOTE,
        "",
        "| metric | validation | test |",
        "|---|---|---|",
    ]
    lines += [
        f"| {title} | {_cell(info, 'validation', key)} | {_cell(info, 'test', key)} |" for key, title in SHOWN
    ]
    lines += ["", "## Calibration", "", "| network | temperature | prediction set |", "|---|---|---|"]
    lines += [f"| {name} | {_calibration(fitted)} |" for name, fitted in info["calibration"].items()]
    return "\n".join([*lines, "", COVERAGE_NOTE, "", "## Use", "", USE, ""])


def _calibration(fitted: dict[str, Any]) -> str:
    basis = f"at least {fitted['coverage']:.0%} of patients, from {fitted['patients']} validation patients"
    return f"{fitted['temperature']:.3f} | {basis}"


def _familiarity(info: dict[str, Any]) -> str:
    known = info.get("familiarity", {})
    return ", ".join(f"{band} from {len(fitted['distances'])}" for band, fitted in known.items()) or "no"


def _published(spec: dict[str, Any], record: dict[str, Any]) -> str:
    name: str = spec["pretrained"].rsplit("/", 1)[-1]
    digest = record.get("pretrained_sha256")
    return f"{name} (SHA-256 `{digest}`)" if digest else name


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _cell(info: dict[str, Any], split: str, key: str) -> str:
    metric = info["metrics"].get(split, {}).get(key) or {}
    if metric.get("value") is None:
        return "–"
    if metric.get("low") is None:
        return f"{metric['value']:.3f}"
    return f"{metric['value']:.3f} ({metric['low']:.3f}–{metric['high']:.3f})"
