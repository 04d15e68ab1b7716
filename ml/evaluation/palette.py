"""Colours of the figures: the same stage has the same colour everywhere.

Chosen by search: under normal vision and simulated protanopia, deuteranopia and tritanopia
(Machado et al. 2009) any two stage colours differ by at least 10 in CIEDE2000, and each stands out
at about 3:1 or more on white and on a dark page; ``tests/ml/evaluation/test_palette.py`` checks both.
"""

from __future__ import annotations

STAGE_COLOURS: tuple[str, ...] = ("#227963", "#5e8ee1", "#a21cba", "#e0761c", "#cc1f54")
"""S0 … S4."""

MACRO_COLOUR = "#7a7a7a"
TRAIN_COLOUR, VALIDATION_COLOUR = "#2f6fd0", "#d9701a"

MODEL_COLOURS: tuple[str, ...] = (
    "#2f6fd0",
    "#d9701a",
    "#227963",
    "#a21cba",
    "#cc1f54",
    "#8a6d1f",
    "#1595a8",
    "#7a7a7a",
)
"""Models of a comparison, in the order given; :data:`DASHES` tells apart what colour cannot."""
DASHES: tuple[str, ...] = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

TEXT, GRID, AXIS = "#757575", "rgba(128,128,128,0.22)", "rgba(128,128,128,0.7)"
HEAT = ((0.0, "#f1f5fb"), (0.35, "#a9c4ea"), (0.7, "#4478c9"), (1.0, "#12387e"))


def model_colour(position: int) -> str:
    """Colour of the model at ``position`` in a comparison."""
    return MODEL_COLOURS[position % len(MODEL_COLOURS)]


def model_dash(position: int) -> str:
    """Line dash of the model at ``position``; no two of 24 models share colour and dash."""
    return DASHES[position % len(DASHES)]


def translucent(colour: str, opacity: float) -> str:
    """``#rrggbb`` as ``rgba(r,g,b,opacity)``."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
