"""Every kind of rule on arrays, in exact figures, and in fractions written out here: one answer, noise apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piramide.kernel.findings import Place
from piramide.methodology.model import Band, Checkpoint, Curve, CurvePoint, Indicator, Range, Scale
from piramide.scoring.plan import compile_plan
from piramide.scoring.score import score_plan
from piramide.scoring.tabulate import tabulate
from tests.scoring.in_fractions import InFractions
from tests.scoring.scenes import ACT, Scene, composite, indicator, leaf
from tests.scoring.typed import values_from_rows

QUARTERS = ("Q1", "Q2", "Q3", "Q4")
EDGES = ((0, 1, 2), (1, 3, 7), (3, 4, 5), (4, 9, 0))
SCALE = Scale("s", "s", tuple(Band(Fraction(a), Fraction(b), Fraction(c)) for a, b, c in EDGES), ACT, Place())
CENTS = st.integers(0, 900).map(lambda cents: Fraction(cents, 100))
PERCENT = CENTS.map(lambda figure: 25 * figure)


@dataclass(frozen=True)
class Case:
    """One leaf: its rule, target, values by quarter (`None` where it is missing)."""

    indicator: Indicator
    target: Fraction | None
    values: tuple[Fraction | None, ...]

    @property
    def value(self) -> Fraction | None:
        return self.values[3]


def one_value(draw: st.DrawFn, values: st.SearchStrategy[Fraction]) -> tuple[Fraction | None, ...]:
    return None, None, None, draw(st.one_of(st.none(), values))


@st.composite
def relative(draw: st.DrawFn) -> Case:
    rule = draw(st.sampled_from(["gap_up", "gap_down", "zero_gap", "ratio_points"]))
    fields = {"clip_positive": draw(st.booleans()), "cap": draw(st.sampled_from([Fraction(1, 2), Fraction(2)]))}
    declared = draw(st.sampled_from([Range(), Range(Fraction(0)), Range(Fraction(0), Fraction(9))]))
    points = {"points": Fraction(30)} if rule == "ratio_points" else {}
    target = None if rule == "zero_gap" else draw(CENTS) + 1
    return Case(indicator("x", rule, range=declared, **fields, **points), target, one_value(draw, CENTS))


@st.composite
def on_a_hundred(draw: st.DrawFn) -> Case:
    rule = draw(st.sampled_from(["milestone", "sum_of_shares"]))
    values = PERCENT.map(lambda figure: min(figure, Fraction(100)) if rule == "milestone" else figure)
    return Case(indicator("x", rule), draw(st.sampled_from([None, Fraction(75)])), one_value(draw, values))


@st.composite
def bands(draw: st.DrawFn) -> Case:
    declared = draw(st.sampled_from([Range(), Range(Fraction(2), Fraction(4)), Range(most=Fraction(3))]))
    held = CENTS.map(lambda figure: max(declared.least or 0, min(figure, declared.most or 9)))
    rule = indicator("x", "bands", scale="s", range=declared, cap=draw(st.sampled_from([Fraction(1, 2), Fraction(2)])))
    return Case(rule, Fraction(5), one_value(draw, held.map(Fraction)))


@st.composite
def curved(draw: st.DrawFn) -> Case:
    places = sorted(draw(st.sets(st.integers(0, 9), min_size=1, max_size=4)))
    gives = st.integers(-20, 140).map(Fraction)
    points = tuple(CurvePoint(Fraction(place), draw(gives)) for place in places)
    of = draw(st.sampled_from(["value", "attainment"]))
    declared = draw(st.sampled_from([Range(), Range(Fraction(2), Fraction(4)), Range(most=Fraction(3))]))
    held = CENTS.map(lambda figure: max(declared.least or 0, min(figure, declared.most or 9)))
    curve, cap = Curve(of, draw(gives), points), draw(st.sampled_from([Fraction(1, 2), Fraction(2)]))
    rule = indicator("x", "curve", curve=curve, range=declared, cap=cap)
    target = draw(CENTS) + 1 if of == "attainment" else None
    return Case(rule, target, one_value(draw, held.map(Fraction)))


@st.composite
def threshold(draw: st.DrawFn) -> Case:
    bounds = st.sampled_from([(None, 3), (2, None), (2, 3), (3, 3)])
    points = []
    for quarter in QUARTERS:
        least, most = (None if end is None else Fraction(end) for end in draw(bounds))
        is_mandatory, tolerance = draw(st.integers(0, 3)) == 0, Fraction(draw(st.sampled_from(["0", "0.25"])))
        points.append(Checkpoint(quarter, least, most, is_mandatory, tolerance))
    values = tuple(draw(st.one_of(st.none(), CENTS)) for _ in QUARTERS)
    return Case(indicator("x", "threshold", checkpoints=tuple(points), cap=Fraction(1)), None, values)


@st.composite
def shares_of_a_threshold(draw: st.DrawFn) -> Case:
    points = tuple(Checkpoint(quarter, None, None, mandatory=draw(st.booleans())) for quarter in QUARTERS)
    share = st.integers(0, 7).map(lambda passed: Fraction(passed, 8))
    values = tuple(draw(st.one_of(st.none(), st.just(Fraction(1)), share)) for _ in QUARTERS)
    return Case(indicator("x", "threshold", checkpoints=points, cap=Fraction(1)), None, values)


def distance(rule: Indicator, value: Fraction, target: Fraction) -> Fraction:
    """The relative distance, better when positive."""
    return (target - value) / target if rule.rule == "gap_down" else (value - target) / target


def points_of(value: Fraction) -> Fraction:
    return next((Fraction(points) for _, high, points in EDGES if value <= high), Fraction(EDGES[-1][2]))


def drawn(curve: Curve, place: Fraction) -> Fraction:
    """What a curve gives at one place, looked up from the left."""
    if place < curve.points[0].at:
        return curve.below
    for one, two in pairwise(curve.points):
        if place < two.at:
            return one.gives + (two.gives - one.gives) * (place - one.at) / (two.at - one.at)
    return curve.points[-1].gives


def ends_of_a_curve(case: Case) -> tuple[Fraction, Fraction]:
    """The least and the most of what it gives at its ends and at each of its points inside them."""
    curve, target = case.indicator.curve, case.target or Fraction(1)
    assert curve is not None
    bounds = case.indicator.range.least, case.indicator.range.most
    ends = [None if bound is None else bound / target for bound in bounds]
    low, high = ends[0] if ends[0] is not None else Fraction(-99), ends[1] if ends[1] is not None else Fraction(99)
    inside = [point.at for point in curve.points if low <= point.at <= high]
    found = [drawn(curve, place) / 100 - 1 for place in (low, *inside, high)]
    return min(found), max(found)


def share_of(point: Checkpoint, value: Fraction) -> Fraction:
    if point.least is None and point.most is None:
        return value
    is_low = point.least is not None and value < point.least - point.tolerance
    is_high = point.most is not None and value > point.most + point.tolerance
    return Fraction(0 if is_low or is_high else 1)


def mean_gap(points: Iterable[Checkpoint], shares: list[Fraction]) -> Fraction:
    if any(point.mandatory and share < 1 for point, share in zip(points, shares, strict=True)):
        return Fraction(-1)
    return sum(shares, Fraction(0)) / len(shares) - 1


@dataclass(frozen=True)
class Told:
    """What one leaf comes to: its gap before the cap, the gap of what is known, coverage, and the ends of the gap."""

    raw: Fraction | None
    known: Fraction | None
    coverage: Fraction
    ends: tuple[Fraction, Fraction]


def told_of_threshold(case: Case) -> Told:
    points = case.indicator.checkpoints
    seen = [(p, share_of(p, value)) for p, value in zip(points, case.values, strict=True) if value is not None]
    known = mean_gap([p for p, _ in seen], [share for _, share in seen]) if seen else None
    found = dict(seen)
    ends = tuple(mean_gap(points, [found.get(p, Fraction(unseen)) for p in points]) for unseen in (0, 1))
    return Told(known if len(seen) == 4 else None, known, Fraction(len(seen), 4), (ends[0], ends[1]))


def ends_of_a_distance(rule: Indicator, target: Fraction) -> tuple[Fraction, Fraction]:
    """Gaps of the least and the greatest value that the kind and the declared range allow."""
    least = Fraction(0) if rule.rule in {"milestone", "sum_of_shares", "ratio_points"} else rule.range.least
    most = {"milestone": Fraction(100), "sum_of_shares": Fraction(150)}.get(rule.rule, rule.range.most)
    sides = [None if bound is None else distance(rule, bound, target) for bound in (least, most)]
    low, high = reversed(sides) if rule.rule == "gap_down" else sides
    return Fraction(-99) if low is None else low, Fraction(99) if high is None else high


def told_of_value(case: Case) -> Told:
    rule, target = case.indicator, case.target or Fraction(100)
    if rule.rule == "bands":
        least, most = rule.range.least or Fraction(0), rule.range.most or Fraction(9)
        reached = [points_of(max(least, min(Fraction(quarters, 4), most))) for quarters in range(40)]
        ends = (min(reached) / target - 1, max(reached) / target - 1)
        gap = None if case.value is None else points_of(case.value) / target - 1
    elif rule.curve is not None:
        ends, scale = ends_of_a_curve(case), case.target or 1
        gap = None if case.value is None else drawn(rule.curve, case.value / scale) / 100 - 1
    else:
        ends = ends_of_a_distance(rule, target)
        ceiling = Fraction(150 if rule.rule == "sum_of_shares" else 10**9)
        value = None if case.value is None else min(case.value, ceiling)
        gap = None if value is None else distance(rule, value, target)
    return Told(gap, gap, Fraction(gap is not None), (gap, gap) if gap is not None else ends)


def held(rule: Indicator, gap: Fraction) -> Fraction:
    is_clipped = rule.clip_positive or rule.rule in {"milestone", "threshold"}
    return max(-rule.cap, min(gap, Fraction(0) if is_clipped else rule.cap))


@settings(max_examples=150)
@given(st.one_of(relative(), on_a_hundred(), bands(), curved(), threshold(), shares_of_a_threshold()))
def test_each_rule_gives_what_fractions_written_by_hand_give(case: Case) -> None:
    told = told_of_threshold(case) if case.indicator.rule == "threshold" else told_of_value(case)
    pack = Scene((case.indicator,), {"lazio": (leaf("x", 1, case.target),)}, {"scales": {"s": SCALE}}).pack
    rows = [
        ("lazio", "x", f"2024-{quarter}", f"{float(value)}")
        for quarter, value in zip(QUARTERS, case.values, strict=True)
        if value is not None
    ]

    scored = score_plan(compile_plan(pack, "2024-Q4"), values_from_rows(rows, pack))
    exact, node = InFractions(scored), tabulate(scored).structures[0].nodes[0]

    figures: dict[str, Fraction | None] = {
        "gap_raw": told.raw,
        "gap": None if told.raw is None else held(case.indicator, told.raw),
        "index": None if told.raw is None else 100 * (1 + held(case.indicator, told.raw)),
        "index_measured": None if told.known is None else 100 * (1 + held(case.indicator, told.known)),
        "index_low": 100 * (1 + held(case.indicator, told.ends[0])),
        "index_high": 100 * (1 + held(case.indicator, told.ends[1])),
        "coverage": told.coverage,
    }
    for name, figure in figures.items():
        assert getattr(exact, name)("lazio", "x") == figure, name
        assert getattr(node, name) == nearly(figure), name


def nearly(figure: Fraction | None) -> object:
    return None if figure is None else pytest.approx(float(figure), abs=1e-9)


PART = st.tuples(st.one_of(st.none(), PERCENT), PERCENT.map(lambda figure: figure + 1), st.booleans())


@settings(max_examples=100)
@given(
    st.sampled_from(["gap", "capped_gap", "attainment", "shares"]),
    st.lists(st.tuples(PART, st.integers(1, 9)), min_size=1, max_size=4),
    st.sampled_from([Fraction(1, 2), Fraction(2)]),
)
def test_a_composite_reaches_as_far_as_its_parts_do(
    of: str, parts: list[tuple[tuple[Fraction | None, Fraction, bool], int]], cap: Fraction
) -> None:
    total = sum(size for _, size in parts)
    shares = {f"p{at}": Fraction(size, total) for at, (_, size) in enumerate(parts)}
    rule = indicator(
        "whole",
        "sum_of_shares" if of == "shares" else "composite",
        cap=cap,
        composite=composite("gap" if of == "shares" else of, shares),
    )
    pieces = [
        indicator(f"p{at}", "gap_down" if down else "gap_up", range=Range(Fraction(0)))
        for at, ((_, _, down), _) in enumerate(parts)
    ]
    leaves = [leaf(f"p{at}", 0, target) for at, ((_, target, _), _) in enumerate(parts)]
    pack = Scene((rule, *pieces), {"lazio": (leaf("whole"), *leaves)}).pack
    rows = [("lazio", f"p{at}", "2024-Q4", f"{float(v)}") for at, ((v, _, _), _) in enumerate(parts) if v is not None]

    scored = score_plan(compile_plan(pack, "2024-Q4"), values_from_rows(rows, pack))
    exact, node = InFractions(scored), tabulate(scored).structures[0].nodes[0]

    ends = [whole(of, parts, at) for at in (0, 1)]
    assert exact.index_low("lazio", "whole") == 100 * (1 + max(-cap, min(ends[0], cap)))
    assert exact.index_high("lazio", "whole") == 100 * (1 + max(-cap, min(ends[1], cap)))
    is_known = all(value is not None for (value, _, _), _ in parts)
    assert exact.gap_raw("lazio", "whole") == (ends[0] if is_known else None)
    for name in ("gap_raw", "index_low", "index_high"):
        figure = getattr(exact, name)("lazio", "whole")
        assert getattr(node, name) == nearly(figure)


def whole(of: str, parts: list[tuple[tuple[Fraction | None, Fraction, bool], int]], at: int) -> Fraction:
    """The gap of a composite whose missing parts stand at their worst (0) or their best (1)."""
    total, answer = sum(size for _, size in parts), Fraction(0)
    for (value, target, is_down), size in parts:
        if value is not None:
            gap = (target - value) / target if is_down else (value - target) / target
        elif is_down:
            gap = Fraction(1) if at else Fraction(-(10**9))
        else:
            gap = Fraction(10**9) if at else Fraction(-1)
        within_cap = max(Fraction(-1, 2), min(gap, Fraction(1, 2)))
        answer += Fraction(size, total) * (within_cap if of == "capped_gap" else gap)
    if of == "shares":
        return max(Fraction(0), min(100 * (1 + answer), Fraction(150))) / 100 - 1
    return answer
