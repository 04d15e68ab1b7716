"""What one does with a cohort and a model: train, evaluate, benchmark, stage."""

from ml.protocols.answer import StagingResult
from ml.protocols.benchmark import benchmark
from ml.protocols.evaluate import evaluate
from ml.protocols.planning import TrainingRefused
from ml.protocols.stage import stage_files, stage_patient
from ml.protocols.train import train

__all__ = [
    "StagingResult",
    "TrainingRefused",
    "benchmark",
    "evaluate",
    "stage_files",
    "stage_patient",
    "train",
]
