"""Ultrasound DICOM in, 8-bit grey frames out, safely; with region, frequency band and network input."""

from ml.dicom.band import ASK_BELOW, BandGuess, Evidence, recognise_band
from ml.dicom.cropping import (
    NETWORK_SIZE,
    Box,
    crop_to_region,
    network_input,
    representative_frames,
    to_network_input,
)
from ml.dicom.header import ImageHeader, UltrasoundRegion, regions_of
from ml.dicom.limits import Limits
from ml.dicom.reading import UltrasoundImage, read_ultrasound
from ml.dicom.refusal import REASONS, DicomRefused
from ml.dicom.safe_process import Inspected, ReaderUnavailable, SafeReader

__all__ = [
    "ASK_BELOW",
    "NETWORK_SIZE",
    "REASONS",
    "BandGuess",
    "Box",
    "DicomRefused",
    "Evidence",
    "ImageHeader",
    "Inspected",
    "Limits",
    "ReaderUnavailable",
    "SafeReader",
    "UltrasoundImage",
    "UltrasoundRegion",
    "crop_to_region",
    "network_input",
    "read_ultrasound",
    "recognise_band",
    "regions_of",
    "representative_frames",
    "to_network_input",
]
