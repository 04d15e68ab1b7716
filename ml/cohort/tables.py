"""Stage tables as hospitals keep them: CSV or Excel, UTF-8 or GB18030, English or Chinese headings.

A table that can be read in two ways is refused as a whole, with a list of what was unclear: a
wrong label is worse than none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ml.cohort.errors import TableRefused
from ml.cohort.grids import Grid, read_grids, too_large
from ml.cohort.workbook_worker import MOST_CELLS
from ml.spec import Stage

_SHOWN = 12
_SHOWN_CHARACTERS = 60

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
    """Cells as text. ``columns`` are the headings as written, ``delimiter`` what a CSV file has."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    first_line: int = 2
    delimiter: str = ""

    def column(self, place: int) -> list[str]:
        return [row[place] for row in self.rows]


def read_stage_table(path: Path) -> list[StageRow]:
    """Read patient identifiers and stages (S0–S4, F0–F4, 0–4, also "G2S3" and "S3期"), and sites if given.

    A patient may be listed more than once with the same stage. Raises :class:`TableRefused` naming
    every heading, row or value that was unclear.
    """
    table = the_table(Path(path), lambda sheet: has(sheet, PATIENT) and has(sheet, STAGE))
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
                f"line {line}: stage {quoted(value)} of {shown(name)}"
                if value
                else f"line {line}: no stage for {shown(name)}"
            )
            continue
        row = StageRow(name, parsed, clean(cells[site]) if site is not None else "", line)
        earlier = found.setdefault(name, row)
        if (earlier.stage, earlier.site) != (row.stage, row.site):
            unclear.append(
                f"lines {earlier.line} and {line}: {shown(name)} is {earlier.stage.label} "
                f"{shown(earlier.site)} and {row.stage.label} {shown(row.site)}".replace("  ", " ")
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
            alike = " and ".join(quoted(table.columns[place]) for place in filled[:_SHOWN])
            refuse_if([f"{alike} could each be {what}"], table.name)
        if filled:
            return filled[0]
    if required:
        refuse_if(
            [f"no heading for {what}; there are {', '.join(map(quoted, table.columns[:_SHOWN]))}"], table.name
        )
    return None


def refuse_if(unclear: Sequence[str], name: str, *, remedy: str | None = None) -> None:
    """Raise :class:`TableRefused` with all that was unclear (the first dozen of it)."""
    if unclear:
        more = f"; and {len(unclear) - _SHOWN} more" if len(unclear) > _SHOWN else ""
        raise TableRefused(
            f"{name} is not clear: {'; '.join(unclear[:_SHOWN])}{more}.", code="table-unclear", remedy=remedy
        )


def shown(text: str) -> str:
    """As much of a cell as a message quotes."""
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def quoted(text: str) -> str:
    return repr(shown(text))


def the_table(path: Path, fits: Callable[[Table], bool]) -> Table:
    """The table of the file; in a workbook, the one sheet that ``fits`` (the first where none does)."""
    tables = read_tables(path)
    if len(tables) > 1:
        fitting = [table for table in tables if fits(table)]
        if len(fitting) > 1:
            refuse_if(
                [f"the sheets {', '.join(table.name for table in fitting[:_SHOWN])} could each be meant"],
                path.name,
                remedy="Put what belongs together in one sheet, and leave the others out.",
            )
        tables = fitting or tables[:1]
    return tables[0]


def has(table: Table, meaning: Headings) -> bool:
    """Whether a column may have this meaning."""
    return any(heading(column) in names for column in table.columns for names in meaning)


def read_tables(path: Path) -> list[Table]:
    """Every table of a CSV file (one) or workbook (one a sheet), as text. Raises :class:`TableRefused`."""
    grids = read_grids(path)
    made = [
        _table(f"{path.name}, sheet {shown(grid.sheet)}" if len(grids) > 1 else path.name, grid)
        for grid in grids
    ]
    tables = [table for table in made if table is not None]
    if not tables:
        raise TableRefused(f"{path.name} is empty.", code="table-empty")
    return tables


def _table(name: str, grid: Grid) -> Table | None:
    """First row that is not empty = headings; rows are brought to its width."""
    rows = grid.rows
    start = next((place for place, row in enumerate(rows) if any(map(clean, row))), None)
    if start is None:
        return None
    columns = tuple(clean(value) for value in rows[start])
    if grid.sheet:  # there a heading may be missing without a sign of it
        columns += ("",) * (max(map(len, rows)) - len(columns))
    width = len(columns)
    too_wide = [
        f"line {line}: more cells than headings"
        for line, row in enumerate(rows[start + 1 :], start + 2)
        if any(map(clean, row[width:]))
    ]
    refuse_if(too_wide, name)
    if width * sum(map(any, rows)) > 4 * MOST_CELLS:
        raise too_large(name, f"{width} columns")
    nothing = ("",) * width
    body = tuple((row + nothing)[:width] if any(row) else nothing for row in rows[start + 1 :])
    return Table(name, columns, body, first_line=start + 2, delimiter=grid.delimiter)
