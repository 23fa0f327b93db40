"""Demand that moves: what is expected is told, steady facts stay as they were."""

from __future__ import annotations

import csv
import json
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from piramide.demo.facts.generate import Generated, generate
from piramide.demo.facts.lively import Demand

LATER = {"working_hours", "staff_plan", "competences", "sharing_plan"}
"""Datasets that came after the digest was taken."""
STEADY = "49b1ae1d3af21b32ec773ebf0a02fb87eb55668c8d6f2effad7d8692efa0c638"


@pytest.fixture(scope="module")
def lively(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    return generate(
        tmp_path_factory.mktemp("lively") / "facts", 15_000, 3, (2022, 2023, 2024), "csv", demand=Demand.LIVELY
    )


def test_steady_facts_stay_byte_for_byte(tmp_path: Path) -> None:
    made = generate(tmp_path / "facts", 10_000, 3, (2024,), "csv")
    known = sorted(f"{file.path} {file.sha256}" for file in made.files if file.dataset not in LATER)
    assert sha256("\n".join(known).encode()).hexdigest() == STEADY
    assert not (made.folder / "truth.json").exists()


def test_the_truth_tells_what_is_expected_of_every_cell(lively: Generated) -> None:
    truth = json.loads((lively.folder / "truth.json").read_text(encoding="utf-8"))
    assert set(truth["cells"][0]) == {"structure", "line", "month", "expected_pieces"}
    assert sum(cell["expected_pieces"] for cell in truth["cells"]) == pytest.approx(15_000, rel=1e-3)
    expected: Counter[str] = Counter()
    for cell in truth["cells"]:
        expected[cell["month"]] += cell["expected_pieces"]
    came = {}
    for path in sorted((lively.folder / "work").glob("????-??.csv")):
        with path.open(encoding="utf-8") as file:
            came[path.stem] = sum(row["entry"] == "received" for row in csv.DictReader(file))
    assert len(came) == 36
    for month, count in came.items():
        assert count == pytest.approx(expected[month], rel=0.45)


def test_the_events_are_told(lively: Generated) -> None:
    events = json.loads((lively.folder / "truth.json").read_text(encoding="utf-8"))["events"]
    names = [event["event"] for event in events]
    assert {"law", "stop"} < set(names)
    assert sum(name.startswith("surge") for name in names) == 12
    stop = next(event for event in events if event["event"] == "stop")
    assert (stop["factor"], int(stop["until"][-2:]) - int(stop["from"][-2:])) == (0.55, 2)


def test_the_same_seed_gives_the_same_lively_facts(lively: Generated, tmp_path: Path) -> None:
    again = generate(tmp_path / "again", 15_000, 3, (2022, 2023, 2024), "csv", demand=Demand.LIVELY)
    assert again.files == lively.files
    assert (again.folder / "truth.json").read_bytes() == (lively.folder / "truth.json").read_bytes()


def test_lively_years_differ_more_than_steady_ones(lively: Generated, tmp_path: Path) -> None:
    steady = generate(tmp_path / "steady", 15_000, 3, (2022, 2023, 2024), "csv")

    def stop_over_year(made: Generated) -> float:
        files = [made.folder / "work" / f"2023-{month:02d}.csv" for month in range(1, 13)]
        counts = [path.read_text(encoding="utf-8").count(',"received",') for path in files]
        return sum(counts[2:5]) / sum(counts)

    assert stop_over_year(lively) < 0.8 * stop_over_year(steady)
