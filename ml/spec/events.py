"""Events of long work. A protocol is a generator of these; nobody in ``ml`` knows who listens.

Each event is a frozen pydantic model with a ``kind``; ``event.model_dump(mode="json")`` is the
JSON line, the database row and the socket payload alike.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Event(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Started(_Event):
    """First event. ``progress`` of later events runs from 0 to 1 over the whole job."""

    kind: Literal["started"] = "started"
    title: str
    phases: list[str]
    resumed: bool = False
    record: dict[str, Any] = Field(default_factory=dict)  # spec, seed, versions, dataset hash, device


class PhaseStarted(_Event):
    """A named part of the work begins, e.g. ``first-transfer:hf`` or ``fusion``."""

    kind: Literal["phase-started"] = "phase-started"
    phase: str
    epochs: int | None = None


class Progressed(_Event):
    """Coarse progress inside a phase; at most two a second."""

    kind: Literal["progressed"] = "progressed"
    phase: str
    progress: float = Field(ge=0, le=1)
    message: str = ""
    images_per_second: float | None = None


class EpochFinished(_Event):
    """Loss is mean cross-entropy (nats); accuracies lie in [0, 1]. ``epoch`` counts from 1."""

    kind: Literal["epoch-finished"] = "epoch-finished"
    phase: str
    epoch: int
    epochs: int
    progress: float = Field(ge=0, le=1)
    train_loss: float
    train_accuracy: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    learning_rate: float
    images_per_second: float
    seconds: float


class WeightsTransferred(_Event):
    """What moved where, layer by layer (paper §4.2)."""

    kind: Literal["weights-transferred"] = "weights-transferred"
    phase: str
    source: str
    target: str
    moved: list[str]
    kept: list[str]


class CheckpointSaved(_Event):
    kind: Literal["checkpoint-saved"] = "checkpoint-saved"
    phase: str
    epoch: int
    path: str


class Evaluated(_Event):
    """Metrics of one split; every metric is ``{"value", "low", "high"}`` (95 % interval)."""

    kind: Literal["evaluated"] = "evaluated"
    split: str
    level: Literal["patient", "image"]
    metrics: dict[str, dict[str, float | None]]


class Note(_Event):
    """A sentence for the log: a fall-back taken, a file skipped, a limitation of the data."""

    kind: Literal["note"] = "note"
    level: Literal["info", "warning"] = "info"
    message: str


class Finished(_Event):
    """Last event of successful work. ``result`` names files relative to the work directory."""

    kind: Literal["finished"] = "finished"
    seconds: float
    result: dict[str, Any] = Field(default_factory=dict)


Event = Annotated[
    Started
    | PhaseStarted
    | Progressed
    | EpochFinished
    | WeightsTransferred
    | CheckpointSaved
    | Evaluated
    | Note
    | Finished,
    Field(discriminator="kind"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Parses one JSON line back into its event: ``EVENT.validate_json(line)``."""
