"""Nodes that take the score of others: filled in when those are scored, in the order of who takes from whom (R42).

A node knows what its sources know: one of them missing, it has no index but a band and a coverage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from piramide.kernel.findings import refuse
from piramide.kernel.organisation import OrganisationOnDay
from piramide.methodology.model import Indicator, Pack, Sheet
from piramide.scoring.arrays import FULL, Numbers
from piramide.scoring.cells import Cell
from piramide.scoring.gaps import Bounds, Gaps, Scoring, TakenScore
from piramide.scoring.indices import Indices, roll_up
from piramide.scoring.layout import Layout

_NONE: Final = Fraction(0)


@dataclass(frozen=True, slots=True)
class Taken:
    """A cell and the positions of the layout whose score it takes, each with its share."""

    cell: int
    indicator: Indicator
    sources: tuple[tuple[int, Fraction], ...]


def with_sources(pack: Pack, organisation: OrganisationOnDay, sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """The sheets, and after them those whose score they take, and so on."""
    found = {sheet.structure: sheet for sheet in sheets}
    waiting = list(sheets)
    while waiting:
        sheet = waiting.pop(0)
        for node in sheet.leaves():
            indicator = pack.indicators.get(node.indicator or node.id)
            of = indicator.score_of if indicator else None
            for name in of.sources(sheet.structure, organisation) if of else ():
                if name not in found and name in pack.sheets and name in organisation:
                    found[name] = pack.sheets[name]
                    waiting.append(found[name])
    return tuple(found.values())


def takings(items: Sequence[Cell], layout: Layout, organisation: OrganisationOnDay) -> tuple[tuple[Taken, ...], ...]:
    """Who takes which score, in generations: a generation takes from those before it alone.

    Refuses SC050 a score of what is not there, PK046 a round of nodes that take each other's score.
    """
    owners = [layout.structures[owner] for owner in layout.owners.tolist()]
    places = {(owner, node.id): at for at, (owner, node) in enumerate(zip(owners, layout.nodes, strict=True))}
    places |= {(name, ""): len(layout.nodes) + at for at, name in enumerate(layout.structures)}
    taken = {at: _taken(at, cell, places, organisation) for at, cell in enumerate(items) if cell.indicator.score_of}
    depths = _depths(taken, _Affected(items, places, layout))
    return tuple(
        tuple(taken[at] for at, found in depths.items() if found == depth)
        for depth in range(max(depths.values(), default=-1) + 1)
    )


def _taken(at: int, cell: Cell, places: Mapping[tuple[str, str], int], organisation: OrganisationOnDay) -> Taken:
    of = cell.indicator.score_of
    assert of is not None  # noqa: S101 - only nodes that take a score come here
    sources = of.sources(cell.structure, organisation)
    absent = [name for name in sources if (name, of.node) not in places]
    if not sources or absent:
        fields = {"structure": cell.structure, "source": absent[0] if absent else of.structures[0], "node": of.node}
        raise refuse("SC050", cell.indicator.place, cell.key, **fields)
    return Taken(at, cell.indicator, tuple((places[name, of.node], of.share(name, sources)) for name in sources))


def _depths(taken: Mapping[int, Taken], affected: _Affected) -> dict[int, int]:
    """How many takings lie below each, the longest way."""
    answer: dict[int, int] = {}
    below = _below(taken, affected)

    def visit(at: int, above: tuple[int, ...]) -> int:
        if at in above:
            raise _round(affected.items, (*above[above.index(at) :], at), taken[at])
        if at not in answer:
            answer[at] = max((visit(part, (*above, at)) + 1 for part in below[at]), default=0)
        return answer[at]

    for at in taken:
        visit(at, ())
    return answer


def _below(taken: Mapping[int, Taken], affected: _Affected) -> dict[int, list[int]]:
    """For each taking, those that move one of its sources."""
    moved = {at: affected.by(at) for at in taken}
    return {at: [one for one in taken if any(s in moved[one] for s, _ in item.sources)] for at, item in taken.items()}


class _Affected:
    """Which positions of the layout a cell moves: its own, those above it, and those of what is made of it."""

    def __init__(self, items: Sequence[Cell], places: Mapping[tuple[str, str], int], layout: Layout) -> None:
        self.items, self._places, self._layout = items, places, layout
        self._made_of: dict[tuple[str, str], list[int]] = {}
        for at, cell in enumerate(items):
            for part in cell.indicator.composite.parts if cell.indicator.composite else ():
                self._made_of.setdefault((cell.structure, part.node), []).append(at)

    def by(self, at: int) -> set[int]:
        """The positions that the cell `at` moves."""
        cell = self.items[at]
        key = (cell.structure, cell.key)
        position = self._places[key] if cell.node is not None else None
        own = set() if position is None else {position, *_line(position, self._layout)}
        return own.union(*(self.by(whole) for whole in self._made_of.get(key, ())))


def _line(position: int, layout: Layout) -> Iterator[int]:
    while position < len(layout.nodes):
        position = int(layout.parents[position])
        yield position


def _round(items: Sequence[Cell], line: Sequence[int], taken: Taken) -> Exception:
    names = [f"{items[at].structure}/{items[at].key}" for at in line]
    return refuse("PK046", taken.indicator.place, names[0], line=" → ".join(names))


def with_scores(layout: Layout, generations: tuple[tuple[Taken, ...], ...], scoring: Scoring) -> tuple[Gaps, Bounds]:
    """Gaps and bounds with those of the nodes that take a score and of what is made of them."""
    gaps, bounds = scoring.now()
    for generation in generations:
        indices = roll_up(layout, gaps, bounds)
        for taken in generation:
            if not scoring.cells.late[taken.cell]:
                scoring.take(taken.cell, _score(taken, indices, exact=scoring.exact))
        scoring.put_together()
        gaps, bounds = scoring.now()
    return gaps, bounds


def _score(taken: Taken, indices: Indices, *, exact: bool) -> TakenScore:
    """The score of one node, from the indices of its sources."""

    def mean(figures: Numbers, base: int = 0) -> Fraction | float:
        if exact:
            return sum((share * (Fraction(figures[at]) - base) for at, share in taken.sources), _NONE)
        return float(sum(float(share) * (float(figures[at]) - base) for at, share in taken.sources))

    total, known = mean(indices.total), mean(indices.coverage)
    is_whole = all(bool(indices.complete[at]) for at, _ in taken.sources)
    gap = total / known if known and not is_whole else total
    low, high = (mean(figures, FULL) / FULL for figures in (indices.index_low, indices.index_high))
    return TakenScore(gap, 1 if is_whole else known, is_whole, low, high)
