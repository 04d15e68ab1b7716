"""How good a model is, in numbers with intervals, and the figures that show it."""

from ml.evaluation.metrics import METRIC_NAMES, MetricValue, evaluate_predictions, evaluate_stages
from ml.evaluation.predictions import (
    COLUMNS,
    PredictionsRefused,
    pool_patients,
    read_predictions,
    validate_predictions,
    write_predictions,
)

__all__ = [
    "COLUMNS", "METRIC_NAMES", "MetricValue", "PredictionsRefused", "evaluate_predictions", "evaluate_stages",
    "pool_patients", "read_predictions", "validate_predictions", "write_predictions",
]
