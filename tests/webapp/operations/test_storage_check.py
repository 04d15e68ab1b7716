"""Rows against files, both ways, and what a repair does."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from tests.webapp.imaging.files import ultrasound
from webapp.imaging import stored
from webapp.imaging.ingest import ingest_file, start_upload
from webapp.imaging.storage import Room, digest_of, path_of, store
from webapp.operations import storage_check
from webapp.operations.storage_check import Trouble, check, empty_trash

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(site_a, clinician):
    upload = start_upload(site=site_a, actor=clinician)
    (row,) = ingest_file(upload=upload, name="x", data=ultrasound(), actor=clinician)
    assert row.image is not None, row.code
    return row.image


def aged(path: Path) -> Path:
    old = time.time() - 2 * storage_check.GRACE_SECONDS
    os.utime(path, (old, old))
    return path


def test_a_whole_house_is_fine(image):
    report = check()
    assert report.fine
    assert report.rows == report.files == 2
    assert report.bytes > 0


def test_a_row_without_its_file_is_named(image):
    path_of(Room.IMAGES, image.sha256).unlink()
    report = check()
    assert report.counts == {"missing": 1, "orphan": 0, "changed": 0}
    assert report.findings[0].row == f"imaging.Image {image.pk}"


def test_a_file_without_a_row_is_moved_only_when_told_and_only_when_old(image):
    young, old = store(Room.IMAGES, b"young"), store(Room.IMAGES, b"old")
    aged(path_of(Room.IMAGES, old))
    report = check()
    assert (report.counts["orphan"], report.moved) == (1, 0)
    report = check(repair=True)
    assert (report.counts["orphan"], report.moved) == (1, 1)
    assert not path_of(Room.IMAGES, old).exists()
    assert path_of(Room.IMAGES, young).exists()
    assert [path.name for path in storage_check.trash().rglob(old)] == [old]
    assert storage_check.trash().stat().st_mode & 0o077 == 0
    assert check().fine


def test_a_changed_byte_is_found_unless_contents_are_not_read(image):
    path = path_of(Room.ANALYSIS, image.analysis_sha256)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)
    assert check().counts[Trouble.CHANGED] == 1
    assert check(hashing=False).fine


def test_a_file_that_leaves_while_it_is_looked_at_ends_no_check(image, monkeypatch):
    """The cache of a bucket lets go of files whenever it is full."""

    def evicted(path: Path) -> str:
        path.unlink()
        return digest_of(path)

    monkeypatch.setattr(storage_check, "digest_of", evicted)
    report = check()
    assert report.fine
    assert report.rows == report.files == 2


def test_an_orphan_that_leaves_before_it_is_moved_ends_no_repair(image, monkeypatch):
    orphan = aged(path_of(Room.IMAGES, store(Room.IMAGES, b"orphan")))
    named = storage_check._named_by_now
    monkeypatch.setattr(storage_check, "_named_by_now", lambda *one: orphan.unlink() or named(*one))
    report = check(repair=True)
    assert (report.counts["orphan"], report.moved) == (1, 0)


def test_an_orphan_that_is_sent_again_is_young_again(image):
    digest = store(Room.IMAGES, b"sent before")
    aged(path_of(Room.IMAGES, digest))
    store(Room.IMAGES, b"sent before")
    check(repair=True)
    assert path_of(Room.IMAGES, digest).exists()


def test_trash_is_emptied_by_age():
    for day in ("2020-01-01", time.strftime("%Y-%m-%d")):
        folder = storage_check.trash() / day / "images"
        folder.mkdir(parents=True)
        (folder / "file").touch()
    assert empty_trash(days=30) == 1
    assert len(list(storage_check.trash().iterdir())) == 1


def test_every_column_that_looks_like_a_file_is_declared():
    """Whoever adds a column for a stored file has to say so, or a repair would put its files aside."""
    declared = {(model, column) for _, model, column in storage_check.references()} | stored.OTHERS
    for config in apps.get_app_configs():
        try:
            declared |= __import__(f"{config.name}.stored", fromlist=["OTHERS"]).OTHERS
        except (ImportError, AttributeError):
            continue
    found = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        if model.__module__.startswith("webapp.")
        and model._meta.app_label not in {"training", "segmentation", "datasets", "audit"}
        for field in model._meta.local_fields
        if isinstance(field, models.CharField) and re.search(r"sha256|digest", field.name)
    }
    assert found - declared == set(), "list it in the app's stored.py: in REFERENCES, or in OTHERS"
