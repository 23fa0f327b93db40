"""A curve in words: where the value lies on it, what it gives there, and which value brings more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

from piramide.kernel.figure import Figure
from piramide.methodology.model import Curve, CurvePoint
from piramide.scoring.arrays import FULL
from piramide.scoring.explain_cells import CellFigures
from piramide.scoring.prose import Prose
from piramide.scoring.result import NodeScore
from piramide.scoring.rules.curve import index_at


def stem(node: NodeScore, curve: Curve, fields: Mapping[str, str], say: Prose) -> str:
    """What the value is and, where the curve is of the attainment, how much of the target."""
    if curve.of != "attainment" or node.value is None or node.target is None:
        return say("stem", "curve_value", **fields)
    share = say.share(node.value.exact / node.target.exact)
    return say("stem", "curve_attainment", attainment=share, **fields)


def formula(node: NodeScore, told: CellFigures, curve: Curve, say: Prose) -> str:
    """The stretch of the curve that holds the value, the arithmetic along it, and the gap."""
    if node.value is None:
        return ""
    place = place_of(node, curve)
    gives = say.number(index_at(curve, node.value.exact, _target(node)), 0)
    fields = {"value": _at(place, told, curve, say), "gives": gives, "raw": say.gap(told.raw or 0)}
    before = [point for point in curve.points if point.at <= place]
    after = [point for point in curve.points if point.at > place]
    if not before:
        return say("formula", "curve_below", at=_at(curve.points[0].at, told, curve, say), **fields)
    if not after:
        return say("formula", "curve_last", at=_at(before[-1].at, told, curve, say), **fields)
    one, two = before[-1], after[0]
    return say(
        "formula",
        "curve_between",
        a=_at(one.at, told, curve, say), b=_at(two.at, told, curve, say),
        low=say.number(one.gives, 0), high=say.number(two.gives, 0), **fields,
    )  # fmt: skip


def place_of(node: NodeScore, curve: Curve) -> Fraction:
    """Where on the curve the value of a leaf lies: the value itself, or its share of the target."""
    value, target = node.value, _target(node)
    assert value is not None  # noqa: S101 - callers ask of a leaf that has one
    return value.exact / target if curve.of == "attainment" and target else value.exact


def ahead(node: NodeScore, curve: Curve) -> Iterator[tuple[Fraction, Fraction]]:
    """Points of the curve, as values of the leaf and the gaps that they give."""
    target = _target(node)
    scale = target if curve.of == "attainment" and target else Fraction(1)
    for point in curve.points:
        yield point.at * scale, point.gives / FULL - 1


def first_with(node: NodeScore, curve: Curve, gap: Fraction) -> Fraction | None:
    """The value nearest to that of the leaf at which the curve gives a gap; `None` where it never does."""
    if node.value is None:
        return None
    here = CurvePoint(node.value.exact, index_at(curve, node.value.exact, _target(node)) / FULL - 1)
    points = [CurvePoint(value, raw) for value, raw in ahead(node, curve)]
    found: list[Fraction] = []
    is_below = here.at < points[0].at
    if is_below and points[0].gives >= gap:  # the curve jumps to its first point
        return points[0].at
    above = [*(() if is_below else (here,)), *(point for point in points if point.at > here.at)]
    under = [here, *(point for point in reversed(points) if point.at < here.at)]
    for side in (above, under):
        found += [value for one, two in pairwise(side) if (value := _crossing(one, two, gap)) is not None]
    return min(found, key=lambda value: abs(value - here.at), default=None)


def _crossing(one: CurvePoint, two: CurvePoint, gap: Fraction) -> Fraction | None:
    if not one.gives < gap <= two.gives:
        return None
    return one.at + (two.at - one.at) * (gap - one.gives) / (two.gives - one.gives)


def _target(node: NodeScore) -> Fraction | None:
    target: Figure | None = node.target
    return None if target is None else target.exact


def _at(place: Fraction, told: CellFigures, curve: Curve, say: Prose) -> str:
    """A place on the curve in print: a value in its unit, an attainment in percent."""
    if curve.of == "attainment":
        return say.share(place)
    return say.number(place, told.indicator.rounding)
