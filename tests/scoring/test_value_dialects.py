"""A values file as spreadsheets in Italian save it, decided for the whole file; and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from piramide.kernel.findings import Finding, Refusal
from piramide.scoring.reading import read_values
from tests.scoring.scenes import Scene, group, indicator, leaf

HEADER = "structure;indicator;period;value;status;note"
PACK = Scene(
    (indicator("clearance_rate"), indicator("projects", "milestone")),
    {"lazio": (group("dimension", 1, leaf("clearance_rate", "0.5", 1), leaf("projects", "0.5", 100)),)},
).pack


def written(tmp_path: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8-sig") -> Path:
    path = tmp_path / "values.csv"
    path.write_bytes("\r\n".join([header, *lines, ""]).encode(encoding))
    return path


def refused(path: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(Refusal) as caught:
        read_values(path, PACK)
    return [(finding.code, finding.place.line, finding.place.cell) for finding in caught.value.findings]


def told(findings: Sequence[Finding]) -> list[object]:
    return [tuple(f.fields[key] for key in ("separator", "mark", "encoding")) for f in findings if f.code == "SC034"]


@pytest.mark.parametrize(("encoding", "name"), [("utf-8-sig", "UTF-8"), ("utf-8", "UTF-8"), ("cp1252", "Windows-1252")])
def test_it_reads_what_a_spreadsheet_in_italian_saves(encoding: str, name: str, tmp_path: Path) -> None:
    lines = (
        "lazio;clearance_rate;2024-Q3;1,010;;Forlì, qualità",
        "lazio;projects;2024-Q3;98,5;;",
    )

    values = read_values(written(tmp_path, *lines, encoding=encoding), PACK)

    assert [str(values.exact(row)) for row in range(2)] == ["101/100", "197/2"]
    assert values.notes.to_pylist() == ["Forlì, qualità", ""]
    assert told(values.findings) == [(";", ",", name)]


def test_it_gives_the_same_values_as_the_file_with_points(tmp_path: Path) -> None:
    italian = read_values(written(tmp_path, "lazio;clearance_rate;2024-Q3;1.234,56;;"), PACK)
    machine = read_values(
        written(tmp_path, "lazio,clearance_rate,2024-Q3,1234.56,,", header=HEADER.replace(";", ","), encoding="utf-8"),
        PACK,
    )

    assert italian.texts == machine.texts
    assert told(machine.findings) == []


@pytest.mark.parametrize(
    ("cells", "faults"),
    [
        (("0,5", "0.5"), [("SC035", 3, "value")]),
        (("1,234", "98.5"), [("SC035", 3, "value")]),
        (("0,5", "1.234"), [("SC035", 3, "value")]),
        (("1.234", "2"), [("SC035", 2, "value")]),
        (("1,234.5", "2"), [("SC011", 2, "value")]),
        (("1,2,3", "uno"), [("SC011", 2, "value"), ("SC011", 3, "value")]),
    ],
)
def test_it_refuses_a_mixed_file_with_line_and_column(
    cells: tuple[str, str], faults: list[tuple[str, int, str]], tmp_path: Path
) -> None:
    first, second = cells

    assert (
        refused(written(tmp_path, f"lazio;clearance_rate;2024-Q3;{first};;", f"lazio;projects;2024-Q3;{second};;"))
        == faults
    )


def test_it_takes_points_between_semicolons_where_they_can_only_be_decimals(tmp_path: Path) -> None:
    lines = ("lazio;clearance_rate;2024-Q3;1.234;;", "lazio;projects;2024-Q3;98.5;;")

    values = read_values(written(tmp_path, *lines), PACK)

    assert [str(values.exact(row)) for row in range(2)] == ["617/500", "197/2"]
    assert told(values.findings) == [(";", ".", "UTF-8")]


def test_it_tells_all_that_is_wrong_at_once(tmp_path: Path) -> None:
    header = "structure;indicator;period;value;valore;status;status"
    lines = (
        "lazzio;clearance_rate;2024-Q3;1,0;;;",
        "lazio;projects;2024-Q3;0.5;;;",
        "lazio;projects;2024-Q9;1;;;",
        "lazio;projects",
    )

    found = refused(written(tmp_path, *lines, header=header, encoding="cp1252"))

    assert [(code, line) for code, line, _ in found] == [
        ("SC006", 1), ("SC022", 1), ("SC008", 2), ("SC035", 3), ("KN013", 4), ("SC007", 5),
    ]  # fmt: skip


RATE = ("lazio", "clearance_rate", "2024-Q3")
PROJECTS = ("lazio", "projects", "2024-Q3")


def workbook(path: Path, *rows: Sequence[object], formula: str = "", kept: object = "") -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("valori")
        for at, row in enumerate((("structure", "indicator", "period", "value", "note"), *rows)):
            for column, cell in enumerate(row):
                (sheet.write_string if isinstance(cell, str) else sheet.write)(at, column, cell)
        if formula:
            sheet.write_formula(1, 3, formula, None, kept)
    return path


def test_it_reads_a_workbook(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "v.xlsx",
        ("lazio", "clearance_rate", "2024-Q3", 0.1 + 0.2, "Forlì"),
        ("lazio", "projects", "2024-Q3", 98, ""),
    )

    values = read_values(path, PACK)

    assert [str(values.exact(row)) for row in range(2)] == ["3/10", "98"]
    assert values.lines.tolist() == [2, 3]


def test_it_reads_numbers_that_a_workbook_holds_as_text(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "v.xlsx", ("lazio", "clearance_rate", "2024-Q3", "1,010"), ("lazio", "projects", "2024-Q3", 98.5)
    )

    values = read_values(path, PACK)

    assert [str(values.exact(row)) for row in range(2)] == ["101/100", "197/2"]
    assert told(values.findings) == [("XLSX", ",", "XLSX")]


def test_it_refuses_texts_of_a_workbook_that_say_two_things(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "v.xlsx", ("lazio", "clearance_rate", "2024-Q3", "1,010"), ("lazio", "projects", "2024-Q3", "98.5")
    )

    assert refused(path) == [("SC035", 3, "value")]


def test_it_names_the_cell_of_an_error(tmp_path: Path) -> None:
    path = workbook(tmp_path / "v.xlsx", ("lazio", "clearance_rate", "2024-Q3", 1), formula="=NA()", kept="#N/A")

    assert refused(path) == [("SC036", 2, "D2")]


def test_it_refuses_formulas_as_the_site_does(tmp_path: Path) -> None:
    path = workbook(tmp_path / "v.xlsx", ("lazio", "clearance_rate", "2024-Q3", 1), formula="=1+1", kept=2)

    assert refused(path) == [("CO004", 0, "D2")]


def test_it_gives_a_pasted_note_the_bullets_that_everybody_has(tmp_path: Path) -> None:
    values = read_values(written(tmp_path, "lazio;projects;2024-Q3;98,5;;\uf0b7 nota \uf0d8 incollata"), PACK)

    assert values.notes.to_pylist() == ["• nota ➢ incollata"]
