"""predictions.csv keeps every digit and refuses what cannot be right."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ml.evaluation import COLUMNS, PredictionsRefused, pool_patients, read_predictions, write_predictions
from ml.evaluation.predictions import select_level, validate_predictions


def test_file_gives_back_every_digit(predictions, tmp_path) -> None:
    frame = pd.concat([predictions(12, images=3), predictions(12)])
    path = write_predictions(tmp_path / "predictions.csv", frame)
    pd.testing.assert_frame_equal(read_predictions(path), validate_predictions(frame))
    assert path.read_text().splitlines()[0] == ",".join(COLUMNS)
    assert [p.name for p in tmp_path.iterdir()] == ["predictions.csv"]


def test_patients_called_na_or_007_stay_what_they_are(predictions, tmp_path) -> None:
    frame = predictions(2).assign(patient=["NA", "007"])
    back = read_predictions(write_predictions(tmp_path / "p.csv", frame))
    assert back.patient.tolist() == ["NA", "007"]
    assert back.image.tolist() == ["", ""]


@pytest.mark.parametrize("spelling", [[0, 3], ["S0", "S3"], ["F0", "f3"], [0.0, 3.0], ["0", "3"]])
def test_truth_is_read_in_every_usual_spelling(predictions, spelling: list) -> None:
    assert validate_predictions(predictions(2).assign(truth=spelling)).truth.tolist() == [0, 3]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"S0": 0.5}, "sum to"),
        ({"S0": np.nan}, "not finite"),
        ({"S0": "x"}, "not a number"),
        ({"S0": -0.5, "S1": 1.5, "S2": 0.0, "S3": 0.0, "S4": 0.0}, "outside"),
        ({"truth": "S7"}, "not a fibrosis stage"),
        ({"truth": None}, "not a fibrosis stage"),
        ({"patient": ""}, "no patient"),
        ({"patient": "P000"}, "twice"),
        ({"fold": "x"}, "not a number"),
    ],
)
def test_impossible_rows_are_refused(predictions, change: dict, words: str) -> None:
    with pytest.raises(PredictionsRefused, match=words):
        validate_predictions(predictions(4).assign(**change))


def test_missing_columns_rows_and_levels_are_named(predictions, tmp_path) -> None:
    with pytest.raises(PredictionsRefused, match="S3"):
        validate_predictions(predictions(4).drop(columns="S3"))
    with pytest.raises(PredictionsRefused, match="no rows"):
        validate_predictions(predictions(4).iloc[:0])
    with pytest.raises(PredictionsRefused, match="no image rows"):
        select_level(predictions(4), "image")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(PredictionsRefused, match="not a table"):
        read_predictions(tmp_path / "empty.csv")


def test_a_patients_result_is_the_mean_over_its_images(predictions) -> None:
    images = predictions(3, images=4)
    pooled = pool_patients(images)
    assert (pooled.image == "").all()
    for name, rows in images.groupby("patient"):
        mean = rows[["S0", "S1", "S2", "S3", "S4"]].mean().to_numpy()
        assert pooled.loc[pooled.patient == name, ["S0", "S1", "S2", "S3", "S4"]].to_numpy()[
            0
        ] == pytest.approx(mean)


def test_images_of_one_patient_with_two_stages_are_refused(predictions) -> None:
    images = predictions(3, images=2)
    images.loc[0, "truth"] = 4
    with pytest.raises(PredictionsRefused, match="different stages"):
        pool_patients(images)
