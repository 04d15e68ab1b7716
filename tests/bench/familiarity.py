"""Unfamiliar pictures found, and familiar ones called so: ``python -m tests.bench familiarity``.

Fitted on the training and validation patients of a cohort, judged on its test patients (false alarms by
patient) and on pictures that are not of it, one picture at a time: photographs, noise, the other band, and
test pictures changed as another machine or another setting would. ``--cohort`` is a prepared cohort; else
60 simulated patients are made.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from ml.cohort import Cohort, load_cache
from ml.models import fit_familiarity, patient_p_value
from ml.spec import Band, Split
from ml.spec.referral import LEVEL

Pictures = NDArray[np.uint8]


def main(argv: list[str]) -> int:
    options = argparse.ArgumentParser(prog="python -m tests.bench familiarity")
    options.add_argument("--cohort", type=Path, help="a prepared cohort")
    chosen = options.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        cohort = load_cache(chosen.cohort) if chosen.cohort else simulated(Path(folder))
        for band in Band:
            print(json.dumps(measure(cohort, band), ensure_ascii=False), flush=True)
    return 0


def simulated(folder: Path) -> Cohort:
    """Sixty patients through the same door as any others."""
    from ml.cohort.prepare import prepare
    from ml.simulation import simulate

    for _ in simulate(folder / "cohort", patients=60, normals=0):
        pass
    for _ in prepare(folder / "cohort/export", stages=folder / "cohort/stages.csv", out=folder / "cache"):
        pass
    return load_cache(folder / "cache")


def measure(cohort: Cohort, band: Band) -> dict[str, object]:
    """One line: rate of false alarms, rate of detection of each kind, milliseconds a picture."""
    rows = cohort.rows(None, band)
    images, whose = np.asarray(cohort.images[rows]), cohort.index["patient"].to_numpy()[rows]
    tested = np.array([cohort.split[patient] is Split.TEST for patient in whose])
    fitted = fit_familiarity(images[~tested], whose[~tested].tolist())
    if fitted is None:
        raise SystemExit("too few pictures")
    began = time.process_time()
    p = fitted.p_values(images[tested])
    spent = (time.process_time() - began) / tested.sum()
    of_patient = [patient_p_value(p[whose[tested] == name]) for name in np.unique(whose[tested])]
    other = np.asarray(cohort.images[cohort.rows(Split.TEST, Band.LF if band is Band.HF else Band.HF)])
    return {
        "band": str(band),
        "fitted_on": int((~tested).sum()),
        "false_alarms_of_test_patients": [int(np.sum(np.array(of_patient) <= LEVEL)), len(of_patient)],
        "found": {
            name: round(float((fitted.p_values(made) <= LEVEL).mean()), 3)
            for name, made in foreign(images[tested], other).items()
        },
        "milliseconds_a_picture": round(1000 * spent, 2),
    }


def foreign(own: Pictures, other: Pictures) -> dict[str, Pictures]:
    """Pictures that the model was not trained on, of the size of its input."""
    size = own.shape[1]
    rng = np.random.default_rng(0)
    photographs = [data.camera(), data.coins(), data.brick(), data.grass(), data.gravel()]
    photographs += [cv2.cvtColor(colour(), cv2.COLOR_RGB2GRAY) for colour in COLOURED]

    def each(change: Callable[[Pictures], Pictures]) -> Pictures:
        return np.stack([np.clip(change(picture), 0, 255).astype(np.uint8) for picture in own])

    return {
        "photographs": np.stack([cv2.resize(photograph, (size, size)) for photograph in photographs]),
        "noise": rng.integers(0, 256, (20, size, size), dtype=np.uint8),
        "the other band": other,
        "inverted": each(lambda picture: 255 - picture),
        "60 grey levels brighter": each(lambda picture: picture.astype(float) + 60),
        "half as bright": each(lambda picture: picture * 0.5),
        "twice the contrast": each(lambda picture: (picture.astype(float) - 80) * 2 + 80),
        "blurred by 3 pixels": each(lambda picture: cv2.GaussianBlur(picture, (0, 0), 3)),
        "noise of 15 grey levels": each(lambda picture: picture + rng.normal(0, 15, picture.shape)),
        "twice as close": each(
            lambda picture: cv2.resize(picture[size // 4 : -size // 4, size // 4 : -size // 4], (size, size))
        ),
        "turned by 90°": each(np.rot90),
        "upside down": each(np.flipud),
    }


COLOURED = (data.astronaut, data.coffee, data.chelsea)
