"""Real and broken files: the ultrasound ones decode as pydicom decodes them, the others are refused."""

from __future__ import annotations

import warnings
from pathlib import Path

import cv2
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.data import get_testdata_file
from pydicom.pixels import apply_color_lut

from ml.dicom import DicomRefused, read_ultrasound, recognise_band
from ml.spec import Band

ULTRASOUND = {  # frames, band that a sonographer would name (None: cardiac or unknown)
    "deid__GREYSCALE_IMAGE.dcm": (1, Band.HF),
    "deid__RGB_IMAGE.dcm": (1, Band.LF),
    "dicomParser__IM00001.fragmented_no_bot_jpeg_baseline.50.dcm": (8, None),
    "dicomParser__IM00001.implicit_little_endian.dcm": (8, None),
    "fo-dicom__GH364.dcm": (1, Band.LF),
    "pydicom-data__OBXXXX1A.dcm": (1, Band.LF),
    "pydicom-data__OBXXXX1A_expb_2frame.dcm": (2, Band.LF),
    "pydicom-data__OBXXXX1A_rle.dcm": (1, Band.LF),
    "pydicom-data__US1_J2KR.dcm": (1, Band.HF),
    "pydicom-data__US1_UNCR.dcm": (1, Band.HF),
    "pydicom-data__color-pl.dcm": (1, Band.LF),
    "pydicom-data__gdcm-US-ALOKA-16.dcm": (1, Band.LF),
    "pydicom__examples_palette.dcm": (1, Band.LF),
    "pydicom__examples_rgb_color.dcm": (1, None),
    "pydicom__examples_ybr_color.dcm": (30, Band.LF),
}
REFUSED = {
    "broken/empty.dcm": "file-empty",
    "broken/fo-dicom__GH1339.dcm": "sop-class-refused",
    "broken/fo-dicom__GH178.dcm": "modality-refused",
    "broken/fo-dicom__GH220.dcm": "sop-class-refused",
    "broken/fo-dicom__GH340.dcm": "not-dicom",
    "broken/fo-dicom__GH626.dcm": "sop-class-refused",
    "broken/fo-dicom__OutOfBoundsOverlay.dcm": "sop-class-refused",
    "broken/fo-dicom__multiframe.dcm": "sop-class-refused",
    "broken/jpeg_midstream_corrupt.dcm": "frame-corrupt",
    "broken/no_sop_uid.dcm": "uid-missing",
    "broken/preamble_only.dcm": "meta-damaged",
    "broken/pydicom-data__OT-PAL-8-face.dcm": "not-dicom",
    "broken/pydicom-data__emri_small_jpeg_2k_lossless_too_short.dcm": "sop-class-refused",
    "broken/pydicom__DICOMDIR-nooffset": "dicomdir",
    "broken/pydicom__ExplVR_LitEndNoMeta.dcm": "not-dicom",
    "broken/pydicom__JPEG-lossy.dcm": "modality-refused",
    "broken/pydicom__MR_truncated.dcm": "sop-class-refused",
    "broken/pydicom__badVR.dcm": "sop-class-refused",
    "broken/pydicom__meta_missing_tsyntax.dcm": "transfer-syntax-missing",
    "broken/pydicom__no_meta.dcm": "not-dicom",
    "broken/pydicom__rtplan_truncated.dcm": "sop-class-refused",
    "broken/rows_too_large.dcm": "pixel-data-truncated",
    "broken/truncated_header.dcm": "header-damaged",
    "broken/wrong_modality_ct.dcm": "sop-class-refused",
    "other/dicomParser__CT0012.not_fragmented_bot_rle.dcm": "sop-class-refused",
    "other/fo-dicom__TestPattern_Palette.dcm": "modality-refused",
    "other/pydicom-data__SC_rgb_16bit_2frame.dcm": "modality-refused",
    "other/pydicom__DICOMDIR": "dicomdir",
    "other/pydicom__MR_small.dcm": "sop-class-refused",
    "other/pydicom__MR_small_jpeg_ls_lossless.dcm": "sop-class-refused",
    "other/pydicom__SC_rgb_jpeg_dcmtk.dcm": "modality-refused",
    "other/pydicom__SC_rgb_small_odd_jpeg.dcm": "modality-refused",
    "other/pydicom__chrJapMulti.dcm": "sop-class-refused",
    "other/pydicom__chrX2.dcm": "modality-refused",
    "other/pydicom__rtdose.dcm": "sop-class-refused",
}
ACCEPTED_ALL_THE_SAME = {"broken/nframes_zero.dcm": 30}


def reference(path: Path) -> list[NDArray[np.uint8]]:
    """pydicom's own decode, brought to grey."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ds = pydicom.dcmread(path)
        pixels = ds.pixel_array
        frames = pixels if int(ds.get("NumberOfFrames") or 1) > 1 else pixels[None]
        grey = []
        for frame in frames:
            if ds.PhotometricInterpretation == "PALETTE COLOR":
                frame = apply_color_lut(frame, ds)
                frame = (frame >> 8).astype(np.uint8) if frame.dtype == np.uint16 else frame
            grey.append(
                cv2.cvtColor(np.ascontiguousarray(frame), cv2.COLOR_RGB2GRAY) if frame.ndim == 3 else frame
            )
    return grey


def test_the_tables_name_every_sample(samples: Path) -> None:
    found = {
        f"{folder}/{path.name}" for folder in ("broken", "other") for path in (samples / folder).iterdir()
    }
    assert found == REFUSED.keys() | ACCEPTED_ALL_THE_SAME.keys()
    assert {path.name for path in (samples / "ultrasound").iterdir()} == ULTRASOUND.keys()


@pytest.mark.parametrize("name", ULTRASOUND)
def test_ultrasound_decodes_as_pydicom_decodes_it(samples: Path, name: str) -> None:
    """Lossless syntaxes exactly; JPEG up to what its colour conversion clips (we read Y, pydicom RGB)."""
    image = read_ultrasound(samples / "ultrasound" / name)
    frames = list(image.frames())
    assert len(frames) == image.header.frame_count == ULTRASOUND[name][0]
    if name.endswith("expb_2frame.dcm"):  # pydicom reads big-endian palettes as little-endian
        expected = reference(samples / "ultrasound" / "pydicom-data__OBXXXX1A.dcm")
        assert np.array_equal(frames[0], expected[0])
        return
    jpeg = image.header.transfer_syntax_uid.endswith(".4.50")
    for frame, expected in zip(frames, reference(samples / "ultrasound" / name), strict=True):
        difference = np.abs(frame.astype(int) - expected)
        assert difference.mean() < 0.3 if jpeg else difference.max() == 0


@pytest.mark.parametrize("name", [name for name, (_, band) in ULTRASOUND.items() if band is not None])
def test_band_of_real_files_is_the_one_a_sonographer_names(samples: Path, name: str) -> None:
    guess = recognise_band(read_ultrasound(samples / "ultrasound" / name))
    assert guess.band is ULTRASOUND[name][1]
    assert all(0 <= cue.weight < 1 for cue in guess.evidence)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_an_intact_ultrasound_image_is_refused(samples: Path, name: str) -> None:
    with pytest.raises(DicomRefused) as refused:
        read_ultrasound(samples / name).verify()
    assert refused.value.code == REFUSED[name]
    assert refused.value.message.endswith(".")
    assert refused.value.remedy


@pytest.mark.parametrize("name", ACCEPTED_ALL_THE_SAME)
def test_a_lie_that_the_pixels_correct_is_forgiven(samples: Path, name: str) -> None:
    image = read_ultrasound(samples / name)
    image.verify()
    assert image.header.frame_count == ACCEPTED_ALL_THE_SAME[name]
    assert image.header.warnings


@pytest.mark.parametrize(
    ("name", "frames"),
    [("examples_palette.dcm", 1), ("examples_rgb_color.dcm", 1), ("examples_ybr_color.dcm", 30)],
)
def test_files_that_pydicom_brings_decode(name: str, frames: int) -> None:
    path = get_testdata_file(name, download=False)
    if path is None:
        pytest.skip(f"NOT CHECKED: this pydicom does not bring {name}")
    image = read_ultrasound(Path(path))
    assert sum(1 for _ in image.frames()) == frames


@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small.dcm", "rtplan.dcm", "DICOMDIR", "JPEG2000.dcm"])
def test_files_that_pydicom_brings_and_are_no_ultrasound_are_refused(name: str) -> None:
    path = get_testdata_file(name, download=False)
    assert path is not None
    with pytest.raises(DicomRefused) as refused:
        read_ultrasound(Path(path))
    assert refused.value.code in {"sop-class-refused", "dicomdir", "modality-refused"}
