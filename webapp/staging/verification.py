"""Do the signed reports still say what was signed, and are the files they rest on still there?

Found: a report whose content or column was altered, a version that was removed, a chain that does not
close, a report that the audit log knows and the table does not, an image or a model file that is
missing or altered. What it rests on besides the hashes themselves is the audit log, whose own
chain ``manage.py verify_audit`` checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Q

from webapp.audit.models import Entry
from webapp.staging.models import Report, Review
from webapp.staging.report_content import SCHEMA, damaged_evidence, digest

SIGNED = ("report.signed", "report.amended")


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong with a report; ``what`` is a phrase without identity."""

    report: str
    what: str


def flaws(*, files: bool = True) -> Iterator[Flaw]:
    """Walk every report, then everything that the audit log says was signed."""
    for report in Report.objects.order_by("exam", "version").iterator(chunk_size=500):
        yield from (Flaw(str(report.pk), what) for what in flaws_of(report, files=files))
    known = {str(pk) for pk in Report.objects.values_list("pk", flat=True)}
    for key in _signed_by_the_log().values_list("object_id", flat=True):
        if key not in known:
            yield Flaw(key, "was signed according to the audit log, and is gone")


def flaws_of(report: Report, *, files: bool = True) -> Iterator[str]:
    """What is wrong with one report: content, columns, chain, audit log, files."""
    if digest(report.content) != report.content_hash:
        yield "the content is not what was signed"
    try:
        facts = report.facts
        yield from _differences(report, facts)
        yield from _chain(report, facts)
        yield from _log(report)
        if files:
            images = [image["sha256"] for image in facts["images"]]
            weights = facts["model"]["weights_sha256"]
            yield from damaged_evidence(images, Path(report.staging.model.folder), weights)
    except (ValueError, KeyError, TypeError):
        yield "the content cannot be read"


def _differences(report: Report, facts: dict[str, Any]) -> Iterator[str]:
    """Columns that do not repeat what was signed."""
    stage = facts["review"]["stage"]
    pairs = {
        "schema": (SCHEMA, facts["schema"]),
        "id": (str(report.pk), facts["report"]["id"]),
        "version": (report.version, facts["report"]["version"]),
        "exam": (str(report.exam_id), facts["exam"]["id"]),
        "staging": (str(report.staging_id), facts["staging"]["id"]),
        "review": (str(report.review_id), facts["review"]["id"]),
        "decision": (report.decision, facts["review"]["decision"]),
        "stage": (report.stage, int(stage[1:]) if stage else None),
        "simulated": (report.simulated, facts["simulated"]),
        "signer": (report.signed_by_id, facts["signature"]["user"]),
        "time": (report.created_at.isoformat(), facts["signature"]["at"]),
    }
    for name, (column, signed) in pairs.items():
        if column != signed:
            yield f"its column {name} is not what was signed"
    if not Review.objects.filter(pk=report.review_id, signed_at__isnull=False).exists():
        yield "its review is not signed"


def _chain(report: Report, facts: dict[str, Any]) -> Iterator[str]:
    """The version before, under the hash that this one holds."""
    previous = facts["report"]["previous"]
    if previous is None:
        if report.version != 1 or report.predecessor_id is not None:
            yield "it is a later version without a predecessor"
        return
    before = Report.objects.filter(pk=previous["id"]).first()
    if before is None:
        yield f"the version before it ({report.version - 1}) is gone"
    elif before.content_hash != previous["content_hash"] or before.version != report.version - 1:
        yield "it does not follow the version before it"
    if str(report.predecessor_id) != previous["id"]:
        yield "its column predecessor is not what was signed"


def _log(report: Report) -> Iterator[str]:
    """The hash that the audit log noted when it was signed: a whole row made anew has another."""
    entry = _signed_by_the_log().filter(object_id=str(report.pk)).first()
    if entry is None:
        yield "the audit log does not know it"
    elif entry.detail.get("content_hash") != report.content_hash:
        yield "the audit log noted another content"


def _signed_by_the_log() -> Any:
    return Entry.objects.filter(Q(action__in=SIGNED), object_type="staging.report").order_by("number")
