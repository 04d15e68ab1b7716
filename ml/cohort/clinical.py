"""Clinical and serum values (science.md §7), brought to one unit each, with the unit checked.

A heading names its unit, as in ``ALT (U/L)`` or ``白蛋白[g/dL]``. Without one the values must be
plausible in exactly one of the units in use, else the table is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from ml.cohort.tables import (
    PATIENT,
    Headings,
    Table,
    clean,
    has,
    heading,
    place_of,
    quoted,
    refuse_if,
    shown,
    the_table,
)


@dataclass(frozen=True)
class ClinicalRow:
    """Values of one patient; ``None`` where the table has none.

    Age in years, ALT, AST, GGT in U/L, platelets in 10⁹/L, albumin in g/L, HBV DNA in IU/mL. A
    value given as a bound (``<20``, ``>1.7E8``) is stored as that bound and named in ``bounded``.
    """

    patient: str
    age: float | None = None
    sex: str = ""
    alt: float | None = None
    ast: float | None = None
    platelets: float | None = None
    ggt: float | None = None
    albumin: float | None = None
    hbv_dna: float | None = None
    bounded: tuple[str, ...] = ()
    line: int = 0  # as a spreadsheet counts, from 1


@dataclass(frozen=True)
class _Quantity:
    """Headings, and per unit (first = ours) the spelling, the conversion and the plausible middle values."""

    headings: Headings
    units: tuple[tuple[str, Callable[[float], float], float, float], ...]
    low: float
    high: float


def _names(*names: str) -> Headings:
    return frozenset(names), frozenset()


def _same(value: float) -> float:
    return value


def _times(factor: float) -> Callable[[float], float]:
    return lambda value: value * factor


def _power(value: float) -> float:
    return float(10 ** min(value, 30.0))


_ENZYME = (("u/l|iu/l", _same, 5.0, 2000.0), ("μkat/l|µkat/l|ukat/l", _times(60), 0.05, 4.9))
QUANTITIES: dict[str, _Quantity] = {
    "age": _Quantity(
        _names("age", "ageyears", "年龄", "年龄岁"), (("years|year|yr|y|岁", _same, 1, 120),), 0, 120
    ),
    "alt": _Quantity(
        _names("alt", "gpt", "sgpt", "alanineaminotransferase", "谷丙转氨酶", "丙氨酸氨基转移酶"),
        _ENZYME,
        0,
        20000,
    ),
    "ast": _Quantity(
        _names(
            "ast",
            "got",
            "sgot",
            "aspartateaminotransferase",
            "谷草转氨酶",
            "天冬氨酸氨基转移酶",
            "门冬氨酸氨基转移酶",
        ),
        _ENZYME,
        0,
        20000,
    ),
    "ggt": _Quantity(
        _names(
            "ggt", "gammagt", "γgt", "rggt", "谷氨酰转移酶", "谷氨酰转肽酶", "γ谷氨酰转移酶", "γ谷氨酰转肽酶"
        ),
        _ENZYME,
        0,
        20000,
    ),
    "platelets": _Quantity(
        _names("platelets", "platelet", "plt", "plateletcount", "血小板", "血小板计数"),
        (
            ("10^9/l|10*9/l|109/l|g/l|k/μl|k/ul|10^3/μl|10^3/ul|103/μl|103/ul", _same, 10, 1500),
            ("/μl|/ul|/mm3|/mm^3", _times(1e-3), 10_000, 1_500_000),
        ),
        0,
        3000,
    ),
    "albumin": _Quantity(
        _names("albumin", "alb", "白蛋白"), (("g/l", _same, 15, 60), ("g/dl", _times(10), 1.5, 6.0)), 5, 80
    ),
    "hbv_dna": _Quantity(
        _names("hbvdna", "hbvdnaload", "viralload", "乙肝病毒dna", "乙肝dna", "hbvdna定量", "病毒载量"),
        (("iu/ml", _same, 10, 1e12), ("log10iu/ml|log iu/ml|logiu/ml|lgiu/ml", _power, 0.5, 9.9)),
        0,
        1e13,
    ),
}
_SEX: Headings = _names("sex", "gender", "性别")
KNOWN: tuple[Headings, ...] = (*(quantity.headings for quantity in QUANTITIES.values()), _SEX)
_SEXES = {
    "m": "M",
    "male": "M",
    "男": "M",
    "男性": "M",
    "1": "?",
    "2": "?",
    "0": "?",
    "f": "F",
    "female": "F",
    "女": "F",
    "女性": "F",
    "": "",
    "o": "O",
    "other": "O",
}
_MISSING = {"", "-", "--", "/", "na", "n/a", "#n/a", "nan", "null", "none", "nd", "缺失", "未查", "未测"}
_GROUPED = r"[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?: \d{3})+"  # thousands; 0,123 and 35,5 are none
_NUMBER = re.compile(rf"([<>≤≥]=?)?({_GROUPED}|\d+)(\.\d+)?(?:(?:e|[x×*]10\^?)([+-]?\d{{1,2}}))?")
_NOT_DETECTED = {"notdetected", "undetectable", "negative", "未检出", "未检测到", "低于检测下限", "阴性"}


def read_clinical_table(path: Path) -> list[ClinicalRow]:
    """Read every known column; refuse the table when an identifier, unit or value is unclear.

    Of a workbook, the one sheet with patient identifiers and a known column is read. A comma is read
    between thousands only (``150,000``); a decimal comma is unclear, and so is ``1,234`` in a file that has
    semicolons between its cells, as they are written where the comma is the decimal point.
    """
    table = the_table(Path(path), lambda sheet: has(sheet, PATIENT) and any(has(sheet, h) for h in KNOWN))
    patient = place_of(table, PATIENT, "a patient identifier")
    assert patient is not None
    if not any(has(table, headings) for headings in KNOWN):
        names = ", ".join([*QUANTITIES, "sex"])
        refuse_if([f"no heading for a clinical value, which are {names}"], table.name)
    unclear: list[str] = []
    columns: dict[str, list[tuple[float | None, bool]]] = {}
    for name, quantity in QUANTITIES.items():
        place = place_of(table, quantity.headings, name, required=False)
        if place is not None:
            columns[name] = _column(table, place, name, quantity, unclear)
    sex_place = place_of(table, _SEX, "sex", required=False)
    rows: dict[str, ClinicalRow] = {}
    for number, cells in enumerate(table.rows):
        who, line = clean(cells[patient]), table.first_line + number
        if not who:
            if any(map(clean, cells)):
                unclear.append(f"line {line}: no patient identifier")
            continue
        sex = _SEXES.get(clean(cells[sex_place]).lower(), "?") if sex_place is not None else ""
        if sex == "?":
            unclear.append(f"line {line}: sex {quoted(clean(cells[sex_place or 0]))}")
        if who in rows:
            unclear.append(f"line {line}: {shown(who)} is listed twice")
        values = {name: column[number][0] for name, column in columns.items()}
        bounded = tuple(name for name, column in columns.items() if column[number][1])
        rows[who] = ClinicalRow(patient=who, sex=sex, bounded=bounded, line=line, **values)
    refuse_if(unclear, table.name)
    return list(rows.values())


def _column(
    table: Table,
    place: int,
    name: str,
    quantity: _Quantity,
    unclear: list[str],
) -> list[tuple[float | None, bool]]:
    """The column in our unit, each value with whether it is a bound."""
    raw: list[tuple[float | None, bool]] = []
    for line, text in enumerate(table.column(place), start=table.first_line):
        read = _value(text, commas_are_points=table.delimiter == ";")
        if read is None:
            comma = " (a comma is read between thousands only: write decimals with a point)"
            unclear.append(f"line {line}: {name} {quoted(clean(text))}{comma if ',' in clean(text) else ''}")
        raw.append(read or (None, False))
    convert = _unit(table.columns[place], [value for value, _ in raw if value is not None], quantity)
    if convert is None:
        units = " or ".join(spelling.split("|")[0] for spelling, *_ in quantity.units)
        unclear.append(f"{quoted(table.columns[place])}: the unit is not clear, expected {units}")
        return [(None, False)] * len(raw)
    converted = [(None if value is None else convert(value), bound) for value, bound in raw]
    unclear += [
        f"line {line}: {name} {value:g} is not possible"
        for line, (value, _) in enumerate(converted, start=table.first_line)
        if value is not None and not quantity.low <= value <= quantity.high
    ]
    return converted


def _value(text: str, *, commas_are_points: bool) -> tuple[float | None, bool] | None:
    """(number or missing, is it a bound); ``None`` when it is not one number that can be read in one way."""
    plain = re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", clean(text).lower())  # 1 234 keeps its space
    if plain in _MISSING:
        return None, False
    if plain in _NOT_DETECTED:
        return 0.0, True
    match = _NUMBER.fullmatch(plain)
    if not match:
        return None
    whole, fraction = match[2], match[3] or ""
    if commas_are_points and whole.count(",") == 1 and not fraction:
        return None
    number = float(re.sub("[, ]", "", whole) + fraction)
    return number * 10 ** int(match[4] or 0), match[1] is not None


def _unit(title: str, values: list[float], quantity: _Quantity) -> Callable[[float], float] | None:
    """How to convert: by the unit in the heading, else by the one unit in which the median is plausible."""
    written = re.findall(r"[(\[（【](.*?)[)\]）】]", clean(title).lower())
    tail = re.sub(r"^[^,:]*[,:]", "", clean(title).lower()) if re.search(r"[,:]", title) else ""
    for text in [*written, tail]:
        unit = re.sub(r"\s+", "", text).lstrip("×x*")  # superscripts are plain digits by now: 10⁹ reads 109
        if not unit:
            continue
        for spelling, convert, *_ in quantity.units:
            if unit in spelling.replace(" ", "").split("|"):
                return convert
        return None
    if not values:
        return quantity.units[0][1]
    middle = median(values)
    plausible = [convert for _, convert, low, high in quantity.units if low <= middle <= high]
    if heading(title).endswith(("years", "岁")):
        return quantity.units[0][1]
    return plausible[0] if len(plausible) == 1 else None
