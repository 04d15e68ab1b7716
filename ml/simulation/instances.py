"""Screens to valid DICOM: Ultrasound and Ultrasound Multi-frame images with calibrated regions.

Every file says in its tags that it is simulated: Manufacturer, Series Description, Image Comments
and Synthetic Data (0008,001C).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    RLELossless,
    UltrasoundImageStorage,
    UltrasoundMultiFrameImageStorage,
)

from ml.simulation.identity import Person, make_uid
from ml.simulation.picture import Picture
from ml.spec import Band

IMPLEMENTATION = make_uid("HepaStage", "simulation")
MANUFACTURER = "HepaStage SIMULATED"
COMMENT = "SIMULATED ultrasound. Not a patient. Never to be used as clinical evidence."
JPEG_QUALITY = 92
CENTIMETRES = 3
"""Physical Units code of PS3.3 C.8.5.5.1.15."""


@dataclass(frozen=True)
class Exposure:
    """Which image of which visit: enough to make its UIDs and times."""

    study: str
    series: str
    instance: str
    number: int
    series_number: int
    when: datetime


def build_instance(
    picture: Picture, screens: NDArray[np.uint8], person: Person, exposure: Exposure
) -> FileDataset:
    """A complete dataset, ready for ``save_as``. ``screens`` comes from ``furniture.draw_screen``."""
    many = len(screens) > 1
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UltrasoundMultiFrameImageStorage if many else UltrasoundImageStorage
    meta.MediaStorageSOPInstanceUID = UID(exposure.instance)
    meta.ImplementationClassUID = UID(IMPLEMENTATION)
    meta.ImplementationVersionName = "HEPASTAGE_SIM"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID = meta.MediaStorageSOPClassUID
    data.SOPInstanceUID = exposure.instance
    data.SyntheticData = "YES"
    _identity(data, picture, person)
    _visit(data, person, exposure)
    _equipment(data, picture, person)
    _region(data, picture)
    if many:
        _cine(data, len(screens), picture.setting.vendor.frame_rate)
    _pixels(data, screens, picture.setting.vendor.syntax)
    return data


def _identity(data: Dataset, picture: Picture, person: Person) -> None:
    ideographs = picture.setting.vendor.key != "aurora"
    data.SpecificCharacterSet = {"aurora": "ISO_IR 100", "borealis": "ISO_IR 192", "cirrus": "GB18030"}[
        picture.setting.vendor.key
    ]
    data.PatientName = person.full_name if ideographs else person.latin_name
    data.PatientID = person.patient_id
    data.IssuerOfPatientID = "HEPASTAGE-SIM"
    data.PatientBirthDate = person.birth.strftime("%Y%m%d")
    data.PatientSex = person.sex
    data.PatientAge = f"{person.age:03d}Y"
    data.OtherPatientIDs = person.national_id
    data.PatientTelephoneNumbers = person.telephone
    data.PatientAddress = "1 Simulated Street"
    data.PatientOrientation = ""
    block = data.private_block(0x0019, "HEPASTAGE SIM 01", create=True)
    # Real scanners repeat the name in private data; an importer has to drop it there as well.
    block.add_new(0x01, "LO", person.latin_name)


def _visit(data: Dataset, person: Person, exposure: Exposure) -> None:
    start = datetime(person.visit.year, person.visit.month, person.visit.day, person.hour)
    data.StudyInstanceUID, data.SeriesInstanceUID = exposure.study, exposure.series
    data.StudyDate = data.SeriesDate = start.strftime("%Y%m%d")
    data.StudyTime = data.SeriesTime = start.strftime("%H%M%S")
    data.ContentDate = exposure.when.strftime("%Y%m%d")
    data.ContentTime = data.AcquisitionTime = exposure.when.strftime("%H%M%S")
    data.AcquisitionDateTime = exposure.when.strftime("%Y%m%d%H%M%S")
    data.AccessionNumber = person.accession
    data.StudyID = person.accession[-6:]
    data.StudyDescription = "SIMULATED abdominal ultrasound"
    data.ReferringPhysicianName = person.physician
    data.OperatorsName = person.operator
    data.SeriesNumber = exposure.series_number
    data.InstanceNumber = exposure.number
    data.ImageComments = COMMENT


def _equipment(data: Dataset, picture: Picture, person: Person) -> None:
    setting = picture.setting
    data.Modality = "US"
    data.Manufacturer = MANUFACTURER
    data.ManufacturerModelName = setting.vendor.model
    data.SoftwareVersions = setting.vendor.software
    data.StationName = f"SIM-{setting.vendor.key.upper()}"
    data.DeviceSerialNumber = "SIM0001"
    data.InstitutionName = person.hospital
    # No probe family and no band in words: HF and LF are to be recognised, not to be read off.
    data.SeriesDescription = "SIMULATED liver"
    data.ProtocolName = "Abdomen"
    data.BodyPartExamined = "LIVER"
    data.ImageType = ["ORIGINAL", "PRIMARY", "ABDOMINAL", "0001"]
    data.BurnedInAnnotation = "YES"
    data.MechanicalIndex = str(setting.mechanical_index)
    data.DepthOfScanField = int(setting.depth)
    if setting.vendor.names_probe:
        data.TransducerData = [setting.probe.name, "", ""]
    if setting.vendor.names_frequency and not setting.vendor.names_probe:
        data.TransducerType = "LINEAR" if picture.band is Band.HF else "CURVED LINEAR"


def _region(data: Dataset, picture: Picture) -> None:
    region, setting = picture.region, picture.setting
    item = Dataset()
    item.RegionSpatialFormat = 1  # 2D
    item.RegionDataType = 1  # tissue
    item.RegionFlags = 2  # scaling valid, not protected
    item.RegionLocationMinX0, item.RegionLocationMinY0 = region.x, region.y
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = (
        region.x + region.width - 1,
        region.y + region.height - 1,
    )
    item.ReferencePixelX0 = region.width // 2
    item.ReferencePixelY0 = round(-region.top_mm / region.pixel_mm)
    item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = CENTIMETRES
    item.ReferencePixelPhysicalValueX = item.ReferencePixelPhysicalValueY = 0.0
    item.PhysicalDeltaX = item.PhysicalDeltaY = region.pixel_mm / 10
    if setting.vendor.names_frequency:
        item.TransducerFrequency = round(setting.acquisition.frequency * 1000)  # kHz
    data.SequenceOfUltrasoundRegions = Sequence([item])


def _cine(data: Dataset, frames: int, rate: float) -> None:
    data.NumberOfFrames = frames
    data.FrameTime = f"{1000 / rate:.3f}"
    data.FrameIncrementPointer = 0x00181063
    data.CineRate = data.RecommendedDisplayFrameRate = int(rate)
    data.StartTrim, data.StopTrim = 1, frames


def _pixels(data: FileDataset, screens: NDArray[np.uint8], syntax: str) -> None:
    colour = screens.ndim == 4
    data.SamplesPerPixel = 3 if colour else 1
    data.PhotometricInterpretation = "RGB" if colour else "MONOCHROME2"
    data.Rows, data.Columns = screens.shape[1:3]
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 8, 8, 7, 0
    data.UltrasoundColorDataPresent = int(colour)
    data.LossyImageCompression = "00"
    if colour:
        data.PlanarConfiguration = 0
    if syntax == "jpeg":
        blobs = [_jpeg(screen) for screen in screens]
        data.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
        data.PhotometricInterpretation = "YBR_FULL_422" if colour else "MONOCHROME2"
        data.LossyImageCompression = "01"
        data.LossyImageCompressionRatio = f"{screens.nbytes / sum(map(len, blobs)):.2f}"
        data.LossyImageCompressionMethod = "ISO_10918_1"
        data.PixelData = encapsulate(blobs)
        data["PixelData"].VR = "OB"
        return
    data.PixelData = screens.tobytes() + b"\0" * (screens.nbytes % 2)
    data["PixelData"].VR = "OB"
    if syntax == "rle":
        data.compress(RLELossless, encoding_plugin="pylibjpeg", generate_instance_uid=False)


def _jpeg(screen: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    # 4:2:2, as the photometric interpretation promises.
    Image.fromarray(screen).save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling=1)
    return buffer.getvalue()


def content_time(person: Person, order: int) -> datetime:
    """When image ``order`` of the visit was taken: some seconds after the one before."""
    return datetime(person.visit.year, person.visit.month, person.visit.day, person.hour) + timedelta(
        seconds=40 + 25 * order
    )
