"""A small labelled hospital in a house, a training that nothing disturbed, and the model it left in use.

The pictures are speckle: what a network learns from them is no matter, only that it learns the same again.
"""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

from tests.faults.house import SETTLED, Door, FaultHouse
from tests.waiting import wait_until
from tests.webapp.imaging.files import PROBES, ultrasound

PATIENTS = 15
# Ten epochs of some tenths of a second: long enough to be hit, short enough to be repeated often.
SPEC: dict[str, Any] = {
    "architecture": "hf",
    "transfer": {"first": False, "second": False},
    "augmentation": {"policy": "none"},
    "precision": "fp32",
    "epochs": 10,
    "patience": 10,
    "batch_size": 4,
    "seed": 3,
}
TIMES = {"seconds", "at", "images_per_second"}  # what differs between two equal trainings


class Hospital:
    """``reference``: what an uninterrupted training of :data:`SPEC` gives."""

    def __init__(self, house: FaultHouse) -> None:
        self.house = house
        self.researcher = Door(house.url, "researcher")
        self.annotator = Door(house.url, "annotator")
        self.clinician = Door(house.url, "clinician")
        self._take_in()
        self.dataset = self._freeze()
        reference = self.launch("undisturbed")
        self.wait_settled(reference["job"]["id"], seconds=240)
        self.reference = self.outcome(reference)
        assert self.reference["state"] == "succeeded", self.reference
        model = self.researcher.get(f"runs/{reference['id']}/")["model"]
        self.researcher.post(f"models/{model}/promote/", {"alias": "champion"})
        self.report = self._first_report()

    def _take_in(self) -> None:
        upload = self.researcher.post("uploads/")["id"]
        self.patients: list[str] = []
        self.exams: list[str] = []
        self.images: list[str] = []
        for number in range(PATIENTS):
            for place, band in enumerate(PROBES):
                content = ultrasound(
                    patient=f"P{number}", study=f"1.2.{number + 1}", band=band, seed=2 * number + place + 1
                )
                row = self.researcher.send_file(f"uploads/{upload}/files/", "x.dcm", content)["results"][0]
                assert row["outcome"] == "accepted", row
                self.images.append(row["image_id"])
            self.patients.append(row["patient_id"])
            self.exams.append(row["exam_id"])
            label = {"stage": f"S{number % 5}", "source": "biopsy"}
            self.annotator.post(f"patients/{row['patient_id']}/stage/", label)

    def _freeze(self) -> str:
        dataset = self.researcher.post("datasets/", {"name": "Frozen"})
        self.wait_settled(dataset["job"], seconds=120)
        return str(dataset["id"])

    def _first_report(self) -> str:
        """Signed once, to be amended again and again."""
        staging = self.clinician.post("stagings/", {"exam": self.exams[0]})
        assert self.wait_settled(staging["job"], seconds=120) == "succeeded"
        wanted = {"staging": staging["id"], "decision": "agree"}
        return str(self.sign(self.clinician.post("reviews/", wanted))["id"])

    def sign(self, review: dict[str, Any]) -> dict[str, Any]:
        from tests.browser.house import PASSWORD

        signed: dict[str, Any] = self.clinician.post(
            f"reviews/{review['id']}/sign/", {"password": PASSWORD, "revision": review["revision"]}
        )
        return signed

    def launch(self, name: str, **spec: Any) -> dict[str, Any]:
        """A queued run of :data:`SPEC`, but for what is said otherwise."""
        wanted = {"name": name, "dataset": self.dataset, "spec": SPEC | spec}
        launched: dict[str, Any] = self.researcher.post("runs/", wanted)
        return launched

    # --- of a job

    def job(self, job: str) -> dict[str, Any]:
        """Its row: state, attempt, failure, last_seq."""
        columns = ("state", "attempt", "failure", "last_seq", "handed_back")
        query = f"SELECT {', '.join(columns)} FROM jobs_job WHERE id = ?"
        row = dict(zip(columns, self.house.rows(query, uuid.UUID(job))[0], strict=True))
        if isinstance(row["failure"], str):
            row["failure"] = json.loads(row["failure"])
        return row

    def events(self, job: str, after: int = 0) -> list[dict[str, Any]]:
        """Its rows after that number, in order."""
        query = "SELECT seq, attempt, kind, data FROM jobs_jobevent WHERE job_id = ? AND seq > ? ORDER BY seq"
        found = self.house.rows(query, uuid.UUID(job), after)
        return [
            {
                "seq": seq,
                "attempt": attempt,
                "kind": kind,
                "data": json.loads(data) if isinstance(data, str) else data,
            }
            for seq, attempt, kind, data in found
        ]

    def wait_settled(self, job: str, *, seconds: float) -> str:
        wait_until(lambda: self.job(job)["state"] in SETTLED, seconds=seconds, why=f"job {job} settles")
        return str(self.job(job)["state"])

    # --- of a run

    def outcome(self, run: dict[str, Any]) -> dict[str, Any]:
        """Everything of a run that has to be the same whatever happened on its way."""
        job, folder = run["job"]["id"], self.house.home / "work" / "runs" / run["id"] / "work"
        epochs = {
            (row["data"]["phase"], row["data"]["epoch"]): {
                name: value for name, value in row["data"].items() if name not in TIMES
            }
            for row in self.events(job)
            if row["kind"] == "epoch-finished"
        }
        models = self.house.rows(
            "SELECT digest FROM training_modelversion WHERE run_id = ?", uuid.UUID(run["id"])
        )
        return {
            "state": self.job(job)["state"],
            "epochs": epochs,
            "metrics": _json(folder / "metrics.json"),
            "predictions": _text(folder / "predictions.csv"),
            "models": len(models),
        }


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def _json(path: Path) -> Any:
    return json.loads(_text(path) or "null")
