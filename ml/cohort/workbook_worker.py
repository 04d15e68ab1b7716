"""The child of :mod:`ml.cohort.grids`: a workbook on stdin, its sheets as text on stdout, within limits.

Run by its path, ``python -I workbook_worker.py``, so that it loads openpyxl and nothing else. Seventy
kilobytes of .xlsx can unpack to gigabytes of XML or name the last cell of a sheet of 2^34: here that ends a
child with a limit on memory and time, not the process that serves everybody.

The answer is JSON: ``{"sheets": [[title, [[cell, …], …]], …]}`` or ``{"refused": "too-large" | the error}``.
"""

from __future__ import annotations

import gc
import io
import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence

MEMORY_BYTES = 768 * 2**20
SECONDS = 10  # of processor time
MOST_LINES = 2**20  # a sheet of Excel has no more
MOST_CELLS = 500_000  # in all sheets together
MOST_CHARACTERS = 20_000_000  # in all cells together
MOST_IN_A_CELL = 32_767  # characters; a cell of Excel holds no more


class TooLarge(ValueError):
    """A table above a limit; the message names it."""


class Allowance:
    """What the sheets of one file may still hold."""

    def __init__(self) -> None:
        self.cells = MOST_CELLS
        self.characters = MOST_CHARACTERS

    def take(self, rows: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
        """The rows as they are, without the empty ones at the end; raises :class:`TooLarge`."""
        taken: list[tuple[str, ...]] = []
        filled = 0
        for row in rows:
            self.cells -= len(row)
            self.characters -= sum(map(len, row))
            if len(taken) >= MOST_LINES:
                raise TooLarge(f"more than {MOST_LINES} lines")
            if self.cells < 0:
                raise TooLarge(f"more than {MOST_CELLS} cells")
            if self.characters < 0:
                raise TooLarge(f"more than {MOST_CHARACTERS} characters")
            if row and max(map(len, row)) > MOST_IN_A_CELL:
                raise TooLarge(f"a cell of more than {MOST_IN_A_CELL} characters")
            taken.append(tuple(row))
            if any(row):
                filled = len(taken)
        return taken[:filled]


def main() -> None:
    """Read, answer, end."""
    import resource  # not on every system that only reads the limits above

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    if sys.platform == "linux":  # elsewhere the system does not enforce it
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    gc.disable()  # nothing of this is garbage before the end, which is near
    try:
        answer = json.dumps({"sheets": _sheets(sys.stdin.buffer.read())})
    except TooLarge as error:
        answer = json.dumps({"refused": "too-large", "detail": str(error)})
    except MemoryError:
        answer = json.dumps({"refused": "too-large", "detail": "more memory than a table needs"})
    except Exception as error:  # openpyxl raises many kinds for damaged workbooks
        answer = json.dumps({"refused": type(error).__name__})
    sys.stdout.write(answer)


def _sheets(data: bytes) -> list[tuple[str, list[tuple[str, ...]]]]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    allowance, found = Allowance(), []
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # those in the file are a claim
        found.append((str(sheet.title), allowance.take(_texts(sheet.iter_rows(values_only=True)))))
    return found


def _texts(rows: Iterable[Sequence[object]]) -> Iterator[list[str]]:
    for row in rows:
        cells = [_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()  # formatted, but empty
        yield cells


def _text(value: object) -> str:
    """As it is read: a whole number without a point, an error by its name."""
    if value is None:
        return ""
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return str(int(value))
    return str(value)


if __name__ == "__main__":
    main()
