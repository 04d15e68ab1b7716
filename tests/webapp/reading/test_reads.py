"""Blinded reads: assigned, locked once, compared, settled, and made a stage only when somebody says so."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from ml.spec import Stage
from webapp.audit.models import Entry
from webapp.patients import services as patients
from webapp.patients.models import Exam, PathologyStage
from webapp.reading import ranking, reads
from webapp.reading.models import Adjudication, Assignment, QualityRead, StageRead

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(exam, annotator, second_reader, researcher):
    """The exam, given to two readers for both kinds of read."""
    for kind in ("quality", "stage"):
        reads.assign(exams=[exam], kind=kind, readers=[annotator, second_reader], actor=researcher)
    return exam


@pytest.fixture
def staged(exam, annotator, second_reader, researcher):
    """The exam, given to two readers for its stage alone."""
    reads.assign(exams=[exam], kind="stage", readers=[annotator, second_reader], actor=researcher)
    return exam


@pytest.fixture
def judged(exam, annotator, second_reader, researcher):
    """The exam, given to two readers for its quality alone."""
    reads.assign(exams=[exam], kind="quality", readers=[annotator, second_reader], actor=researcher)
    return exam


def lock(client, exam, **answer):
    kind = "quality" if "quality" in answer else "stage"
    return client.post(f"/api/v1/{kind}-reads/", {"exam": str(exam.pk), **answer})


def test_a_researcher_gives_out_exams_by_filter(
    add_exam, client_of, researcher, annotator, second_reader, clinician
):
    pairs = [add_exam(f"A{n}", "HF", "LF") for n in range(3)]
    add_exam("B1", "HF")
    client = client_of(researcher)
    body = {"kind": "stage", "readers": [annotator.pk, second_reader.pk], "limit": 2}
    assert client.post("/api/v1/read-assignments/", body).data == {"made": 4, "exams": 2}
    assert client.post("/api/v1/read-assignments/", body).data == {"made": 2, "exams": 1}
    assert client.post("/api/v1/read-assignments/", body).data == {"made": 0, "exams": 0}
    assert set(Assignment.objects.values_list("exam", flat=True)) == {exam.pk for exam in pairs}
    assert client_of(annotator).post("/api/v1/read-assignments/", body).status_code == 403
    names = {row["name"] for row in client.get("/api/v1/read-assignments/readers/").data}
    assert {"annotator", "second-reader", "clinician"} <= names


def test_an_exam_has_two_readers_and_no_third(both, third_reader, researcher):
    assert reads.assign(exams=[both], kind="stage", readers=[third_reader], actor=researcher) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(exam=both, kind="stage", slot=2, reader=third_reader)


def test_nobody_of_another_site_is_made_a_reader(exam, researcher, client_of, make_user, site_b):
    stranger = make_user("annotator", site_b)
    with pytest.raises(reads.ReaderRefused):
        reads.assign(exams=[exam], kind="stage", readers=[stranger], actor=researcher)
    body = {"kind": "stage", "readers": [stranger.pk], "exams": [str(exam.pk)]}
    assert client_of(researcher).post("/api/v1/read-assignments/", body).status_code == 409
    assert not Assignment.objects.exists()


def test_a_read_is_locked_once_and_stays(both, client_of, annotator):
    client = client_of(annotator)
    assert lock(client, both, stage="S2", seconds=12.5).status_code == 201
    again = lock(client, both, stage="S3")
    assert (again.status_code, again.json()["code"]) == (409, "already-read")
    with pytest.raises(IntegrityError, match="written-once"), transaction.atomic():
        StageRead.objects.update(stage=4)
    with pytest.raises(IntegrityError, match="written-once"), transaction.atomic():
        StageRead.objects.all()._raw_delete("default")
    assert StageRead.objects.get().stage == 2


def test_who_was_not_asked_does_not_read(both, client_of, third_reader, make_user, site_b):
    refused = lock(client_of(third_reader), both, stage="S2")
    assert (refused.status_code, refused.json()["code"]) == (409, "not-assigned")
    assert lock(client_of(make_user("annotator", site_b)), both, stage="S2").status_code == 400


def test_less_than_acceptable_has_a_reason(both, client_of, annotator):
    client = client_of(annotator)
    assert lock(client, both, quality="limited").json()["code"] == "quality-reason-missing"
    assert lock(client, both, quality="limited", reasons=["ghost"]).status_code == 400
    assert lock(client, both, quality="limited", reasons=["blur", "artefact", "blur"]).status_code == 201
    assert QualityRead.objects.get().reasons == ["artefact", "blur"]


def test_what_was_read_is_not_taken_back(both, client_of, annotator, second_reader, researcher):
    lock(client_of(annotator), both, stage=None)
    client = client_of(researcher)
    rows = {row["reader"]: row for row in client.get("/api/v1/read-assignments/?kind=stage").data["results"]}
    assert client.delete(f"/api/v1/read-assignments/{rows['annotator']['id']}/").status_code == 409
    assert client.delete(f"/api/v1/read-assignments/{rows['second-reader']['id']}/").status_code == 200
    assert lock(client_of(second_reader), both, stage="S1").json()["code"] == "not-assigned"


def assignments(client, query=""):
    rows = client.get(f"/api/v1/read-assignments/?kind=stage{query}").data["results"]
    return {row["reader"]: row for row in rows}


def test_who_was_taken_off_an_exam_is_given_it_back(staged, client_of, second_reader, researcher):
    client, reader = client_of(researcher), client_of(second_reader)
    pk = assignments(client)["second-reader"]["id"]
    assert client.delete(f"/api/v1/read-assignments/{pk}/").status_code == 200
    assert set(assignments(client)) == {"annotator"}
    assert set(assignments(client, "&withdrawn=true")) == {"second-reader"}
    assert reader.post(f"/api/v1/read-assignments/{pk}/restore/").status_code == 403
    back = client.post(f"/api/v1/read-assignments/{pk}/restore/")
    assert (back.status_code, back.data["withdrawn_at"]) == (200, None)
    assert client.post(f"/api/v1/read-assignments/{pk}/restore/").status_code == 200, "twice is once"
    assert set(assignments(client)) == {"annotator", "second-reader"}
    assert lock(reader, staged, stage="S1").status_code == 201
    actions = Entry.objects.filter(action__startswith="read.").values_list("action", flat=True)
    assert list(actions.order_by("number")) == ["read.withdrawn", "read.restored"]


def test_two_others_who_read_by_now_are_not_joined_by_a_third(
    staged, client_of, annotator, second_reader, third_reader, researcher, make_user, site_b
):
    client = client_of(researcher)
    pk = assignments(client)["second-reader"]["id"]
    client.delete(f"/api/v1/read-assignments/{pk}/")
    reads.assign(exams=[staged], kind="stage", readers=[third_reader], actor=researcher)
    full = client.post(f"/api/v1/read-assignments/{pk}/restore/")
    assert (full.status_code, full.json()["code"]) == (409, "assignment-not-restored")
    client.delete(f"/api/v1/read-assignments/{assignments(client)['annotator']['id']}/")
    assert client.post(f"/api/v1/read-assignments/{pk}/restore/").status_code == 200, "in the place left"
    client.delete(f"/api/v1/read-assignments/{pk}/")
    reads.assign(exams=[staged], kind="stage", readers=[second_reader], actor=researcher)
    anew = client.post(f"/api/v1/read-assignments/{pk}/restore/")
    assert (anew.status_code, anew.json()["code"]) == (409, "assignment-not-restored")
    second_reader.is_active = False
    second_reader.save()
    client.delete(f"/api/v1/read-assignments/{assignments(client)['second-reader']['id']}/")
    gone = client.post(f"/api/v1/read-assignments/{pk}/restore/")
    assert (gone.status_code, gone.json()["code"]) == (409, "reader-refused")
    elsewhere = client_of(make_user("researcher", site_b))
    assert elsewhere.post(f"/api/v1/read-assignments/{pk}/restore/").status_code == 404


@pytest.mark.parametrize("role", ["researcher", "administrator"])
def test_nobody_ends_ones_own_blind_read_to_look_and_reads_then(
    exam, client_of, make_user, site_a, administrator, role
):
    reader = make_user(role, site_a, username="who-assigns-and-reads")
    patients.record_stage(patient=exam.patient, stage=Stage.S3, source="biopsy", actor=administrator)
    reads.assign(exams=[exam], kind="stage", readers=[reader], actor=reader)
    own, other = client_of(reader), client_of(administrator)
    address = f"/api/v1/read-assignments/{Assignment.objects.get().pk}/"
    refused = own.delete(address)
    assert (refused.status_code, refused.json()["code"]) == (409, "own-assignment")
    assert own.get(f"/api/v1/exams/{exam.pk}/").json()["pathology_stage"] is None
    assert other.delete(address).status_code == 200
    assert own.post(f"{address}restore/").json()["code"] == "own-assignment"
    body = {"kind": "stage", "readers": [reader.pk], "exams": [str(exam.pk)]}
    assert own.post("/api/v1/read-assignments/", body).json()["code"] == "own-assignment"
    assert not Assignment.objects.open().exists()
    assert other.post("/api/v1/read-assignments/", body).data["made"] == 1
    assert lock(own, exam, stage="S3").status_code == 201


def test_the_queue_is_ones_own_and_in_the_wanted_order(
    add_exam, client_of, annotator, second_reader, researcher
):
    exams = [add_exam(f"C{n}", "HF", "LF") for n in range(3)]
    reads.assign(exams=exams, kind="stage", readers=[annotator, second_reader], actor=researcher)
    reads.lock_stage(exam=exams[0], reader=second_reader, stage=Stage.S1)
    client = client_of(annotator)

    def order(name):
        answer = client.get("/api/v1/read-assignments/queue/", {"kind": "stage", "order": name}).data
        assert (answer["open"], answer["done"]) == (3, 0)
        return [row["exam"]["pseudonym"] for row in answer["rows"]]

    names = [exam.patient.pseudonym for exam in exams]
    assert order("assigned") == names
    assert order("least-read") == [names[1], names[2], names[0]]
    known = {exams[2].pk: 1.5, exams[1].pk: 0.2}
    ranking._entropies.append(lambda asked: known)
    try:
        assert order("uncertain") == [names[2], names[1], names[0]]
    finally:
        ranking._entropies.pop()


def test_a_disagreement_is_settled_by_a_third_or_by_both(
    staged, client_of, annotator, second_reader, third_reader
):
    one, two, three = map(client_of, (annotator, second_reader, third_reader))
    body = {"exam": str(staged.pk), "kind": "stage", "stage": "S3", "settling": "third"}
    lock(one, staged, stage="S2")
    assert three.post("/api/v1/adjudications/", body).json()["code"] == "nothing-to-settle"
    lock(two, staged, stage="S3")
    assert one.post("/api/v1/adjudications/", body).json()["code"] == "wrong-settlers"
    alone = {**body, "settling": "joint", "participants": [annotator.pk]}
    assert one.post("/api/v1/adjudications/", alone).json()["code"] == "wrong-settlers"
    (waiting,) = three.get("/api/v1/adjudications/compared/?kind=stage&waiting=true").data
    assert [answer["stage"] for answer in waiting["answers"]] == [2, 3]
    settled = three.post("/api/v1/adjudications/", {**body, "note": "nodular surface"})
    assert settled.status_code == 201
    assert (settled.data["stage"], settled.data["participants"]) == (3, ["third-reader"])
    assert three.post("/api/v1/adjudications/", body).json()["code"] == "nothing-to-settle"
    assert three.get("/api/v1/adjudications/compared/?kind=stage&waiting=true").data == []
    assert reads.consensus_of(staged, "stage") == (True, 3)


def test_both_readers_settle_together(judged, client_of, annotator, second_reader):
    lock(client_of(annotator), judged, quality="acceptable")
    lock(client_of(second_reader), judged, quality="unacceptable", reasons=["artefact"])
    body = {
        "exam": str(judged.pk), "kind": "quality", "quality": "limited", "settling": "joint",
        "participants": [annotator.pk, second_reader.pk],
    }  # fmt: skip
    assert client_of(second_reader).post("/api/v1/adjudications/", body).status_code == 201
    assert reads.consensus_of(judged, "quality") == (True, "limited")
    with pytest.raises(IntegrityError, match="written-once"), transaction.atomic():
        Adjudication.objects.update(quality="acceptable")


def test_who_has_the_quality_yet_to_read_settles_no_stage(both, client_of, annotator, second_reader):
    for reader, stage in ((annotator, "S1"), (second_reader, "S4")):
        lock(client_of(reader), both, stage=stage)
    body = {
        "exam": str(both.pk), "kind": "stage", "stage": "S3", "settling": "joint",
        "participants": [annotator.pk, second_reader.pk],
    }  # fmt: skip
    assert client_of(annotator).post("/api/v1/adjudications/", body).json()["code"] == "nothing-to-settle"
    lock(client_of(annotator), both, quality="acceptable")
    assert client_of(annotator).post("/api/v1/adjudications/", body).status_code == 201


def test_two_who_agree_need_no_third(both, client_of, annotator, second_reader, third_reader):
    for reader in (annotator, second_reader):
        lock(client_of(reader), both, stage="S4")
    body = {"exam": str(both.pk), "kind": "stage", "stage": "S3", "settling": "third"}
    assert client_of(third_reader).post("/api/v1/adjudications/", body).json()["code"] == "nothing-to-settle"
    assert reads.consensus_of(both, "stage") == (True, 4)


def test_the_consensus_becomes_a_stage_only_by_hand_and_leaves_a_biopsy_alone(
    both, client_of, annotator, second_reader, researcher
):
    patients.record_stage(patient=both.patient, stage=Stage.S1, source="biopsy", actor=researcher)
    for reader in (annotator, second_reader):
        lock(client_of(reader), both, stage="S2")
    assert PathologyStage.objects.get().stage == 1, "nothing is recorded by itself"
    client = client_of(researcher)

    def recorded():
        (row,) = client.get("/api/v1/adjudications/compared/?kind=stage").data
        return [(one["stage"], one["source"], one["recorded_by"], one["exam"]) for one in row["recorded"]]

    biopsy = (1, "biopsy", "researcher", None)
    assert recorded() == [biopsy]
    blind = client_of(annotator).get("/api/v1/adjudications/compared/?kind=stage").data
    assert blind == [], "the quality is yet to be read"
    refused = client.post("/api/v1/adjudications/record-stage/", {"exam": str(both.pk)})
    assert (refused.status_code, refused.json()["code"]) == (409, "biopsy-stands")
    done = client.post("/api/v1/adjudications/record-stage/", {"exam": str(both.pk), "replace": True})
    assert (done.status_code, done.data["stage"], done.data["source"]) == (201, 2, "consensus")
    assert Exam.objects.get(pk=both.pk).stage == 2
    assert PathologyStage.objects.current().filter(exam__isnull=True).get().source == "biopsy"
    assert recorded() == [(2, "consensus", "researcher", both.pk), biopsy]
    again = client.post("/api/v1/adjudications/record-stage/", {"exam": str(both.pk)})
    assert again.data["id"] == done.data["id"], "what is recorded is not recorded twice"
    patients.record_stage(patient=both.patient, exam=both, stage=Stage.S3, source="surgery", actor=researcher)
    assert [one[:2] for one in recorded()] == [(3, "surgery"), (1, "biopsy"), (2, "consensus")]


def test_cannot_tell_is_no_stage(both, client_of, annotator, second_reader, researcher):
    for reader in (annotator, second_reader):
        assert lock(client_of(reader), both, stage=None).status_code == 201
    answer = client_of(researcher).post("/api/v1/adjudications/record-stage/", {"exam": str(both.pk)})
    assert answer.json()["code"] == "no-consensus-stage"


def test_agreement_counts_what_both_have_locked(add_exam, client_of, annotator, second_reader, researcher):
    exams = [add_exam(f"D{n}", "HF", "LF") for n in range(5)]
    reads.assign(exams=exams, kind="stage", readers=[annotator, second_reader], actor=researcher)
    answers = [(Stage.S0, Stage.S0), (Stage.S1, Stage.S2), (Stage.S4, Stage.S4), (None, Stage.S3)]
    for exam, (first, second) in zip(exams, answers, strict=False):
        reads.lock_stage(exam=exam, reader=annotator, stage=first)
        reads.lock_stage(exam=exam, reader=second_reader, stage=second)
    reads.lock_stage(exam=exams[4], reader=annotator, stage=Stage.S0)
    found = client_of(researcher).get("/api/v1/adjudications/agreement/?kind=stage").data
    assert (found["exams"], found["patients"], found["cannot_tell"]) == (3, 3, 1)
    assert found["agreement"]["value"] == pytest.approx(2 / 3)
    assert found["kappa"]["value"] == pytest.approx(1 - 3 / 51)
    assert found["table"][1][2] == 1
    progress = {
        row["kind"]: row for row in client_of(researcher).get("/api/v1/read-assignments/progress/").data
    }
    assert progress["stage"] == {
        "kind": "stage", "assigned_exams": 5, "assignments": 10, "done": 9, "both_locked": 4, "disagree": 2,
        "adjudicated": 0,
    }  # fmt: skip


@pytest.mark.parametrize("number", [2**63, -(2**70), 0])
def test_a_reader_whose_number_no_database_holds_is_refused(client_of, researcher, exam, number):
    body = {"kind": "stage", "exams": [str(exam.pk)], "readers": [number]}
    answer = client_of(researcher).post("/api/v1/read-assignments/", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-request")
