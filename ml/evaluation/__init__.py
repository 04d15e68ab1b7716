"""How good a model is, in numbers with intervals, and the figures that show it."""

from ml.evaluation.decision import (
    DecisionCurve,
    MarkerRisk,
    decision_comparisons,
    decision_curves,
    net_benefit,
)
from ml.evaluation.metrics import METRIC_NAMES, MetricValue, evaluate_predictions, evaluate_stages
from ml.evaluation.operating import (
    OperatingPoint,
    PooledOperatingResult,
    apply_operating_point,
    choose_operating_point,
    operate_over_folds,
)
from ml.evaluation.optimism import Optimism, optimism
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
from ml.evaluation.serum_risk import serum_areas, serum_risks, serum_scores
from ml.evaluation.study import Assessed, Contender, Study, assess

__all__ = [
    "COLUMNS",
    "METRIC_NAMES",
    "Assessed",
    "Contender",
    "DecisionCurve",
    "MarkerRisk",
    "MetricValue",
    "OperatingPoint",
    "Optimism",
    "PairedTest",
    "PooledOperatingResult",
    "PredictionsRefused",
    "SerumRefused",
    "Study",
    "apply_operating_point",
    "apri",
    "assess",
    "choose_operating_point",
    "compare_models",
    "decision_comparisons",
    "decision_curves",
    "delong",
    "evaluate_predictions",
    "evaluate_stages",
    "fib4",
    "holm",
    "mcnemar_exact",
    "net_benefit",
    "operate_over_folds",
    "optimism",
    "pool_patients",
    "read_predictions",
    "serum_areas",
    "serum_risks",
    "serum_scores",
    "validate_predictions",
    "write_predictions",
]
