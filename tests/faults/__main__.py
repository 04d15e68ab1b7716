"""``python -m tests.faults``: every fault, on a house of its kind; a table on stdout.

``--quick``: three faults, once. ``--times N``: each so often. ``--only KEY`` (may be repeated): these.
``--out FOLDER``: writes ``faults.md`` and ``faults.json`` there. ``--list``: names them. The exit status is 1
where anything was lost or wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import sys
import time
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.hospital import Hospital
from tests.faults.house import FaultHouse
from tests.faults.kinds import DISK_BYTES, KINDS, QUICK, Kind
from tests.faults.trial import Result, Trial
from tests.webapp.postgres import Postgres


def wanted(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--only", action="append", choices=[kind.key for kind in KINDS])
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--out", type=Path)
    return parser.parse_args(argv)


def open_house(kind: str) -> FaultHouse:
    """A started house of that kind, which has to be removed."""
    house = FaultHouse(
        postgres=Postgres().start() if kind == "postgres" else None,
        disk=DISK_BYTES if kind == "disk" else 0,
        clock=kind == "clock",
    )
    try:
        return house.start()
    except BaseException:
        house.remove()
        raise


def run(kinds: Iterable[Kind], times: int) -> list[Result]:
    """Every kind so often, one house for those that can share it."""
    results: list[Result] = []
    by_house: dict[str, list[Kind]] = {}
    for kind in kinds:
        if reason := kind.impossible():
            print(f"{kind.key}: not run, {reason}", file=sys.stderr)
            continue
        by_house.setdefault(kind.house, []).append(kind)
    for name, members in by_house.items():
        house = open_house(name)
        try:
            hospital = Hospital(house)
            for kind in members:
                results += [_once(kind, hospital) for _ in range(times)]
        finally:
            house.remove()
    return results


def _once(kind: Kind, hospital: Hospital) -> Result:
    began = time.monotonic()
    trial = Trial(kind, hospital)
    try:
        result = trial.run()
    except Exception as error:
        traceback.print_exc()
        result = trial.result
        result.complaints.append(f"the trial broke off: {type(error).__name__}: {error}")
    if result.complaints:
        print(hospital.house.logs(), file=sys.stderr)
    print(json.dumps(result.as_json() | {"trial_seconds": round(time.monotonic() - began)}), flush=True)
    return result


def table(results: list[Result]) -> str:
    """Markdown: times, recovered in, longest wrong state, acknowledged, lost, complaints of each fault."""
    heads = (
        "fault", "times", "recovered in, median (max)", "a screen was wrong for", "and said so for",
        "acknowledged", "lost", "complaints",
    )  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", "|---" + "|---:" * (len(heads) - 1) + "|"]
    for kind in KINDS:
        rows = [result for result in results if result.key == kind.key]
        if not rows:
            continue
        seconds = [row.recovered_seconds for row in rows if row.recovered_seconds is not None]
        took = f"{statistics.median(seconds):.1f} s ({max(seconds):.1f} s)" if seconds else "never"
        lines.append(
            f"| {kind.title} | {len(rows)} | {took} | {max(row.wrong_seconds for row in rows):.1f} s "
            f"| {max(row.said_seconds for row in rows):.1f} s "
            f"| {sum(row.acknowledged for row in rows)} | {sum(row.lost for row in rows)} "
            f"| {sum(len(row.complaints) for row in rows)} |"
        )
    return "\n".join(lines)


def main(argv: list[str]) -> int:
    options = wanted(argv)
    keys = options.only or (QUICK if options.quick else [kind.key for kind in KINDS])
    kinds = [kind for kind in KINDS if kind.key in keys]
    if options.list:
        print("\n".join(f"{kind.key:<14}{kind.title}" for kind in KINDS))
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the house is closed then too
    results = run(kinds, options.times)
    made = table(results)
    print(made)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        facts = {
            "command": " ".join(["python -m tests.faults", *argv]),
            "when": when,
            "cores": os.cpu_count(),
            "load": os.getloadavg(),
        }
        (options.out / "faults.md").write_text(made + "\n", "utf-8")
        (options.out / "faults.json").write_text(
            json.dumps(facts | {"results": [result.as_json() for result in results]}, indent=1) + "\n",
            "utf-8",
        )
    return 1 if any(result.complaints for result in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
