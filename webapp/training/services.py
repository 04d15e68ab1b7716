"""What is done with runs and models: launch, cancel, resume, promote, roll back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from ml.spec import Protocol, TrainSpec
from ml.spec.presets import PRESETS
from webapp.audit import services as audit
from webapp.datasets.errors import DatasetNotFrozen
from webapp.datasets.models import DatasetState, DatasetVersion
from webapp.jobs import services as jobs
from webapp.training.divisions import Division
from webapp.training.errors import AliasContested, NothingToRollBack, PromotionBarred
from webapp.training.models import Alias, AliasName, ModelVersion, Run
from webapp.training.registry import verify_model
from webapp.training.specs import checked_source

if TYPE_CHECKING:
    from webapp.accounts.models import User


@transaction.atomic
def launch_run(
    *,
    dataset: DatasetVersion,
    spec: TrainSpec,
    actor: User | None,
    name: str = "",
    preset: str = "",
    division: Division | None = None,
    external: DatasetVersion | None = None,
    request: Any = None,
) -> Run:
    """Queue a training of ``spec`` on a frozen dataset version, under its own split or a fold of another,
    or on all of its patients with those of ``external`` as the test."""
    for version in (dataset, external):
        if version is not None and version.state != DatasetState.FROZEN:
            raise DatasetNotFrozen(f"{version} is {version.state}, not frozen.")
    spec = checked_source(spec)
    run = Run(
        name=name or _name_of(spec, preset),
        preset=preset,
        spec=spec.model_dump(mode="json"),
        dataset=dataset,
        division=asdict(division) if division is not None else None,
        external=external,
        architecture=spec.architecture,
        protocol=spec.protocol,
        created_by=actor,
    )
    run.job = jobs.enqueue(
        kind="training.run",
        title=f"Train {run.name} on {dataset}",
        payload={"run": str(run.pk)},
        created_by=actor,
        sites=dataset.sites.all() if external is None else dataset.sites.all() | external.sites.all(),
        idempotency_key=str(run.pk),
    )
    run.save(force_insert=True)
    audit.record(
        actor=actor,
        action="run.launched",
        object=run,
        site=run.job.site,
        request=request,
        detail={"name": run.name, "dataset": dataset.pk, "spec": run.spec},
    )
    return run


def _name_of(spec: TrainSpec, preset: str) -> str:
    known = PRESETS.get(preset)
    title = known.title if known is not None else f"{spec.architecture} network"
    return f"{title}, seed {spec.seed}"


@transaction.atomic
def cancel_run(*, run: Run, actor: User | None, request: Any = None) -> Run:
    """Stop a run within a batch or so; its last checkpoint stays, so that it can be resumed."""
    run.job = jobs.request_cancel(job=run.job, actor=actor)
    audit.record(actor=actor, action="run.cancelled", object=run, site=run.job.site, request=request)
    return run


@transaction.atomic
def resume_run(*, run: Run, actor: User | None, request: Any = None) -> Run:
    """Queue a failed or cancelled run again; it goes on from its last checkpoint."""
    run.job = jobs.retry(job=run.job, actor=actor)
    audit.record(actor=actor, action="run.resumed", object=run, site=run.job.site, request=request)
    return run


def champion() -> ModelVersion | None:
    """The model that stages patients, or None before the first promotion."""
    current = Alias.objects.current().filter(name=AliasName.CHAMPION).select_related("model").first()
    return current.model if current is not None else None


@transaction.atomic
def promote(*, model: ModelVersion, alias: str, actor: User | None, request: Any = None) -> ModelVersion:
    """Give ``alias`` to a model that was evaluated strictly and whose files are as registered."""
    name = AliasName(alias)
    _bar(model)
    verify_model(model.folder, model.digest)
    current = _current(name)
    if current is not None and current.model_id == model.pk:
        return model
    _hand_over(name, current, model, actor, below=current)
    audit.record(
        actor=actor,
        action="model.promoted",
        object=model,
        request=request,
        detail={"alias": name, "before": current.model_id if current else None, "sha256": model.sha256},
    )
    return model


@transaction.atomic
def roll_back(*, alias: str, actor: User | None, request: Any = None) -> ModelVersion:
    """Give ``alias`` back to whoever held it before; a second call goes one step further back."""
    name = AliasName(alias)
    current = _current(name)
    if current is None:
        raise NothingToRollBack(f"No model is the {name}.")
    previous = current.below
    if previous is None:
        raise NothingToRollBack(f"No other model was the {name} before this one.")
    verify_model(previous.model.folder, previous.model.digest)
    _hand_over(name, current, previous.model, actor, below=previous.below, is_rollback=True)
    audit.record(
        actor=actor,
        action="model.rolled-back",
        object=previous.model,
        request=request,
        detail={"alias": name, "before": current.model_id},
    )
    return previous.model


def _bar(model: ModelVersion) -> None:
    """The gate: only a strict, patient-level evaluation says anything about new patients."""
    if model.protocol == Protocol.PAPER:
        raise PromotionBarred(
            "This model was trained under the 'paper' protocol, whose test images are related to its "
            "training images; its figures say nothing about new patients.",
            code="paper-protocol-not-promotable",
            remedy="Train the same specification under the protocol 'strict'.",
        )
    accuracy = model.metrics.get("accuracy") or {}
    if accuracy.get("value") is None:
        raise PromotionBarred(
            "This model has no patient-level evaluation on a test part.",
            code="strict-evaluation-missing",
            remedy="Train it with a dataset version that has a test part.",
        )


def _current(name: AliasName) -> Alias | None:
    return Alias.objects.select_for_update().current().filter(name=name).first()


def _hand_over(
    name: AliasName,
    current: Alias | None,
    model: ModelVersion,
    actor: User | None,
    *,
    below: Alias | None,
    is_rollback: bool = False,
) -> None:
    if current is not None:
        current.ended_at = timezone.now()
        current.save(update_fields=["ended_at"])
    try:
        with transaction.atomic():
            Alias.objects.create(name=name, model=model, set_by=actor, below=below, is_rollback=is_rollback)
    except IntegrityError as error:
        raise AliasContested(f"Somebody else has just set the {name}.") from error
