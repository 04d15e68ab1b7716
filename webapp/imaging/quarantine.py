"""A person decides about what was kept out: release it, mask what may not stay, or remove it.

A decision re-renders the file from its original: identity removed, what was not kept or was masked set
to 0 in every frame, the networks' pictures made anew from that. Only then is there an image, and from
then on it is one like every other. An image that somebody withdrew is decided in the same way; its
stored file is written anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from ml.spec import Band, HepaStageError
from webapp import spool
from webapp.audit import services as audit
from webapp.imaging import originals, removal, rewriting, storage
from webapp.imaging.acceptance import already_here, write_image
from webapp.imaging.blanking import Rectangle, Verdict, checked
from webapp.imaging.holding import forget_original
from webapp.imaging.models import (
    WITHDRAWN,
    BandSource,
    Image,
    QuarantineItem,
    UploadFile,
    WaitingState,
)
from webapp.imaging.outcomes import FileRefused, Outcome
from webapp.imaging.pairing import locked_image, refresh_exam
from webapp.imaging.preparation import Prepared, prepare
from webapp.imaging.storage import Room
from webapp.patients.models import Patient
from webapp.patients.pseudonyms import Pseudonymiser

if TYPE_CHECKING:
    from webapp.accounts.models import User

RELEASE, MASK, REMOVE = "release", "mask", "remove"
ACTIONS = (RELEASE, MASK, REMOVE)
DONE = {RELEASE: "released", MASK: "masked", REMOVE: "removed"}  # as the audit log says it
ASK = "ask"
BANDS = (*(band.value for band in Band), ASK)
BOTH, REPLACE = "both", "replace"
CONFLICTS = (BOTH, REPLACE)
LEAST_REASON = 3


class AlreadyDecided(HepaStageError):
    """Somebody was faster, or the time was over."""

    code = "already-decided"
    remedy = "Read the list again; what was decided stands beside the file."
    http_status = 409


class OriginalGone(HepaStageError):
    """The bytes were removed, so nothing can be made of the file any more."""

    code = "original-gone"
    remedy = "Ask the sender for the file again."
    http_status = 409


class DecisionIncomplete(HepaStageError):
    """Something that the decision needs was not said."""

    code = "decision-incomplete"
    remedy = "Say what is missing and decide again."


@dataclass(frozen=True)
class Decision:
    """What to do with an item, and why.

    ``keep`` and ``masks`` are boxes (x0, y0, x1, y1) in pixels. ``band`` is HF, LF, ``ask`` (nobody knows
    yet) or "" (as recognised). ``conflict`` (``both`` or ``replace``) is needed where the identifier is
    already another picture's; ``patient``, a pseudonym of the site, may say whose a file without a name is.
    """

    action: str
    reason: str
    keep: tuple[Sequence[int], ...] = ()
    masks: tuple[Sequence[int], ...] = ()
    band: str = ""
    conflict: str = ""
    patient: str = ""

    def check(self, item: QuarantineItem) -> None:
        """Raise :class:`DecisionIncomplete` where the decision does not fit the item."""
        if self.action not in ACTIONS or self.band not in {"", *BANDS}:
            raise DecisionIncomplete("This is not something that can be decided.")
        if len(self.reason.strip()) < LEAST_REASON:
            raise DecisionIncomplete("A decision needs a reason.")
        if self.action == MASK and not self.masks:
            raise DecisionIncomplete("Masking needs at least one box.")
        if self.action == RELEASE and self.masks:
            raise DecisionIncomplete("Boxes to mask were drawn, but the action is to release as it is.")
        if self.action != REMOVE and item.code == "conflict" and self.conflict not in CONFLICTS:
            raise DecisionIncomplete("Say whether this picture joins the one that is here or replaces it.")


def decide(
    *, item: QuarantineItem, decision: Decision, actor: User | None, request: Any = None
) -> QuarantineItem:
    """Carry out a decision.

    Raise :class:`AlreadyDecided`, :class:`OriginalGone`, :class:`DecisionIncomplete`, ``RectangleRefused``,
    or what the reader refuses; nothing has changed then.
    """
    decision.check(item)
    if item.state != WaitingState.WAITING and not (
        item.state == WaitingState.REFUSED and decision.action == REMOVE
    ):
        raise AlreadyDecided(f"This file is {item.state} already.")
    if item.code == WITHDRAWN:
        return _decide_withdrawn(item, decision, actor, request)
    if decision.action == REMOVE:
        return _remove(item, decision, actor, request)
    return removal.again_if_vanished(lambda: _take_in(item, decision, actor, request))


@transaction.atomic
def withdraw(*, image: Image, reason: str, actor: User | None, request: Any = None) -> QuarantineItem:
    """Take an image out of use until an administrator has looked at it, as for a name seen in the picture."""
    if len(reason.strip()) < LEAST_REASON:
        raise DecisionIncomplete("Withdrawing an image needs a reason.")
    locked = locked_image(image.pk)
    if not locked.released:
        raise AlreadyDecided("This image is out of use already.")
    locked.released = False
    locked.save(update_fields=["released"])
    refresh_exam(exam=locked.exam)
    first = locked.files.order_by("at").first()
    item = QuarantineItem.objects.create(
        file=first,
        site=locked.exam.patient.site,
        code=WITHDRAWN,
        image=locked,
        note=reason.strip(),
        evidence=rewriting.evidence_of(locked),
    )
    audit.record(
        actor=actor, action="image.withdrawn", object=locked, site=item.site, request=request,
        detail={"reason": item.note, "item": item.pk},
    )  # fmt: skip
    image.released = False
    return item


def boxes_of(
    item: QuarantineItem, keep: Any, masks: Any
) -> tuple[tuple[Rectangle, ...], tuple[Rectangle, ...]]:
    """Boxes from outside, checked against the item's frame; without ``keep`` the item's proposal."""
    rows, columns = int(item.evidence.get("rows", 0)), int(item.evidence.get("columns", 0))
    if rows < 1 or columns < 1:  # the file could not be read as far as its picture
        return (), ()
    kept = keep or item.evidence.get("proposal", [])
    return checked(kept, rows=rows, columns=columns), checked(masks, rows=rows, columns=columns)


def _take_in(item: QuarantineItem, decision: Decision, actor: User | None, request: Any) -> QuarantineItem:
    assert item.file is not None
    if not item.file.quarantine_sha256:
        raise OriginalGone("The original of this file is no longer kept.")
    keep, masks = boxes_of(item, decision.keep, decision.masks)
    verdict = Verdict(
        keep=keep,
        masks=masks,
        identity_key=_identity_of(item, decision.patient),
        apart=item.code == "conflict",
        band=None if not decision.band else "" if decision.band == ASK else decision.band,
    )
    names = Pseudonymiser.of_site(item.site_id)
    with (
        originals.opened(item.file) as path,
        spool.temporary_folder("file", parent=storage.incoming()) as folder,
    ):
        dicom, analysis = folder / "image.dcm", folder / "analysis.npy"
        found = prepare(path, names, dicom=dicom, analysis=analysis, verdict=verdict)
        _refuse_new_conflict(item, found)
        addresses = storage.adopt(Room.IMAGES, dicom), storage.adopt(Room.ANALYSIS, analysis)
    with transaction.atomic():
        item = _locked(item)
        _, image = write_image(site=item.site, found=found, addresses=addresses, actor=actor)
        if item.code == "conflict" and decision.conflict == REPLACE and item.rival is not None:
            _retire(item.rival, item, decision, actor, request)  # behind the patient, whom intake locks first
        UploadFile.objects.filter(
            upload__site=item.site_id, sha256=item.file.sha256 if item.file else "",
            outcome=Outcome.QUARANTINED, image__isnull=True,
        ).update(image=image)  # fmt: skip
        return _settle(item, WaitingState.RELEASED, decision, actor, request, image=image)


def _refuse_new_conflict(item: QuarantineItem, found: Prepared) -> None:
    """A file may have become a conflict while it waited: its identifier was taken by another picture."""
    try:
        already_here(item.site_id, found)
    except FileRefused as refusal:
        QuarantineItem.objects.filter(pk=item.pk).update(code=refusal.code, rival=refusal.rival)
        raise DecisionIncomplete(
            "An image with this identifier came in meanwhile. Say whether this one joins or replaces it."
        ) from None


def _identity_of(item: QuarantineItem, pseudonym: str) -> str:
    if not pseudonym:
        return ""
    if item.code != "no-identity":
        raise DecisionIncomplete("The file says itself whose it is.")
    patient = Patient.objects.filter(site=item.site_id, pseudonym=pseudonym.strip().upper()).first()
    if patient is None:
        raise DecisionIncomplete(f"{pseudonym[:40]} is no patient of this site.")
    return patient.identity_key


@transaction.atomic
def _remove(item: QuarantineItem, decision: Decision, actor: User | None, request: Any) -> QuarantineItem:
    item = _locked(item, also_refused=True)
    forget_original(item)
    return _settle(item, WaitingState.REMOVED, decision, actor, request)


@transaction.atomic
def _decide_withdrawn(
    item: QuarantineItem, decision: Decision, actor: User | None, request: Any
) -> QuarantineItem:
    """The same three ways for an image that is here: back into use, back with masks, or out for good."""
    item = _locked(item)
    assert item.image is not None
    image = locked_image(item.image.pk)
    keep, masks = boxes_of(item, decision.keep, decision.masks)
    if decision.action == REMOVE:
        rewriting.rewrite(image, keep=(), masks=((0, 0, image.columns, image.rows),))
        return _settle(item, WaitingState.REMOVED, decision, actor, request)
    if decision.keep or masks:
        rewriting.rewrite(image, keep=keep, masks=masks)
    image.released = True
    if decision.band:
        image.band = "" if decision.band == ASK else decision.band
        image.band_source = BandSource.AUTO if decision.band == ASK else BandSource.MANUAL
    image.save(update_fields=["released", "band", "band_source"])
    refresh_exam(exam=image.exam)
    return _settle(item, WaitingState.RELEASED, decision, actor, request, image=image)


def _retire(rival: Image, item: QuarantineItem, decision: Decision, actor: User | None, request: Any) -> None:
    """The image that a conflict's winner replaces goes out of use; it is kept, and nobody but us sees it."""
    rival = locked_image(rival.pk)
    rival.released = False
    rival.save(update_fields=["released"])
    refresh_exam(exam=rival.exam)
    audit.record(
        actor=actor, action="image.replaced", object=rival, site=item.site, request=request,
        detail={"item": item.pk, "reason": decision.reason.strip()},
    )  # fmt: skip


def _locked(item: QuarantineItem, *, also_refused: bool = False) -> QuarantineItem:
    """The row, ours until the transaction ends; raise :class:`AlreadyDecided` where it no longer waits."""
    open_states = {WaitingState.WAITING} | ({WaitingState.REFUSED} if also_refused else set())
    row = (
        QuarantineItem.objects.select_for_update(of=("self",))
        .select_related("file", "site", "image", "rival")
        .get(pk=item.pk)
    )
    if row.state not in open_states:
        raise AlreadyDecided(f"This file is {row.state} already.")
    return row


def _settle(
    item: QuarantineItem,
    state: WaitingState,
    decision: Decision,
    actor: User | None,
    request: Any,
    *,
    image: Image | None = None,
) -> QuarantineItem:
    item.state, item.reason = state, decision.reason.strip()
    item.decided_by, item.decided_at = actor, timezone.now()
    item.image = image or item.image
    item.decision = {
        "action": decision.action,
        "keep": [list(box) for box in decision.keep],
        "masks": [list(box) for box in decision.masks],
        "band": decision.band,
        "conflict": decision.conflict,
    }
    item.save()
    audit.record(
        actor=actor,
        action=f"quarantine.{DONE[decision.action]}",
        object=item,
        site=item.site,
        request=request,
        detail={"code": item.code, "reason": item.reason, "image": item.image_id} | item.decision,
    )
    return item
