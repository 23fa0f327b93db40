"""A value beside a numerator and a denominator that contradict it is refused with its line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from piramide.kernel.findings import Refusal
from piramide.scoring.reading import read_values
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
