"""Where a structure stands among those like it, and how much of that is more than chance.

Structures are alike when they are of the same cluster, of the scheme that the pack compares by; where there are no
clusters, when they are of the same kind. An index swings more in a small structure than in a large one: the spread of
one of size n is taken as s / √n, with s such that it fits the distances of all structures from the mean of their own
group,

    s² = sum of n (index - mean of the group)² / (structures - groups)

so that limits stand at mean ± z s / √n (a funnel), and a structure is surely ahead of another only when their distance
is more than 1.96 times the spread of a difference. Mean and spread are those of the complete indices; a partial one is
shown with its worst and its best case, and stands on no side of the limits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from piramide.cycle.runs.open_run import OpenRun, structure_of
from piramide.cycle.runs.opened_runs import RunFigures
from piramide.kernel.figure import Figure
from piramide.kernel.organisation import OrganisationOnDay, Structure
from piramide.kernel.periods import parse_period
from piramide.measurement.values.indicators import source_in
from piramide.methodology.boards import PeerGroup
from piramide.scoring.result import NOTHING
from piramide.scoring.values import joined, moment_code

LEAST: Final = 4
"""Structures of a group below which nothing is said of chance."""

WORK: Final = "work"
"""Dataset whose measures say how large a structure is: the cases it works on."""

INNER: Final = 1.96
OUTER: Final = 3.09
"""Limits that 19 of 20, and 998 of 1000, are within by chance alone."""

_DENOMINATOR = re.compile(r"/ *nullif\((\w+), *0\)$")


@dataclass(frozen=True, slots=True)
class Size:
    """What the size of structures is taken from, and the size of each."""

    label: str
    sizes: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Peer:
    """A structure of the group: its index (the partial one if need be) between the worst and the best it may become.

    `first` and `last` are the ranks that chance cannot tell apart; `low` and `high` the inner limits at its size.
    """

    structure: Structure
    index: Figure
    least: Figure
    most: Figure
    is_partial: bool
    size: float
    low: float
    high: float
    first: int
    last: int

    @property
    def side(self) -> str:
        """Whether it stands outside the limits: `above`, `below`, else `inside`; `partial` says nothing of that."""
        if self.is_partial:
            return "partial"
        if self.index > self.high:
            return "above"
        return "below" if self.index < self.low else "inside"


@dataclass(frozen=True, slots=True)
class AmongPeers:
    """A structure among its like: peers from the highest index down, itself one of them.

    `cluster` is empty where the group is all structures of `kind`; `size_label` where no size is known and all count
    alike; `spread` is s.
    """

    cluster: str
    kind: str
    peers: tuple[Peer, ...]
    here: Peer
    mean: float
    spread: float
    size_label: str

    def limits(self, size: float, z: float) -> tuple[float, float]:
        """Where chance alone leaves an index of a structure of this size."""
        reach = z * self.spread / math.sqrt(size)
        return self.mean - reach, self.mean + reach


def among_peers(opened: OpenRun, figures: RunFigures, structure: str) -> AmongPeers | None:
    """Where a structure stands among its like; `None` where it has no index or too few are like it."""
    tree = opened.pack.organisation.on(opened.as_of)
    if structure not in tree or figures.standing(structure).shown is None:
        return None
    group_of = opened.pack.boards.peers_of
    here = tree[structure]
    known = [p for p in tree.structures.values() if p.additive and figures.standing(p.id).shown is not None]
    family = [place for place in known if _are_alike(group_of(place), group_of(here))]
    group = [place for place in family if group_of(place) == group_of(here)]
    if len(group) < LEAST:
        return None
    size = size_of_structures(opened, structure, tree, [place.id for place in family])
    family = [place for place in family if place.id in size.sizes]
    group = [place for place in group if place.id in size.sizes]
    whole = [place for place in family if figures.standing(place.id).index is not None]
    spread = _spread(whole, group_of, figures, size.sizes)
    told = sum(group_of(place) == group_of(here) for place in whole)
    if told < LEAST or not spread or structure not in size.sizes:
        return None
    return _among(here, group_of(here).cluster, group, figures, size, spread)


def size_of_structures(opened: OpenRun, structure: str, tree: OrganisationOnDay, family: Sequence[str]) -> Size:
    """The largest amount of work that an indicator of the sheet is divided by; without any, every structure counts 1.

    Most of the family must measure it on themselves.
    """
    found = list(_sizes(opened, structure, tree, family))
    return max(found, key=lambda size: size.sizes[structure], default=Size("", dict.fromkeys(family, 1.0)))


def _sizes(opened: OpenRun, structure: str, tree: OrganisationOnDay, family: Sequence[str]) -> Iterator[Size]:
    moment = moment_code(parse_period(opened.scores.period).moment)
    for node in structure_of(opened, structure).nodes:
        indicator = opened.pack.indicators.get(node.indicator)
        divided = _DENOMINATOR.search(indicator.formula) if indicator and not indicator.value_from else None
        measure = opened.pack.measures.get(divided.group(1)) if divided else None
        if indicator is None or measure is None or measure.dataset != WORK:
            continue
        own = [name for name in family if source_in(indicator, name, tree) == name]
        sizes = _denominators(opened, own, node.id, moment)
        if structure in sizes and 2 * len(sizes) > len(family):
            yield Size(measure.label, sizes)


def _denominators(opened: OpenRun, structures: Sequence[str], node: str, moment: int) -> dict[str, float]:
    values = opened.values
    names = joined(pa.array(structures, pa.string()), pa.array([node] * len(structures), pa.string()))
    rows = values.rows_at(moment, values.find(names))
    texts = (
        (name, values.denominators[int(row)].as_py()) for name, row in zip(structures, rows, strict=True) if row >= 0
    )
    return {name: float(text) for name, text in texts if text and float(text) > 0}


Grouping = Callable[[Structure], PeerGroup]


def _are_alike(group: PeerGroup, here: PeerGroup) -> bool:
    """Whether those of a group tell how far those of another swing: both are clusters, or both the same kind."""
    return bool(group.cluster and here.cluster) or group == here


def _mean(group: Sequence[Structure], figures: RunFigures, sizes: Mapping[str, float]) -> float:
    """The mean of the complete indices of a group, by size."""
    known = [(sizes[place.id], index) for place in group if (index := figures.standing(place.id).index) is not None]
    return sum(size * index for size, index in known) / sum(size for size, _index in known)


def _spread(family: Sequence[Structure], group_of: Grouping, figures: RunFigures, sizes: Mapping[str, float]) -> float:
    """The spread of an index of size 1, from the distances of all structures from the mean of their group."""
    groups: dict[PeerGroup, list[Structure]] = {}
    for place in family:
        groups.setdefault(group_of(place), []).append(place)
    told = [group for group in groups.values() if len(group) > 1]
    freedom = sum(len(group) - 1 for group in told)
    if not freedom:
        return 0.0
    squares = 0.0
    for group in told:
        mean = _mean(group, figures, sizes)
        squares += sum(sizes[place.id] * ((figures.standing(place.id).index or 0.0) - mean) ** 2 for place in group)
    return math.sqrt(squares / freedom)


@dataclass(frozen=True, slots=True)
class _Spot:
    place: Structure
    index: Figure
    least: Figure
    most: Figure
    size: float
    is_partial: bool


def _among(
    here: Structure, cluster: str, group: Sequence[Structure], figures: RunFigures, size: Size, spread: float
) -> AmongPeers:
    mean = _mean(group, figures, size.sizes)
    spots = sorted(_spots(group, figures, size.sizes), key=lambda spot: (-spot.index, spot.place.label))
    is_ahead = _surely_ahead(spots, spread)
    places = zip(spots, 1 + is_ahead.sum(axis=0), len(spots) - is_ahead.sum(axis=1), strict=True)
    peers = tuple(_peer(spot, mean, spread, (int(first), int(last))) for spot, first, last in places)
    mine = next(peer for peer in peers if peer.structure.id == here.id)
    return AmongPeers(cluster, here.kind, peers, mine, mean, spread, size.label)


def _spots(group: Sequence[Structure], figures: RunFigures, sizes: Mapping[str, float]) -> Iterator[_Spot]:
    for place in group:
        standing = figures.standing(place.id)
        index = standing.shown or NOTHING
        least, most = (standing.low, standing.high) if standing.is_partial else (index, index)
        size = sizes[place.id]
        yield _Spot(
            place, index, index if least is None else least, index if most is None else most, size,
            standing.is_partial,
        )  # fmt: skip


def _peer(spot: _Spot, mean: float, spread: float, places: tuple[int, int]) -> Peer:
    reach = INNER * spread / math.sqrt(spot.size)
    return Peer(
        structure=spot.place,
        index=spot.index,
        least=spot.least,
        most=spot.most,
        is_partial=spot.is_partial,
        size=spot.size,
        low=mean - reach,
        high=mean + reach,
        first=places[0],
        last=places[1],
    )


def _surely_ahead(spots: Sequence[_Spot], spread: float) -> npt.NDArray[np.bool_]:
    """Whether the spot of a row is ahead of that of a column by more than chance explains."""
    least, most = (np.array(bounds, np.float64) for bounds in zip(*((s.least, s.most) for s in spots), strict=True))
    shares = 1 / np.array([spot.size for spot in spots], np.float64)
    return least[:, None] - most[None, :] > INNER * spread * np.sqrt(shares[:, None] + shares[None, :])
