"""People at work while something breaks: each act is repeated until it is acknowledged, and then noted.

What was acknowledged (answered with 2xx) must be there afterwards: :meth:`Clinic.missing` looks for it in the
rows and in the files.
"""

from __future__ import annotations

import hashlib
import json
import random
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import requests

from ml.spec import Band
from tests.faults.hospital import Hospital
from tests.faults.house import Refused
from tests.webapp.imaging.files import ultrasound

PAUSE_SECONDS = 1.0
ACTS = ("upload", "label", "outline", "sign")


class Clinic:
    """One thread an act."""

    def __init__(self, hospital: Hospital, *, hurry: str = "") -> None:
        self.hospital = hospital
        self.acknowledged: dict[str, list[dict[str, Any]]] = {act: [] for act in ACTS}
        self.last: dict[str, float] = dict.fromkeys(ACTS, 0.0)  # when last acknowledged, monotonic
        self.wrong: list[str] = []  # answers that no fault excuses
        self.troubles: dict[str, int] = {}  # answers and breaks on the way, by what they were
        self.begun: dict[str, int] = dict.fromkeys(ACTS, 0)  # how often the server was asked
        self._hurry = hurry
        self._stopping = threading.Event()
        self._name = uuid.uuid4().hex[:8]
        self._random = random.Random(self._name)  # no two clinics draw the same outlines
        self._number = 0
        self._threads = [threading.Thread(target=self._work, args=(act,), daemon=True) for act in ACTS]

    def __enter__(self) -> Clinic:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def acknowledged_since(self, moment: float) -> bool:
        """Whether every kind of act was acknowledged after that (monotonic) moment."""
        return all(self.last[act] > moment for act in ACTS)

    def _work(self, act: str) -> None:
        once: Callable[[], Callable[[], dict[str, Any] | None]] = getattr(self, f"_{act}")
        attempt = None
        while not self._stopping.is_set():
            attempt = attempt or once()
            self.begun[act] += 1
            try:
                note = attempt()
            except (requests.RequestException, Refused) as error:
                self._trouble(act, error)
                self._stopping.wait(0.5)
                continue
            if note is not None:
                self.acknowledged[act].append(note)
                self.last[act] = time.monotonic()
            attempt = None
            self._stopping.wait(0.0 if act == self._hurry else PAUSE_SECONDS * self._random.uniform(0.5, 1.5))

    def _trouble(self, act: str, error: Exception) -> None:
        what = str(error.status) if isinstance(error, Refused) else type(error).__name__
        self.troubles[f"{act}: {what}"] = self.troubles.get(f"{act}: {what}", 0) + 1
        # Refusals other than "not now" would be repeated for ever; no fault explains them.
        if isinstance(error, Refused) and error.status not in (500, 502, 503, 504, 507, 429):
            self.wrong.append(f"{act}: {error}")

    # --- one act: what is returned is called until it is acknowledged

    def _upload(self) -> Callable[[], dict[str, Any] | None]:
        self._number += 1
        number = int(self._name, 16) * 1000 + self._number
        content = ultrasound(
            patient=f"N{number}", study=f"1.7.{number}", band=Band.HF, seed=number % 9_999_991
        )

        def send() -> dict[str, Any]:
            upload = self.hospital.researcher.post("uploads/")["id"]
            path = f"uploads/{upload}/files/"
            row = self.hospital.researcher.send_file(path, "n.dcm", content)["results"][0]
            if row["outcome"] not in ("accepted", "duplicate"):
                self.wrong.append(f"upload: {row['outcome']} {row['code']}")
            return {"image": row["image_id"], "patient": row["patient_id"]}

        return send

    def _label(self) -> Callable[[], dict[str, Any] | None]:
        patient = self._random.choice(self.hospital.patients)
        stage = {"stage": f"S{self._random.randrange(5)}", "source": "biopsy"}
        return lambda: self.hospital.annotator.post(f"patients/{patient}/stage/", stage)

    def _outline(self) -> Callable[[], dict[str, Any] | None]:
        image = self._random.choice(self.hospital.images)
        x, y = self._random.uniform(1, 40), self._random.uniform(1, 40)
        polygons = [[[x, y], [x + 50, y], [x + 50, y + 40]]]
        key = str(uuid.uuid4())

        def save() -> dict[str, Any]:
            door = self.hospital.annotator
            rows = door.get(f"outlines/?image={image}")["results"]
            wanted = {
                "image": image, "polygons": polygons, "key": key,
                "made_from": rows[0]["revision"] if rows else 0,
            }  # fmt: skip
            saved = door.post("outlines/", wanted)
            return {"outline": saved["id"], "key": key, "polygons": polygons}

        return save

    def _sign(self) -> Callable[[], dict[str, Any] | None]:
        exam = self.hospital.exams[0]

        def sign() -> dict[str, Any]:
            """Amend the newest report and sign that; or sign the draft that is open already."""
            door = self.hospital.clinician
            drafts = door.get(f"reviews/?exam={exam}")["results"]
            if not drafts:
                report = door.get(f"reports/?exam={exam}&current=true")["results"][0]
                drafts = [door.post(f"reports/{report['id']}/amend/", {"reason": "Again"})]
            signed = self.hospital.sign(drafts[0])
            return {"report": signed["id"], "hash": signed["content_hash"]}

        return sign

    # --- afterwards

    def missing(self) -> list[str]:
        """What was acknowledged and is not there, or is there in another shape."""
        gone: list[str] = []
        for act in ACTS:
            look: Callable[[dict[str, Any]], bool] = getattr(self, f"_has_{act}")
            gone += [f"{act} {note}" for note in self.acknowledged[act] if not look(note)]
        return gone

    def _has_upload(self, note: dict[str, Any]) -> bool:
        house = self.hospital.house
        rows = house.rows("SELECT sha256 FROM imaging_image WHERE id = ?", uuid.UUID(note["image"]))
        if len(rows) != 1:
            return False
        path = house.home / "storage" / "images" / rows[0][0][:2] / rows[0][0]
        return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == rows[0][0]

    def _has_label(self, note: dict[str, Any]) -> bool:
        query = "SELECT count(*) FROM patients_pathologystage WHERE id = ?"
        return bool(self.hospital.house.rows(query, uuid.UUID(note["id"])) == [(1,)])

    def _has_outline(self, note: dict[str, Any]) -> bool:
        query = "SELECT polygons FROM reading_outlinerevision WHERE outline_id = ? AND key = ?"
        rows = self.hospital.house.rows(query, uuid.UUID(note["outline"]), uuid.UUID(note["key"]))
        polygons = [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in rows]
        return polygons == [note["polygons"]] or _close(polygons, note["polygons"])

    def _has_sign(self, note: dict[str, Any]) -> bool:
        """Its content is looked at by ``verify_reports``, all reports at once."""
        query = "SELECT content_hash FROM staging_report WHERE id = ?"
        return bool(self.hospital.house.rows(query, uuid.UUID(note["report"])) == [(note["hash"],)])


def _close(found: list[Any], wanted: Any) -> bool:
    """The same corners to a hundredth of a pixel: the server keeps no more."""
    if len(found) != 1 or len(found[0]) != len(wanted):
        return False
    return all(
        abs(a - b) < 0.02
        for kept, sent in zip(found[0], wanted, strict=True)
        for left, right in zip(kept, sent, strict=True)
        for a, b in zip(left, right, strict=True)
    )
