"""What is done with dataset versions: freezing, and nothing after that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from ml.spec import HepaStageError
from ml.spec.crop import REGION, Crop
from webapp.audit import services as audit
from webapp.datasets.errors import DatasetFrozen, DatasetNotFrozen, FreezeRefused
from webapp.datasets.models import DatasetState, DatasetVersion
from webapp.datasets.selection import select
from webapp.jobs import services as jobs

if TYPE_CHECKING:
    from webapp.accounts.models import Site, User

TRIES = 5


class VersionTaken(HepaStageError):
    """Others are freezing versions of the same name, again and again, at the same moment."""

    code = "dataset-version-taken"
    remedy = "Try again."
    http_status = 409


def freeze(
    *,
    name: str,
    sites: Iterable[Site],
    actor: User | None,
    note: str = "",
    split_seed: int = 0,
    crop: Crop = REGION,
    request: Any = None,
) -> DatasetVersion:
    """Start the next version of ``name`` from the labelled pairs of ``sites``.

    Refused at once when today's labels cannot make a dataset. The pictures are gathered by a job; what
    is labelled when that runs is what is frozen. ``crop`` says what of each frame the pictures show.
    """
    chosen = list(sites)
    selection = select(chosen)
    FreezeRefused.raise_for(selection.obstacles)
    for _ in range(TRIES):
        try:
            counts = selection.counts(split_seed=split_seed)
            return _start(name, chosen, actor, note, split_seed, crop, counts, request)
        except IntegrityError:  # somebody else took the number
            continue
    raise VersionTaken(f"A version of {name} is being frozen by somebody else.")


@transaction.atomic
def _start(
    name: str,
    sites: list[Site],
    actor: User | None,
    note: str,
    split_seed: int,
    crop: Crop,
    counts: dict[str, Any],
    request: Any,
) -> DatasetVersion:
    last = DatasetVersion.objects.filter(name=name).aggregate(last=Max("version"))["last"] or 0
    version = DatasetVersion.objects.create(
        name=name,
        version=last + 1,
        note=note,
        split_seed=split_seed,
        created_by=actor,
        counts=counts,
    )
    version.sites.set(sites)
    version.job = jobs.enqueue(
        kind="datasets.freeze",
        title=f"Freeze {version}",
        payload={"dataset": str(version.pk), "crop": crop.model_dump()},
        created_by=actor,
        sites=sites,
        idempotency_key=str(version.pk),
    )
    version.save(update_fields=["job"])
    audit.record(
        actor=actor,
        action="dataset.started",
        object=version,
        request=request,
        detail={"name": name, "version": version.version, "sites": [site.code for site in sites]},
    )
    return version


@transaction.atomic
def discard(*, version: DatasetVersion, actor: User | None, request: Any = None) -> None:
    """Remove a version whose freeze failed. It holds nothing; its job and the audit log remain."""
    current = DatasetVersion.objects.select_for_update().get(pk=version.pk)
    if current.state == DatasetState.FROZEN:
        raise DatasetFrozen(f"{current} is frozen and cannot be changed or removed.")
    if current.state != DatasetState.FAILED:
        raise DatasetNotFrozen(f"{current} is being frozen.", remedy="Cancel its job first.")
    audit.record(
        actor=actor,
        action="dataset.discarded",
        object=current,
        request=request,
        detail={"name": current.name, "version": current.version},
    )
    current.delete()
