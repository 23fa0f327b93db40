"""The PDF: accessible, archivable, the same bytes for the same report, with every figure as text."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from piramide.reports.sheet import SheetReport
from piramide.reports.sheet_pdf import remarks, sheet_pdf


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(content))


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def tags(node: pikepdf.Object) -> Iterator[tuple[str, pikepdf.Object]]:
    """Every element of the structure tree: its tag and itself."""
    children = node.get("/K")
    if "/S" in node:
        yield str(node["/S"]), node
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            yield from tags(child)


def test_it_is_tagged_and_says_its_language_and_title(milano: SheetReport) -> None:
    with opened(sheet_pdf(milano)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "it"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo["/Title"]) == f"DCM Milano – {milano.title}"
        assert "/StructTreeRoot" in pdf.Root


def test_it_declares_pdf_a_2a_and_pdf_ua_1(milano: SheetReport) -> None:
    with opened(sheet_pdf(milano)) as pdf:
        metadata = pdf.open_metadata()

        assert metadata["pdfaid:part"] == "2"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"


def test_its_figures_stand_in_tables_with_header_cells(milano: SheetReport) -> None:
    with opened(sheet_pdf(milano)) as pdf:
        found = [tag for tag, _ in tags(pdf.Root.StructTreeRoot)]

    assert found.count("/Table") == 4
    assert found.count("/TH") >= 10
    assert found.count("/TR") > len(milano.rows)
    assert {"/H1", "/H2"} <= set(found)


def test_it_says_in_words_what_its_picture_shows(milano: SheetReport) -> None:
    with opened(sheet_pdf(milano)) as pdf:
        figures = [node for tag, node in tags(pdf.Root.StructTreeRoot) if tag == "/Figure"]

    assert len(figures) == 1
    assert "101,7" in str(figures[0]["/Alt"])


def test_every_figure_can_be_read_as_text(milano: SheetReport) -> None:
    text = text_of(sheet_pdf(milano))

    for printed in (
        "1,010",
        "1,020",
        "+0,99%",
        "328.588.770 €",
        "637.535.773 €",
        "−26,09%",
        "non misurato",
        "(+75,00%)",
    ):
        assert printed in text
    for row in milano.rows:
        assert row.label.split()[0] in text


def test_it_fits_on_three_pages_of_a4(milano: SheetReport) -> None:
    pages = PdfReader(BytesIO(sheet_pdf(milano))).pages

    assert len(pages) <= 3
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages} == {(842, 595)}


def test_every_page_carries_its_number_the_run_and_the_demonstration(milano: SheetReport) -> None:
    pages = PdfReader(BytesIO(sheet_pdf(milano))).pages

    for number, page in enumerate(pages, start=1):
        text = page.extract_text()
        assert f"Pagina {number} di {len(pages)}" in text
        assert milano.run[:12] in text
        assert "DATI DIMOSTRATIVI" in text


def test_it_does_not_call_real_data_a_demonstration(milano: SheetReport) -> None:
    assert "dimostrativi" not in text_of(sheet_pdf(replace(milano, is_demonstration=False))).lower()


def test_it_gives_the_same_bytes_for_the_same_report(milano: SheetReport) -> None:
    assert sheet_pdf(milano) == sheet_pdf(milano)


def test_it_uses_no_font_of_the_machine(milano: SheetReport) -> None:
    with opened(sheet_pdf(milano)) as pdf:
        names = {str(item.BaseFont).split("+")[-1] for item in pdf.objects if _is_font(item)}

    assert names
    assert all(name.startswith(("LibertinusSerif", "DejaVuSansMono")) for name in names)


def _is_font(item: object) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font" and "/BaseFont" in item


def test_it_prints_markup_as_text(milano: SheetReport) -> None:
    label = "#set text(red) *grassetto* $x$ <etichetta> @rimando"
    rows = (replace(milano.rows[2], label=label), *milano.rows[3:])

    text = text_of(sheet_pdf(replace(milano, rows=rows)))

    assert "#set text(red)" in text
    assert "*grassetto*" in text


def test_it_draws_a_mark_for_a_character_that_its_fonts_lack_and_names_it(milano: SheetReport) -> None:
    rows = (replace(milano.rows[2], label="Produttività \ue000 指", note="nota 🙂"), *milano.rows[3:])
    report = replace(milano, rows=rows)

    text = text_of(sheet_pdf(report))

    assert "Produttività" in text
    assert "nota" in text
    found = {finding.fields["character"]: finding.fields for finding in remarks(report)}
    assert list(found) == ["U+E000", "U+6307", "U+1F642"]
    assert found["U+1F642"]["row"]
    assert {fields["sheet"] for fields in found.values()} == {milano.structure_label}


def test_it_draws_the_bullets_of_a_word_processor(milano: SheetReport) -> None:
    rows = (replace(milano.rows[2], label="Indice \uf0d8 vedi", note="\uf0b7 incollata"), *milano.rows[3:])
    report = replace(milano, rows=rows)

    text = text_of(sheet_pdf(report))

    assert "Indice ➢ vedi" in text
    assert "• incollata" in text
    assert remarks(report) == ()


def test_it_prints_a_complete_index_without_a_band(milano: SheetReport) -> None:
    index = Fraction("101.25")
    whole = replace(milano, index=index, index_measured=index, index_low=index, index_high=index, coverage=1)

    text = text_of(sheet_pdf(whole))

    assert "DCM Milano è a 101,3: 1,3 punti sopra" in text
    assert "Indice parziale" not in text


def test_it_prints_a_sheet_without_any_value(milano: SheetReport) -> None:
    rows = tuple(
        replace(row, value=None, gap=None, gap_raw=None, index=None, index_measured=None, contribution=None, coverage=0)
        for row in milano.rows
    )
    empty = replace(
        milano, rows=rows, index_measured=None, index_low=50, index_high=150, coverage=0, losses=(), levers=()
    )

    text = text_of(sheet_pdf(empty))

    assert "non ha ancora valori misurati" in text
    assert "tra 50,0 e 150,0" in text


@pytest.mark.parametrize("depths", [(0, 0, 0), (0, 1, 2, 3, 4, 5), (0, 3, 1, 2)])
def test_it_prints_trees_of_any_depth(milano: SheetReport, depths: tuple[int, ...]) -> None:
    leaf = milano.rows[2]
    groups = [replace(milano.rows[0], kind="line", depth=depth, label=f"Livello {depth}") for depth in depths[:-1]]
    rows = (*groups, replace(leaf, depth=depths[-1]))

    text = text_of(sheet_pdf(replace(milano, rows=rows)))

    assert all(f"Livello {depth}" in text for depth in depths[:-1])
    assert leaf.label in text


def test_a_group_is_named_again_on_the_next_page(milano: SheetReport) -> None:
    second = PdfReader(BytesIO(sheet_pdf(milano))).pages[1].extract_text()

    assert "Valore Economico" in second


def test_it_speaks_english(milano: SheetReport) -> None:
    content = sheet_pdf(milano, "en")

    assert "Why not 100" in text_of(content)
    assert "€328,588,770" in text_of(content)
    with opened(content) as pdf:
        assert str(pdf.Root.Lang) == "en"


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_memory_does_not_grow_with_the_sheets_that_were_printed(milano: SheetReport) -> None:
    sizes = []
    for number in range(24):
        sheet_pdf(replace(milano, title=f"{milano.title} {number}"))
        sizes.append(resident())

    assert sizes[-1] - sizes[3] < 40_000_000
