"""Outlines: no save is lost, none overwrites another, and every revision stays."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, transaction

from webapp.audit.models import Entry
from webapp.imaging.models import Image
from webapp.reading import services
from webapp.reading.models import Outline, OutlineRevision

pytestmark = pytest.mark.django_db
SQUARE = [[10.0, 10.0], [60.0, 10.0], [60.0, 50.0], [10.0, 50.0]]
SMALLER = [[12.5, 12.0], [50.0, 12.0], [50.0, 40.0]]
BOW_TIE = [[10.0, 10.0], [60.0, 50.0], [60.0, 10.0], [10.0, 50.0]]
URL = "/api/v1/outlines/"


@pytest.fixture
def pen(client_of, annotator, image):
    """``pen([polygon], made_from)`` saves over HTTP and returns the answer."""
    client = client_of(annotator)

    def save(polygons, made_from, **more):
        return client.post(
            URL, {"image": str(image.pk), "polygons": polygons, "made_from": made_from, **more}
        )

    save.client = client
    return save


def test_a_save_is_a_revision_that_names_the_one_before(pen):
    first = pen([SQUARE], 0, origin="box")
    second = pen([SQUARE, SMALLER], 1)
    assert (first.status_code, second.status_code) == (201, 201)
    outline = pen.client.get(f"{URL}{first.data['id']}/").data
    assert outline["polygons"] == [SQUARE, SMALLER]
    assert [(row["number"], row["made_from"], row["origin"]) for row in outline["revisions"]] == [
        (2, 1, "polygon"),
        (1, 0, "box"),
    ]
    old = pen.client.get(f"{URL}{first.data['id']}/revisions/1/").data
    assert old["polygons"] == [SQUARE]


def test_a_late_save_is_refused_with_both_versions_and_overwrites_nothing(pen):
    pen([SQUARE], 0)
    pen([SMALLER], 1)
    late = pen([BOW_TIE], 1)
    assert late.status_code == 409
    assert late["Content-Type"] == "application/problem+json"
    body = late.json()
    assert body["code"] == "outline-conflict"
    assert (body["theirs"]["revision"], body["theirs"]["polygons"]) == (2, [SMALLER])
    assert body["yours"] == {"polygons": [BOW_TIE], "made_from": 1}
    assert Outline.objects.get().polygons == [SMALLER]
    assert OutlineRevision.objects.count() == 2
    chosen = pen([BOW_TIE], 2)
    assert chosen.status_code == 201
    assert chosen.data["revision"] == 3


def test_a_first_save_after_somebody_elses_first_is_a_conflict(pen):
    pen([SQUARE], 0)
    assert pen([SMALLER], 0).status_code == 409


def test_a_save_whose_outline_was_thrown_away_says_so(pen):
    first = pen([SQUARE], 0)
    pen.client.delete(f"{URL}{first.data['id']}/")
    late = pen([SMALLER], 1)
    assert late.status_code == 409
    assert late.json()["theirs"] is None


def test_a_save_sent_again_with_its_key_is_the_same_save(pen):
    key = str(uuid.uuid4())
    first = pen([SQUARE], 0, key=key)
    again = pen([SQUARE], 0, key=key)
    assert again.status_code == 201
    assert again.data["revision"] == first.data["revision"] == 1
    assert OutlineRevision.objects.count() == 1


def test_saving_what_is_there_writes_nothing(pen):
    pen([SQUARE], 0)
    assert pen([SQUARE], 1).data["revision"] == 1


def test_the_final_outline_stays_in_force_while_a_newer_draft_is_drawn(pen, image):
    assert services.current_outline(image, 0) is None
    outline = pen([SQUARE], 0).data["id"]
    assert services.current_outline(image, 0) is None, "a draft is not in force"
    finished = pen.client.post(f"{URL}{outline}/finalise/", {"made_from": 1})
    assert (finished.data["state"], finished.data["revision"], finished.data["final_revision"]) == (
        "final",
        2,
        2,
    )
    draft = pen([SMALLER], 2)
    assert (draft.data["state"], draft.data["final_revision"]) == ("draft", 2)
    current = services.current_outline(image, 0)
    assert current is not None
    assert (current.polygons, current.revision, current.state) == ([SQUARE], 2, "final")
    assert current.author.username == "annotator"


def test_what_crosses_itself_is_kept_as_a_draft_and_not_made_final(pen):
    outline = pen([BOW_TIE], 0)
    assert outline.status_code == 201
    refused = pen.client.post(f"{URL}{outline.data['id']}/finalise/", {"made_from": 1})
    assert (refused.status_code, refused.json()["code"]) == (409, "outline-crosses-itself")
    assert Outline.objects.get().state == "draft"


def test_finishing_an_outline_that_moved_on_is_a_conflict(pen):
    outline = pen([SQUARE], 0).data["id"]
    pen([SMALLER], 1)
    assert pen.client.post(f"{URL}{outline}/finalise/", {"made_from": 1}).status_code == 409


@pytest.mark.parametrize(
    ("polygons", "frame"),
    [([[[1, 1], [200, 1], [9, 9]]], 0), ([SQUARE], 1), ("nonsense", 0), ([[[1, 2]]], 0)],
)
def test_what_is_not_in_the_frame_is_refused(pen, polygons, frame):
    answer = pen(polygons, 0, frame=frame)
    assert (answer.status_code, answer.json()["code"]) == (400, "outline-refused")
    assert not Outline.objects.exists()


def test_the_trash_gives_back_everything(pen, image):
    outline = pen([SQUARE], 0, final=True).data["id"]
    pen.client.delete(f"{URL}{outline}/")
    assert pen.client.get(URL).data["results"] == []
    assert services.current_outline(image, 0) is None
    assert [row["id"] for row in pen.client.get(URL, {"trashed": "true"}).data["results"]] == [outline]
    back = pen.client.post(f"{URL}{outline}/restore/")
    assert (back.status_code, back.data["trashed_at"]) == (200, None)
    assert services.current_outline(image, 0).polygons == [SQUARE]


def test_an_outline_does_not_come_back_over_a_newer_one(pen):
    old = pen([SQUARE], 0).data["id"]
    pen.client.delete(f"{URL}{old}/")
    assert pen([SMALLER], 0).status_code == 201
    refused = pen.client.post(f"{URL}{old}/restore/")
    assert (refused.status_code, refused.json()["code"]) == (409, "outline-in-the-way")


def test_revisions_are_written_once(pen):
    pen([SQUARE], 0)
    with pytest.raises(IntegrityError, match="written-once"), transaction.atomic():
        OutlineRevision.objects.update(polygons=[])
    with pytest.raises(IntegrityError, match="written-once"), transaction.atomic():
        OutlineRevision.objects.all()._raw_delete("default")


def test_every_write_is_in_the_audit_log(pen):
    outline = pen([SQUARE], 0).data["id"]
    pen.client.post(f"{URL}{outline}/finalise/", {"made_from": 1})
    pen.client.delete(f"{URL}{outline}/")
    pen.client.post(f"{URL}{outline}/restore/")
    actions = list(
        Entry.objects.filter(object_id=outline).order_by("number").values_list("action", flat=True)
    )
    assert actions == ["outline.saved", "outline.finalised", "outline.trashed", "outline.restored"]


def test_another_site_neither_sees_nor_draws(pen, image, client_of, make_user, site_b):
    outline = pen([SQUARE], 0).data["id"]
    stranger = client_of(make_user("annotator", site_b))
    assert stranger.get(URL).data["results"] == []
    assert stranger.get(f"{URL}{outline}/").status_code == 404
    assert stranger.get(f"{URL}{outline}/revisions/1/").status_code == 404
    assert stranger.delete(f"{URL}{outline}/").status_code == 404
    answer = stranger.post(URL, {"image": str(image.pk), "polygons": [SMALLER], "made_from": 1})
    assert answer.status_code == 400
    assert OutlineRevision.objects.count() == 1


def test_an_image_that_is_not_released_has_no_outlines_for_others(pen, image):
    outline = pen([SQUARE], 0).data["id"]
    Image.objects.filter(pk=image.pk).update(released=False)
    assert pen.client.get(f"{URL}{outline}/").status_code == 404
    assert pen([SMALLER], 1).status_code == 400


def test_clinicians_look_and_do_not_draw(pen, api, image):
    pen([SQUARE], 0)
    assert len(api.get(URL, {"image": str(image.pk), "frame": 0}).data["results"]) == 1
    assert api.post(URL, {"image": str(image.pk), "polygons": [SMALLER], "made_from": 1}).status_code == 403


def test_a_list_costs_the_same_number_of_queries_for_one_and_for_many(
    pen, add_exam, annotator, django_assert_max_num_queries
):
    for number in range(4):
        for image in Image.objects.filter(exam=add_exam(f"Q{number}", "HF", "LF")):
            services.save_outline(image=image, frame=0, polygons=[SQUARE], made_from=0, actor=annotator)
    with django_assert_max_num_queries(4):
        assert len(pen.client.get(URL).data["results"]) == 8
