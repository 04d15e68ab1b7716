"""The intake audit of a dataset version: what :mod:`ml.cohort.audit` is told, and where its report lies.

The report is a file of the version's folder. It describes the frozen pictures, so it never changes either.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydicom import dcmread
from pydicom.errors import InvalidDicomError

from ml.cohort import Cohort
from ml.spec import HepaStageError
from webapp.datasets.models import DatasetVersion
from webapp.imaging.models import Image
from webapp.imaging.storage import Room, StoredFileMissing, existing

REPORT = "audit.json"
KEYWORDS = ("Manufacturer", "ManufacturerModelName")
IMAGES_A_QUERY = 500
MIXED = "several"  # the value of a patient whose images differ


class AuditMissing(HepaStageError):
    """A version that was frozen before versions were audited."""

    code = "dataset-audit-missing"
    remedy = "Freeze the labelled pairs again: the new version is audited."
    http_status = 404


def write_report(folder: Path, cohort: Cohort, told: Callable[[float], None]) -> None:
    """Audit the pictures of ``folder`` and put the report beside them; ``told`` hears the share done."""
    from ml.cohort.audit import audit  # SciPy: only where the work is done

    images = _images(cohort)
    report = audit(cohort, arrival=_arrival(images), attributes=_attributes(images), told=told)
    draft = folder / f"{REPORT}.tmp"
    draft.write_text(report.model_dump_json(indent=1) + "\n", "utf-8")
    draft.replace(folder / REPORT)


def read_report(version: DatasetVersion) -> dict[str, Any]:
    """The report of a frozen version. Raises AuditMissing where it has none."""
    path = version.folder / REPORT
    if not version.path or not path.is_file():
        raise AuditMissing(f"{version} was not audited when it was frozen.")
    report: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return report


def _images(cohort: Cohort) -> list[Image]:
    """The images of the pictures, in the order in which they came."""
    names = sorted({str(name).split("#")[0] for name in cohort.index["image"]})
    found: list[Image] = []
    for start in range(0, len(names), IMAGES_A_QUERY):
        part = names[start : start + IMAGES_A_QUERY]
        found += Image.objects.filter(pk__in=part).select_related("exam__patient")
    return sorted(found, key=lambda image: (image.created_at, str(image.pk)))


def _arrival(images: list[Image]) -> list[str]:
    """Patients in the order in which the first of their images came."""
    return list(dict.fromkeys(image.exam.patient.pseudonym for image in images))


def _attributes(images: list[Image]) -> dict[str, dict[str, str]]:
    """What the files say of the recording, by patient."""
    found: dict[str, dict[str, set[str]]] = {"scanner": {}, "format": {}, "kind": {}}
    for image in images:
        patient = image.exam.patient.pseudonym
        for name, value in (
            ("scanner", _scanner(image)),
            ("format", f"{image.columns} × {image.rows}"),
            ("kind", "cine" if image.frame_count > 1 else "still"),
        ):
            if value:
                found[name].setdefault(patient, set()).add(value)
    return {
        name: {patient: next(iter(seen)) if len(seen) == 1 else MIXED for patient, seen in values.items()}
        for name, values in found.items()
    }


def _scanner(image: Image) -> str:
    """Manufacturer and model as the stored file names them; empty where it cannot be read."""
    try:
        header = dcmread(
            existing(Room.IMAGES, image.sha256), specific_tags=[*KEYWORDS], stop_before_pixels=True
        )
    except (OSError, InvalidDicomError, StoredFileMissing):
        return ""
    return " ".join(str(header.get(keyword, "")).strip() for keyword in KEYWORDS).strip()
