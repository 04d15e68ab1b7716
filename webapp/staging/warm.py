"""Models that stay loaded in the worker, so that a staging costs milliseconds and not a load from disk."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

from ml.models import Model, load_model

KEPT = 3  # the champion, the challenger and one that somebody tries

_models: OrderedDict[tuple[str, Path], Model] = OrderedDict()
_lock = threading.Lock()


def warm_model(folder: Path, sha256: str) -> Model:
    """The model of these weights, loaded on first use. The least recently used is let go.

    Keyed by the hash of the weights, which ``load_model`` verifies: a promoted or rolled-back model is
    simply another key, and nothing has to be told to forget.
    """
    key = (sha256, folder)
    with _lock:
        if key in _models:
            _models.move_to_end(key)
            return _models[key]
        model = load_model(folder)
        _models[key] = model
        while len(_models) > KEPT:
            _models.popitem(last=False)
        return model
