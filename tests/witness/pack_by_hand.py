"""The plan of 2024 read from the files of its pack as anybody would: plain CSV and YAML, nothing of the product."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

PACK = Path(__file__).parents[2] / "src" / "piramide" / "packs" / "inps-2024"
LEAVES = ("indicator", "composite")


def rows_of(path: Path) -> list[dict[str, str]]:
    """A CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Organisation:
    """Who stands under whom."""

    def __init__(self) -> None:
        """Read `organisation.csv`."""
        self.rows = {row["id"]: row for row in rows_of(PACK / "organisation.csv")}

    def kind(self, place: str) -> str:
        """Its kind."""
        return self.rows[place]["kind"]

    def chain(self, place: str) -> Iterator[str]:
        """The structure and every one above that its rows are added up in."""
        while place:
            if self.rows[place]["additive"] == "yes":
                yield place
            place = self.rows[place]["parent"]

    def below(self, place: str) -> list[str]:
        """Those right below that add up."""
        return [name for name, row in self.rows.items() if row["parent"] == place and row["additive"] == "yes"]

    def of_kinds(self, *kinds: str) -> list[str]:
        """Every structure of some kinds."""
        return [name for name, row in self.rows.items() if row["kind"] in kinds]


@dataclass
class Line:
    """A line of a sheet; `weight` is the share inside the line above."""

    id: str
    kind: str
    label: str
    indicator: str
    weight: Fraction
    target: Fraction | None
    children: list[Line] = field(default_factory=list)

    def walk(self) -> Iterator[Line]:
        """Itself and everything below, in the order of the sheet."""
        yield self
        for child in self.children:
            yield from child.walk()


class Plan:
    """Sheets and rules of the demonstration plan: stated trees first, invented ones for who has none."""

    def __init__(self) -> None:
        """Read the pack's files."""
        self.organisation = Organisation()
        self.indicators: dict[str, Any] = yaml.safe_load((PACK / "indicators.yaml").read_text(encoding="utf-8"))
        self.profiles: dict[str, Any] = yaml.safe_load((PACK / "profiles.yaml").read_text(encoding="utf-8"))
        parameters = yaml.safe_load((PACK / "parameters.yaml").read_text(encoding="utf-8"))
        self.parameters = {name: Fraction(str(one["values"][-1]["value"])) for name, one in parameters.items()}
        self.cap = Fraction(str(yaml.safe_load((PACK / "pack.yaml").read_text(encoding="utf-8"))["cap"]["value"]))
        self.chapters = {row["chapter"] for row in rows_of(PACK / "tables" / "capitoli_spesa.csv")}
        self.sheets = self._sheets()

    def _sheets(self) -> dict[str, list[Line]]:
        trees: dict[str, list[dict[str, str]]] = defaultdict(list)
        for folder in (PACK / "trees", PACK / "demonstration" / "trees"):
            found: dict[str, list[dict[str, str]]] = defaultdict(list)
            for path in sorted(folder.glob("*.csv")):
                for row in rows_of(path):
                    found[row["structure"]].append(row)
            for key in sorted(found, key=lambda name: name.startswith("kind:")):
                names = self.organisation.of_kinds(key[5:]) if key.startswith("kind:") else [key]
                for name in names:
                    trees.setdefault(name, found[key])
        targets = {
            (row["structure"], row["node"]): Fraction(row["target"])
            for path in sorted((PACK / "demonstration" / "targets").glob("*.csv"))
            for row in rows_of(path)
        }
        return {name: _tree(name, rows, targets) for name, rows in trees.items() if name in self.organisation.rows}

    def target(self, line: Line, month: int) -> Fraction | None:
        """The target of the year so far: on the straight line between the quarters of its programme."""
        name = self.indicators[line.indicator].get("profile")
        if line.target is None or not name:
            return line.target
        shares = [Fraction(0), *(Fraction(str(share)) for share in self.profiles[name]["quarters"])]
        quarter, rest = divmod(month, 3)
        part = shares[quarter] + (Fraction(rest, 3) * (shares[quarter + 1] - shares[quarter]) if rest else 0)
        return line.target * part


def _tree(structure: str, rows: list[dict[str, str]], targets: dict[tuple[str, str], Fraction]) -> list[Line]:
    made: dict[str, Line] = {}
    tops: list[Line] = []
    above: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        above[row["parent"]].append(row)
    for row in rows:
        siblings = above[row["parent"]]
        stated = sum((Fraction(one["weight"]) for one in siblings if one["weight"]), Fraction(0))
        blank = sum(not one["weight"] for one in siblings)
        weight = Fraction(row["weight"]) if row["weight"] else (1 - stated) / blank
        target = Fraction(row["target"]) if row["target"] else targets.get((structure, row["node"]))
        is_leaf = row["kind"] in LEAVES
        indicator = (row["indicator"] or row["node"]) if is_leaf else ""
        line = Line(row["node"], row["kind"], row["label"], indicator, weight, target if is_leaf else None)
        made[row["node"]] = line
        (made[row["parent"]].children if row["parent"] else tops).append(line)
    return tops
