"""What a backup folder keeps and what it refuses: manifests, objects, keys, paths."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from webapp.accounts.models import Site
from webapp.audit import services as audit
from webapp.audit.models import Entry
from webapp.operations.backups import files, keys, tables
from webapp.operations.backups.manifest import (
    FORMAT,
    BackupDamaged,
    BackupRefused,
    FileEntry,
    Folder,
    Manifest,
    fingerprint,
)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "backup")


def manifest(name: str, *entries: FileEntry) -> Manifest:
    return Manifest(
        format=FORMAT, name=name, created_at=datetime(2026, 1, 2, tzinfo=UTC), vendor="sqlite", migrations=[],
        tables=[], files=list(entries), audit_number=0, audit_hash="0" * 64, key_fingerprints={},
    )  # fmt: skip


def entry_of(folder: Folder, path: str, content: bytes) -> FileEntry:
    digest = files.add(folder, io.BytesIO(content))
    return FileEntry(path=path, sha256=digest, size=len(content), mode=0o444, mtime_ns=10**18)


@pytest.mark.django_db(transaction=True)
def test_rows_survive_the_way_through_text_to_the_microsecond(make_user, site_a):
    user = make_user("clinician", site_a)
    entry = audit.record(actor=user, action="x.y", site=site_a, detail={"n": 1.5, "名": ["é", None]})
    text = io.BytesIO()
    assert tables.dump(Entry, text, "default")[0] == 1
    columns = [field.attname for field in tables.columns_of(Entry)]
    with transaction.atomic(), tables.triggers_asleep("default"):
        Entry.objects.all()._raw_delete("default")
        text.seek(0)
        assert tables.load(Entry, columns, text, "default") == 1
    found = Entry.objects.get()
    assert (found.at, found.detail, found.hash) == (entry.at, entry.detail, entry.computed_hash())
    assert list(audit.broken_links()) == []


@pytest.mark.django_db(transaction=True)
def test_times_of_creation_are_those_of_then(site_a):
    text = io.BytesIO()
    tables.dump(Site, text, "default")
    then = site_a.created_at
    Site.objects.all().delete()
    text.seek(0)
    tables.load(Site, [field.attname for field in tables.columns_of(Site)], text, "default")
    assert Site.objects.get().created_at == then


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path):
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "thesis.txt").touch()
    with pytest.raises(BackupRefused), Folder(documents).writing():
        pass
    assert [path.name for path in documents.iterdir()] == ["thesis.txt"]


def test_two_backups_do_not_write_into_one_folder(folder: Folder):
    with (
        folder.writing(),
        pytest.raises(BackupRefused, match="Another backup"),
        Folder(folder.root).writing(),
    ):
        pass


def test_a_changed_manifest_is_found(folder: Folder):
    with folder.writing():
        folder.write_manifest(manifest("20260102T000000000000Z"))
    path = folder.snapshots / "20260102T000000000000Z.json"
    path.write_text(path.read_text().replace("sqlite", "oracle"))
    with pytest.raises(BackupDamaged, match="changed"):
        folder.manifest()


@pytest.mark.parametrize(
    "path", ["storage/../../etc/passwd", "work//etc/passwd", "keys/x", "/etc/passwd", "storage", "storage/"]
)
def test_a_manifest_cannot_write_outside_the_house(path: str):
    with pytest.raises(BackupDamaged):
        files.target_of(path)


@given(st.text(min_size=1, max_size=40))
def test_wherever_a_path_leads_it_stays_in_its_room(tmp_path_factory, name: str):
    try:
        target = files.target_of(f"storage/{name}")
    except BackupDamaged:
        return
    root = files.roots()["storage"]
    assert ".." not in target.relative_to(root).parts


def test_a_file_is_put_back_once_with_its_mode(folder: Folder, storage: Path):
    with folder.writing():
        entry = entry_of(folder, "storage/images/ab/abc", b"content")
    assert files.put_back(folder, entry)
    target = files.target_of(entry.path)
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"content", 0o444)
    assert not files.put_back(folder, entry)
    target.chmod(0o600)
    target.write_bytes(b"changed")
    assert files.put_back(folder, entry)
    assert target.read_bytes() == b"content"


def test_keys_are_told_apart_without_being_told(tmp_path: Path, settings):
    settings.HOME = tmp_path / "home"
    (settings.HOME / "keys").mkdir(parents=True)
    (settings.HOME / "keys" / "pseudonym.key").write_text("ab" * 32 + "\n")
    expected = keys.fingerprints()
    assert "ab" * 8 not in str(expected)
    assert keys.write(tmp_path / "keys") == ["secret_key", "pseudonym.key"]
    assert (tmp_path / "keys" / "pseudonym.key").stat().st_mode & 0o077 == 0
    assert keys.matching(tmp_path / "keys", expected)["pseudonym.key"].strip() == "ab" * 32
    (tmp_path / "keys" / "pseudonym.key").write_text("cd" * 32)
    with pytest.raises(BackupRefused, match="not the one"):
        keys.matching(tmp_path / "keys", expected)
    assert fingerprint("cd" * 32) != expected["pseudonym.key"]
