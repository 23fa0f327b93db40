"""How many cases come to each office for each product in each month, and how many are pending before the first day."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from piramide.demo.facts.catalogue import line_names
from piramide.demo.facts.hashing import Reals, generator
from piramide.demo.facts.lively import Lively, Truth, counts
from piramide.demo.facts.workload import seasons
from piramide.demo.facts.world import World

_COUNT_STREAM, _OPENING_STREAM = 3, 4
_MONTHLY_NOISE = 0.04


def arrivals(world: World) -> npt.NDArray[np.int32]:
    """Cases received by [month, office, product], exactly those asked for and at least one in each office and month."""
    if world.lively is not None:
        return _lively(world, expected_arrivals(world) * world.lively.chance[:, :, world.products.line])
    rng = generator(world.seed, _COUNT_STREAM)
    received, line = world.work.received, world.products.line
    years, sites, _ = received.shape
    nation = received.sum(axis=1)[:, line] * world.products.share / world.hours
    expected = nation[:, None, :] * seasons(world.lines)[line].T[None, :, :]
    by_month = _whole(expected.reshape(years * 12, -1), world.cases)
    share = received / received.sum(axis=1, keepdims=True)
    result = np.empty((len(world.months), sites, len(line)), dtype=np.int32)
    for month in world.months:
        busy = np.exp(_MONTHLY_NOISE * rng.standard_normal(sites))[:, None]
        part = share[month.index // 12] * busy
        edges = np.cumsum(part / part.sum(axis=0), axis=0)
        edges[-1] = 1.0
        spread = np.floor(edges[:, line] * by_month[month.index] + rng.random(len(line)))
        result[month.index] = np.diff(spread, axis=0, prepend=0.0)
        _give_every_office_one(result[month.index])
    return result


def expected_arrivals(world: World) -> Reals:
    """Cases expected by [month, site, product] where demand is lively, before chance, in all as many as asked for."""
    received, line = world.work.received, world.products.line
    by_month = np.stack([received[month.index // 12][:, line] for month in world.months])
    by_month *= seasons(world.lines)[line].T[[month.index % 12 for month in world.months]][:, None, :]
    by_month *= world.products.share / world.hours
    if world.lively is not None:
        by_month *= world.lively.expected[:, :, line]
    whole: Reals = by_month * (world.cases / by_month.sum())
    return whole


def truth_of(world: World, lively: Lively) -> Truth:
    """What is expected of each month, site and line of the catalogue, and what moves it."""
    expected, names = expected_arrivals(world), line_names(world.lines, world.products, world.years)
    lines = tuple(dict.fromkeys(names))
    by_line = np.zeros((*expected.shape[:2], len(lines)))
    for product, name in enumerate(names):
        by_line[:, :, lines.index(name)] += expected[:, :, product]
    codes = [world.lines.codes[line] for line in world.products.line.tolist()]
    lines_of = {
        code: tuple(dict.fromkeys(name for name, its in zip(names, codes, strict=True) if its == code))
        for code in world.lines.codes
    }
    sites = world.offices.ids[: world.offices.sites]
    return Truth(sites, lines, world.months, by_line, lines_of, lively.events)


def _lively(world: World, expected: Reals) -> npt.NDArray[np.int32]:
    result = counts(expected, world.cases, world.seed).astype(np.int32)
    for month in world.months:
        _give_every_office_one(result[month.index])
    return result


def _whole(expected: Reals, total: int) -> Reals:
    """Whole numbers near the expected ones, product by product through the months, that add up to `total`."""
    flat = expected.T.ravel()
    edges = np.rint(np.cumsum(flat) * (total / flat.sum()))
    edges[-1] = total
    whole: Reals = np.diff(edges, prepend=0.0).reshape(expected.T.shape).T
    return whole


def _give_every_office_one(received: npt.NDArray[np.int32]) -> None:
    """Move a case from the busiest office to each that would receive nothing; in place, on an array of our own."""
    totals = received.sum(axis=1)
    for idle in np.flatnonzero(totals == 0):
        busiest = int(totals.argmax())
        product = int(received[busiest].argmax())
        received[busiest, product] -= 1
        received[idle, product] += 1
        totals[busiest] -= 1


def opening(world: World) -> npt.NDArray[np.int32]:
    """Cases pending before the first day, by [office, product]: those that need somebody."""
    rng = generator(world.seed, _OPENING_STREAM)
    products = world.products
    manual = products.share * (1 - products.automated)
    manual /= np.bincount(products.line, manual)[products.line]
    expected = world.work.pending[0][:, products.line] * manual / world.hours
    edges = np.floor(np.cumsum(expected.ravel()) + rng.random())
    return np.diff(edges, prepend=0.0).astype(np.int32).reshape(expected.shape)
