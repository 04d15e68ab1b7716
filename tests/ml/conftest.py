"""A cohort small enough to train on in a second: the texture of a picture grows coarser with the stage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest

from ml.cohort import Cohort, CohortImage, write_cache
from ml.spec import Band, Split, Stage, TrainSpec, TransferSpec

SIZE = 48
PATIENTS_PER_STAGE = 5  # three train, one validates, one tests


def texture(stage: int, band: Band, rng: np.random.Generator, size: int = SIZE) -> np.ndarray:
    """A grey square whose grain says the stage; LF pictures are padded like a wide image."""
    grain = cv2.GaussianBlur(rng.random((size, size)), (0, 0), 0.5 + 0.7 * stage)
    grey = (grain - grain.min()) / (grain.max() - grain.min())
    picture = np.rint(20 + 200 * grey).astype(np.uint8)
    if band is Band.LF:
        picture[: size // 8] = 0
        picture[-size // 8 :] = 0
    return picture


def make_cohort(path: Path, *, images: dict[Band, int] | None = None, size: int = SIZE) -> Cohort:
    """25 patients, five of each stage, with ``images`` pictures of each band."""
    images = images or {Band.HF: 2, Band.LF: 1}
    rng = np.random.default_rng(7)
    rows, pictures, split = [], [], {}
    for stage in Stage:
        for number in range(PATIENTS_PER_STAGE):
            patient = f"{stage.label}-{number}"
            split[patient] = (Split.TRAIN, Split.TRAIN, Split.TRAIN, Split.VALIDATION, Split.TEST)[number]
            for band, count in images.items():
                for image in range(count):
                    pictures.append(texture(int(stage), band, rng, size))
                    rows.append(
                        {
                            "row": len(rows),
                            "image": f"{patient}-{band}-{image}",
                            "patient": patient,
                            "exam": f"exam-{patient}",
                            "site": "TEST",
                            "band": str(band),
                            "stage": int(stage),
                            "frame": 0,
                            "source_sha256": f"{len(rows):064x}",
                        }
                    )
    return Cohort(
        path=path,
        images=np.stack(pictures),
        index=pd.DataFrame(rows),
        split=split,
        dataset_hash="0" * 64,
        simulated=True,
        meta={"size": size},
    )


@pytest.fixture(scope="session")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    """HF twice and LF once a patient, at 48 pixels."""
    return make_cohort(tmp_path_factory.mktemp("cohort"))


@pytest.fixture
def quick() -> TrainSpec:
    """Two epochs in fp32, no first transfer: the smallest honest run."""
    return TrainSpec(
        epochs=2,
        batch_size=8,
        learning_rate=1e-3,
        precision="fp32",
        transfer=TransferSpec(first=False, second=True, epochs=1),
    )


@pytest.fixture
def cohort_of(tmp_path: Path) -> Callable[[dict[Band, int]], Cohort]:
    """A cohort with the given number of pictures of each band."""
    return lambda images: make_cohort(tmp_path, images=images)


@pytest.fixture(scope="session")
def tiny_source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Ten classes of two pictures each: the first transfer in a blink."""
    root = tmp_path_factory.mktemp("source")
    rng = np.random.default_rng(0)
    for part in ("train", "val"):
        for label in range(10):
            (root / part / str(label)).mkdir(parents=True)
            for number in range(2):
                grey = rng.integers(0, 25 * (label + 1), (128, 128), dtype=np.uint8)
                cv2.imwrite(str(root / part / str(label) / f"{number}.png"), grey)
    return str(root)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same patients at full size as a cache on disk, for the command line."""
    out = tmp_path_factory.mktemp("caches") / "cache"
    made = make_cohort(out, images={Band.HF: 1, Band.LF: 1}, size=256)
    items = (
        (CohortImage(**{**row, "band": Band(row["band"]), "stage": Stage(row["stage"])}), made.images[number])
        for number, row in enumerate(made.index.drop(columns="row").to_dict("records"))
    )
    write_cache(out, items, simulated=True, split=made.split)
    return out
