"""Gaps, indices, bands and points of every line of every sheet, in fractions, from the rules as they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from tests.witness.facts_by_hand import Moment, Sums
from tests.witness.pack_by_hand import Line, Plan
from tests.witness.values_by_hand import CENTRAL_FORECAST, FORECAST, TRANSIT, Values

WHOLE: Final = "*"
"""The structure itself, among its lines."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of a line, or of the whole sheet; `None` is not known. `index` and band are on 100."""

    index: Fraction | None
    partial: Fraction | None
    low: Fraction
    high: Fraction
    coverage: Fraction
    points: Fraction | None = None
    value: Fraction | None = None
    target: Fraction | None = None
    raw: Fraction | None = None
    gap: Fraction | None = None
    is_leaf: bool = False

    @property
    def status(self) -> str:
        """Of the value."""
        return "missing" if self.value is None else "measured"


class Scores:
    """Every sheet at a moment."""

    def __init__(self, values: Values, plan: Plan, at: Moment, collected: Mapping[tuple[str, str], Sums]) -> None:
        """`collected` are values that people gave, by structure and line: at the moment under "", at Q1… under it."""
        self._plan, self._at, self._collected = plan, at, collected
        self._measured = values.at(at)
        self._quarters = at.month // 3
        self._forecasts = {q: values.forecast(q, at.year) for q in range(1, self._quarters + 1)}
        self._transit = {q: values.at_checkpoint(Moment(at.year, 3 * q)) for q in range(1, self._quarters + 1)}
        self.sheets = {place: self._sheet(place, tree) for place, tree in plan.sheets.items()}

    def _sheet(self, place: str, tree: list[Line]) -> dict[str, Figures]:
        found: dict[str, Figures] = {}
        for top in tree:
            for line in top.walk():
                if line.kind == "indicator":
                    found[line.id] = self._leaf(place, line)
        for top in tree:
            for line in top.walk():
                if line.kind == "composite":
                    found[line.id] = self._composite(line, found)
        whole = self._above(tree, found)
        points = dict(self._points(tree, found, Fraction(1), whole.coverage))
        return {WHOLE: whole} | {name: replace(one, points=points[name]) for name, one in found.items()}

    def _above(self, lines: list[Line], found: dict[str, Figures]) -> Figures:
        parts = []
        for line in lines:
            if line.children:
                found[line.id] = self._above(line.children, found)
            if line.weight:
                parts.append((line.weight, found[line.id]))
        coverage = sum((weight * one.coverage for weight, one in parts), Fraction(0))
        known = [(weight * one.coverage, one.partial) for weight, one in parts if one.partial is not None]
        partial = sum((weight * index for weight, index in known), Fraction(0)) / coverage if coverage else None
        is_whole = all(one.index is not None for _, one in parts)
        return Figures(
            sum((weight * (one.index or 0) for weight, one in parts), Fraction(0)) if is_whole else None,
            partial,
            sum((weight * one.low for weight, one in parts), Fraction(0)),
            sum((weight * one.high for weight, one in parts), Fraction(0)),
            coverage,
        )

    def _points(
        self, lines: list[Line], found: Mapping[str, Figures], share: Fraction, coverage: Fraction
    ) -> Iterator[tuple[str, Fraction | None]]:
        """Points of the index, of the weight that is known where not all is."""
        for line in lines:
            one, path = found[line.id], share * line.weight
            is_known = one.partial is not None and coverage
            yield line.id, path * one.coverage * ((one.partial or 0) - 100) / coverage if is_known else None
            yield from self._points(line.children, found, path, coverage)

    # Leaves.

    def _leaf(self, place: str, line: Line) -> Figures:
        rule = self._plan.indicators[line.indicator]
        if rule["rule"] == "threshold":
            return self._threshold(place, line, rule)
        value, target = self._value(place, line), self._plan.target(line, self._at.month)
        if target is None:
            raise AssertionError(place, line.id)
        if value is None:
            return _missing(target, *self._reach(rule, target))
        if rule["rule"] == "gap_down":
            raw = (target - value) / target
        elif rule["rule"] in {"gap_up", "zero_gap", "milestone"}:
            raw = (value - target) / target
        else:
            raise AssertionError(rule["rule"])
        most = Fraction(0) if rule["rule"] == "milestone" else self._plan.cap
        return _known(value, target, raw, max(-self._plan.cap, min(most, raw)))

    def _value(self, place: str, line: Line) -> Fraction | None:
        given = self._collected.get((place, line.id), {})
        return given[""] if "" in given else self._measured[line.indicator].get(place)

    def _reach(self, rule: Mapping[str, Any], target: Fraction) -> tuple[Fraction, Fraction]:
        """Where a missing leaf may end: the cap on both sides, a milestone none above, a scale no more than it has."""
        cap = self._plan.cap
        if rule["rule"] == "milestone":
            return -cap, Fraction(0)
        low, high = -cap, cap
        if "range" in rule:
            ends = [(Fraction(rule["range"][side]) - target) / target for side in ("least", "most")]
            low, high = max(low, ends[0]), min(high, ends[1])
        return low, high

    def _threshold(self, place: str, line: Line, rule: Mapping[str, Any]) -> Figures:
        value, bound = self._value_judged(place, line), None
        judged: list[tuple[Fraction | None, bool]] = []
        for check in rule["checkpoints"]:
            if check["moment"] == "any":
                seen, bound = value, check
            else:
                quarter = int(check["moment"][1])
                if quarter > self._quarters:
                    continue
                seen, bound = self._at_checkpoint(place, line, quarter), check
            judged.append((None if seen is None else _share(seen, check), check.get("mandatory", False)))
        target = Fraction(str(bound["most"])) if bound and "most" in bound else None
        known = [share for share, _ in judged if share is not None]
        if len(known) < len(judged):
            is_worst = any(is_mandatory for share, is_mandatory in judged if share is None)
            return self._half_seen(known, len(judged), value, target, is_worst=is_worst)
        failed = any(is_mandatory and share != 1 for share, is_mandatory in judged)
        raw = Fraction(-1) if failed else sum(known, Fraction(0)) / len(judged) - 1
        return _known(value, target, raw, max(-self._plan.cap, raw))

    def _half_seen(
        self, known: list[Fraction], count: int, value: Fraction | None, target: Fraction | None, *, is_worst: bool
    ) -> Figures:
        """A threshold of which some checkpoints are not known: each of them may be failed or met (R40)."""
        seen = sum(known, Fraction(0))
        worst = Fraction(-1) if is_worst else seen / count - 1
        best = (seen + count - len(known)) / count - 1
        partial = self._index(seen / len(known) - 1) if known else None
        covered = Fraction(len(known), count)
        return Figures(
            None, partial, self._index(worst), self._index(best), covered, value=value, target=target, is_leaf=True
        )

    def _index(self, gap: Fraction) -> Fraction:
        return 100 * (1 + max(-self._plan.cap, gap))

    def _value_judged(self, place: str, line: Line) -> Fraction | None:
        if line.indicator in {FORECAST, CENTRAL_FORECAST}:
            return self._at_checkpoint(place, line, self._quarters)
        return self._value(place, line)

    def _at_checkpoint(self, place: str, line: Line, quarter: int) -> Fraction | None:
        given = self._collected.get((place, line.id), {})
        if given:
            return given.get(f"Q{quarter}")
        if line.indicator == TRANSIT:
            return self._transit[quarter].get(place)
        return self._forecasts[quarter][line.indicator == CENTRAL_FORECAST].get(place)

    def _composite(self, line: Line, found: Mapping[str, Figures]) -> Figures:
        """A weighted sum of what its parts reached, against 1; or of their gaps uncapped, against 0 (R18, R20)."""
        asked = self._plan.indicators[line.indicator]["composite"]
        parts = [(Fraction(str(weight)), found[name]) for name, weight in asked["parts"].items()]
        is_gap = asked["of"] == "gap"
        target = Fraction(0 if is_gap else 1)
        value = Fraction(0)
        for weight, one in parts:
            if one.raw is None or one.value is None or not one.target:
                raise AssertionError(line.id)  # the facts of the test leave no part without a value
            value += weight * (one.raw if is_gap else one.value / one.target)
        raw = value - target
        return _known(value, target, raw, max(-self._plan.cap, min(self._plan.cap, raw)))


def _share(seen: Fraction, check: Mapping[str, Any]) -> Fraction:
    """1 within the bounds and 0 outside; the value itself where there are none (R22)."""
    if "most" not in check and "least" not in check:
        return seen
    slack = Fraction(str(check.get("tolerance", 0)))
    above = "least" not in check or seen >= Fraction(str(check["least"])) - slack
    return Fraction(int(above and ("most" not in check or seen <= Fraction(str(check["most"])) + slack)))


def _known(value: Fraction | None, target: Fraction | None, raw: Fraction, gap: Fraction) -> Figures:
    index = 100 * (1 + gap)
    return Figures(index, index, index, index, Fraction(1), value=value, target=target, raw=raw, gap=gap, is_leaf=True)


def _missing(target: Fraction, low: Fraction, high: Fraction) -> Figures:
    return Figures(None, None, 100 * (1 + low), 100 * (1 + high), Fraction(0), target=target, is_leaf=True)
