"""Seconds from ``make run`` on a warm checkout to a served page: ``python -m tests.bench startup``.

The first start makes a database in a directory of its own and is not counted; the next ones are warm. The
demonstration is off, so that nothing else uses the cores. "Served" is the sign-in page answered with 200
after ``/healthz``.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.waiting import free_port

ROOT = Path(__file__).resolve().parents[2]
WARM_STARTS = 3
GIVE_UP_SECONDS = 180.0


def answered(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:
            return reply.status == 200
    except (urllib.error.URLError, OSError):
        return False


def seconds_to_page(home: Path) -> float:
    """One ``make run`` to its first page, then Ctrl-C; returns the wall seconds to the page."""
    port = free_port()
    environment = {**os.environ, "HEPASTAGE_HOME": str(home), "HEPASTAGE_DEMO": "0"}
    began = time.monotonic()
    process = subprocess.Popen(
        ["make", "run", f"PORT={port}"],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for page in ("healthz", ""):
            while not answered(f"http://127.0.0.1:{port}/{page}"):
                if process.poll() is not None or time.monotonic() - began > GIVE_UP_SECONDS:
                    raise SystemExit("`make run` did not serve a page: run it by hand to see why.")
                time.sleep(0.05)
        return time.monotonic() - began
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=60)


def main(argv: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="hepastage-bench-") as home:
        first = seconds_to_page(Path(home))
        warm = [seconds_to_page(Path(home)) for _ in range(WARM_STARTS)]
    print(
        json.dumps(
            {
                "bench": "startup",
                "first_seconds": round(first, 2),
                "warm_seconds": [round(s, 2) for s in warm],
                "warm_median_seconds": round(statistics.median(warm), 2),
                "cores": os.cpu_count(),
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
