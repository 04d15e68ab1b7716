"""A smaller budget, to see that everything works before the full one is paid for."""

from __future__ import annotations

from ml.spec.training import TrainSpec

QUICK_EPOCHS, QUICK_SOURCE_EPOCHS = 3, 2


def quick_spec(spec: TrainSpec) -> TrainSpec:
    """The same specification for three epochs, two of the first transfer; fewer where it had fewer."""
    transfer = spec.transfer.model_copy(update={"epochs": min(spec.transfer.epochs, QUICK_SOURCE_EPOCHS)})
    return spec.model_copy(update={"epochs": min(spec.epochs, QUICK_EPOCHS), "transfer": transfer})
