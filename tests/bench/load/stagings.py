"""Stagings queued at once while a training runs: how long until each has its answer."""

from __future__ import annotations

import time
from typing import Any

from tests.bench.load import quantiles
from tests.faults.hospital import Hospital
from tests.faults.house import SETTLED
from tests.waiting import wait_until

GIVE_UP_SECONDS = 900.0
LONGER_THAN_ALL = 500  # epochs: the training has to outlast the stagings, and is cancelled then


def stage(hospital: Hospital, number: int) -> dict[str, Any]:
    """``number`` stagings, all asked for before the first is answered, of the hospital's exams in turn."""
    training = hospital.launch("meanwhile", epochs=LONGER_THAN_ALL, patience=LONGER_THAN_ALL)["job"]["id"]
    wait_until(
        lambda: any(row["kind"] == "epoch-finished" for row in hospital.events(training)),
        seconds=300, why="the training has done an epoch",
    )  # fmt: skip
    asked: dict[str, float] = {}
    asking: list[float] = []
    for place in range(number):
        began = time.monotonic()
        exam = hospital.exams[place % len(hospital.exams)]
        made = hospital.clinician.post("stagings/", {"exam": exam})
        asking.append(time.monotonic() - began)
        asked[made["job"]] = began
    answered: dict[str, float] = {}
    give_up_at = time.monotonic() + GIVE_UP_SECONDS
    while len(answered) < len(asked) and time.monotonic() < give_up_at:
        for job in asked.keys() - answered.keys():
            if hospital.job(job)["state"] in SETTLED:
                answered[job] = time.monotonic()
        time.sleep(0.1)
    trained = hospital.job(training)["state"]
    errors = sum(hospital.job(job)["state"] != "succeeded" for job in asked)
    if trained not in SETTLED:
        hospital.researcher.post(f"jobs/{training}/cancel/")
        hospital.wait_settled(training, seconds=120)
    return {
        "stagings": len(asked),
        "training_then": trained,
        "asking": quantiles(asking),
        "queued_to_answer": quantiles([answered[job] - asked[job] for job in answered]),
        "errors": errors + int(trained != "running"),
    }
