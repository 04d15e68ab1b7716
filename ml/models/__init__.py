"""The networks (paper §4), the transfers between them, and a model as a folder on disk."""

from ml.models.band import BandClassifier, BandEncoder
from ml.models.building import build_network
from ml.models.calibration import Calibration, conformal_threshold, fit_temperature
from ml.models.device import (
    DeviceUnavailable,
    Precision,
    autocast,
    choose_precision,
    keep_freed_memory,
    place,
    resolve_device,
)
from ml.models.familiarity import Familiarity, Unlike, fit_familiarity, patient_p_value
from ml.models.folder import Model, ModelInfo, ModelUnusable, as_input, load_model, save_model
from ml.models.fusion import FeatureSpaceMapping, FusionNetwork
from ml.models.pooling import PATIENT, PatientNetwork
from ml.models.transfer import (
    SHALLOW_LAYERS,
    Moved,
    move_encoders,
    move_picture_network,
    move_shallow_layers,
)

__all__ = [
    "PATIENT",
    "SHALLOW_LAYERS",
    "BandClassifier",
    "BandEncoder",
    "Calibration",
    "DeviceUnavailable",
    "Familiarity",
    "FeatureSpaceMapping",
    "FusionNetwork",
    "Model",
    "ModelInfo",
    "ModelUnusable",
    "Moved",
    "PatientNetwork",
    "Precision",
    "Unlike",
    "as_input",
    "autocast",
    "build_network",
    "choose_precision",
    "conformal_threshold",
    "fit_familiarity",
    "fit_temperature",
    "keep_freed_memory",
    "load_model",
    "move_encoders",
    "move_picture_network",
    "move_shallow_layers",
    "patient_p_value",
    "place",
    "resolve_device",
    "save_model",
]
