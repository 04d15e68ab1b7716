"""Lists at a thousand, a hundred thousand and a million rows: ``python -m tests.bench worklist``.

On a PostgreSQL that the bench starts and removes. Every filter and order that the worklist offers, the
lists of patients and images, QIDO-RS at its three levels, and the search of the audit log: asked through
the whole of Django (middleware, permissions, serializers) without a socket, ``--times`` times each, by a
clinician of one site of 70 %, by one of a site of a ten-thousandth, and by an administrator who sees all.
``deep`` is a page from the middle of the list. One JSON line per request and size: median and 95th
percentile in milliseconds, and the number of SQL queries.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

SIZES = (1_000, 100_000, 1_000_000)
PAGE = "page_size=50"
WORKLIST = {
    "worklist": "",
    "worklist, site": "site=BIG",
    "worklist, tiny site": "site=TINY",
    "worklist, stage": "stage=4",
    "worklist, staged": "staged=yes",
    "worklist, not staged": "staged=no",
    "worklist, pair": "has_pair=yes",
    "worklist, no pair": "has_pair=no",
    "worklist, pseudonym": "search=P-AB",
    "worklist, waiting for review": "review=waiting",
    "worklist, signed": "review=signed",
    "worklist, disagreement": "review=disagreement",
    "worklist, waiting and pair and stage": "review=waiting&has_pair=yes&stage=4",
    "worklist, by date": "ordering=exam_date",
    "worklist, by date, newest": "ordering=-exam_date",
    "worklist, oldest": "ordering=created_at",
}
PATIENTS = {
    "patients": "",
    "patients, site": "site=TINY",
    "patients, stage": "stage=4",
    "patients, pseudonym": "search=P-AB",
}
IMAGES = {"images": "", "images, band": "band=LF"}
AUDIT = {
    "audit": "",
    "audit, rare person": "actor_name=auditor",
    "audit, rare action": "action=patient.",
    "audit, kind of object": "object_type=patients.exam",
    "audit, between times": "after=2015-01-02T00:00:00Z&before=2015-01-03T00:00:00Z",
    "audit, nobody": "actor_name=stranger",
}
QIDO = {
    "QIDO-RS studies": "studies?limit=50",
    "QIDO-RS studies, deep": "studies?limit=50&offset={half}",
    "QIDO-RS studies, patient": "studies?limit=50&PatientID=P-AB*",
    "QIDO-RS studies, date": "studies?limit=50&StudyDate=20150102",
    "QIDO-RS series": "series?limit=50",
    "QIDO-RS instances": "instances?limit=50",
}
ONE_SITE, TINY, ADMINISTRATOR = "clinician of one site", "clinician of a tiny site", "administrator"


def main(argv: list[str]) -> int:
    options = argparse.ArgumentParser(prog="python -m tests.bench worklist")
    options.add_argument("--rows", type=int, nargs="*", default=list(SIZES))
    options.add_argument("--times", type=int, default=20, help="requests of each kind that are measured")
    options.add_argument("--only", default="", help="measure what begins with this")
    chosen = options.parse_args(argv)
    from tests.webapp.postgres import Postgres

    server = Postgres().start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.environ |= {
                "HEPASTAGE_HOME": folder,
                "DATABASE_URL": server.database("bench"),
                "DJANGO_SETTINGS_MODULE": "webapp.settings",
                "LOG_LEVEL": "ERROR",
                "SECRET_KEY": secrets.token_urlsafe(48),
                "IDENTITY_KEY": secrets.token_urlsafe(48),
            }
            for line in measured(sorted(chosen.rows), chosen.times, chosen.only):
                print(json.dumps({"bench": "worklist"} | line), flush=True)
    finally:
        server.stop()
    return 0


def measured(sizes: list[int], times: int, only: str) -> Iterator[dict[str, Any]]:
    """Grow the hospital to each size; ask everything at each."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}
    call_command("migrate", verbosity=0)
    hospital, clients = _hospital()
    for size in sizes:
        began = time.perf_counter()
        hospital.grow(size)
        yield {"what": "seeded", "rows": size, "seconds": round(time.perf_counter() - began, 1)}
        for what, who, address in _requests(size):
            if what.startswith(only):
                yield {"what": what, "who": who, "rows": size} | _asked(clients[who], address, times)


def _hospital() -> tuple[Any, dict[str, Any]]:
    from rest_framework.test import APIClient

    from tests.bench.seeded_rows import SHARES, Hospital
    from tests.webapp.imaging.files import ultrasound
    from webapp.accounts.models import Site, User
    from webapp.accounts.roles import Role
    from webapp.datasets.models import DatasetVersion
    from webapp.imaging.models import Image
    from webapp.imaging.preparation import shared_reader
    from webapp.imaging.services import ingest_file, start_upload
    from webapp.training.models import ModelVersion

    sites = {code: Site.objects.create(code=code, name=code.title()) for code in SHARES}
    people = {
        ONE_SITE: (Role.CLINICIAN, ["BIG"]),
        TINY: (Role.CLINICIAN, ["TINY"]),
        ADMINISTRATOR: (Role.ADMINISTRATOR, list(SHARES)),
    }
    clients = {}
    for number, (who, (role, codes)) in enumerate(people.items()):
        user = User.objects.create(username=f"user-{number}", role=role)
        user.sites.set([sites[code] for code in codes])
        clients[who] = APIClient()
        clients[who].force_authenticate(user)
    upload = start_upload(site=sites["BIG"], actor=None)
    ingest_file(upload=upload, name="one.dcm", data=ultrasound(), actor=None)
    shared_reader().close()
    image = Image.objects.get()
    _forget(image)
    version = DatasetVersion.objects.create(name="Bench", version=1)
    model = ModelVersion.objects.create(
        name="Bench", evaluated_on=version, path="none", digest="0" * 64, sha256="0" * 64,
        architecture="fused", protocol="strict", dataset_hash="0" * 64,
    )  # fmt: skip
    return Hospital(sites, User.objects.get(username="user-0"), image, model), clients


def _forget(image: Any) -> None:
    """Leave the stored file and empty the tables: the seeded rows share the file, and count from 1."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE patients_patient, audit_entry, audit_head CASCADE")


def _requests(size: int) -> Iterator[tuple[str, str, str]]:
    """``(what, who, address)`` of everything that is measured."""
    for who in (ONE_SITE, TINY, ADMINISTRATOR):
        for what, query in WORKLIST.items():
            if who == ADMINISTRATOR or "site" not in what:
                yield what, who, f"/api/v1/exams/?{PAGE}&{query}"
        for what, query in PATIENTS.items():
            if who == ADMINISTRATOR or "site" not in what:
                yield what, who, f"/api/v1/patients/?{PAGE}&{query}"
        for what, query in IMAGES.items():
            yield what, who, f"/api/v1/images/?{PAGE}&{query}"
        for what, query in QIDO.items():
            yield what, who, "/dicomweb/" + query.format(half=size // 4)
    for what, query in AUDIT.items():
        yield what, ADMINISTRATOR, f"/api/v1/audit/?{PAGE}&{query}"


def _asked(client: Any, address: str, times: int) -> dict[str, Any]:
    """Median and 95th percentile of ``times`` requests after the first; of fewer where each takes long."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        answer = client.get(address, HTTP_ACCEPT="application/json, application/dicom+json")
    sql = [1000 * float(query["time"]) for query in seen.captured_queries]  # the next request empties it
    if answer.status_code not in (200, 204):
        raise RuntimeError(f"{address}: {answer.status_code} {answer.content[:300]!r}")
    taken: list[float] = []
    give_up = time.perf_counter() + 20
    while len(taken) < times and (len(taken) < 3 or time.perf_counter() < give_up):
        began = time.perf_counter()
        client.get(address, HTTP_ACCEPT="application/json, application/dicom+json")
        taken.append(1000 * (time.perf_counter() - began))
    p95 = statistics.quantiles(taken, n=20, method="inclusive")[-1]
    return {
        "p50_ms": round(statistics.median(taken), 1),
        "p95_ms": round(p95, 1),
        "queries": len(sql),
        "first_sql_ms": round(sum(sql), 1),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
