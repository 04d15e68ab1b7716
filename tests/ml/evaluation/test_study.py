"""Several models over folds and repeats: thresholds by fold, tests over shared patients, serum, optimism."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from ml.evaluation import (
    Contender,
    PredictionsRefused,
    apply_operating_point,
    assess,
    choose_operating_point,
    evaluate_predictions,
    operate_over_folds,
    optimism,
    serum_areas,
    serum_risks,
    serum_scores,
)
from ml.evaluation.figures import optimism_figure, study_figures
from ml.evaluation.sheets import operating_sheet, paired_sheet, stage_sheet
from ml.evaluation.table import tex


def table(
    seed: int, *, patients: int = 40, repeats: int = 1, folds: int = 4, skill: float = 2.0, images: int = 0
) -> pd.DataFrame:
    """Patients 0 … n−1, stage n mod 5, tested in fold n mod ``folds`` of every repeat."""
    rng = np.random.default_rng(seed)
    rows = []
    for repeat in range(repeats):
        for number in range(patients):
            for image in ["", *(f"i{k}" for k in range(images))]:
                weights = rng.random(5)
                weights[number % 5] += skill * rng.random()
                values = weights / weights.sum()
                rows.append(
                    {
                        "model": "",
                        "repeat": repeat,
                        "fold": number % folds,
                        "patient": f"P{number:03d}",
                        "image": image,
                        "truth": number % 5,
                        **{f"S{k}": values[k] for k in range(5)},
                    }
                )
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def study():
    contenders = [
        Contender(
            name, title, table(seed, skill=skill, repeats=2, images=1), table(seed + 50, repeats=2), 12.0
        )
        for name, title, seed, skill in (("hf", "HF & more", 1, 1.0), ("fusion", "Fusion", 2, 4.0))
    ]
    serum = {stage: {"APRI": {f"P{n:03d}": (n % 5 + 1) / 6 for n in range(30)}} for stage in (2, 3, 4)}
    return assess(contenders, serum=serum, resamples=200)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([2, 3, 4]), st.sampled_from(["youden", "sensitivity_90"]))
def test_one_fold_is_choosing_once_and_applying_once(seed: int, stage: int, rule: str) -> None:
    validation, test = table(seed, folds=1), table(seed + 1, folds=1)
    pooled = operate_over_folds(validation, test, stage=stage, rule=rule)
    once = apply_operating_point(choose_operating_point(validation, stage=stage, rule=rule), test)
    assert pooled.thresholds == [once.point.threshold]
    for name in (
        "sensitivity",
        "specificity",
        "positive_predictive_value",
        "negative_predictive_value",
        "accuracy",
    ):
        assert getattr(pooled, name) == getattr(once, name)


def test_each_fold_uses_the_threshold_of_its_own_validation_part() -> None:
    validation, test = table(3), table(4)
    pooled = operate_over_folds(validation, test, stage=2, rule="youden")
    hits = ill = 0
    for fold in range(4):
        point = choose_operating_point(validation[validation["fold"] == fold], stage=2, rule="youden")
        part = test[(test["fold"] == fold) & (test["truth"] >= 2)]
        hits += int((part[["S2", "S3", "S4"]].sum(axis=1).round(12) >= point.threshold).sum())
        ill += len(part)
    assert pooled.sensitivity.value == pytest.approx(hits / ill)
    wilson = binomtest(hits, ill).proportion_ci(method="wilson")
    assert (pooled.sensitivity.low, pooled.sensitivity.high) == pytest.approx((wilson.low, wilson.high))


def test_test_patients_do_not_move_the_threshold() -> None:
    validation = table(5)
    one, other = (operate_over_folds(validation, table(seed), stage=3, rule="youden") for seed in (6, 7))
    assert one.thresholds == other.thresholds


def test_training_more_often_does_not_narrow_an_interval() -> None:
    once = operate_over_folds(table(8), table(9), stage=2, rule="youden")
    same = pd.concat([table(9).assign(repeat=repeat) for repeat in range(6)])
    often = operate_over_folds(
        pd.concat([table(8).assign(repeat=repeat) for repeat in range(6)]), same, stage=2, rule="youden"
    )
    assert often.sensitivity.value == pytest.approx(once.sensitivity.value)
    width = [point.sensitivity.high - point.sensitivity.low for point in (once, often)]
    assert width[1] > 0.7 * width[0]
    single, many = (evaluate_predictions(frame)["accuracy"] for frame in (table(9), same))
    assert (many.value, many.low, many.high) == pytest.approx((single.value, single.low, single.high))


def test_a_fold_with_one_sided_validation_is_left_out_and_counted() -> None:
    validation = table(10)
    validation = validation[(validation["fold"] != 2) | (validation["truth"] < 2)]
    pooled = operate_over_folds(validation, table(11), stage=2, rule="youden")
    assert pooled.folds_left_out == 1
    assert len(pooled.thresholds) == 3
    assert pooled.patients == 30
    with pytest.raises(PredictionsRefused, match="one side"):
        operate_over_folds(validation[validation["truth"] < 2], table(11), stage=2, rule="youden")


def test_paired_tests_are_over_the_patients_whom_all_predict() -> None:
    short = table(2)
    study = assess(
        [Contender("a", "A", table(1)), Contender("b", "B", short[short["patient"] < "P030"])], resamples=50
    )
    assert study.paired_patients == 30
    assert {test.patients for test in study.tests} == {30}
    assert any("30 patients" in note for note in study.notes)
    assert any("no operating points" in note for note in study.notes)
    assert [model.patients for model in study.models] == [40, 30]


def test_a_study_counts_patients_and_holds_serum_on_the_same_patients(study) -> None:
    assert all(sum(model.stage_patients.values()) == 40 for model in study.models)
    models, references = ["HF & more", "Fusion"], ["treat all", "treat none"]
    assert [curve.name for curve in study.decision[2]] == [*models, *references]
    assert [curve.name for curve in study.decision_serum[2]["APRI"]] == [*models, "APRI", *references]
    assert {curve.patients for curve in study.decision[2]} == {40}, "nobody is left out for want of APRI"
    assert {curve.patients for curve in study.decision_serum[2]["APRI"]} == {30}
    assert (
        "APRI: decision curves of their own for ≥S2, ≥S3, S4, over 30 of 40 tested patients." in study.notes
    )
    told = study.models[0].as_json()
    assert told["stages"]["S0"]["n"] == 8
    assert {point["rule"] for point in told["operating_points"]} == {"youden", "sensitivity_90"}
    names = study_figures(study)
    assert {
        "roc",
        "roc-ge-s2",
        "confusion",
        "reliability-hf",
        "decision-ge-s4",
        "decision-ge-s4-apri",
        "significance-accuracy",
    } <= set(names)
    assert names["decision-ge-s4"].layout.title.text == "Decision curve, S4, 40 patients"
    assert names["decision-ge-s2-apri"].layout.title.text == "Decision curve, ≥S2, 30 patients with APRI"


def test_sheets_hold_every_number_and_escape_titles(study) -> None:
    rows = list(csv.DictReader(io.StringIO(stage_sheet(study).as_csv())))
    assert len(rows) == 10
    value = study.models[1].stages["S3"]["auc"]
    row = next(row for row in rows if (row["Model"], row["Stage"]) == ("Fusion", "S3"))
    assert float(row["AUC"]) == pytest.approx(value.value, abs=1e-6)
    assert float(row["AUC low"]) == pytest.approx(value.low, abs=1e-6)
    assert r"HF \& more" in stage_sheet(study).as_tex()
    assert "HF &amp; more" in paired_sheet(study).as_html()
    assert len(operating_sheet(study).rows) == 12
    assert tex("a_b{50%} ≥ ~\\") == r"a\_b\{50\%\} $\geq$ \textasciitilde{}\textbackslash{}"


def test_serum_scores_leave_out_what_cannot_be() -> None:
    clinical = pd.DataFrame(
        {"age": [50, 50, 50], "ast": [60, np.nan, 60], "alt": [49, 49, 49], "platelets": [150, 150, 150_000]},
        index=["a", "b", "c"],
    )
    scores = serum_scores(clinical)
    assert scores.loc["a", "FIB-4"] == pytest.approx(2.857, abs=1e-3)  # Sterling 2006's formula by hand
    assert scores.loc["a", "APRI"] == pytest.approx(1.0)  # 60 / 40 / 150 × 100
    assert scores.loc[["b", "c"]].isna().all(axis=None)


def test_serum_probabilities_are_fitted_on_others_only() -> None:
    rng = np.random.default_rng(0)
    names = [f"P{n}" for n in range(60)]
    stages = {name: n % 5 for n, name in enumerate(names)}
    scores = pd.DataFrame({"APRI": [np.exp(stages[n] / 2 + rng.normal()) for n in names]}, index=names)
    halves = [(names[:30], names[30:]), (names[30:], names[:30])]
    risks = serum_risks(scores, stages, halves, stage=2)["APRI"]
    assert set(risks) == set(names)
    changed = dict(stages) | {"P59": 0 if stages["P59"] >= 2 else 4}
    again = serum_risks(scores, changed, halves, stage=2)["APRI"]
    assert again["P59"] == risks["P59"], "a tested patient's own stage does not enter its probability"
    assert again["P0"] != risks["P0"]
    areas = serum_areas(scores, stages, names)
    assert areas["APRI"]["auc_ge_s2"].value > 0.6
    assert serum_risks(scores.iloc[:5], stages, halves, stage=2) == {}


def test_a_fold_without_serum_values_takes_nothing_from_the_others() -> None:
    names = [f"P{n:03d}" for n in range(60)]
    stages = {name: n % 5 for n, name in enumerate(names)}
    halves = [(names[:30], names[30:]), (names[30:], names[:30])]
    first = pd.DataFrame({"APRI": [1.0 + stages[name] for name in names[:30]]}, index=names[:30])
    notes: list[str] = []
    risks = serum_risks(first, stages, halves, stage=2, notes=notes)
    assert risks == {"APRI": {}}, "30 have it, but of those who are tested in the first half nobody has"
    both = pd.concat([first, pd.DataFrame({"APRI": [2.0] * 4}, index=names[30:34])])
    risks = serum_risks(both, stages, halves, stage=2, notes=notes)
    assert set(risks["APRI"]) == set(names[30:34])
    assert [note.split(" Of ")[0] for note in notes] == [
        "APRI: no probability of ≥S2 in division 2 of 2."
    ] * 2
    contenders = [Contender("a", "A", table(1, patients=60))]
    study = assess(contenders, serum=dict.fromkeys((2, 3, 4), risks), resamples=20)
    assert not any("no serum values" in note for note in study.notes)
    assert study.decision_serum[2]["APRI"][0].patients == 4


def test_optimism_is_paper_minus_strict() -> None:
    strict, paper = table(20, skill=1.0, images=1), table(21, skill=8.0, images=1)
    rows = optimism({"HF": strict}, {"HF": paper, "LF": paper}, resamples=200)
    assert {row.model for row in rows} == {"HF"}
    accuracy = next(row for row in rows if row.metric == "accuracy")
    assert accuracy.difference.value == pytest.approx(accuracy.paper.value - accuracy.strict.value)
    assert accuracy.difference.low > 0
    assert "paper protocol" in optimism_figure(rows).to_json()
    with pytest.raises(PredictionsRefused, match="no model in common"):
        optimism({"HF": strict}, {"LF": paper})


def test_a_patient_of_both_test_parts_is_drawn_in_both() -> None:
    """The same predictions on both sides: there is no difference in any draw, so no interval around it."""
    same = table(30, skill=1.0, images=2)
    for row in optimism({"HF": same}, {"HF": same}, resamples=100):
        assert (row.difference.value, row.difference.low, row.difference.high) == (0, 0, 0)
        assert row.strict == row.paper, row.metric
    others = same.assign(patient="Q" + same["patient"])
    accuracy = optimism({"HF": same}, {"HF": others}, resamples=400)[0]
    spread = [accuracy.strict.high - accuracy.strict.low, accuracy.difference.high - accuracy.difference.low]
    assert spread[1] == pytest.approx(np.sqrt(2) * spread[0], rel=0.25), "different patients: independent"


def test_the_table_of_operating_points_holds_every_threshold_and_the_folds_left_out(study) -> None:
    (point, *_) = study.models[0].operating
    sheet = operating_sheet(study)
    row = next(csv.DictReader(io.StringIO(sheet.as_csv())))
    assert [float(part) for part in row["Threshold"].split("; ")] == pytest.approx(point.thresholds, rel=1e-5)
    assert len(point.thresholds) == 8, "four folds, twice"
    assert row["Folds left out"] == "0"
    assert row["Patients"] == "40"
    assert "…</td><td>0</td><td>40</td>" in sheet.as_html()
