"""The audit log keeps what it was given, and shows what was done to it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from webapp.audit import exporting, services, triggers
from webapp.audit.models import Entry, Head

pytestmark = pytest.mark.django_db


def drop_triggers():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER audit_entry_append_only ON audit_entry")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


@pytest.fixture
def three(clinician, site_a):
    return [
        services.record(actor=clinician, action=f"exam.read-{n}", object=site_a, site=site_a, detail={"n": n})
        for n in range(3)
    ]


def test_rows_are_numbered_and_chained(three):
    assert [entry.number for entry in three] == [1, 2, 3]
    assert three[2].previous_hash == three[1].hash
    assert list(services.broken_links()) == []


@pytest.mark.parametrize("change", [lambda q: q.update(actor_name="nobody"), lambda q: q.delete()])
def test_the_database_refuses_to_change_a_row(three, change):
    with pytest.raises(DatabaseError, match="audit log"), transaction.atomic():
        change(Entry.objects.filter(number=2))


def test_an_altered_row_is_found(three):
    drop_triggers()
    Entry.objects.filter(number=2).update(action="exam.never-read")
    assert [number for number, _ in services.broken_links()] == [2]
    triggers.install()


def test_a_removed_row_is_found_in_the_middle_and_at_the_end(three):
    drop_triggers()
    Entry.objects.filter(number=2)._raw_delete("default")
    assert next(services.broken_links())[0] == 2
    Entry.objects.filter(number=3)._raw_delete("default")
    assert "3 rows were written" in list(services.broken_links())[-1][1]


def test_an_act_that_is_rolled_back_leaves_no_row(clinician):
    with transaction.atomic():
        services.record(actor=clinician, action="x.y")
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


def test_acts_of_a_long_transaction_are_chained_at_its_end(three, clinician):
    with services.at_the_end():
        first = services.record(actor=clinician, action="x.first")
        with services.at_the_end():
            services.record(actor=clinician, action="x.second")
        assert (first.number, Entry.objects.count(), Head.objects.get().number) == (None, 3, 3)
    assert list(Entry.objects.values_list("number", "action")[:2]) == [(5, "x.second"), (4, "x.first")]
    assert services.record(actor=None, action="x.third").number == 6
    assert list(services.broken_links()) == []


def test_acts_of_a_long_transaction_that_fails_leave_no_row(three):
    def fail():
        with services.at_the_end():
            services.record(actor=None, action="x.y")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert services.record(actor=None, action="x.z").number == 4


def test_administrators_search_the_log(client_of, administrator, clinician, three):
    client = client_of(administrator)
    rows = client.get("/api/v1/audit/?action=exam.read").json()["results"]
    assert [row["number"] for row in rows] == [3, 2, 1]
    assert rows[0]["site"] == "A"
    assert client.get("/api/v1/audit/?object_id=unknown").json()["results"] == []
    assert client_of(clinician).get("/api/v1/audit/").status_code == 403


def exported(answer):
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("batch", [1, 2, 2000])
def test_the_log_is_exported_as_it_was_searched_and_that_is_in_the_log(
    client_of, administrator, three, batch, monkeypatch
):
    monkeypatch.setattr(exporting, "BATCH", batch)
    answer = client_of(administrator).get("/api/v1/audit/export/?action=exam.read")
    assert answer["Content-Disposition"] == 'attachment; filename="audit-log-4.csv"'
    rows = exported(answer)
    assert [(row["number"], row["action"], row["site"]) for row in rows] == [
        (str(n + 1), f"exam.read-{n}", "A") for n in (2, 1, 0)
    ]
    assert [row["hash"] for row in rows] == [entry.hash for entry in reversed(three)]
    own = Entry.objects.get(action="audit.exported")
    assert (own.number, own.actor, own.detail) == (4, administrator, {"filter": {"action": "exam.read"}})
    assert list(services.broken_links()) == []


def test_an_export_is_for_administrators_and_leaves_no_row_for_others(client_of, clinician, three):
    assert client_of(clinician).get("/api/v1/audit/export/").status_code == 403
    assert client_of(None).get("/api/v1/audit/export/").status_code == 401
    assert Entry.objects.count() == 3


def test_a_spreadsheet_calculates_with_nothing_that_is_exported(client_of, administrator, make_user, site_a):
    services.record(actor=make_user("clinician", site_a, username="=1+1"), action="x.y")
    rows = exported(client_of(administrator).get("/api/v1/audit/export/"))
    assert [row["actor"] for row in rows] == ["'=1+1"]


@pytest.mark.parametrize(("text", "found"), [("READ-1", [2]), ("clinician", [3, 2, 1]), ("nothing", [])])
def test_a_word_is_looked_for_everywhere(client_of, administrator, three, text, found):
    rows = client_of(administrator).get("/api/v1/audit/", {"search": text}).json()["results"]
    assert [row["number"] for row in rows] == found


def test_the_verifier_says_which_row(three, capsys):
    call_command("verify_audit")
    assert "3 rows, all as they were written." in capsys.readouterr().out
    drop_triggers()
    Entry.objects.filter(number=2).update(actor_name="nobody")
    with pytest.raises(SystemExit):
        call_command("verify_audit")
    assert "row 2: was altered" in capsys.readouterr().err


@pytest.fixture
def long_log(clinician):
    """Four thousand rows, one a minute; one in a thousand is of another person and another kind."""
    start = datetime(2024, 1, 1, tzinfo=UTC)
    Entry.objects.bulk_create(
        Entry(
            number=number,
            at=start + timedelta(minutes=number),
            actor=clinician,
            actor_name="auditor" if number % 1000 == 0 else "clinician",
            action="patient.reidentified" if number % 1000 == 0 else "image.stored",
            previous_hash="0" * 64,
            hash=f"{number:064d}",
        )
        for number in range(1, 4001)
    )
    Head.objects.update_or_create(id=1, defaults={"number": 4000, "hash": f"{4000:064d}"})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_entry")


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"actor_name": "auditor"}, "audit_actor_name"),
        ({"actor_name": "nobody"}, "audit_actor_name"),
        ({"action": "patient."}, "audit_action"),
        ({"after": "2024-01-01T10:00:00Z", "before": "2024-01-01T11:00:00Z"}, "audit_at"),
        ({"before": "2024-01-01T11:00:00Z"}, "audit_at"),
    ],
)
def test_a_search_for_what_is_rare_or_long_ago_reads_no_whole_log(
    client_of, administrator, long_log, query, index
):
    client = client_of(administrator)
    with CaptureQueriesContext(connection) as asked:
        found = client.get("/api/v1/audit/", query).json()["results"]
    if "actor_name" in query or "action" in query:
        wanted = [4000, 3000, 2000, 1000] if query.get("actor_name") != "nobody" else []
        assert [row["number"] for row in found] == wanted
    else:
        assert found[0]["number"] == 659
    (sql,) = [one["sql"] for one in asked.captured_queries if 'FROM "audit_entry"' in one["sql"]]
    if index == "audit_action" and connection.vendor == "sqlite":
        return  # its LIKE takes no account of case, so that its indexes do not serve it
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{sql}")
        plan = "\n".join(str(row) for row in cursor.fetchall())
    assert index in plan, plan
