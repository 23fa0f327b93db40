"""Rows of values: what facts measure comes first, a figure keeps its text, and one module prints the file."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import piramide
from piramide.kernel.value_rows import (
    COLUMNS,
    as_csv,
    at_moments,
    contested_in,
    measured_first,
    number_text,
    rows_of,
    write,
)

SOURCES = Path(piramide.__file__).parent
HOMES = {"kernel/value_rows.py", "scoring/value_file.py", "scoring/value_dialect.py"}
"""Who prints a file of values, and who reads one."""


def row(structure: str, period: str, value: object, **rest: object) -> dict[str, object]:
    return {"structure": structure, "indicator": "x", "period": period, "value": value} | rest


def test_what_facts_give_comes_first_and_the_rest_is_what_people_collected() -> None:
    """`2024-12` and `2024-Q4` are one moment: what facts give there is not taken from a file again."""
    measured = rows_of([row("lazio", "2024-Q4", 12.0), row("lazio", "2024-Q3", None, status="missing")])
    collected = rows_of([row("lazio", "2024-12", "11"), row("lazio", "2024-09", "10"), row("umbria", "2024-12", "9")])

    found = measured_first(measured, collected).to_pylist()

    assert [(one["structure"], one["period"], one["value"]) for one in found] == [
        ("lazio", "2024-Q4", "12"),
        ("lazio", "2024-09", "10"),
        ("umbria", "2024-12", "9"),
    ]


def test_rows_that_are_not_there_are_no_rows() -> None:
    nothing, one = rows_of([]), rows_of([row("lazio", "2024-Q4", "1")])

    assert measured_first(nothing, one).to_pylist() == measured_first(one, nothing).to_pylist() == one.to_pylist()
    assert measured_first(nothing, nothing).num_rows == at_moments(nothing, {"2024-Q4"}).num_rows == 0
    assert as_csv(nothing) == ",".join(COLUMNS) + "\n"


def test_only_the_moments_asked_for_are_taken() -> None:
    rows = rows_of([row("lazio", "2024-Q3", "1"), row("lazio", "2024-12", "2"), row("lazio", "2024", "3")])

    assert at_moments(rows, {"2024-09", "2024-12"})["value"].to_pylist() == []
    assert at_moments(rows, {"2024-Q3", "2024-Q4"})["value"].to_pylist() == ["1", "2"]


def test_a_contested_value_says_so_whoever_gave_it() -> None:
    rows = contested_in(rows_of([row("lazio", "2024-Q4", "1"), row("umbria", "2024-Q4", "1")]), {("umbria", "x")})

    assert rows["contested"].to_pylist() == ["no", "yes"]
    assert rows.column_names == list(COLUMNS)


@pytest.mark.parametrize("figure", [0.1, 1 / 3, 1e300, 1e15 + 0.5, 2.0**60, -0.0, 5e-324, 1010.0])
def test_a_double_comes_back_from_its_text(figure: float) -> None:
    assert float(number_text(figure)) == figure


def test_a_decimal_is_never_taken_for_a_double(tmp_path: Path) -> None:
    """Twenty digits stand in the file as they were typed; the Parquet for other programs has the nearest double."""
    typed = "0.12345678901234567890"
    rows = rows_of([row("lazio", "2024-Q4", typed, numerator=1.0), row("lazio", "2024-Q3", None)])

    write(rows, tmp_path / "v.csv")
    write(rows, tmp_path / "v.parquet")

    listed = list(csv.DictReader(io.StringIO((tmp_path / "v.csv").read_text(encoding="utf-8"))))
    assert [(one["value"], one["numerator"]) for one in listed] == [(typed, "1"), ("", "")]
    assert pq.read_table(tmp_path / "v.parquet")["value"].to_pylist() == [float(typed), None]


def test_no_other_module_prints_or_parses_the_columns_of_values() -> None:
    """Whoever takes the columns of values from here writes no CSV of its own."""
    for path in sorted(SOURCES.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
        if "piramide.kernel.value_rows" in named and "csv" in plain:
            assert path.relative_to(SOURCES).as_posix() in HOMES
