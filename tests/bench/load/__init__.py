"""Many at once on a whole HepaStage: ``python -m tests.bench load``

Three parts, one after the other, each with the memory of every server process: sockets that watch runs,
clinicians who browse a large worklist, stagings that are queued while a training runs. One JSON line a
part; the exit status is 1 where there was any error. Full form: ``python -m tests.bench.load --full`` (1,000
sockets, 20 runs, 200 clinicians, 1,000,000 images, 50 stagings); without it a tenth of the images.
"""

from __future__ import annotations

import argparse
import json
import resource
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

MOST_FILES = 8192


def quantiles(seconds: Sequence[float]) -> dict[str, Any]:
    """Number, median, 95th and 99th percentile and maximum, in milliseconds."""
    if not seconds:
        return {"number": 0}
    ordered = sorted(seconds)
    at = {name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] for name, share in SHARES.items()}
    found = {"p50": statistics.median(ordered), **at, "max": ordered[-1]}
    return {"number": len(ordered)} | {f"{name}_ms": round(1000 * value, 1) for name, value in found.items()}


SHARES = {"p95": 0.95, "p99": 0.99}


def wanted(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load", description=__doc__)
    parser.add_argument("--full", action="store_true", help="a million images")
    parser.add_argument("--quick", action="store_true", help="a small form, to see that it works")
    parser.add_argument("--sockets", type=int)
    parser.add_argument("--runs", type=int)
    parser.add_argument("--clinicians", type=int)
    parser.add_argument("--images", type=int)
    parser.add_argument("--stagings", type=int)
    parser.add_argument("--minutes", type=float, help="how long the clinicians browse")
    parser.add_argument("--think", type=float, default=10.0, help="seconds between two clicks of a clinician")
    parser.add_argument("--parts", nargs="*", default=["sockets", "browsing", "staging"])
    chosen = parser.parse_args(argv)
    form = QUICK if chosen.quick else NORMAL | ({"images": 1_000_000} if chosen.full else {})
    for name, value in form.items():
        if getattr(chosen, name) is None:
            setattr(chosen, name, value)
    return chosen


NORMAL = {"sockets": 1000, "runs": 20, "clinicians": 200, "images": 100_000, "stagings": 50, "minutes": 3.0}
QUICK = {"sockets": 60, "runs": 3, "clinicians": 20, "images": 3_000, "stagings": 6, "minutes": 0.5}


def main(argv: list[str]) -> int:
    options = wanted(argv)
    from tests.faults.hospital import Hospital
    from tests.faults.house import FaultHouse
    from tests.webapp.postgres import Postgres

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, MOST_FILES), most))
    house = FaultHouse(postgres=Postgres().start())
    errors = 0
    try:
        house.start()
        began = time.monotonic()
        tokens = _seed(house, options.images, options.clinicians)
        print(json.dumps({"bench": "load", "part": "seeding", "images": options.images,
                          "seconds": round(time.monotonic() - began, 1)}), flush=True)  # fmt: skip
        hospital = Hospital(house)
        for part in options.parts:
            found = _part(part, options, hospital, tokens)
            errors += found["errors"]
            print(json.dumps({"bench": "load", "part": part} | found), flush=True)
            if found["errors"]:
                print(house.logs(), file=sys.stderr)
    finally:
        house.remove()
    return 1 if errors else 0


def _seed(house: Any, images: int, clinicians: int) -> list[str]:
    """In a process of its own, which knows Django; the tokens of the clinicians."""
    argv = [sys.executable, "-m", "tests.bench.load.seeding", str(images), str(clinicians)]
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        argv, cwd=root, env=house.environment, stdout=subprocess.PIPE, text=True, check=True
    )
    tokens: list[str] = json.loads(done.stdout.splitlines()[-1])
    return tokens


def _part(part: str, options: argparse.Namespace, hospital: Any, tokens: list[str]) -> dict[str, Any]:
    from tests.bench.load.browsing import browse
    from tests.bench.load.memory import Memory
    from tests.bench.load.sockets import watch
    from tests.bench.load.stagings import stage

    with Memory(hospital.house) as memory:
        if part == "sockets":
            found = watch(hospital, tokens, sockets=options.sockets, runs=options.runs)
        elif part == "browsing":
            found = browse(hospital.house.url, tokens, minutes=options.minutes, think=options.think)
        else:
            found = stage(hospital, options.stagings)
    return found | {"memory_mib": memory.found()}
