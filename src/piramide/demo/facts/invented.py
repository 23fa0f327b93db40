"""Small helpers of chance for the small datasets: a stream for each dataset, figures as text, nearby figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from piramide.demo.facts.hashing import generator
from piramide.demo.facts.workdays import Month
from piramide.demo.facts.world import World


@dataclass(frozen=True, slots=True)
class Chance:
    """Draws of one dataset."""

    rng: np.random.Generator

    def near(self, value: float, spread: float) -> float:
        """`value` more or less, with a relative spread."""
        return value * float(np.exp(spread * self.rng.standard_normal()))

    def pieces(self, mean: float) -> int:
        """A count of things that happen independently."""
        return int(self.rng.poisson(max(mean, 0.0)))

    def part(self, count: int, probability: float) -> int:
        """How many of `count`."""
        return int(self.rng.binomial(count, min(max(probability, 0.0), 1.0)))

    def pick(self, count: int) -> int:
        """A position among `count`."""
        return int(self.rng.integers(count))


def chance(world: World, stream: int) -> Chance:
    """The draws of the dataset with this stream."""
    return Chance(generator(world.seed, stream))


def decimals(value: float, places: int = 2) -> str:
    """A figure as files write it."""
    return f"{value:.{places}f}"


def directorates(world: World) -> tuple[str, ...]:
    """The regional and metropolitan directorates, in the order of the organisation."""
    return tuple(dict.fromkeys(world.offices.directorate[: world.offices.sites]))


def quarters(world: World) -> Iterator[Month]:
    """The last month of each quarter."""
    return (month for month in world.months if month.month % 3 == 0)


def staff_of(world: World, directorate: str, month: Month) -> float:
    """Production staff of a directorate's sites, in full-time equivalents."""
    return float(world.staff.fte[month.index, world.offices.below(directorate)].sum()) / 100
