"""The rows of a benchmark (paper §4.3, Table 1), in the order of the table.

A row is a training specification, or a fitter for what is not trained by :func:`ml.protocols.train`.
A fitter writes ``run.json`` (with ``result`` once it is done), ``metrics.json`` and
``predictions.csv`` into its work directory, as a training does, and goes on when called again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ml.cohort import Cohort
from ml.protocols.train import train
from ml.spec import TrainSpec
from ml.spec.events import Event
from ml.spec.presets import PRESETS

Fitter = Callable[[Cohort, Path, int, str], Iterator[Event]]
"""``fitter(cohort, workdir, seed, device)``."""

QUICK_EPOCHS, QUICK_SOURCE_EPOCHS = 3, 2


@dataclass(frozen=True)
class Row:
    """One model of the comparison; exactly one of ``spec`` and ``fitter`` is set."""

    key: str
    title: str
    spec: TrainSpec | None = None
    fitter: Fitter | None = None

    def run(self, cohort: Cohort, workdir: Path, *, seed: int, device: str, quick: bool) -> Iterator[Event]:
        """Train and evaluate this row in ``workdir``."""
        if self.fitter is not None:
            return self.fitter(cohort, workdir, seed, device)
        if self.spec is None:
            raise ValueError(f"row {self.key} has neither a specification nor a fitter")
        changes: dict[str, object] = {"seed": seed}
        if quick:
            changes |= {
                "epochs": min(self.spec.epochs, QUICK_EPOCHS),
                "transfer": self.spec.transfer.model_copy(
                    update={"epochs": min(self.spec.transfer.epochs, QUICK_SOURCE_EPOCHS)}
                ),
            }
        return train(self.spec.model_copy(update=changes), cohort, workdir=workdir, device=device)


ROWS: dict[str, Row] = {
    key: Row(key, PRESETS[key].title, spec=PRESETS[key].spec)
    for key in ("lf", "hf", "fusion_no_transfer", "dual_transfer")
}
"""Registered rows by key. LF, HF, fusion, dual transfer: the order of the paper's table."""
