"""Folders before a real S3 server: datasets, models, and trainings that change machines."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.webapp.bucket.s3_server import BUCKET, S3Server
from webapp.bucket import cache, client, folders
from webapp.bucket.errors import BucketAway, ObjectDamaged
from webapp.bucket.kept import holding, kept_folder
from webapp.jobs.errors import CancelRequested, LeaseLost
from webapp.training import handover
from webapp.training.handover import Underway, finished
from webapp.training.registry import store_model

Host = Callable[[str], Path]


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "PIECE", 1000)


def model_folder(at: Path) -> Path:
    """A folder that the registry takes: one tensor, its description, its card."""
    at.mkdir(parents=True)
    header = json.dumps({"w": {"dtype": "U8", "shape": [5000], "data_offsets": [0, 5000]}}).encode()
    weights = bytes(number * 7 % 251 for number in range(5000))
    (at / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + weights)
    (at / "model.json").write_text("{}")
    (at / "card.md").write_text("# A model")
    return at


def aged(folder: Path) -> None:
    then = time.time() - 4000
    os.utime(folder.with_name(f".{folder.name}.bucket"), (then, then))


def test_a_model_of_one_host_is_whole_on_the_other(
    server: S3Server, host: Host, tmp_path: Path, small_pieces: None
):
    host("a")
    stored = store_model(model_folder(tmp_path / "made"))
    host("b")
    folder = kept_folder(stored.path)
    weights = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    assert (sorted(path.name for path in folder.iterdir()), weights) == (
        ["card.md", "model.json", "model.safetensors"],
        stored.sha256,
    )
    assert len(server.names()) > 5  # in pieces
    assert not kept_folder("models/00/none").exists()


def test_a_damaged_piece_or_list_is_refused_and_leaves_no_folder(
    server: S3Server, host: Host, tmp_path: Path
):
    host("a")
    stored = store_model(model_folder(tmp_path / "made"))
    name = f"house/work/{stored.path}/{stored.sha256}"
    good = server.raw().get_object(Bucket=BUCKET, Key=name)["Body"].read()
    home = host("b")
    server.raw().put_object(Bucket=BUCKET, Key=name, Body=good[:-1] + b"?")
    with pytest.raises(ObjectDamaged):
        kept_folder(stored.path)
    server.raw().put_object(Bucket=BUCKET, Key=name, Body=good)
    manifest = f"house/work/{stored.path}/.manifest"
    text = server.raw().get_object(Bucket=BUCKET, Key=manifest)["Body"].read()
    server.raw().put_object(Bucket=BUCKET, Key=manifest, Body=text.replace(b"card.md", b"../card"))
    with pytest.raises(ObjectDamaged):
        kept_folder(stored.path)
    assert [path for path in home.rglob("*") if path.is_file() and path.suffix != ".bucket"] == []


def test_a_folder_that_was_interrupted_goes_on_with_what_is_missing(
    server: S3Server, tmp_path: Path, small_pieces: None, monkeypatch: pytest.MonkeyPatch
):
    folder = model_folder(tmp_path / "made")
    sent: list[str] = []
    put = client.put

    def failing(name: str, *arguments: Any) -> None:
        if len(sent) == 3:
            raise BucketAway("gone")
        sent.append(name)
        put(name, *arguments)

    monkeypatch.setattr(client, "put", failing)
    with pytest.raises(BucketAway):
        folders.publish("work/x", folder)
    assert folders.manifest_of("work/x") is None  # nobody sees a part of it
    first, sent[:] = set(sent), [""] * 10
    manifest = folders.publish("work/x", folder)
    assert not first & set(sent)
    assert folders.is_whole("work/x", manifest)


def test_a_folder_goes_from_the_cache_unless_it_is_held_or_not_in_the_bucket(
    server: S3Server, tmp_path: Path, settings: Any
):
    stored = store_model(model_folder(tmp_path / "made"))
    folder = kept_folder(stored.path)
    aged(folder)
    with holding(folder):
        assert cache.evict(limit=1) == 0
    with (folder / "model.json").open("rb") as reader:
        assert cache.evict(limit=1) > 5000
        assert reader.read() == b"{}"  # whoever has it open keeps it
    assert not folder.exists()
    assert (kept_folder(stored.path) / "card.md").read_text() == "# A model"

    missing = Path(settings.WORK_DIR) / "models" / "00" / "none"
    with holding(missing):
        assert kept_folder("models/00/none") == missing  # asked for again by who would hold it

    aged(folder)
    client.remove(f"work/{stored.path}/{stored.sha256}")
    assert cache.evict(limit=1) == 0
    assert folder.is_dir()


# --- Trainings that change machines -----------------------------------------------------------------


def work_of(folder: Path) -> Path:
    (folder / "work" / "checkpoints").mkdir(parents=True, exist_ok=True)
    return folder / "work"


def test_a_stopped_training_goes_on_elsewhere_from_its_checkpoint(
    server: S3Server, host: Host, settings: Any
):
    host("a")
    here = Path(settings.WORK_DIR) / "runs" / "r"
    underway = Underway(here)
    (work_of(here) / "checkpoints" / "hf.safetensors").write_bytes(b"epoch 5")
    with pytest.raises(CancelRequested), underway.kept():
        raise CancelRequested
    host("b")
    there = Path(settings.WORK_DIR) / "runs" / "r"
    underway = Underway(there)
    underway.fetch()
    checkpoint = there / "work" / "checkpoints" / "hf.safetensors"
    assert checkpoint.read_bytes() == b"epoch 5"
    checkpoint.write_bytes(b"epoch 9")
    underway.fetch()  # what is here goes on from what is there, and is further
    assert checkpoint.read_bytes() == b"epoch 9"
    with pytest.raises(CancelRequested), underway.kept():
        raise CancelRequested
    host("a")
    Underway(here).fetch()  # back on the first machine, which is behind
    assert (here / "work" / "checkpoints" / "hf.safetensors").read_bytes() == b"epoch 9"


def test_whoever_lost_the_job_hands_nothing_over_and_trouble_does_not_stop_a_training(
    server: S3Server, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    here = Path(settings.WORK_DIR) / "runs" / "r"
    work_of(here)
    underway = Underway(here)
    with pytest.raises(LeaseLost), underway.kept():
        raise LeaseLost
    assert server.names() == set()
    monkeypatch.setattr(handover, "EVERY_SECONDS", 0.0)
    settings.S3_BUCKET = "not-there"
    underway.saved()


def test_what_a_run_left_is_read_on_another_host(server: S3Server, host: Host, settings: Any):
    host("a")
    here = Path(settings.WORK_DIR) / "runs" / "r"
    (work_of(here) / "metrics.json").write_text("{}")
    (work_of(here) / "checkpoints" / "hf.safetensors").write_bytes(b"large")
    underway = Underway(here)
    underway._send()
    underway.finish()
    assert [name for name in server.names() if "underway" in name]  # until the results count
    underway.registered()
    assert not [name for name in server.names() if "underway" in name]
    host("b")
    there = Path(settings.WORK_DIR) / "runs" / "r"
    work_of(there)  # what an earlier attempt on this machine had begun
    assert (finished(there, "metrics.json") / "metrics.json").read_text() == "{}"
    assert not (there / "work" / "checkpoints").exists()
