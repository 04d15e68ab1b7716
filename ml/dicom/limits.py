"""What is let in: the caps, and the transfer syntaxes and SOP classes that are on the list.

The figures follow what hostile files did to ``dcmread``: 1 MB of deflated zeros took 2.1 GB, and a
766-byte header can claim 3.9 TiB of pixels. Deflate is therefore never unpacked.
"""

from __future__ import annotations

from dataclasses import dataclass

from ml.dicom.codecs import Codec


@dataclass(frozen=True)
class Limits:
    """Caps on one file. The defaults take a minute of 1024×768 colour cine, uncompressed or not."""

    max_bytes: int = 512 * 2**20
    max_header_bytes: int = 16 * 2**20
    max_element_bytes: int = 2**20  # longer ones (private raw data, icons) are skipped, not read
    max_elements: int = 20_000
    max_depth: int = 12
    max_frame_pixels: int = 4096 * 4096
    max_frames: int = 4096
    max_pixels: int = 2**31  # rows × columns × frames


TRANSFER_SYNTAXES: dict[str, Codec] = {
    "1.2.840.10008.1.2": Codec.NATIVE,  # implicit VR little endian
    "1.2.840.10008.1.2.1": Codec.NATIVE,  # explicit VR little endian
    "1.2.840.10008.1.2.2": Codec.NATIVE,  # explicit VR big endian
    "1.2.840.10008.1.2.4.50": Codec.JPEG,  # baseline
    "1.2.840.10008.1.2.4.51": Codec.JPEG,  # extended; 8 bits only
    "1.2.840.10008.1.2.4.57": Codec.JPEG_LOSSLESS,
    "1.2.840.10008.1.2.4.70": Codec.JPEG_LOSSLESS,  # first-order prediction
    "1.2.840.10008.1.2.4.80": Codec.JPEG_LS,
    "1.2.840.10008.1.2.4.81": Codec.JPEG_LS,  # near-lossless
    "1.2.840.10008.1.2.4.90": Codec.JPEG_2000,
    "1.2.840.10008.1.2.4.91": Codec.JPEG_2000,
    "1.2.840.10008.1.2.5": Codec.RLE,
}
IMPLICIT_LITTLE = "1.2.840.10008.1.2"
EXPLICIT_BIG = "1.2.840.10008.1.2.2"
DEFLATED = frozenset({"1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.8.1"})
DICOMDIR = "1.2.840.10008.1.3.10"

ULTRASOUND_CLASSES = frozenset(
    {
        "1.2.840.10008.5.1.4.1.1.6.1",  # Ultrasound Image
        "1.2.840.10008.5.1.4.1.1.3.1",  # Ultrasound Multi-frame Image
        "1.2.840.10008.5.1.4.1.1.6",  # the retired forms, still written by older systems
        "1.2.840.10008.5.1.4.1.1.3",
    }
)
SECONDARY_CAPTURE_CLASSES = frozenset(
    {  # only where the modality is US: exports of older archives
        "1.2.840.10008.5.1.4.1.1.7",
        "1.2.840.10008.5.1.4.1.1.7.2",
        "1.2.840.10008.5.1.4.1.1.7.4",
    }
)
SOP_CLASSES = ULTRASOUND_CLASSES | SECONDARY_CAPTURE_CLASSES
