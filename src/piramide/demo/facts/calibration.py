"""Published figures beside generated ones, counted from the files as any reader of them would."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from piramide.demo.facts.catalogue import lines
from piramide.demo.facts.hashing import Reals
from piramide.demo.facts.offices import offices
from piramide.demo.facts.published import PRODUCTIVITY_2020, PRODUCTIVITY_2021, Published, published_figures
from piramide.demo.facts.staffing import INSPECTION

_VOLUMES: Final = 0.05
_DAYS: Final = 0.1
_COLUMNS: Final = ["entry", "day", "product", "office_of_competence", "reversed_entry"]
_RECEIVED, _RESOLVED, _REOPENED = range(3)
_COUNTED: Final = ("received", "resolved", "reopened")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure: what was published, what the files give, the relative difference that is aimed at."""

    group: str
    label: str
    published: float
    generated: float
    aim: float

    @property
    def difference(self) -> float | None:
        """Generated over published, less one; nothing where zero was published."""
        return self.generated / self.published - 1 if self.published else None

    @property
    def holds(self) -> bool:
        """Whether the aim is met; a published zero is met by less than five."""
        return abs(self.generated) < 5 if self.difference is None else abs(self.difference) <= self.aim


@dataclass(frozen=True, slots=True)
class Counted:
    """Pieces and points by [kind, year, line] and points resolved by [directorate]; year 0 holds what came before."""

    years: tuple[int, ...]
    scale: float
    pieces: Reals
    points: Reals
    directorates: dict[str, float]
    staff_months: tuple[float, ...]


def count(folder: Path) -> Counted:
    """Count the work and the staff of a generated folder."""
    manifest = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    years = tuple(manifest["years"])
    with (folder / "products.csv").open(encoding="utf-8") as file:
        catalogue = {row["product"]: float(row["standard_hours"]) for row in csv.DictReader(file)}
    codes, at = pa.array(list(catalogue)), offices(published_figures())
    line_codes = [code.replace(".", "") for code in lines().codes]
    line = np.array([line_codes.index(product.partition("-")[0]) for product in catalogue])
    hours = np.array(list(catalogue.values()))
    shape = (len(_COUNTED), len(years) + 1, len(line_codes))
    pieces, points, sites = np.zeros(shape), np.zeros(shape), np.zeros(len(at.ids))
    for path in sorted((folder / "work").iterdir()):
        table = _read(path)
        kind, sign = _kinds(table)
        year = np.maximum(pc.year(table["day"]).to_numpy() - years[0] + 1, 0)
        product = pc.index_in(table["product"], codes).to_numpy()
        cell = np.ravel_multi_index((kind, year, line[product]), shape)
        pieces += np.bincount(cell, sign, pieces.size).reshape(shape)
        points += np.bincount(cell, sign * hours[product], points.size).reshape(shape)
        office = pc.index_in(table["office_of_competence"], pa.array(at.ids)).to_numpy()
        sites += np.bincount(office, (kind == _RESOLVED) * sign * hours[product], len(at.ids))
    by_directorate = {name: float(sites[at.below(name)].sum()) for name in dict.fromkeys(at.directorate[: at.sites])}
    staff = tuple(_staff_months(folder, year) for year in years)
    return Counted(years, manifest["scale"], pieces, points, by_directorate, staff)


def _read(path: Path) -> pa.Table:
    if path.suffix == ".csv":
        options = pa_csv.ConvertOptions(include_columns=_COLUMNS, strings_can_be_null=False)
        table = pa_csv.read_csv(path, convert_options=options)
    else:
        table = pq.read_table(path, columns=_COLUMNS)
    return table.filter(pc.not_equal(table["entry"], "transferred"))


def _kinds(table: pa.Table) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], Reals]:
    """Kind of each entry, and +1 or −1 for one that takes back."""
    back = pc.equal(table["entry"], "reversed")
    kind = pc.index_in(pc.if_else(back, table["reversed_entry"], table["entry"]), pa.array(_COUNTED))
    return kind.to_numpy().astype(np.int64), np.where(back.to_numpy(), -1.0, 1.0)


def _staff_months(folder: Path, year: int) -> float:
    with (folder / "staff.csv").open(encoding="utf-8") as file:
        return sum(
            float(row["fte"])
            for row in csv.DictReader(file)
            if row["activity"] == "production" and row["month"].startswith(f"{year}-")
        )


def comparisons(of: Counted) -> tuple[Comparison, ...]:
    """Every figure that the calibration aims at."""
    figures = published_figures()
    parts = [
        _areas(of, figures),
        _plan(of, figures),
        _clearance(of, figures),
        _pending(of, figures),
        _productivity(of),
        _shares(of, figures),
    ]
    return tuple(comparison for part in parts for comparison in part)


def _lines_of(prefix: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    codes = lines().codes
    return np.array([code.startswith(prefix) and (prefix == "B2" or code != "B2") for code in codes])


def _areas(of: Counted, figures: Published) -> Iterator[Comparison]:
    for area, points in figures.areas.items():
        made = of.points[_RESOLVED, 1, _lines_of(area)].sum() / of.scale
        yield Comparison(f"Points resolved, {of.years[0]} beside 2020", area, points, float(made), _VOLUMES)


def _plan(of: Counted, figures: Published) -> Iterator[Comparison]:
    if len(of.years) > 1:
        for place, row in enumerate(lines().rows):
            made = float(of.points[_RESOLVED, 2, place]) / of.scale
            label = f"{row['code']} {row['label']}"
            yield Comparison(
                f"Points resolved, {of.years[1]} beside the plan of 2021",
                label,
                figures.plan[row["code"]],
                made,
                _VOLUMES,
            )


def _clearance(of: Counted, figures: Published) -> Iterator[Comparison]:
    for group, ratio in figures.clearance.items():
        mine = np.array([row["pending_code"].startswith(group) for row in lines().rows])
        made = of.pieces[_RESOLVED, 1, mine].sum() / of.pieces[_RECEIVED, 1, mine].sum()
        label = {"A": "benefits and services", "B": "insurance account", "C": "contribution flows", "D": "other areas"}
        yield Comparison(f"Clearance rate, {of.years[0]} beside 2020", label[group], ratio, float(made), _VOLUMES)


def _pending(of: Counted, figures: Published) -> Iterator[Comparison]:
    """Pending days at the end of the first year: 360 times pending points over the points received in it."""
    total = of.points[:, :2].sum(axis=1)
    pending = total[_RECEIVED] + total[_REOPENED] - total[_RESOLVED]
    for place, row in enumerate(lines().rows):
        if row["pending_code"]:
            made = 360 * float(pending[place] / of.points[_RECEIVED, 1, place])
            days = figures.pending_days[row["pending_code"]]
            label = f"{row['code']} {row['label']}"
            yield Comparison(f"Pending days, end of {of.years[0]} beside 2020", label, days, made, _DAYS)


def _productivity(of: Counted) -> Iterator[Comparison]:
    counts = ~lines().where(*INSPECTION)
    for position, published in zip(range(len(of.years)), (PRODUCTIVITY_2020, PRODUCTIVITY_2021), strict=False):
        made = float(of.points[_RESOLVED, position + 1, counts].sum()) / of.staff_months[position]
        label = f"{of.years[position]} beside {2020 + position}"
        yield Comparison("Points a head and month in production", label, published, made, _DAYS)


def _shares(of: Counted, figures: Published) -> Iterator[Comparison]:
    nation, made = sum(figures.directorates.values()), sum(of.directorates.values())
    for name, points in figures.directorates.items():
        yield Comparison(
            "Part of the nation's points, per cent",
            name,
            100 * points / nation,
            100 * of.directorates[name] / made,
            _VOLUMES,
        )
