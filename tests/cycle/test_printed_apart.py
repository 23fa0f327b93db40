"""Value and bound, or target, that differ print apart wherever they stand together: table, sentence, sheet."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from piramide.cycle.explain import explain_run
from piramide.cycle.runs.open_run import open_run
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, score
from piramide.cycle.sheet_content import sheet_report
from piramide.reports.sheet_markdown import sheet_markdown
from tests.half_up import half_up

PACK = Path(__file__).parents[2] / "src" / "piramide" / "packs" / "inps-2024"
STRUCTURE = "dcm_milano"
FLOW = "indice_deflusso"  # 1,010 with three decimals


def kept(tmp_path: Path, value: str) -> tuple[Store, str]:
    values = tmp_path / "values.csv"
    values.write_text(f"structure,indicator,period,value\n{STRUCTURE},{FLOW},2024,{value}\n", encoding="utf-8")
    store = Store(tmp_path / "store")
    return store, score(Request(str(PACK), values, "2024", (STRUCTURE,)), [], store).run_id


@pytest.mark.parametrize(
    ("value", "printed"),
    [("1.00996", ("1,00996", "1,01000")), ("1.01", ("1,010", "1,010")), ("1.02", ("1,020", "1,010"))],
)
def test_a_value_prints_on_its_side_of_the_target(tmp_path: Path, value: str, printed: tuple[str, str]) -> None:
    store, run = kept(tmp_path, value)
    report = sheet_report(open_run(store, run), STRUCTURE, "it")
    row = next(row for row in report.rows if row.id == FLOW)
    line = next(line for line in sheet_markdown(report).splitlines() if row.label in line and "p. 27" in line)
    sentence = explain_run(store, run, STRUCTURE, FLOW).sentence

    cells = [cell.strip() for cell in line.split("|")]
    assert (cells[5], cells[4]) == printed
    assert printed[0] in sentence
    assert row.decimals == len(printed[0].split(",")[1])  # those of the cells of a spreadsheet


def test_the_index_that_a_run_keeps_is_a_fraction_worked_by_hand(tmp_path: Path) -> None:
    """(1.00996 - 1.01) / 1.01, and one decimal of 100 times one more."""
    store, run = kept(tmp_path, "1.00996")
    scored = open_run(store, run).scores.structures[0]
    index = next(node.index for node in scored.nodes if node.id == FLOW)

    assert index is not None
    assert index.exact == 100 * (1 + (Fraction("1.00996") - Fraction("1.01")) / Fraction("1.01"))
    assert str(half_up(index.exact, 1)) == "100.0"
