"""Model folders are whole, unchanged and free of code, or they are not in the registry."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from tests.webapp.training.conftest import write_model
from webapp.training.registry import MAX_HEADER, ModelDamaged, ModelFolderRefused, store_model, verify_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_model(tmp_path / "trained", "model")
    return tmp_path / "trained"


def test_a_stored_model_has_the_address_of_its_content(folder: Path, settings: Any) -> None:
    stored = store_model(folder)
    kept = Path(settings.WORK_DIR) / stored.path
    assert kept.name == stored.digest
    assert (kept / "model.safetensors").read_bytes() == (folder / "model.safetensors").read_bytes()
    verify_model(kept, stored.digest)
    assert store_model(folder) == stored
    assert len(list((Path(settings.WORK_DIR) / "models").glob("*/*"))) == 1


def test_the_same_weights_with_another_card_are_another_folder(folder: Path) -> None:
    first = store_model(folder)
    (folder / "card.md").write_text("# another\n")
    second = store_model(folder)
    assert (first.sha256, first.digest != second.digest) == (second.sha256, True)


@pytest.mark.parametrize("name", ["model.safetensors", "model.json", "card.md"])
def test_a_changed_file_is_noticed(folder: Path, settings: Any, name: str) -> None:
    stored = store_model(folder)
    kept = Path(settings.WORK_DIR) / stored.path
    (kept / name).chmod(0o644)
    with (kept / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelDamaged):
        verify_model(kept, stored.digest)
    assert store_model(folder) == stored  # storing it again mends it
    verify_model(kept, stored.digest)


def test_a_missing_folder_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(ModelDamaged):
        verify_model(tmp_path / "nowhere", "0" * 64)


def test_pickled_weights_do_not_enter(folder: Path) -> None:
    (folder / "model.pt").write_bytes(pickle.dumps({"weights": 1}))
    with pytest.raises(ModelFolderRefused, match=r"model\.pt"):
        store_model(folder)


def headed(header: bytes) -> bytes:
    return len(header).to_bytes(8, "little") + header


def test_a_header_of_megabytes_is_not_parsed(folder: Path) -> None:
    """The format allows a hundred; read by a web process, they would stop it for seconds."""
    header = b'{"a": {"data_offsets": [0, 1]}' + b" " * MAX_HEADER + b"}"
    (folder / "model.safetensors").write_bytes(headed(header) + b"x")
    with pytest.raises(ModelFolderRefused, match="not a safetensors"):
        store_model(folder)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80\x04" + b"x" * 100,  # a pickle's first bytes
        (10).to_bytes(8, "little") + b"not json!!",
        (2).to_bytes(8, "little") + b"{}",  # no tensor at all
        (2**40).to_bytes(8, "little") + b"{}",
        headed(b'{"a": {"data_offsets": [0, "x"]}, "b": {"data_offsets": [0, 5]}}'),
        headed(b'{"a": {"data_offsets": [0, true]}}') + b"x",
        headed(b'{"a": {"data_offsets": "01"}}'),
        headed(b'{"a": {"data_offsets": [0, 1, 1]}}') + b"x",
        headed(b"[" * 200_000),
    ],
)
def test_what_is_not_safetensors_does_not_enter(folder: Path, content: bytes) -> None:
    (folder / "model.safetensors").write_bytes(content)
    with pytest.raises(ModelFolderRefused):
        store_model(folder)


def test_half_a_file_of_weights_does_not_enter(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(ModelFolderRefused, match="not whole"):
        store_model(folder)


def test_an_incomplete_folder_does_not_enter(folder: Path) -> None:
    (folder / "card.md").unlink()
    with pytest.raises(ModelFolderRefused):
        store_model(folder)
