"""What cells of spreadsheets and documents show is what is read; an empty one takes nothing from its neighbours."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import docx
import pytest
import xlsxwriter

from piramide.exchange.sheets import SheetImport, import_sheets, write_pack
from piramide.exchange.sheets.assembling import leaves_of
from piramide.exchange.sheets.number_formats import shown
from piramide.kernel.findings import Severity

HEAD: Sequence[Sequence[object]] = (
    ("Obiettivi di performance organizzativa per l'anno 2024",),
    ("DR Puglia",),
    ("AMBITO DI PERFORMANCE", "CONTRIBUTO", "SOTTO AMBITI", "KPI", "RIFERIMENTI", "VALORE OBIETTIVO"),
    ("Valore Sociale", 1, 1, "Servizi"),
)
Cell = object
"""A value, a value with its format, or a formula with the value that is kept beside it."""


def write_xlsx(path: Path, *rows: Sequence[Cell], merges: Mapping[str, Cell] | None = None) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Scheda")
        for line, cells in enumerate((*HEAD, *rows)):
            for column, cell in enumerate(cells):
                match cell:
                    case (value, str(code)) if not isinstance(value, str):
                        sheet.write(line, column, value, book.add_format({"num_format": code}))
                    case (str(formula), kept):
                        sheet.write_formula(line, column, formula, None, kept)
                    case None:
                        pass
                    case _:
                        sheet.write(line, column, cell)
        for area, value in (merges or {}).items():
            sheet.merge_range(area, value)
    return path


def row(label: str, target: Cell) -> Sequence[Cell]:
    return (None, None, None, label, "Obiettivi 2024 - Pag. 1", target)


def targets(read: SheetImport) -> list[Fraction | None]:
    return [leaf.target for leaf in leaves_of(read.structures[0].tree)]


def errors(read: SheetImport) -> list[tuple[str, int, str]]:
    return [(f.code, f.place.line, f.place.cell) for f in read.findings if f.level is Severity.ERROR]


def test_it_gives_a_blank_cell_no_target_and_names_it(tmp_path: Path) -> None:
    read = import_sheets([write_xlsx(tmp_path / "a.xlsx", row("Alfa", None), row("Beta", 50), row("Gamma", 100))])

    assert targets(read) == [None, 50, 100]
    assert errors(read) == [("SH029", 5, "Scheda F5")]


def test_it_spreads_what_the_file_merges_and_nothing_else(tmp_path: Path) -> None:
    rows = (row("Alfa", None), row("Beta", None), row("Gamma", None), row("Delta", 7))

    read = import_sheets([write_xlsx(tmp_path / "a.xlsx", *rows, merges={"F5:F6": 50})])

    assert targets(read) == [50, 50, None, 7]
    assert errors(read) == [("SH029", 7, "Scheda F7")]


def test_it_gives_a_reference_to_no_row_that_does_not_print_it(tmp_path: Path) -> None:
    lonely = (None, None, None, "Beta", None, 6)

    read = import_sheets([write_xlsx(tmp_path / "a.xlsx", row("Alfa", 5), lonely)])

    assert [leaf.citation.place for leaf in leaves_of(read.structures[0].tree)] == ["p. 1", ""]
    assert [f.place.line for f in read.findings if f.code == "SH019"] == [6]


@pytest.mark.parametrize(
    ("cell", "printed"),
    [
        (("=NA()", "#N/A"), "#N/A"),
        (("=1/0", "#DIV/0!"), "#DIV/0!"),
        (("=A1+B1", ""), "=A1+B1"),
        (("=0.5+0.4", ""), "=0.5+0.4"),
    ],
)
def test_it_names_the_cell_of_an_error_or_of_a_formula_without_value(cell: Cell, printed: str, tmp_path: Path) -> None:
    read = import_sheets([write_xlsx(tmp_path / "a.xlsx", row("Alfa", cell), row("Beta", 50))])

    assert targets(read) == [None, 50]
    assert errors(read) == [("SH049", 5, "Scheda F5")]
    assert any(f"«{printed}»" in finding.message("it") for finding in read.findings)


def test_it_reads_a_formula_that_has_its_value(tmp_path: Path) -> None:
    assert targets(import_sheets([write_xlsx(tmp_path / "a.xlsx", row("Alfa", ("=25*2", 50)))])) == [50]


def test_it_says_when_the_cell_of_a_weight_is_an_error(tmp_path: Path) -> None:
    broken = (None, None, ("=NA()", "#N/A"), "Altri servizi")

    read = import_sheets([write_xlsx(tmp_path / "a.xlsx", row("Alfa", 50), broken, row("Beta", 5))])

    assert ("SH049", 6, "Scheda C6") in errors(read)


@pytest.mark.parametrize(
    ("cell", "target", "unit"),
    [
        ((0.855, "0.0%"), Fraction("0.855"), "ratio"),
        ("85,5%", Fraction("0.855"), "ratio"),
        ((30, '0" gg"'), 30, "days"),
        ((2_500_000, '#,##0.0,,\\ "mln €"'), 2_500_000, "eur"),
        ((1234.5, "#,##0.00\\ [$€-410]"), Fraction("1234.5"), "eur"),
        ((45657, "dd/mm/yyyy"), 100, "milestone"),
        (True, 100, "milestone"),
        (2.54, Fraction("2.54"), "index"),
    ],
)
def test_it_reads_what_the_cell_shows(cell: Cell, target: Fraction, unit: str, tmp_path: Path) -> None:
    read = import_sheets([write_xlsx(tmp_path / "a.xlsx", row("Alfa beta", cell))])

    assert targets(read) == [target]
    assert [item.unit for item in read.structures[0].indicators.values()] == [unit]
    assert not errors(read)


def test_it_quotes_what_the_cell_shows(tmp_path: Path) -> None:
    read = import_sheets([write_xlsx(tmp_path / "a.xlsx", row("Alfa", (0.855, "0.0%")))])

    assert [f.fields["printed"] for f in read.findings if f.code == "SH017"] == ["85,5%"]


def test_it_takes_no_day_without_year_for_a_target(tmp_path: Path) -> None:
    """Where `1.5` is typed, a spreadsheet in Italian keeps the first of May."""
    read = import_sheets([write_xlsx(tmp_path / "a.xlsx", row("Alfa", (45413, "d-mmm")))])

    assert targets(read) == [None]
    assert errors(read) == [("SH018", 5, "Scheda F5")]


def test_it_says_when_a_cell_keeps_another_figure_than_it_shows(tmp_path: Path) -> None:
    read = import_sheets([write_xlsx(tmp_path / "a.xlsx", row("Alfa", (0.8549, "0%")), row("Beta", (2.54, "0.00")))])

    assert targets(read) == [Fraction("0.85"), Fraction("2.54")]
    assert [(f.fields["printed"], f.fields["held"]) for f in read.findings if f.code == "SH050"] == [("85%", "0,8549")]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.333, "0.0%", "33,3%"),
        (-1234.5, "#,##0.00;[Red](#,##0.00)", "(1.234,50)"),
        (0, '0.0;-0.0;"-"', "-"),
        (1234.5678, "#,##0.000", "1234,568"),
        (2.5, "0.##", "2,5"),
        (45000, "dd/mm/yyyy", None),
        (0.5, "# ?/?", None),
        (12, "General", None),
    ],
)
def test_it_shows_numbers_as_an_italian_spreadsheet(value: float, code: str, text: str | None) -> None:
    assert shown(value, code) == (text if text != "-" else None)


def test_it_keeps_the_text_of_the_weights(tmp_path: Path) -> None:
    thirds = [
        line
        for at, weight in enumerate(((0.333, "0.0%"), "33,30%", "33,3"))
        for line in ((f"Valore {at}", weight, 1, f"Parte {at}"), row(f"Alfa {at}", 5))
    ]
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Scheda")
        for line, cells in enumerate((*HEAD[:3], *thirds)):
            for column, cell in enumerate(cells):
                if isinstance(cell, tuple):
                    sheet.write(line, column, cell[0], book.add_format({"num_format": cell[1]}))
                elif cell is not None:
                    sheet.write(line, column, cell)

    read = import_sheets([path])
    write_pack(read, tmp_path / "pack")

    lines = (tmp_path / "pack" / "trees" / "puglia.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[6] for line in lines if ",dimension," in line] == ["0.333", "0.3330", "0.333"]
    said = [f for f in read.findings if f.code == "SH021"]
    assert [f.level for f in said] == [Severity.WARNING]
    assert "1/3 ciascuno" in said[0].message("it")


def test_it_refuses_weights_that_no_rounding_explains(write_sheet: Callable[..., Path]) -> None:
    rows = (
        "Valore Sociale|33%|100%|Uno",
        "|||Alfa|PIAO - pag. 1|5",
        "Valore Economico|65%|100%|Due",
        "|||Beta|PIAO - pag. 1|5",
    )

    assert [f.level for f in import_sheets([write_sheet(*rows)]).findings if f.code == "SH021"] == [Severity.ERROR]


def test_it_gives_a_blank_cell_of_a_document_no_target(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(str(HEAD[0][0]))
    document.add_paragraph(str(HEAD[1][0]))
    rows = [
        HEAD[2],
        ("Valore Sociale", "100%", "100%", "Servizi"),
        row("Alfa", None),
        row("Beta", "50"),
        row("Gamma", None),
    ]
    table = document.add_table(rows=len(rows), cols=6)
    for at, cells in enumerate(rows):
        for column, text in enumerate(cells):
            table.cell(at, column).text = str(text or "")
    table.cell(3, 5).merge(table.cell(4, 5))
    document.save(str(tmp_path / "a.docx"))

    read = import_sheets([tmp_path / "a.docx"])

    assert targets(read) == [None, 50, 50]
    assert [(code, cell) for code, _, cell in errors(read)] == [("SH029", "tab. 1 F")]


def open_document(path: Path, *targets: str) -> Path:
    def cell(text: object) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    rows = [*("".join(map(cell, line)) for line in HEAD)]
    rows += [
        "".join(cell(part) for part in ("", "", "", f"Alfa {at}", "Obiettivi 2024 - Pag. 1")) + target
        for at, target in enumerate(targets)
    ]
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{names}:office:1.0" xmlns:table="{names}:table:1.0" '
        f'xmlns:text="{names}:text:1.0" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc">'
        '<office:body><office:spreadsheet><table:table table:name="Scheda">'
        + "".join(f"<table:table-row>{line}</table:table-row>" for line in rows)
        + "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<m:manifest xmlns:m="{names}:manifest:1.0"><m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>'
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", kind)
        package.writestr("META-INF/manifest.xml", manifest)
        package.writestr("content.xml", content)
    return path


def test_it_reads_the_cells_of_an_open_document_as_they_show(tmp_path: Path) -> None:
    path = open_document(
        tmp_path / "a.ods",
        '<table:table-cell office:value-type="percentage" office:value="0.855">'
        "<text:p>85,5%</text:p></table:table-cell>",
        "<table:table-cell/>",
        '<table:table-cell table:formula="of:=NA()" office:value-type="string" calcext:value-type="error">'
        "<text:p>#N/D</text:p></table:table-cell>",
        '<table:table-cell table:formula="of:=SUM([.A1:.A2])"/>',
        '<table:table-cell office:value-type="float" office:value="50"><text:p>50</text:p></table:table-cell>',
    )

    read = import_sheets([path])

    assert targets(read) == [Fraction("0.855"), None, None, None, 50]
    assert errors(read) == [("SH029", 6, "Scheda F6"), ("SH049", 7, "Scheda F7"), ("SH049", 8, "Scheda F8")]
