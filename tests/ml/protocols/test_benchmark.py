"""The comparison of all rows: on one split, over folds, stopped, killed and gone on."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from pydantic import ValidationError

from ml.cohort import Cohort, CohortError, load_cache
from ml.cohort.design import Design, DesignRefused
from ml.evaluation import METRIC_NAMES, evaluate_predictions, read_predictions
from ml.evaluation.table import REPORTED
from ml.protocols import benchmark
from ml.protocols.benchmark import BenchmarkRefused, chosen_rows
from ml.protocols.benchmark_results import OtherBenchmarkRefused
from ml.protocols.record import WorkdirTaken
from ml.protocols.rows import ROWS, TABLE_1, row_of
from ml.spec import Head, Pooling, Protocol, Split, TrainSpec
from ml.spec.presets import PRESETS

TWO = ["hf", "fusion_no_transfer"]


def of(events: list, kind: str) -> list:
    return [event for event in events if event.kind == kind]


@pytest.fixture(scope="module")
def compared(cohort: Cohort, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list]:
    """Two rows of the benchmark, stopped once in the middle of the second."""
    workdir = tmp_path_factory.mktemp("benchmark")
    options = {"workdir": workdir, "rows": TWO, "quick": True, "device": "cpu"}
    events = benchmark(cohort, **options)
    for event in events:
        if event.kind == "epoch-finished" and event.phase == "fusion_no_transfer/fusion":
            events.close()
    return workdir, list(benchmark(cohort, **options))


@pytest.fixture(scope="module")
def crossed(cohort: Cohort, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list]:
    """One row under two repeats of two folds."""
    workdir = tmp_path_factory.mktemp("crossed")
    options = {"rows": ["hf"], "folds": 2, "repeats": 2, "quick": True, "device": "cpu"}
    return workdir, list(benchmark(cohort, workdir=workdir, **options))


def test_rows_are_the_presets_of_table_1_in_its_order() -> None:
    assert list(ROWS) == [key for key in TABLE_1 if key in PRESETS]
    assert set(ROWS) <= set(REPORTED)


def test_a_variant_differs_from_its_row_in_one_setting() -> None:
    chosen = chosen_rows(["hf+ordinal", "fusion_no_transfer", "hf", "hf+attention"])
    assert [row.key for row in chosen] == ["hf", "hf+attention", "hf+ordinal", "fusion_no_transfer"]
    plain, attention, ordinal, _ = chosen
    assert ordinal.spec == plain.spec.model_copy(update={"head": Head.ORDINAL})
    assert attention.spec == plain.spec.model_copy(update={"pooling": Pooling.ATTENTION})
    assert (ordinal.title, attention.title) == ("HF alone, ordinal head", "HF alone, attention pooling")
    both = row_of("dual_transfer+ordinal+attention")
    assert (both.spec.head, both.spec.pooling) == (Head.ORDINAL, Pooling.ATTENTION)
    assert [row.key for row in chosen_rows(None)] == list(ROWS), "variants are only trained where asked for"


@pytest.mark.parametrize(
    ("key", "protocol", "code"),
    [
        ("hf+nothing", Protocol.STRICT, "row-unknown"),
        ("+ordinal", Protocol.STRICT, "row-unknown"),
        ("vgg+ordinal", Protocol.STRICT, "row-impossible"),
        ("svm+attention", Protocol.STRICT, "row-impossible"),
        ("hf+attention", Protocol.PAPER, "row-impossible"),
    ],
)
def test_a_variant_that_cannot_be_is_refused(key: str, protocol: Protocol, code: str) -> None:
    with pytest.raises(BenchmarkRefused) as refused:
        chosen_rows([key], protocol)
    assert refused.value.code == code
    assert refused.value.remedy


def test_done_row_is_not_trained_again_and_stopped_row_goes_on(compared: tuple[Path, list]) -> None:
    trained = [event.phase for event in of(compared[1], "epoch-finished")]
    assert 2 <= trained.count("fusion_no_transfer/fusion") <= 3, "its first epoch was done before"
    assert trained.count("hf/hf") == 0


def test_benchmark_writes_metrics_predictions_tables_figures_and_a_report(
    compared: tuple[Path, list],
) -> None:
    workdir, events = compared
    metrics = json.loads((workdir / "metrics.json").read_text("utf-8"))
    assert list(metrics["rows"]) == TWO
    assert set(metrics["rows"]["hf"]["patient"]) == set(METRIC_NAMES)
    assert metrics["quick"] is True
    assert {test["metric"] for test in metrics["tests"]} >= {"accuracy", "auc_macro"}
    assert metrics["rows"]["hf"]["stages"]["S3"]["n"] == 1
    assert [point["stage"] for point in metrics["rows"]["hf"]["operating_points"]] == [2, 2, 3, 3, 4, 4]
    frame = read_predictions(workdir / "predictions.csv")
    assert set(frame["model"]) == {"HF alone", "Fusion, no transfer"}
    result = events[-1].result
    for name in (*result["table"].values(), *result["stages"].values(), *result["figures"].values()):
        assert (workdir / name).stat().st_size > 100


def test_the_report_opens_without_a_network_and_says_what_it_is(compared: tuple[Path, list]) -> None:
    page = (compared[0] / "report.html").read_text("utf-8")
    own = page[: page.index("<script>")] + page[page.index("</script>") :]
    assert "Plotly" in page
    assert "src=" not in own
    assert "href=" not in own
    for words in (
        "SIMULATED DATA",
        "its numbers mean nothing",
        "reported in the paper",
        "Holm",
        "Dataset hash",
    ):
        assert words in own, words


def test_table_names_what_is_ours_and_what_was_reported(compared: tuple[Path, list]) -> None:
    with (compared[0] / "table1.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["source"] for row in rows] == ["this cohort"] * 2 + ["reported in the paper"] * 2
    assert float(rows[2]["accuracy"]) == 0.7910
    assert rows[2]["accuracy_low"] == ""
    page = (compared[0] / "table1.html").read_text("utf-8")
    assert "not clinical performance" in page
    assert "numbers mean nothing" in page
    assert r"\toprule" in (compared[0] / "table1.tex").read_text("utf-8")


def test_every_patient_is_tested_once_a_repeat(crossed: tuple[Path, list], cohort: Cohort) -> None:
    workdir, events = crossed
    frame = read_predictions(workdir / "predictions.csv")
    people = frame[frame["image"] == ""]
    assert Counter(zip(people["repeat"], people["patient"], strict=True)) == Counter(
        (repeat, patient) for repeat in (0, 1) for patient in cohort.patients()
    )
    assert set(zip(people["repeat"], people["fold"], strict=True)) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    phases = {event.phase for event in of(events, "epoch-finished")}
    assert "hf/repeat 2, fold 1/hf" in phases
    progress = [event.progress for event in events if hasattr(event, "progress")]
    assert progress == sorted(progress)


def test_metrics_over_repeats_follow_from_the_predictions(crossed: tuple[Path, list]) -> None:
    metrics = json.loads((crossed[0] / "metrics.json").read_text("utf-8"))
    frame = read_predictions(crossed[0] / "predictions.csv")
    told = metrics["rows"]["hf"]["patient"]
    for name, value in evaluate_predictions(frame).items():
        assert told[name]["value"] == pytest.approx(value.value, abs=1e-5), name
    people = frame[frame["image"] == ""]
    right = people[[f"S{k}" for k in range(5)]].to_numpy().argmax(axis=1) == people["truth"].to_numpy()
    assert told["accuracy"]["value"] == pytest.approx(right.mean())
    points = metrics["rows"]["hf"]["operating_points"]
    assert len(points[0]["thresholds"]) + points[0]["folds_left_out"] == 4
    assert metrics["design"]["folds"] == 2
    assert len({division["split_hash"] for division in metrics["divisions"]}) == 4


def test_rows_may_be_added_later_but_nothing_else_may_change(
    crossed: tuple[Path, list], cohort: Cohort
) -> None:
    options = {"workdir": crossed[0], "rows": ["hf"], "folds": 2, "repeats": 2, "device": "cpu"}
    for change in ({"seed": 1}, {"folds": 3}, {"quick": False}):
        with pytest.raises(WorkdirTaken, match=next(iter(change))):
            next(benchmark(cohort, **{"quick": True, **options, **change}))
    again = list(benchmark(cohort, quick=True, **options))
    assert not of(again, "epoch-finished")


def test_a_killed_benchmark_loses_an_epoch_at_most(cache: Path, tmp_path: Path) -> None:
    """Begun one after the other, gone on two at a time, it gives what an undisturbed one gives."""
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    command = [sys.executable, "-m", "ml", "benchmark", "--cohort", str(cache), "--rows", "lf,hf", "--quick"]
    command += ["--events", "jsonl", "--device", "cpu", "--workdir"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [*command, str(killed)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, env=environment, text=True
    )
    assert process.stdout is not None
    epochs = 0
    for line in process.stdout:
        epochs += json.loads(line)["kind"] == "epoch-finished"
        if epochs == 4:  # the first epoch of the second row
            process.send_signal(signal.SIGKILL)
            break
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    process.stdin.close()  # type: ignore[union-attr]
    cohort = load_cache(cache)
    options = {"rows": ["lf", "hf"], "quick": True, "device": "cpu"}
    after = list(benchmark(cohort, workdir=killed, jobs=2, **options))
    assert {event.phase for event in of(after, "checkpoint-saved")} <= {"hf/hf"}
    assert len(of(after, "checkpoint-saved")) <= 2, "of three epochs, one was done"
    assert after[-1].kind == "finished"
    list(benchmark(cohort, workdir=whole, **options))
    pd.testing.assert_frame_equal(
        read_predictions(killed / "predictions.csv"), read_predictions(whole / "predictions.csv"), atol=1e-5
    )


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"protocol": Protocol.PAPER, "folds": 5}, "benchmark-design-contradictory"),
        ({"folds": 5, "leave_one_site_out": True}, "benchmark-design-contradictory"),
        ({"leave_one_site_out": True, "external": True}, "benchmark-design-contradictory"),
        ({"repeats": 2, "external": True}, "benchmark-design-contradictory"),
    ],
)
def test_contradictory_designs_are_refused(asked: dict, code: str) -> None:
    with pytest.raises(DesignRefused) as refused:
        Design.choose(**asked)
    assert refused.value.code == code


def test_a_refused_design_leaves_the_directory_free(cohort: Cohort, tmp_path: Path) -> None:
    """It was taken before the folds were made, and then held "a benchmark with another folds"."""
    with pytest.raises(CohortError) as refused:
        next(benchmark(cohort, workdir=tmp_path, rows=["hf"], folds=100))
    assert refused.value.code == "folds-impossible"
    started = next(benchmark(cohort, workdir=tmp_path, rows=["hf"], folds=3))
    assert started.kind == "started"
    assert not started.resumed


def test_rows_that_nobody_could_be_tested_on_are_refused_before_the_first_is_trained(
    cohort: Cohort, tmp_path: Path
) -> None:
    """The test part has HF alone: the fusion was trained to its end before that was said."""
    tested = cohort.index["patient"].map(cohort.split) == Split.TEST
    keep = ~(tested & (cohort.index["band"] == "LF")).to_numpy()
    index = cohort.index[keep].reset_index(drop=True).assign(row=range(keep.sum()))
    lacking = replace(cohort, index=index, images=cohort.images[keep])
    with pytest.raises(BenchmarkRefused, match=r"lf, fusion_no_transfer\. The test part has no sample") as no:
        next(benchmark(lacking, workdir=tmp_path, rows=["lf", *TWO]))
    assert no.value.code == "too-few-test-samples"
    assert not any(tmp_path.iterdir())
    assert next(benchmark(lacking, workdir=tmp_path, rows=["hf"])).kind == "started"


@pytest.mark.parametrize("seed", [-1, 2**31 - 1, 2**33])
def test_a_seed_that_no_specification_takes_is_refused(cohort: Cohort, tmp_path: Path, seed: int) -> None:
    with pytest.raises(BenchmarkRefused) as refused:
        next(benchmark(cohort, workdir=tmp_path, rows=["hf"], folds=2, repeats=2, seed=seed))
    assert refused.value.code == "seed-out-of-range"
    assert next(benchmark(cohort, workdir=tmp_path, rows=["hf"], seed=2**31 - 1)).kind == "started"


def test_what_a_row_is_trained_with_is_what_its_record_gives_back() -> None:
    """Otherwise a work directory could not be resumed, nor its model be opened."""
    for row in [*ROWS.values(), row_of("hf+attention")]:
        for quick in (False, True):
            asked = row.spec_for(seed=2**31 - 1, quick=quick, protocol=Protocol.STRICT)
            assert TrainSpec.stored(asked.model_dump(mode="json")) == asked
            assert asked == row.spec_for(seed=0, quick=quick, protocol=Protocol.STRICT).model_copy(
                update={"seed": 2**31 - 1}
            )
    with pytest.raises(ValidationError):
        row_of("hf").spec_for(seed=2**31, quick=False, protocol=Protocol.STRICT)


def test_repeats_without_folds_are_repeated_cross_validation() -> None:
    assert (Design.choose(repeats=3).kind, Design.choose(repeats=3).folds) == ("folds", 5)
    assert Design.choose().kind == "split"
    assert Design.choose(protocol=Protocol.PAPER, repeats=3).kind == "split"


def test_what_cannot_be_done_is_refused_before_anything_is_trained(
    cohort: Cohort, compared: tuple[Path, list], tmp_path: Path
) -> None:
    with pytest.raises(BenchmarkRefused, match="vit"):
        next(benchmark(cohort, workdir=tmp_path, rows=["vit"]))
    with pytest.raises(CohortError, match="two sites"):
        next(benchmark(cohort, workdir=tmp_path / "sites", leave_one_site_out=True))
    with pytest.raises(OtherBenchmarkRefused, match="too"):
        next(benchmark(cohort, workdir=tmp_path / "beside", beside=compared[0]))
    assert not (tmp_path / "rows").exists()
