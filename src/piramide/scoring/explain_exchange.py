"""The exchange rate of a leaf: what one unit of its value moves in the structure's index, and what the cap wastes.

The index answers to the gap g of a leaf as a rising line with corners: directly through the leaf's own weight, and
through the composites that the leaf is a part of.

    F(g) = 100 x sum over channels of share x within(offset + slope x inner(g), low, high)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from piramide.kernel.figure import figure_of, preview
from piramide.kernel.numbers import scale_of_print
from piramide.methodology.model import Band, Indicator
from piramide.scoring import explain_curve, explain_threshold
from piramide.scoring.arrays import FULL
from piramide.scoring.explain_cells import CellFigures
from piramide.scoring.result import NOTHING, Exchange, NodeScore

ONE_POINT = 1.0
_FINE = 10**9
"""What a change of value is told to: a preview."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way in which a gap reaches the index: `inner` bounds what the composite takes, `low`-`high` what counts."""

    share: float
    low: float
    high: float
    offset: float = 0.0
    slope: float = 1.0
    inner: tuple[float, float] = (float("-inf"), float("inf"))

    def points(self, gap: float) -> float:
        """Points of the index that come this way."""
        return FULL * self.share * _within(self.offset + self.slope * _within(gap, *self.inner), self.low, self.high)

    def corners(self) -> Iterable[float]:
        """Gaps at which the line bends."""
        yield from self.inner
        if self.slope:
            yield (self.low - self.offset) / self.slope
            yield (self.high - self.offset) / self.slope


def direct_channel(told: CellFigures, share: float) -> Channel:
    """The way through the leaf's own weight."""
    return Channel(share, told.low, told.high)


def composite_channel(
    leaf: NodeScore, told: CellFigures, composite: CellFigures, target: float | None, share: float
) -> Channel | None:
    """The way through a composite with its `target`; `None` for points, which move by steps, and without gaps."""
    part = next((part for part in composite.parts if part.node == leaf.id), None)
    if part is None or composite.raw is None or composite.made_of == "points" or leaf.gap_raw is None:
        return None
    scale = {"attainment": 1.0, "shares": FULL}.get(composite.made_of, 0.0)
    share_of_part = float(part.share)
    slope = share_of_part * scale / target if scale and target else share_of_part
    inner = (told.low, told.high) if composite.made_of == "capped_gap" else (float("-inf"), float("inf"))
    offset = float(composite.raw) - slope * _within(leaf.gap_raw, *inner)
    return Channel(share, composite.low, composite.high, offset, slope, inner)


def exchange_of(leaf: NodeScore, told: CellFigures, channels: Sequence[Channel], share: Fraction) -> Exchange | None:
    """The exchange rate of a leaf that has an index; `channels` start with its own, which has the weight `share`.

    What is wasted is exact; what a change would bring is a preview.
    """
    if leaf.gap_raw is None or leaf.gap is None:
        return None
    wasted = figure_of(FULL * share * max(Fraction(0), leaf.gap_raw.exact - leaf.gap.exact))
    if told.slope is None:
        return replace(_steps(leaf, told, channels[0].share), wasted=wasted)
    rate = _rate(leaf.gap_raw, channels)
    moved = _gap_for_one_point(leaf.gap_raw, channels)
    return Exchange(
        per_unit=preview(rate * abs(told.slope)),
        for_one_point=None if moved is None else preview((moved - float(leaf.gap_raw)) / told.slope),
        wasted=wasted,
        per_percent=preview(rate * (told.slope if told.outcomes else 1.0) / FULL),
    )


def most_points(leaf: NodeScore, channels: Sequence[Channel]) -> float:
    """Points that the leaf can still bring to the index."""
    return sum(c.points(float("inf")) - c.points(leaf.gap_raw or 0.0) for c in channels)


def _within(number: float, low: float, high: float) -> float:
    return min(max(number, low), high)


def _total(gap: float, channels: Sequence[Channel]) -> float:
    return sum(channel.points(gap) for channel in channels)


def _corners_above(gap: float, channels: Sequence[Channel]) -> list[float]:
    return sorted({c for channel in channels for c in channel.corners() if gap < c < float("inf")})


def _rate(gap: float, channels: Sequence[Channel]) -> float:
    """Points per unit of gap from here upwards: the slope of the first stretch."""
    corners = _corners_above(gap, channels)
    if not corners:
        return 0.0
    return (_total(corners[0], channels) - _total(gap, channels)) / (corners[0] - gap)


def _gap_for_one_point(gap: float, channels: Sequence[Channel]) -> float | None:
    """The gap at which the index stands one point higher, or `None` when it never does."""
    wanted, here, points = _total(gap, channels) + ONE_POINT, gap, _total(gap, channels)
    for corner in _corners_above(gap, channels):
        reached = _total(corner, channels)
        if reached >= wanted:
            return here + (corner - here) * (wanted - points) / (reached - points)
        here, points = corner, reached
    return None


def _steps(leaf: NodeScore, told: CellFigures, share: float) -> Exchange:
    """Thresholds and bands: nothing moves inside a step, then the whole step counts at once; of a curve, its points."""
    gap = float(leaf.gap or 0.0)
    gains = [
        (value, FULL * share * (_within(raw, told.low, told.high) - gap))
        for value, raw in (explain_threshold.steps(told) if told.outcomes else _value_steps(leaf, told))
    ]
    ahead = sorted(
        ((value, points) for value, points in gains if points > 0),
        key=lambda step: abs(step[0] - float(leaf.value or 0.0)),
    )
    whole = next((value for value, points in ahead if points >= ONE_POINT), None)
    if whole is not None and told.cell.curve is not None:
        needed = Fraction(gap + ONE_POINT / (FULL * share)).limit_denominator(_FINE)
        found = explain_curve.first_with(leaf, told.cell.curve, needed)
        whole = None if found is None else float(found)
    value, points = ahead[0] if ahead else (None, None)
    return Exchange(
        per_unit=NOTHING,
        for_one_point=None if whole is None or leaf.value is None else preview(whole) - leaf.value,
        wasted=NOTHING,
        next_step=None if value is None else preview(value),
        step_points=None if points is None else preview(points),
    )


def _value_steps(leaf: NodeScore, told: CellFigures) -> Iterable[tuple[float, float]]:
    """The nearest value inside each of the other bands, or each point of a curve, and the gap that it gives."""
    if told.cell.curve is not None and leaf.value is not None:
        yield from ((float(value), float(raw)) for value, raw in explain_curve.ahead(leaf, told.cell.curve))
    if told.cell.scale is None or leaf.value is None or not leaf.target:
        return
    for band in told.cell.scale.bands:
        value = _just_above(band, told.indicator) if leaf.value.exact <= band.low else band.high
        yield float(value), float(band.points) / float(leaf.target) - 1.0


def _just_above(band: Band, indicator: Indicator) -> Fraction:
    """The first value above the lower end of a band, which is not in it, with the decimals of the act or with more."""
    low, unit = Fraction(band.low), Fraction(1, scale_of_print(indicator.unit) * 10**indicator.rounding)
    while (value := (low // unit + 1) * unit) > band.high > low:
        unit /= 10
    return value
