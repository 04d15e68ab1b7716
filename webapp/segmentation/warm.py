"""Segmenters that stay loaded in the worker: the active one, and those of models that are staged with."""

from __future__ import annotations

import threading
from collections import OrderedDict

from ml.segmentation import LiverCropper, load_segmenter
from webapp.segmentation.models import Segmenter

KEPT = 3

_croppers: OrderedDict[str, LiverCropper] = OrderedDict()
_lock = threading.Lock()


def warm_cropper(segmenter: Segmenter) -> LiverCropper:
    """The segmenter of these weights, loaded on first use and let go when three others were used since.

    Keyed by the hash that ``load_segmenter`` verifies; the folder is part of the key so that another
    installation's files are never taken for ours.
    """
    key = f"{segmenter.sha256}:{segmenter.model_folder}"
    with _lock:
        if key in _croppers:
            _croppers.move_to_end(key)
            return _croppers[key]
        cropper = LiverCropper(load_segmenter(segmenter.model_folder))
        _croppers[key] = cropper
        while len(_croppers) > KEPT:
            _croppers.popitem(last=False)
        return cropper
