"""Who would be in a dataset version, and who would not and why: the numbers of a STARD flow diagram.

Reads only. A patient is included when the check-list of the study does not exclude it, a current
pathology stage is recorded and one exam at least has a released image of each band; every other patient
is counted under the first reason that applies, so that the parts add up to the whole. A person that was
two patients and was merged counts once.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q, Sum
from django.db.models.functions import Least

from ml.cohort import split_patients
from ml.spec import Band, Split, Stage
from webapp.accounts.models import Site
from webapp.imaging.models import Image
from webapp.patients.criteria import Criterion, first_reason
from webapp.patients.eligibility import answers_of, used_criteria
from webapp.patients.models import PathologyStage, Patient

LEAST_PER_STAGE = 3  # one for each part of the split
FRAMES_PER_CINE = 3  # the frames that ml.dicom.representative_frames picks
PICTURES = Least(F("frame_count"), FRAMES_PER_CINE)
EXAMPLES = 20  # pseudonyms named per reason; the counts are always complete

REASONS: dict[str, str] = {
    **{
        f"criterion-{name}": "Excluded by the check-list of the study; see the patient's page."
        for name in Criterion.values
    },
    "no-stage": "Record a pathology stage, or import a stage table.",
    "stage-ambiguous": "Keep one current pathology stage for the patient.",
    "no-images": "Upload an HF and an LF image of the patient.",
    "not-released": "Release the quarantined images after looking at them.",
    "band-unknown": "Set the band of the images by hand.",
    "hf-only": "Upload an LF (convex) image of the same exam.",
    "lf-only": "Upload an HF (linear) image of the same exam.",
    "bands-in-different-exams": "HF and LF must belong to one exam; check the study identifiers.",
}


@dataclass(frozen=True)
class Candidate:
    """One patient looked at. ``reason`` is empty when included; ``exams`` are those with both bands."""

    patient_id: uuid.UUID
    pseudonym: str
    site_id: Any
    site_code: str
    simulated: bool
    stage: Stage | None
    images: int
    reason: str
    exams: tuple[uuid.UUID, ...] = ()


@dataclass
class _ExamImages:
    total: int = 0
    released: int = 0
    hf: int = 0
    lf: int = 0


@dataclass(frozen=True)
class Selection:
    """All patients of some sites, sorted into included and excluded. Images count as pictures: a cine
    is as many as the frames of it that a network sees."""

    candidates: tuple[Candidate, ...]
    obstacles: tuple[dict[str, str], ...] = field(default=())

    @property
    def included(self) -> list[Candidate]:
        return [candidate for candidate in self.candidates if not candidate.reason]

    @property
    def simulated(self) -> bool:
        return any(candidate.simulated for candidate in self.included)

    def without(self, patients: set[uuid.UUID]) -> Selection:
        """The same without some patients: what somebody may know from whom their stages are hidden."""
        kept = tuple(item for item in self.candidates if item.patient_id not in patients)
        included = [item for item in kept if not item.reason]
        return Selection(kept, tuple(_obstacles(included)))

    def flow(self) -> list[dict[str, Any]]:
        """Steps of the diagram: everybody assessed, minus each exclusion, are those included."""
        excluded: dict[str, list[Candidate]] = defaultdict(list)
        for candidate in self.candidates:
            if candidate.reason:
                excluded[candidate.reason].append(candidate)
        return [
            {"step": "assessed", "excluded": False, **_size(self.candidates), "remedy": "", "examples": []},
            *(
                {
                    "step": reason,
                    "excluded": True,
                    **_size(excluded[reason]),
                    "remedy": remedy,
                    "examples": [candidate.pseudonym for candidate in excluded[reason][:EXAMPLES]],
                }
                for reason, remedy in REASONS.items()
                if excluded[reason]
            ),
            {"step": "included", "excluded": False, **_size(self.included), "remedy": "", "examples": []},
        ]

    def counts(self, *, split_seed: int) -> dict[str, Any]:
        """Patients by stage, site and part of the split, as a freeze would store them."""
        stages = {str(item.pseudonym): item.stage for item in self.included if item.stage is not None}
        split = split_patients(stages, seed=split_seed) if stages else {}
        by_split = {str(part): {stage.label: 0 for stage in Stage} for part in Split}
        by_site: dict[str, dict[str, int]] = defaultdict(lambda: {stage.label: 0 for stage in Stage})
        for item in self.included:
            if item.stage is not None:
                by_split[str(split[item.pseudonym])][item.stage.label] += 1
                by_site[item.site_code][item.stage.label] += 1
        return {
            "total": _size(self.included),
            "by_stage": {stage.label: sum(row[stage.label] for row in by_split.values()) for stage in Stage},
            "by_split": by_split,
            "by_site": dict(sorted(by_site.items())),
        }


def select(sites: Iterable[Site]) -> Selection:
    """Look at every patient of ``sites`` (five queries, whatever the number of patients)."""
    chosen = list(sites)
    stages = _current_stages(chosen)
    exams = _exam_images(chosen)
    answers, used = answers_of(chosen), used_criteria()
    rows = (
        Patient.objects.whole()
        .filter(site__in=chosen)
        .order_by()
        .values("pk", "pseudonym", "site_id", "site__code", "simulated")
    )
    candidates = tuple(
        _candidate(
            row,
            stages.get(row["pk"], set()),
            exams.get(row["pk"], {}),
            first_reason(answers.get(row["pk"], {}), used),
        )
        # Not in the database's order, which is one of its collation: a dataset's hash depends on it.
        for row in sorted(rows, key=lambda row: (row["pseudonym"], str(row["pk"])))
    )
    selection = Selection(candidates)
    return Selection(candidates, tuple(_obstacles(selection.included)))


def _current_stages(sites: Sequence[Site]) -> dict[uuid.UUID, set[int]]:
    stages: dict[uuid.UUID, set[int]] = defaultdict(set)
    current = PathologyStage.objects.filter(superseded_at__isnull=True, patient__site__in=sites)
    for patient, stage in current.values_list("patient_id", "stage"):
        stages[patient].add(stage)
    return stages


def _exam_images(sites: Sequence[Site]) -> dict[uuid.UUID, dict[uuid.UUID, _ExamImages]]:
    exams: dict[uuid.UUID, dict[uuid.UUID, _ExamImages]] = defaultdict(dict)
    rows = (
        Image.objects.filter(exam__patient__site__in=sites)
        .order_by()
        .values("exam_id", "exam__patient_id")
        .annotate(
            total=Sum(PICTURES, default=0),
            usable=Sum(PICTURES, filter=Q(released=True), default=0),
            hf=Sum(PICTURES, filter=Q(released=True, band=Band.HF), default=0),
            lf=Sum(PICTURES, filter=Q(released=True, band=Band.LF), default=0),
        )
    )
    for row in rows:
        exams[row["exam__patient_id"]][row["exam_id"]] = _ExamImages(
            row["total"], row["usable"], row["hf"], row["lf"]
        )
    return exams


def _candidate(
    row: Mapping[str, Any],
    stages: set[int],
    exams: dict[uuid.UUID, _ExamImages],
    excluded_by: str,
) -> Candidate:
    paired = tuple(sorted((exam for exam, images in exams.items() if images.hf and images.lf), key=str))
    reason = f"criterion-{excluded_by}" if excluded_by else ""
    reason = reason or _stage_reason(stages) or ("" if paired else _image_reason(list(exams.values())))
    images = (
        sum(image.total for image in exams.values())
        if reason
        else sum(exams[exam].hf + exams[exam].lf for exam in paired)
    )
    return Candidate(
        patient_id=row["pk"],
        pseudonym=row["pseudonym"],
        site_id=row["site_id"],
        site_code=row["site__code"],
        simulated=row["simulated"],
        stage=Stage(next(iter(stages))) if len(stages) == 1 else None,
        images=images,
        reason=reason,
        exams=paired,
    )


def _stage_reason(stages: set[int]) -> str:
    if not stages:
        return "no-stage"
    return "stage-ambiguous" if len(stages) > 1 else ""


def _image_reason(exams: Sequence[_ExamImages]) -> str:
    hf, lf = sum(exam.hf for exam in exams), sum(exam.lf for exam in exams)
    if not exams:
        return "no-images"
    if not any(exam.released for exam in exams):
        return "not-released"
    if hf and lf:
        return "bands-in-different-exams"
    if hf or lf:
        return "hf-only" if hf else "lf-only"
    return "band-unknown"


def _obstacles(included: Sequence[Candidate]) -> Iterable[dict[str, str]]:
    """What makes a freeze impossible, each with what to do about it."""
    if not included:
        yield {
            "code": "dataset-empty",
            "message": "No patient has a pathology stage and an exam with both an HF and an LF image.",
            "remedy": "Upload pairs and record their pathology stages; the counts above say what is missing.",
        }
        return
    stages = Counter(item.stage for item in included if item.stage is not None)
    if len(stages) < 2:
        yield {
            "code": "dataset-one-stage",
            "message": f"Every patient is {next(iter(stages)).label}; there is nothing to tell apart.",
            "remedy": "Add labelled pairs of at least one other stage.",
        }
    for stage, count in sorted(stages.items()):
        if count < LEAST_PER_STAGE:
            yield {
                "code": "dataset-stage-too-small",
                "message": f"{stage.label} has {count} of the {LEAST_PER_STAGE} patients that training, "
                "validation and test need.",
                "remedy": f"Add {LEAST_PER_STAGE - count} more labelled pairs of {stage.label}, "
                "or choose sites without that stage.",
            }
    if len({item.simulated for item in included}) > 1:
        yield {
            "code": "dataset-mixes-simulated",
            "message": "Simulated and real patients would be in one dataset.",
            "remedy": "Choose sites that hold only one of the two.",
        }
    twice = [name for name, count in Counter(item.pseudonym for item in included).items() if count > 1]
    if twice:
        yield {
            "code": "dataset-pseudonym-twice",
            "message": f"Two patients are called {twice[0]}.",
            "remedy": "Merge the two records, or freeze their sites apart.",
        }


def _size(candidates: Iterable[Candidate]) -> dict[str, int]:
    listed = list(candidates)
    return {"patients": len(listed), "images": sum(item.images for item in listed)}
