"""What was resolved in the nation, by year and line: what the expected values of the sites are drawn from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np

from piramide.demo.facts.entries import CHANNELS, OUTCOMES, REOPENED, RESOLVED, Entries
from piramide.demo.facts.hashing import Integers, Reals
from piramide.demo.facts.world import World


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by [year, line]: cases resolved, those in time, days waited, accepted, of an office, and reopened."""

    resolved: Integers
    in_time: Integers
    days: Integers
    accepted: Integers
    of_office: Integers
    reopened: Integers

    def part(self, name: str) -> Reals:
        """A count over the cases resolved, by [year, line]."""
        counted: Integers = getattr(self, name)
        part: Reals = counted / np.maximum(self.resolved, 1)
        return part


def tally_of(world: World, of: Entries) -> Integers:
    """Counts of some entries by [column of the tally, line]."""
    count = len(world.lines.codes)
    done, again = of.kind == RESOLVED, of.kind == REOPENED
    product = of.product[done]
    line = world.products.line[product]
    waited = (of.day[done] - of.received[done]).astype(np.int64)
    columns = (
        np.ones(len(line), np.int64),
        waited <= world.products.standard_days[product],
        waited,
        of.outcome[done] == OUTCOMES.index("accepted"),
        of.channel[done] == CHANNELS.index("office"),
    )
    counted = [np.bincount(line, column, count) for column in columns]
    counted.append(np.bincount(world.products.line[of.product[again]], minlength=count))
    return np.rint(np.array(counted)).astype(np.int64)


def tally(world: World, counted: Iterable[tuple[int, Integers]]) -> Tally:
    """The tally of counts, each with the position of its year."""
    total = np.zeros((len(fields(Tally)), len(world.years), len(world.lines.codes)), dtype=np.int64)
    for year, counts in counted:
        total[:, year] += counts
    return Tally(*total)
