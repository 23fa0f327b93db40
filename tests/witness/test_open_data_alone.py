"""Whoever has the open data and a spreadsheet finds every index again, the national one to its last printed digit.

What follows reads the published files alone: weights and rules from `piano` and `metodi`, values from `valori`, the
target of the period from `risultati`. Numbers are those of the files; the arithmetic is what a spreadsheet does.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

import pytest

from tests.witness.conftest import Printed
from tests.witness.readers import page_rows

pytestmark = pytest.mark.slow
NATION: Final = "nazionale"
ENDS: Final = {"Q1": 3, "Q2": 6, "Q3": 9, "Q4": 12}


class Book:
    """The published files of a run, put side by side; `values` are by structure, item and month."""

    def __init__(self, printed: Printed, form: str) -> None:
        """From the files in one form."""
        read = _from_csv if form == "csv" else _from_json
        self.plan, self.methods, self.targets, self.values = read(printed)
        self.month = int(printed.period[5:]) if "Q" not in printed.period else ENDS[printed.period[5:]]

    def index(self, structure: str, item: str = "") -> float | None:
        """The index of an item, or of the whole sheet: the weighted mean of what stands below."""
        below = [row for row in self.plan[structure] if row["parent"] == item]
        if not below:
            return self._leaf(structure, item)
        parts = [(float(row["weight"]), self.index(structure, row["node"])) for row in below if float(row["weight"])]
        known = [(weight, index) for weight, index in parts if index is not None]
        if len(known) < len(parts):
            return None
        return sum(weight * index for weight, index in known) / sum(weight for weight, _ in known)

    def _leaf(self, structure: str, item: str) -> float | None:
        row = next(row for row in self.plan[structure] if row["node"] == item)
        method, cap = self.methods[row["indicator"]], float(row["cap"])
        gap = self._gap(structure, item, method)
        if gap is None:
            return None
        most = 0.0 if method["rule"] == "milestone" or method["clip_positive"] == "yes" else cap
        return 100 * (1 + max(-cap, min(most, gap)))

    def _gap(self, structure: str, item: str, method: Mapping[str, str]) -> float | None:
        if method["checkpoints"]:
            return self._threshold(structure, item, method)
        if method["parts"]:
            return self._composite(structure, method)
        owner = method["value_from"] or structure
        value, target = self.values.get((owner, item, self.month)), self.targets[structure, item]
        if value is None:
            return None
        return (target - value) / target if method["direction"] == "down" else (value - target) / target

    def _composite(self, structure: str, method: Mapping[str, str]) -> float | None:
        total = -1.0 if method["made_of"] == "attainment" else 0.0
        for part in method["parts"].split("; "):
            name, share = part.split("=")
            row = next(row for row in self.plan[structure] if row["node"] == name)
            gap = self._gap(structure, name, self.methods[row["indicator"]])
            if gap is None:
                return None
            top, _, bottom = share.partition("/")
            weight = float(top) / float(bottom or 1)
            total += weight * (1 + gap if method["made_of"] == "attainment" else gap)
        return total

    def _threshold(self, structure: str, item: str, method: Mapping[str, str]) -> float | None:
        shares = []
        for check in method["checkpoints"].split("; "):
            moment, *said = check.split()
            told = dict(one.split("=") for one in said)
            month = ENDS.get(moment, self.month)
            if month > self.month:
                continue
            value = self.values.get((structure, item, month))
            if value is None:
                return None
            slack = float(told.get("tolerance", 0))
            is_met = float(told.get("least", "-inf")) - slack <= value <= float(told.get("most", "inf")) + slack
            if told.get("mandatory") == "yes" and not is_met:
                return -1.0
            shares.append(float(is_met) if "least" in told or "most" in told else value)
        return sum(shares) / len(shares) - 1


Files = tuple[
    dict[str, list[dict[str, Any]]], dict[str, dict[str, str]], dict[tuple[str, str], float],
    dict[tuple[str, str, int], float],
]  # fmt: skip


def _from_csv(printed: Printed) -> Files:
    plan: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in printed.rows("piano"):
        plan[row["structure"]].append(row)
    targets = {(r["structure"], r["node"]): float(r["target"]) for r in printed.rows("risultati") if r["target"]}
    methods = {row["indicator"]: row for row in printed.rows("metodi")}
    return plan, methods, targets, _values(printed.rows("valori"))


def _from_json(printed: Printed) -> Files:
    """The same from JSON: lists and numbers where CSV has cells."""
    told = {name: json.loads(printed.text(f"open-{name}.json")) for name in ("piano", "metodi", "risultati", "valori")}
    methods = {one["id"]: _as_in_csv(one) for one in told["metodi"]["indicators"]}
    plan: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def add(structure: str, nodes: list[dict[str, Any]], parent: str) -> None:
        for node in nodes:
            row = {"node": node["id"], "parent": parent, "weight": node["weight"], "indicator": node.get("indicator")}
            plan[structure].append(row | {"cap": node.get("cap")})
            add(structure, node.get("children", []), node["id"])

    for one in told["piano"]["structures"]:
        add(one["id"], one["tree"], "")
    for rows in plan.values():
        for row in rows:
            row["indicator"] = row["indicator"] or row["node"]
    targets = {
        (one["id"], node["id"]): node["target"]
        for one in told["risultati"]["structures"]
        for node in one["nodes"]
        if node.get("target") is not None
    }
    return plan, methods, targets, _values(told["valori"]["values"])


def _as_in_csv(one: dict[str, Any]) -> dict[str, Any]:
    """A method with its checkpoints and parts as the cells of CSV have them."""
    made = one["composite"] or {"of": "", "parts": {}}
    return one | {
        "checkpoints": "; ".join(_check(check) for check in one["checkpoints"]),
        "made_of": made["of"],
        "parts": "; ".join(f"{name}={share}" for name, share in made["parts"].items()),
        "clip_positive": "yes" if one["clip_positive"] else "no",
    }


def _check(check: dict[str, Any]) -> str:
    bounds = [f"{name}={check[name]}" for name in ("least", "most") if check[name] is not None]
    words = [f"tolerance={check['tolerance']}", f"mandatory={'yes' if check['mandatory'] else 'no'}"]
    return " ".join([check["moment"], *bounds, *words])


def _values(rows: list[dict[str, Any]]) -> dict[tuple[str, str, int], float]:
    return {
        (row["structure"], row["indicator"], ENDS.get(row["period"][5:]) or int(row["period"][5:])): float(row["value"])
        for row in rows
        if row["value"] not in {None, ""}
    }


@pytest.mark.parametrize("form", ["csv", "json"])
def test_the_national_index_comes_out_of_the_open_data_alone(printed: Printed, form: str) -> None:
    """The same figure that the page prints, to its last digit."""
    index = Book(printed, form).index(NATION)
    page = page_rows(printed.text(f"{NATION}.html"))

    assert index is not None
    assert f"{index:.1f}".replace(".", ",") == page[-1].index
    (row,) = (row for row in printed.rows("risultati") if (row["structure"], row["node"]) == (NATION, ""))
    assert index == pytest.approx(float(row["index"]), abs=1e-9)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_so_does_every_other_index(printed: Printed, form: str) -> None:
    """Every line of every structure, where all of it has values; and none where something is missing."""
    book, wrong = Book(printed, form), []
    for row in printed.rows("risultati"):
        index = book.index(row["structure"], row["node"])
        told = float(row["index"]) if row["index"] else None
        if (index is None) != (told is None) or (index is not None and abs(index - (told or 0)) > 1e-9):
            wrong.append((row["structure"], row["node"], index, told))

    assert not wrong
