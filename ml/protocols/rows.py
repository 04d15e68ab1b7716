"""The rows of a benchmark: the eight models of the paper's Table 1 (§4.3), and variants beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ml.cohort import Cohort
from ml.protocols.train import train
from ml.spec import Head, Pooling, Protocol, TrainSpec
from ml.spec.budget import QUICK_EPOCHS, QUICK_SOURCE_EPOCHS, quick_spec
from ml.spec.events import Event
from ml.spec.presets import PRESETS

TABLE_1 = ("svm", "vgg", "resnet", "googlenet", "lf", "hf", "fusion_no_transfer", "dual_transfer")
QUICK_SIZE = 96
QUICK_WORDS = (
    f"Quick run: {QUICK_EPOCHS} epochs ({QUICK_SOURCE_EPOCHS} of the first transfer) on pictures of "
    f"{QUICK_SIZE}×{QUICK_SIZE}. It shows that everything works; its numbers mean nothing."
)


@dataclass(frozen=True)
class Row:
    """One model of the comparison."""

    key: str
    title: str
    spec: TrainSpec

    def spec_for(self, *, seed: int, quick: bool, protocol: Protocol) -> TrainSpec:
        """The row's specification under a protocol, with the seed of the repeat and the smaller budget."""
        spec = quick_spec(self.spec) if quick else self.spec
        asked = spec.under(protocol).model_dump() | {"seed": seed}
        return TrainSpec.model_validate(asked)  # which a copy would not ask: whether there is such a seed

    def run(
        self, cohort: Cohort, workdir: Path, *, seed: int, device: str, quick: bool, protocol: Protocol
    ) -> Iterator[Event]:
        """Train and evaluate this row in ``workdir``."""
        spec = self.spec_for(seed=seed, quick=quick, protocol=protocol)
        return train(spec, cohort, workdir=workdir, device=device)


ROWS: dict[str, Row] = {
    key: Row(key, PRESETS[key].title, PRESETS[key].spec) for key in TABLE_1 if key in PRESETS
}
"""Rows by key, in the order of the table."""

VARIANTS: dict[str, tuple[str, dict[str, str]]] = {
    "ordinal": ("ordinal head", {"head": str(Head.ORDINAL)}),
    "attention": ("attention pooling", {"pooling": str(Pooling.ATTENTION)}),
}
"""What may follow a row's key after a plus: words for its title, and the settings that it changes."""


def row_of(key: str) -> Row:
    """The row of a key: ``hf``, or ``hf+ordinal`` for one that differs from it in a setting and nothing else.

    Raises ``KeyError`` for what is no row, and ``ValueError`` where the setting does not apply to it.
    """
    base, *variants = key.split("+")
    row = ROWS[base]
    for variant in variants:
        words, settings = VARIANTS[variant]
        spec = TrainSpec.model_validate({**row.spec.model_dump(exclude_unset=True), **settings})
        row = Row(key, f"{row.title}, {words}", spec)
    return row
