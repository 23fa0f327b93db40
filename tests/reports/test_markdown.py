"""The Markdown: tables whose rows have as many cells as their header, whatever the texts hold."""

from __future__ import annotations

import re
from dataclasses import replace

import markdown
import pytest

from piramide.reports.markdown_texts import paragraph
from piramide.reports.sheet import SheetReport
from piramide.reports.sheet_markdown import sheet_markdown


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def tables(text: str) -> list[list[list[str]]]:
    blocks = [block.splitlines() for block in text.split("\n\n") if block.startswith("|")]
    return [[cells(line) for line in block] for block in blocks]


def test_it_prints_the_figures_of_the_sheet(milano: SheetReport) -> None:
    sheet = tables(sheet_markdown(milano))[0]

    flow = next(row for row in sheet if row[0] == "Indice di Deflusso")
    assert flow[1:] == [
        *("Obiettivi 2024 - Pag. 27", "20% u", "1,010", "1,020"),
        *("+0,99%", "101,0", "+0,06", "▲ favorevole"),
    ]


def test_it_prints_one_row_for_each_of_the_sheet_and_the_total(milano: SheetReport) -> None:
    sheet = tables(sheet_markdown(milano))[0]

    assert len(sheet) == 2 + len(milano.rows) + 1


def test_a_text_with_pipes_and_markup_stays_in_its_cell(milano: SheetReport) -> None:
    label = "a | b \\| c\n| --- | <script>alert(1)</script> [x](y) *z* `k`"
    rows = (replace(milano.rows[2], label=label, reference=label, note=label), *milano.rows[3:])
    hostile = replace(milano, rows=rows, notes=(label,), structure_label=label)

    text = sheet_markdown(hostile)

    for table in tables(text):
        assert {len(row) for row in table} == {len(table[0])}
    page = markdown.markdown(text, extensions=["tables"])
    assert "<script>" not in page
    assert "href" not in page
    assert page.count("<table>") == 4


@pytest.mark.parametrize("text", ["# a", "- a", "+ a", "12. a", "1) a", "=== a", "---"])
def test_a_paragraph_does_not_become_a_block(text: str) -> None:
    assert markdown.markdown(paragraph(text)).startswith("<p>")


def test_a_figure_at_the_start_of_a_paragraph_is_left_as_it_is() -> None:
    assert paragraph("1.234,5 € in più") == "1.234,5 € in più"


def test_it_says_that_data_are_invented(milano: SheetReport) -> None:
    assert "> **Dati dimostrativi" in sheet_markdown(milano)
    assert "imostrativi" not in sheet_markdown(replace(milano, is_demonstration=False))


def test_it_tells_how_to_recompute_the_sheet(milano: SheetReport) -> None:
    text = sheet_markdown(milano)

    assert milano.run in text
    assert milano.pack_hash in text
    assert f"`piramide verify {milano.run[:12]}`" in text
