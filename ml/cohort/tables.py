"""Stage tables as hospitals keep them: CSV or Excel, UTF-8 or GB18030, English or Chinese headings.

A table that can be read in two ways is refused as a whole, with a list of what was unclear: a
wrong label is worse than none.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ml.cohort.errors import TableRefused
from ml.spec import Stage

MOST_BYTES = 50 * 2**20
_SHOWN = 12

# Per meaning: headings that name it outright, then headings that name it only where no better one is there.
Headings = tuple[frozenset[str], frozenset[str]]
PATIENT: Headings = (
    frozenset(
        {
            "patientid",
            "patientidentifier",
            "patientnumber",
            "patientno",
            "hospitalnumber",
            "hospitalid",
            "mrn",
            "pid",
            "subjectid",
            "患者编号",
            "患者id",
            "患者号",
            "患者标识",
            "病人编号",
            "病人id",
            "病人号",
            "住院号",
            "病历号",
            "病案号",
            "登记号",
            "受试者编号",
            "门诊号",
        }
    ),
    frozenset(
        {
            "id",
            "patient",
            "subject",
            "case",
            "caseid",
            "number",
            "编号",
            "患者",
            "病例号",
            "病例编号",
            "序列号",
        }
    ),
)
STAGE: Headings = (
    frozenset(
        {
            "stage",
            "fibrosisstage",
            "pathologystage",
            "pathologicstage",
            "pathologicalstage",
            "fibrosis",
            "sstage",
            "fstage",
            "metavir",
            "metavirf",
            "scheuer",
            "scheuers",
            "liverfibrosisstage",
            "fibrosisgrade",
            "分期",
            "病理分期",
            "纤维化分期",
            "肝纤维化分期",
            "肝纤维化病理分期",
            "纤维化程度",
            "肝纤维化程度",
            "s分期",
            "病理s分期",
            "f分期",
            "纤维化",
        }
    ),
    frozenset({"s", "f", "label", "pathology", "病理", "病理结果", "标签"}),
)
SITE: Headings = (
    frozenset(
        {
            "site",
            "siteid",
            "sitecode",
            "centre",
            "center",
            "hospital",
            "institution",
            "中心",
            "医院",
            "机构",
            "分中心",
        }
    ),
    frozenset({"单位", "院区"}),
)


@dataclass(frozen=True)
class StageRow:
    """The pathology stage of one patient; ``line`` counts as a spreadsheet does, from 1."""

    patient: str
    stage: Stage
    site: str = ""
    line: int = 0


@dataclass(frozen=True)
class Table:
    """Cells as text. ``columns`` are the headings as written."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first_line: int = 2

    def column(self, place: int) -> list[str]:
        return [row[place] for row in self.rows]


def read_stage_table(path: Path) -> list[StageRow]:
    """Read patient identifiers and stages (S0–S4, F0–F4, 0–4, also "G2S3" and "S3期"), and sites if given.

    A patient may be listed more than once with the same stage. Raises :class:`TableRefused` naming
    every heading, row or value that was unclear.
    """
    table = _the_table(Path(path), {"a patient identifier": PATIENT, "a stage": STAGE})
    patient, stage = place_of(table, PATIENT, "a patient identifier"), place_of(table, STAGE, "a stage")
    assert patient is not None
    assert stage is not None
    site = place_of(table, SITE, "a site", required=False)
    unclear: list[str] = []
    found: dict[str, StageRow] = {}
    for line, cells in enumerate(table.rows, start=table.first_line):
        name, value = clean(cells[patient]), clean(cells[stage])
        if not name and not value:
            continue
        if not name:
            unclear.append(f"line {line}: no patient identifier")
            continue
        parsed = parse_stage(value)
        if parsed is None:
            unclear.append(
                f"line {line}: stage {value!r} of {name}" if value else f"line {line}: no stage for {name}"
            )
            continue
        row = StageRow(name, parsed, clean(cells[site]) if site is not None else "", line)
        earlier = found.setdefault(name, row)
        if (earlier.stage, earlier.site) != (row.stage, row.site):
            unclear.append(
                f"lines {earlier.line} and {line}: {name} is {earlier.stage.label} {earlier.site} "
                f"and {row.stage.label} {row.site}".replace("  ", " ")
            )
    refuse_if(unclear, table.name)
    if not found:
        raise TableRefused(f"{table.name} has no rows.", code="table-empty")
    return list(found.values())


def parse_stage(value: str) -> Stage | None:
    """A stage in one of the spellings in use, or ``None``. Ranges ("S2-3") and doubts ("S2?") are none.

    >>> parse_stage("Ｓ３期") is Stage.S3, parse_stage("G2S1") is Stage.S1, parse_stage("S2-3")
    (True, True, None)
    """
    token = re.sub(r"\s+", "", clean(value).upper())
    token = re.sub(r"^(?:STAGE|纤维化|肝纤维化|分期)[:：]?", "", token).removesuffix("期")
    token = re.sub(r"^(?:G[0-4])(?=S[0-4]$)", "", token)  # Scheuer: inflammation grade before fibrosis stage
    token = re.sub(r"\.0+$", "", token)  # a spreadsheet's idea of a whole number
    try:
        return Stage.parse(token)
    except ValueError:
        return None


def clean(text: str) -> str:
    """Full-width letters made plain, spaces at the ends and invisible characters gone."""
    plain = unicodedata.normalize("NFKC", str(text))
    return "".join(c for c in plain if unicodedata.category(c) not in {"Cf", "Cc"}).strip()


def heading(text: str) -> str:
    """A heading without unit, case, spaces and punctuation: ``"Patient_ID "`` → ``"patientid"``."""
    bare = re.sub(r"[(\[（【].*?[)\]）】]", "", clean(text).lower())
    return re.sub(r"[\W_]+", "", bare)


def place_of(table: Table, meaning: Headings, what: str, *, required: bool = True) -> int | None:
    """The one column with this meaning; refuses where two qualify equally."""
    for names in meaning:
        places = [place for place, name in enumerate(table.columns) if heading(name) in names]
        filled = [place for place in places if any(map(clean, table.column(place)))] or places
        if len(filled) > 1:
            refuse_if(
                [f"{' and '.join(repr(table.columns[place]) for place in filled)} could each be {what}"],
                table.name,
            )
        if filled:
            return filled[0]
    if required:
        refuse_if(
            [f"no heading for {what}; there are {', '.join(map(repr, table.columns[:_SHOWN]))}"], table.name
        )
    return None


def refuse_if(unclear: Sequence[str], name: str) -> None:
    """Raise :class:`TableRefused` with all that was unclear (the first dozen of it)."""
    if unclear:
        more = f"; and {len(unclear) - _SHOWN} more" if len(unclear) > _SHOWN else ""
        raise TableRefused(f"{name} is not clear: {'; '.join(unclear[:_SHOWN])}{more}.", code="table-unclear")


def _the_table(path: Path, needed: Mapping[str, Headings]) -> Table:
    """The table of the file; in a workbook, the one sheet that has the needed headings."""
    tables = read_tables(path)
    if len(tables) > 1:
        fitting = [
            table
            for table in tables
            if all(
                any(heading(c) in names for c in table.columns for names in meaning)
                for meaning in needed.values()
            )
        ]
        if len(fitting) > 1:
            refuse_if(
                [f"the sheets {', '.join(table.name for table in fitting)} could each be meant"], path.name
            )
        tables = fitting or tables[:1]
    return tables[0]


def read_tables(path: Path) -> list[Table]:
    """Every table of a CSV file (one) or workbook (one a sheet), as text, empty rows left out."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise TableRefused(
                f"{path.name} is larger than {MOST_BYTES // 2**20} MB.", code="table-too-large"
            )
        data = path.read_bytes()
    except OSError as error:
        raise TableRefused(
            f"{path} cannot be read: {error.strerror}.",
            code="table-unreadable",
            remedy="Check the path and that the file may be read.",
        ) from error
    read: Callable[[bytes, str], list[Table]] = _workbook if data[:4] == b"PK\x03\x04" else _delimited
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise TableRefused(
            f"{path.name} is an Excel 97–2003 workbook.",
            code="table-unreadable",
            remedy="Save it as .xlsx or CSV.",
        )
    tables = read(data, path.name)
    if not tables:
        raise TableRefused(f"{path.name} is empty.", code="table-empty")
    return tables


def _workbook(data: bytes, name: str) -> list[Table]:
    try:
        sheets = pd.read_excel(
            io.BytesIO(data), sheet_name=None, header=None, dtype=str, na_filter=False, engine="openpyxl"
        )
    except Exception as error:  # openpyxl raises many kinds for damaged workbooks
        raise TableRefused(
            f"{name} cannot be read as a workbook ({type(error).__name__}).",
            code="table-unreadable",
            remedy="Save it again as .xlsx or CSV.",
        ) from error
    made = [
        _table(f"{name}, sheet {sheet}" if len(sheets) > 1 else name, frame.to_numpy(dtype=str).tolist())
        for sheet, frame in sheets.items()
    ]
    return [table for table in made if table is not None]


def _delimited(data: bytes, name: str) -> list[Table]:
    text = _decode(data, name)
    lines = text.splitlines()
    top = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=top.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise TableRefused(
            f"{name} is not a well-formed CSV file ({error}).",
            code="table-unreadable",
            remedy="Save it again as CSV or .xlsx.",
        ) from error
    table = _table(name, rows)
    return [table] if table is not None else []


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


def _table(name: str, cells: Iterable[Sequence[object]]) -> Table | None:
    """First row that is not empty = headings; rows are brought to its width."""
    rows = [tuple("" if value is None else str(value) for value in row) for row in cells]
    start = next((place for place, row in enumerate(rows) if any(clean(value) for value in row)), None)
    if start is None:
        return None
    columns = tuple(clean(value) for value in rows[start])
    width = len(columns)
    too_wide = [
        f"line {line}: more cells than headings"
        for line, row in enumerate(rows[start + 1 :], start + 2)
        if any(clean(value) for value in row[width:])
    ]
    refuse_if(too_wide, name)
    body = tuple((row + ("",) * width)[:width] for row in rows[start + 1 :])
    return Table(name, columns, body, first_line=start + 2)
