"""Runs, the model versions they produce, and the aliases that say which model does what.

A run has no state of its own: its job's state is the run's state, so the two cannot disagree.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from ml.spec import Architecture, Protocol
from webapp.bucket.kept import kept_folder
from webapp.datasets.models import DatasetVersion
from webapp.jobs.models import Job

if TYPE_CHECKING:
    from webapp.accounts.models import User

PROTOCOL_CHOICES = [(protocol.value, protocol.value) for protocol in Protocol]


def architecture_choices() -> list[tuple[str, str]]:
    """A function, so that a new architecture needs no migration."""
    return [(architecture.value, architecture.value) for architecture in Architecture]


class AliasName(models.TextChoices):
    """``champion`` stages patients; ``challenger`` waits for its comparison."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"


def _on_datasets_of(user: User) -> models.Q:
    """What was trained, and tested, on datasets that the user may see."""
    mine = DatasetVersion.objects.visible_to(user)
    return models.Q(dataset__in=mine) & (models.Q(external=None) | models.Q(external__in=mine))


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, user: User) -> RunQuerySet:
        """Runs on datasets that the user may see."""
        return self if user.is_administrator else self.filter(_on_datasets_of(user))

    def with_rows(self) -> RunQuerySet:
        """Everything that a list shows, in two queries."""
        jobs = models.Prefetch("job", Job.objects.with_queue_position())
        return self.select_related("dataset", "external", "created_by", "model").prefetch_related(jobs)


class Run(models.Model):
    """One training under one spec on one dataset version. Its files lie in :attr:`folder`."""

    withheld = False  # set by webapp.training.concealing on rows whose results who asks must not know

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    preset = models.CharField(max_length=60, blank=True, default="")
    spec = models.JSONField()
    dataset = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="runs")
    architecture = models.CharField(max_length=20, choices=architecture_choices)
    protocol = models.CharField(max_length=10, choices=PROTOCOL_CHOICES)
    division = models.JSONField(null=True, blank=True)  # Division, or null: the dataset's own split
    external = models.ForeignKey(  # tested whole; the training is then of all of ``dataset``
        DatasetVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="+")
    record = models.JSONField(default=dict, blank=True)  # seed, commit, versions, device: who could repeat it
    metrics = models.JSONField(default=dict, blank=True)  # patient level, {name: {value, low, high}}
    image_metrics = models.JSONField(default=dict, blank=True)
    figures = models.JSONField(default=list, blank=True)  # names of the figure files of the run
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="run_newest_first")]

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """``spec.json``, the lock, and ``work/`` with checkpoints, metrics, predictions, figures."""
        return Path(settings.WORK_DIR) / "runs" / str(self.pk)

    @property
    def workdir(self) -> Path:
        return self.folder / "work"

    @property
    def state(self) -> str:
        return self.job.state

    @property
    def tested_on(self) -> DatasetVersion:
        """The version whose patients its predictions are of."""
        return self.external if self.external is not None else self.dataset


class ModelVersion(models.Model):
    """A trained model in the registry: a content-addressed folder and the hash of its weights.

    It comes from a run of this house, or from elsewhere: then ``metrics`` are those of its evaluation on
    ``evaluated_on`` here, and ``dataset_hash`` names data that this house need not have.
    """

    withheld = False  # as of a run

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    run = models.OneToOneField(Run, null=True, on_delete=models.PROTECT, related_name="model")
    evaluated_on = models.ForeignKey(DatasetVersion, null=True, on_delete=models.PROTECT, related_name="+")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    path = models.CharField(max_length=200)  # relative to settings.WORK_DIR
    digest = models.CharField(max_length=64)  # of every file of the folder; its address
    sha256 = models.CharField(max_length=64)  # of model.safetensors
    architecture = models.CharField(max_length=20, choices=architecture_choices)
    protocol = models.CharField(max_length=10, choices=PROTOCOL_CHOICES)
    dataset_hash = models.CharField(max_length=64)
    metrics = models.JSONField(default=dict, blank=True)
    card = models.TextField(blank=True, default="")
    simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="model_newest_first")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(run__isnull=False) | models.Q(evaluated_on__isnull=False),
                name="model_was_evaluated_here",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        """What ``ml.models.load_model`` reads; fetched first where only the bucket has it."""
        return kept_folder(self.path)

    @property
    def dataset(self) -> DatasetVersion:
        """The version of this house that its metrics are of."""
        found = self.run.dataset if self.run is not None else self.evaluated_on
        if found is None:  # the database's own constraint
            raise ValueError(f"{self} was never evaluated here")
        return found


class AliasQuerySet(models.QuerySet["Alias"]):
    def current(self) -> AliasQuerySet:
        return self.filter(ended_at__isnull=True)


class Alias(models.Model):
    """A period during which a model held an alias. The row without ``ended_at`` is the holder.

    ``below`` is what a rollback goes back to. A rollback is itself a new period, of the model below and
    with what was below that, so that a second one goes one step further instead of back and forth.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=20, choices=AliasName.choices)
    model = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="aliases")
    below = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    is_rollback = models.BooleanField(default=False)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    set_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AliasQuerySet.as_manager()

    class Meta:
        ordering = ["-set_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(ended_at__isnull=True), name="alias_one_holder"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} → {self.model_id}"


class ExperimentQuerySet(models.QuerySet["Experiment"]):
    def visible_to(self, user: User) -> ExperimentQuerySet:
        """Experiments on datasets that the user may see."""
        return self if user.is_administrator else self.filter(_on_datasets_of(user))

    def with_rows(self) -> ExperimentQuerySet:
        """With its rows, their runs and jobs, in a fixed number of queries."""
        runs = models.Prefetch("run", Run.objects.with_rows())
        rows = models.Prefetch("rows", ExperimentRow.objects.order_by("position").prefetch_related(runs))
        return self.select_related("dataset", "external", "created_by", "beside").prefetch_related(rows)


class DesignKind(models.TextChoices):
    """How an experiment divides its patients; :data:`ml.cohort.design.Kind`."""

    SPLIT = "split"
    FOLDS = "folds"
    SITES = "sites"
    EXTERNAL = "external"


class Experiment(models.Model):
    """A set of runs on one dataset version that are to be compared: a table that fills up.

    ``beside`` is the experiment under the other protocol on the same dataset, so that the optimism of the
    paper's can be told; it is told in both.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    note = models.TextField(blank=True, default="")
    dataset = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="experiments")
    kind = models.CharField(max_length=10, choices=DesignKind.choices, default=DesignKind.SPLIT)
    protocol = models.CharField(max_length=10, choices=PROTOCOL_CHOICES, default=Protocol.STRICT.value)
    external = models.ForeignKey(
        DatasetVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    beside = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="beside_this"
    )
    folds = models.PositiveSmallIntegerField(default=1)  # 1 unless ``kind`` is folds
    repeats = models.PositiveSmallIntegerField(default=1)
    quick = models.BooleanField(default=False)  # a few epochs a row: to see that it works
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ExperimentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="experiment_newest_first")]

    def __str__(self) -> str:
        return self.name


class ExperimentRow(models.Model):
    """One run of an experiment. The runs with the same ``line`` are one line of its table: its folds.

    A run may take part in several experiments.
    """

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    line = models.PositiveIntegerField(default=0)
    repeat = models.PositiveSmallIntegerField(default=0)
    fold = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=120)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["experiment", "position"], name="experiment_position_once"),
            models.UniqueConstraint(fields=["experiment", "run"], name="experiment_run_once"),
        ]

    def __str__(self) -> str:
        return self.title
