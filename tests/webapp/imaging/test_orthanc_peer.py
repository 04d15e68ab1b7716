"""Orthanc, the archive that many hospitals run, sends to us by C-STORE and by DICOMweb.

Optional (Debian: orthanc orthanc-dicomweb): dcmtk and dicomweb-client stand for the standard in every run.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from ml.spec import Band
from tests.webapp.imaging import peers
from tests.webapp.imaging.files import ultrasound
from tests.webapp.imaging.test_dicom_receiver import receiving
from webapp.accounts.models import TokenScope, User
from webapp.accounts.tokens import create_token
from webapp.imaging.models import Image, Upload

PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(
        shutil.which("Orthanc") is None or not PLUGIN.exists(),
        reason="no Orthanc with its DICOMweb plugin (Debian: orthanc orthanc-dicomweb)",
    ),
]


@pytest.fixture
def hospital(transactional_db: None, storage: Path, clinician: User, settings: Any) -> Iterator[str]:
    """Orthanc holding one study, our site and our receiver; yields Orthanc's address."""
    settings.HOME = storage
    _, token = create_token(user=clinician, name="peer", scope=TokenScope.WRITE, days=1)
    port = peers.free_port()
    with peers.site(storage) as url, receiving(storage, "ORTHANC=A") as receiver:
        configuration = {
            "Name": "peer", "DicomAet": "ORTHANC", "HttpPort": port, "DicomPort": peers.free_port(),
            "RemoteAccessAllowed": False, "AuthenticationEnabled": False,
            "StorageDirectory": str(storage / "orthanc"), "IndexDirectory": str(storage / "orthanc"),
            "Plugins": [str(PLUGIN)],
            "DicomModalities": {"ours": ["HEPASTAGE", "127.0.0.1", receiver]},
            "DicomWeb": {"Enable": True, "Servers": {"ours": {
                "Url": f"{url}/dicomweb/", "HttpHeaders": {"Authorization": f"Token {token}"},
                "HasDelete": False, "ChunkedTransfers": True,
            }}},
        }  # fmt: skip
        path = storage / "orthanc.json"
        path.write_text(json.dumps(configuration))
        with peers.process(
            ["Orthanc", str(path)], storage / "orthanc.log", peers.environment(storage)
        ) as running:
            peers.wait_for(f"http://127.0.0.1:{port}/system", running)
            yield f"http://127.0.0.1:{port}"


def test_orthanc_sends_both_ways_and_finds_what_it_sent(hospital: str, storage: Path) -> None:
    contents = [ultrasound(band=Band.HF, seed=1), ultrasound(band=Band.LF, seed=2, frames=3)]
    sent = [
        requests.post(f"{hospital}/instances", data=content, timeout=30).json()["ID"] for content in contents
    ]
    stored = requests.post(f"{hospital}/modalities/ours/store", json=[sent[0]], timeout=60)
    assert stored.status_code == 200, stored.text
    assert stored.json()["FailedInstancesCount"] == 0
    stow = requests.post(
        f"{hospital}/dicom-web/servers/ours/stow", json={"Resources": sent, "Synchronous": True}, timeout=60
    )
    assert stow.status_code == 200, stow.text
    assert Image.objects.count() == 2
    doors = Upload.objects.order_by("created_at").values_list("source", flat=True)
    assert list(doors) == ["c-store", "dicomweb"]
    found = requests.post(f"{hospital}/dicom-web/servers/ours/qido", json={"Uri": "/studies"}, timeout=60)
    assert found.status_code == 200, found.text
    assert len(found.json()) == 1
