"""A curve drawn by the act: what each value gives, straight from point to point (R37).

    gap = index / 100 - 1, where the index is that of the value, or of value / target

Below the first point a curve gives one figure, beyond the last what the last gives.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from piramide.methodology.model import Curve
from piramide.scoring.arrays import FULL, UNBOUND, Numbers, numbers, within
from piramide.scoring.rules.work import Reach, Work


def index_at(curve: Curve, value: Fraction, target: Fraction | None) -> Fraction:
    """The index that a curve gives to one value, with its target where it is of the attainment."""
    compared = value / target if curve.of == "attainment" and target else value
    at, gives = (numbers([getattr(p, name) for p in curve.points], exact=True) for name in ("at", "gives"))
    found: Fraction = along(numbers([compared], exact=True), at, gives, curve.below)[0]
    return found


def along(values: Numbers, at: Numbers, gives: Numbers, below: Any) -> Numbers:  # noqa: ANN401 - one of the numbers
    """The index that a curve gives to each value: `at` rises, `gives` and `below` are indices on 100."""
    place = np.searchsorted(at, values, side="right") - 1
    last = len(at) - 1
    left, right = np.clip(place, 0, last), np.clip(place + 1, 0, last)
    run, rise = at[right] - at[left], gives[right] - gives[left]
    run[left == right] = 1  # beyond the last point nothing rises
    held = within(values, at[0], at[-1])
    answer: Numbers = np.where(place < 0, below, gives[left] + rise * (held - at[left]) / run)
    return answer


def score(work: Work) -> None:
    """Gaps of the cells that have a value and, where the curve is of the attainment, a target."""
    for group in work.cells.curves:
        compared = _compared(work.values[group.cells], work.targets[group.cells], of_attainment=group.of_attainment)
        index = along(compared, group.at, group.gives, group.below)
        work.raw[group.cells] = index / FULL - 1
        here = np.zeros_like(work.scored)
        here[group.cells] = work.present[group.cells] & (work.has_target[group.cells] | (not group.of_attainment))
        work.settle(here)


def reach(work: Work, reach: Reach) -> None:
    """The least and the most that the curve gives between the least and the greatest value."""
    cells = work.cells
    for group in cells.curves:
        ends = [
            _compared(bound[group.cells, None], work.targets[group.cells, :1], of_attainment=group.of_attainment)
            for bound in (cells.least, cells.most)
        ]
        found = [along(end, group.at, group.gives, group.below) for end in ends]
        for at, gives in zip(group.at, group.gives, strict=True):
            inside = (ends[0] < at) & (at < ends[1])
            found.append(np.where(inside, gives, found[0]))
        jump = (ends[0] < group.at[0]) & (group.at[0] <= ends[1])
        found.append(np.where(jump, group.gives[0], found[0]))
        low, high = np.minimum.reduce(found), np.maximum.reduce(found)
        open_ = (~work.has_target[group.cells])[:, None] & group.of_attainment
        reach.narrow(
            group.cells,
            np.where(open_, -UNBOUND, low / FULL - 1),
            np.where(open_, UNBOUND, high / FULL - 1),
        )


def _compared(values: Numbers, targets: Numbers, *, of_attainment: bool) -> Numbers:
    return values / targets if of_attainment else values
