"""Orthanc (Debian's) on loopback with an empty folder of its own: what an archive's storage costs.

It keeps files as they come: it parses the header, writes the file and its index (SQLite), and neither decodes
nor de-identifies. As installed, but for addresses and folders; it syncs each file to the disk, as we do.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests
from pynetdicom import AE
from pynetdicom.sop_class import UltrasoundImageStorage

TITLE = "ORTHANC"
STARTING_SECONDS = 60.0


def installed() -> bool:
    return shutil.which("Orthanc") is not None


@dataclass(frozen=True)
class Orthanc:
    """A running one; ``http`` and ``dicom`` are its ports."""

    http: int
    dicom: int
    pid: int

    def cpu(self) -> float:
        """Processor seconds that it has used."""
        times = psutil.Process(self.pid).cpu_times()
        return times.user + times.system

    def instances(self) -> int:
        """How many it holds."""
        answer = requests.get(f"http://127.0.0.1:{self.http}/statistics", timeout=30)
        return int(answer.json()["CountInstances"])

    def post(self, paths: list[Path]) -> None:
        """Store by its REST API, one request a file, over one connection."""
        with requests.Session() as session:
            for path in paths:
                address = f"http://127.0.0.1:{self.http}/instances"
                answer = session.post(address, data=path.read_bytes(), timeout=60)
                answer.raise_for_status()

    def c_store(self, paths: list[Path], syntax: str) -> None:
        """Store by C-STORE in one association, files of one transfer syntax."""
        sender = AE("BENCH")
        sender.add_requested_context(UltrasoundImageStorage, syntax)
        association = sender.associate("127.0.0.1", self.dicom, ae_title=TITLE)
        if not association.is_established:
            raise RuntimeError("Orthanc accepts no association")
        try:
            for path in paths:
                status = association.send_c_store(path)
                if status.get("Status") != 0:
                    raise RuntimeError(f"Orthanc answered {status.get('Status')!r}")
        finally:
            association.release()


@contextmanager
def running(folder: Path) -> Iterator[Orthanc]:
    """One for the length of the block, which holds nothing yet."""
    http, dicom = _free_port(), _free_port()
    folder.mkdir()
    configuration = {
        "Name": "bench", "DicomAet": TITLE, "HttpPort": http, "DicomPort": dicom,
        "RemoteAccessAllowed": False, "AuthenticationEnabled": False, "KeepAlive": True,
        "StorageDirectory": str(folder), "IndexDirectory": str(folder), "Plugins": [],
    }  # fmt: skip
    path = folder / "orthanc.json"
    path.write_text(json.dumps(configuration))
    with (folder / "orthanc.log").open("wb") as log:
        process = subprocess.Popen(["Orthanc", str(path)], cwd=folder, stdout=log, stderr=log)
        try:
            archive = Orthanc(http, dicom, process.pid)
            _wait_for(archive, process)
            yield archive
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait_for(archive: Orthanc, process: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            archive.instances()
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("Orthanc did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
