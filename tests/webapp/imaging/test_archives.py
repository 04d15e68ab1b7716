"""Zip archives: good members come in one by one; hostile archives are refused before anything is unpacked."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ml.spec import Band
from tests.webapp.imaging.files import ultrasound, zipped
from webapp.accounts.models import User
from webapp.imaging.archives import ZipLimits, is_archive, members
from webapp.imaging.models import Image, ImagePair, Upload
from webapp.imaging.outcomes import FileRefused, Outcome
from webapp.imaging.services import ingest_file


def with_entry(name: str = "a.dcm", content: bytes = b"x", **attributes: int) -> bytes:
    """An archive whose one entry has unusual attributes (``external_attr``, ``flag_bits``)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo(name)
        for key, value in attributes.items():
            setattr(entry, key, value)
        archive.writestr(entry, content)
    return buffer.getvalue()


def encrypted() -> bytes:
    """The encryption bit, in both headers."""
    data = bytearray(zipped({"a.dcm": b"x" * 50}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark) + place
        struct.pack_into("<H", data, at, 1)
    return bytes(data)


def lying(claimed: int) -> bytes:
    """The central directory claims another size than the member unpacks to."""
    data = bytearray(zipped({"a.dcm": b"\0" * 40_000_000}))
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, claimed)
    return bytes(data)


def other_method() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.dcm", b"x" * 1000)
    return buffer.getvalue()


ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "parent folder": (lambda: zipped({"ok.dcm": b"x", "../../evil.dcm": b"x"}), "zip-unsafe-name"),
    "backslashes": (lambda: zipped({"..\\..\\evil.dcm": b"x"}), "zip-unsafe-name"),
    "absolute": (lambda: zipped({"/etc/evil.dcm": b"x"}), "zip-unsafe-name"),
    "drive": (lambda: zipped({"C:\\evil.dcm": b"x"}), "zip-unsafe-name"),
    "symbolic link": (
        lambda: with_entry(content=b"/etc/passwd", external_attr=(stat.S_IFLNK | 0o777) << 16), "zip-link",
    ),
    "device": (lambda: with_entry(external_attr=(stat.S_IFCHR | 0o666) << 16), "zip-link"),
    "encrypted": (encrypted, "zip-encrypted"),
    "bomb": (lambda: zipped({"a.dcm": b"\0" * 40_000_000}), "zip-bomb"),
    "lied size": (lambda: lying(1000), "zip-damaged"),
    "odd compression": (other_method, "zip-method"),
    "empty": (lambda: zipped({}), "zip-empty"),
    "folders only": (lambda: zipped({"a/": b"", "__MACOSX/x": b"x"}), "zip-empty"),
    "cut short": (lambda: zipped({"a.dcm": ultrasound()})[:-40], "zip-damaged"),
    "mark only": (lambda: b"PK\x03\x04" + b"\0" * 200, "zip-damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_a_hostile_archive_is_refused_and_leaves_no_image(upload: Upload, clinician: User, name: str) -> None:
    make, code = ATTACKS[name]
    rows = ingest_file(upload=upload, name="scan.zip", data=make(), actor=clinician)
    assert [(row.outcome, row.code) for row in rows] == [(Outcome.REFUSED, code)]
    assert rows[0].remedy
    assert not Image.objects.exists()


def test_an_archive_in_an_archive_is_refused_and_its_neighbours_are_taken(
    upload: Upload, clinician: User
) -> None:
    data = zipped({"inner.zip": zipped({"a.dcm": ultrasound()}), "good.dcm": ultrasound(seed=4)})
    rows = ingest_file(upload=upload, name="scan.zip", data=data, actor=clinician)
    assert [(row.given_name, row.code) for row in rows] == [
        ("inner.zip", "zip-nested"),
        ("good.dcm", "accepted"),
    ]


def test_every_member_has_its_own_outcome(upload: Upload, clinician: User) -> None:
    hf, lf = ultrasound(band=Band.HF, seed=1), ultrasound(band=Band.LF, seed=2)
    data = zipped(
        {"a/hf.dcm": hf, "a/lf": lf, "copy.dcm": hf, "notes.txt": b"hello", "._x": b"x", "DICOMDIR": b"x"}
    )
    rows = ingest_file(upload=upload, name="scan.zip", data=data, actor=clinician)
    assert [(row.given_name, row.outcome) for row in rows] == [
        ("hf.dcm", Outcome.ACCEPTED),
        ("lf", Outcome.ACCEPTED),
        ("copy.dcm", Outcome.DUPLICATE),
        ("notes.txt", Outcome.REFUSED),
    ]
    assert ImagePair.objects.count() == 1


def test_limits_hold_for_members_and_for_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "scan.zip"
    path.write_bytes(zipped({f"{n}.dcm": bytes(range(256)) * 40 for n in range(5)}))

    def code(limits: ZipLimits) -> str:
        with pytest.raises(FileRefused) as refused:
            list(members(path, limits))
        return refused.value.code

    assert code(ZipLimits(max_members=4)) == "zip-too-many"
    assert code(ZipLimits(max_total_bytes=50_000)) == "zip-too-large"
    assert code(ZipLimits(max_member_bytes=10_000)) == "zip-too-large"
    assert len(list(members(path))) == 5


def test_members_are_removed_as_they_are_done_with(tmp_path: Path) -> None:
    path = tmp_path / "scan.zip"
    path.write_bytes(zipped({"a": b"1", "b": b"2"}))
    seen: list[Path] = []
    for _, file in members(path):
        assert isinstance(file, Path)
        assert not any(earlier.exists() for earlier in seen)
        seen.append(file)
    assert not any(file.exists() for file in seen)


def test_an_archive_is_known_by_its_bytes_not_its_name(tmp_path: Path) -> None:
    path = tmp_path / "IM0001.dcm"
    path.write_bytes(zipped({"a": b"1"}))
    assert is_archive(path)
    path.write_bytes(b"PK\x03\x04" + b"\0" * 124 + ultrasound()[128:])
    assert not is_archive(path)  # a DICOM file may have any preamble
