"""One month as it happens: moves are worked as far as there is work and hours, then everybody works at home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from piramide.planning.targets import Families, Places

Floats = NDArray[np.float64]
Truth = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lent:
    """Points of a family that leave their owner and are worked elsewhere; offices and family are positions."""

    owner: int
    worker: int
    family: int
    points: float


@dataclass(frozen=True, slots=True)
class Happening:
    """What a month has, in points: work there is [office, family], capacity [office], ceilings [office, group].

    `central` [office] is what providers outside the ladder work for each office; `can` [office, family] who knows what.
    """

    there: Floats
    capacity: Floats
    ceilings: Floats
    central: Floats
    can: Truth


@dataclass(frozen=True, slots=True)
class Worked:
    """What was done: at home, by central providers, for others (all [office of the work, family]), and what is left.

    `lent` [office] are the points that each office worked for others, `moves` those of each move.
    """

    home: Floats
    central: Floats
    helped: Floats
    left: Floats
    lent: Floats
    moves: tuple[Lent, ...]


def worked(what: Happening, families: Families, moves: Sequence[Lent]) -> Worked:
    """Work a month: central providers first, then the moves, then the hours that are left go home.

    At home, and by central providers, what is above the ceilings is worked first, then the rest, the families of a
    group in the measure of what is there.
    """
    left = what.there.copy()
    central = _reduced(left, families, what.ceilings, what.central, np.ones(left.shape, bool))
    left -= central
    hours = what.capacity.copy()
    helped, lent = np.zeros_like(left), np.zeros(len(hours))
    done: list[Lent] = []
    for move in moves:
        points = min(move.points, left[move.owner, move.family], hours[move.worker])
        if points <= 0:
            continue
        left[move.owner, move.family] -= points
        hours[move.worker] -= points
        helped[move.owner, move.family] += points
        lent[move.worker] += points
        done.append(Lent(move.owner, move.worker, move.family, points))
    home = _reduced(left, families, what.ceilings, hours, what.can)
    return Worked(home, central, helped, left - home, lent, tuple(done))


def _reduced(there: Floats, families: Families, ceilings: Floats, points: Floats, can: Truth) -> Floats:
    """Points worked of each family with so many points an office: above the ceilings first, then within them."""
    able = np.where(can, there, 0.0)
    done = np.zeros_like(there)
    above = np.maximum(families_sum(there, families.group_of, len(families.groups)) - _never(ceilings), 0.0)
    for wanted in (above, None):
        rest = able - done
        of_group = families_sum(rest, families.group_of, len(families.groups))
        asked = of_group if wanted is None else np.minimum(wanted, of_group)
        hours = np.maximum(points - done.sum(axis=1), 0.0)
        total = asked.sum(axis=1)
        part = np.minimum(np.divide(hours, total, out=np.ones_like(total), where=total > 0), 1.0)
        share = np.divide(asked * part[:, None], of_group, out=np.zeros_like(of_group), where=of_group > 0)
        done += rest * share[:, families.group_of]
    return np.minimum(done, able)


def over_of(left: Floats, families: Families, ceilings: Floats) -> Floats:
    """Points above the ceilings, [office, group]."""
    of_group = families_sum(left, families.group_of, len(families.groups))
    over: Floats = np.maximum(of_group - _never(ceilings), 0.0)
    return over


def families_sum(by_family: Floats, group_of: Places, count: int) -> Floats:
    """Sums of families (axis 1) by group."""
    added = np.zeros((by_family.shape[0], count))
    for family, group in enumerate(group_of):
        added[:, group] += by_family[:, family]
    return added


def _never(ceilings: Floats) -> Floats:
    return np.where(np.isnan(ceilings), np.inf, ceilings)
