"""The liver outlines of a signed report as DICOM Segmentation (PS3.3 §A.51), one instance per image."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from webapp.reading.dicom_seg import described, name_frame, still_of
from webapp.staging.exports.dicom import MAKER, SERIES, person_name, stamp, uid_of, written
from webapp.staging.exports.pictures import image_of, mask_of
from webapp.staging.report_errors import NoOutline

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date of a zip archive: nothing of when it was made


def report_segs(facts: dict[str, Any]) -> list[tuple[str, bytes]]:
    """``(name, file)`` per outlined image; raise :class:`NoOutline` where there is none."""
    outlined = [picture for picture in facts["pictures"] if picture["outline"]]
    if not outlined:
        raise NoOutline("This report was signed without liver outlines.")
    return [(f"liver-{picture['band']}.dcm", _segmentation(facts, picture)) for picture in outlined]


def report_seg_archive(facts: dict[str, Any]) -> bytes:
    """All of them as a zip archive; the same report gives the same bytes."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in report_segs(facts):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def _segmentation(facts: dict[str, Any], picture: dict[str, Any]) -> bytes:
    from highdicom.seg import Segmentation

    identity, image = facts["report"]["id"], image_of(facts, picture)
    liver = described(
        algorithm=picture["outline"].get("algorithm"),
        origin=picture["outline"]["origin"],
        tracking_uid=uid_of(picture["outline"]["id"], f"revision {picture['outline']['revision']}"),
        tracking_id=f"Outline {picture['outline']['id'][:8]} revision {picture['outline']['revision']}",
    )
    source, kind = still_of(image["sha256"])
    document = Segmentation(
        source_images=[source],
        pixel_array=mask_of(facts, picture),
        segmentation_type="BINARY",
        segment_descriptions=[liver],
        series_instance_uid=uid_of(identity, "seg-series"),
        series_number=SERIES["SEG"],
        sop_instance_uid=uid_of(identity, f"seg {picture['band']}"),
        instance_number=1 + [known["band"] for known in facts["pictures"]].index(picture["band"]),
        manufacturer=MAKER,
        manufacturer_model_name=MAKER,
        software_versions=facts["code"]["version"],
        device_serial_number="1",
        content_label="LIVER",
        content_description="Simulated data" if facts["simulated"] else "Liver outline",
        content_creator_name=person_name(picture["outline"]["author"] or "unknown"),
    )
    document.DimensionOrganizationSequence[0].DimensionOrganizationUID = uid_of(identity, "dimensions")
    for index in document.DimensionIndexSequence:
        index.DimensionOrganizationUID = uid_of(identity, "dimensions")
    name_frame(document, kind, picture["frame"] if image["frame_count"] > 1 else None)
    stamp(document, facts)
    return written(document)
