"""Where the marks of a picture stand: spread by counting, never by chance, one band per cluster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 640
"""Width of the picture, in pixels."""
MARK: Final = 15
"""Room that a mark takes, in pixels, along the axis and across it."""


@dataclass(frozen=True, slots=True)
class Band:
    """The room of one cluster, in pixels from the top."""

    cluster: str
    middle: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Beeswarm:
    """Distance from the top of each point, in the order given; the bands; the end of the axis on both sides of 0."""

    heights: tuple[float, ...]
    bands: tuple[Band, ...]
    reach: float


def beeswarm(points: Sequence[tuple[str, float]]) -> Beeswarm:
    """Place points of (cluster, change): each in the lane nearest to the middle where it touches no other."""
    reach = max(abs(change) for _, change in points) * 1.08 or 1.0
    heights: dict[int, float] = {}
    bands: list[Band] = []
    top = 0.0
    for cluster, members in _clusters(points).items():
        lanes = _lanes([points[member][1] for member in members], 2 * reach * MARK / WIDTH)
        # Lanes 0, 1, 2, 3, 4 stand 0, +1, -1, +2, -2 steps from the middle.
        steps = [(lane + 1) // 2 * (1 if lane % 2 else -1) for lane in lanes]
        middle = top + (max(lanes) + 3) * MARK / 2
        shift = (max(steps) + min(steps)) / 2
        heights |= {member: middle + (step - shift) * MARK for member, step in zip(members, steps, strict=True)}
        top += (max(lanes) + 3) * MARK
        bands.append(Band(cluster, middle, top))
    return Beeswarm(tuple(heights[place] for place in range(len(points))), tuple(bands), reach)


def _clusters(points: Sequence[tuple[str, float]]) -> Mapping[str, list[int]]:
    """Places of the points of each cluster, clusters by name and points by change."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for place in sorted(range(len(points)), key=points.__getitem__):
        found[points[place][0]].append(place)
    return found


def _lanes(places: Sequence[float], apart: float) -> list[int]:
    """First lane in which each of the ascending `places` is `apart` from the last one put there."""
    ends: list[float] = []
    chosen: list[int] = []
    for place in places:
        lane = next((lane for lane, end in enumerate(ends) if place - end >= apart), len(ends))
        ends[lane:] = [place, *ends[lane + 1 :]]
        chosen.append(lane)
    return chosen
