"""How a benchmark divides its patients: one split, repeated folds, a site left out, an external cohort."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ml.cohort.cache import Cohort
from ml.cohort.errors import CohortError
from ml.cohort.folds import Fold, leave_one_site_out, repeated_folds
from ml.spec import Protocol, Split, Stage

Kind = Literal["split", "folds", "sites", "external"]
USUAL_FOLDS = 5


class DesignRefused(CohortError):
    """A way of dividing that contradicts itself."""

    code = "benchmark-refused"


@dataclass(frozen=True)
class Design:
    """``folds`` is 1 unless ``kind`` is ``folds``; repeat *r* trains with the seed ``seed`` + *r*."""

    kind: Kind
    protocol: Protocol
    folds: int
    repeats: int
    seed: int

    @classmethod
    def choose(
        cls,
        *,
        protocol: Protocol = Protocol.STRICT,
        repeats: int = 1,
        folds: int | None = None,
        leave_one_site_out: bool = False,
        external: bool = False,
        seed: int = 0,
    ) -> Design:
        """The design that was asked for; several repeats without a number of folds mean five folds."""
        asked = [
            name
            for name, wanted in (
                ("--folds", folds is not None and folds > 1),
                ("--leave-one-site-out", leave_one_site_out),
                ("--external", external),
            )
            if wanted
        ]
        if len(asked) > 1:
            raise DesignRefused(
                f"{' and '.join(asked)} contradict each other.",
                code="benchmark-design-contradictory",
                remedy="Choose one of them.",
            )
        if protocol is Protocol.PAPER and asked:
            raise DesignRefused(
                f"The paper's protocol divides images, not patients: {asked[0]} means nothing under it.",
                code="benchmark-design-contradictory",
                remedy="Leave it out, or use --protocol strict.",
            )
        kind: Kind = "split"
        if leave_one_site_out or external:
            kind = "sites" if leave_one_site_out else "external"
            if repeats > 1:
                raise DesignRefused(
                    f"{asked[0]} is one division: it is not repeated.",
                    code="benchmark-design-contradictory",
                    remedy="Leave --repeats out, or run it again with another --seed.",
                )
        elif protocol is Protocol.STRICT and (repeats > 1 or (folds or 1) > 1):
            kind, folds = "folds", folds if folds and folds > 1 else USUAL_FOLDS
        return cls(kind, protocol, folds or 1, repeats, seed)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "protocol": str(self.protocol),
            "folds": self.folds,
            "repeats": self.repeats,
            "seed": self.seed,
        }

    def words(self, parts: Sequence[Mapping[str, int]]) -> str:
        """The design as a sentence; ``parts`` are the patients by part of each division."""
        first = parts[0]
        sizes = f"{first['train']}/{first['validation']}/{first['test']} patients"
        if self.protocol is Protocol.PAPER:
            many = f", {self.repeats} times with other seeds" if self.repeats > 1 else ""
            return (
                "Paper's protocol: images are divided after augmentation, so twins of training images are "
                f"tested{many}. Optimistic by construction."
            )
        if self.kind == "folds":
            return (
                f"Stratified {self.folds}-fold cross-validation over patients, {self.repeats} "
                f"{'repeat' if self.repeats == 1 else 'repeats'}: every patient is tested once in each; "
                "metrics are computed within a repeat, over all its folds, and averaged over the repeats."
            )
        if self.kind == "sites":
            return f"Each of {len(parts)} sites is tested by models that never saw a patient of it."
        if self.kind == "external":
            return f"External test: trained, validated and tested on {sizes}, the last of another cohort."
        return f"One split of the patients, stratified by stage: {sizes} to train, validate and test."


@dataclass(frozen=True)
class Division:
    """One division to train every row on."""

    repeat: int
    fold: int
    name: str
    cohort: Cohort
    seed: int

    def parts(self) -> dict[str, int]:
        """Patients by part."""
        return {str(part): len(self.cohort.patients(part)) for part in Split}


def divisions(design: Design, cohort: Cohort) -> list[Division]:
    """The divisions of a design, in the order in which they are run."""
    if design.protocol is Protocol.PAPER or design.kind in ("split", "external"):
        return [
            Division(
                repeat, 0, "" if design.repeats == 1 else f"repeat {repeat + 1}", cohort, design.seed + repeat
            )
            for repeat in range(design.repeats)
        ]
    return [
        Division(
            fold.repeat, fold.fold, fold.name, cohort.with_split(fold.assignments), design.seed + fold.repeat
        )
        for fold in folds_of(design, cohort.stages, lambda: cohort.sites)
    ]


def folds_of(
    design: Design, stages: Mapping[str, Stage], sites: Callable[[], Mapping[str, str]]
) -> list[Fold]:
    """Who is in which part in each division of a design over folds or sites, in the order of the runs.

    ``sites`` is asked only where sites are left out: a cohort whose patients have none can be folded.
    """
    if design.kind == "sites":
        return leave_one_site_out(stages, sites(), seed=design.seed)
    return repeated_folds(stages, design.folds, design.repeats, design.seed)
