"""Liver outlines: saving, finishing, throwing away and taking back. Every function is one transaction.

Nothing is ever overwritten. A save names the revision that it was made from; when somebody else was faster
it is refused with both versions (:class:`OutlineConflict`) and the person chooses.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.utils import timezone

from ml.spec import HepaStageError
from webapp.audit import services as audit
from webapp.imaging.models import Image
from webapp.reading import provenance
from webapp.reading.geometry import OutlineRefused, Polygon, checked_polygons, require_unambiguous
from webapp.reading.models import Outline, OutlineOrigin, OutlineRevision, OutlineState
from webapp.reading.provenance import Algorithm

if TYPE_CHECKING:
    from webapp.accounts.models import User


class OutlineConflict(HepaStageError):
    """The outline has moved on since the revision that a save was made from."""

    code = "outline-conflict"
    remedy = "Look at both versions and choose; nothing was overwritten."
    http_status = 409

    def __init__(self, message: str, *, theirs: Outline | None, yours: dict[str, Any]) -> None:
        super().__init__(message)
        self.theirs = theirs
        self.yours = yours


class OutlineInTheWay(HepaStageError):
    """An outline cannot come back from the trash while another is in its place."""

    code = "outline-in-the-way"
    remedy = "Throw the present outline of this frame away first."
    http_status = 409


def current_outline(image: Image, frame: int) -> Outline | None:
    """The final outline of a frame, or None.

    While somebody works on a newer draft, the outline is returned as it was last made final: its
    ``polygons``, ``revision``, ``state``, ``origin`` and ``author`` are that revision's. Never save it.
    """
    outline = (
        Outline.objects.with_final().select_related("final__author").filter(image=image, frame=frame).first()
    )
    return as_final(outline) if outline is not None else None


def as_final(outline: Outline) -> Outline:
    """The same object, showing its final revision (which it has) in place of its newest."""
    final = outline.final
    assert final is not None
    outline.polygons, outline.revision, outline.state = final.polygons, final.number, final.state
    outline.origin, outline.author, outline.algorithm = final.origin, final.author, final.algorithm
    return outline


@transaction.atomic
def save_outline(
    *,
    image: Image,
    frame: int,
    polygons: Any,
    made_from: int,
    actor: User | None,
    origin: str = OutlineOrigin.POLYGON,
    final: bool = False,
    key: uuid.UUID | None = None,
    proposal: uuid.UUID | None = None,
    algorithm: Algorithm | None = None,
    request: Any = None,
) -> Outline:
    """Keep a new revision, made from revision ``made_from`` (0: there was none); return the outline with it.

    ``proposal`` is the one that it was begun from, ``algorithm`` what an imported file names; without
    them a correction keeps what its outline has (:mod:`webapp.reading.provenance`).

    The same ``key`` again is the same save: nothing is written twice. Saving what is there already writes
    nothing. Raise OutlineConflict, OutlineRefused (not polygons in this frame) or, where it is to be
    ``final``, OutlineCrossesItself.
    """
    locked = Image.objects.select_for_update().get(pk=image.pk)
    if not 0 <= frame < locked.frame_count:
        raise OutlineRefused(
            f"The image has frames 0 to {locked.frame_count - 1}.", remedy="Choose one of its frames."
        )
    drawn = checked_polygons(polygons, columns=locked.columns, rows=locked.rows)
    if final:
        require_unambiguous(drawn)
    outline = Outline.objects.live().filter(image=locked, frame=frame).first()
    if outline is not None and key is not None and outline.revisions.filter(key=key).exists():
        return outline
    state = OutlineState.FINAL if final else OutlineState.DRAFT
    if (outline.revision if outline is not None else 0) != made_from:
        raise _conflict(outline, drawn, made_from)
    if outline is None:
        outline = Outline.objects.create(image=locked, frame=frame)
    elif outline.polygons == drawn and (outline.state == state or not final):
        return outline
    if proposal is not None and drawn:
        algorithm = provenance.of_proposal(proposal, locked.pk, frame, drawn)
    elif algorithm is None:
        algorithm = _inherited(outline, drawn, OutlineOrigin(origin))
    _add_revision(
        outline=outline, polygons=drawn, state=state, origin=OutlineOrigin(origin), actor=actor, key=key,
        algorithm=algorithm if drawn else None, request=request,
    )  # fmt: skip
    return outline


def _inherited(outline: Outline, drawn: list[Polygon], origin: OutlineOrigin) -> Algorithm | None:
    """The algorithm of the revision before, corrected now; of the revision that is shown again."""
    if origin == OutlineOrigin.IMPORT:
        return None
    if origin == OutlineOrigin.RESTORED:
        same = [row for row in outline.revisions.all() if row.polygons == drawn]
        if same:
            return cast("Algorithm | None", same[0].algorithm)
    before = cast("Algorithm | None", outline.algorithm)
    if before is None or outline.polygons == drawn:
        return before
    return {**before, "changed": True}


@transaction.atomic
def finalise_outline(*, outline: Outline, made_from: int, actor: User | None, request: Any = None) -> Outline:
    """Say that the newest revision, ``made_from``, is finished. Raise as :func:`save_outline` does."""
    held = Outline.objects.select_for_update().get(pk=outline.pk)
    if held.trashed_at is not None:
        raise OutlineInTheWay("The outline is in the trash.", remedy="Take it back first.")
    return save_outline(
        image=held.image, frame=held.frame, polygons=held.polygons, made_from=made_from, actor=actor,
        origin=held.origin, final=True, request=request,
    )  # fmt: skip


@transaction.atomic
def trash_outline(*, outline: Outline, actor: User | None, request: Any = None) -> Outline:
    """Put an outline into the trash; :func:`restore_outline` takes it back with all its revisions."""
    held = Outline.objects.select_for_update().get(pk=outline.pk)
    if held.trashed_at is None:
        held.trashed_at, held.trashed_by = timezone.now(), actor
        held.save(update_fields=["trashed_at", "trashed_by", "updated_at"])
        _record("outline.trashed", held, actor, request)
    return held


@transaction.atomic
def restore_outline(*, outline: Outline, actor: User | None, request: Any = None) -> Outline:
    """Take an outline back from the trash; raise OutlineInTheWay where its frame has another by now."""
    Image.objects.select_for_update().get(pk=outline.image_id)
    held = Outline.objects.select_for_update().get(pk=outline.pk)
    if held.trashed_at is None:
        return held
    if Outline.objects.live().filter(image=held.image_id, frame=held.frame).exists():
        raise OutlineInTheWay("Somebody has outlined this frame again since.")
    held.trashed_at = held.trashed_by = None
    held.save(update_fields=["trashed_at", "trashed_by", "updated_at"])
    _record("outline.restored", held, actor, request)
    return held


@transaction.atomic
def record_export(
    *, outlines: Sequence[Outline], layout: str, actor: User | None, request: Any = None
) -> None:
    """Put on record that these outlines left the house."""
    audit.record(
        actor=actor,
        action="outlines.exported",
        request=request,
        detail={"layout": layout, "outlines": [[outline.pk, outline.revision] for outline in outlines]},
    )


def _conflict(outline: Outline | None, drawn: list[Polygon], made_from: int) -> OutlineConflict:
    if outline is None:
        message = f"Revision {made_from} is gone: the outline was thrown away meanwhile."
    else:
        message = f"The outline is at revision {outline.revision} by now; yours was made from {made_from}."
    return OutlineConflict(message, theirs=outline, yours={"polygons": drawn, "made_from": made_from})


def _add_revision(
    *,
    outline: Outline,
    polygons: list[Polygon],
    state: OutlineState,
    origin: OutlineOrigin,
    actor: User | None,
    key: uuid.UUID | None,
    algorithm: Algorithm | None,
    request: Any,
) -> None:
    revision = OutlineRevision.objects.create(
        outline=outline, number=outline.revision + 1, made_from=outline.revision, polygons=polygons,
        state=state, origin=origin, author=actor, key=key, algorithm=algorithm,
    )  # fmt: skip
    outline.polygons, outline.revision, outline.state = polygons, revision.number, state
    outline.origin, outline.author, outline.algorithm = origin, actor, algorithm
    if state == OutlineState.FINAL:
        outline.final = revision
    outline.save()
    _record(
        "outline.finalised" if state == OutlineState.FINAL else "outline.saved", outline, actor, request,
        origin=str(origin), polygons=len(polygons), corners=sum(map(len, polygons)), algorithm=algorithm,
    )  # fmt: skip


def _record(action: str, outline: Outline, actor: User | None, request: Any, **detail: Any) -> None:
    audit.record(
        actor=actor,
        action=action,
        object=outline,
        site=outline.image.exam.patient.site,
        request=request,
        detail={"image": outline.image_id, "frame": outline.frame, "revision": outline.revision, **detail},
    )
