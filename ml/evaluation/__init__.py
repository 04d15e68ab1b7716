"""How good a model is, in numbers with intervals, and the figures that show it."""

from ml.evaluation.decision import DecisionCurve, MarkerRisk, decision_curves, net_benefit
from ml.evaluation.metrics import METRIC_NAMES, MetricValue, evaluate_predictions, evaluate_stages
from ml.evaluation.operating import OperatingPoint, apply_operating_point, choose_operating_point
from ml.evaluation.paired import PairedTest, compare_models, delong, holm, mcnemar_exact
from ml.evaluation.predictions import (
    COLUMNS,
    PredictionsRefused,
    pool_patients,
    read_predictions,
    validate_predictions,
    write_predictions,
)
from ml.evaluation.serum import SerumRefused, apri, fib4

__all__ = [
    "COLUMNS",
    "METRIC_NAMES",
    "DecisionCurve",
    "MarkerRisk",
    "MetricValue",
    "OperatingPoint",
    "PairedTest",
    "PredictionsRefused",
    "SerumRefused",
    "apply_operating_point",
    "apri",
    "choose_operating_point",
    "compare_models",
    "decision_curves",
    "delong",
    "evaluate_predictions",
    "evaluate_stages",
    "fib4",
    "holm",
    "mcnemar_exact",
    "net_benefit",
    "pool_patients",
    "read_predictions",
    "validate_predictions",
    "write_predictions",
]
