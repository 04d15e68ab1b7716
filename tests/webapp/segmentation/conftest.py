"""Segmenters whose answer is known (everything is liver, or nothing is), exams from real files, archives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ml.spec import Band, SegmenterSpec
from tests.ml.segmentation.conftest import write_folder
from tests.webapp.imaging.files import ultrasound
from webapp.accounts.models import Site, User
from webapp.imaging.models import Image
from webapp.imaging.services import ingest_file, start_upload
from webapp.jobs.models import Job, JobState
from webapp.segmentation.models import Segmenter
from webapp.training.registry import store_model


@pytest.fixture
def add_segmenter(tmp_path: Path, site_a: Site, researcher: User) -> Callable[..., Segmenter]:
    """``add_segmenter(finds=True)``: a registered one that takes every pixel for liver, or none."""

    def add(*, finds: bool = True, active: bool = False, name: str = "Outlines") -> Segmenter:
        import torch

        from ml.segmentation import SegmenterInfo
        from ml.segmentation.network import build_unet
        from ml.segmentation.segmenter import save_segmenter

        network = build_unet()
        with torch.no_grad():
            network.final_conv.weight.zero_()
            network.final_conv.bias.fill_(10.0 if finds else -10.0)
        metrics = {"dice": {"value": 0.9, "low": 0.85, "high": 0.95}}
        info = SegmenterInfo(
            size=160, width=16, epochs=1, seed=Segmenter.objects.count(), simulated=True, boxes_bound=False,
            trained_on=[], metrics=metrics,
        )  # fmt: skip
        folder = tmp_path / f"segmenter-{info.seed}"
        written = save_segmenter(folder, network, info)
        stored = store_model(folder)
        job = Job.objects.create(
            kind="segmentation.train", queue="gpu.train", title="", state=JobState.SUCCEEDED
        )
        segmenter = Segmenter.objects.create(
            name=name, job=job, path=stored.path, digest=stored.digest,
            sha256=written.sha256, card=stored.card,
            metrics=metrics, simulated=True, active=active, created_by=researcher,
            options={"epochs": 1, "examples": 8, "seed": 0}, material={"archive": "", "outlines": True},
        )  # fmt: skip
        segmenter.sites.add(site_a)
        return segmenter

    return add


@pytest.fixture
def add_image(site_a: Site, clinician: User) -> Callable[..., Image]:
    """``add_image("P1")``: an HF still of 128×96 with one region in it, through the hallway."""

    def add(patient: str = "P1", *, site: Site = site_a, band: Band = Band.HF, frames: int = 1) -> Image:
        upload = start_upload(site=site, actor=clinician)
        number = int.from_bytes(patient.encode())
        data = ultrasound(
            patient=patient,
            study=f"1.2.{number}",
            band=band,
            frames=frames,
            seed=number % 9973 + 10_000 * (band is Band.LF),
        )
        (row,) = ingest_file(upload=upload, name="x", actor=clinician, data=data)
        assert row.image is not None, row.code
        return row.image

    return add


@pytest.fixture
def archive(tmp_path: Path) -> Callable[..., SimpleUploadedFile]:
    """``archive(12)``: a zip of outlined screens, under names that spell a patient."""

    def make(count: int = 12, *, extra: dict[str, bytes] | None = None) -> SimpleUploadedFile:
        folder = write_folder(tmp_path / f"labelme-{count}", count)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as sink:
            for path in sorted(folder.iterdir()):
                sink.writestr(f"张三/{path.name}", path.read_bytes())
            for name, content in (extra or {}).items():
                sink.writestr(name, content)
        return SimpleUploadedFile("outlines.zip", packed.getvalue(), "application/zip")

    return make


@pytest.fixture
def launch(researcher: User, site_a: Site) -> Callable[..., Any]:
    """``launch(archive=…)``: a queued training of the smallest size."""
    from webapp.segmentation import services

    def make(**given: Any) -> Segmenter:
        options = SegmenterSpec(epochs=1, examples=8)
        return services.train(name="First", sites=[site_a], options=options, actor=researcher, **given)

    return make
