"""What is removed while a backup runs is in it, or the backup says that it is not complete."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from ml.dicom import UltrasoundRegion
from tests.webapp.imaging.files import ultrasound
from webapp.imaging.blanking import rectangle_of
from webapp.imaging.ingest import ingest_file, start_upload
from webapp.imaging.models import Image
from webapp.imaging.rewriting import rewrite
from webapp.imaging.storage import Room, name_of, path_of
from webapp.operations.backups import making, tables
from webapp.operations.backups.manifest import Folder, Manifest

pytestmark = pytest.mark.django_db(transaction=True)
ROOMS = Room.IMAGES, Room.ANALYSIS


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django's tests allow no second one; ``test_backup.py`` has the real snapshot, in processes."""

    @contextmanager
    def at_one_moment() -> Iterator[str]:
        with transaction.atomic():
            yield "default"

    monkeypatch.setattr(tables, "snapshot_of", at_one_moment)


@pytest.fixture
def image(site_a, clinician) -> Image:
    upload = start_upload(site=site_a, actor=clinician)
    (row,) = ingest_file(upload=upload, name="x", data=ultrasound(), actor=clinician)
    assert row.image is not None, row.code
    return row.image


def mask(image: Image, rows: int) -> None:
    """Black out so many more rows of what is not black."""
    x0, y0, x1, _ = rectangle_of(UltrasoundRegion(**image.regions[0]))
    with transaction.atomic():
        rewrite(Image.objects.select_for_update().get(pk=image.pk), keep=(), masks=((x0, y0, x1, y0 + rows),))


def lacking(folder: Folder, manifest: Manifest) -> set[str]:
    """Files that the dumped rows of images name and the snapshot does not hold."""
    (table,) = [entry for entry in manifest.tables if entry.model == "imaging.image"]
    at = table.columns.index("sha256"), table.columns.index("analysis_sha256")
    with gzip.open(folder.object_path(table.sha256), "rt") as lines:
        rows = [json.loads(line) for line in lines]
    named = {name_of(room, row[i]) for row in rows for room, i in zip(ROOMS, at, strict=True)}
    assert len(named) == 2
    return named - {entry.path for entry in manifest.files}


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is done, one a round, between the rows and the files."""
    acts: list[Any] = []
    copy = making._copy_files

    def act_and_copy(*given: Any) -> Any:
        if acts:
            acts.pop(0)()
        return copy(*given)

    monkeypatch.setattr(making, "_copy_files", act_and_copy)
    return acts


@pytest.mark.parametrize("times", [1, 3])
def test_an_image_that_is_masked_between_its_row_and_its_file(
    image: Image, tmp_path: Path, between: list[Any], times: int
):
    out = tmp_path / "backup"
    old = image.sha256
    between += [lambda n=n: mask(image, n) for n in range(8, 8 * times + 1, 8)]
    call_command("backup", str(out))
    folder = Folder(out)
    assert not between
    assert not path_of(Room.IMAGES, old).exists()
    assert lacking(folder, folder.manifest()) == set()
    assert list(folder.damaged(folder.manifest())) == []


def test_a_house_that_never_rests_leaves_no_snapshot(image: Image, tmp_path: Path, between: list[Any]):
    out = tmp_path / "backup"
    between += [lambda n=n: mask(image, n) for n in range(4, 4 * making.ROUNDS + 1, 4)]
    with pytest.raises(making.BackupOvertaken):
        making.make_backup(out)
    assert Folder(out).names() == []
    assert making.make_backup(out).missing == ()


def test_a_file_that_the_house_has_lost_is_said_and_older_snapshots_stay(
    image: Image, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = tmp_path / "backup"
    call_command("backup", str(out), "--keep", "1")
    path_of(Room.IMAGES, image.sha256).unlink()
    with pytest.raises(CommandError, match=f"lost 1 file.*{image.sha256}"):
        call_command("backup", str(out), "--keep", "1", "--keys", str(tmp_path / "keys"))
    folder = Folder(out)
    assert len(folder.names()) == 2
    assert lacking(folder, folder.manifest()) == {name_of(Room.IMAGES, image.sha256)}
    assert lacking(folder, folder.manifest(folder.names()[0])) == set()
    assert (tmp_path / "keys").is_dir()
