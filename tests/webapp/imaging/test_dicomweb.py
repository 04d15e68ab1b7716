"""DICOMweb in detail: who sees what, what a search matches, and bodies that are not what they say."""

from __future__ import annotations

import io
import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from ml.spec import Band
from tests.webapp.imaging.files import ultrasound, zipped
from webapp.accounts.models import Site, User
from webapp.audit.models import Entry
from webapp.imaging.dicomweb.bookmarks import Bookmarks
from webapp.imaging.dicomweb.identifiers import visible
from webapp.imaging.dicomweb.media import accepted, choose
from webapp.imaging.dicomweb.parts import RequestRefused, related_parts
from webapp.imaging.dicomweb.search import BOOKMARKS, keys_in_order
from webapp.imaging.models import Image, Upload, UploadFile
from webapp.patients.models import Exam, Patient

BOUNDARY = "x" * 73  # as long as Orthanc's
RELATED = f'multipart/related; type="application/dicom"; boundary={BOUNDARY}'
STUDIES = "/dicomweb/studies"


def body(*parts: bytes) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n".encode()
    return b"".join(head + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()


def stow(client: APIClient, *parts: bytes, path: str = STUDIES, kind: str = RELATED) -> Any:
    return client.generic("POST", path, body(*parts), content_type=kind)


def search(client: APIClient, path: str = STUDIES, **parameters: Any) -> list[dict[str, Any]]:
    response = client.get(path, parameters)
    assert response.status_code in {200, 204}, response.content
    return json.loads(response.content) if response.status_code == 200 else []


def values(result: dict[str, Any], tag: str) -> list[Any]:
    return result[tag].get("Value", [])


@pytest.fixture
def two_patients(api: APIClient) -> list[Patient]:
    """P001 with an HF image and an LF clip in March, P002 with an HF image in May."""
    answer = stow(
        api,
        ultrasound(patient="P001", study="1.2.3", band=Band.HF, seed=1, InstanceNumber=1),
        ultrasound(patient="P001", study="1.2.3", band=Band.LF, seed=2, frames=2, InstanceNumber=2),
        ultrasound(patient="P002", study="1.2.4", band=Band.HF, seed=3, date="20240510"),
    )
    assert answer.status_code == 200, answer.content
    return list(Patient.objects.order_by("created_at"))


def test_a_search_matches_what_is_stored_and_nothing_else(
    api: APIClient, two_patients: list[Patient]
) -> None:
    first, second = two_patients
    assert len(search(api)) == 2
    for parameters, count in (
        ({"PatientID": first.pseudonym}, 1),
        ({"00100020": first.pseudonym.lower()}, 1),
        ({"PatientName": first.pseudonym[:6] + "*"}, 1),
        ({"PatientName": f"*{second.pseudonym[-4:]}"}, 1),
        ({"PatientName": f"{first.pseudonym}^"}, 1),
        ({"PatientName": "Doe*"}, 0),
        ({"PatientID": "P001"}, 0),
        ({"StudyInstanceUID": "1.2.3"}, 0),
        ({"StudyDate": "20240310"}, 0),
        ({"StudyDate": "10000101-"}, 2),
        ({"StudyDate": "-10000101"}, 0),
        ({"ModalitiesInStudy": "US"}, 2),
        ({"ModalitiesInStudy": "CT\\US"}, 2),
        ({"ModalitiesInStudy": "CT"}, 0),
        ({"AccessionNumber": "*"}, 2),
        ({"AccessionNumber": "A1"}, 0),
        ({"limit": 1}, 1),
        ({"offset": 1}, 1),
        ({"offset": 2}, 0),
    ):
        assert len(search(api, **parameters)) == count, parameters
    pages = [values(*search(api, limit=1, offset=number), "0020000D")[0] for number in (0, 1)]
    assert len(set(pages)) == 2
    day = values(*search(api, PatientID=first.pseudonym), "00080020")[0]
    assert len(search(api, StudyDate=day)) == 1
    assert len(search(api, StudyDate=f"{day}-{day}")) == 1


def test_series_and_instances_by_number_within_a_study(api: APIClient, two_patients: list[Patient]) -> None:
    (study,) = search(api, PatientID=two_patients[0].pseudonym, includefield="PatientAge,00081090")
    uid = values(study, "0020000D")[0]
    assert values(study, "00201208") == [2]
    (series,) = search(api, f"{STUDIES}/{uid}/series")
    assert values(series, "00201209") == [2]
    address = f"{STUDIES}/{uid}/series/{values(series, '0020000E')[0]}/instances"
    assert len(search(api, address)) == 2
    (second,) = search(api, address, InstanceNumber=2)
    assert values(second, "00280008") == [2]
    multiframe = search(api, "/dicomweb/instances", SOPClassUID="1.2.840.10008.5.1.4.1.1.3.1")
    assert [values(one, "00080018") for one in multiframe] == [values(second, "00080018")]
    (whole,) = search(
        api, "/dicomweb/instances", SOPInstanceUID=values(second, "00080018")[0], includefield="all"
    )
    assert values(whole, "00120062") == ["YES"]
    refused = api.get("/dicomweb/instances", {"InstanceNumber": 2})
    assert (refused.status_code, refused.json()["code"]) == (400, "query-refused")


@pytest.mark.parametrize(
    "query",
    [
        "limit=-1",
        "offset=x",
        "StudyDate=tomorrow",
        "NoSuchThing=1",
        "PixelData=1",
        "includefield=%01&limit=1e9",
        "offset=10000001",
    ],
)
def test_a_search_that_cannot_be_understood_is_400(api: APIClient, query: str) -> None:
    assert api.get(f"{STUDIES}?{query}").json()["code"] == "query-refused"


def test_more_results_and_fuzzy_matching_are_warned_about(
    api: APIClient, two_patients: list[Patient]
) -> None:
    response = api.get(STUDIES, {"limit": 1, "fuzzymatching": "true"})
    assert "fuzzymatching" in response["Warning"]
    assert "additional results" in response["Warning"]
    assert "Warning" not in api.get(STUDIES)


def test_other_sites_strangers_and_unreleased_images(
    api: APIClient,
    two_patients: list[Patient],
    outsider: User,
    administrator: User,
    client_of: Callable[[User | None], APIClient],
) -> None:
    (found,) = search(api, "/dicomweb/instances", NumberOfFrames=2)
    study, series, instance = (values(found, tag)[0] for tag in ("0020000D", "0020000E", "00080018"))
    base = f"{STUDIES}/{study}/series/{series}/instances/{instance}"
    pages = [f"{STUDIES}/{study}", f"{STUDIES}/{study}/metadata", f"{STUDIES}/{study}/thumbnail", base,
             f"{base}/metadata", f"{base}/frames/1", f"{base}/rendered", f"{base}/frames/1/rendered",
             f"{base}/thumbnail", f"{base}/bulkdata/7fe00010"]  # fmt: skip
    assert all(api.get(page).status_code == 200 for page in pages)
    stranger, foreign = client_of(None), client_of(outsider)
    assert all(stranger.get(page).status_code == 401 for page in [*pages, STUDIES])
    assert all(foreign.get(page).status_code == 404 for page in pages)
    assert search(foreign) == []
    assert foreign.get(f"{STUDIES}/{study}/series").status_code == 204
    Image.objects.update(released=False)
    assert all(api.get(page).status_code == 404 for page in pages)
    assert all(client_of(administrator).get(page).status_code == 404 for page in pages)
    assert search(api) == []
    assert stow(client_of(None), b"x").status_code == 401


def test_every_look_is_in_the_audit_log(api: APIClient, two_patients: list[Patient]) -> None:
    study = values(search(api)[0], "0020000D")[0]
    api.get(f"{STUDIES}/{study}")
    api.get(f"{STUDIES}/{study}/metadata")
    actions = list(Entry.objects.filter(action__startswith="dicomweb.").values_list("action", flat=True))
    assert sorted(actions) == ["dicomweb.metadata", "dicomweb.retrieved", "dicomweb.searched"]


def test_outcomes_of_a_request(api: APIClient) -> None:
    good = ultrasound(seed=1)
    assert stow(api, good).status_code == 200
    again = stow(api, good).json()
    assert values(again["00081199"]["Value"][0], "00990010") == ["HEPASTAGE"]
    assert values(again["00081199"]["Value"][0], "00991001") == ["duplicate"]
    aside = stow(api, ultrasound(seed=2, SequenceOfUltrasoundRegions=[]))
    assert aside.status_code == 202
    (item,) = aside.json()["00081199"]["Value"]
    assert (values(item, "00081196"), values(item, "00991001")) == ([0xB100], ["quarantined"])
    assert "00081190" not in item
    refused = stow(api, b"no DICOM", ultrasound(seed=3, Modality="CT"), zipped({"a.dcm": ultrasound(seed=4)}))
    assert refused.status_code == 409
    assert [values(one, "00081197") for one in refused.json()["0008119A"]["Value"]] == [[0xC000], [0xC000]]
    assert [values(one, "00081197") for one in refused.json()["00081198"]["Value"]] == [[0x0122]]
    assert Image.objects.count() == 1


def test_a_study_address_takes_its_own_study_only(api: APIClient) -> None:
    content = ultrasound(study="1.2.3.4", seed=5)
    wrong = stow(api, content, path=f"{STUDIES}/1.2.3.5")
    assert wrong.status_code == 409
    assert UploadFile.objects.get().code == "study-mismatch"
    assert stow(api, content, path=f"{STUDIES}/1.2.3.4").status_code == 200
    assert stow(api, content, path=f"{STUDIES}/1.2.3.5").status_code == 409


def test_one_instance_needs_no_multipart(api: APIClient) -> None:
    answer = api.generic("POST", STUDIES, ultrasound(), content_type="application/dicom")
    assert answer.status_code == 200
    url = values(answer.json()["00081199"]["Value"][0], "00081190")[0]
    single = api.get(url.removeprefix("http://testserver"), HTTP_ACCEPT="application/dicom")
    assert single["Content-Type"].startswith("application/dicom;")
    assert single.status_code == 200  # its bytes, sent asynchronously, are compared in test_dicomweb_peer


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("multipart/form-data; boundary=x", 415),
        ('multipart/related; type="application/dicom+json"; boundary=x', 415),
        ('multipart/related; type="application/dicom"', 400),
        ('multipart/related; type="application/dicom"; boundary=y', 400),
        (f'multipart/related; type="application/dicom"; boundary={"z" * 300}', 400),
    ],
)
def test_a_body_that_is_something_else(api: APIClient, kind: str, status: int) -> None:
    assert stow(api, ultrasound(), kind=kind).status_code == status
    assert Image.objects.count() == 0


def test_a_cut_body_keeps_what_came_whole(api: APIClient) -> None:
    sent = body(ultrasound(seed=1), ultrasound(seed=2))
    answer = api.generic("POST", STUDIES, sent[: len(sent) * 3 // 4], content_type=RELATED)
    assert (answer.status_code, answer.json()["code"]) == (400, "multipart-damaged")
    assert Image.objects.count() == 1
    assert Upload.objects.get().files.count() == 1


@settings(max_examples=60, deadline=None)
@given(
    parts=st.lists(
        st.binary(max_size=300) | st.just(b"\r\n--" + BOUNDARY[:-1].encode()), min_size=1, max_size=5
    ),
    step=st.integers(1, 97),
)
def test_parts_come_out_as_they_went_in_however_the_body_is_cut(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], step: int
) -> None:
    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(step)

    folder = tmp_path_factory.mktemp("parts")
    received = related_parts(Trickle(body(*parts)), BOUNDARY, folder, max_part_bytes=250)
    got = [None if part.path is None else part.path.read_bytes() for part in received]
    assert got == [None if len(part) > 250 else part for part in parts]
    assert not list(folder.iterdir())


def test_limits_of_a_request(tmp_path: Path) -> None:
    with pytest.raises(RequestRefused) as refused:
        list(related_parts(io.BytesIO(body(b"a", b"b", b"c")), BOUNDARY, tmp_path, max_parts=2))
    assert refused.value.http_status == 413
    with pytest.raises(RequestRefused) as refused:
        list(related_parts(io.BytesIO(body(b"a" * 1000)), BOUNDARY, tmp_path, max_bytes=500))
    assert refused.value.code == "request-too-large"


def test_accept_headers() -> None:
    offers = [("application/dicom", True), ("application/dicom", False)]
    assert choose("", offers) == offers[0]
    assert choose("application/dicom", offers) == offers[1]
    assert choose('multipart/related; type="application/dicom"; transfer-syntax=*', offers) == offers[0]
    assert choose("text/html;q=0.9, application/dicom;q=0.1", offers) == offers[1]
    assert accepted('multipart/related; type="a,b"; q=x, c/d')[0].media == "c/d"


def test_what_is_not_served_is_406(api: APIClient, two_patients: list[Patient]) -> None:
    study = values(search(api)[0], "0020000D")[0]
    for accept in (
        "image/png",
        'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.90',
    ):
        response = api.get(f"{STUDIES}/{study}", HTTP_ACCEPT=accept)
        assert (response.status_code, response.json()["code"]) == (406, "media-type-refused")


def test_rendering_parameters(api: APIClient, two_patients: list[Patient]) -> None:
    (found,) = search(api, "/dicomweb/instances", NumberOfFrames=2)
    base = "/".join((f"{STUDIES}/{values(found, '0020000D')[0]}/series/{values(found, '0020000E')[0]}",
                     f"instances/{values(found, '00080018')[0]}"))  # fmt: skip
    good = api.get(f"{base}/rendered", {"viewport": "64,64", "quality": "50", "window": "128,256,linear"})
    assert (good.status_code, good["Content-Type"]) == (200, "image/jpeg")
    assert api.get(f"{base}/rendered", HTTP_ACCEPT="image/png").content[:4] == b"\x89PNG"
    unchanged = api.get(f"{base}/rendered", HTTP_ACCEPT="image/png", HTTP_IF_NONE_MATCH=api.get(
        f"{base}/rendered", HTTP_ACCEPT="image/png")["ETag"])  # fmt: skip
    assert unchanged.status_code == 304
    for wrong in (
        {"viewport": "0,5"},
        {"viewport": "9"},
        {"quality": "0"},
        {"window": "a,b,c"},
        {"window": "nan,9,linear"},
    ):
        assert api.get(f"{base}/rendered", wrong).json()["code"] == "rendering-refused", wrong
    assert api.get(f"{base}/frames/3").status_code == 404
    assert api.get(f"{base}/frames/0/rendered").status_code == 404
    assert api.get("/dicomweb/patients").json()["code"] == "not-found"


@pytest.fixture
def many(site_a: Site, site_b: Site) -> int:
    """240 studies of two sites with two series of two instances each; of site A are 120. No files."""
    patients = [
        Patient(site=site, pseudonym=f"P-{site.code}{n:03d}", identity_key=f"{site.code}{n:063d}"[:64])
        for n in range(120) for site in (site_a, site_b)
    ]  # fmt: skip
    Patient.objects.bulk_create(patients)
    exams = [
        Exam(patient=patient, site=patient.site, study_key=secrets.token_hex(32)) for patient in patients
    ]
    Exam.objects.bulk_create(exams)
    Image.objects.bulk_create(
        Image(
            exam=exam, study_key=exam.study_key, series_uid=f"2.25.{number}{series}",
            sop_key=secrets.token_hex(32), sha256="a" * 64, pixel_sha256="b" * 64, analysis_sha256="c" * 64,
            rows=10, columns=10,
        )
        for number, exam in enumerate(exams) for series in (1, 2) for _ in range(2)
    )  # fmt: skip
    return 120


@pytest.mark.parametrize(("level", "tag", "each"), [("studies", "0020000D", 1), ("series", "0020000E", 2),
                                                    ("instances", "00080018", 4)])  # fmt: skip
def test_pages_hold_everything_once_and_in_order(
    api: APIClient, many: int, level: str, tag: str, each: int
) -> None:
    """The answers may be UNAVAILABLE (there are no files): which there are, and in what order, is asked."""
    limit, seen = 50, []
    while page := search(api, f"/dicomweb/{level}", limit=limit, offset=len(seen)):
        assert len(page) <= limit
        seen += [values(one, tag)[0] for one in page]
    assert len(seen) == len(set(seen)) == many * each
    whole = [values(one, tag)[0] for one in search(api, f"/dicomweb/{level}", limit=200)]
    assert whole == seen[: len(whole)]
    beyond = api.get(f"/dicomweb/{level}", {"offset": many * each})
    assert beyond.status_code == 204


@pytest.mark.parametrize("level", ["studies", "series", "instances"])
def test_a_page_is_read_from_an_index_and_not_sorted(many: int, administrator: User, level: str) -> None:
    keys = keys_in_order(visible(administrator), level)[100:121]
    if connection.vendor == "postgresql":  # its planner reads a thousand rows whole, and rightly so
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    plan = keys.explain()
    assert "image_qido" in plan, plan
    assert "TEMP B-TREE" not in plan, plan  # SQLite's word for sorting


@pytest.mark.parametrize("level", ["studies", "series", "instances"])
def test_whoever_pages_through_gets_everything_once_and_walks_nothing_twice(
    api: APIClient, two_patients: list[Patient], level: str
) -> None:
    BOOKMARKS.forget()
    everything = search(api, f"/dicomweb/{level}")
    BOOKMARKS.forget()
    paged: list[dict[str, Any]] = []
    for _ in everything:
        with CaptureQueriesContext(connection) as asked:
            page = search(api, f"/dicomweb/{level}", limit=1, offset=len(paged))
        assert not any("OFFSET" in query["sql"] for query in asked.captured_queries)
        paged += page
    assert paged == everything
    assert search(api, f"/dicomweb/{level}", limit=1, offset=len(everything)) == []


@given(
    st.lists(st.text("abc", min_size=1, max_size=2), unique=True, max_size=12),
    st.lists(st.tuples(st.integers(0, 14), st.integers(1, 5)), max_size=12),
)
def test_pages_in_any_order_are_those_of_the_whole_list(
    keys: list[str], pages: list[tuple[int, int]]
) -> None:
    marks, everything = Bookmarks(), sorted(keys)
    for offset, limit in pages:
        place, mark = marks.nearest("search", offset)
        rest = [key for key in everything if mark is None or (key,) > mark]
        page = rest[offset - place :][:limit]
        assert page == everything[offset : offset + limit]
        if page:
            marks.put("search", offset + len(page), (page[-1],))


def test_a_pseudonym_is_found_by_its_beginning_with_and_without_hyphens(
    api: APIClient, two_patients: list[Patient]
) -> None:
    name = two_patients[0].pseudonym
    for length in range(2, len(name) + 1):
        results = search(api, PatientID=f"{name[:length]}*")
        assert name in [values(one, "00100020")[0] for one in results], length
    assert search(api, PatientID=f"{name.replace('-', '')[:8]}*") == []
