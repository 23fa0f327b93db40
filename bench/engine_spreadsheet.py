"""A spreadsheet recalculated headless: LibreOffice on a workbook of real formulas, on a slice.

XLSX carries the last results beside the formulas, and LibreOffice shows those unless it is told to recalculate: here
they are zeros, and the check against the other engines would tell. The time includes loading and saving.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import xlsxwriter
from measure import tell
from workload import make_workload

from piramide.methodology.model import Node, RuleKind
from piramide.scoring.cells import Cell
from piramide.scoring.plan import compile_plan

SLICE = 12
ABSENT = 3
RECALCULATE_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""


def main() -> None:
    """Time the engine and tell what it took."""
    soffice = shutil.which("soffice")
    if soffice is None:
        sys.stderr.write("soffice is absent: install libreoffice-calc to compare with a spreadsheet.\n")
        raise SystemExit(ABSENT)
    workload = make_workload()
    plan = compile_plan(workload.pack, "2024-Q4")
    values = workload.month(1, SLICE)
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder, "bench.xlsx")
        roots = _write(book, plan.cells.items, [sheet.tree for sheet in plan.sheets], values)
        seconds = _recalculate(soffice, book)
        with book.with_suffix(".csv").open(encoding="utf-8") as file:
            rows = list(csv.reader(file))
    tell(values.size, seconds, np.array([float(rows[row][0]) for row in roots]))


def _write(path: Path, cells: tuple[Cell, ...], trees: list[tuple[Node, ...]], values: np.ndarray) -> list[int]:
    """One row per node, scenario after scenario; answers the rows of the first scenario's sheets."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": False})
    sheet = book.add_worksheet()
    row = 0
    roots: list[int] = []

    def write(node: Node, value: list[float], place: list[int]) -> int:
        nonlocal row
        if node.children:
            below = [(write(child, value, place), child) for child in node.children]
            sheet.write_formula(row, 0, "=" + "+".join(f"A{at + 1}*{float(child.weight)!r}" for at, child in below))
        else:
            cell = cells[place[0]]
            sheet.write_number(row, 1, value[place[0]])
            sheet.write_number(row, 2, float(cell.target or 1))
            sheet.write_formula(row, 0, _leaf(cell, row + 1))
            place[0] += 1
        row += 1
        return row - 1

    for scenario in range(values.shape[1]):
        place = [0]
        for tree in trees:
            below = [(write(node, values[:, scenario].tolist(), place), node) for node in tree]
            sheet.write_formula(row, 0, "=" + "+".join(f"A{at + 1}*{float(node.weight)!r}" for at, node in below))
            if not scenario:
                roots.append(row)
            row += 1
    book.close()
    return roots


def _leaf(cell: Cell, line: int) -> str:
    rule = cell.indicator.rule
    if rule is RuleKind.THRESHOLD:
        return f"=IF(B{line}<=1,100,50)"
    gap = f"(C{line}-B{line})/C{line}" if rule is RuleKind.GAP_DOWN else f"(B{line}-C{line})/C{line}"
    high = 0 if rule is RuleKind.MILESTONE else 0.5
    return f"=100*(1+MAX(-0.5,MIN({high},{gap})))"


def _recalculate(soffice: str, book: Path) -> float:
    """Seconds to open, recalculate and save; a second start, so that the profile exists."""
    profile = book.parent / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE_ALWAYS, encoding="utf-8")
    # Filter options: comma, quote, UTF-8, all digits as stored instead of as shown.
    target = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false"
    command = [soffice, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", target]
    started = time.perf_counter()
    subprocess.run([*command, "--outdir", str(book.parent), str(book)], check=True, capture_output=True)  # noqa: S603
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
