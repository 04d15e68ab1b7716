"""A house is destroyed and comes back: everything in it, as it was, in the same or in another database."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.conftest import ROOT
from tests.webapp.postgres import Postgres
from webapp.operations.backups.manifest import BackupDamaged, Folder
from webapp.operations.backups.restoring import restore

pytestmark = pytest.mark.processes
PROGRAM = Path(__file__).with_name("a_house.py")


def environment(home: Path, **extra: str) -> dict[str, str]:
    values = {**os.environ, "HEPASTAGE_HOME": str(home), "LOG_LEVEL": "ERROR", **extra}
    if "DATABASE_URL" not in extra:
        values.pop("SECRET_KEY", None)  # a house of its own makes its own
    return values


def run(home: Path, *argv: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *argv], cwd=ROOT, env=environment(home, **extra), capture_output=True, text=True,
        check=False, timeout=240,
    )  # fmt: skip


def manage(home: Path, *argv: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return run(home, "manage.py", *argv, **extra)


def answer(result: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found


@dataclass
class Saved:
    """A backup, and what its house was like."""

    backup: Path
    keys: Path
    then: dict[str, Any]
    secret: str


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """A filled house, backed up while it was written to, and then destroyed."""
    folder = tmp_path_factory.mktemp("backup")
    home, backup, keys = folder / "home", folder / "backup", folder / "keys"
    then = answer(run(home, str(PROGRAM), "fill", str(backup), str(keys)))
    secret = (home / "secret_key").read_text().strip()
    shutil.rmtree(home)
    return Saved(backup, keys, then, secret)


def same(now: dict[str, Any], then: dict[str, Any]) -> None:
    for name in ("images", "quarantined", "created", "stages", "hash", "first", "key"):
        assert now[name] == then[name], name
    assert now["signs_in"] == [200, 401]
    assert now["chained"]
    assert now["fine"], now["counts"]
    assert now["next_user"]
    assert now["refused"] == {"audit": True, "frozen": True, "member": True}
    assert now["again"] == pytest.approx(then["first"])
    assert len(now["images"]) == 30
    assert now["quarantined"] == [True]
    assert len(now["stages"]) == 15


def test_a_second_backup_copies_only_what_is_new(saved: Saved):
    # The audit log and its head, which the first backup itself wrote into; the third removes the older ones.
    assert saved.then["repeated"] == {"untouched": True, "new": 2, "snapshots": 1, "objects": 0}


def test_a_destroyed_house_comes_back_whole(saved: Saved, tmp_path: Path):
    home = tmp_path / "home"
    same(saved.then, saved.then)
    restored = manage(home, "restore", str(saved.backup), "--keys", str(saved.keys))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "0 missing" in restored.stdout
    assert (home / "secret_key").read_text().strip() == saved.secret
    same(answer(run(home, str(PROGRAM), "look")), saved.then)

    again = manage(home, "restore", str(saved.backup))
    assert (again.returncode, "users, patients or an audit log" in again.stderr) == (1, True)
    shutil.rmtree(home / "storage" / "images")
    lost = manage(home, "verify", "--quick")
    assert (lost.returncode, "30 missing" in lost.stdout) == (1, True), lost.stdout


def test_it_moves_from_sqlite_to_postgresql_and_can_be_put_back_over_itself(
    saved: Saved, tmp_path: Path, postgres: Postgres
):
    settings = {"DATABASE_URL": postgres.database("restored"), "SECRET_KEY": saved.secret}
    home = tmp_path / "home"
    restored = manage(home, "restore", str(saved.backup), "--keys", str(saved.keys), **settings)
    assert restored.returncode == 0, restored.stdout + restored.stderr
    now = answer(run(home, str(PROGRAM), "look", **settings))
    assert now["vendor"] == "postgresql"
    same(now, saved.then)

    again = manage(home, "restore", str(saved.backup), "--replace", **settings)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "replaced_" in again.stdout
    assert list(home.glob("storage.replaced-*"))


def test_a_changed_object_is_found_and_nothing_is_restored_from_it(saved: Saved, tmp_path: Path, capsys):
    backup = tmp_path / "copy"
    shutil.copytree(saved.backup, backup)
    folder = Folder(backup)
    image = next(entry for entry in folder.manifest().files if entry.path.startswith("storage/images/"))
    path = folder.object_path(image.sha256)
    content = bytearray(path.read_bytes())
    content[200] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)
    with pytest.raises(SystemExit):
        call_command("verify", str(backup))
    assert f"{image.path}: its object was changed" in capsys.readouterr().err
    with pytest.raises(BackupDamaged, match="changed after it was written"):
        restore(backup)
    assert not list(tmp_path.glob("storage/images/*"))
