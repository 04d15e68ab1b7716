"""Where the network looked, asked for over HTTP and computed by the real queue code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from ml.dicom import to_network_input
from webapp.accounts.models import User
from webapp.audit.models import Entry
from webapp.imaging.models import Image
from webapp.jobs.models import Job, JobState
from webapp.staging import attention
from webapp.staging.models import Attention, Staging

Answered = Callable[..., Staging]


def test_it_is_computed_once_on_demand_and_drawn_over_its_frames(
    answered: Answered, api: APIClient, run_job: Callable[[Any], Job]
) -> None:
    staging = answered()
    address = f"/api/v1/stagings/{staging.pk}/attention/"
    assert api.get(address).json()["state"] == "absent"
    assert api.get(f"{address}0/").json()["code"] == "attention-not-there"
    asked = api.post(address)
    assert (asked.status_code, asked.json()["state"]) == (201, "queued")
    assert api.post(address).json()["job"] == asked.json()["job"]
    assert Job.objects.get(pk=asked.json()["job"]).queue == "gpu.infer"
    assert run_job(asked.json()["job"]).state == JobState.SUCCEEDED
    found = api.get(address).json()
    assert (found["state"], found["stage"]) == ("succeeded", staging.result["stage"])
    assert [place["band"] for place in found["maps"]] == ["HF", "LF"]
    assert {place["image"] for place in found["maps"]} == set(staging.images)
    for place in found["maps"]:
        answer = api.get(place["picture"])
        assert answer["Content-Type"] == "image/png"
        drawn = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_UNCHANGED)
        assert drawn.shape == (256, 256, 4)
    assert api.get(f"{address}2/").status_code == 404
    assert Entry.objects.filter(action="attention.requested").count() == 1


def test_a_cleared_cache_is_asked_for_again(
    answered: Answered, api: APIClient, run_job: Callable[[Any], Job]
) -> None:
    staging = answered()
    address = f"/api/v1/stagings/{staging.pk}/attention/"
    first = api.post(address).json()["job"]
    run_job(first)
    attention._file(staging.pk).unlink()
    assert api.get(address).json() == {
        "state": "absent", "job": first, "stage": staging.result["stage"], "maps": [],
    }  # fmt: skip
    second = api.post(address).json()
    assert second["job"] != first
    run_job(second["job"])
    assert len(api.get(address).json()["maps"]) == 2
    assert Attention.objects.get().asked == 2


def test_other_sites_see_nothing(answered: Answered, client_of: Any, outsider: User) -> None:
    staging = answered()
    address = f"/api/v1/stagings/{staging.pk}/attention/"
    for answer in (client_of(outsider).get(address), client_of(outsider).post(address)):
        assert answer.status_code == 404


def test_an_altered_model_is_not_looked_into(
    answered: Answered, api: APIClient, run_job: Callable[[Any], Job]
) -> None:
    from webapp.staging import warm

    staging = answered()
    warm._models.clear()
    weights = staging.model.folder / "model.safetensors"
    weights.chmod(0o644)
    weights.write_bytes(weights.read_bytes() + b"\0")
    job = run_job(api.post(f"/api/v1/stagings/{staging.pk}/attention/").json()["job"])
    assert job.state == JobState.FAILED
    assert job.failure is not None
    assert job.failure["code"] == "model-damaged"


@given(
    width=st.integers(20, 900),
    height=st.integers(20, 900),
    share=st.tuples(st.floats(0.2, 0.8), st.floats(0.2, 0.8)),
)
def test_the_square_lies_where_the_picture_was_cut(
    width: int, height: int, share: tuple[float, float]
) -> None:
    """A bright spot of the crop, found again in the picture, lands on the spot through the square."""
    x0, y0 = 37, 11
    crop = np.zeros((height, width), np.uint8)
    spot = (int(width * share[0]), int(height * share[1]))
    size = max(2, max(width, height) // 24)
    crop[spot[1] : spot[1] + size, spot[0] : spot[0] + size] = 255
    middle_x = x0 + (spot[0] + min(spot[0] + size, width)) / 2
    middle_y = y0 + (spot[1] + min(spot[1] + size, height)) / 2
    seen = to_network_input(crop).astype(float)
    rows, columns = np.mgrid[0:256, 0:256]
    column = ((columns + 0.5) * seen).sum() / seen.sum()
    row = ((rows + 0.5) * seen).sum() / seen.sum()
    left, top, square_width, square_height = attention._square(x0, y0, x0 + width, y0 + height)
    pixel = max(width, height) / 256
    assert left + column / 256 * square_width == pytest.approx(middle_x, abs=1 + 1.5 * pixel)
    assert top + row / 256 * square_height == pytest.approx(middle_y, abs=1 + 1.5 * pixel)


def test_faint_places_are_clear_and_strong_ones_are_not() -> None:
    ramp = np.tile(np.arange(256, dtype=np.uint8), (256, 1))
    drawn = cv2.imdecode(np.frombuffer(attention.drawn(ramp), np.uint8), cv2.IMREAD_UNCHANGED)
    alpha = drawn[0, :, 3].astype(int)
    assert alpha[0] == 0
    assert alpha[255] == 255
    assert (np.diff(alpha) >= 0).all()


def test_an_answer_without_its_images_is_not_explained_by_another_network(
    answered: Answered, api: APIClient, run_job: Callable[[Any], Job]
) -> None:
    staging = answered()
    job = api.post(f"/api/v1/stagings/{staging.pk}/attention/").json()["job"]
    Image.objects.filter(band="LF").update(released=False)
    failed = run_job(job)
    assert failed.failure is not None
    assert failed.failure["code"] == "evidence-changed"
    assert api.get(f"/api/v1/stagings/{staging.pk}/attention/").json()["maps"] == []
