"""Plotly figures, built once here and shown alike by the browser, the report and the notebook.

``figure.to_json()`` holds plain lists. Backgrounds are transparent and text is a grey that reads on
light and dark pages; a page may set ``layout.font.color`` to its own.
"""

from ml.evaluation.figures.calibration import reliability_figure
from ml.evaluation.figures.comparison import comparison_table, metric_bars
from ml.evaluation.figures.confusion import confusion_figure, confusion_grid
from ml.evaluation.figures.decision import decision_curve_figure, decision_figures, significance_matrix
from ml.evaluation.figures.learning import learning_curve_figure
from ml.evaluation.figures.optimism import optimism_figure
from ml.evaluation.figures.roc import roc_figure, roc_overlay
from ml.evaluation.figures.study import study_figures
from ml.evaluation.figures.style import ON_SITE, PAPER_PROTOCOL, SIMULATED

__all__ = [
    "ON_SITE",
    "PAPER_PROTOCOL",
    "SIMULATED",
    "comparison_table",
    "confusion_figure",
    "confusion_grid",
    "decision_curve_figure",
    "decision_figures",
    "learning_curve_figure",
    "metric_bars",
    "optimism_figure",
    "reliability_figure",
    "roc_figure",
    "roc_overlay",
    "significance_matrix",
    "study_figures",
]
