"""Which families have a target together, and how many points of them may be left at each office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from piramide.planning.calendar import DAYS_OF_YEAR

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

WITHOUT: Final = "without_target"
"""The group of families that no group of the plan names: they have no ceiling."""


@dataclass(frozen=True, slots=True)
class Families:
    """The families of the lines, and their groups; `of_line` and `group_of` are positions."""

    families: tuple[str, ...]
    groups: tuple[str, ...]
    of_line: Places
    group_of: Places

    @property
    def group_of_line(self) -> Places:
        """The position of each line's group."""
        return self.group_of[self.of_line]

    def by_family(self, by_line: Floats) -> Floats:
        """Sums over the lines (axis 1) of each family."""
        return _added(by_line, self.of_line, len(self.families))

    def by_group(self, by_line: Floats) -> Floats:
        """Sums over the lines (axis 1) of each group."""
        return _added(by_line, self.group_of_line, len(self.groups))


def families_of(lines: Sequence[str], family_of: Mapping[str, str], group_of: Mapping[str, str]) -> Families:
    """The families of some lines: one that no family names is a family of its own, without a group it has no target."""
    names = [family_of.get(line, line) for line in lines]
    families = tuple(dict.fromkeys(names))
    groups_of = [group_of.get(family, WITHOUT) for family in families]
    groups = tuple(dict.fromkeys(groups_of))
    return Families(
        families,
        groups,
        np.array([families.index(name) for name in names], np.intp),
        np.array([groups.index(name) for name in groups_of], np.intp),
    )


@dataclass(frozen=True, slots=True)
class Targets:
    """Days of receipts that may be left, and the part of receipts to be resolved, [office, group]; NaN for none."""

    days: Floats
    clearance: Floats


def targets_of(
    offices: Sequence[str],
    groups: Sequence[str],
    days: Mapping[str, Mapping[str, Fraction]],
    clearance: Mapping[str, Fraction | None],
) -> Targets:
    """Targets from what the plan says of each group: days by office, one clearance for all."""
    found = np.full((len(offices), len(groups)), np.nan)
    asked = np.full_like(found, np.nan)
    for at, group in enumerate(groups):
        of_group = days.get(group, {})
        for row, office in enumerate(offices):
            if office in of_group:
                found[row, at] = float(of_group[office])
        wanted = clearance.get(group)
        if wanted is not None:
            asked[:, at] = float(wanted)
    return Targets(found, asked)


def ceilings(days: Floats, received_12_months: Floats) -> Floats:
    """What may be left, `days × received_12_months / 360`; NaN (no ceiling) where nothing is received, or no target.

    In the unit of what is received, pieces or points.
    """
    most = days * received_12_months / DAYS_OF_YEAR
    return np.where(received_12_months > 0, most, np.nan)


def days_left(pending: Floats, received_12_months: Floats) -> Floats:
    """Days of receipts that are left, `360 × pending / received_12_months`; NaN where nothing is received."""
    with np.errstate(divide="ignore", invalid="ignore"):
        days: Floats = DAYS_OF_YEAR * pending / received_12_months
    return np.where(received_12_months > 0, days, np.nan)


def _added(by_line: Floats, places: Places, count: int) -> Floats:
    added = np.zeros((by_line.shape[0], count, *by_line.shape[2:]))
    for line, place in enumerate(places):
        added[:, place] += by_line[:, line]
    return added
