"""Tables of figures as the packs and this room keep them: CSV with a header, one dictionary a row."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from piramide.methodology.loading import find_pack

PLAN = "inps-2021"
YEAR = "inps-2024"
PLAN_YEAR = 2021
"""The last year whose facts are those that the plan speaks of."""

Row = dict[str, str]


@cache
def invented(name: str) -> tuple[Row, ...]:
    """Rows of `tables/NAME.csv` of this room: what no document prints and the demonstration needs."""
    text = (resources.files("piramide.demo.facts") / "tables" / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def published(name: str, pack: str = PLAN) -> tuple[Row, ...]:
    """Rows of a table of a pack, as printed in its documents."""
    text = (find_pack(pack) / "tables" / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def registered(pack: str) -> tuple[Row, ...]:
    """Rows of the register of projects of a pack."""
    text = (find_pack(pack) / "projects.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def planned_nodes(indicator: str) -> tuple[tuple[str, str], ...]:
    """Node and structure of every leaf of the plan's sheets that has an indicator, in the order of the files."""
    found = []
    for path in sorted((find_pack(PLAN) / "trees").glob("*.csv")):
        rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
        found += [(r["node"], r["structure"]) for r in rows if (r["indicator"] or r["node"]) == indicator]
    return tuple(dict.fromkeys(found))


@cache
def organisation() -> tuple[Row, ...]:
    """Rows of the organisation of the year that is measured."""
    text = (find_pack(YEAR) / "organisation.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
