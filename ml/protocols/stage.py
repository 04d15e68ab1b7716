"""Staging one patient: pictures or DICOM files in, calibrated stage probabilities out."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml.dicom import Box, to_network_input
from ml.models import PATIENT, Model, PatientNetwork, patient_p_value
from ml.protocols.answer import CropUsed, FamiliarityFound, ModelReference, StagingResult, UnlikePicture
from ml.protocols.patients import pool
from ml.protocols.predict import Reading, logits_of, probabilities_of
from ml.segmentation.cropping import LiverCropper
from ml.spec import Architecture, Band, HepaStageError, Stage
from ml.spec.referral import LEVEL, referral_of

FRAMES_OF_A_CINE = 3


class StagingRefused(HepaStageError):
    """Pictures that this model cannot stage."""

    code = "staging-refused"


@dataclass(frozen=True, eq=False)
class Look:
    """One picture to stage from: uint8 (256, 256), and what of which frame it shows."""

    picture: NDArray[np.uint8]
    image: str
    frame: int
    band: Band
    box: Box
    liver_found: bool | None = None


def stage_patient(model: Model, hf: list[NDArray[np.uint8]], lf: list[NDArray[np.uint8]]) -> StagingResult:
    """Stage one patient from any number of ``(256, 256)`` uint8 pictures of each band.

    Several pictures count alike: the answer is the mean of their probabilities (of pairs, for the
    fusion network, formed as in training). A model that was trained on whole patients weighs them, and the
    answer holds the weights. With one band missing, a fusion model answers from the
    band network that it carries and says that this is weaker; one that carries none refuses.
    """
    began = time.perf_counter()
    pictures = {Band.HF: hf, Band.LF: lf}
    network = network_of(model, pictures)
    planes = planes_of(pictures, model.info.spec.bands_of(network), model.info.size)
    used = list(model.info.spec.bands_of(network))
    weights: dict[Band, list[float]] = {}
    pooled = pooling_network(model, network)
    if pooled is not None:
        network = PATIENT
        mean, shares = _pooled(model, pooled, planes)
        weights = {band: _shares_of(shares, len(pictures[band])) for band in used}
    else:
        mean = probabilities_of(model, network, planes).mean(axis=0)
    calibration = model.info.calibration[network]
    result = StagingResult(
        stage=Stage(int(mean.argmax())).label,
        probabilities={stage.label: float(mean[stage]) for stage in Stage},
        at_least={stage.label: float(mean[stage:].sum()) for stage in (Stage.S2, Stage.S3, Stage.S4)},
        prediction_set=[stage.label for stage in calibration.prediction_set(mean)],
        coverage=calibration.coverage,
        bands=used,
        images={band: len(pictures[band]) for band in used},
        weights=weights,
        model=reference(model),
        seconds=time.perf_counter() - began,
        warnings=_warnings(model, used, pictures),
        familiarity=_familiarity(model, {band: pictures[band] for band in used}),
    )
    return result.model_copy(update={"referral": referral_of(result.model_dump())})


def _pooled(
    model: Model, network: PatientNetwork, planes: NDArray[np.uint8]
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Calibrated probabilities (5,) of one patient, and the weight of each picture or pair."""
    vectors = logits_of(network, planes, Reading.of(model), ask=network.picture.vectors)
    logits, weights = pool(network, vectors, [np.arange(len(planes))])
    return model.info.calibration[PATIENT].probabilities(logits)[0], weights[0]


def _shares_of(weights: NDArray[np.float32], pictures: int) -> list[float]:
    """What each picture of a band weighs in all pairs; pair n holds picture n modulo ``pictures``."""
    return [float(weights[number::pictures].sum()) for number in range(pictures)]


def _familiarity(model: Model, pictures: dict[Band, list[NDArray[np.uint8]]]) -> FamiliarityFound | None:
    """Of all pictures that the answer rests on; None for a model that knows nothing of a band."""
    known = model.info.familiarity
    if not pictures.keys() <= known.keys():
        return None
    values = {band: known[band].p_values(np.stack(own)) for band, own in pictures.items()}
    count = sum(map(len, values.values()))
    if any(count > LEVEL * (1 + len(known[band].distances)) for band in values):
        return FamiliarityFound(p_value=None)
    unlike = []
    for band, own in values.items():
        for number in np.flatnonzero(own * count <= LEVEL):
            trait = known[band].most_unlike(pictures[band][number][None])[0]
            unlike.append(
                UnlikePicture(
                    band=band,
                    number=int(number),
                    p_value=float(own[number]),
                    trait=trait.trait,
                    direction=trait.direction,
                )
            )
    return FamiliarityFound(p_value=patient_p_value(np.concatenate(list(values.values()))), unlike=unlike)


def look_at(
    model: Model,
    frame: NDArray[np.uint8],
    region: Box,
    *,
    image: str,
    index: int,
    band: Band,
    cropper: LiverCropper | None,
) -> Look:
    """Cut out of a grey frame what the model was trained to see, and ask the segmenter for the liver.

    A model of the region sees the region; a segmenter then only says whether there is a liver in it.
    """
    cropped = cropper(frame, region) if cropper is not None else None
    found = cropped.liver if cropped is not None else None
    if cropped is not None and model.info.crop.kind == "liver":
        return Look(cropped.picture, image, index, band, cropped.box, found)
    return Look(to_network_input(region.cut(frame)), image, index, band, region, found)


def stage_looks(model: Model, looks: Sequence[Look]) -> StagingResult:
    """Stage one patient from pictures cut by :func:`look_at`.

    A model of the liver is shown no picture without one; where none is left the staging is refused
    (``no-liver-found``). A model of the region is shown all, with a warning.
    """
    of_liver = model.info.crop.kind == "liver"
    used = [look for look in looks if look.liver_found or not of_liver]
    if looks and not used:
        raise StagingRefused(
            f"No liver was found in any of the {len(looks)} pictures.",
            code="no-liver-found",
            remedy="Look at the images: stage from frames that show the liver, or use a model of the region.",
        )
    result = stage_patient(
        model,
        [look.picture for look in used if look.band is Band.HF],
        [look.picture for look in used if look.band is Band.LF],
    )
    numbers = {id(look): n for band in Band for n, look in enumerate(one for one in used if one.band is band)}
    crops = [
        CropUsed(
            image=look.image,
            frame=look.frame,
            band=look.band,
            kind="liver" if look.box.source == "liver" else "region",
            box=(look.box.x0, look.box.y0, look.box.x1, look.box.y1),
            liver_found=look.liver_found,
            used=look in used and look.band in result.bands,
            weight=result.weights[look.band][numbers[id(look)]]
            if id(look) in numbers and look.band in result.weights
            else None,
        )
        for look in looks
    ]
    return result.model_copy(update={"crops": crops, "warnings": result.warnings + _absent(looks, of_liver)})


def _absent(looks: Sequence[Look], of_liver: bool) -> list[str]:
    lines = []
    for band in Band:
        own = [look for look in looks if look.band is band]
        without = sum(look.liver_found is False for look in own)
        if without:
            said = f"No liver was found in {without} of {len(own)} {band} pictures"
            lines.append(f"{said}; they were not used." if of_liver else f"{said}; look at them.")
    return lines


def checked_cropper(model: Model, cropper: LiverCropper | None) -> LiverCropper | None:
    """The segmenter that the model was trained with, or any (or none) for a model of the region."""
    wanted = model.info.crop
    if wanted.kind == "region":
        return cropper
    if cropper is None:
        raise StagingRefused(
            f"{model.info.name} was trained on pictures of the liver; a segmenter has to find it.",
            code="segmenter-missing",
            remedy=f"Name the segmenter that it was trained with ({wanted.segmenter[:12]}).",
        )
    if cropper.crop.segmenter != wanted.segmenter:
        raise StagingRefused(
            f"{model.info.name} was trained with another segmenter.",
            code="segmenter-differs",
            remedy=f"Name the segmenter that it was trained with ({wanted.segmenter[:12]}).",
        )
    return replace(cropper, margin=wanted.margin)


def stage_files(
    model: Model, paths: Iterable[Path | str], *, cropper: LiverCropper | None = None
) -> StagingResult:
    """Stage one patient from DICOM files, any mix of HF and LF; the band of each is recognised.

    The pictures are cropped as the model was trained: to the region, or by ``cropper`` to the liver.
    """
    from ml.dicom import crop_to_region, read_ultrasound, recognise_band, representative_frames

    began = time.perf_counter()
    cropper = checked_cropper(model, cropper)
    looks: list[Look] = []
    patients: dict[str, Path] = {}
    for path in map(Path, paths):
        image = read_ultrasound(path)
        patients.setdefault(image.header.patient_id or "", path)
        if len(patients) > 1:
            raise StagingRefused(
                f"{path.name} is of another patient than {next(iter(patients.values())).name}.",
                code="two-patients",
                remedy="Give the files of one patient.",
            )
        band = recognise_band(image).band
        if band is None:
            raise StagingRefused(
                f"{path.name} could not be recognised as high- or low-frequency.",
                code="band-unknown",
                remedy="Leave the file out, or set its band in the browser.",
            )
        frames = representative_frames(image.header.frame_count, limit=FRAMES_OF_A_CINE)
        for index in frames:
            frame = image.frame(index)
            _, region = crop_to_region(frame, image.header)
            looks.append(
                look_at(model, frame, region, image=path.name, index=index, band=band, cropper=cropper)
            )
    result = stage_looks(model, looks)
    return result.model_copy(update={"seconds": time.perf_counter() - began})


def reference(model: Model) -> ModelReference:
    """What a result says of its model."""
    info = model.info
    return ModelReference(
        name=info.name,
        sha256=info.sha256,
        architecture=info.architecture,
        protocol=str(info.spec.protocol),
        dataset_hash=info.dataset_hash,
        simulated=info.simulated,
    )


def network_of(model: Model, pictures: dict[Band, list[NDArray[np.uint8]]]) -> str:
    given = {band for band, images in pictures.items() if images}
    if not given:
        raise StagingRefused(
            "There is no picture to stage from.",
            code="no-pictures",
            remedy="Give at least one ultrasound picture.",
        )
    network = model.network_for(given)
    if network is None:
        wanted = model.info.spec.bands
        needed = "both bands" if len(wanted) == 2 else wanted[0]
        raise StagingRefused(
            f"{model.info.name} needs {needed}; only {' and '.join(sorted(given))} is there.",
            code="band-missing",
            remedy="Add the missing band, or use a dual-transfer model, which also answers from one band.",
        )
    return network


def pooling_network(model: Model, network: str) -> PatientNetwork | None:
    """What weighs a patient's pictures where ``network`` answers; None where all count alike, as where a
    fusion model answers from the network of one band."""
    pooled = model.networks.get(PATIENT)
    own = network == model.info.architecture
    return pooled if own and isinstance(pooled, PatientNetwork) else None


def planes_of(
    pictures: dict[Band, list[NDArray[np.uint8]]], bands: Sequence[Band], size: int
) -> NDArray[np.uint8]:
    """``(N, planes, size, size)`` as a network that sees these bands was trained to see them."""
    for picture in (picture for images in pictures.values() for picture in images):
        if picture.dtype != np.uint8 or picture.shape != (size, size):
            raise StagingRefused(
                f"Expected uint8 pictures of {size}×{size}, got {picture.dtype} {picture.shape}.",
                code="picture-shape",
                remedy="Use ml.dicom.network_input.",
            )
    if len(bands) == 1:
        return np.stack(pictures[bands[0]])[:, None]
    hf, lf = pictures[Band.HF], pictures[Band.LF]
    count = max(len(hf), len(lf))
    return np.stack([np.stack([hf[n % len(hf)], lf[n % len(lf)]]) for n in range(count)])


def _warnings(model: Model, used: list[Band], pictures: dict[Band, list[NDArray[np.uint8]]]) -> list[str]:
    warnings = []
    if model.info.simulated:
        warnings.append(
            "This model learned from simulated images only; its answer says nothing about a patient."
        )
    if model.info.architecture is Architecture.FUSION and len(used) == 1:
        missing = Band.LF if used[0] is Band.HF else Band.HF
        warnings.append(f"No {missing} image: this answer rests on {used[0]} alone and is weaker.")
    unused = [band for band, images in pictures.items() if images and band not in used]
    warnings += [f"{band} images were not used: the model is trained on {used[0]} alone." for band in unused]
    return warnings
