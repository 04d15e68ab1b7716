"""How well two readers agree, over the exams that both have locked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ml.spec import STAGE_LABELS
from webapp.reading.blinding import both_locked
from webapp.reading.models import Quality, ReadKind
from webapp.reading.reads import READERS, answer_of, read_model

if TYPE_CHECKING:
    from webapp.accounts.models import User


def pairs_of_reads(kind: str, user: User, site: str | None = None) -> list[tuple[Any, Any]]:
    """Both reads of every exam that ``user`` may compare, the first reader's first."""
    exams = both_locked(kind, user)
    if site:
        exams = exams.filter(site__code=site)
    rows = (
        read_model(kind)
        .objects.filter(exam__in=exams.values("pk"))
        .select_related("exam__patient__site", "reader", "assignment")
        .order_by("exam_id", "assignment__slot")
    )
    by_exam: dict[Any, list[Any]] = {}
    for row in rows:
        by_exam.setdefault(row.exam_id, []).append(row)
    return [(found[0], found[1]) for found in by_exam.values() if len(found) == READERS]


def agreement_of(kind: str, user: User, site: str | None = None) -> dict[str, Any]:
    """Percent agreement, kappa and table as JSON, with its figure.

    Quality is compared by Cohen's kappa. Stages are compared by the quadratic-weighted one, over the
    exams for which
    both named a stage; where one could not tell, the exam is only counted (``cannot_tell``).
    """
    from ml.evaluation.agreement import agreement
    from ml.evaluation.figures.agreement import agreement_figure
    from ml.evaluation.figures.style import SIMULATED

    pairs = pairs_of_reads(kind, user, site)
    staged = kind == ReadKind.STAGE
    categories = list(STAGE_LABELS) if staged else [quality.value for quality in Quality]
    index: dict[Any, int] = {answer: place for place, answer in enumerate(range(5) if staged else categories)}
    told = [pair for pair in pairs if all(answer_of(read) is not None for read in pair)]
    found = agreement(
        [index[answer_of(first)] for first, _ in told],
        [index[answer_of(second)] for _, second in told],
        [str(first.exam.patient_id) for first, _ in told],
        categories=categories,
        weighting="quadratic" if staged else "none",
    )
    simulated = any(first.exam.patient.simulated for first, _ in told)
    figure = agreement_figure(found, watermark=SIMULATED if simulated else None)
    return {
        **found.model_dump(mode="json"),
        "kind": kind,
        "cannot_tell": len(pairs) - len(told),
        "simulated": simulated,
        "figure": json.loads(figure.to_json()),
    }
