"""The spreadsheet: numbers are numbers, texts are never formulas, pages are ready to print."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from piramide.reports.sheet import SheetReport, Source
from piramide.reports.sheet_xlsx import sheet_xlsx

Cells = list[list[object]]


def pages(content: bytes) -> dict[str, Cells]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: [list(row) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names}


def parts(content: bytes, folder: str = "xl/worksheets/") -> list[str]:
    with zipfile.ZipFile(BytesIO(content)) as book:
        return [
            book.read(name).decode() for name in book.namelist() if name.startswith(folder) and name.endswith("xml")
        ]


def row_of(cells: Cells, label: str) -> dict[object, object]:
    head = next(row for row in cells if "Indicatore" in row and "Valore" in row)
    return dict(zip(head, next(row for row in cells if row[1] == label), strict=True))


def test_it_holds_real_numbers(milano: SheetReport) -> None:
    cells = pages(sheet_xlsx(milano))["Obiettivi e risultati"]

    revenue = row_of(cells, "I.E.E.P. - Accertamenti")
    flow = row_of(cells, "Indice di Deflusso")

    assert revenue["Valore obiettivo"] == 328588770.0
    assert revenue["Valore"] == 335160545.0
    assert flow["Scostamento"] == pytest.approx(1 / 101)
    assert flow["Peso"] == 0.2
    assert flow["Indice"] == pytest.approx(100 + 100 / 101)


def test_it_leaves_an_absent_value_empty(milano: SheetReport) -> None:
    cells = pages(sheet_xlsx(milano))["Obiettivi e risultati"]

    missing = row_of(cells, "Percentuale domande INVIV in prima istanza/totale accolte")

    assert [missing[name] for name in ("Valore", "Scostamento", "Indice", "Punti")] == [""] * 4
    assert missing["Stato"] == "○ non misurato"


def test_it_lists_every_row_loss_and_lever(milano: SheetReport) -> None:
    sheets = pages(sheet_xlsx(milano))

    labels = [row[1] for row in sheets["Obiettivi e risultati"]]
    assert [label for label in labels if label in {row.label for row in milano.rows}] == [r.label for r in milano.rows]
    assert len(sheets["Perché non 100"]) == 1 + len(milano.losses)
    assert len(sheets["Che cosa conta di più ora"]) == 1 + len(milano.levers)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_it_never_writes_a_formula(milano: SheetReport, start: str) -> None:
    text = f'{start}HYPERLINK("http://example.org","x")'
    rows = (replace(milano.rows[2], label=text, note=text, reference=text, target_text=text), *milano.rows[3:])
    report = replace(
        milano,
        rows=rows,
        structure_label=text,
        title=text,
        notes=(text,),
        losses=(replace(milano.losses[0], label=text, reason=text),),
        levers=(replace(milano.levers[0], label=text, unit=text),),
        sources=(Source(text, text, (text,)),),
    )

    content = sheet_xlsx(report)

    assert not any(re.search(r"<f[ >]", sheet) for sheet in parts(content))
    assert not any("<hyperlink" in sheet for sheet in parts(content))
    assert any('quotePrefix="1"' in styles for styles in parts(content, "xl/styles"))
    assert any(text.strip() in str(cell) for row in pages(content)["Obiettivi e risultati"] for cell in row)


def test_its_header_stays_in_sight_and_on_every_printed_page(milano: SheetReport) -> None:
    content = sheet_xlsx(milano)

    sheet = parts(content)[0]
    assert 'state="frozen"' in sheet
    assert 'orientation="landscape"' in sheet
    assert 'paperSize="9"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert "_xlnm.Print_Titles" in parts(content, "xl/workbook")[0]


def test_it_says_that_data_are_invented(milano: SheetReport) -> None:
    invented, real = sheet_xlsx(milano), sheet_xlsx(replace(milano, is_demonstration=False))

    assert any("Dati dimostrativi" in str(row[0]) for row in pages(invented)["Obiettivi e risultati"])
    assert all("Dati dimostrativi" in sheet for sheet in parts(invented))
    assert not any("dimostrativi" in sheet for sheet in [*parts(real), *parts(real, "xl/shared")])


def test_it_gives_the_same_bytes_for_the_same_report(milano: SheetReport) -> None:
    assert sheet_xlsx(milano) == sheet_xlsx(milano)
