"""A run's road from launch to a registered model, with a real training in a real child process."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ml.models import load_model
from ml.spec import TrainSpec
from webapp.accounts.models import User
from webapp.audit.models import Entry
from webapp.datasets.errors import DatasetNotFrozen
from webapp.datasets.models import DatasetState, DatasetVersion
from webapp.jobs import execution
from webapp.jobs.models import Job, JobEvent, JobState
from webapp.training import running, services
from webapp.training.models import ModelVersion, Run
from webapp.training.registry import store_model

RunJob = Callable[[Any], Job]
LONG = {"epochs": 500, "patience": 500}


@contextmanager
def meanwhile(act: Callable[[Run], None], run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Call ``act`` once, as soon as an epoch of the run has been recorded that was not known before."""
    record = running._record
    done = threading.Event()

    def recording(job: Any, run: Run, event: Any, heard: set[Any]) -> None:
        known = len(heard)
        record(job, run, event, heard)
        if event.kind == "epoch-finished" and len(heard) > known and not done.is_set():
            done.set()
            act(run)

    with monkeypatch.context() as patch:
        patch.setattr(running, "_record", recording)
        yield
    assert done.is_set(), "no epoch finished"


def losing_the_lease_of(run: Run) -> Callable[[Any], Any]:
    """The registry, entered at the very moment at which another worker takes over."""

    def store(folder: Any) -> Any:
        Job.objects.filter(pk=run.job_id).update(state=JobState.QUEUED, lease_expires_at=None)
        return store_model(folder)

    return store


def child_pid(run: Run) -> int:
    return int(json.loads((run.folder / "lock").read_text())["pid"])


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_run_trains_reports_and_registers_its_model_once(
    frozen: DatasetVersion,
    quick: TrainSpec,
    researcher: User,
    run_job: RunJob,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = services.launch_run(dataset=frozen, spec=quick, actor=researcher, preset="hf")
    assert (run.state, run.name) == ("queued", "HF alone, seed 0")
    with monkeypatch.context() as patch:
        patch.setattr(running, "store_model", losing_the_lease_of(run))
        execution.execute(run.job_id, worker="slow")
    assert not ModelVersion.objects.exists(), "an attempt that lost its lease registered a model"

    job = run_job(run.job)  # the next attempt finds the training done
    assert job.state == JobState.SUCCEEDED, job.failure
    run = Run.objects.get(pk=run.pk)
    assert (run.state, job.progress) == ("succeeded", 1.0)
    assert set(run.metrics["accuracy"]) == {"value", "low", "high"}
    assert run.image_metrics["auc_macro"]["value"] is not None
    assert run.figures == ["confusion", "learning_curve", "roc"]
    assert run.record["dataset_hash"] == frozen.hash
    kinds = list(JobEvent.objects.filter(job=job).values_list("kind", flat=True))
    assert kinds.count("epoch-finished") == 2
    assert {"started", "checkpoint-saved", "evaluated", "finished"} <= set(kinds)

    model = run.model
    loaded = load_model(model.folder)
    assert (loaded.info.sha256, loaded.info.dataset_hash) == (model.sha256, frozen.hash)
    assert (model.simulated, model.protocol, model.architecture) == (True, "strict", "hf")
    assert model.card.startswith("#")
    assert model.metrics == run.metrics
    assert Entry.objects.filter(action="model.registered", object_id=str(model.pk)).count() == 1


def test_an_epoch_that_was_not_heard_of_before_the_cancelling_is_told_on_resuming(
    frozen: DatasetVersion,
    quick: TrainSpec,
    researcher: User,
    run_job: RunJob,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The training ends its epoch and saves it while the attempt no longer listens."""
    spec = quick.model_copy(update={"epochs": 3, "patience": 3})
    run = services.launch_run(dataset=frozen, spec=spec, actor=researcher)
    record = running._record

    def deaf(job: Any, run: Run, event: Any, heard: set[Any]) -> None:
        if event.kind != "epoch-finished":
            return record(job, run, event, heard)
        if event.epoch == 2:  # its checkpoint is on the disk
            services.cancel_run(run=run, actor=researcher)
        return None

    with monkeypatch.context() as patch:
        patch.setattr(running, "_record", deaf)
        assert run_job(run.job).state == JobState.CANCELLED
    assert _epochs(run) == []
    run = services.resume_run(run=Run.objects.get(pk=run.pk), actor=researcher)
    assert run_job(run.job).state == JobState.SUCCEEDED
    rows = JobEvent.objects.filter(job=run.job_id, kind="epoch-finished").order_by("seq")
    assert [row.data["epoch"] for row in rows] == [1, 2, 3]


@pytest.mark.timeout(900)  # three processes that load torch, one after the other
def test_cancelled_resumed_and_killed_in_mid_training_it_finishes_once(
    frozen: DatasetVersion,
    quick: TrainSpec,
    researcher: User,
    run_job: RunJob,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = services.launch_run(dataset=frozen, spec=quick.model_copy(update=LONG), actor=researcher)
    with meanwhile(lambda run: services.cancel_run(run=run, actor=researcher), run, monkeypatch):
        job = run_job(run.job)
    assert job.state == JobState.CANCELLED
    assert not is_alive(child_pid(run))
    trained = _epochs(run)

    run = services.resume_run(run=Run.objects.get(pk=run.pk), actor=researcher)
    with meanwhile(lambda run: os.kill(child_pid(run), signal.SIGKILL), run, monkeypatch):
        job = run_job(run.job)
    assert (job.state, job.attempts_counted) == (JobState.QUEUED, 1)
    assert not ModelVersion.objects.exists()
    again = _epochs(run)[len(trained) :]
    assert again[0] >= trained[-1], "the resumed attempt began from scratch"

    _shorten(run, again[-1] + 1)
    assert run_job(job).state == JobState.SUCCEEDED
    assert ModelVersion.objects.filter(run=run).count() == 1
    started = JobEvent.objects.filter(job=run.job, kind="started").order_by("seq")
    assert [row.data["resumed"] for row in started] == [False, True, True]


def test_an_attempt_after_the_registration_changes_nothing(
    finished: Callable[..., Run], run_job: RunJob
) -> None:
    run = finished("Done")
    Job.objects.filter(pk=run.job_id).update(state=JobState.QUEUED)
    assert run_job(run.job_id).state == JobState.SUCCEEDED
    assert ModelVersion.objects.count() == 1


def test_only_a_frozen_dataset_is_trained_on(
    frozen: DatasetVersion, quick: TrainSpec, researcher: User
) -> None:
    open_version = DatasetVersion.objects.create(name="Open", version=1, state=DatasetState.BUILDING)
    with pytest.raises(DatasetNotFrozen):
        services.launch_run(dataset=open_version, spec=quick, actor=researcher)
    assert not Run.objects.exists()


def _epochs(run: Run) -> list[int]:
    rows = JobEvent.objects.filter(job=run.job_id, kind="epoch-finished").order_by("seq")
    return [row.data["epoch"] for row in rows]


def _shorten(run: Run, epochs: int) -> None:
    """Let the rest of a long run be short, in all the places that remember its specification."""
    spec = {**run.spec, "epochs": epochs}
    Run.objects.filter(pk=run.pk).update(spec=spec)
    record = run.workdir / "run.json"
    content = json.loads(record.read_text())
    content["spec"] = spec
    record.write_text(json.dumps(content))
