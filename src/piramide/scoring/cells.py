"""What is scored, compiled once: the cells of a plan as arrays, grouped by what their rule needs.

A cell is a leaf of one structure's tree, or a part of a composite that stands in no tree. Nothing here reads values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial

import numpy as np

from piramide.kernel.findings import Place, refuse
from piramide.kernel.periods import Moment
from piramide.methodology.model import Checkpoint, Composite, Curve, Indicator, Node, RuleKind, Scale
from piramide.methodology.phases import Phase
from piramide.scoring.arrays import UNBOUND, Flags, Numbers, Positions, numbers
from piramide.scoring.rules.kinds import KINDS, composite_kind, gap_bounds, is_made_of_parts, value_bounds

_NO_POINTS = (Fraction(0), Fraction(0))
_ONE = Fraction(1)
CURRENT = 0
"""Position of the scored moment among the moments that a plan reads."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One leaf, or one part outside the tree (`node` is `None`), with its target of the period.

    `looks_back` says that the target is the value of the quarter before, `before` what that is in the first quarter;
    `shared_from` names the structure whose value counts when its own has none; `not_due` is the code of the reason for
    which the moment does not ask for it, empty when it does. `phases` are those that are due, worth `share_due` of
    all; of a phase of which progress made late does not count, `held_at` is the day at which it is taken.
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
    phases: tuple[Phase, ...] = ()
    share_due: Fraction = _ONE
    held_at: date | None = None
    not_due: str = ""

    @property
    def curve(self) -> Curve | None:
        """The curve that its rule draws."""
        return self.indicator.curve if self.indicator.rule is RuleKind.CURVE else None

    @property
    def most_points(self) -> Fraction:
        """The highest points it can give to a composite of points, whatever its value may be."""
        return self.scale.most if self.scale else self.indicator.points or Fraction(0)

    @property
    def points_in_reach(self) -> tuple[Fraction, Fraction]:
        """Least and most points of the bands that its value can lie in; the outermost hold what lies beyond."""
        if self.scale is None:
            return _NO_POINTS
        bands = self.scale.bands
        least, most = value_bounds(self.indicator)
        first = next((at for at, b in enumerate(bands) if least is None or least <= b.high), len(bands) - 1)
        last = next((at for at, b in enumerate(bands) if most is not None and most <= b.high), len(bands) - 1)
        points = [band.points for band in bands[first : last + 1]]
        return min(points), max(points)


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoints:
    """Checkpoints that have come, cell by cell: `cells` and `starts` per cell, the rest per checkpoint.

    `least` and `most`, tolerance included, are (checkpoints, 1); one that `is_free` has no bounds and takes the value.
    """

    cells: Positions
    starts: Positions
    owners: Positions
    moments: Positions
    points: tuple[Checkpoint, ...]
    least: Numbers
    most: Numbers
    mandatory: Flags
    is_free: Flags


@dataclass(frozen=True, slots=True, eq=False)
class BandGroup:
    """Cells that share a scale."""

    cells: Positions
    edges: Numbers
    points: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class CurveGroup:
    """Cells that share a curve; `below` is one figure."""

    cells: Positions
    at: Numbers
    gives: Numbers
    below: Fraction | float
    of_attainment: bool


@dataclass(frozen=True, slots=True, eq=False)
class PhaseGroup:
    """Objectives made of phases: `parts` are the cells of those that are due, `starts` per objective."""

    cells: Positions
    starts: Positions
    parts: Positions
    weights: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class CompositeGroup:
    """Composites of one kind whose parts are all known by then: `parts` are cells, `starts` per composite."""

    of: str
    cells: Positions
    starts: Positions
    parts: Positions
    shares: Numbers
    most_points: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells as arrays, all (cells,) unless a group says otherwise; floats, or fractions where asked.

    `targets` is 1 where there is none (`has_target` says so), `before` likewise (`has_before`); `signs` is -1 where
    less is better; `caps` bound the gap, `low` and `high` what of it counts; `floors` and `ceilings` hold the value
    before it is compared; `least` and `most` what it can be, `least_points` and `most_points` what it can give.
    `reaches` is false for what is only reported; `late` marks what is not due.
    """

    items: tuple[Cell, ...]
    targets: Numbers
    has_target: Flags
    before: Numbers
    has_before: Flags
    signs: Numbers
    relative: Flags
    in_bands: Flags
    reaches: Flags
    late: Flags
    floors: Numbers
    ceilings: Numbers
    least: Numbers
    most: Numbers
    caps: Numbers
    low: Numbers
    high: Numbers
    looks_back: Positions
    checkpoints: Checkpoints
    bands: tuple[BandGroup, ...]
    curves: tuple[CurveGroup, ...]
    phases: PhaseGroup
    ratio_points: Numbers
    least_points: Numbers
    most_points: Numbers
    composites: tuple[CompositeGroup, ...]


def compile_cells(items: Sequence[Cell], moments: Sequence[Moment], *, exact: bool = False) -> Cells:
    """Arrays of `items`, whose checkpoints fall in `moments` (the scored one first), as floats or as fractions.

    Refuses SC041 a target of zero or less under a relative rule, SC042 a composite that leads back to itself,
    SC043 a composite part that is nowhere.
    """
    for cell in items:
        _check_target(cell)
    flat = partial(numbers, exact=exact)
    indicators = [cell.indicator for cell in items]
    kinds = [KINDS[indicator.rule] for indicator in indicators]
    gaps, values = [gap_bounds(i) for i in indicators], [value_bounds(i) for i in indicators]
    points = [cell.points_in_reach for cell in items]
    return Cells(
        items=tuple(items),
        targets=flat([1 if cell.target is None else cell.target for cell in items]),
        has_target=_flags([cell.target is not None for cell in items]),
        before=flat([1 if cell.before is None else cell.before for cell in items]),
        has_before=_flags([cell.before is not None for cell in items]),
        signs=flat([kind.sign for kind in kinds]),
        relative=_flags([kind.is_relative for kind in kinds]),
        in_bands=_flags([cell.scale is not None for cell in items]),
        reaches=_flags([i.rule is not RuleKind.REPORT_ONLY for i in indicators]),
        late=_flags([bool(cell.not_due) for cell in items]),
        floors=flat([-UNBOUND if kind.least is None else kind.least for kind in kinds]),
        ceilings=flat([UNBOUND if kind.most is None else kind.most for kind in kinds]),
        least=flat([-UNBOUND if least is None else least for least, _ in values]),
        most=flat([UNBOUND if most is None else most for _, most in values]),
        caps=flat([i.cap for i in indicators]),
        low=flat([low for low, _ in gaps]),
        high=flat([high for _, high in gaps]),
        looks_back=_places([place for place, cell in enumerate(items) if cell.looks_back]),
        checkpoints=_checkpoints(items, moments, exact=exact),
        bands=tuple(_bands(items, exact=exact)),
        curves=tuple(_curves(items, exact=exact)),
        phases=_phases(items, exact=exact),
        ratio_points=flat([i.points or 0 if i.rule is RuleKind.RATIO_POINTS else 0 for i in indicators]),
        least_points=flat([least for least, _ in points]),
        most_points=flat([most for _, most in points]),
        composites=tuple(_composites(items, exact=exact)),
    )


def _flags(holds: Sequence[bool]) -> Flags:
    return np.array(holds, np.bool_)


def _places(numbers: Iterable[int]) -> Positions:
    return np.array(list(numbers), np.intp)


def _check_target(cell: Cell) -> None:
    """A relative distance from zero, or from less than zero, has no meaning (R1)."""
    is_share = cell.curve is not None and cell.curve.of == "attainment"
    compared = KINDS[cell.indicator.rule].is_relative or cell.scale is not None or is_share
    stated = cell.node.target if cell.node else None
    if compared and stated is not None and stated <= 0:
        place = cell.node.place if cell.node else Place()
        raise refuse("SC041", place, cell.key, structure=cell.structure, target=str(stated), rule=cell.indicator.rule)


def _checkpoints(items: Sequence[Cell], moments: Sequence[Moment], *, exact: bool) -> Checkpoints:
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
    points = [point for _, _, point in rows]
    least = (-UNBOUND if point.least is None else point.least - point.tolerance for point in points)
    most = (UNBOUND if point.most is None else point.most + point.tolerance for point in points)
    return Checkpoints(
        cells=cells,
        starts=starts,
        owners=owners,
        moments=_places(moment for _, moment, _ in rows),
        points=tuple(points),
        least=numbers(least, exact=exact)[:, None],
        most=numbers(most, exact=exact)[:, None],
        mandatory=np.array([point.mandatory for point in points], np.bool_),
        is_free=np.array([point.takes_the_value for point in points], np.bool_),
    )


def _checkpoint_name(moment: Moment) -> str:
    return moment.checkpoint or str(moment)


def _bands(items: Sequence[Cell], *, exact: bool) -> Iterable[BandGroup]:
    by_scale: dict[str, list[int]] = defaultdict(list)
    scales: dict[str, Scale] = {}
    for place, cell in enumerate(items):
        if cell.scale is not None:
            scales[cell.scale.id] = cell.scale
            by_scale[cell.scale.id].append(place)
    for name, places in by_scale.items():
        bands = scales[name].bands
        edges = numbers([bands[0].low, *(band.high for band in bands)], exact=exact)
        yield BandGroup(_places(places), edges, numbers((band.points for band in bands), exact=exact))


def _curves(items: Sequence[Cell], *, exact: bool) -> Iterable[CurveGroup]:
    by_curve: dict[Curve, list[int]] = defaultdict(list)
    for place, cell in enumerate(items):
        if cell.curve is not None:
            by_curve[cell.curve].append(place)
    for curve, places in by_curve.items():
        at, gives = (numbers([getattr(p, name) for p in curve.points], exact=exact) for name in ("at", "gives"))
        below = curve.below if exact else float(curve.below)
        yield CurveGroup(_places(places), at, gives, below, curve.of == "attainment")


def _phases(items: Sequence[Cell], *, exact: bool) -> PhaseGroup:
    place_of = {(cell.structure, cell.key): place for place, cell in enumerate(items)}
    cells = [place for place, cell in enumerate(items) if cell.phases]
    phases = [phase for place in cells for phase in items[place].phases]
    sizes = [0, *(len(items[place].phases) for place in cells)]
    return PhaseGroup(
        _places(cells),
        np.cumsum(sizes[:-1], dtype=np.intp),
        _places(place_of[phase.structure, phase.name] for phase in phases),
        numbers((phase.weight for phase in phases), exact=exact)[:, None],
    )


def _composites(items: Sequence[Cell], *, exact: bool) -> Iterable[CompositeGroup]:
    """Groups in the order in which they can be computed: parts before what is made of them."""
    place_of = {(cell.structure, cell.key): place for place, cell in enumerate(items)}
    parts = {place: _parts(cell, place_of) for place, cell in enumerate(items) if is_made_of_parts(cell.indicator)}
    generations = _generations(parts, items)
    for generation in range(max(generations.values(), default=-1) + 1):
        kinds: dict[str, list[int]] = defaultdict(list)
        for place, of in generations.items():
            if of == generation:
                kinds[composite_kind(items[place].indicator)].append(place)
        for kind, places in kinds.items():
            yield _group(kind, places, parts, items, exact=exact)


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
    kind: str, places: Sequence[int], parts: Mapping[int, tuple[int, ...]], items: Sequence[Cell], *, exact: bool
) -> CompositeGroup:
    sizes = [0, *(len(parts[place]) for place in places)]
    flat = [part for place in places for part in parts[place]]
    shares = [part.share for place in places for part in (items[place].indicator.composite or _NO_PARTS).parts]
    return CompositeGroup(
        kind,
        _places(places),
        np.cumsum(sizes[:-1], dtype=np.intp),
        _places(flat),
        numbers(shares, exact=exact)[:, None],
        numbers((items[part].most_points for part in flat), exact=exact)[:, None],
    )


_NO_PARTS = Composite("gap", ())
