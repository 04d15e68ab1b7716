"""The work of a freeze: from labelled pairs to an audited cache folder and a version that never changes.

Idempotent. The folder is built under a name of its own attempt and takes its final name inside the
job's fence, together with the rows. An attempt that finds a whole folder there already adopts it.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from django.conf import settings
from django.utils import timezone
from numpy.typing import NDArray

from ml.cohort import Cohort, CohortError, CohortImage, assert_no_leak, load_cache, write_cache
from ml.cohort.pictures import SIZE
from ml.cohort.prepare import Cropper
from ml.spec import Band, HepaStageError, Stage
from ml.spec.crop import Crop
from webapp import bucket
from webapp.accounts.models import Site
from webapp.audit import services as audit
from webapp.datasets import cropping
from webapp.datasets.auditing import REPORT, write_report
from webapp.datasets.errors import FreezeRefused
from webapp.datasets.models import DatasetMember, DatasetState, DatasetVersion
from webapp.datasets.selection import Candidate, Selection, select
from webapp.imaging.models import Image
from webapp.imaging.storage import Room, load_array
from webapp.jobs.handle import JobHandle
from webapp.patients.models import Patient

Item = tuple[CohortImage, NDArray[np.uint8]]

FLOW = "flow.json"
PATIENTS_A_QUERY = 200
REPORT_EVERY_S = 0.5
WRITING, TESTING = 0.8, 0.85  # shares of the progress bar; the rest is the audit and the rows


class PatientsMoved(HepaStageError):
    """Patients of a finished folder are not where they were when it was written."""

    code = "dataset-patients-changed"
    remedy = "Freeze a new version."


def build_version(job: JobHandle) -> None:
    """Write the folder of the job's version, test it for leaks, freeze it."""
    version = DatasetVersion.objects.get(pk=job.payload["dataset"])
    if version.state == DatasetState.FROZEN:
        return
    with job.fenced():
        DatasetVersion.objects.filter(pk=version.pk).update(state=DatasetState.BUILDING, failure=None)
    final = Path(settings.WORK_DIR) / "datasets" / str(version.pk)
    drafts = final.parent / f".{version.pk}.drafts"
    folder = final if _is_whole(final) else _write(job, version, drafts / str(job.attempt))
    job.record({"kind": "progressed", "phase": "leak-test", "progress": WRITING}, message="Testing for leaks")
    cohort = load_cache(folder)
    assert_no_leak(cohort)
    if not (folder / REPORT).is_file():
        write_report(folder, cohort, lambda share: _audited(job, share))
    flow = json.loads((folder / FLOW).read_text("utf-8"))
    path = str(final.relative_to(settings.WORK_DIR))
    if bucket.enabled():
        from webapp.bucket import folders

        # Under its hash, so that an attempt that comes late does not write over this one's.
        folders.publish(folders.name_of(path, cohort.dataset_hash), folder)
    with job.fenced():
        if folder != final:
            shutil.rmtree(final, ignore_errors=True)  # of an attempt that never finished writing it
            folder.rename(final)
        _freeze(job, version, cohort, flow, final)
    if bucket.enabled():
        folders.mark(final, folders.name_of(path, cohort.dataset_hash))
    shutil.rmtree(drafts, ignore_errors=True)


def _audited(job: JobHandle, share: float) -> None:
    progress = TESTING + (1 - TESTING) * share
    job.record(
        {"kind": "progressed", "phase": "audit", "progress": progress}, message="Auditing the pictures"
    )


def _is_whole(folder: Path) -> bool:
    """Whether an earlier attempt left a complete, unaltered folder."""
    try:
        load_cache(folder, verify=True)
    except CohortError:
        return False
    return (folder / FLOW).is_file()


def _write(job: JobHandle, version: DatasetVersion, draft: Path) -> Path:
    """The cache of whoever is labelled now, in a folder of this attempt alone."""
    selection = select(version.sites.all())
    FreezeRefused.raise_for(selection.obstacles)
    shutil.rmtree(draft.parent, ignore_errors=True)
    draft.parent.mkdir(parents=True)
    flow = draft.parent / f"{draft.name}.{FLOW}"
    flow.write_text(json.dumps(selection.flow(), indent=1, ensure_ascii=False) + "\n", "utf-8")
    crop = Crop.model_validate(job.payload.get("crop", {}))
    attachments = {FLOW: flow}
    cutting = None
    if crop.kind == "liver":
        cutting = Cutting(cropping.source().cropper(crop), draft.parent / f"{draft.name}.masks")
        attachments[cropping.OUTLINES] = cutting.masks.with_suffix(".npy")
    write_cache(
        draft,
        _reported(job, selection, cutting),
        simulated=selection.simulated,
        split_seed=version.split_seed,
        attachments=attachments,
        crop=crop,
    )
    return draft


@dataclass(frozen=True)
class Cutting:
    """What cuts the liver out, and where the masks are kept until the cache is written."""

    cropper: Cropper
    masks: Path


def _reported(
    job: JobHandle, selection: Selection, cutting: Cutting | None = None
) -> Iterator[tuple[CohortImage, NDArray[np.uint8]]]:
    """The pictures of a selection, telling the job twice a second how far it is."""
    total = sum(candidate.images for candidate in selection.included)
    told = time.monotonic()
    for number, item in enumerate(pictures(selection.included, cutting), start=1):
        job.check()
        yield item
        if time.monotonic() - told >= REPORT_EVERY_S:
            told = time.monotonic()
            share = min(1.0, number / max(total, 1))
            job.record(
                {"kind": "progressed", "phase": "writing", "progress": WRITING * share},
                message=f"Writing pictures: {number} of {total}",
            )


def pictures(
    included: list[Candidate], cutting: Cutting | None = None
) -> Iterator[tuple[CohortImage, NDArray[np.uint8]]]:
    """Every picture of the candidates' paired exams, in an order that depends on the data alone.

    With ``cutting`` they show the liver where one is found; its masks are a file of their own at the end.
    """
    if cutting is None:
        yield from _pictures(included, lambda image, candidate: _frames(image, candidate))
        return
    with cutting.masks.open("wb") as masks:
        yield from _pictures(
            included, lambda image, candidate: _livers(image, candidate, cutting.cropper, masks)
        )
    cropping.save_masks(cutting.masks, cutting.masks.with_suffix(".npy"), SIZE)


def _pictures(
    included: list[Candidate], frames_of: Callable[[Image, Candidate], Iterator[Item]]
) -> Iterator[Item]:
    for start in range(0, len(included), PATIENTS_A_QUERY):
        part = included[start : start + PATIENTS_A_QUERY]
        owners = {exam: candidate for candidate in part for exam in candidate.exams}
        by_exam: dict[Any, list[Image]] = {exam: [] for exam in owners}
        for image in Image.objects.usable().filter(exam_id__in=owners, band__in=list(Band)):
            by_exam[image.exam_id].append(image)
        for exam, candidate in owners.items():
            for image in sorted(by_exam[exam], key=lambda image: (image.band, image.sha256, str(image.pk))):
                yield from frames_of(image, candidate)


def _frames(image: Image, candidate: Candidate) -> Iterator[Item]:
    stack = load_array(Room.ANALYSIS, image.analysis_sha256)
    for plane, frame in enumerate(image.analysis_frames):
        yield _row(image, candidate, frame), stack[plane]


def _livers(image: Image, candidate: Candidate, cropper: Cropper, masks: BinaryIO) -> Iterator[Item]:
    cut = cropping.liver_frames(image, cropper, masks)
    for frame, (picture, kind, box) in zip(image.analysis_frames, cut, strict=True):
        yield replace(_row(image, candidate, frame), crop=kind, box=box), picture


def _row(image: Image, candidate: Candidate, frame: int) -> CohortImage:
    if candidate.stage is None:
        raise FreezeRefused(f"{candidate.pseudonym} has no stage.", code="dataset-empty")
    return CohortImage(
        image=str(image.pk) if image.frame_count == 1 else f"{image.pk}#{frame}",
        patient=candidate.pseudonym,
        exam=str(image.exam_id),
        site=candidate.site_code,
        band=Band(image.band),
        stage=candidate.stage,
        frame=frame,
        source_sha256=image.sha256,
    )


def _freeze(job: JobHandle, version: DatasetVersion, cohort: Cohort, flow: list[Any], final: Path) -> None:
    """In the fence: the members as the folder has them, the sites that take part, the final state."""
    members = _members(version, cohort)
    DatasetMember.objects.bulk_create(members, batch_size=500)
    version.sites.set({member.site for member in members})
    counts = cohort.counts()
    stages = [stage.label for stage in Stage]
    counts["by_stage"] = {label: sum(part[label] for part in counts["by_split"].values()) for label in stages}
    counts["by_site"] = _by_site(members)
    counts["crop"] = cohort.crop.model_dump()
    if cohort.crop.kind == "liver":
        counts["liver_found"] = int((cohort.index["crop"] == "liver").sum())
    version.refresh_from_db()
    version.state = DatasetState.FROZEN
    version.frozen_at = timezone.now()
    version.hash = cohort.dataset_hash
    version.path = str(final.relative_to(settings.WORK_DIR))
    version.simulated = cohort.simulated
    version.counts = {**counts, "flow": flow}
    version.save()
    audit.record(
        actor=job.created_by,
        action="dataset.frozen",
        object=version,
        site=job.site,
        detail={
            "name": version.name,
            "version": version.version,
            "hash": version.hash,
            "total": counts["total"],
        },
    )


def _members(version: DatasetVersion, cohort: Cohort) -> list[DatasetMember]:
    people = cohort.index.groupby(["site", "patient"], sort=True)
    sites = {site.code: site for site in Site.objects.all()}
    known = {
        (patient.site_id, patient.pseudonym): patient.pk
        for patient in Patient.objects.filter(site__in=sites.values()).only("pk", "site_id", "pseudonym")
    }
    members = []
    for (code, name), rows in people:
        site, pseudonym = sites.get(str(code)), str(name)
        if site is None or (site.pk, pseudonym) not in known:
            raise PatientsMoved(f"Patient {pseudonym} of {code} is not there any more.")
        members.append(
            DatasetMember(
                dataset=version,
                patient_id=known[site.pk, pseudonym],
                pseudonym=pseudonym,
                site=site,
                stage=int(cohort.stage_of(pseudonym)),
                split=str(cohort.split[pseudonym]),
                hf_images=int((rows["band"] == str(Band.HF)).sum()),
                lf_images=int((rows["band"] == str(Band.LF)).sum()),
            )
        )
    return members


def _by_site(members: list[DatasetMember]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for member in members:
        row = table.setdefault(member.site.code, {stage.label: 0 for stage in Stage})
        row[Stage(member.stage).label] += 1
    return table
