"""The dicomweb-client package, as another hospital's program would use it, against the running site."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pydicom
import pytest
import requests
from dicomweb_client.api import DICOMwebClient
from PIL import Image as Picture

from ml.spec import Band
from tests.webapp.imaging.files import BOX, frame, ultrasound
from tests.webapp.imaging.peers import site
from webapp.accounts.models import TokenScope, User
from webapp.accounts.tokens import create_token
from webapp.imaging.models import Image, Upload

pytestmark = pytest.mark.processes
STUDY = "1.2.826.0.1.3680043.8.498.77"


@pytest.fixture
def dicomweb(
    transactional_db: None, clinician: User, storage: Path, settings: Any
) -> Iterator[DICOMwebClient]:
    settings.HOME = storage
    _, token = create_token(user=clinician, name="peer", scope=TokenScope.WRITE, days=1)
    with site(storage) as url:
        session = requests.Session()
        session.headers["Authorization"] = f"Token {token}"
        yield DICOMwebClient(url=f"{url}/dicomweb", session=session)


def instances() -> list[pydicom.Dataset]:
    contents = [
        ultrasound(study=STUDY, band=Band.HF, seed=1),
        ultrasound(study=STUDY, band=Band.LF, seed=2, frames=3),
    ]
    return [pydicom.dcmread(io.BytesIO(content)) for content in contents]


def test_a_study_goes_in_and_comes_out_without_its_person(dicomweb: DICOMwebClient) -> None:
    sent = instances()
    answer = dicomweb.store_instances(sent)
    assert "FailedSOPSequence" not in answer
    assert {item.ReferencedSOPInstanceUID for item in answer.ReferencedSOPSequence} == {
        one.SOPInstanceUID for one in sent
    }
    assert Upload.objects.get().source == "dicomweb"

    (study,) = dicomweb.search_for_studies()
    uid = study["0020000D"]["Value"][0]
    assert uid != STUDY
    assert answer.RetrieveURL.endswith(f"/dicomweb/studies/{uid}")
    assert study["00201208"]["Value"] == [2]
    assert study["00100020"]["Value"][0].startswith("P-")
    assert len(dicomweb.search_for_series(uid)) == 1
    found = dicomweb.search_for_instances(uid, search_filters={"NumberOfFrames": "3"})
    assert [one["00280008"]["Value"] for one in found] == [[3]]

    files = dicomweb.retrieve_study(uid)
    assert len(files) == 2
    for file in files:
        assert file.PatientIdentityRemoved == "YES"
        assert file.StudyInstanceUID == uid
        assert "Doe" not in str(file)
        assert "P001" not in str(file)
    assert len(dicomweb.retrieve_study_metadata(uid)) == 2
    clip = next(file for file in files if file.get("NumberOfFrames", 1) == 3)
    address = (uid, clip.SeriesInstanceUID, clip.SOPInstanceUID)
    again = dicomweb.retrieve_instance(*address)
    assert np.array_equal(again.pixel_array, clip.pixel_array)
    metadata = dicomweb.retrieve_instance_metadata(*address)
    link = urlsplit(metadata["7FE00010"]["BulkDataURI"])  # this client names no port in its Host header
    bulk = dicomweb.retrieve_bulkdata(dicomweb.base_url.removesuffix("/dicomweb") + link.path)
    assert bulk[0] == clip.pixel_array.tobytes()


def test_frames_and_pictures_are_those_of_the_region(dicomweb: DICOMwebClient) -> None:
    dicomweb.store_instances(instances())
    image = Image.objects.get(frame_count=3)
    (found,) = dicomweb.search_for_instances(search_filters={"NumberOfFrames": 3})
    address = tuple(found[tag]["Value"][0] for tag in ("0020000D", "0020000E", "00080018"))
    x0, y0, x1, y1 = BOX
    wanted = np.zeros((image.rows, image.columns), np.uint8)
    wanted[y0:y1, x0:x1] = frame(202)[y0:y1, x0:x1]
    (third,) = dicomweb.retrieve_instance_frames(*address, frame_numbers=[3])
    assert np.array_equal(np.frombuffer(third, np.uint8).reshape(wanted.shape), wanted)
    both = dicomweb.retrieve_instance_frames(*address, frame_numbers=[3, 1])
    assert both[0] == third
    assert len(both) == 2
    png = dicomweb.retrieve_instance_frames_rendered(*address, frame_numbers=[3], media_types=("image/png",))
    assert np.array_equal(np.asarray(Picture.open(io.BytesIO(png))), wanted)
    jpeg = dicomweb.retrieve_instance_rendered(*address, media_types=("image/jpeg",))
    assert Picture.open(io.BytesIO(jpeg)).format == "JPEG"


def test_what_is_refused_is_named_and_the_rest_is_stored(dicomweb: DICOMwebClient) -> None:
    good, other = instances()
    other.Modality, other.SOPInstanceUID = "CT", "1.2.3.4.5"
    other.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4.5"
    answer = dicomweb.store_instances([good, other])
    (failed,) = answer.FailedSOPSequence
    assert (failed.ReferencedSOPInstanceUID, failed.FailureReason) == ("1.2.3.4.5", 0x0122)
    assert [item.ReferencedSOPInstanceUID for item in answer.ReferencedSOPSequence] == [good.SOPInstanceUID]
    assert Image.objects.count() == 1
