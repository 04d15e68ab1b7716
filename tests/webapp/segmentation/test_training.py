"""From an archive or drawn outlines to a registered segmenter, by the real child process."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ml.segmentation import read_labelme, split_outlines
from webapp.accounts.models import Site, User
from webapp.imaging.models import Image
from webapp.jobs.models import Job
from webapp.reading.services import save_outline
from webapp.segmentation import material, services
from webapp.segmentation.errors import MaterialRefused
from webapp.segmentation.models import Segmenter

TRIANGLE = [[[20, 30], [60, 30], [40, 60]]]


def quiet(_: str) -> None:
    """Nobody listens."""


def test_an_archive_becomes_a_segmenter_with_figures_and_examples(
    launch: Callable[..., Segmenter],
    archive: Callable[..., SimpleUploadedFile],
    run_job: Callable[[Any], Job],
    client_of: Callable[[User], Any],
    researcher: User,
) -> None:
    segmenter = launch(archive=archive(12))
    job = run_job(segmenter.job)
    assert job.state == "succeeded", job.failure
    segmenter.refresh_from_db()
    assert segmenter.sha256
    assert {"dice", "hausdorff"} <= segmenter.metrics.keys()
    assert segmenter.simulated
    assert segmenter.record["images"]["train"] > 0
    kinds = set(job.events.values_list("kind", flat=True))
    assert {"started", "epoch-finished", "evaluated", "finished"} <= kinds
    api = client_of(researcher)
    assert segmenter.example_count >= 1
    picture = api.get(f"/api/v1/segmenters/{segmenter.pk}/examples/0")
    assert picture.status_code == 200
    assert b"".join(picture.streaming_content)[:4] == b"\x89PNG"
    assert api.get(f"/api/v1/segmenters/{segmenter.pk}/examples/99").status_code == 404
    activated = api.post(f"/api/v1/segmenters/{segmenter.pk}/activate/")
    assert activated.status_code == 200, activated.data
    assert activated.data["active"] is True
    assert services.active() == segmenter


def test_nothing_of_an_archive_keeps_its_name(
    launch: Callable[..., Segmenter], archive: Callable[..., SimpleUploadedFile]
) -> None:
    segmenter = launch(archive=archive(10, extra={"张三/notes.txt": b"Zhang San", "张三/broken.json": b"{"}))
    target = segmenter.folder / "outlines" / "archive"
    material.unpack(segmenter.folder / material.ARCHIVE, target, quiet)
    assert all(path.stem.isdecimal() for path in target.iterdir())
    assert not any("张三" in path.read_text("utf-8") for path in target.glob("*.json"))
    assert not any("case-" in path.read_text("utf-8") for path in target.glob("*.json"))
    found = read_labelme(target)
    assert len(found) == 10
    assert len(found.problems) == 1, "the broken one is said to be"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no zip at all", "segmenter-not-a-zip"),
        (b"PK\x03\x04 but no more", "zip-damaged"),
    ],
)
def test_what_is_no_archive_is_refused_at_once(
    launch: Callable[..., Segmenter], content: bytes, code: str, settings: Any
) -> None:
    with pytest.raises(MaterialRefused) as refused:
        launch(archive=SimpleUploadedFile("x.zip", content))
    assert refused.value.code == code
    assert Segmenter.objects.count() == 0
    assert not list((settings.WORK_DIR / "segmenters").iterdir()), "nothing is left behind"


def test_a_hostile_archive_is_refused_before_a_member_is_read(
    launch: Callable[..., Segmenter], archive: Callable[..., SimpleUploadedFile]
) -> None:
    with pytest.raises(MaterialRefused) as refused:
        launch(archive=archive(10, extra={"../outside.json": b"{}"}))
    assert refused.value.code == "zip-unsafe-name"


def test_too_few_outlines_are_refused(
    launch: Callable[..., Segmenter], archive: Callable[..., SimpleUploadedFile]
) -> None:
    for given in ({"archive": archive(3)}, {"outlines": True}):
        with pytest.raises(MaterialRefused) as refused:
            launch(**given)
        assert refused.value.code == "segmenter-too-few-outlines"
    with pytest.raises(MaterialRefused) as refused:
        launch()
    assert refused.value.code == "segmenter-material-refused"


def test_a_member_that_unpacks_to_a_bomb_fails_the_job(
    launch: Callable[..., Segmenter],
    archive: Callable[..., SimpleUploadedFile],
    run_job: Callable[[Any], Job],
) -> None:
    segmenter = launch(archive=archive(10, extra={"bomb.png": bytes(32 * 2**20)}))
    with zipfile.ZipFile(segmenter.folder / material.ARCHIVE) as packed:
        assert packed.getinfo("bomb.png").compress_size < 2**20
    job = run_job(segmenter.job)
    assert job.state == "failed"
    assert job.failure["code"] == "zip-bomb"
    assert not (segmenter.folder / "outlines" / "archive").exists()


def draw(image: Image, actor: User, *, final: bool = True) -> None:
    save_outline(
        image=image,
        frame=0,
        polygons=TRIANGLE,
        made_from=0,
        origin="polygon",
        actor=actor,
        final=final,
    )


def test_outlines_in_force_become_labelme_files_and_a_patient_stays_in_one_part(
    add_image: Callable[..., Image],
    annotator: User,
    site_a: Site,
    site_b: Site,
    settings: Any,
) -> None:
    for patient in ("P1", "P2", "P3"):
        draw(add_image(patient), annotator)
    draw(add_image("P4"), annotator, final=False)
    draw(add_image("P5", site=site_b), annotator)
    target = settings.WORK_DIR / "drawn"
    material.write_drawn([site_a], target, quiet)
    found = read_labelme(target)
    assert len(found) == 3, "no draft, no other site"
    assert all(outline.kind == "polygon" for outline in found.items)
    assert [ring.tolist() for ring in found.items[0].rings] == TRIANGLE
    flags = [json.loads(path.read_text())["flags"] for path in target.glob("*.json")]
    assert len({flag["group"] for flag in flags}) == 3


def test_images_of_one_group_never_cross_the_split(archive: Callable[..., Any], tmp_path: Any) -> None:
    archive(30)
    folder = tmp_path / "labelme-30"
    for number, path in enumerate(sorted(folder.glob("*.json"))):
        content = json.loads(path.read_text("utf-8"))
        content["flags"] |= {"group": f"patient-{number // 3}"}
        path.write_text(json.dumps(content), "utf-8")
    for seed in range(5):
        parts = split_outlines(read_labelme(folder).items, seed=seed)
        groups = [{outline.group for outline in part} for part in (parts.train, parts.validation, parts.test)]
        assert all(groups)
        assert not groups[0] & groups[1]
        assert not groups[0] & groups[2]
        assert not groups[1] & groups[2]
        assert sum(map(len, groups)) == 10
