"""Milliseconds to stage one patient, model warm: ``python -m tests.bench stage``.

``pictures``: two 256×256 pictures to a result. ``files``: two DICOM files (600×800 JPEG) to a result, with
``over_bare`` the ratio to decoding the same files and a bare forward pass. Medians.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from pydicom.uid import JPEGBaseline8Bit

from ml.dicom import read_ultrasound
from ml.models import (
    BandClassifier,
    Calibration,
    FusionNetwork,
    Model,
    ModelInfo,
    as_input,
    load_model,
    save_model,
)
from ml.protocols import stage_files, stage_patient
from ml.spec import TrainSpec
from tests.ml.dicom import making


def main(argv: list[str]) -> int:
    options = argparse.ArgumentParser(prog="python -m tests.bench stage")
    options.add_argument("--times", type=int, default=30)
    times = options.parse_args(argv).times
    with tempfile.TemporaryDirectory() as folder:
        model = make_model(Path(folder) / "model")
        hf, lf = make_files(Path(folder))
        pictures = [making.speckle(256, 256, seed=seed) for seed in (1, 2)]
        in_memory = milliseconds(lambda: stage_patient(model, pictures[:1], pictures[1:]), times)
        from_files = milliseconds(lambda: stage_files(model, [hf, lf]), times)
        bare = milliseconds(lambda: decode_and_forward(model, [hf, lf]), times)
    threads = torch.get_num_threads()
    for what, value in (("pictures", in_memory), ("files", from_files)):
        line = {"bench": "stage", "what": what, "milliseconds": round(value, 2), "threads": threads}
        if what == "files":
            line["over_bare"] = round(value / bare, 3)
        print(json.dumps(line), flush=True)
    return 0


def make_model(folder: Path) -> Model:
    networks = {"fusion": FusionNetwork(), "hf": BandClassifier(), "lf": BandClassifier()}
    info = ModelInfo(
        name="Bench", spec=TrainSpec(), dataset_hash="0" * 64, simulated=True, precision="bf16",
        networks=list(networks), calibration={name: Calibration() for name in networks},
    )  # fmt: skip
    save_model(folder, networks, info)
    return load_model(folder, device="cpu")


def make_files(folder: Path) -> tuple[Path, Path]:
    """A linear-probe and a convex-probe still of one patient."""
    paths = []
    for name, probe, region_format, delta in (("hf", "L12-5", 1, 0.008), ("lf", "C5-1", 2, 0.03)):
        region = making.region(
            60, 40, 739, 579, RegionSpatialFormat=region_format, PhysicalDeltaX=delta, PhysicalDeltaY=delta
        )
        content = making.encapsulated(
            [making.speckle(600, 800, seed=region_format, colour=True)], JPEGBaseline8Bit, making.jpeg,
            PhotometricInterpretation="YBR_FULL_422", PatientID="P001", TransducerData=[probe],
            SequenceOfUltrasoundRegions=[region], SOPInstanceUID=f"1.2.3.{region_format}",
        )  # fmt: skip
        paths.append(folder / f"{name}.dcm")
        paths[-1].write_bytes(content)
    return paths[0], paths[1]


@torch.no_grad()
def decode_and_forward(model: Model, paths: list[Path]) -> None:
    for path in paths:
        read_ultrasound(path).frame(0)
    planes = torch.from_numpy(np.zeros((1, 2, 256, 256), np.uint8))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        model.networks["fusion"](as_input(planes, model.device))


def milliseconds(work: Callable[[], object], times: int) -> float:
    """Median over ``times`` calls after three that are not counted."""
    taken = []
    for attempt in range(times + 3):
        began = time.perf_counter()
        work()
        if attempt >= 3:
            taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)
