"""What is said of a node is declared once: tables, answers, files and open data have every field of the declaration."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import piramide
from piramide.cycle import open_data
from piramide.cycle.runs import results
from piramide.cycle.runs.open_run import OpenRun, open_run
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, score
from piramide.cycle.sheet_content import sheet_report
from piramide.kernel.node_fields import FIELDS, FIGURES, INDEX_FIELDS, Of, Type
from piramide.methodology.loading import find_pack
from piramide.reports.labels import labels
from piramide.reports.sheet_csv import COLUMNS, sheet_csv
from piramide.scoring.score_print import structure_as_json

TOWN = "comune-esempio"
SOURCES = Path(piramide.__file__).parent
COMPUTED = "scoring/indices.py"
"""Where the arrays of an index are worked out."""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> OpenRun:
    store = Store(tmp_path_factory.mktemp("store"))
    scored = score(Request(TOWN, find_pack(TOWN) / "values" / "2025.csv", "2025-Q3"), [], store)
    return open_run(store, scored.run_id)


def test_kept_results_have_every_field_in_its_order_and_the_exact_number_of_each_figure() -> None:
    names = [name for name in results.SCHEMA.names if not name.endswith(results.EXACT)]
    assert names == ["structure", "source", *(one.name for one in FIELDS)]
    assert results.SCHEMA.names[len(names) :] == [f"{name}{results.EXACT}" for name in FIGURES]
    assert names[2:] == [
        "id", "parent", "kind", "label", "weight", "weight_source", "indicator", "rule", "unit", "value", "target",
        "gap_raw", "gap", "points", "index", "index_measured", "index_low", "index_high", "coverage", "contribution",
        "status", "contested", "note", "due", "counted",
    ]  # fmt: skip  # the columns of runs that are kept: their order is part of their hash


def test_every_field_is_told_in_both_languages_and_heads_its_column() -> None:
    for one in FIELDS:
        told = [one.words.heading(language) for language in ("it", "en")]
        told += [one.words.meaning(language) for language in ("it", "en")]
        assert all(told), one.name
        assert one.words.means_it != one.words.means_en
        assert all(labels(language).section("column").get(one.name) for language in ("it", "en"))
        assert (one.unit is not None) is (one.type is Type.FIGURE)


def test_answers_open_data_and_sheet_say_the_same_of_every_field(opened: OpenRun) -> None:
    structure = max(opened.scores.structures, key=lambda one: len(one.nodes))
    kept = {(row["structure"], row["id"]): row for row in results.read(opened.run.results_file).to_pylist()}
    public = {
        (row["structure"], row["node"]): row
        for row in (
            dict(zip(open_data.RESULT_COLUMNS, cells, strict=True)) for cells in open_data.result_rows(opened.run)
        )
    }
    paper = list(csv.DictReader(io.StringIO(sheet_csv(sheet_report(opened, structure.id, "it")).decode("utf-8-sig"))))
    printed = {row["node"]: row for row in paper}
    answers = {node["id"]: node for node in structure_as_json(structure)["nodes"]}
    assert {"node", *COLUMNS} == set(paper[0])
    for node in structure.nodes:
        row = kept[structure.id, node.id]
        for one in FIELDS:
            if one.name == "note":
                continue  # worded for who reads
            assert public[structure.id, node.id][one.open_data] == row[one.name]
            if one.name != "contribution" or row["indicator"]:  # paper sums the points of groups
                column = "node" if one.name == "id" else one.name
                assert printed[node.id][column] == _cell(row[one.name]), one.name
            left_out = (one.of is Of.LEAF and not node.indicator) or (one.differs and row[one.name] is None)
            assert (one.name in answers[node.id]) is not left_out
            assert left_out or answers[node.id][one.name] == row[one.name]


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return repr(float(Fraction(cell))) if isinstance(cell, float) else str(cell)


def test_the_whole_structure_has_the_fields_that_are_its_own(opened: OpenRun) -> None:
    own = {one.name for one in FIELDS if one.of is Of.STRUCTURE and not one.differs}
    for structure in opened.scores.structures:
        answer = structure_as_json(structure)
        assert set(answer) - {"due"} == own | {"source", "nodes"}
        row: dict[str, Any] = next(
            row for row in results.read(opened.run.results_file, structure.id).to_pylist() if row["id"] == results.WHOLE
        )
        assert [row[name] for name in own - {"id"}] == [answer[name] for name in own - {"id"}]
        assert all(row[one.name] is None for one in FIELDS if one.of is not Of.STRUCTURE)


def test_no_second_list_of_the_figures_of_an_index_stands_anywhere() -> None:
    """A list, a class or a call that names the partial index and two others besides copies the declaration."""
    found = [
        f"{path.relative_to(SOURCES).as_posix()}:{line}"
        for path in sorted(SOURCES.rglob("*.py"))
        if path.relative_to(SOURCES).as_posix() not in {"kernel/node_fields.py", COMPUTED}
        for line, names in _named_together(ast.parse(path.read_text(encoding="utf-8")))
        if "index_measured" in names and len(names & set(INDEX_FIELDS)) > 2
    ]
    assert found == []


def _named_together(tree: ast.AST) -> Iterator[tuple[int, set[str]]]:
    for node in ast.walk(tree):
        match node:
            case ast.Tuple(elts=cells) | ast.List(elts=cells) | ast.Set(elts=cells):
                yield node.lineno, {str(one.value) for one in cells if isinstance(one, ast.Constant)}
            case ast.Dict(keys=cells):
                yield node.lineno, {str(one.value) for one in cells if isinstance(one, ast.Constant)}
            case ast.ClassDef(body=lines):
                told = (one.target for one in lines if isinstance(one, ast.AnnAssign))
                yield node.lineno, {one.id for one in told if isinstance(one, ast.Name)}
            case ast.Call(keywords=given):
                yield node.lineno, {one.arg for one in given if one.arg}
