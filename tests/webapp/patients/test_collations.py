"""Beginnings are found whole and through an index whatever the database's collation, on real clusters."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from tests.webapp.postgres import Postgres, programs
from webapp.accounts.models import Site
from webapp.audit.models import Entry
from webapp.imaging.dicomweb.matching import _text
from webapp.patients.models import Patient
from webapp.patients.pseudonyms import ALPHABET

# As docker/compose.yaml makes it; as the image made it before; and one where Z comes before T.
COLLATIONS = {
    "C": ("--locale=C.UTF-8", "--lc-collate=C"),
    "Estonian": ("--locale-provider=icu", "--icu-locale=et", "--locale=C.UTF-8"),
}


@pytest.fixture(params=COLLATIONS)
def collated(request: pytest.FixtureRequest) -> Iterator[str]:
    """The alias of an empty database with the tables of patients and of the audit log."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    server = Postgres(*COLLATIONS[request.param]).start()
    server.database("hepastage")
    where = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "hepastage",
        "USER": "hepastage",
        "PASSWORD": "",
    }
    address = {"HOST": "127.0.0.1", "PORT": server.port, "OPTIONS": {}, "CONN_MAX_AGE": 0}
    connection = DatabaseWrapper({**connections["default"].settings_dict, **where, **address}, "collated")
    connections["collated"] = connection
    try:
        with connection.schema_editor() as editor:
            for model in (Site, Patient):
                editor.create_model(model)
        with connection.cursor() as cursor:  # its other columns refer to tables that are not here
            cursor.execute("CREATE TABLE audit_entry (number bigint PRIMARY KEY, action varchar(80))")
        with connection.schema_editor() as editor:
            (index,) = (one for one in Entry._meta.indexes if one.name == "audit_action")
            editor.add_index(Entry, index)
        yield "collated"
    finally:
        connection.close()
        del connections["collated"]
        server.stop()


@pytest.mark.django_db
def test_beginnings_are_whole_and_come_from_an_index(collated: str) -> None:
    drawn = random.Random(7)
    parts = [["".join(drawn.choices(ALPHABET, k=4)) for _ in range(3)] for _ in range(5_000)]
    names = sorted({"P-" + "-".join(three) for three in parts})
    site = Site.objects.using(collated).create(code="A", name="A")
    Patient.objects.using(collated).bulk_create(
        [Patient(site=site, pseudonym=name, identity_key=name) for name in names], batch_size=5000
    )
    patients = Patient.objects.using(collated).order_by()
    with connections[collated].cursor() as cursor:
        cursor.execute("INSERT INTO audit_entry SELECT n, 'image.' || n % 50 FROM generate_series(1, 5000) n")
        cursor.execute("INSERT INTO audit_entry VALUES (5001, 'patient.merged')")
        cursor.execute("ANALYZE")
    for typed in ("A", "p-t4", "Z", "TZ", names[500][:9], names[500]):
        begins = "P-" + typed.upper().removeprefix("P-")
        wanted = [name for name in names if name.startswith(begins)]
        for found in (patients.called(typed), patients.filter(_text("pseudonym", f"{begins}*"))):
            assert sorted(found.values_list("pseudonym", flat=True)) == wanted
            assert "patient_pseudonym_search" in found.explain(), typed
    narrow = patients.filter(_text("pseudonym", "P-T?Z*"))
    assert sorted(narrow.values_list("pseudonym", flat=True)) == [
        n for n in names if n[2] == "T" and n[4] == "Z"
    ]
    assert "patient_pseudonym_search" in narrow.explain()
    actions = Entry.objects.using(collated).filter(action__startswith="patient.").order_by()
    assert list(actions.values_list("number", flat=True)) == [5001]
    assert "audit_action" in actions.values("number").explain()
