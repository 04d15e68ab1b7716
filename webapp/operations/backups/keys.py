"""The keys of a house, backed up and restored apart from its data."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from webapp.operations.backups.manifest import BackupRefused, fingerprint

SECRET = "secret_key"  # noqa: S105  the name of a file


def held() -> dict[str, str]:
    """``{name: key}``: Django's secret key, and what lies in ``HEPASTAGE_HOME/keys``."""
    found = {SECRET: str(settings.SECRET_KEY)}
    folder = Path(settings.HOME) / "keys"
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.is_file() and not path.name.startswith("."):
                found[path.name] = path.read_text("utf-8")
    return found


def fingerprints() -> dict[str, str]:
    return {name: fingerprint(key) for name, key in held().items()}


def write(folder: Path) -> list[str]:
    """Copy all keys into a folder that only its owner may enter; their names."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    names = []
    for name, key in held().items():
        _write_private(folder / name, key)
        names.append(name)
    return names


def matching(folder: Path, expected: dict[str, str]) -> dict[str, str]:
    """The keys in ``folder``; BackupRefused unless they are those that the data was made with."""
    found = {}
    for name, wanted in expected.items():
        path = folder / name
        if not path.is_file():
            raise BackupRefused(f"{folder} lacks the key {name}.", remedy="Give the folder of --keys.")
        found[name] = path.read_text("utf-8")
        if fingerprint(found[name]) != wanted:
            raise BackupRefused(
                f"The key {name} in {folder} is not the one that this backup was made with.",
                remedy="Look for the keys that were saved with this snapshot or an earlier one.",
            )
    return found


def differing(expected: dict[str, str]) -> list[str]:
    """Names of the keys of this house that are not those of the backup."""
    here = fingerprints()
    return sorted(name for name, wanted in expected.items() if here.get(name) != wanted)


def put_back(keys: dict[str, str]) -> None:
    """Write keys into the house; a different one that is there is kept beside it."""
    home = Path(settings.HOME)
    (home / "keys").mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, key in keys.items():
        path = home / SECRET if name == SECRET else home / "keys" / name
        if path.exists() and path.read_text("utf-8").strip() != key.strip():
            path.rename(path.with_name(f".{path.name}.before-restore"))
        _write_private(path, key)


def _write_private(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as sink:
        sink.write(text.strip() + "\n")
        sink.flush()
        os.fsync(sink.fileno())
    draft.rename(path)
