"""Demand that moves, to try a forecast on: drift, chance that offices share, a law, a stop, local surges, leavers.

Steady facts come again from year to year almost to the piece, so that last year is the best forecast of all. These do
not: what is expected of each cell is known here, and is written beside the facts as the truth to compare with.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import numpy as np

from piramide.demo.facts.catalogue import Lines
from piramide.demo.facts.hashing import Integers, Reals, generator
from piramide.demo.facts.offices import Offices
from piramide.demo.facts.staffing import AT_ONCE, Staffing
from piramide.demo.facts.workdays import Month
from piramide.kernel.durable import write_whole

TRUTH: Final = "truth.json"
ACT: Final = "invented"

_DRIFT_STREAM, _NOISE_STREAM, _EVENT_STREAM, _LEAVER_STREAM, _COUNT_STREAM = 80, 81, 82, 83, 84
_LINE_GROWTH, _LINE_GROWTH_SPREAD, _OFFICE_GROWTH_SPREAD = 0.0, 0.03, 0.02
_WANDERING: Final = 0.012
"""Spread of the steps that the level of a line takes from month to month."""
_NATION_NOISE, _REGION_NOISE, _OFFICE_NOISE = 0.05, 0.04, 0.06
_LAW_FACTOR, _STOP_FACTOR, _STOP_MONTHS = 1.6, 0.55, 3
_SURGES_A_YEAR = 4
_LEAVING: Final = 0.06
"""Most part of its people that an office loses in a year; what few lose, the others do not."""
_LOST: Final = 0.003
"""Part of its people that the nation loses in a year, beyond those who are replaced."""


class Demand(StrEnum):
    """How receipts behave over the years."""

    STEADY = "steady"
    LIVELY = "lively"


@dataclass(frozen=True, slots=True)
class LivelyEvent:
    """Something that happened: receipts of a line (all where empty) and a site (all where empty) times `factor`.

    `line` is the code of the plan of production.
    """

    name: str
    line: str
    site: str
    since: int
    until: int
    factor: float


@dataclass(frozen=True, slots=True)
class Lively:
    """By [month, site, line]: what is expected beside steady demand, and what chance makes of it; `events` in both.

    `staff` [month, office] is the part of its people that an office still has.
    """

    expected: Reals
    chance: Reals
    staff: Reals
    events: tuple[LivelyEvent, ...]


def lively_of(of: Lines, at: Offices, months: tuple[Month, ...], seed: int) -> Lively:
    """What moves, from the seed alone."""
    events = tuple(_events(of, at, len(months), seed))
    expected = _drift(of, at, len(months), seed)
    lines, sites = list(of.codes), list(at.ids)
    for event in events:
        line = slice(None) if not event.line else lines.index(event.line)
        site = slice(None) if not event.site else sites.index(event.site)
        expected[event.since : event.until, site, line] *= event.factor
    return Lively(expected, _noise(of, at, len(months), seed), _leavers(at, len(months), seed), events)


def _drift(of: Lines, at: Offices, months: int, seed: int) -> Reals:
    """Growth of each line and of each site, and a level of each line that wanders."""
    rng = generator(seed, _DRIFT_STREAM)
    years = np.arange(months) / 12
    growth = _LINE_GROWTH + _LINE_GROWTH_SPREAD * rng.standard_normal(len(of.codes))
    wandering = np.cumsum(_WANDERING * rng.standard_normal((months, len(of.codes))), axis=0)
    own = _OFFICE_GROWTH_SPREAD * rng.standard_normal(at.sites)
    drift: Reals = np.exp((growth * years[:, None] + wandering)[:, None, :] + (own * years[:, None])[:, :, None])
    return drift


def _noise(of: Lines, at: Offices, months: int, seed: int) -> Reals:
    """Chance of a month that the nation shares, by line; that a directorate shares, by line; of a site."""
    rng = generator(seed, _NOISE_STREAM)
    regions = list(dict.fromkeys(at.directorate[: at.sites]))
    place = np.array([regions.index(name) for name in at.directorate[: at.sites]])
    nation = _NATION_NOISE * rng.standard_normal((months, 1, len(of.codes)))
    region = _REGION_NOISE * rng.standard_normal((months, len(regions), len(of.codes)))
    site = _OFFICE_NOISE * rng.standard_normal((months, at.sites, 1))
    noise: Reals = np.exp(nation + region[:, place] + site)
    return noise


def _events(of: Lines, at: Offices, months: int, seed: int) -> Iterator[LivelyEvent]:
    rng = generator(seed, _EVENT_STREAM)
    lasting = [code for code in of.codes if code not in AT_ONCE]
    first = min(28, months - 8)
    yield LivelyEvent("law", lasting[int(rng.integers(8))], "", first, months, _LAW_FACTOR)
    since = min(14, months - 6)
    yield LivelyEvent("stop", "", "", since, since + _STOP_MONTHS, _STOP_FACTOR)
    for number in range(_SURGES_A_YEAR * months // 12):
        since = int(rng.integers(months - 1))
        yield LivelyEvent(
            f"surge-{number + 1}",
            lasting[int(rng.integers(len(lasting)))],
            at.ids[int(rng.integers(at.sites))],
            since,
            min(since + 2 + int(rng.integers(3)), months),
            round(2.0 + float(rng.random()), 2),
        )


def _leavers(at: Offices, months: int, seed: int) -> Reals:
    """People that each office still has: few lose many, most gain some; central providers keep theirs."""
    rng = generator(seed, _LEAVER_STREAM)
    lost = _LEAVING * rng.random(at.sites) ** 3
    rate = np.zeros(len(at.ids))
    rate[: at.sites] = lost - lost.mean() + _LOST
    staff: Reals = (1 - rate) ** (np.arange(months) / 12)[:, None]
    return staff


def with_leavers(staff: Staffing, lively: Lively) -> Staffing:
    """The same staff less those who left: their hours are gone, and what an hour does stays."""
    fte = np.maximum(np.rint(staff.fte * lively.staff), 1).astype(np.int64)
    capacity = np.floor(staff.capacity * lively.staff).astype(np.int64)
    return Staffing(fte, capacity, staff.effort, staff.lent, staff.inspectors)


def counts(expected: Reals, cases: int, seed: int) -> Integers:
    """Whole cases of cells that come by chance, and are so many together."""
    rng = generator(seed, _COUNT_STREAM)
    drawn: Integers = rng.poisson(expected * (cases / expected.sum())).astype(np.int64)
    flat = drawn.ravel()
    excess = int(flat.sum()) - cases
    while excess:
        filled = np.flatnonzero(flat > 0) if excess > 0 else np.flatnonzero(expected.ravel() > 0)
        chosen = rng.choice(filled, min(abs(excess), len(filled)), replace=False)
        flat[chosen] -= 1 if excess > 0 else -1
        excess = int(flat.sum()) - cases
    return drawn


@dataclass(frozen=True, slots=True)
class Truth:
    """What was expected, [month, site, line] in pieces; `lines_of` are the catalogue's lines of a line of the plan."""

    sites: Sequence[str]
    lines: Sequence[str]
    months: Sequence[Month]
    pieces: Reals
    lines_of: Mapping[str, Sequence[str]]
    events: Sequence[LivelyEvent]


def write_truth(truth: Truth, path: Path) -> None:
    """Write what was expected of each cell, and what happened that moved it."""
    sites, lines, months, pieces = truth.sites, truth.lines, truth.months, truth.pieces
    cells = [
        {"structure": sites[site], "line": lines[line], "month": month.label, "expected_pieces": round(value, 3)}
        for month in months
        for site, line in np.argwhere(pieces[month.index] > 0).tolist()
        if (value := float(pieces[month.index, site, line])) >= 0.0005
    ]
    happened: list[dict[str, Any]] = [
        {
            "event": event.name,
            "lines": ";".join(truth.lines_of[event.line]) if event.line else "",
            "structures": event.site,
            "from": months[event.since].label,
            "until": months[event.until - 1].label if event.until < len(months) else "",
            "measure": "received",
            "factor": event.factor,
            "act": ACT,
        }
        for event in truth.events
    ]
    write_whole(
        path, json.dumps({"cells": cells, "events": happened}, ensure_ascii=False, separators=(",", ":")) + "\n"
    )
