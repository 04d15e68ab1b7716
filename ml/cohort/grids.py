"""Rows of text out of a CSV file or workbook of a stranger, within limits of size, memory and time."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ml.cohort.errors import TableRefused
from ml.cohort.workbook_worker import SECONDS, Allowance, TooLarge
from ml.dicom.safe_process import ReaderUnavailable

MOST_BYTES = 50 * 2**20
_WORKER = Path(__file__).with_name("workbook_worker.py")


@dataclass(frozen=True)
class Grid:
    """Cells as text, row by row. ``sheet`` is its title in a workbook, ``delimiter`` what a CSV file has."""

    rows: list[tuple[str, ...]]
    sheet: str = ""
    delimiter: str = ""


def read_grids(path: Path) -> list[Grid]:
    """One grid of a CSV file, one a sheet of a workbook. Raises :class:`TableRefused`.

    A workbook is unpacked and read in a child process with a limit on memory and time.
    """
    name = path.name
    try:
        if path.stat().st_size > MOST_BYTES:
            raise too_large(name, f"more than {MOST_BYTES // 2**20} MB")
        data = path.read_bytes()
    except OSError as error:
        raise TableRefused(
            f"{path} cannot be read: {error.strerror}.",
            code="table-unreadable",
            remedy="Check the path and that the file may be read.",
        ) from error
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise TableRefused(
            f"{name} is an Excel 97–2003 workbook.",
            code="table-unreadable",
            remedy="Save it as .xlsx or CSV.",
        )
    return _workbook(data, name) if data[:4] == b"PK\x03\x04" else [_delimited(data, name)]


def too_large(name: str, limit: str) -> TableRefused:
    """The refusal of a table above a limit."""
    return TableRefused(
        f"{name} is too large for a table: {limit}.",
        code="table-too-large",
        remedy="Keep the columns that are needed, without pictures and long texts, or save it in parts.",
    )


def _workbook(data: bytes, name: str) -> list[Grid]:
    environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_WORKER)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=6 * SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise too_large(name, "it takes too long to read") from error
    except OSError as error:
        raise ReaderUnavailable(f"The reading process cannot be started: {error.strerror}.") from error
    try:
        answer = json.loads(done.stdout)
    except ValueError:  # the child was ended: by its own limit on time, or for want of memory
        raise too_large(name, "it takes too much time or memory to read") from None
    if "refused" in answer:
        if answer["refused"] == "too-large":
            raise too_large(name, answer["detail"])
        raise TableRefused(
            f"{name} cannot be read as a workbook ({answer['refused']}).",
            code="table-unreadable",
            remedy="Save it again as .xlsx or CSV.",
        )
    return [Grid([tuple(row) for row in rows], sheet=title) for title, rows in answer["sheets"]]


def _delimited(data: bytes, name: str) -> Grid:
    text = _decode(data, name)
    top = next((line for line in io.StringIO(text) if line.strip()), "")
    delimiter = max(",;\t", key=top.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return Grid(Allowance().take(reader), delimiter=delimiter)
    except TooLarge as error:
        raise too_large(name, str(error)) from error
    except csv.Error as error:
        raise TableRefused(
            f"{name} is not a well-formed CSV file ({error}).",
            code="table-unreadable",
            remedy="Save it again as CSV or .xlsx.",
        ) from error


def _decode(data: bytes, name: str) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TableRefused(
        f"{name} is neither UTF-8 nor GB18030 text.",
        code="table-unreadable",
        remedy="Save it as CSV (UTF-8) or .xlsx.",
    )
