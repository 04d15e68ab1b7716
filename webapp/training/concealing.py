"""What somebody who is to read a patient blindly sees of runs, models and experiments that count the patient.

That they exist, what they were made with and how far they are; nothing that was counted over their
patients: neither metrics and figures nor a model's card, nor the counts by stage and the validation in the
events of the training. A total beside all the other patients would tell the one that is hidden.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from webapp.datasets import hiding
from webapp.training.models import ModelVersion, Run

if TYPE_CHECKING:
    from webapp.accounts.models import User
    from webapp.jobs.discretion import Told
    from webapp.jobs.models import Job

Rows = TypeVar("Rows", bound="Iterable[Run]")

# Of each event of a training, what was counted over patients, and what stands there instead.
COUNTED: dict[str, dict[str, Any]] = {
    "started": {"record": {}},
    "epoch-finished": {"validation_loss": None, "validation_accuracy": None},
    "evaluated": {"metrics": {}},
    "note": {"message": ""},
    "finished": {"result": {}},
}


def versions_of(whole: Run | ModelVersion) -> set[uuid.UUID]:
    """Ids of the dataset versions that its numbers are of: trained on, and tested on."""
    if isinstance(whole, Run):
        return {whole.dataset_id} | ({whole.external_id} if whole.external_id is not None else set())
    own = versions_of(whole.run) if whole.run is not None else set()
    return own | ({whole.evaluated_on_id} if whole.evaluated_on_id is not None else set())


def conceal_runs(runs: Rows, user: User) -> Rows:
    """The same rows, not to be saved: what ``user`` must not know is taken out, and ``withheld`` is set."""
    hidden = hiding.holding_hidden(user, {pk for run in runs for pk in versions_of(run)})
    for run in runs:
        if hidden & versions_of(run):
            run.withheld = True
            run.metrics, run.image_metrics, run.figures, run.record = {}, {}, [], {}
    return runs


def conceal_models(models: Iterable[ModelVersion], user: User) -> None:
    """As :func:`conceal_runs`, for the registry: no metrics and no card."""
    hidden = hiding.holding_hidden(user, {pk for model in models for pk in versions_of(model)})
    for model in models:
        if hidden & versions_of(model):
            model.withheld = True
            model.metrics, model.card = {}, ""


def refuse_results(user: User, *wholes: Run | ModelVersion) -> None:
    """Raise :class:`webapp.patients.veil.Blinded` where one of them counts a patient hidden from ``user``."""
    hiding.refuse_results(user, {pk for whole in wholes for pk in versions_of(whole)})


def events_of_training(user: User, job: Job) -> Told | None:
    """How ``user`` is told the events of a training, or of the evaluation of an import; ``None``: as is."""
    run = Run.objects.filter(job=job).only("dataset", "external").first()
    versions = versions_of(run) if run is not None else {uuid.UUID(pk) for pk in _evaluated_on(job)}
    return _discreet if hiding.holding_hidden(user, versions) else None


def _evaluated_on(job: Job) -> list[str]:
    return [job.payload["dataset"]] if "dataset" in job.payload else []


def _discreet(row: dict[str, Any]) -> dict[str, Any]:
    blank = COUNTED.get(row["kind"])
    return row if blank is None else {**row, "data": {**row["data"], **blank}}
