"""Entries of invented offices of 8 to 600 people, honest ones, with the differences that honest offices have.

Offices differ in size, products, speed, habits of reopening, transferring and filling in hours, and each of these moves
from month to month; August is slow; nothing is received or resolved on a weekend. The columns are those that the ledger
stores for `work`. `bench/dressed_up.py` makes some of the offices look good.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

Array = np.ndarray[Any, np.dtype[Any]]
Columns = dict[str, Array]

EPOCH: Final = date(1970, 1, 1)
STANDARD_DAYS: Final = (15, 30, 30, 60, 60, 120)
RECEIVED, TRANSFERRED, RESOLVED, REOPENED = range(4)


@dataclass(frozen=True, slots=True)
class Invented:
    """A world of offices: `people` of each, `standard_hours` and `standard_days` of each product, and the entries."""

    people: Array
    standard_hours: Array
    standard_days: Array
    first_month: int
    months: int
    entries: Columns
    names: dict[int, str] | None = None

    @property
    def structures(self) -> dict[int, str]:
        """Names of the offices by position."""
        return self.names or {at: f"office_{at:03d}_{people}" for at, people in enumerate(self.people)}

    @property
    def deadlines(self) -> dict[int, int]:
        """Standard days by product."""
        return {at: int(days) for at, days in enumerate(self.standard_days)}


def invent(seed: int, offices: int = 116, months: int = 16, per_head: float = 6.0, products: int = 40) -> Invented:
    """Honest entries of `months` months from January 2023 on, `per_head` cases per person and month."""
    draw = np.random.default_rng(seed)
    people = np.round(np.exp(draw.uniform(np.log(8), np.log(600), offices))).astype(np.int64)
    people[:2] = 8, 600
    hours = np.round(np.exp(draw.normal(0.0, 0.8, products)), 2)
    days = draw.choice(STANDARD_DAYS, products)
    first = (2023 - 1970) * 12
    cases = _cases(draw, people, products, months, first, per_head)
    _work(draw, cases, offices, days, first, months)
    rows = _entries(draw, cases, hours, first, months)
    return Invented(people, hours, days, 2023 * 12, months, rows)


def table(entries: Columns) -> pa.Table:
    """Entries as the ledger stores them."""
    days = {"day", "received_on"}
    return pa.table({name: pa.array(v.astype("datetime64[D]") if name in days else v) for name, v in entries.items()})


def month_of(day: Array) -> Array:
    """Months since 1970 of days since 1970."""
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def first_day(month: Array | int) -> Array:
    """First day (since 1970) of months since 1970."""
    return np.asarray(month).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def workday(day: Array) -> Array:
    """The day itself, or the Monday after a weekend."""
    weekday = (day + 3) % 7
    return day + np.where(weekday >= 5, 7 - weekday, 0)


def _cases(
    draw: np.random.Generator, people: Array, products: int, months: int, first: int, per_head: float
) -> Columns:
    """One element per case: office, product, day of receipt."""
    season = 1.0 + 0.15 * np.sin(2 * np.pi * (np.arange(months) + 2) / 12)
    season[7::12] *= 0.6
    moves = draw.gamma(1 / 0.06**2, 0.06**2, (len(people), months))
    count = draw.poisson(people[:, None] * per_head * season * moves)
    office = np.repeat(np.arange(len(people)), count.sum(axis=1))
    month = first + np.concatenate([np.repeat(np.arange(months), row) for row in count])
    common = draw.dirichlet(np.full(products, 2.0))
    product = np.empty(len(office), dtype=np.int64)
    for at in range(len(people)):
        rows = office == at
        product[rows] = draw.choice(products, int(rows.sum()), p=draw.dirichlet(common * 80.0 + 0.02))
    length = first_day(month + 1) - first_day(month)
    day = workday(first_day(month) + (draw.random(len(office)) * length).astype(np.int64))
    return {"office": office, "product": product, "received": day}


def _work(
    draw: np.random.Generator, cases: Columns, offices: int, standard_days: Array, first: int, months: int
) -> None:
    """The day on which each case is resolved: a gamma wait around the standard time, slower in August."""
    month = month_of(cases["received"]) - first
    pace = np.exp(draw.normal(0, 0.2, offices))[cases["office"]]
    pace = pace * np.exp(draw.normal(0, 0.08, (offices, months + 2)))[cases["office"], month]
    mean = 0.7 * standard_days[cases["product"]] * pace * np.where(month % 12 == 7, 1.3, 1.0)
    wait = draw.gamma(1.8, mean / 1.8)
    cases["resolved"] = workday(cases["received"] + wait.astype(np.int64))


def _habit(
    draw: np.random.Generator, office: Array, month: Array, share: float, between: float, within: float
) -> Array:
    """Yes or no for each row, with a share that differs between offices and from month to month (as fractions)."""
    offices, months = int(office.max()) + 1, int(month.max()) + 1
    own = np.exp(draw.normal(0, between, (offices, 1)) + draw.normal(0, within, (offices, months)))
    chance = np.clip(share * own[office, np.maximum(month, 0)], 0, 0.9)
    return np.asarray(draw.random(len(office)) < chance)


def _entries(draw: np.random.Generator, cases: Columns, hours: Array, first: int, months: int) -> Columns:
    """Rows of the ledger up to the end of the last month, resolved rows with their hours."""
    office, product, received, resolved = (cases[name] for name in ("office", "product", "received", "resolved"))
    number = np.arange(len(office))
    month = np.maximum(month_of(resolved) - first, 0)
    again = _habit(draw, office, month, 0.03, 0.3, 0.12)
    back = workday(resolved + draw.integers(3, 40, len(office)))
    once_more = workday(back + draw.integers(5, 40, len(office)))
    moved = _habit(draw, office, month, 0.04, 0.4, 0.15)
    moved_twice = moved & _habit(draw, office, month, 0.15, 0.3, 0.15)
    between = resolved - received
    parts = [
        (number, RECEIVED, received),
        (number, RESOLVED, resolved),
        (number[again], REOPENED, back[again]),
        (number[again], RESOLVED, once_more[again]),
        (number[moved], TRANSFERRED, (received + between // 3)[moved]),
        (number[moved_twice], TRANSFERRED, (received + 2 * between // 3)[moved_twice]),
    ]
    case = np.concatenate([rows for rows, _, _ in parts])
    kind = np.concatenate([np.full(len(rows), kind) for rows, kind, _ in parts]).astype(np.int8)
    day = np.concatenate([days for _, _, days in parts])
    kept = day < int(first_day(first + months))
    case, kind, day = case[kept], kind[kept], day[kept]
    worked = kind == RESOLVED
    moment = month_of(day) - first
    corrected = worked & _habit(draw, office[case], moment, 0.003, 0.4, 0.2)
    counted_from = received[case] + np.where(corrected, draw.integers(1, 10, len(case)), 0)
    spent = 100 * hours[product[case]] * np.exp(draw.normal(-0.08, 0.4, len(case)))
    rounded = _habit(draw, office[case], moment, 0.08, 0.25, 0.1)
    spent = np.where(rounded, np.maximum(100 * np.round(spent / 100), 100), np.maximum(np.round(spent), 1))
    outcome = np.where(_habit(draw, office[case], moment, 0.12, 0.15, 0.06), 2, 1)
    return columns(
        case_key=case,
        kind=kind,
        day=day,
        product=product[case],
        office=office[case],
        received_on=np.minimum(counted_from, day),
        hours_100=np.where(worked, spent, 0),
        points_1000=np.where(worked, np.round(1000 * hours)[product[case]], 0),
        outcome=np.where(worked, outcome, 0),
    )


def table_columns() -> tuple[str, ...]:
    """Names of the columns that alarms read."""
    nothing = np.zeros(0, dtype=np.int64)
    given = ("case_key", "kind", "day", "product", "office", "received_on", "hours_100", "points_1000", "outcome")
    return tuple(columns(**dict.fromkeys(given, nothing)))


def columns(  # noqa: PLR0913 - as many as the ledger has
    *,
    case_key: Array,
    kind: Array,
    day: Array,
    product: Array,
    office: Array,
    received_on: Array,
    hours_100: Array,
    points_1000: Array,
    outcome: Array,
) -> Columns:
    """Columns of the ledger from those that are not derived."""
    return {
        "case_key": case_key.astype(np.int64),
        "kind": kind.astype(np.int8),
        "sign": np.ones(len(kind), dtype=np.int8),
        "day": day.astype(np.int64),
        "month": (month_of(day) + 1970 * 12).astype(np.int32),
        "product": product.astype(np.int32),
        "competence": office.astype(np.int32),
        "work": office.astype(np.int32),
        "received_on": received_on.astype(np.int64),
        "days_waited": (day - received_on).astype(np.int32),
        "outcome": outcome.astype(np.int8),
        "hours_100": hours_100.astype(np.int32),
        "points_1000": points_1000.astype(np.int64),
        "status": np.zeros(len(kind), dtype=np.int8),
    }
