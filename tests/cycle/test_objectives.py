"""The objective sheet before any result, in four formats, against the text of the official one."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pikepdf
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from piramide.cycle.plans.objectives.content import objectives_sheet
from piramide.exchange.sheets.workbook_forms import forms
from piramide.methodology.in_force import in_force
from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.model import Pack
from piramide.reports.objectives.markdown import markdown
from piramide.reports.objectives.paper import ObjectivesSheet
from piramide.reports.objectives.pdf import pdf
from piramide.reports.objectives.word import word
from piramide.reports.objectives.workbook import workbook

OFFICIAL = Path(__file__).parents[2] / "examples" / "scheda-dcm-milano-2024.txt"
SLIPS = {
    "DCM MILANO - Direttore Coordinamento Metropolitanano": "DCM Milano - Direttore Coordinamento Metropolitano",
    "Percentuale domande INVIV in prima istanza/totale accolte": (
        "Percentuale domande INVCIV in prima istanza/totale accolte"
    ),
    "* OGE: vale la cifra della sede o della nazione.": (
        "* Per gli Obiettivi Generali di Ente vale la cifra della sede o quella nazionale."
    ),
    "PIAO - pag. 40 e segg.; Obiettivi 2024 - pag. 63": "PIAO - Pag. 40 e segg.; Obiettivi 2024 - Pag. 63",
}
"""Slips of the print that the plan corrects (aliases), one way of writing a page where the print has two, a note."""
IN_FORCE: dict[str, Pack] = {}
FORMS: dict[str, Callable[[ObjectivesSheet], bytes]] = {
    "pdf": lambda sheet: pdf([sheet]),
    "docx": word,
    "xlsx": workbook,
    "md": markdown,
}


def plan(name: str) -> Pack:
    return IN_FORCE.setdefault(name, in_force(load_pack(find_pack(name))))


@pytest.fixture
def milano() -> ObjectivesSheet:
    return objectives_sheet(plan("inps-2024"), "dcm_milano")


def printed_cells() -> list[str]:
    """What the official sheet prints, up to the spending rules, whose sentences the plan words its own way."""
    text = OFFICIAL.read_text(encoding="utf-8").partition("Indicatore di Gestione della Spesa\tFabbisogni")[0]
    cells = [cell.strip() for line in text.splitlines() for cell in line.split("\t")]
    bare = [cell.replace("<i>", "").replace("</i>", "") for cell in cells if cell]
    return [SLIPS.get(cell, cell) for cell in bare]


def texts_of_pdf(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def texts_of_word(content: bytes) -> str:
    document = docx.Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def texts_of_markdown(content: bytes) -> str:
    return content.decode().replace("\\", "").replace("&nbsp;", " ")


TEXTS: dict[str, Callable[[bytes], str]] = {"pdf": texts_of_pdf, "docx": texts_of_word, "md": texts_of_markdown}


def joined(text: str) -> str:
    """The letters and signs of a text without its blanks: lines and pages break where they like."""
    return "".join(text.split())


@pytest.mark.parametrize("form", sorted(TEXTS))
def test_it_prints_all_that_the_official_sheet_prints(milano: ObjectivesSheet, form: str) -> None:
    text = joined(TEXTS[form](FORMS[form](milano)))

    assert [cell for cell in printed_cells() if joined(cell) not in text] == []


def test_its_lines_stand_in_the_order_of_the_print(milano: ObjectivesSheet) -> None:
    printed = printed_cells()
    labels = [cell.text for row in milano.objectives.rows for cell in row if cell.column == 3]

    places = [printed.index(label) for label in labels]

    assert places == sorted(places)
    assert len(labels) == 33


def test_a_composite_that_no_paper_prints_stays_out(milano: ObjectivesSheet) -> None:
    texts = [cell.text for row in milano.objectives.rows for cell in row]

    assert "Indice Economico di Gestione" not in texts


def test_cells_are_merged_as_printed(milano: ObjectivesSheet) -> None:
    merged = [(cell.text, cell.rows) for row in milano.objectives.rows for cell in row if cell.rows > 1]

    assert ("Valore Istituzionale", 9) in merged
    assert ("Obiettivi 2024 - Allegato 1 Tabelle integrative Pag. 9", 2) in merged
    assert ("Scostamento 0 su budget del Cruscotto Qualità 2024", 9) in merged


def test_the_lines_of_the_annex_keep_indent_and_sign(milano: ObjectivesSheet) -> None:
    rows = milano.annexes[0].table.rows

    assert len(rows) == 39
    assert rows[25][0].text == "Interessi legali (-)"
    assert [row[0].indent for row in rows[:6]] == [0, 1, 2, 3, 3, 4]


def test_spending_rules_stand_by_forecast(milano: ObjectivesSheet) -> None:
    rules = [row[-2:] for row in milano.annexes[1].table.rows]

    assert [(moment.text, rule.text.partition(" (")[0]) for moment, rule in rules] == [
        ("I-II-III Forecast", "Scostamento massimo del +5%"),
        ("IV Forecast", "Scostamento massimo del +/-5%"),
        ("I Forecast", "Massimo 5%"),
        ("II Forecast", "Massimo 4%"),
        ("III Forecast", "Massimo 3%"),
        ("IV Forecast", "Massimo 0%"),
    ]


def test_projects_have_id_and_title() -> None:
    (projects,) = [a for a in objectives_sheet(plan("inps-2024"), "dc_risorse_umane").annexes if "Progetti" in a.title]

    assert len(projects.table.rows) == 16
    assert [cell.text for cell in projects.table.rows[0]][2:] == [
        "NOPE24_DCBOL_16.1",
        "Rendiconto di Sostenibilità 2023",
    ]


@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_same_plan_gives_the_same_bytes(form: str) -> None:
    again = in_force(load_pack(find_pack("inps-2024")))

    first, second = (objectives_sheet(pack, "dc_risorse_umane") for pack in (plan("inps-2024"), again))

    assert FORMS[form](first) == FORMS[form](second)


def test_the_pdf_is_archivable_and_accessible(milano: ObjectivesSheet) -> None:
    with pikepdf.open(BytesIO(pdf([milano]))) as document:
        told = document.Root.Metadata.read_bytes().decode()

        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "it"
        assert "<pdfaid:part>2" in told
        assert "<pdfuaid:part>1" in told


def test_a_pdf_of_all_has_a_bookmark_for_each_sheet() -> None:
    pack = plan("comune-esempio")

    document = PdfReader(BytesIO(pdf([objectives_sheet(pack, name) for name in pack.sheets])))

    tops = [item for item in document.outline if not isinstance(item, list)]
    assert [item.title for item in tops] == [
        "Comune di Borgoverde - Segretario generale",
        "Area Servizi alla persona - Responsabile",
        "Area Tecnica - Responsabile",
    ]


def test_the_spreadsheet_holds_numbers_and_no_formula(milano: ObjectivesSheet) -> None:
    raw = workbook(milano)
    sheet = CalamineWorkbook.from_filelike(BytesIO(raw)).get_sheet_by_index(0)
    rows, shapes = sheet.to_python(skip_empty_area=False), forms(raw)["DCM Milano"]

    at = next(number for number, row in enumerate(rows) if row[3] == "Indice di Deflusso")
    assert (rows[at][5], shapes[at, 5].code) == (1.01, "0.000")
    assert (rows[at - 1][1], shapes[at - 1, 1].code) == (0.4, "0%")
    assert ((3, 0), (11, 0)) in (sheet.merged_cell_ranges or [])
    with ZipFile(BytesIO(raw)) as package:
        parts = [package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(parts) == 3
    assert not any(b"<f>" in part or b"<f " in part for part in parts)


def test_the_document_has_headings_header_rows_and_a_language(milano: ObjectivesSheet) -> None:
    document = docx.Document(BytesIO(word(milano)))

    headings = [(p.style.name, p.text) for p in document.paragraphs if p.style and p.style.name.startswith("Heading")]
    assert headings[:2] == [
        ("Heading 1", "Obiettivi di performance organizzativa per l'anno 2024"),
        ("Heading 2", "Allegato 2"),
    ]
    assert all(table.rows[0]._tr.find(".//" + qn("w:tblHeader")) is not None for table in document.tables)
    assert {tag.get(qn("w:val")) for tag in document.styles.element.iter(qn("w:lang"))} == {"it-IT"}


def test_a_plan_without_words_of_its_own_gets_the_products() -> None:
    sheet = objectives_sheet(plan("inps-2020"), "nazionale")

    assert (sheet.heading, sheet.addressee) == ("Obiettivi di performance per l'anno 2020", "Nazionale")
    assert sheet.objectives.titles[-1] == "Valore obiettivo"
