"""What is made of other cells: their gaps, attainments, shares or points, put together (R18-R20, R24-R27).

    attainment  value = sum of share x (1 + gap of the part), target 1
    gap         gap = sum of share x gap of the part; `capped_gap` caps each first
    shares      value = 100 x sum of share x (1 + gap of the part), at most 150
    points      value = sum of share x points of the part; one that does not apply leaves, and the target shrinks

A composite whose own value the file gives takes that.
"""

from __future__ import annotations

import numpy as np

from piramide.scoring.arrays import FULL, Flags, Numbers, summed, within
from piramide.scoring.cells import CompositeGroup
from piramide.scoring.rules.work import Reach, Work


def weighted_sum(parts: Numbers, shares: Numbers, group: CompositeGroup) -> Numbers:
    """Sum of share x part for each composite; `parts` is (parts, scenarios), `shares` is (parts, 1)."""
    return summed(np.where(shares == 0, 0, parts) * shares, group.starts)


def score(work: Work, group: CompositeGroup) -> None:
    """Composites without a value of their own, from their parts; with one, from that."""
    cells = group.cells
    value, target, scored = _sum_of_points(work, group) if group.of == "points" else _sum_of_gaps(work, group)
    own = work.present[cells][:, None]
    value = np.where(own, work.values[cells], value)
    target = np.where(own, work.targets[cells], target)
    scored = scored | own[:, 0]
    raw, meant = _gap(work, group, value, target)
    scored = scored & meant
    settled = work.known.is_worst[cells] & ~scored
    work.raw[cells] = np.where(settled[:, None], work.raw[cells], raw)
    work.values[cells], work.targets[cells] = _held(work, group, value), target
    done = np.zeros_like(work.scored)
    done[cells] = scored
    work.settle(done)


def _gap(work: Work, group: CompositeGroup, value: Numbers, target: Numbers) -> tuple[Numbers, Flags]:
    """The gap of composite values from their targets, and where it means something."""
    value = _held(work, group, value)
    if group.of in {"gap", "capped_gap"}:
        return value - target, np.ones(len(value), np.bool_)
    meant = work.has_target[group.cells] & (target > 0).all(axis=1)
    return (value - target) / np.where(target > 0, target, 1), meant


def _held(work: Work, group: CompositeGroup, value: Numbers) -> Numbers:
    return within(value, work.cells.floors[group.cells, None], work.cells.ceilings[group.cells, None])


def _of_parts(group: CompositeGroup, raw: Numbers, capped: Numbers) -> Numbers:
    """What gaps of parts come to as the composite takes them: as they are, capped, as attainments, as percentages."""
    parts = capped if group.of == "capped_gap" else raw
    if group.of in {"attainment", "shares"}:
        parts = 1 + parts
    value = weighted_sum(parts, group.shares, group)
    return value * FULL if group.of == "shares" else value


def _sum_of_gaps(work: Work, group: CompositeGroup) -> tuple[Numbers, Numbers, Flags]:
    raw = work.raw[group.parts]
    value = _of_parts(group, raw, work.capped(raw, group.parts))
    scored = np.logical_and.reduceat(work.scored[group.parts], group.starts)
    return value, work.targets[group.cells], scored


def _sum_of_points(work: Work, group: CompositeGroup) -> tuple[Numbers, Numbers, Flags]:
    """Points of the parts; a part that is not applicable leaves, and the target shrinks with it (R26)."""
    absent, known = _absent_and_known(work, group)
    value = weighted_sum(np.where(known[:, None], work.points[group.parts], 0), group.shares, group)
    left, share = _left(group, absent)
    scored = np.logical_and.reduceat(known | absent, group.starts) & left
    return value, work.targets[group.cells] * share, scored


def _absent_and_known(work: Work, group: CompositeGroup) -> tuple[Flags, Flags]:
    parts = group.parts
    return work.known.not_applicable[parts], work.present[parts] | work.scored[parts]


def _left(group: CompositeGroup, absent: Flags) -> tuple[Flags, Numbers]:
    """Whether any points can still be had, (composites,), and the share of all of them, (composites, 1)."""
    whole = summed(group.most_points, group.starts)
    left = summed(np.where(absent[:, None], 0, group.most_points), group.starts)
    return (left > 0)[:, 0], left / np.where(whole > 0, whole, 1)


def reach(work: Work, reach: Reach, group: CompositeGroup) -> None:
    """What the parts can reach, put together, within what the value itself can be."""
    cells = group.cells
    values, target = _ends_of_points(work, reach, group) if group.of == "points" else _ends(work, reach, group)
    least, most = work.cells.least[cells, None], work.cells.most[cells, None]
    ends = [_gap(work, group, within(value, least, most), target) for value in values]
    meant = ends[0][1]
    reach.narrow(cells[meant], ends[0][0][meant], ends[1][0][meant])


def _ends(work: Work, reach: Reach, group: CompositeGroup) -> tuple[list[Numbers], Numbers]:
    low, high = reach.low[group.parts], reach.high[group.parts]
    ends = [_of_parts(group, end, work.capped(end, group.parts)) for end in _by_sign(low, high, group.shares)]
    return ends, work.targets[group.cells, :1]


def _ends_of_points(work: Work, reach: Reach, group: CompositeGroup) -> tuple[list[Numbers], Numbers]:
    absent, known = _absent_and_known(work, group)
    parts = group.parts
    worth = work.cells.ratio_points[parts, None]
    in_bands = work.cells.in_bands[parts, None]
    points = work.points[parts, :1]
    missing = [
        np.where(in_bands, work.cells.least_points[parts, None], _points_of_ratio(reach.low[parts], worth)),
        np.where(in_bands, work.cells.most_points[parts, None], _points_of_ratio(reach.high[parts], worth)),
    ]
    ends = [np.where(absent[:, None], 0, np.where(known[:, None], points, end)) for end in missing]
    _, share = _left(group, absent)
    low, high = _by_sign(ends[0], ends[1], group.shares)
    sums = [weighted_sum(end, group.shares, group) for end in (low, high)]
    return sums, work.targets[group.cells, :1] * share


def _points_of_ratio(gaps: Numbers, worth: Numbers) -> Numbers:
    answer: Numbers = np.where(worth == 0, 0, (1 + gaps) * np.where(worth == 0, 1, worth))
    return answer


def _by_sign(low: Numbers, high: Numbers, shares: Numbers) -> tuple[Numbers, Numbers]:
    """The ends that make a sum least and greatest: a part that is taken away turns them round."""
    return np.where(shares < 0, high, low), np.where(shares < 0, low, high)
