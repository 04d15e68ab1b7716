"""One fault, once: training and stagings under way, people at work, a browser watching; then what is left."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.faults.clinic import Clinic
from tests.faults.hospital import Hospital
from tests.faults.house import SETTLED, FaultHouse
from tests.faults.kinds import Kind
from tests.faults.watching import LIMIT_SECONDS, Screen, Truth
from tests.waiting import wait_until

STAGINGS = 3
RECOVERY_SECONDS = 120.0
SETTLE_SECONDS = 300.0


@dataclass
class Result:
    """``complaints`` is empty where nothing was lost, happened twice or was wrong for long."""

    key: str
    recovered_seconds: float | None = None
    wrong_seconds: float = 0.0  # the longest that a screen showed another state than the row's
    said_seconds: float = 0.0  # the same, while it said that the server does not answer
    acknowledged: int = 0
    lost: int = 0
    jobs: int = 0
    attempts: int = 0  # that the training took
    complaints: list[str] = field(default_factory=list)
    troubles: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Trial:
    """What the fault may touch: ``house``, ``clinic``, and the training's row."""

    def __init__(self, kind: Kind, hospital: Hospital) -> None:
        self.kind = kind
        self.hospital = hospital
        self.house: FaultHouse = hospital.house
        self.clinic = Clinic(hospital, hurry=kind.hurry)
        self.result = Result(kind.key)
        self.before: dict[str, Any] = {}

    def row(self) -> dict[str, Any]:
        """The training's job as it is now."""
        return self.hospital.job(self.job)

    def run(self) -> Result:
        wait_until(self.house.is_well, seconds=90, why="the house is well before the fault")
        screen = Screen(self.house, "researcher")
        self.training = self.hospital.launch(f"{self.kind.key} {time.time_ns()}")
        self.job = str(self.training["job"]["id"])
        jobs = [self.job]
        with screen, Truth(self.house, screen, jobs) as truth:
            screen.open(self.job)
            with self.clinic:
                wait_until(self._trains, seconds=120, why="the training has done an epoch")
                jobs += self._stagings()
                wait_until(lambda: self.clinic.acknowledged_since(0), seconds=60, why="people are at work")
                self.before = self.row()
                assert self.before["state"] == "running", "the training ended before the fault"
                self._recover(self.kind.break_it(self))
            self._settle(jobs)
            time.sleep(1)  # what comes late comes now
            wait_until(lambda: self._shown(screen, jobs), seconds=30, why="the screens show how it ended")
        self.result.wrong_seconds = round(truth.longest, 1)
        self.result.said_seconds = round(truth.longest_said, 1)
        if truth.longest > LIMIT_SECONDS:
            self._complain(f"wrong for {truth.longest:.1f} s: {truth.where}")
        self._look_at(jobs)
        return self.result

    def _complain(self, what: str) -> None:
        self.result.complaints.append(what)

    def _trains(self) -> bool:
        return any(row["kind"] == "epoch-finished" for row in self.hospital.events(self.job))

    def _stagings(self) -> list[str]:
        exams = self.hospital.exams[1 : 1 + STAGINGS]
        return [self.hospital.clinician.post("stagings/", {"exam": exam})["job"] for exam in exams]

    @staticmethod
    def _shown(screen: Screen, jobs: list[str]) -> bool:
        return all(screen.shown["list"].get(job) in SETTLED for job in jobs)

    # --- recovery

    def _recover(self, mended: float) -> None:
        """Until every part answers, the training has moved on and each kind of act was acknowledged again."""
        seen = self.before["last_seq"]
        attempt = self.before["attempt"] + int(self.kind.loses_attempt or self.kind.hands_back)
        try:
            wait_until(
                lambda: (
                    self._moved(seen, attempt)
                    and self.clinic.acknowledged_since(mended)
                    and self.house.is_well()
                ),
                seconds=RECOVERY_SECONDS, why="everything works again",
            )  # fmt: skip
            self.result.recovered_seconds = round(time.monotonic() - mended, 1)
        except AssertionError as error:
            self._complain(str(error))

    def _moved(self, seen: int, attempt: int) -> bool:
        try:
            row = self.row()
            if row["state"] in SETTLED:
                return True
            new = self.hospital.events(self.job, seen)
        except Exception:
            return False
        return any(event["kind"] != "state" and event["attempt"] >= attempt for event in new)

    # --- afterwards

    def _settle(self, jobs: list[str]) -> None:
        try:
            for job in jobs:
                self.hospital.wait_settled(job, seconds=SETTLE_SECONDS)
            row = self.row()
            if row["state"] == "failed" and self.kind.may_fail:
                self.result.troubles[f"training: {row['failure']['code']}"] = 1
                self.hospital.researcher.post(f"jobs/{self.job}/retry/")
                self.hospital.wait_settled(self.job, seconds=SETTLE_SECONDS)
        except AssertionError as error:
            self._complain(str(error))

    def _look_at(self, jobs: list[str]) -> None:
        for job in jobs:
            self._look_at_job(job)
        self._look_at_training()
        lost = self.clinic.missing()
        self.result.complaints += [f"lost: {what}" for what in lost] + self.clinic.wrong[:5]
        for command in ("verify_audit", "verify_reports"):
            done = self.house.manage(command)
            if done.returncode:
                self._complain(f"{command}: " + (done.stdout + done.stderr)[-300:])
        self.result.lost = len(lost)
        self.result.acknowledged = sum(map(len, self.clinic.acknowledged.values()))
        self.result.jobs = len(jobs)
        self.result.troubles |= self.clinic.troubles

    def _look_at_job(self, job: str) -> None:
        row, events = self.hospital.job(job), self.hospital.events(job)
        if row["state"] != "succeeded" and not (
            row["state"] == "failed" and (row["failure"] or {}).get("message")
        ):
            self._complain(f"job {job} ended {row['state']}, reason {row['failure']}")
        elif row["state"] == "failed" and not self.kind.may_fail:
            self._complain(f"job {job} failed: {row['failure']}")
        if [event["seq"] for event in events] != list(range(1, row["last_seq"] + 1)):
            self._complain(f"the events of job {job} have gaps")
        attempts = [event["attempt"] for event in events]
        if attempts != sorted(attempts):
            self._complain(f"a late attempt wrote into job {job}")
        ends = [
            event for event in events if event["kind"] == "state" and event["data"]["state"] == "succeeded"
        ]
        if len(ends) > 1:
            self._complain(f"job {job} succeeded {len(ends)} times")

    def _look_at_training(self) -> None:
        row = self.row()
        self.result.attempts = row["attempt"]
        if self.kind.loses_attempt and row["attempt"] - row["handed_back"] != 2:
            self._complain(f"{row['attempt'] - row['handed_back']} attempts were counted instead of 2")
        if self.kind.hands_back and row["attempt"] - row["handed_back"] != 1:
            self._complain("an attempt that was handed back was counted")
        got, wanted = self.hospital.outcome(self.training), self.hospital.reference
        for name, value in wanted.items():
            if got[name] != value:
                self._complain(f"{name} of the training differ from those of an undisturbed one")
