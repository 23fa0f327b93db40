"""The witness: every figure of every structure, computed by hand from the delivered files, against what is printed.

Nothing here asks the product how much something is: values come from queries over the facts, gaps and indices from
fractions, and what is compared are the texts of the page, the sheets, the paper, the interface for programs, the open
data.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import pytest

from tests.witness.conftest import Printed
from tests.witness.pack_by_hand import Line, Plan
from tests.witness.readers import (
    FIRST_NUMBER,
    NONE,
    Row,
    half_up,
    italian,
    markdown_rows,
    page_rows,
    paper_lines,
    workbook_rows,
)
from tests.witness.score_by_hand import WHOLE, Figures

pytestmark = pytest.mark.slow
NATION: Final = "nazionale"
FIGURES: Final = {
    "index": "index", "index_measured": "partial", "index_low": "low", "index_high": "high", "coverage": "coverage",
    "value": "value", "target": "target", "gap_raw": "raw", "gap": "gap", "contribution": "points",
}  # fmt: skip
NOISE: Final = Fraction(1, 10**9)
DECIMALS: Final = 2
"""Of a value whose indicator says nothing."""


def apart(value: Fraction, mark: int, decimals: int) -> int:
    """Decimals that tell a figure from what it is held against, four more at the most; a billionth tells nothing."""
    most = decimals + 4
    is_other = abs(value - mark) > NOISE
    while is_other and decimals < most and half_up(value, decimals) == half_up(Fraction(mark), decimals):
        decimals += 1
    return decimals


def index_text(index: Fraction) -> str:
    """An index; one that is not 100 never reads so."""
    return italian(index, apart(index, 100, 1))


def gap_text(gap: Fraction) -> str:
    """A gap as a percentage; one that is not none never reads so."""
    return f"{italian(100 * gap, apart(100 * gap, 0, 2), signed=True)}%"


def lines_of(plan: Plan, structure: str) -> Iterator[Line]:
    """Every line of a sheet, in its order."""
    for top in plan.sheets[structure]:
        yield from top.walk()


def agree(told: object, figure: Fraction | None) -> bool:
    """Whether a number that is not rounded is the witness's."""
    if figure is None or told is None or told == "":
        return figure is None and (told is None or told == "")
    return abs(Fraction(str(told)) - figure) <= max(Fraction(1), abs(figure)) / 10**11


def differences(place: str, node: dict[str, Any], figures: Figures) -> list[str]:
    """Fields of an answer that the witness does not confirm."""
    return [
        f"{place} {node.get('id') or node.get('node')} {name}: {node[name]} against {getattr(figures, field)}"
        for name, field in FIGURES.items()
        if name in node and not agree(node[name], getattr(figures, field))
    ]


def compared(place: str, told: dict[str, Any], expected: dict[str, Figures]) -> list[str]:
    """The same of a whole answer about a structure."""
    assert [WHOLE, *(node["id"] for node in told["nodes"])] == [WHOLE, *(name for name in expected if name != WHOLE)]
    found = differences(place, told | {"id": WHOLE}, expected[WHOLE])
    for node in told["nodes"]:
        figures = expected[node["id"]]
        found += differences(place, node, figures)
        if figures.is_leaf and node["status"] != figures.status:
            found.append(f"{place} {node['id']}: {node['status']} against {figures.status}")
    return found


def ordered(plan: Plan, printed: Printed, structure: str) -> dict[str, Figures]:
    """The figures of a sheet in its order."""
    sheet = printed.scores.sheets[structure]
    return {WHOLE: sheet[WHOLE]} | {line.id: sheet[line.id] for line in lines_of(plan, structure)}


def test_every_answer_of_the_command_and_of_the_interface(printed: Printed, plan: Plan) -> None:
    """`score --json`, and each sheet as programs read it from the site."""
    scored = json.loads(printed.text("scored.json"))
    wrong = []
    for told in scored["structures"]:
        expected = ordered(plan, printed, told["id"])
        wrong += compared(told["id"], told, expected)
        wrong += compared(told["id"], json.loads(printed.text(f"{told['id']}.json")), expected)

    assert not wrong
    assert {told["id"] for told in scored["structures"]} == set(plan.sheets)


def test_every_row_of_the_open_data(printed: Printed, plan: Plan) -> None:
    """`risultati`, as CSV and as JSON."""
    wrong, seen = [], set()
    for row in printed.rows("risultati"):
        name = row["node"] or WHOLE
        seen.add((row["structure"], name))
        wrong += differences(row["structure"], row, printed.scores.sheets[row["structure"]][name])
    for told in json.loads(printed.text("open-risultati.json"))["structures"]:
        wrong += compared(told["id"], told, ordered(plan, printed, told["id"]))

    assert not wrong
    assert seen == {(place, name) for place, sheet in printed.scores.sheets.items() for name in sheet}


def expected_row(line: Line, figures: Figures, printed_row: Row, plan: Plan) -> Row:
    """The row as it should be printed; target and value in the decimals that it has, where those are the right ones."""
    index = NONE
    if figures.index is not None:
        index = index_text(figures.index)
    elif figures.partial is not None:
        index = f"({index_text(figures.partial)})"
    points = NONE if figures.points is None else italian(figures.points, 2, signed=True)
    gap = ""
    if figures.gap is not None and figures.raw is not None:
        gap = gap_text(figures.gap)
        if figures.raw != figures.gap:
            gap += f" ({gap_text(figures.raw)})"
    value = expected_value(line, figures, printed_row.value, plan) if figures.is_leaf else ""
    return Row(line.label, printed_row.target, value, gap, index, points)


def expected_value(line: Line, figures: Figures, text: str, plan: Plan) -> str:
    """The text of a value: its number by hand, the words around it as they stand."""
    if figures.value is None:
        return "non misurato"
    rule = plan.indicators[line.indicator]
    checks = rule.get("checkpoints", [])
    if len(checks) > 1 and any("most" in check for check in checks):
        known = int(re.sub(r"\D+", " ", text).split()[-1])
        met = round((1 + (figures.raw or 0)) * known) if figures.raw != -1 or "0 soglie" in text else None
        return text if met is None else f"{met} {'soglia' if met == 1 else 'soglie'} su {known}"
    match = FIRST_NUMBER.match(text)
    assert match, (line.id, text)
    decimals = len(match[1] or "")
    asked = rule.get("rounding", DECIMALS)
    if decimals != asked:  # more of them only to tell it from what it is held against
        assert decimals > asked, (line.id, text)
        assert figures.target is not None
        assert figures.value != figures.target
        assert half_up(figures.value, decimals - 1) == half_up(figures.target, decimals - 1) or decimals == asked + 4
    return italian(figures.value, decimals) + text[match.end() :]


def total_row(figures: Figures) -> tuple[str, str]:
    """Index and points of the last line."""
    index = figures.index if figures.index is not None else figures.partial
    if index is None:
        return NONE, NONE
    text = index_text(index)
    return (text if figures.index is not None else f"({text})"), italian(index - 100, 2, signed=True)


def compare_rows(place: str, rows: list[Row], printed: Printed, plan: Plan) -> list[str]:
    """Rows that differ from what they should be."""
    sheet, lines = printed.scores.sheets[place], list(lines_of(plan, place))
    assert len(rows) >= len(lines), (place, len(rows), len(lines))
    wrong = []
    for line, row in zip(lines, rows, strict=False):
        expected = expected_row(line, sheet[line.id], row, plan)
        if row != expected:
            wrong.append(f"{place} {line.id}: {row} should be {expected}")
    total = total_row(sheet[WHOLE])
    rest = (row for row in rows[len(lines) :] if (row.index, row.points) != total)
    return [*wrong, *(f"{place}: {row} should be {total}" for row in rest)]


@pytest.mark.parametrize("form", ["html", "md"])
def test_every_row_of_every_page_and_sheet(printed: Printed, plan: Plan, form: str) -> None:
    """The page and the Markdown, total included."""
    read, places = (page_rows, plan.sheets) if form == "html" else (markdown_rows, printed.in_markdown)
    wrong = []
    for place in places:
        rows = read(printed.text(f"{place}.{form}"))
        assert len(rows) == len(list(lines_of(plan, place))) + 1, place
        wrong += compare_rows(place, rows, printed, plan)

    assert not wrong


def test_every_row_of_every_workbook(printed: Printed, plan: Plan) -> None:
    """The numbers of the XLSX as a spreadsheet shows them; a gap beyond its cap has a column of its own."""
    wrong = []
    for place in plan.sheets:
        sheet = printed.scores.sheets[place]
        for line, row in zip(lines_of(plan, place), workbook_rows(printed.folder / f"{place}.xlsx"), strict=False):
            figures = sheet[line.id]
            on_paper = expected_row(line, figures, row, plan) if row.value else None
            gap = "" if figures.gap is None else gap_text(figures.gap)
            index = "" if figures.partial is None else index_text(figures.partial)
            if figures.index is None and index:
                index = f"({index})"
            points = "" if figures.points is None else italian(figures.points, 2, signed=True)
            expected = Row(line.label, row.target, on_paper.value if on_paper else "", gap, index, points)
            if row != expected or (figures.value is None) != (row.value == ""):
                wrong.append(f"{place} {line.id}: {row} should be {expected}")

    assert not wrong


def test_every_row_of_a_dozen_papers(printed: Printed, plan: Plan) -> None:
    """The text of the PDF: index and points of every line in order, gaps and values on their line."""
    wrong = []
    for place in printed.dozen:
        rows = markdown_rows(printed.text(f"{place}.md"))
        assert not compare_rows(place, rows, printed, plan)
        wrong += on_paper(place, rows, paper_lines(printed.folder / f"{place}.pdf"))

    assert len(printed.dozen) >= 12
    assert not wrong


def on_paper(place: str, rows: list[Row], text: list[str]) -> list[str]:
    """Rows that the paper does not have in their order; a new page says again which groups it goes on with."""
    ends = re.compile(r"(\(?\d+,\d+\)?|\u2013)\s+([+\u2212]?\d+,\d\d|\u2013)(?:\s+[^\d]*)?$")
    start = next(at for at, line in enumerate(text) if line.strip() == "Obiettivi e risultati")
    waiting = list(rows)
    for line in text[start:]:
        match, words = ends.search(line), " ".join(line.split())
        if match is None or not waiting:
            continue
        row = waiting[0]
        if (match[1], match[2]) == (row.index, row.points) and " ".join(row.value.split()) in words:
            waiting.pop(0)
        elif (match[1], match[2]) not in {(old.index, old.points) for old in rows[: -len(waiting)] if not old.value}:
            return [f"{place}: {row} is not in {words}"]
    return [f"{place}: {row} is not on the paper" for row in waiting]


def test_the_first_figure_that_a_visitor_reads(printed: Printed) -> None:
    """The home page tells the nation of the latest period."""
    latest = printed.period == "2024-Q4"
    index = printed.scores.sheets[NATION][WHOLE].index
    assert index is not None
    text = " ".join(re.sub(r"<[^>]+>", " ", printed.text("home.html")).split())

    assert not latest or f"è a {italian(index, 1)}:" in text


def test_the_values_that_anybody_can_read(printed: Printed, plan: Plan) -> None:
    """`valori`: the rows of the moment, by structure and line."""
    told = {
        (row["structure"], row["indicator"]): row for row in printed.rows("valori") if row["period"] in _names(printed)
    }
    wrong, seen = [], 0
    for place in plan.sheets:
        for line in lines_of(plan, place):
            row = told.get((place, line.id))
            if row is None:
                continue
            seen += 1
            if not agree(row["value"], printed.scores.sheets[place][line.id].value):
                wrong.append(f"{place} {line.id}: {row['value']}")

    assert seen > 3000
    assert not wrong


def _names(printed: Printed) -> set[str]:
    return {printed.period, "2024-12"} if printed.period == "2024-Q4" else {printed.period}


def test_the_witness_saw_something(printed: Printed, plan: Plan) -> None:
    """A witness of nothing would agree with everything: there are values, gaps at and within the cap, bands."""
    figures = [one for sheet in printed.scores.sheets.values() for one in sheet.values()]
    gaps = [one for one in figures if one.gap is not None]

    assert len(gaps) > 2500
    assert sum(one.raw == one.gap for one in gaps) > 1500
    assert any(one.raw != one.gap for one in gaps)
    assert any(one.low != one.high for one in figures)
    assert printed.scores.sheets[NATION][WHOLE].coverage == 1
    assert len(list(csv.reader(printed.text("values.csv").splitlines()))) > 3000
    assert len(plan.sheets) > 160
