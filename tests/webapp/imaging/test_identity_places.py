"""A person's name in every writing and place around a file, through every door; then all is searched."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pydicom
import pytest
import redis as redis_client
import requests
from django.conf import settings as django_settings
from pydicom.sequence import Sequence
from pynetdicom import AE

from tests.ml.dicom.making import to_bytes
from tests.webapp.imaging import peers
from tests.webapp.imaging.files import ultrasound, zipped
from tests.webapp.imaging.test_dicom_receiver import receiving
from tests.webapp.jobs.conftest import Redis
from tests.webapp.whole_database import every_row
from webapp.accounts.models import TokenScope, User
from webapp.accounts.tokens import create_token
from webapp.imaging.models import Image, Upload, UploadFile
from webapp.imaging.services import ingest_file
from webapp.patients.models import Patient

ASCII, NUMBER = "Quartzmann", "7351942"
LEAST_BYTES = 4
# Specific Character Set (PS3.3 C.12.1.1.2), a name in it, and Python's codec for its bytes.
WRITINGS = [
    ("ISO_IR 100", "Größmüller^Åsa", "latin-1"),
    ("ISO_IR 192", "Ζαχαρίας^Łucja", "utf-8"),
    ("GB18030", "欧阳娜娜^㐂", "gb18030"),
    ("GBK", "欧阳娜娜", "gbk"),
    ("ISO_IR 144", "Кварцман^Зинаида", "iso8859-5"),
    ("ISO_IR 13", "ﾔﾏﾀﾞ^ﾀﾛｳ", "shift_jis"),
    ("\\ISO 2022 IR 87", "Yamada^Tarou=山田^太郎=やまだ^たろう", "iso2022_jp"),
    ("\\ISO 2022 IR 149", "Hong^Gildong=洪^吉洞=홍^길동", "euc_kr"),
    ("\\ISO 2022 IR 58", "Zhang^XiaoDong=张^小东", "gb2312"),
]


def spellings(name: str, codec: str) -> Iterator[bytes]:
    """The parts of a name as bytes, as they stand in files, databases, JSON and logs.

    Two or three bytes are by chance in any picture, and are left out.
    """
    for part in name.replace("=", "^").split("^"):
        for text in (part, part.upper(), part.lower()):
            for encoding in {codec, "utf-8", "utf-16-le", "utf-16-be", "gb18030"}:
                with suppress(UnicodeEncodeError):
                    if len(spelled := text.encode(encoding)) >= LEAST_BYTES:
                        yield spelled
            yield from (
                spelled
                for spelled in (text.encode("unicode_escape"), json.dumps(text)[1:-1].encode())
                if len(spelled) >= LEAST_BYTES
            )


def stored() -> Iterator[tuple[str, bytes]]:
    """Everything under the storage folder, names of files included, and all rows."""
    for path in Path(django_settings.STORAGE_DIR).rglob("*"):
        yield str(path), str(path).encode() + (path.read_bytes() if path.is_file() else b"")
    yield "database", every_row().encode()


def named(name: str, charset: str, *, behind: bool = True, **elements: Any) -> bytes:
    """A file with the name in its header, file meta information, private tags and ``behind`` its end."""
    ds = pydicom.dcmread(io.BytesIO(ultrasound(patient=NUMBER)), force=True)
    ds.SpecificCharacterSet = charset.split("\\") if "\\" in charset else charset
    ds.PatientName = ds.OperatorsName = ds.ReferringPhysicianName = name
    alone = name.split("=")[-1]
    ds.ImageComments = ds.StudyDescription = ds.PatientComments = alone
    ds.ManufacturerModelName = ds.TransducerData = alone  # allowed tags, if they name nobody
    ds.private_block(0x0019, "MAKER", create=True).add_new(1, "LO", alone)
    inner = pydicom.Dataset()
    inner.PatientName = name
    ds.SequenceOfUltrasoundRegions[0].RequestAttributesSequence = Sequence([inner])
    for keyword, value in elements.items():
        setattr(ds, keyword, value)
    tail = f"{alone} {ASCII}".encode()
    ds.PixelData = ds.PixelData + tail + b" " * (len(tail) % 2)
    return with_meta(to_bytes(ds, preamble=alone.encode()[:128].ljust(128, b"\0")), ASCII, alone) + (
        tail if behind else b""
    )


def with_meta(data: bytes, title: str, private: str) -> bytes:
    """File meta information that names somebody: AE titles and private information (PS3.10 §7.1)."""

    def element(number: int, vr: bytes, value: bytes) -> bytes:
        value += b"\0" * (len(value) % 2)
        long = vr in {b"OB", b"UN"}
        size = struct.pack("<HI", 0, len(value)) if long else struct.pack("<H", len(value))
        return struct.pack("<HH", 2, number) + vr + size + value

    end = 144 + struct.unpack("<I", data[140:144])[0]
    more = b"".join(
        [
            element(0x13, b"SH", title.upper().encode()),
            element(0x16, b"AE", title.upper().encode()),
            element(0x17, b"AE", title.upper().encode()),
            element(0x100, b"UI", f"1.2.{NUMBER}".encode()),
            element(0x102, b"OB", private.encode()),
        ]
    )
    kept = data[144:end]
    version = kept.find(struct.pack("<HH", 2, 0x13))
    kept = kept if version < 0 else kept[:version]
    meta = kept + more
    return data[:140] + struct.pack("<I", len(meta)) + meta + data[end:]


@pytest.fixture
def own_storage(tmp_path: Path, settings: Any) -> None:
    settings.STORAGE_DIR = tmp_path / "storage"


@pytest.mark.parametrize(("charset", "name", "codec"), WRITINGS, ids=[codec for _, _, codec in WRITINGS])
@pytest.mark.parametrize("waits", [False, True], ids=["taken", "kept"])
def test_a_name_in_any_character_set_is_nowhere(
    own_storage: None, upload: Upload, clinician: User, caplog: pytest.LogCaptureFixture,
    charset: str, name: str, codec: str, waits: bool,
) -> None:  # fmt: skip
    more: dict[str, Any] = {"Modality": "CT"} if waits else {}
    data = named(name, charset, **more)
    planted = [one for one in spellings(name, codec) if one in data]
    assert planted, "the search must be able to find it"
    (row,) = ingest_file(upload=upload, name=f"{name}.dcm", data=data, actor=clinician)
    assert row.outcome == ("refused" if waits else "accepted"), row.code
    secrets = {*spellings(name, codec), *spellings(ASCII, "ascii")}
    for place, content in [*stored(), ("log", caplog.text.encode())]:
        assert [secret for secret in secrets if secret in content] == [], place


@pytest.fixture
def house(
    transactional_db: None, storage: Path, clinician: User, settings: Any, tmp_path: Path
) -> Iterator[tuple[str, str, int, Redis]]:
    """Site, token, port of the receiver, and Redis: all in processes of their own."""
    settings.HOME = storage
    _, token = create_token(user=clinician, name="peer", scope=TokenScope.WRITE, days=1)
    redis = Redis(tmp_path, tmp_path / "redis.sock")
    redis.start()
    try:
        with (
            peers.site(storage, REDIS_URL=redis.url, LOG_LEVEL="DEBUG") as url,
            receiving(storage, "US1=A/clinician", REDIS_URL=redis.url) as port,
        ):
            yield url, token, port, redis
    finally:
        redis.kill()


@pytest.mark.processes
def test_names_around_files_stay_at_every_door(house: tuple[str, str, int, Redis], storage: Path) -> None:
    url, token, port, redis = house
    name, charset = "欧阳娜娜", "GB18030"
    web = requests.Session()
    web.headers["Authorization"] = f"Token {token}"
    answers: list[bytes] = []

    # REST: the file's name, a zip with names of folders, the manifest of what could be sent.
    sent = named(name, charset, SOPInstanceUID="1.2.3.1")
    archive = zipped({f"{ASCII} {name}/{NUMBER}.dcm": named(name, charset, SOPInstanceUID="1.2.3.2"),
                      f"{ASCII}/{name}.txt": name.encode()})  # fmt: skip
    upload = web.post(f"{url}/api/v1/uploads/", json={}, timeout=60).json()["id"]
    for file_name, content in ((f"{ASCII} {name}.dcm", sent), (f"{name}.zip", archive)):
        taken = web.post(
            f"{url}/api/v1/uploads/{upload}/files/", files={"file": (file_name, content)}, timeout=60
        )
        assert taken.status_code in {200, 201}, taken.text
    manifest = {"files": [{"sha256": "a" * 64, "name": f"{ASCII}/{name}.dcm", "size": 12}]}
    assert web.post(f"{url}/api/v1/uploads/{upload}/known/", json=manifest, timeout=60).status_code == 200

    # STOW-RS: headers of the request and of its parts.
    head = (
        f"--x\r\nContent-Type: application/dicom; name={ASCII}\r\nContent-Location: http://{ASCII}/{NUMBER}\r\n"
        f"Content-Disposition: attachment; filename={ASCII}.dcm\r\nX-Patient: {ASCII}\r\n\r\n"
    ).encode()
    body = head + named(name, charset, SOPInstanceUID="1.2.3.3") + b"\r\n--x--\r\n"
    stow = web.post(
        f"{url}/dicomweb/studies", data=body, timeout=60,
        headers={"Content-Type": 'multipart/related; type="application/dicom"; boundary=x',
                 "X-Patient": ASCII, "User-Agent": ASCII},
    )  # fmt: skip
    assert stow.status_code in {200, 202, 409}, stow.text

    # C-STORE: by a machine on the list, and by one whose title is somebody's name.
    dataset = pydicom.dcmread(io.BytesIO(named(name, charset, SOPInstanceUID="1.2.3.4", behind=False)))
    for title in ("US1", ASCII.upper()):
        entity = AE(ae_title=title)
        entity.add_requested_context(dataset.SOPClassUID, dataset.file_meta.TransferSyntaxUID)
        association = entity.associate("127.0.0.1", port, ae_title="HEPASTAGE")
        assert association.is_established is (title == "US1")
        if association.is_established:
            assert association.send_c_store(dataset).Status == 0
            association.release()

    assert Patient.objects.count() == 1
    image = Image.objects.order_by("created_at").first()
    assert image is not None
    assert UploadFile.objects.count() >= 5
    for address in (
        "/api/v1/uploads/", f"/api/v1/uploads/{upload}/", "/api/v1/images/", "/api/v1/patients/",
        "/api/v1/exams/", f"/api/v1/patients/{image.exam.patient_id}/", f"/api/v1/images/{image.pk}/",
        "/api/v1/jobs/",
        "/dicomweb/studies?includefield=all", "/dicomweb/series?includefield=all",
        "/dicomweb/instances?includefield=all",
    ):  # fmt: skip
        answer = web.get(f"{url}{address}", timeout=60)
        assert answer.status_code == 200, (address, answer.text[:300])
        answers.append(answer.content)
        if address.startswith("/dicomweb/instances"):
            for found in answer.json():
                retrieve = found["00081190"]["Value"][0]
                parts = ("", "/metadata", "/rendered")
                answers += [web.get(retrieve + part, timeout=60).content for part in parts]

    secrets = {*spellings(name, "gb18030"), *spellings(ASCII, "ascii"), NUMBER.encode()}
    places = [*stored(), ("redis", _dump(redis)), *((f"answer {n}", one) for n, one in enumerate(answers))]
    places += [(str(path), path.read_bytes()) for path in storage.rglob("*") if path.is_file()]
    assert any(place.endswith("receiver.log") for place, _ in places)
    for place, content in places:
        if "sqlite3" not in place:
            assert [secret for secret in secrets if secret in content] == [], place


def _dump(redis: Redis) -> bytes:
    """All keys of Redis with what they hold."""
    client = redis_client.Redis.from_url(redis.url)
    reading: dict[bytes, Callable[[bytes], Any]] = {
        b"string": client.get,
        b"hash": client.hgetall,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1),
        b"stream": client.xrange,
    }
    return b"\n".join(key + repr(reading[client.type(key)](key)).encode() for key in client.scan_iter())
