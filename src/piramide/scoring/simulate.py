"""The same values under two methods: who gains, who loses, and through which rule or weight.

The change of a structure's index is taken apart exactly. With p the weight of a leaf in the sheet and i its index,
under the two methods 0 and 1:

    change = sum over leaves of  (p1 - p0) x ((i0 + i1) / 2 - 100)      the weights on the way up
                               + (p0 + p1) / 2 x (i1 - i0)              the leaf itself: target, then rule, then cap

`docs/how-to/simulate-an-amendment.md` tells it with figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial
from typing import Final

from piramide.kernel.figure import Figure, exactly, figure_of
from piramide.kernel.findings import Place, refuse
from piramide.kernel.organisation import OrganisationOnDay
from piramide.methodology.in_force import last_day
from piramide.methodology.model import Pack
from piramide.scoring.arrays import FULL
from piramide.scoring.paths import Paths, basis, index_on, paths
from piramide.scoring.result import NOTHING, NodeScore, ScoreTable, StructureScore
from piramide.scoring.simulate_groups import drivers, groups, size_of
from piramide.scoring.simulate_leaf import Amount, Of, leaf_steps, side_of
from piramide.scoring.simulation import Cause, Side, Simulation, StructureChange

DUST = 1e-12
"""Parts of a change below this are the noise of floats and are not told."""
ONE: Final = figure_of(1)


def simulate(
    base_pack: Pack,
    base: ScoreTable,
    other_pack: Pack,
    other: ScoreTable,
    organisation: OrganisationOnDay | None = None,
) -> Simulation:
    """Compare two score tables made from the same values, each with its pack in force.

    `organisation` gives clusters and sizes (default: the base's on the last day of its validity). A structure that
    only one method scores is listed with `None`. Refuses EX010 tables of different periods.
    """
    if base.period != other.period:
        raise refuse("EX010", Place(), base=base.period, other=other.period)
    on_day = organisation or base_pack.organisation.on(last_day(base_pack))
    before, after = ({s.id: s for s in table.structures} for table in (base, other))
    changes = tuple(
        _change(before.get(name), after.get(name), (base_pack, other_pack), on_day)
        for name in dict.fromkeys([*before, *after])
    )
    return Simulation(
        base=base_pack.id,
        other=other_pack.id,
        base_hash=base_pack.hash,
        other_hash=other_pack.hash,
        period=base.period,
        structures=changes,
        groups=tuple(groups(changes)),
        drivers=tuple(drivers(changes)),
        peers=base_pack.boards.peers,
    )


def _change(
    base: StructureScore | None,
    other: StructureScore | None,
    packs: tuple[Pack, Pack],
    organisation: OrganisationOnDay,
) -> StructureChange:
    known = base or other
    assert known is not None  # noqa: S101 - the name comes from one of the two tables
    on = _common_basis(base, other)
    before = index_on(base, basis(base)) if base else None
    after = index_on(other, basis(other)) if other else None
    is_whole = on == "index"
    because: tuple[Cause, ...] = ()
    if base and other and is_whole:
        because = tuple(_causes(_Sheet(paths(base), packs[0]), _Sheet(paths(other), packs[1])))
    return StructureChange(
        id=known.id,
        label=known.label,
        kind=known.kind,
        clusters=organisation[known.id].clusters if known.id in organisation else {},
        size=size_of(known.id, organisation, packs[0].boards.sites),
        base=before,
        other=after,
        change=after - before if is_whole and before is not None and after is not None else None,
        basis=on,
        because=because,
        partial=any(side is not None and side.index is None for side in (base, other)),
        base_side=_side(base),
        other_side=_side(other),
    )


def _side(score: StructureScore | None) -> Side | None:
    return None if score is None else Side(score.coverage, score.index_low, score.index_high)


def _common_basis(base: StructureScore | None, other: StructureScore | None) -> str:
    """What both sides show: whole indices, or a partial one on either, which is not compared."""
    if base is None or other is None:
        return ""
    both = {basis(base), basis(other)}
    return "" if "" in both else "measured" if "measured" in both else "index"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One structure under one method, whole."""

    tree: Paths
    pack: Pack

    def leaves(self) -> dict[str, NodeScore]:
        return {leaf.id: leaf for leaf in self.tree.leaves(self.tree.top)}

    def chain(self, leaf: NodeScore) -> list[NodeScore]:
        """The leaf and the nodes above it, the highest first."""
        return [leaf, *self.tree.above(leaf)][::-1]

    def points(self, leaf: NodeScore, of: Of[Amount]) -> Amount:
        """Points that the leaf brings to the structure."""
        return of(NOTHING) if leaf.index is None else _share(self.chain(leaf), of) * (of(leaf.index) - FULL)


def _causes(base: _Sheet, other: _Sheet) -> list[Cause]:
    """Everything that moves one structure, largest first; the parts add up to its change.

    They are told by doubles, and worked out in fractions when one of them is printed.
    """
    moved = _moved(base, other, float)
    exact = cache(lambda: _moved(base, other, exactly))
    labels = {base.tree.top.id: base.tree.top.label}
    labels |= {node.id: node.label for sheet in (other, base) for node in sheet.tree.top.nodes}
    told = [
        Cause(key[0], labels[key[0]], key[1], Figure(points, partial(_exact_points, exact, key)))
        for key, points in moved.items()
        if abs(points) > DUST
    ]
    return sorted(told, key=lambda cause: (-abs(cause.change), cause.node, cause.kind))


def _exact_points(exact: Callable[[], Mapping[tuple[str, str], Fraction]], key: tuple[str, str]) -> Fraction:
    return exact().get(key, Fraction(0))


def _moved(base: _Sheet, other: _Sheet, of: Of[Amount]) -> dict[tuple[str, str], Amount]:
    """Points that each node moves, by kind of cause."""
    moved: dict[tuple[str, str], Amount] = {}

    def add(node: str, kind: str, points: Amount) -> None:
        moved[node, kind] = moved[node, kind] + points if (node, kind) in moved else points

    before: dict[str, NodeScore] = base.leaves()
    after: dict[str, NodeScore] = other.leaves()
    for name in dict.fromkeys([*before, *after]):
        if name not in after:
            add(name, "removed", -base.points(before[name], of))
        elif name not in before:
            add(name, "added", other.points(after[name], of))
        else:
            for node, kind, points in _of_leaf((base, before[name]), (other, after[name]), of):
                add(node, kind, points)
    return moved


def _of_leaf(
    one_side: tuple[_Sheet, NodeScore], other_side: tuple[_Sheet, NodeScore], of: Of[Amount]
) -> Iterator[tuple[str, str, Amount]]:
    """Causes of one leaf that both methods have: (node, kind, points)."""
    base, before = one_side
    other, after = other_side
    one, two = base.chain(before), other.chain(after)
    share_one, share_two = _share(one, of), _share(two, of)
    index_one, index_two = before.index, after.index
    if index_one is None and index_two is None:
        return
    if (index_one is None and share_one) or (index_two is None and share_two):
        yield after.id, "missing", other.points(after, of) - base.points(before, of)
        return
    # A side without an index has no weight either: only the weight has changed.
    index_one = index_two if index_one is None else index_one
    index_two = index_one if index_two is None else index_two
    assert index_one is not None  # noqa: S101 - one of the two is known, and stands for both
    assert index_two is not None  # noqa: S101
    middle = (of(index_one) + of(index_two)) / 2 - FULL
    for node, kind, change in _of_weights(one, two, of):
        yield node, kind, change * middle
    if before.gap is not None and after.gap is not None:
        share = (share_one + share_two) / 2
        for kind, change in leaf_steps(side_of(before, base.pack), side_of(after, other.pack), of):
            yield after.id, kind, share * FULL * change


def _share(chain: Sequence[NodeScore], of: Of[Amount]) -> Amount:
    """The weight in the sheet of the last of a chain."""
    return _product([of(node.counts) for node in chain], of(ONE))


def _product(parts: Sequence[Amount], one: Amount) -> Amount:
    answer = one
    for part in parts:
        answer = answer * part
    return answer


def _of_weights(
    one: Sequence[NodeScore], two: Sequence[NodeScore], of: Of[Amount]
) -> Iterator[tuple[str, str, Amount]]:
    """The change of the weight of a leaf in the sheet, shared among the nodes on the way whose own weight changed.

    Each node's part is the mean of what it changes before and after those above it, so that the parts add up and the
    two methods can be exchanged. On another way through the tree the leaf has `moved`.
    """
    if [node.id for node in one] != [node.id for node in two]:
        yield two[-1].id, "moved", _share(two, of) - _share(one, of)
        return
    old: list[Amount] = [of(node.counts) for node in one]
    new: list[Amount] = [of(node.counts) for node in two]
    place: int
    for place, node in enumerate(two):
        if change := new[place] - old[place]:
            first = _product(new[:place] + old[place + 1 :], of(ONE))
            last = _product(old[:place] + new[place + 1 :], of(ONE))
            yield node.id, "weight", change * (first + last) / 2
