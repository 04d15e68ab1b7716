"""What an experiment will cost, from what finished runs have cost on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from ml.spec import TrainSpec
from ml.spec.budget import quick_spec
from webapp.jobs.models import JobState
from webapp.training.models import Run

if TYPE_CHECKING:
    from webapp.datasets.models import DatasetVersion
    from webapp.training.experiments import WantedRow

TRAINED_OF_SPLIT, TRAINED_OF_UNTESTED = 8 / 10, 8 / 9  # 8:1:1, and 8:1 of those who are not tested
REMEMBERED = 5  # newest finished runs of a kind; the machine may have changed before


def estimate(
    *,
    dataset: DatasetVersion,
    rows: Sequence[WantedRow],
    folds: int = 1,
    repeats: int = 1,
    leave_one_site_out: bool = False,
    external: DatasetVersion | None = None,
    quick: bool = False,
) -> dict[str, Any]:
    """Seconds of each row over all its folds, one after the other; ``None`` where no such run has finished.

    A run's cost is taken to grow with its pictures and epochs. ``basis`` says which runs it rests on: those
    of the same ``preset``, else of the same ``architecture``, else none.
    """
    many = dataset.sites.count() if leave_one_site_out else folds
    share = share_of(many, external=external is not None)
    lines = []
    for row in rows:
        pace, basis = _pace(row)
        spec = quick_spec(row.spec) if quick else row.spec
        work = _work(spec, dataset, share) * many * repeats
        lines.append(
            {"title": row.title, "seconds": None if pace is None else round(pace * work), "basis": basis}
        )
    known = [line["seconds"] for line in lines if line["seconds"] is not None]
    return {
        "runs": len(rows) * many * repeats,
        "seconds": sum(known) if known and len(known) == len(lines) else None,
        "lines": lines,
    }


def share_of(divisions: int, *, external: bool = False) -> float:
    """Part of a dataset's pictures that a run trains on; of left-out sites the mean."""
    if external:
        return TRAINED_OF_UNTESTED
    return TRAINED_OF_SPLIT if divisions < 2 else (1 - 1 / divisions) * TRAINED_OF_UNTESTED


def _pace(row: WantedRow) -> tuple[float | None, str]:
    """Seconds a picture and epoch, and what that rests on."""
    finished = Run.objects.filter(job__state=JobState.SUCCEEDED).select_related("job", "dataset")
    for basis, kind in (
        ("preset", finished.filter(preset=row.preset) if row.preset else finished.none()),
        ("architecture", finished.filter(architecture=row.spec.architecture)),
    ):
        paces = [
            pace for run in kind.order_by("-created_at")[:REMEMBERED] if (pace := _pace_of(run)) is not None
        ]
        if paces:
            return median(paces), basis
    return None, ""


def _pace_of(run: Run) -> float | None:
    if run.job.started_at is None or run.job.finished_at is None:
        return None
    division = run.division or {}
    many = run.dataset.sites.count() if division.get("kind") == "sites" else division.get("folds", 1)
    share = share_of(many, external=run.external_id is not None)
    work = _work(TrainSpec.model_validate(run.spec), run.dataset, share)
    return (run.job.finished_at - run.job.started_at).total_seconds() / work if work else None


def _work(spec: TrainSpec, dataset: DatasetVersion, share: float) -> float:
    images = (dataset.counts.get("total") or {}).get("images", 0)
    return float(images * share * (spec.epochs + (spec.transfer.epochs if spec.transfer.first else 0)))
