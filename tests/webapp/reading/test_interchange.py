"""labelme and COCO: what goes out comes back the same; what cannot be read is refused."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from ml.segmentation.labelme import read_labelme
from webapp.imaging.models import Image
from webapp.reading import interchange, services
from webapp.reading.geometry import OutlineRefused
from webapp.reading.models import Outline

SQUARE = [[10.25, 10.0], [60.125, 10.0], [60.0, 50.0], [10.0, 50.0]]
TRIANGLE = [[70.0, 60.0], [90.0, 60.0], [80.333, 80.75]]

corners = st.tuples(
    st.floats(0, 128, allow_nan=False, width=32), st.floats(0, 96, allow_nan=False, width=32)
).map(list)
# A fixed triangle far from one line, with any corners more, is always an outline.
polygons = st.lists(st.lists(corners, max_size=6).map(lambda more: [*SQUARE[:3], *more]), max_size=4)


@given(polygons)
def test_a_round_trip_changes_no_coordinate(drawn):
    image = Image(rows=96, columns=128)
    outline = Outline(image=image, frame=0, polygons=drawn)
    for document in (interchange.labelme_of(outline), interchange.coco_of([outline])):
        assert interchange.parsed(json.dumps(document).encode(), image=image, frame=0).polygons == drawn


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"shapes": [1]}',
        b'{"shapes": [], "imageWidth": 1, "imageHeight": 1}',
        (
            b'{"shapes": [{"label": "liver", "shape_type": "circle", "points": [[1,1],[2,2]]}],'
            b' "imageWidth": 128, "imageHeight": 96}'
        ),
        b'{"shapes": [{"label": "a"}, {"label": "b"}], "imageWidth": 128, "imageHeight": 96}',
        (
            b'{"shapes": [{"label": "liver", "points": [[1,1],[2,NaN],[9,9]]}],'
            b' "imageWidth": 128, "imageHeight": 96}'
        ),
        b'{"annotations": [], "images": []}',
        (
            b'{"annotations": [{"image_id": 1, "segmentation": {"counts": "x"}}],'
            b' "images": [{"id": 1, "width": 128, "height": 96}]}'
        ),
        (
            b'{"annotations": [{"image_id": 1, "segmentation": [[1, 2, 3]]}],'
            b' "images": [{"id": 1, "width": 128, "height": 96}]}'
        ),
        b'{"shapes": []' + b" " * interchange.LARGEST_FILE + b"}",
        (
            b'{"shapes": [{"label": "liver", "shape_type": "rectangle", "points": [[1,1],[2,%s]]}],'
            b' "imageWidth": 128, "imageHeight": 96}' % (b"9" * 400)
        ),
        b'{"annotations": [], "images": 5}',
    ],
)
def test_what_is_neither_is_refused(content):
    with pytest.raises(OutlineRefused):
        interchange.parsed(content, image=Image(rows=96, columns=128), frame=0)


def test_a_rectangle_is_read_as_its_four_corners():
    shape = {"label": "Liver", "shape_type": "rectangle", "points": [[60, 50], [10, 10]]}
    document = {"shapes": [shape], "imageWidth": 128, "imageHeight": 96}
    found = interchange.parsed(json.dumps(document).encode(), image=Image(rows=96, columns=128), frame=0)
    assert found == ("labelme", [[[10, 10], [60, 10], [60, 50], [10, 50]]], None)


@pytest.mark.django_db
def test_the_archive_is_one_that_segmentation_is_trained_from(client_of, annotator, image, tmp_path):
    services.save_outline(
        image=image, frame=0, polygons=[SQUARE, TRIANGLE], made_from=0, actor=annotator, final=True
    )
    answer = client_of(annotator).get("/api/v1/outlines/export/", {"layout": "labelme"})
    assert answer.status_code == 200
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)
    (outline,) = read_labelme(tmp_path).items
    assert [ring.tolist() for ring in outline.rings] == [SQUARE, TRIANGLE]
    assert outline.frame().shape == (96, 128)


@pytest.mark.django_db
def test_drafts_go_out_only_when_asked_for(client_of, annotator, image):
    services.save_outline(image=image, frame=0, polygons=[SQUARE], made_from=0, actor=annotator)
    client = client_of(annotator)
    final = client.get("/api/v1/outlines/export/", {"layout": "coco"}).json()
    drafts = client.get("/api/v1/outlines/export/", {"layout": "coco", "drafts": "true"}).json()
    assert (final["annotations"], len(drafts["annotations"])) == ([], 1)
    assert drafts["annotations"][0]["bbox"] == [10.0, 10.0, 50.125, 40.0]


@pytest.mark.django_db
def test_a_file_is_read_for_a_frame_without_being_saved(client_of, annotator, image):
    document = interchange.coco_of([Outline(image=image, frame=0, polygons=[SQUARE])])
    answer = client_of(annotator).post(
        "/api/v1/outlines/parse/",
        {"image": str(image.pk), "file": SimpleUploadedFile("x.json", json.dumps(document).encode())},
        format="multipart",
    )
    assert answer.json() == {"layout": "coco", "polygons": [SQUARE], "algorithm": None}
    assert not Outline.objects.exists()


@pytest.mark.django_db
def test_another_site_exports_nothing_of_ours(client_of, annotator, image, make_user, site_b):
    services.save_outline(image=image, frame=0, polygons=[SQUARE], made_from=0, actor=annotator, final=True)
    stranger = client_of(make_user("annotator", site_b))
    assert stranger.get("/api/v1/outlines/export/", {"layout": "coco"}).json()["images"] == []
