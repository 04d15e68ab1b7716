"""C-STORE from dcmtk's tools, as ultrasound machines do it, to the receiver in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pynetdicom import AE

from ml.spec import Band
from tests.conftest import absent
from tests.webapp.imaging import peers
from tests.webapp.imaging.files import ultrasound
from webapp.accounts.models import Site, User
from webapp.audit.models import Entry
from webapp.dicom_peers import DicomPeer, parse_peers
from webapp.imaging.dicom_receiver.receiver import ReceiverRefused, sender_of
from webapp.imaging.models import Image, Upload, UploadFile

pytestmark = pytest.mark.processes
Send = Callable[..., subprocess.CompletedProcess[str]]


@contextmanager
def receiving(home: Path, allowed: str, **more: str) -> Iterator[int]:
    """The receiver for these peers; yields its port."""
    port = peers.free_port()
    variables = peers.environment(
        home, DICOM_AE_PEERS=allowed, DICOM_PORT=str(port), LOG_LEVEL="INFO", **more
    )
    argv = [sys.executable, "manage.py", "dicom_receiver"]
    (home / "run" / "dicom_receiver.beat").unlink(missing_ok=True)  # of one that was killed
    with peers.process(argv, home / "receiver.log", variables) as running:
        beat = home / "run" / "dicom_receiver.beat"
        give_up_at = time.monotonic() + 60
        while not beat.exists():
            assert running.poll() is None, (home / "receiver.log").read_text()
            assert time.monotonic() < give_up_at
            time.sleep(0.05)
        yield port


def tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    if shutil.which(name) is None:
        absent(f"no {name} (Debian: dcmtk)")
    return subprocess.run(
        [name, *arguments], capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "TCP_NODELAY": "1"},
    )  # fmt: skip


def storescu(port: int, *files: Path, calling: str = "US1", called: str = "HEPASTAGE") -> Any:
    return tool(
        "storescu", "-v", "-aet", calling, "-aec", called, "-xs", "127.0.0.1", str(port), *map(str, files)
    )


def statuses(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What storescu was answered, in order, as in its log: ``Success`` or ``Error: CannotUnderstand``."""
    lines = (done.stdout + done.stderr).splitlines()
    return [line.split("(")[1].split(")")[0] for line in lines if "Received Store Response" in line]


@pytest.fixture
def home(transactional_db: None, storage: Path, site_a: Site, clinician: User, settings: Any) -> Path:
    settings.HOME = storage
    return storage


def test_machines_send_and_are_answered_by_outcome(home: Path, clinician: User) -> None:
    files = {
        "hf": ultrasound(band=Band.HF, seed=1),
        "lf": ultrasound(band=Band.LF, seed=2, frames=4),
        "again": ultrasound(band=Band.HF, seed=1),
        "aside": ultrasound(seed=3, SequenceOfUltrasoundRegions=[]),
        "ct": ultrasound(seed=4, Modality="CT"),
    }
    paths = []
    for name, content in files.items():
        paths.append(home / f"{name}.dcm")
        paths[-1].write_bytes(content)
    with receiving(home, "US1=A/clinician") as port:
        assert tool("echoscu", "-aet", "US1", "-aec", "HEPASTAGE", "127.0.0.1", str(port)).returncode == 0
        # storescu stops at the first failure, so the refused one goes last
        done = storescu(port, *paths)
        assert statuses(done) == ["Success"] * 4 + ["Error: DataSetDoesNotMatchSOPClass"], done.stderr
        codes = list(UploadFile.objects.order_by("at").values_list("code", flat=True))
        assert codes == ["accepted", "band-unsure", "duplicate", "no-ultrasound-region", "modality-refused"]
        upload = Upload.objects.get()
        assert (upload.source, upload.created_by, upload.site.code) == ("c-store", clinician, "A")
        assert Entry.objects.get(action="upload.peer").detail == {"calling": "US1", "address": "127.0.0.1"}
        assert not list((home / "spool").glob("c-store-*/*")), "what was received is removed"
    log = (home / "receiver.log").read_text()
    assert "in quarantine: no-ultrasound-region" in log
    assert "Doe" not in log
    assert "P001" not in log
    assert not list((home / "spool").iterdir())
    assert not (home / "run" / "dicom_receiver.beat").exists()


def test_only_who_is_named_gets_in(home: Path, site_b: Site) -> None:
    path = home / "a.dcm"
    path.write_bytes(ultrasound())
    with receiving(home, "US1=A, US2=B@192.0.2.17, US3=B@127.0.0.1") as port:
        for calling, called in (("US9", "HEPASTAGE"), ("US1", "SOMEBODY"), ("US2", "HEPASTAGE")):
            done = storescu(port, path, calling=calling, called=called)
            assert "Association Rejected" in done.stdout + done.stderr, (calling, called)
            assert done.returncode != 0
        assert UploadFile.objects.count() == 0
        assert statuses(storescu(port, path, calling="US3")) == ["Success"]
    assert Upload.objects.get().site == site_b


def test_limits_on_connections_pdus_and_associations(home: Path) -> None:
    with receiving(home, "US1=A", DICOM_ASSOCIATIONS="1") as port:
        liar = socket.create_connection(("127.0.0.1", port))
        liar.sendall(struct.pack(">BBL", 1, 0, 2**32 - 1) + b"x" * 4096)
        liar.settimeout(10)
        assert liar.recv(1) in (b"", b"\x07"), "a PDU of 4 GB ends the connection"
        liar.close()
        first, second = AE("US1"), AE("US1")
        for entity in (first, second):
            entity.add_requested_context("1.2.840.10008.1.1")
        held = first.associate("127.0.0.1", port, ae_title="HEPASTAGE")
        assert held.is_established
        assert second.associate("127.0.0.1", port, ae_title="HEPASTAGE").is_rejected, "too many at a time"
        held.release()
        crowd = [socket.create_connection(("127.0.0.1", port)) for _ in range(12)]
        crowd[-1].settimeout(10)
        assert crowd[-1].recv(1) in (b"", b"\x07")
        for one in crowd:
            one.close()
        give_up_at = time.monotonic() + 15  # a connection that says nothing holds its place for five seconds
        while not (again := first.associate("127.0.0.1", port, ae_title="HEPASTAGE")).is_established:
            assert time.monotonic() < give_up_at
            time.sleep(0.5)
        again.release()


def test_what_was_answered_survives_a_kill(home: Path) -> None:
    paths = []
    for seed in range(6):
        paths.append(home / f"{seed}.dcm")
        paths[-1].write_bytes(ultrasound(seed=seed, frames=3))
    port = peers.free_port()
    variables = peers.environment(home, DICOM_AE_PEERS="US1=A", DICOM_PORT=str(port))
    argv = [sys.executable, "manage.py", "dicom_receiver"]
    with peers.process(argv, home / "receiver.log", variables) as running:
        while not (home / "run" / "dicom_receiver.beat").exists():
            assert running.poll() is None
            time.sleep(0.05)
        sender = subprocess.Popen(
            ["storescu", "-v", "-aet", "US1", "-aec", "HEPASTAGE", "127.0.0.1", str(port), *map(str, paths)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert sender.stdout is not None
        said = ""
        while said.count("(Success)") < 2:
            line = sender.stdout.readline()
            assert line, said
            said += line
        running.kill()
        said += sender.communicate(timeout=60)[0]
    assert Image.objects.count() >= said.count("(Success)") >= 2
    for image in Image.objects.all():
        assert (home / "storage" / "images" / image.sha256[:2] / image.sha256).is_file()
    with receiving(home, "US1=A") as port:
        assert statuses(storescu(port, *paths)) == ["Success"] * 6
    assert Image.objects.count() == 6


def test_healthz_says_whether_it_listens(home: Path) -> None:
    with peers.site(home, DICOM_AE_PEERS="US1=A") as url:

        def answer() -> str:
            with urllib.request.urlopen(f"{url}/healthz") as response:
                return str(json.load(response)["dicom_receiver"])

        assert answer() == "failed"
        with receiving(home, "US1=A"):
            assert answer() == "ok"


def test_peers_are_read_and_judged_together() -> None:
    good, none = parse_peers("US1=A, US 2=B/scan.1@192.0.2.17,US3=C@2001:db8::1")
    assert not none
    assert good[1:] == [
        DicomPeer("US 2", "B", "scan.1", "192.0.2.17"),
        DicomPeer("US3", "C", "", "2001:db8::1"),
    ]
    nobody, complaints = parse_peers("US1, =A, NAMETHATISFARTOOLONG=A, X=A@999.1.1.1")
    assert not nobody
    assert len(complaints) == 4
    assert len(parse_peers("US1=A,US1=B")[1]) == 1


def test_a_peer_needs_a_site_and_somebody_who_may(site_a: Site, site_b: Site, clinician: User) -> None:
    assert sender_of(DicomPeer("US1", "A", "clinician")).account == clinician
    for peer in (DicomPeer("US1", "Z"), DicomPeer("US1", "A", "nobody"), DicomPeer("US1", "B", "clinician")):
        with pytest.raises(ReceiverRefused):
            sender_of(peer)
