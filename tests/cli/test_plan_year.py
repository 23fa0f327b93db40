"""`piramide plan forecast|production|share|simulate|compare|list` on a small invented nation, counted a second way."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Command

STORED = ("work", "staff", "products", "working_hours", "staff_plan", "competences", "sharing_plan")


@pytest.fixture
def nation(piramide: Command, tmp_path: Path) -> tuple[Path, Path]:
    """The files of invented facts of two years, and the store that holds them."""
    facts, store = tmp_path / "facts", tmp_path / "store"
    asked = ("--cases", "12000", "--seed", "3", "--years", "2023,2024", "--demand", "lively")
    assert piramide("facts", "generate", "--out", facts, *asked).code == 0
    sources = [f"{name}={facts / (name if name == 'work' else f'{name}.csv')}" for name in STORED]
    assert piramide("facts", "load", "--store", store, sources[2], *sources[:2], *sources[3:]).code == 0
    return facts, store


def pending_at_the_end(facts: Path) -> int:
    """Cases pending at the end, counted from the files."""
    count = 0
    for path in (facts / "work").iterdir():
        table = pq.read_table(path, columns=["entry", "reversed_entry"])
        for kind, sign in (("received", 1), ("reopened", 1), ("resolved", -1)):
            count += sign * pc.sum(pc.equal(table["entry"], kind)).as_py()
            count -= sign * (pc.sum(pc.equal(table["reversed_entry"], kind)).as_py() or 0)
    return count


def assert_levels_and_backtest_agree(folder: Path) -> None:
    """Every parent is the sum of its children, and the summary of the back-test is that of its rows."""
    office, nationwide = defaultdict[tuple[str, str], float](float), {}
    with (folder / "forecast.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert float(row["mean"]) >= 0
            key = (row["month"], row["measure"])
            if row["line"] == "" and row["structure"].startswith(("prov_", "fm_")):
                office[key] += float(row["mean"])
            if row["line"] == "" and row["structure"] == "nazionale":
                nationwide[key] = float(row["mean"])
    assert len(nationwide) == 12
    assert all(abs(office[key] - value) < 1e-6 for key, value in nationwide.items())
    said = json.loads((folder / "backtest.json").read_text(encoding="utf-8"))
    seen = pq.read_table(folder / "backtest.parquet").to_pandas()
    for level in said["levels"]:
        mine = seen[seen["level"] == level["level"]]
        assert (mine["came"] - mine["said"]).abs().mean() == pytest.approx(level["mae"], rel=1e-9)
        inside = (mine["low_80"] <= mine["came"]) & (mine["came"] <= mine["high_80"])
        assert inside.mean() == pytest.approx(level["coverage_80"], abs=1e-9)


def test_a_year_is_forecast_planned_shared_and_simulated(
    piramide: Command, nation: tuple[Path, Path], tmp_path: Path
) -> None:
    facts, store = nation
    asked = ("inps-2024", "--store", store)

    forecast = piramide(
        "plan", "forecast", *asked, "--from", "2025-01", "--months", "3", "--out", tmp_path / "f", "--json"
    )
    assert forecast.code == 0
    assert_levels_and_backtest_agree(tmp_path / "f")

    planned = piramide("plan", "production", *asked, "--year", "2025", "--out", tmp_path / "p", "--json")
    assert planned.code == 0
    assert planned.json["nation"]["opening"] == pytest.approx(pending_at_the_end(facts), abs=1e-6)
    left: dict[tuple[str, str], float] = {}
    with (tmp_path / "p" / "production.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            figures = {name: float(row[name]) for name in ("opening", "received", "resolved", "pending")}
            balance = figures["opening"] + figures["received"] - figures["resolved"] - figures["pending"]
            assert abs(balance) < 1e-6
            cell = row["structure"], row["line"]
            assert left.get(cell, figures["opening"]) == pytest.approx(figures["opening"], abs=1e-6)
            left[cell] = figures["pending"]

    shared = piramide("plan", "share", *asked, "--month", "2025-01", "--plan", tmp_path / "f", "--json")
    assert shared.code in {0, 1}
    kept = store / "plans" / shared.json["plan"]
    problem = json.loads((kept / "problem.json").read_text(encoding="utf-8"))
    assert {each["office"] for each in problem["work"]} <= {each["id"] for each in problem["offices"]}
    ways = defaultdict[str, float](float)
    for move in shared.json["moves"]:
        ways[move["rung"]] += move["points"]
    stages = {stage["name"]: stage["value"] for stage in shared.json["stages"]}
    assert all(stages[rung] == pytest.approx(ways[rung], abs=1e-6) for rung in ("province", "region", "outside"))
    assert piramide("verify", shared.json["plan"], "--store", store).code == 0
    assert piramide("verify", planned.json["plan"][:12], "--store", store).code == 0

    year = piramide("plan", "simulate", *asked, "--year", "2024", "--scale", "0.02", "--json")
    assert year.code == 0
    by_name = {policy["policy"]: policy for policy in year.json["policies"]}
    assert set(by_name) == {"none", "table", "replan"}
    assert not any(sum(month["moved"].values()) for month in by_name["none"]["months"])
    assert by_name["replan"]["over_at_end"] <= by_name["none"]["over_at_end"]

    same = piramide("plan", "compare", tmp_path / "f", forecast.json["plan"], "--store", store, "--json")
    assert same.code == 0
    assert {row["difference"] for row in same.json["rows"]} == {0.0}
    assert piramide("plan", "compare", planned.json["plan"], shared.json["plan"], "--store", store).code == 2
    listed = piramide("plan", "list", "--store", store, "--json")
    assert {plan["kind"] for plan in listed.json["plans"]} == {"forecast", "production", "share", "simulation"}

    (kept / "moves.csv").write_text("touched", encoding="utf-8")
    assert piramide("verify", shared.json["plan"], "--store", store).code == 1


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (("plan", "forecast", "inps-2024", "--from", "2025-13"), "PN022"),
        (("plan", "forecast", "inps-2024", "--from", "2025-01", "--months", "0"), "PN023"),
        (("plan", "forecast", "comune-esempio", "--from", "2025-01"), "PN020"),
        (("plan", "production", "inps-2024", "--year", "25"), "PN051"),
        (("plan", "production", "inps-2024", "--year", "2025", "--quantile", "1"), "PN050"),
        (("plan", "simulate", "inps-2024", "--year", "2024", "--policy", "best"), "PN052"),
        (("plan", "simulate", "inps-2024", "--year", "2024", "--scale", "0"), "PN053"),
        (("plan", "share", "--month", "2025-01"), "PN049"),
        (("plan", "compare", "0123456789abcdef"), "PN024"),
    ],
)
def test_what_cannot_be_planned_is_refused_and_nothing_is_kept(
    piramide: Command, tmp_path: Path, asked: tuple[str, ...], code: str
) -> None:
    answer = piramide(*asked, "--store", tmp_path / "store")

    assert answer.code == 2
    assert answer.err.startswith(code)
    assert not (tmp_path / "store" / "plans").exists()
