"""Rows of a big hospital, written by COPY: patients, exams, images, stagings, reports, and the audit log.

Nothing here goes through the services, which would take days: the rows are what the services would have
written, as far as a list can see. All images are one stored file. Hashes of the seeded audit rows are
unique and form no chain.
"""

from __future__ import annotations

import hashlib
import random
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, models

FIRST = datetime(2015, 1, 1, tzinfo=UTC)
SHARES = {"BIG": 0.7, "MIDDLE": 0.25, "OTHER": 0.0499, "TINY": 0.0001}  # of all exams, by site
STAGED, SIGNED, OTHERWISE = 0.6, 0.9, 0.08  # of exams; of those answered; of those signed
ACTIONS = ("image.stored", "exam.viewed", "stage.recorded", "staging.answered", "report.signed")


@dataclass
class Hospital:
    """What the rows refer to: made once with the services, before the first COPY."""

    sites: dict[str, Any]
    actor: Any
    image: Any  # the stored file that all images share, as a row
    model: Any
    rows: int = 0
    random: random.Random = field(default_factory=lambda: random.Random(7))

    def grow(self, rows: int) -> None:
        """Write exams, images and audit rows until there are ``rows`` of each; half as many patients."""
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        for first in range(self.rows, rows, 100_000):
            self._write(range(first, min(first + 100_000, rows)))
        self.rows = rows
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def _write(self, numbers: range) -> None:
        from webapp.audit.models import Entry, Head
        from webapp.imaging.models import Image, ImagePair
        from webapp.jobs.models import Job
        from webapp.patients.models import Exam, PathologyStage, Patient
        from webapp.staging.models import Report, Review, Staging

        tables: dict[Any, list[dict[str, Any]]] = {
            table: [] for table in (Patient, PathologyStage, Exam, Image, ImagePair, Job, Staging, Review,
                                    Report, Entry)
        }  # fmt: skip
        patient: dict[str, Any] = {}
        head = Head.objects.filter(id=1).first()  # what was asked before was audited too
        first = head.number + 1 if head else 1
        for number in numbers:
            if number % 2 == 0:
                patient = self._patient(number, tables[Patient], tables[PathologyStage])
            exam = self._exam(number, patient, tables[Exam], tables[Image], tables[ImagePair])
            self._answers(exam, patient, tables)
            tables[Entry].append({**self._act(number, exam), "number": first + number - numbers.start})
        for table, rows in tables.items():
            copy(table, rows)
        last = tables[Entry][-1]
        Head.objects.update_or_create(id=1, defaults={"number": last["number"], "hash": last["hash"]})

    def _patient(self, number: int, patients: list[Any], stages: list[Any]) -> dict[str, Any]:
        chosen = self.random.choices(list(SHARES), list(SHARES.values()))[0]
        made = FIRST + timedelta(minutes=5 * number)
        key = hashlib.sha256(f"patient {number}".encode()).hexdigest()
        name = f"P-{key[:4]}-{key[4:8]}-{key[8:12]}".upper()
        row = {"id": uuid.UUID(int=self.random.getrandbits(128), version=4), "site_id": self.sites[chosen].pk,
               "pseudonym": name, "identity_key": key, "sex": self.random.choice("FM"), "created_at": made,
               "simulated": True}  # fmt: skip
        patients.append(row)
        stage = self.random.choices([0, 1, 2, 3, 4, None], [9, 9, 9, 9, 4, 60])[0]
        if stage is not None:
            stages.append({"id": uuid.uuid4(), "patient_id": row["id"], "stage": stage, "source": "biopsy",
                           "recorded_by_id": self.actor.pk, "recorded_at": made})  # fmt: skip
        return {**row, "stage": stage}

    def _exam(
        self, number: int, patient: dict[str, Any], exams: list[Any], images: list[Any], pairs: list[Any]
    ) -> dict[str, Any]:
        """Of six exams two have a pair, two one band, and two no image yet: as many images as exams."""
        made = FIRST + timedelta(minutes=5 * number)
        key = hashlib.sha256(f"exam {number}".encode()).hexdigest()
        paired, single = number % 6 in (0, 2), number % 6 in (1, 4)
        row = {"id": uuid.UUID(int=self.random.getrandbits(128), version=4), "patient_id": patient["id"],
               "site_id": patient["site_id"], "study_key": key, "age_years": 50,
               "exam_date": date(2015, 1, 1) + timedelta(days=number // 288 + number % 2),
               "image_count": 2 if paired else int(single), "stage": patient["stage"], "created_at": made,
               "hf_count": int(paired or single), "lf_count": int(paired)}  # fmt: skip
        exams.append(row)
        bands = ("HF", "LF") if paired else ("HF",) if single else ()
        own = [self._image(row, band, made) for band in bands]
        images += own
        if paired:
            pairs.append({"id": uuid.uuid4(), "exam_id": row["id"], "hf_id": own[0]["id"],
                          "lf_id": own[1]["id"], "created_at": made})  # fmt: skip
        return row

    def _image(self, exam: dict[str, Any], band: str, made: datetime) -> dict[str, Any]:
        same = ("sha256", "pixel_sha256", "analysis_sha256", "rows", "columns", "band_confidence")
        return {name: getattr(self.image, name) for name in same} | {
            "id": uuid.UUID(int=self.random.getrandbits(128), version=4), "exam_id": exam["id"],
            "sop_key": hashlib.sha256(f"{exam['study_key']}{band}".encode()).hexdigest(),
            "study_key": exam["study_key"], "series_uid": f"2.25.{uuid.UUID(exam['study_key'][:32]).int}",
            "band": band, "released": True, "simulated": True, "created_at": made,
        }  # fmt: skip

    def _answers(self, exam: dict[str, Any], patient: dict[str, Any], tables: dict[Any, list[Any]]) -> None:
        """A staging that answered, and its signed report."""
        by_name = {table.__name__: rows for table, rows in tables.items()}
        draw = self.random.random
        if draw() > STAGED:
            return
        job, staging, review = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
        made = exam["created_at"]
        result = {"stage": "S2", "probabilities": {f"S{n}": 0.2 for n in range(5)}}
        by_name["Job"].append(
            {"id": job, "kind": "staging.stage", "queue": "gpu.infer", "state": "succeeded", "title": "Stage",
             "created_at": made, "queued_at": made, "finished_at": made, "created_by_id": self.actor.pk}
        )  # fmt: skip
        by_name["Staging"].append(
            {"id": staging, "exam_id": exam["id"], "model_id": self.model.pk, "job_id": job, "result": result,
             "seconds": 0.1, "created_by_id": self.actor.pk, "created_at": made}
        )  # fmt: skip
        if draw() > SIGNED:
            return
        said = {"decision": "change" if draw() < OTHERWISE else "agree", "stage": 2, "created_at": made}
        by_name["Review"].append(
            {"id": review, "staging_id": staging, "reviewer_id": self.actor.pk, "updated_at": made,
             "signed_at": made, **said}
        )  # fmt: skip
        by_name["Report"].append(
            {"id": uuid.uuid4(), "exam_id": exam["id"], "staging_id": staging, "review_id": review,
             "version": 1, "content": "{}", "content_hash": uuid.uuid4().hex, "simulated": True,
             "signed_by_id": self.actor.pk, **said}
        )  # fmt: skip

    def _act(self, number: int, exam: dict[str, Any]) -> dict[str, Any]:
        rare = number % 10_007 == 0
        return {
            "at": exam["created_at"], "actor_id": None if rare else self.actor.pk,
            "actor_name": "auditor" if rare else self.actor.username,
            "action": "patient.reidentified" if rare else ACTIONS[number % len(ACTIONS)],
            "object_type": "patients.exam", "object_id": str(exam["id"]), "site_id": exam["site_id"],
            "address": "127.0.0.1", "previous_hash": "0" * 64,
            "hash": hashlib.sha256(f"entry {number}".encode()).hexdigest(),
        }  # fmt: skip


def copy(table: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Write rows with ``COPY … FROM STDIN``; a column that they leave out gets the field's default."""
    fields = [one for one in table._meta.concrete_fields if not one.generated]
    columns = ", ".join(connection.ops.quote_name(one.column) for one in fields)
    defaults = {one.attname: one.get_db_prep_save(one.get_default(), connection) for one in fields}
    json_fields = {one.attname: one for one in fields if isinstance(one, models.JSONField)}

    def values() -> Iterator[list[Any]]:
        for row in rows:
            ready = {name: json_fields[name].get_db_prep_save(row[name], connection)
                     for name in json_fields.keys() & row.keys()}  # fmt: skip
            yield [(defaults | row | ready)[one.attname] for one in fields]

    with connection.cursor() as cursor:
        order = f"COPY {connection.ops.quote_name(table._meta.db_table)} ({columns}) FROM STDIN"
        with cursor.copy(order) as stream:
            for row in values():
                stream.write_row(row)
