"""Who may see, train and activate segmenters, and what a proposal says."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from webapp.accounts.models import Site, User
from webapp.accounts.roles import Role
from webapp.audit.models import Entry
from webapp.imaging.models import Image
from webapp.jobs.models import Job, JobState
from webapp.segmentation.models import OutlineProposal, Segmenter

SEGMENTERS = "/api/v1/segmenters/"
PROPOSALS = "/api/v1/outline-proposals/"


def test_a_researcher_trains_from_an_archive_over_http(
    client_of: Callable[[User], Any], researcher: User, archive: Callable[..., SimpleUploadedFile]
) -> None:
    options = json.dumps({"epochs": 2, "examples": 8})
    body = {"name": "Normals", "archive": archive(10), "options": options}
    made = client_of(researcher).post(SEGMENTERS, body, format="multipart")
    assert made.status_code == 201, made.data
    assert made.data["state"] == "queued"
    assert made.data["options"] == {"epochs": 2, "examples": 8, "seed": 0}
    assert len(made.data["material"]["archive"]) == 64
    assert Entry.objects.filter(action="segmenter.launched").count() == 1
    cancelled = client_of(researcher).post(f"{SEGMENTERS}{made.data['id']}/cancel/")
    assert cancelled.data["state"] == "cancelled"
    assert client_of(researcher).post(f"{SEGMENTERS}{made.data['id']}/resume/").data["state"] == "queued"


def test_the_form_and_the_request_know_the_same_options(
    client_of: Callable[[User], Any], researcher: User, clinician: User
) -> None:
    api = client_of(researcher)
    schema = api.get(f"{SEGMENTERS}schema/").data["schema"]
    assert schema["properties"].keys() == {"epochs", "examples", "seed"}
    assert schema["properties"]["epochs"]["maximum"] == 1000
    assert client_of(clinician).get(f"{SEGMENTERS}schema/").status_code == 403


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"epochs": 0}, "options.epochs"),
        ({"examples": "many"}, "options.examples"),
        ({"speed": 1}, "options.speed"),
        ("{not json", "options"),
        ("[]", "options"),
        (None, "options"),
    ],
)
def test_an_option_that_is_refused_is_named(
    client_of: Callable[[User], Any], researcher: User, options: Any, field: str
) -> None:
    body = {"name": "Wrong", "outlines": True, "options": options}
    refused = client_of(researcher).post(SEGMENTERS, body, format="json")
    assert refused.status_code == 400
    assert field in {error["field"] for error in refused.data["errors"]}, refused.data
    assert not Segmenter.objects.exists()


def test_text_that_is_no_json_is_refused_in_a_form(
    client_of: Callable[[User], Any], researcher: User, archive: Callable[..., SimpleUploadedFile]
) -> None:
    body = {"name": "Wrong", "archive": archive(10), "options": "{not json"}
    refused = client_of(researcher).post(SEGMENTERS, body, format="multipart")
    assert refused.status_code == 400
    assert [error["field"] for error in refused.data["errors"]] == ["options"]


def test_an_archive_that_is_refused_says_why(
    client_of: Callable[[User], Any], researcher: User, archive: Callable[..., SimpleUploadedFile]
) -> None:
    refused = client_of(researcher).post(
        SEGMENTERS, {"name": "Few", "archive": archive(3)}, format="multipart"
    )
    assert refused.status_code == 400
    assert refused.data["code"] == "segmenter-too-few-outlines"
    assert refused.data["remedy"]


def test_another_sites_segmenter_does_not_exist(
    client_of: Callable[[User], Any],
    make_user: Callable[..., User],
    site_b: Site,
    add_segmenter: Callable[..., Segmenter],
) -> None:
    segmenter = add_segmenter()
    stranger = client_of(make_user(Role.RESEARCHER, site_b))
    assert stranger.get(SEGMENTERS).data["results"] == []
    assert stranger.get(f"{SEGMENTERS}{segmenter.pk}/").status_code == 404
    assert stranger.get(f"{SEGMENTERS}{segmenter.pk}/examples/0").status_code == 404
    assert stranger.post(f"{SEGMENTERS}{segmenter.pk}/activate/").status_code == 404


def test_annotators_look_and_researchers_activate(
    client_of: Callable[[User], Any],
    annotator: User,
    clinician: User,
    researcher: User,
    add_segmenter: Callable[..., Segmenter],
) -> None:
    segmenter = add_segmenter()
    assert client_of(annotator).get(f"{SEGMENTERS}{segmenter.pk}/").data["name"] == "Outlines"
    assert client_of(annotator).post(f"{SEGMENTERS}{segmenter.pk}/activate/").status_code == 403
    assert client_of(clinician).get(SEGMENTERS).status_code == 403
    assert client_of(researcher).post(f"{SEGMENTERS}{segmenter.pk}/activate/").status_code == 200


def test_one_segmenter_is_active_at_a_time(
    client_of: Callable[[User], Any], researcher: User, add_segmenter: Callable[..., Segmenter]
) -> None:
    first, second = add_segmenter(), add_segmenter()
    api = client_of(researcher)
    for segmenter in (first, second):
        assert api.post(f"{SEGMENTERS}{segmenter.pk}/activate/").data["activated_by"]
    assert list(Segmenter.objects.filter(active=True)) == [second]
    api.post(f"{SEGMENTERS}{second.pk}/deactivate/")
    assert not Segmenter.objects.filter(active=True).exists()
    actions = Entry.objects.filter(action__startswith="segmenter.").values_list("action", flat=True)
    assert sorted(actions) == ["segmenter.activated", "segmenter.activated", "segmenter.deactivated"]


def test_untrained_and_damaged_segmenters_are_not_activated(
    client_of: Callable[[User], Any],
    researcher: User,
    add_segmenter: Callable[..., Segmenter],
    launch: Callable[..., Segmenter],
    archive: Callable[..., SimpleUploadedFile],
) -> None:
    api = client_of(researcher)
    untrained = api.post(f"{SEGMENTERS}{launch(archive=archive(10)).pk}/activate/")
    assert (untrained.status_code, untrained.data["code"]) == (409, "segmenter-not-trained")
    damaged = add_segmenter()
    shutil.rmtree(damaged.model_folder)
    refused = api.post(f"{SEGMENTERS}{damaged.pk}/activate/")
    assert (refused.status_code, refused.data["code"]) == (409, "model-damaged")


def test_material_counts_the_outlines_of_ones_own_sites(
    client_of: Callable[[User], Any], researcher: User
) -> None:
    assert client_of(researcher).get(f"{SEGMENTERS}material/").data == {"outlines": 0, "fewest": 10}


@pytest.fixture
def ask(client_of: Callable[[User], Any], annotator: User) -> Callable[..., Any]:
    return lambda image, frame=0: client_of(annotator).post(
        PROPOSALS, {"image": str(getattr(image, "pk", image)), "frame": frame}
    )


def test_a_proposal_is_asked_for_once_and_then_known(
    ask: Callable[..., Any],
    add_image: Callable[..., Image],
    add_segmenter: Callable[..., Segmenter],
    run_job: Callable[[Any], Job],
    client_of: Callable[[User], Any],
    annotator: User,
) -> None:
    segmenter = add_segmenter(active=True)
    image = add_image()
    first = ask(image)
    assert first.status_code == 202, first.data
    assert first.data["state"] == "queued"
    assert first.data["liver_found"] is None
    assert ask(image).data["id"] == first.data["id"]
    assert OutlineProposal.objects.count() == 1
    assert run_job(first.data["job"]).state == "succeeded"
    known = ask(image)
    assert known.status_code == 200
    assert known.data["liver_found"] is True
    assert known.data["dice_expected"] == 0.9
    assert known.data["segmenter"] == {"id": str(segmenter.pk), "name": "Outlines"}
    (region,) = image.regions
    (polygon,) = known.data["polygons"]
    xs, ys = zip(*polygon, strict=True)
    assert (min(xs), min(ys)) == (region["x0"], region["y0"]), "in pixels of the frame, not of its region"
    assert (max(xs), max(ys)) == (region["x1"] - 1, region["y1"] - 1)
    later = client_of(annotator).get(f"{PROPOSALS}{first.data['id']}/")
    assert later.data["polygons"] == known.data["polygons"]


def test_a_frame_without_a_liver_is_said_to_have_none(
    ask: Callable[..., Any],
    add_image: Callable[..., Image],
    add_segmenter: Callable[..., Segmenter],
    run_job: Callable[[Any], Job],
) -> None:
    add_segmenter(active=True, finds=False)
    image = add_image()
    run_job(ask(image).data["job"])
    answer = ask(image)
    assert answer.status_code == 200
    assert answer.data["liver_found"] is False
    assert answer.data["polygons"] == []


def test_a_failed_question_is_asked_again(
    ask: Callable[..., Any],
    add_image: Callable[..., Image],
    add_segmenter: Callable[..., Segmenter],
    run_job: Callable[[Any], Job],
) -> None:
    segmenter = add_segmenter(active=True)
    image = add_image()
    folder = segmenter.model_folder
    folder.rename(folder.with_name("away"))
    failed = run_job(ask(image).data["job"])
    assert failed.state == JobState.FAILED
    assert failed.failure["code"] == "segmenter-unusable"
    folder.with_name("away").rename(folder)
    again = ask(image)
    assert again.status_code == 202
    assert again.data["failure"] is None
    assert run_job(again.data["job"]).state == "succeeded"


def test_without_an_active_segmenter_nothing_is_proposed(
    ask: Callable[..., Any], add_image: Callable[..., Image], add_segmenter: Callable[..., Segmenter]
) -> None:
    add_segmenter(active=False)
    refused = ask(add_image())
    assert (refused.status_code, refused.data["code"]) == (409, "no-segmenter")


def test_other_sites_images_unreleased_ones_and_frames_beyond_the_end_do_not_exist(
    ask: Callable[..., Any],
    add_image: Callable[..., Image],
    add_segmenter: Callable[..., Segmenter],
    site_b: Site,
) -> None:
    add_segmenter(active=True)
    own, foreign = add_image("P1"), add_image("P2", site=site_b)
    assert ask(foreign).status_code == 404
    beyond = ask(own, 5)
    assert (beyond.status_code, beyond.data["code"]) == (404, "no-such-frame")
    Image.objects.filter(pk=own.pk).update(released=False)
    assert ask(own).status_code == 404
    assert OutlineProposal.objects.count() == 0


def test_clinicians_are_not_asked_to_outline(
    client_of: Callable[[User], Any], clinician: User, add_image: Callable[..., Image]
) -> None:
    assert client_of(clinician).post(PROPOSALS, {"image": str(add_image().pk)}).status_code == 403
