"""Where the network looked, on demand: asking, computing on the queue of the stagings, drawing.

The maps are a derived file, like rendered frames: it may be removed at any time and is then asked for again.
"""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from ml.dicom import to_network_input
from ml.spec import Band, HepaStageError, Stage
from webapp.audit import services as audit
from webapp.imaging import storage
from webapp.imaging.models import Image
from webapp.imaging.rendering import stored_frame
from webapp.imaging.storage import Room
from webapp.jobs import services as jobs
from webapp.jobs.models import JobState
from webapp.staging.models import Attention, Staging
from webapp.staging.report_errors import EvidenceChanged, NothingToReview

if TYPE_CHECKING:
    from webapp.accounts.models import User
    from webapp.jobs.handle import JobHandle

SIZE = 256
FAINTEST = 0.08  # of the strongest: below it nothing is drawn


class AttentionGone(HepaStageError):
    """Nobody has asked, it is not computed yet, or the derived file was cleared."""

    code = "attention-not-there"
    remedy = "Ask for it; it takes a few seconds."
    http_status = 404


@dataclass(frozen=True)
class Place:
    """Over which frame a map lies: ``x, y, width, height`` in the frame's pixels of the 256×256 square."""

    image: str
    frame: int
    band: str
    x: float
    y: float
    width: float
    height: float


@transaction.atomic
def ask_attention(*, staging: Staging, actor: User | None, request: Any = None) -> Attention:
    """Queue the computation, unless it is there or under way."""
    locked = Staging.objects.select_for_update(of=("self",)).select_related("job", "exam__patient__site")
    staging = locked.get(pk=staging.pk)
    if not staging.result:
        raise NothingToReview("The model has not answered, so there is nothing to look back at.")
    known = Attention.objects.select_related("job").filter(staging=staging).first()
    if known is not None and (is_there(known) or known.job.state in {JobState.QUEUED, JobState.RUNNING}):
        return known
    number = known.asked + 1 if known else 1
    job = jobs.enqueue(
        kind="staging.attention",
        title=f"Where the network looked: {staging.exam.patient.pseudonym}",
        payload={"staging": str(staging.pk)},
        created_by=actor,
        sites=[staging.exam.patient.site],
        idempotency_key=f"attention {staging.pk} {number}",
    )
    attention, _ = Attention.objects.update_or_create(
        staging=staging, defaults={"job": job, "asked": number, "maps": None}
    )
    audit.record(
        actor=actor,
        action="attention.requested",
        object=staging,
        site=staging.exam.patient.site,
        request=request,
        detail={"exam": staging.exam_id},
    )
    return attention


def compute_attention(job: JobHandle) -> None:
    """The job's work: the pictures that the model saw, their maps, one file."""
    from ml.protocols.attention import attention_of
    from webapp.staging.warm import warm_model

    staging = Staging.objects.select_related("model").get(pk=job.payload["staging"])
    assert staging.result is not None
    places, pictures = _looked_at(staging)
    model = warm_model(staging.model.folder, staging.model.sha256)
    job.check()
    by_band = {
        band: [picture for place, picture in zip(places, pictures, strict=True) if place.band == band]
        for band in Band
    }
    found = attention_of(
        model, by_band[Band.HF], by_band[Band.LF], stage=Stage.parse(staging.result["stage"])
    )
    if {str(band) for band in found.maps} != set(staging.result["bands"]):
        raise EvidenceChanged(  # another network than the one that answered
            "An image that the answer rests on was withdrawn.", remedy="Stage the case again."
        )
    queues = {band: iter(maps) for band, maps in found.maps.items()}
    kept = [place for place in places if Band(place.band) in queues]
    maps = np.stack([next(queues[Band(place.band)]) for place in kept])
    sink = io.BytesIO()
    np.save(sink, maps, allow_pickle=False)
    storage.keep(_file(staging.pk), sink.getvalue())
    with job.fenced():
        Attention.objects.filter(staging=staging).update(maps=[asdict(place) for place in kept])


def is_there(attention: Attention) -> bool:
    """Whether the maps can be drawn now."""
    return attention.maps is not None and _file(attention.staging_id).is_file()


def picture_of(attention: Attention, index: int) -> bytes:
    """One map as PNG with transparency: strong places opaque and yellow, faint ones clear."""
    if not is_there(attention):
        raise AttentionGone("There is no map of where the network looked.")
    maps = np.load(_file(attention.staging_id), mmap_mode="r", allow_pickle=False)
    if not 0 <= index < len(maps):
        raise AttentionGone(f"There is no map {index}; there are {len(maps)}.")
    return drawn(np.asarray(maps[index]))


def drawn(map_of: NDArray[np.uint8]) -> bytes:
    """uint8 (256, 256) as PNG; the colours (inferno) rise in lightness, so that greys tell them apart too."""
    coloured = cv2.applyColorMap(map_of, cv2.COLORMAP_INFERNO)
    strength = map_of.astype(np.float32) / 255
    alpha = np.where(strength < FAINTEST, 0, 255 * np.sqrt(strength)).astype(np.uint8)
    done, data = cv2.imencode(".png", np.dstack([coloured, alpha]))
    if not done:
        raise ValueError("the picture cannot be encoded")
    return data.tobytes()


def _file(staging: Any) -> Path:
    return storage.cached(Room.RENDERED, f"{staging}-attention.npy")


def _looked_at(staging: Staging) -> tuple[list[Place], list[NDArray[np.uint8]]]:
    """The pictures of the staging, cut as its answer says (or from the largest region), in its order."""
    crops = {
        (crop["image"], crop["frame"]): crop["box"]
        for crop in (staging.result or {}).get("crops") or []
        if crop["used"]
    }
    rows = {str(image.pk): image for image in Image.objects.usable().filter(pk__in=staging.images)}
    places: list[Place] = []
    pictures: list[NDArray[np.uint8]] = []
    for image in (rows[key] for key in staging.images if key in rows and rows[key].band):
        for frame in image.analysis_frames:
            if crops and (str(image.pk), frame) not in crops:
                continue
            box = crops.get((str(image.pk), frame)) or _region(image)
            x0, y0, x1, y1 = box
            pictures.append(to_network_input(stored_frame(image, frame)[y0:y1, x0:x1]))
            places.append(Place(str(image.pk), frame, image.band, *_square(x0, y0, x1, y1)))
    return places, pictures


def _region(image: Image) -> tuple[int, int, int, int]:
    """The largest region, as :func:`ml.dicom.crop_to_region` chooses it."""
    box = min(
        image.regions,
        key=lambda region: (
            -(region["x1"] - region["x0"]) * (region["y1"] - region["y0"]), region["x0"], region["y0"]
        ),
    )  # fmt: skip
    return box["x0"], box["y0"], box["x1"], box["y1"]


def _square(x0: int, y0: int, x1: int, y1: int) -> tuple[float, float, float, float]:
    """Where the padded 256×256 picture lies in the frame: :func:`ml.dicom.to_network_input` undone."""
    width, height = x1 - x0, y1 - y0
    scale = SIZE / max(width, height)
    new_width, new_height = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (SIZE - new_width) // 2, (SIZE - new_height) // 2
    step_x, step_y = width / new_width, height / new_height
    return x0 - left * step_x, y0 - top * step_y, SIZE * step_x, SIZE * step_y
