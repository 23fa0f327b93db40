"""Questions about the values of parents in a run: outside those of their parts, or at the cap at the top (R43).

Nothing is corrected: each is a line for whoever publishes, to answer or to pass over with a written reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from piramide.kernel.findings import Finding, Place
from piramide.kernel.organisation import OrganisationOnDay
from piramide.kernel.periods import Moment
from piramide.kernel.rounding import decimals_apart, round_scaled
from piramide.measurement.values.indicators import source_in
from piramide.methodology.formula_shape import is_bounded
from piramide.methodology.model import Indicator, Pack, RuleKind
from piramide.scoring.result import NodeScore, ScoreTable
from piramide.scoring.values import Values, moment_code

NOISE: Final = 1e-9
_RELATIVE: Final = frozenset({RuleKind.GAP_UP, RuleKind.GAP_DOWN, RuleKind.ZERO_GAP})

Sides = Mapping[tuple[str, str], tuple[Fraction, Fraction]]


def implausible_parents(
    pack: Pack, scores: ScoreTable, values: Values, moment: Moment, day: date
) -> tuple[Finding, ...]:
    """A warning (CY081) for each mean or plain ratio of sums of a parent outside its parts.

    The parts are the structures below that have the same indicator from data of their own, and what the two sides of
    the parent hold beyond theirs.
    """
    tree, sides = pack.organisation.on(day), _sides(values, moment)
    asked = {node.indicator for structure in scores.structures for node in structure.nodes} & pack.indicators.keys()
    bounded = {name: pack.indicators[name] for name in asked if _is_bounded(pack.indicators[name], pack)}
    leaves = {
        structure.id: {node.id: node for node in structure.nodes if node.indicator} for structure in scores.structures
    }
    found = [
        finding
        for name, nodes in leaves.items()
        if name in tree
        for node in nodes.values()
        if node.indicator in bounded
        and (finding := _outside(bounded[node.indicator], tree, leaves, sides, name, node)) is not None
    ]
    return tuple(found)


def _is_bounded(indicator: Indicator, pack: Pack) -> bool:
    """Whether a parent lies among its parts: read once for each indicator, a formula takes its time."""
    return is_bounded(indicator, pack) or any(rule.is_mean for rule in indicator.parent.values())


def _outside(
    indicator: Indicator,
    tree: OrganisationOnDay,
    leaves: Mapping[str, Mapping[str, NodeScore]],
    sides: Sides,
    name: str,
    node: NodeScore,
) -> Finding | None:
    if node.value is None or not _is_own(indicator, name, tree):
        return None
    kinds = {kind for rule in indicator.parent.values() if rule.is_mean for kind in rule.kinds}
    below = [
        place
        for place in _below(tree, name, kinds)
        if _is_own(indicator, place, tree) and _value(leaves, place, node) is not None
    ]
    parts = [value for place in below if (value := _value(leaves, place, node)) is not None]
    rest = _rest(sides, name, node.id, below)
    parts += [rest * _scale(sides, name, node)] if rest is not None else []
    if not parts:
        return None
    value, least, greatest = float(node.value), min(parts), max(parts)
    slack = NOISE * max(abs(value), abs(least), abs(greatest))
    if least - slack <= value <= greatest + slack:
        return None
    figures = _printed(indicator, value, least, greatest)
    return Finding("CY081", Place(name, 0, node.id), node.label, {"structure": tree[name].label, **figures})


def _printed(indicator: Indicator, value: float, least: float, greatest: float) -> dict[str, str]:
    """The three figures with the decimals of the indicator, or as many more as tell the value from its parts."""
    exact = {"value": Fraction(value), "least": Fraction(least), "greatest": Fraction(greatest)}
    decimals = decimals_apart(exact["value"], [exact["least"], exact["greatest"]], indicator.rounding)
    return {name: f"{Decimal(round_scaled(one, decimals)).scaleb(-decimals):f}" for name, one in exact.items()}


def _below(tree: OrganisationOnDay, name: str, kinds: set[str]) -> Iterator[str]:
    """The structures directly below, or the nearest of some kinds."""
    for child in tree.children(name):
        if kinds and child.kind not in kinds:
            yield from _below(tree, child.id, kinds)
        else:
            yield child.id


def _value(leaves: Mapping[str, Mapping[str, NodeScore]], place: str, node: NodeScore) -> float | None:
    """The value of the same indicator elsewhere."""
    other = leaves.get(place, {}).get(node.id)
    return (
        float(other.value)
        if other is not None and other.indicator == node.indicator and other.value is not None
        else None
    )


def _is_own(indicator: Indicator, name: str, tree: OrganisationOnDay) -> bool:
    """Whether a value comes from data of the structure itself."""
    return not indicator.value_from and source_in(indicator, name, tree) == name


def _sides(values: Values, moment: Moment) -> Sides:
    """What is divided and by what, of the rows of the moment that state both."""
    found = {}
    for row in (values.moments == moment_code(moment)).nonzero()[0].tolist():
        above, below = values.numerators[row].as_py(), values.denominators[row].as_py()
        if above and below:
            key = values.structures[row].as_py(), values.indicators[row].as_py()
            found[key] = Fraction(above), Fraction(below)
    return found


def _rest(sides: Sides, name: str, node: str, below: list[str]) -> float | None:
    """The ratio of what a parent holds beyond the structures below; nothing where that is none."""
    if (name, node) not in sides or not all((place, node) in sides for place in below):
        return None
    above, under = (sides[name, node][at] - sum(sides[place, node][at] for place in below) for at in (0, 1))
    return float(above / under) if under > NOISE * sides[name, node][1] else None


def _scale(sides: Sides, name: str, node: NodeScore) -> float:
    """What the ratio of the sides is multiplied by to make the value."""
    above, under = sides[name, node.id]
    ratio = float(above / under) if under else 0.0
    return float(node.value) / ratio if ratio and node.value is not None else 1.0


def at_the_cap(pack: Pack, scores: ScoreTable, day: date) -> tuple[Finding, ...]:
    """A warning (CY082) for each leaf at the top of the tree whose gap is at its cap: true, or a slip?"""
    tree = pack.organisation.on(day)
    tops = [s for s in scores.structures if s.id in tree and not tree[s.id].parent and tree.children(s.id)]
    return tuple(
        Finding("CY082", Place(top.id, 0, node.id), node.label, {"structure": top.label})
        for top in tops
        for node in top.nodes
        if is_at_the_cap(pack.indicators.get(node.indicator), node)
    )


def is_at_the_cap(indicator: Indicator | None, node: NodeScore) -> bool:
    """Whether a relative gap is at its cap or beyond."""
    if indicator is None or indicator.rule not in _RELATIVE or node.gap_raw is None or not indicator.cap:
        return False
    return abs(node.gap_raw.exact) >= indicator.cap
