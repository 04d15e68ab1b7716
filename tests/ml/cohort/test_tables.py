"""Tables as hospitals keep them: read when clear, refused with the reasons when not."""

from __future__ import annotations

import resource
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from ml.cohort import StageRow, TableRefused, read_clinical_table, read_stage_table
from ml.cohort.tables import parse_stage
from ml.spec import Stage


def stages_of(path: Path) -> dict[str, Stage]:
    return {row.patient: row.stage for row in read_stage_table(path)}


def written(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "stages.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


EXPECTED = {"0012": Stage.S0, "P-7": Stage.S3}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize(
    "text",
    [
        "patient_id,stage\n0012,S0\nP-7,S3\n",
        "Patient ID;Fibrosis Stage\r\n0012;F0\r\nP-7;F3\r\n",
        "住院号\t病理分期\n0012\t0\nP-7\t3期\n",
        "患者编号,姓名,肝纤维化分期,中心\n0012,王,S0,北京\nP-7,李,G2S3,上海\n\n,,,\n",
        '\n"编号","S"\n" 0012 ","Ｓ０"\n"P-7",3.0\n',
    ],
)
def test_headings_encodings_and_spellings(tmp_path: Path, text: str, encoding: str) -> None:
    assert stages_of(written(tmp_path, text, encoding)) == EXPECTED


def test_sites_and_lines_are_kept(tmp_path: Path) -> None:
    rows = read_stage_table(written(tmp_path, "patient_id,stage,site\nA,S1,X\nB,S2,Y\nA,S1,X\n"))
    assert rows == [StageRow("A", Stage.S1, "X", 2), StageRow("B", Stage.S2, "Y", 3)]


def test_workbook_with_numbers_and_several_sheets(tmp_path: Path) -> None:
    path = tmp_path / "stages.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"note": ["ask Li"]}).to_excel(book, sheet_name="notes", index=False)
        pd.DataFrame({"病人编号": ["0012", "P-7"], "分期": [0, 3]}).to_excel(
            book, sheet_name="data", index=False
        )
    assert stages_of(path) == EXPECTED


def test_two_sheets_that_could_be_meant_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "stages.xlsx"
    with pd.ExcelWriter(path) as book:
        for sheet in ("2023", "2024"):
            pd.DataFrame({"id": ["A"], "stage": [1]}).to_excel(book, sheet_name=sheet, index=False)
    with pytest.raises(TableRefused, match=r"2023.*2024"):
        read_stage_table(path)


UNCLEAR = {
    "patient_id,stage\nA,S2-3\n": "line 2: stage 'S2-3' of A",
    "patient_id,stage\nA,S5\nB,cirrhosis\n": "line 3: stage 'cirrhosis' of B",
    "patient_id,stage\nA,S2?\n": "S2?",
    "patient_id,stage\nA,\n": "no stage for A",
    "patient_id,stage\n,S2\n": "line 2: no patient identifier",
    "patient_id,stage\nA,S1\nB,S2\nA,S3\n": "lines 2 and 4: A is S1 and S3",
    "patient_id,stage,site\nA,S1,X\nA,S1,Y\n": "A is S1 X and S1 Y",
    "patient_id,stage,pathology stage\nA,S1,S2\n": "'stage' and 'pathology stage' could each be a stage",
    "住院号,门诊号,分期\n1,2,S1\n": "could each be a patient identifier",
    "name,stage\nA,S1\n": "no heading for a patient identifier",
    "patient_id,grade\nA,S1\n": "no heading for a stage",
    "patient_id,stage\nA,S1,extra\n": "line 2: more cells than headings",
}


@pytest.mark.parametrize("text", UNCLEAR)
def test_ambiguity_is_refused_and_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(TableRefused) as refused:
        read_stage_table(written(tmp_path, text))
    assert UNCLEAR[text] in refused.value.message
    assert refused.value.code == "table-unclear"


def test_everything_unclear_is_listed_at_once(tmp_path: Path) -> None:
    text = "patient_id,stage\n" + "".join(f"P{n},S9\n" for n in range(40))
    with pytest.raises(TableRefused) as refused:
        read_stage_table(written(tmp_path, text))
    assert "line 2:" in refused.value.message
    assert "line 13:" in refused.value.message
    assert "and 28 more" in refused.value.message


def test_an_unused_second_heading_does_not_confuse(tmp_path: Path) -> None:
    assert stages_of(written(tmp_path, "patient_id,mrn,stage\n0012,,S0\nP-7,,S3\n")) == EXPECTED
    assert stages_of(written(tmp_path, "id,patient_id,stage\n1,0012,S0\n2,P-7,S3\n")) == EXPECTED


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table-empty"),
        (b"\n \n", "table-empty"),
        (b"patient_id,stage\n", "table-empty"),
        (b"\xd0\xcf\x11\xe0old excel", "table-unreadable"),
        (b"PK\x03\x04not a workbook", "table-unreadable"),
        (b"patient_id,stage\nA,\xff\xff\xff", "table-unreadable"),
        (b'patient_id,stage\n"A,S1\n', "table-unreadable"),
    ],
)
def test_files_that_are_no_tables_are_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "stages.csv"
    path.write_bytes(content)
    with pytest.raises(TableRefused) as refused:
        read_stage_table(path)
    assert refused.value.code == code


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableRefused) as refused:
        read_stage_table(tmp_path / "absent.csv")
    assert refused.value.code == "table-unreadable"


@pytest.mark.parametrize(
    "text", ["s4", "F4", "4", "4.0", "S 4", "Ｓ４", "S4期", "g3s4", "Stage 4", "\u200bS4"]
)
def test_spellings_of_one_stage(text: str) -> None:
    assert parse_stage(text) is Stage.S4


CLINICAL = (
    "patient_id,age (years),sex,ALT (U/L),AST (U/L),"
    "platelets (10^9/L),GGT (U/L),albumin (g/L),HBV DNA (IU/mL)\n"
    "A,38,M,131,109,203,50,48.5,7046052\nB,41,F,29,35,,59,38.7,<20\nC,55,男,20,22,98,,41,未检出\n"
)


def test_clinical_values_and_bounds(tmp_path: Path) -> None:
    first, second, third = read_clinical_table(written(tmp_path, CLINICAL))
    assert (first.age, first.sex, first.alt, first.platelets, first.albumin) == (38, "M", 131, 203, 48.5)
    assert (second.platelets, second.hbv_dna, second.bounded) == (None, 20, ("hbv_dna",))
    assert (third.sex, third.hbv_dna, third.bounded) == ("M", 0, ("hbv_dna",))


@pytest.mark.parametrize(
    ("heading", "value", "name", "expected"),
    [
        ("albumin (g/dL)", "4.2", "albumin", 42),
        ("白蛋白", "4.2", "albumin", 42),
        ("ALB", "42", "albumin", 42),
        ("PLT (/µL)", "150 000", "platelets", 150),
        ("PLT (/µL)", "1,150,000", "platelets", 1150),
        ("PLT (/µL)", "1,500.5", "platelets", 1.5005),
        ("血小板", "150", "platelets", 150),
        ("PLT (×10⁹/L)", "150", "platelets", 150),
        ("HBV DNA (log10 IU/mL)", "5", "hbv_dna", 1e5),
        ("HBV DNA (IU/mL)", "1.7E8", "hbv_dna", 1.7e8),
        ("HBV-DNA定量（IU/mL）", ">1.7×10^8", "hbv_dna", 1.7e8),
        ("谷丙转氨酶(U/L)", "40", "alt", 40),
        ("ALT (µkat/L)", "0.5", "alt", 30),
        ("年龄（岁）", "50", "age", 50),
    ],
)
def test_units_are_converted(tmp_path: Path, heading: str, value: str, name: str, expected: float) -> None:
    path = written(tmp_path, f'患者编号;"{heading}"\nA;{value}\n')
    assert getattr(read_clinical_table(path)[0], name) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("patient_id,albumin (mmol/L)\nA,4\n", "the unit is not clear"),
        ("patient_id,HBV DNA (copies/mL)\nA,5000\n", "the unit is not clear"),
        ("patient_id,albumin\nA,9\n", "the unit is not clear"),
        ("patient_id,ALT (U/L)\nA,high\n", "alt 'high'"),
        ("patient_id,albumin (g/L)\nA,450\n", "albumin 450 is not possible"),
        ("patient_id,age\nA,40\nA,41\n", "A is listed twice"),
        ("patient_id,sex\nA,1\n", "sex '1'"),
        ("patient_id,ALT,GPT\nA,40,41\n", "could each be alt"),
        ("patient_id,age\n,41\n", "no patient identifier"),
    ],
)
def test_unclear_clinical_values_are_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(TableRefused) as refused:
        read_clinical_table(written(tmp_path, text))
    assert words in refused.value.message


def test_commas_between_thousands_are_read_where_cells_are_not_parted_by_semicolons(tmp_path: Path) -> None:
    path = written(tmp_path, 'patient_id,PLT (/µL)\nA,"150,000"\nB,"1,150,000"\n')
    assert [row.platelets for row in read_clinical_table(path)] == [150, 1150]


@pytest.mark.parametrize("value", ["35,5", "0,123", "1.234,5", "4,1234", "35 5", "1,234"])
def test_a_decimal_comma_is_never_read_as_something_else(tmp_path: Path, value: str) -> None:
    with pytest.raises(TableRefused, match=f"line 2: ast '{value}'") as refused:
        read_clinical_table(written(tmp_path, f"patient;AST (U/L)\nP1;{value}\n"))
    assert ("decimals with a point" in refused.value.message) == ("," in value)
    if value != "1,234":
        with pytest.raises(TableRefused, match=f"line 2: ast '{value}'"):
            read_clinical_table(written(tmp_path, f'patient,AST (U/L)\nP1,"{value}"\n'))


def workbook(path: Path, **sheets: dict[str, list]) -> Path:
    with pd.ExcelWriter(path) as book:
        for name, columns in sheets.items():
            pd.DataFrame(columns).to_excel(book, sheet_name=name, index=False)
    return path


def test_the_sheet_with_clinical_values_is_found(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "book.xlsx",
        stages={"patient": ["P1"], "stage": ["S1"]},
        labs={"patient": ["P1"], "AST (U/L)": [40.5], "ALT (U/L)": [41], "PLT (10^9/L)": [140]},
    )
    (row,) = read_clinical_table(path)
    assert (row.ast, row.alt, row.platelets) == (40.5, 41, 140)


def test_two_sheets_with_clinical_values_are_refused(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "book.xlsx",
        stages={"patient": ["P1"], "stage": ["S1"], "age": [50]},
        labs={"patient": ["P1"], "AST (U/L)": [40]},
    )
    with pytest.raises(TableRefused, match=r"stages.*labs") as refused:
        read_clinical_table(path)
    assert "one sheet" in refused.value.remedy


def test_a_table_without_a_clinical_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableRefused, match="no heading for a clinical value"):
        read_clinical_table(written(tmp_path, "patient_id,stage\nA,S1\n"))


def test_a_heading_may_be_missing_in_a_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx", one={"id": ["0012", "P-7"], "stage": [0, 3.0], "": ["x", "y"]})
    assert stages_of(path) == EXPECTED


def sheet(path: Path, cells: str) -> Path:
    """A workbook whose one sheet holds these cells."""
    workbook(path, one={"id": ["A"]})
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'.encode()
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return path


def of_text(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


BOMBS = {
    "one cell of 64 MB": lambda: f'<row r="1">{of_text("A1", "A" * 2**26)}</row>',
    "the last cell of the sheet": lambda: (
        f'<row r="1">{of_text("A1", "id")}</row><row r="1048576">{of_text("XFD1048576", "S1")}</row>'
    ),
    "a row far below the last": lambda: (
        f'<row r="1">{of_text("A1", "id")}</row><row r="999999999">{of_text("A999999999", "S1")}</row>'
    ),
    "cells without end": lambda: f'<row r="1">{"<c/>" * 4_000_000}</row>',
}


@pytest.mark.parametrize(
    "bomb", [pytest.param(b, marks=pytest.mark.slow) if b == "cells without end" else b for b in BOMBS]
)
def test_a_small_workbook_that_unpacks_to_a_giant_is_refused(tmp_path: Path, bomb: str) -> None:
    path = sheet(tmp_path / "bomb.xlsx", BOMBS[bomb]())
    assert path.stat().st_size < 200_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TableRefused) as refused:
        read_stage_table(path)
    # The last cell alone is a sheet like others, and there is no heading for a stage in it.
    assert refused.value.code == ("table-unclear" if "last cell" in bomb else "table-too-large")
    assert len(refused.value.message) < 300
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100 * 2**10, f"{grown} KB"  # it was 1.8 GB and more


@pytest.mark.parametrize("text", ["a\n" * 2_000_000, "a," * 2_000_000, "\n" * 2_000_000])
def test_a_csv_file_without_end_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(TableRefused) as refused:
        read_stage_table(written(tmp_path, text))
    assert refused.value.code == "table-too-large"


def test_a_long_value_is_quoted_in_part(tmp_path: Path) -> None:
    long = "x" * 5000
    for text in (f"id,stage\nA,{long}\n", f"id,{long}\nA,S1\n", f"id,stage\n{long},S1\n{long},S2\n"):
        with pytest.raises(TableRefused) as refused:
            read_stage_table(written(tmp_path, text))
        assert len(refused.value.message) < 400
    with pytest.raises(TableRefused) as refused:
        read_clinical_table(written(tmp_path, f"id,AST\nA,{long}\n"))
    assert len(refused.value.message) < 400
