"""What is scored, compiled once: the cells of a plan as arrays, grouped by what their rule needs.

A cell is a leaf of one structure's tree, or a part of a composite that stands in no tree. Nothing here reads values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from piramide.kernel.findings import Place, refuse
from piramide.kernel.periods import Moment
from piramide.methodology.model import Checkpoint, Composite, Indicator, Node, RuleKind, Scale
from piramide.scoring.rules import FULL, MOST_SHARES, Flags, Floats, Positions

RELATIVE = frozenset(
    {RuleKind.GAP_UP, RuleKind.GAP_DOWN, RuleKind.ZERO_GAP, RuleKind.MILESTONE, RuleKind.SUM_OF_SHARES}
    | {RuleKind.RATIO_POINTS}
)
"""Kinds whose gap is the relative distance of the value itself from the target."""
NEVER_POSITIVE = frozenset({RuleKind.MILESTONE, RuleKind.THRESHOLD})
CURRENT = 0
"""Position of the scored moment among the moments that a plan reads."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One leaf, or one part outside the tree (`node` is `None`), with its target of the period.

    `looks_back` says that the target is the value of the quarter before, `before` what that is in the first quarter;
    `shared_from` names the structure whose value counts when its own has none.
    """

    structure: str
    key: str
    indicator: Indicator
    node: Node | None
    target: Fraction | None
    scale: Scale | None = None
    looks_back: bool = False
    before: Fraction | None = None
    shared_from: str = ""
    checkpoints: tuple[Checkpoint, ...] = ()

    @property
    def most_points(self) -> Fraction:
        """The highest points it can give to a composite of points."""
        return self.scale.most if self.scale else self.indicator.points or Fraction(0)


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoints:
    """Checkpoints that have come, cell by cell: `cells` and `starts` per cell, the rest per checkpoint."""

    cells: Positions
    starts: Positions
    owners: Positions
    moments: Positions
    names: tuple[str, ...]
    least: Floats
    most: Floats
    mandatory: Flags


@dataclass(frozen=True, slots=True, eq=False)
class BandGroup:
    """Cells that share a scale."""

    cells: Positions
    edges: Floats
    points: Floats


@dataclass(frozen=True, slots=True, eq=False)
class CompositeGroup:
    """Composites of one kind whose parts are all known by then: `parts` are cells, `starts` per composite."""

    of: str
    cells: Positions
    starts: Positions
    parts: Positions
    shares: Floats
    most_points: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells as arrays, all (cells,) unless a group says otherwise.

    `targets` is 1 where there is none (`has_target` says so); `signs` is -1 where less is better; `low` and `high`
    bound the gap, `caps` bounds what is missing; `ceilings` bounds the value before it is compared.
    """

    items: tuple[Cell, ...]
    targets: Floats
    has_target: Flags
    signs: Floats
    relative: Flags
    ceilings: Floats
    caps: Floats
    high: Floats
    looks_back: Positions
    checkpoints: Checkpoints
    bands: tuple[BandGroup, ...]
    ratio_points: Floats
    composites: tuple[CompositeGroup, ...]


def compile_cells(items: Sequence[Cell], moments: Sequence[Moment]) -> Cells:
    """Arrays of `items`, whose checkpoints fall in `moments` (the scored one first).

    Refuses SC041 a target of zero or less under a relative rule, SC042 a composite that leads back to itself,
    SC043 a composite part that is nowhere.
    """
    for cell in items:
        _check_target(cell)
    indicators = [cell.indicator for cell in items]
    caps = _floats(indicator.cap for indicator in indicators)
    clipped = np.array([i.clip_positive or i.rule in NEVER_POSITIVE for i in indicators], np.bool_)
    return Cells(
        items=tuple(items),
        targets=_floats(1 if cell.target is None else cell.target for cell in items),
        has_target=np.array([cell.target is not None for cell in items], np.bool_),
        signs=_floats(-1 if i.rule is RuleKind.GAP_DOWN else 1 for i in indicators),
        relative=np.array([i.rule in RELATIVE for i in indicators], np.bool_),
        ceilings=_floats(_ceiling(i.rule) for i in indicators),
        caps=caps,
        high=np.where(clipped, 0.0, caps),
        looks_back=_places(place for place, cell in enumerate(items) if cell.looks_back),
        checkpoints=_checkpoints(items, moments),
        bands=tuple(_bands(items)),
        ratio_points=_floats(i.points or 0 if i.rule is RuleKind.RATIO_POINTS else 0 for i in indicators),
        composites=tuple(_composites(items)),
    )


def _floats(numbers: Iterable[Fraction | float]) -> Floats:
    return np.array([float(number) for number in numbers], np.float64)


def _places(numbers: Iterable[int]) -> Positions:
    return np.array(list(numbers), np.intp)


def _ceiling(rule: RuleKind) -> float:
    return {RuleKind.MILESTONE: FULL, RuleKind.SUM_OF_SHARES: MOST_SHARES}.get(rule, np.inf)


def _check_target(cell: Cell) -> None:
    """A relative distance from zero, or from less than zero, has no meaning (R1)."""
    compared = cell.indicator.rule in RELATIVE or cell.scale is not None
    stated = cell.node.target if cell.node else None
    if compared and stated is not None and stated <= 0:
        place = cell.node.place if cell.node else Place()
        raise refuse("SC041", place, cell.key, structure=cell.structure, target=str(stated), rule=cell.indicator.rule)


def _checkpoints(items: Sequence[Cell], moments: Sequence[Moment]) -> Checkpoints:
    position = {_checkpoint_name(moment): place for place, moment in reversed(list(enumerate(moments)))}
    position |= {"any": CURRENT}
    if moments[CURRENT].is_final:
        position |= {"year": CURRENT, "Q4": CURRENT}
    rows = [
        (place, position[point.moment], point)
        for place, cell in enumerate(items)
        for point in cell.checkpoints
        if point.moment in position
    ]
    owners = _places(place for place, _, _ in rows)
    cells, starts = np.unique(owners, return_index=True)
    return Checkpoints(
        cells=cells,
        starts=starts,
        owners=owners,
        moments=_places(moment for _, moment, _ in rows),
        names=tuple(point.moment for _, _, point in rows),
        least=_floats(-np.inf if p.least is None else p.least - p.tolerance for _, _, p in rows)[:, None],
        most=_floats(np.inf if p.most is None else p.most + p.tolerance for _, _, p in rows)[:, None],
        mandatory=np.array([point.mandatory for _, _, point in rows], np.bool_)[:, None],
    )


def _checkpoint_name(moment: Moment) -> str:
    return moment.checkpoint or str(moment)


def _bands(items: Sequence[Cell]) -> Iterable[BandGroup]:
    by_scale: dict[str, list[int]] = defaultdict(list)
    scales: dict[str, Scale] = {}
    for place, cell in enumerate(items):
        if cell.scale is not None:
            scales[cell.scale.id] = cell.scale
            by_scale[cell.scale.id].append(place)
    for name, places in by_scale.items():
        bands = scales[name].bands
        edges = _floats([bands[0].low, *(band.high for band in bands)])
        yield BandGroup(_places(places), edges, _floats(band.points for band in bands))


def _composites(items: Sequence[Cell]) -> Iterable[CompositeGroup]:
    """Groups in the order in which they can be computed: parts before what is made of them."""
    place_of = {(cell.structure, cell.key): place for place, cell in enumerate(items)}
    parts = {place: _parts(cell, place_of) for place, cell in enumerate(items) if is_made_of_parts(cell)}
    generations = _generations(parts, items)
    for generation in range(max(generations.values(), default=-1) + 1):
        kinds: dict[str, list[int]] = defaultdict(list)
        for place, of in generations.items():
            if of == generation:
                kinds[composite_kind(items[place].indicator)].append(place)
        for kind, places in kinds.items():
            yield _group(kind, places, parts, items)


def is_made_of_parts(cell: Cell) -> bool:
    """Whether its value comes from other cells."""
    return cell.indicator.composite is not None and bool(cell.indicator.composite.parts)


def composite_kind(indicator: Indicator) -> str:
    """How the parts are put together; a sum of shares made of parts is a kind of its own."""
    assert indicator.composite is not None  # noqa: S101 - callers ask only for composites
    return "shares" if indicator.rule is RuleKind.SUM_OF_SHARES else indicator.composite.of


def _parts(cell: Cell, place_of: Mapping[tuple[str, str], int]) -> tuple[int, ...]:
    composite: Composite | None = cell.indicator.composite
    answer: list[int] = []
    for part in composite.parts if composite else ():
        place = place_of.get((cell.structure, part.node))
        if place is None:
            raise refuse("SC043", cell.indicator.place, cell.key, structure=cell.structure, part=part.node)
        answer.append(place)
    return tuple(answer)


def _generations(parts: Mapping[int, tuple[int, ...]], items: Sequence[Cell]) -> dict[int, int]:
    """How many composites lie below each composite, the longest way."""
    answer: dict[int, int] = {}

    def visit(place: int, above: tuple[int, ...]) -> int:
        if place in above:
            cell = items[place]
            raise refuse("SC042", cell.indicator.place, cell.key, structure=cell.structure)
        if place not in answer:
            below = [visit(part, (*above, place)) + 1 for part in parts[place] if part in parts]
            answer[place] = max(below, default=0)
        return answer[place]

    for place in parts:
        visit(place, ())
    return answer


def _group(
    kind: str, places: Sequence[int], parts: Mapping[int, tuple[int, ...]], items: Sequence[Cell]
) -> CompositeGroup:
    sizes = [0, *(len(parts[place]) for place in places)]
    flat = [part for place in places for part in parts[place]]
    shares = [part.share for place in places for part in (items[place].indicator.composite or _NO_PARTS).parts]
    return CompositeGroup(
        kind,
        _places(places),
        np.cumsum(sizes[:-1], dtype=np.intp),
        _places(flat),
        _floats(shares)[:, None],
        _floats(items[part].most_points for part in flat)[:, None],
    )


_NO_PARTS = Composite("gap", ())
