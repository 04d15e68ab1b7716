"""``make bench`` runs every bench; ``python -m tests.bench train stage`` runs those named, and
``python -m tests.bench worklist --times 3`` one of them with options of its own.

Each bench is a module with ``main(argv) -> int`` that prints one JSON object a line.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

from tests import bench

NOT_A_BENCH = {"__main__", "baseline", "orthanc", "seeded_rows"}


def names() -> list[str]:
    found = (module.name for module in pkgutil.iter_modules(bench.__path__))
    return sorted(set(found) - NOT_A_BENCH)


def main(argv: list[str]) -> int:
    first_option = next((place for place, word in enumerate(argv) if word.startswith("-")), len(argv))
    wanted, options = argv[:first_option], argv[first_option:]
    if options and len(wanted) != 1:
        print("Options belong to one bench: python -m tests.bench NAME --option …", file=sys.stderr)
        return 2
    unknown = [name for name in wanted if name not in names()]
    if unknown:
        print(f"No such bench: {', '.join(unknown)}. There are: {', '.join(names())}.", file=sys.stderr)
        return 2
    worst = 0
    for name in wanted or names():
        print(f"# {name}", file=sys.stderr, flush=True)
        worst = max(worst, importlib.import_module(f"tests.bench.{name}").main(options) or 0)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
