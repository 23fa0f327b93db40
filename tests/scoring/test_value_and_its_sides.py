"""A value beside a numerator and a denominator that contradict it is refused with its line."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from piramide.kernel.findings import Refusal
from piramide.scoring.reading import read_values
from piramide.scoring.score import score_pack
from tests.scoring.scenes import Scene, group, indicator, leaf

HEADER = "structure,indicator,period,value,numerator,denominator"
_SCENE = Scene(
    (indicator("clearance_rate"), indicator("backlog_index")),
    {"lazio": (group("dimension", 1, leaf("clearance_rate", "0.5", 1), leaf("backlog_index", "0.5", 30)),)},
).pack
FORMULAS = {
    "clearance_rate": "resolved / nullif(received, 0)",
    "backlog_index": "360 * pending / nullif(received, 0)",
    "instalments": "100 * (2 - unpaid / nullif(expected, 0))",
}
PACK = replace(
    _SCENE,
    indicators={key: replace(item, formula=FORMULAS[key]) for key, item in _SCENE.indicators.items()},
)


def read(tmp_path: Path, *rows: str) -> list[tuple[str, int, str, str]]:
    path = tmp_path / "values.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    try:
        read_values(path, PACK)
    except Refusal as refusal:
        return [(f.code, f.place.line, f.stated, f.recomputed) for f in refusal.findings]
    return []


@pytest.mark.parametrize(
    "row",
    [
        "clearance_rate,2024-Q3,1.01,1010,1000",
        "clearance_rate,2024-Q3,1.0,1010,1000",  # what one decimal can say
        "clearance_rate,2024-Q3,0.67,2,3",
        "clearance_rate,2024-Q3,0.6666667,2,3",
        "clearance_rate,2024-Q3,1234567.1,1234567,1",  # a tenth in a million
        "backlog_index,2024-Q3,40,100000,900000",  # the factor of the formula
        "backlog_index,2024-Q3,40,36000000,900000",  # or its side as `measure` writes it
        "clearance_rate,2024-Q3,0.9,,1000",  # one side alone says nothing
        "clearance_rate,2024-Q3,,1010,1000",
    ],
)
def test_it_takes_what_agrees(row: str, tmp_path: Path) -> None:
    assert read(tmp_path, f"lazio,{row}") == []


@pytest.mark.parametrize(
    ("row", "recomputed"),
    [
        ("clearance_rate,2024-Q3,0.9,1010,1000", "1.01"),
        ("clearance_rate,2024-Q3,1.00,1010,1000", "1.01"),
        ("clearance_rate,2024-Q3,101,1010,1000", "1.01"),
        ("clearance_rate,2024-Q3,0.66,2,3", "0.666667"),
        ("clearance_rate,2024-Q3,1.01,1000,1010", "0.990099"),
        ("clearance_rate,2024-Q3,1.01,1010,0", ""),
        ("backlog_index,2024-Q3,41,100000,900000", "40"),
    ],
)
def test_it_refuses_what_does_not(row: str, recomputed: str, tmp_path: Path) -> None:
    found = read(tmp_path, "lazio,clearance_rate,2024-Q1,1,1,1", f"lazio,{row}")

    assert found == [("SC037", 3, row.split(",")[2], recomputed)]


@pytest.mark.parametrize(
    ("row", "exact"),
    [
        ("clearance_rate,2024-Q3,0.67,2,3", "2/3"),
        ("clearance_rate,2024-Q3,0.6666666666666666,2,3", "2/3"),
        ("clearance_rate,2024-Q3,1.0,1010.0,1000", "1010/1000"),
        ("backlog_index,2024-Q3,11.3,1,32", "360/32"),
        ("instalments,2024-Q3,166.7,1,3", "500/3"),
        ("clearance_rate,2024-Q3,0.67,2.0001,3", "0.67"),  # no whole number: the decimal of the file
        ("clearance_rate,2024-Q3,0.67,,", "0.67"),
    ],
)
def test_whole_sides_are_the_value_for_arrays_and_exact_figures_alike(row: str, exact: str, tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    path.write_text(f"{HEADER}\nlazio,{row}\n", encoding="utf-8")
    indicators = dict(PACK.indicators) | {
        "instalments": replace(indicator("instalments"), formula=FORMULAS["instalments"])
    }
    tree = (group("dimension", 1, *(leaf(name, Fraction(1, 3), 30) for name in FORMULAS)),)
    pack = replace(PACK, indicators=indicators, sheets={"lazio": replace(PACK.sheets["lazio"], tree=tree)})

    values = read_values(path, pack)
    as_before = read_values(path, pack, with_sides=False)  # as under rules 1

    assert values.exact(0) == Fraction(exact)
    assert values.values[0] == float(Fraction(exact))
    assert as_before.exact(0) == Fraction(row.split(",")[2])


def test_a_rounded_value_scores_by_its_sides(tmp_path: Path) -> None:
    """2 of 3 against 1 is a gap of minus one third, however 0.67 was typed."""
    path = tmp_path / "values.csv"
    path.write_text(f"{HEADER}\nlazio,clearance_rate,2024-Q3,0.67,2,3\n", encoding="utf-8")

    table = score_pack(PACK, read_values(path, PACK), "2024-Q3")
    node = next(node for node in table.structures[0].nodes if node.id == "clearance_rate")

    assert node.gap is not None
    assert node.value is not None
    assert (node.value.exact, node.gap.exact) == (Fraction(2, 3), Fraction(-1, 3))
    assert node.gap == pytest.approx(-1 / 3, abs=1e-15)
