"""What we keep of a DICOM header: identity, geometry and the regions that hold ultrasound."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from pydicom import Dataset
from pydicom.multival import MultiValue

CENTIMETRES = 3  # PhysicalUnits code
TISSUE = 1
TWO_DIMENSIONAL = 1


@dataclass(frozen=True)
class UltrasoundRegion:
    """One item of SequenceOfUltrasoundRegions, clipped to the frame.

    ``x0 <= x < x1`` and ``y0 <= y < y1`` (DICOM counts the last pixel in, this does not). Deltas
    are centimetres per pixel, always positive (files carry negative ones), ``None`` where the axis
    is not a length. ``outside`` is true where the file's box was larger than the frame: then the
    picture may have been cut or shrunk after the box was written.
    """

    x0: int
    y0: int
    x1: int
    y1: int
    units_x: int
    units_y: int
    delta_x_cm: float | None
    delta_y_cm: float | None
    spatial_format: int
    data_type: int
    frequency_khz: float | None = None
    outside: bool = False

    @property
    def area(self) -> int:
        return (self.x1 - self.x0) * (self.y1 - self.y0)

    @property
    def is_tissue(self) -> bool:
        """A two-dimensional picture of tissue (B-mode), not M-mode, Doppler, ECG or a grey bar."""
        return self.spatial_format == TWO_DIMENSIONAL and self.data_type == TISSUE


@dataclass(frozen=True)
class ImageHeader:
    """The header in plain values: it crosses process borders as JSON (:meth:`as_dict`)."""

    sop_instance_uid: str
    sop_class_uid: str
    transfer_syntax_uid: str
    rows: int
    columns: int
    frame_count: int
    frame_rate_hz: float | None
    manufacturer: str
    model_name: str
    probe: str
    study_uid: str
    series_uid: str
    patient_id: str
    acquired: str
    simulated: bool
    regions: tuple[UltrasoundRegion, ...]
    frequency_khz: float | None = None
    depth_cm: float | None = None
    site: str = ""
    warnings: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ImageHeader:
        known = {field.name for field in fields(cls)}
        kept = {name: value for name, value in values.items() if name in known}
        kept["regions"] = tuple(UltrasoundRegion(**region) for region in values["regions"])
        kept["warnings"] = tuple(values.get("warnings", ()))
        return cls(**kept)


def image_header(
    dataset: Dataset,
    *,
    transfer_syntax: str,
    rows: int,
    columns: int,
    frame_count: int,
    warnings: tuple[str, ...] = (),
) -> ImageHeader:
    """Collect the header of a parsed data set whose frames have been counted."""
    regions = regions_of(dataset, rows=rows, columns=columns)
    return ImageHeader(
        sop_instance_uid=text(dataset, "SOPInstanceUID"),
        sop_class_uid=text(dataset, "SOPClassUID"),
        transfer_syntax_uid=transfer_syntax,
        rows=rows,
        columns=columns,
        frame_count=frame_count,
        frame_rate_hz=_frame_rate(dataset),
        manufacturer=text(dataset, "Manufacturer"),
        model_name=text(dataset, "ManufacturerModelName"),
        probe=_probe(dataset),
        study_uid=text(dataset, "StudyInstanceUID"),
        series_uid=text(dataset, "SeriesInstanceUID"),
        patient_id=text(dataset, "PatientID"),
        acquired=_acquired(dataset),
        simulated=_simulated(dataset),
        regions=regions,
        frequency_khz=_frequency(dataset, regions),
        depth_cm=_depth(dataset),
        site=text(dataset, "InstitutionName"),
        warnings=warnings,
    )


def regions_of(
    dataset: Dataset,
    *,
    rows: int | None = None,
    columns: int | None = None,
) -> tuple[UltrasoundRegion, ...]:
    """The ultrasound regions, clipped to the frame; those that lie wholly outside are left out."""
    rows = rows if rows is not None else int(dataset.get("Rows") or 0)
    columns = columns if columns is not None else int(dataset.get("Columns") or 0)
    found = []
    for item in _items(dataset, "SequenceOfUltrasoundRegions")[:64]:
        region = _region(item, rows, columns)
        if region is not None:
            found.append(region)
    return tuple(found)


def _items(dataset: Dataset, keyword: str) -> list[Dataset]:
    try:
        return [item for item in dataset.get(keyword) or [] if isinstance(item, Dataset)]
    except Exception:  # a damaged sequence raises on access; it is then as good as absent
        return []


def _region(item: Dataset, rows: int, columns: int) -> UltrasoundRegion | None:
    corners = [number(item, f"RegionLocation{corner}") for corner in ("MinX0", "MaxX1", "MinY0", "MaxY1")]
    if any(corner is None for corner in corners):
        return None
    left, right, top, bottom = (int(corner or 0) for corner in corners)
    left, right = min(left, right), max(left, right) + 1
    top, bottom = min(top, bottom), max(top, bottom) + 1
    x0, x1, y0, y1 = max(left, 0), min(right, columns), max(top, 0), min(bottom, rows)
    if x1 - x0 < 2 or y1 - y0 < 2:
        return None
    units_x, units_y = (
        int(number(item, "PhysicalUnitsXDirection") or 0),
        int(number(item, "PhysicalUnitsYDirection") or 0),
    )
    slack = 2  # writers that count the last pixel in differ by one, sometimes two
    return UltrasoundRegion(
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
        units_x=units_x,
        units_y=units_y,
        delta_x_cm=_centimetres(number(item, "PhysicalDeltaX"), units_x),
        delta_y_cm=_centimetres(number(item, "PhysicalDeltaY"), units_y),
        spatial_format=int(number(item, "RegionSpatialFormat") or 0),
        data_type=int(number(item, "RegionDataType") or 0),
        frequency_khz=number(item, "TransducerFrequency"),
        outside=left < -slack or top < -slack or right > columns + slack or bottom > rows + slack,
    )


def _centimetres(delta: float | None, units: int) -> float | None:
    return abs(delta) if delta and units == CENTIMETRES else None


def text(dataset: Dataset, keyword: str) -> str:
    """The value as one line of text; "" when absent or unreadable."""
    return "\\".join(texts(dataset, keyword))[:256]


def texts(dataset: Dataset, keyword: str) -> list[str]:
    """The values of a multi-valued element, each as one line of text."""
    try:
        value = dataset.get(keyword)
        values = list(value) if isinstance(value, (list, tuple, MultiValue)) else [value]
        return [" ".join(str(part).split()) for part in values if part is not None]
    except Exception:  # a damaged value raises on access; it is then as good as absent
        return []


def number(dataset: Dataset, keyword: str) -> float | None:
    """The (first) value as a finite number; ``None`` when absent or unreadable."""
    try:
        value = dataset.get(keyword)
        if isinstance(value, (list, tuple, MultiValue)):
            value = next(iter(value), None)
        result = float(value) if value is not None and value != "" else None
    except Exception:  # as above
        return None
    return result if result is not None and math.isfinite(result) else None


def _frame_rate(dataset: Dataset) -> float | None:
    """Frames a second: from the frame time (ms) where there is one, else the recommended rate."""
    period = number(dataset, "FrameTime")
    if period is None:
        periods = [float(part) for part in texts(dataset, "FrameTimeVector")[1:64] if _is_number(part)]
        period = sum(periods) / len(periods) if periods else None  # the first entry of the vector is 0
    if period and period > 0:
        return 1000 / period
    rate = number(dataset, "CineRate") or number(dataset, "RecommendedDisplayFrameRate")
    return rate if rate and rate > 0 else None


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _probe(dataset: Dataset) -> str:
    """The probe's name: the first part of TransducerData, where vendors put it."""
    names = [part for part in texts(dataset, "TransducerData") if part not in {"", "UNUSED"}]
    return names[0][:64] if names else ""


def _frequency(dataset: Dataset, regions: tuple[UltrasoundRegion, ...]) -> float | None:
    tissue = sorted((region for region in regions if region.frequency_khz), key=lambda region: -region.area)
    return tissue[0].frequency_khz if tissue else number(dataset, "TransducerFrequency")


def _depth(dataset: Dataset) -> float | None:
    """DepthOfScanField is in millimetres."""
    depth = number(dataset, "DepthOfScanField")
    return depth / 10 if depth and depth > 0 else None


def _acquired(dataset: Dataset) -> str:
    stamp = text(dataset, "AcquisitionDateTime")
    if stamp:
        return stamp
    for prefix in ("Acquisition", "Content", "Series", "Study"):
        day = text(dataset, f"{prefix}Date")
        if day:
            return day + text(dataset, f"{prefix}Time")
    return ""


def _simulated(dataset: Dataset) -> bool:
    """Made by a simulation: said in the image type, or in the manufacturer or model name."""
    words = " ".join(
        text(dataset, keyword) for keyword in ("ImageType", "Manufacturer", "ManufacturerModelName")
    )
    return "SIMULATED" in words.upper() or "SIMULATION" in words.upper()
