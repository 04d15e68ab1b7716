"""The long run: ``python -m tests.fuzz --minutes 15 --keep FOLDER``; exit status 1 when something gave way.

Prints one line of JSON. A file that broke something is kept in FOLDER; the same seed makes it again.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any


def main(argv: list[str]) -> int:
    options = argparse.ArgumentParser(prog="python -m tests.fuzz")
    options.add_argument("--minutes", type=float, default=15)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--keep", type=Path, help="folder for the files that broke something")
    chosen = options.parse_args(argv)
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"HEPASTAGE_HOME": home, "DJANGO_SETTINGS_MODULE": "webapp.settings"}
        import django

        django.setup()
        summary = run(chosen.minutes, chosen.seed, chosen.keep, Path(home))
    print(json.dumps(summary))
    return 1 if summary["broken"] else 0


def run(minutes: float, seed: int, keep: Path | None, folder: Path) -> dict[str, Any]:
    """Judge files for so long; the figures of the run."""
    from ml.dicom import SafeReader
    from tests.fuzz.judging import judge
    from tests.fuzz.mutations import mutated, seeds

    codes: Counter[str] = Counter()
    broken: list[str] = []
    slowest, peak, cases = 0.0, 0, 0
    give_up_at = time.monotonic() + 60 * minutes
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with SafeReader(workers=1) as reader:
        while time.monotonic() < give_up_at:
            number = seed * 10**9 + cases
            data = mutated(Random(number))
            verdict = judge(data, folder, reader)
            cases += 1
            codes[verdict.code] += 1
            slowest, peak = max(slowest, verdict.seconds), max(peak, verdict.child_bytes)
            if verdict.complaint:
                broken.append(f"{number}: {verdict.complaint[:200]}")
                print(broken[-1], file=sys.stderr, flush=True)
                if keep is not None:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{number}.dcm").write_bytes(data)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {
        "cases": cases,
        "seeds": len(seeds()),
        "minutes": minutes,
        "broken": broken,
        "slowest_seconds": round(slowest, 2),
        "child_peak_mb": round(peak / 2**20),
        "parent_grown_mb": round(grown / 1024),
        "codes": dict(codes.most_common()),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
