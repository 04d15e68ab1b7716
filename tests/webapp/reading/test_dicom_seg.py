"""DICOM SEG: written by highdicom, read by our guard; the same pixels there and back, and hostile files."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
import zipfile

import numpy as np
import pydicom
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import absent
from webapp.imaging.models import Image
from webapp.patients.pseudonyms import uid_of_key
from webapp.reading import dicom_seg, interchange, services
from webapp.reading.geometry import OutlineRefused
from webapp.reading.models import Outline, OutlineRevision
from webapp.reading.raster import mask_of

SQUARE = [[10.25, 10.0], [60.125, 10.0], [60.0, 50.0], [10.0, 50.0]]
HAND = [[20.0, 20.0], [90.0, 25.5], [60.0, 70.25]]
SIZE = {"columns": 128, "rows": 96}

corner = st.tuples(st.floats(0, 128, width=32), st.floats(0, 96, width=32)).map(list)
polygon = st.lists(corner, max_size=5).map(lambda more: [*SQUARE[:3], *more])


@pytest.mark.django_db
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(drawn=st.lists(polygon, min_size=1, max_size=3))
def test_polygons_to_seg_to_polygons_is_the_same_mask(image, drawn):
    content = dicom_seg.seg_of(Outline(image=image, frame=0, polygons=drawn, revision=1))
    back = interchange.parsed(content, image=image, frame=0)
    assert back.layout == "seg"
    assert np.array_equal(mask_of(back.polygons, **SIZE), mask_of(drawn, **SIZE))


@pytest.mark.django_db
def test_a_frame_of_a_clip_keeps_its_number(add_exam):
    image = Image.objects.get(exam=add_exam("P7", "HF", frames=4))
    content = dicom_seg.seg_of(Outline(image=image, frame=2, polygons=[HAND], revision=1))
    (found,) = dicom_seg.frames_of(content)
    assert (found.instance, found.frame) == (uid_of_key(image.sop_key), 2)
    with pytest.raises(OutlineRefused, match="another picture or frame"):
        interchange.parsed(content, image=image, frame=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("algorithm", "kind"),
    [
        (None, "MANUAL"),
        ({"name": "Outlines 3", "version": "ab" * 32, "changed": False}, "AUTOMATIC"),
        ({"name": "Outlines 3", "version": "ab" * 32, "changed": True}, "SEMIAUTOMATIC"),
    ],
)
def test_the_seg_says_who_found_the_liver_and_so_does_what_is_read_from_it(image, tmp_path, algorithm, kind):
    outline = Outline(image=image, frame=0, polygons=[HAND], revision=1, algorithm=algorithm)
    content = dicom_seg.seg_of(outline)
    segment = pydicom.dcmread(io.BytesIO(content)).SegmentSequence[0]
    assert segment.SegmentAlgorithmType == kind
    if algorithm:
        by = segment.SegmentationAlgorithmIdentificationSequence[0]
        assert (by.AlgorithmName, by.AlgorithmVersion) == ("Outlines 3", "ab" * 32)
    assert interchange.parsed(content, image=image, frame=0).algorithm == algorithm
    if shutil.which("dcmdump") is None:
        absent("no dcmtk on PATH")
    (tmp_path / "seg.dcm").write_bytes(content)
    assert subprocess.run(["dcmdump", "-q", str(tmp_path / "seg.dcm")], check=False).returncode == 0


@pytest.mark.django_db
def test_an_empty_outline_cannot_be_said_in_seg(client_of, annotator, image):
    services.save_outline(image=image, frame=0, polygons=[], made_from=0, actor=annotator)
    answer = client_of(annotator).get("/api/v1/outlines/export/", {"layout": "seg", "drafts": "true"})
    assert (answer.status_code, answer.json()["code"]) == (409, "outline-nothing-to-segment")


def spoiled(content: bytes, **elements) -> bytes:
    dataset = pydicom.dcmread(io.BytesIO(content))
    for name, value in elements.items():
        if value is None:
            delattr(dataset, name)
        else:
            setattr(dataset, name, value)
    sink = io.BytesIO()
    dataset.save_as(sink, enforce_file_format=True)
    return sink.getvalue()


HOSTILE = {
    "not binary": lambda good: spoiled(good, SegmentationType="FRACTIONAL"),
    "more frames than pixels": lambda good: spoiled(good, NumberOfFrames=4000),
    "a size beyond reason": lambda good: spoiled(good, Rows=65535, Columns=65535),
    "another size": lambda good: spoiled(good, Rows=48),
    "no frames described": lambda good: spoiled(good, PerFrameFunctionalGroupsSequence=[]),
    "no segments": lambda good: spoiled(good, SegmentSequence=None),
    "no picture": lambda good: good[: good.rindex(b"\xe0\x7f\x10\x00")],
    "cut short": lambda good: good[: len(good) // 3],
    "an ultrasound": lambda good: good.replace(
        b"1.2.840.10008.5.1.4.1.1.66.4", b"1.2.840.10008.5.1.4.1.1.6.11"
    ),
    "deflated": lambda good: good.replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.1.99")[: len(good)],
    "only a mark": lambda good: bytes(128) + b"DICM",
    "noise": lambda good: bytes(128) + b"DICM" + bytes(range(256)) * 20,
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_segmentation_is_refused_with_a_remedy(good, image, what):
    with pytest.raises(OutlineRefused) as refused:
        interchange.parsed(HOSTILE[what](good), image=image, frame=0)
    assert refused.value.remedy
    assert refused.value.code == "outline-refused"


@pytest.fixture
def good(image) -> bytes:
    return dicom_seg.seg_of(Outline(image=image, frame=0, polygons=[HAND], revision=1))


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6))
def test_flipped_bytes_are_read_or_refused_and_nothing_else(good, flips):
    content = bytearray(good)
    for place, value in flips:
        content[132 + int(place * (len(content) - 132))] = value
    with contextlib.suppress(OutlineRefused):
        list(dicom_seg.frames_of(bytes(content)))


@pytest.mark.django_db
@pytest.mark.parametrize("layout", ["labelme", "coco", "seg"])
def test_a_whole_list_goes_out_and_comes_in_again(client_of, annotator, add_exam, layout):
    images = [Image.objects.get(exam=add_exam(name, "HF")) for name in ("P1", "P2", "P3")]
    client = client_of(annotator)
    for image, drawn in zip(images, ([SQUARE], [HAND], [SQUARE, HAND]), strict=True):
        services.save_outline(image=image, frame=0, polygons=drawn, made_from=0, actor=annotator, final=True)
    content = client.get("/api/v1/outlines/export/", {"layout": layout}).content
    before = {outline.image_id: outline.polygons for outline in Outline.objects.all()}
    trashed = Outline.objects.get(image=images[0])
    services.trash_outline(outline=trashed, actor=annotator)
    services.save_outline(image=images[1], frame=0, polygons=[SQUARE], made_from=1, actor=annotator)

    def send(dry: bool):
        file = SimpleUploadedFile("outlines", content)
        answer = client.post("/api/v1/outlines/import/", {"file": file, "dry_run": dry}, format="multipart")
        assert answer.status_code == 200, answer.json()
        return {line["image"]: line["outcome"] for line in answer.json()}

    third = "revised" if layout == "seg" else "unchanged"  # pixels instead of corners
    expected = dict(zip(map(str, [i.pk for i in images]), ("new", "revised", third), strict=True))
    revisions = OutlineRevision.objects.count()
    assert send(True) == expected
    assert OutlineRevision.objects.count() == revisions
    assert send(False) == expected
    for image in images:
        outline = Outline.objects.live().get(image=image)
        if layout == "seg":
            same = np.array_equal(mask_of(outline.polygons, **SIZE), mask_of(before[image.pk], **SIZE))
        else:
            same = outline.polygons == before[image.pk]
        assert same
    assert set(send(False).values()) == {"unchanged"}


@pytest.mark.django_db
def test_what_is_not_ours_is_a_line_and_stops_nobody(client_of, annotator, image, make_user, site_b):
    services.save_outline(image=image, frame=0, polygons=[HAND], made_from=0, actor=annotator, final=True)
    ours = client_of(annotator)
    good = ours.get("/api/v1/outlines/export/", {"layout": "labelme"}).content
    sink = io.BytesIO(good)
    with zipfile.ZipFile(sink, "a") as archive:
        archive.writestr("stranger.json", b'{"shapes": [], "imagePath": "stranger.png"}')
        archive.writestr("broken.json", b"{")
    lines = ours.post(
        "/api/v1/outlines/import/", {"file": SimpleUploadedFile("x.zip", sink.getvalue())}, format="multipart"
    ).json()
    assert [(line["outcome"], (line["problem"] or {}).get("code")) for line in lines] == [
        ("unchanged", None),
        ("refused", "outline-image-unknown"),
        ("refused", "outline-refused"),
    ]
    theirs = client_of(make_user("annotator", site_b))
    answer = theirs.post(
        "/api/v1/outlines/import/",
        {"file": SimpleUploadedFile("x.zip", good), "dry_run": False},
        format="multipart",
    )
    assert [line["problem"]["code"] for line in answer.json()] == ["outline-image-unknown"]


@pytest.mark.django_db
def test_an_outline_begun_from_a_proposal_keeps_its_segmenter(image, annotator, monkeypatch):
    from uuid import uuid4

    from webapp.reading import provenance

    proposal = uuid4()

    def source(asked, of_image, frame):
        known = (asked, of_image, frame) == (proposal, image.pk, 0)
        return {"polygons": [HAND], "name": "S", "version": "f" * 64, "segmenter": "x"} if known else None

    monkeypatch.setattr(provenance, "_sources", [source])
    save = {"image": image, "frame": 0, "actor": annotator}
    row = services.save_outline(**save, polygons=[HAND], made_from=0, origin="proposal", proposal=proposal)
    assert row.algorithm["changed"] is False
    row = services.save_outline(**save, polygons=[SQUARE], made_from=1, origin="polygon")
    assert (row.algorithm["name"], row.algorithm["changed"]) == ("S", True)
    row = services.save_outline(**save, polygons=[HAND], made_from=2, origin="restored")
    assert row.algorithm["changed"] is False
    row = services.finalise_outline(outline=row, made_from=3, actor=annotator)
    assert services.current_outline(image, 0).algorithm["version"] == "f" * 64
    row = services.save_outline(**save, polygons=[], made_from=4)
    assert row.algorithm is None
    with pytest.raises(OutlineRefused):
        services.save_outline(**save, polygons=[HAND], made_from=5, proposal=uuid4())
    assert row.revisions.get(number=2).algorithm["changed"] is True
