"""The sentence and the formula of one leaf: one of each for every kind of rule, with the figures in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from piramide.kernel.numbers import format_number, format_percent
from piramide.kernel.statuses import Status
from piramide.methodology.model import Band, Checkpoint, RuleKind
from piramide.scoring.explain_cells import NOISE, CellTold, Outcome, figure_of, total_of
from piramide.scoring.prose import MORE_DECIMALS, Prose, exact
from piramide.scoring.result import NodeScore
from piramide.scoring.rules.kinds import is_difference, kind_of

_ONE_SENTENCE = {RuleKind.GAP_UP, RuleKind.GAP_DOWN, RuleKind.ZERO_GAP, RuleKind.MILESTONE, RuleKind.SUM_OF_SHARES}
_READABLE = 5e-4
"""A gap that a reader recomputes from printed figures may be off by so much."""
_SILENT = (Status.NOT_APPLICABLE, Status.NOT_STARTED)


def leaf_sentence(node: NodeScore, told: CellTold, say: Prose) -> str:
    """What the leaf is worth, against what, and what its index comes to."""
    if told.raw is not None:
        return _with_gap(_stem(node, told, say), told, say)
    bounds = {"low": _bound(node.index_low, say), "high": _bound(node.index_high, say)}
    if node.value is None:
        status = node.status if node.status in _SILENT else Status.MISSING
        return say("gap", status, label=node.label, **bounds)
    key = "report_only" if told.indicator.rule is RuleKind.REPORT_ONLY else "no_target"
    if key == "no_target" and (node.target is not None or told.cell.checkpoints):
        key = "no_index"
    return say("gap", key, label=node.label, value=_value(node, told, say), **bounds)


def leaf_formula(node: NodeScore, told: CellTold, say: Prose) -> str:
    """How the index is made, with its figures; empty where there is none."""
    if told.raw is None or told.gap is None:
        return ""
    steps = [_gap_formula(node, told, say)]
    if told.gap != told.raw:
        is_clipped = told.gap == 0
        steps.append(say("formula", "clipped" if is_clipped else "capped", gap=say.gap(told.gap)))
    sign = "−" if told.gap < 0 else "+"
    gap = format_percent(abs(told.gap), 2, say.language)
    steps.append(say("formula", "index", sign=sign, gap=gap, index=say.index(100 * (1 + told.gap))))
    return "; ".join(step for step in steps if step)


def reason(node: NodeScore, told: CellTold, say: Prose) -> str:
    """The gap of a leaf in a few words."""
    if told.raw is None or told.gap is None:
        return ""
    if node.value is None:
        return say("reason", "missing")
    if failed := [outcome for outcome in told.outcomes if not outcome.is_met]:
        lines = [_checkpoint_line(outcome, told, say) for outcome in failed]
        met, known = len(told.outcomes) - len(failed), len(told.outcomes)
        return say("reason", "checkpoints", lines="; ".join(lines), met=met, known=known, gap=say.gap(told.gap))
    if node.target is None or told.made_of in {"gap", "capped_gap"}:
        return say("reason", "gap", gap=say.gap(told.gap))
    value, target = _value(node, told, say), _target(node, told, say)
    return say("reason", "value", value=value, target=target, gap=say.gap(told.gap))


def _with_gap(stem: str, told: CellTold, say: Prose) -> str:
    gap, raw = told.gap or Fraction(0), told.raw or Fraction(0)
    index = say.index(100 * (1 + gap))
    as_is, bounded = ("plain" if gap else "level"), ("capped" if gap else "clipped")
    key = as_is if raw == gap else bounded
    return say(
        "gap", key, stem=stem, raw=say.gap(raw), gap=say.gap(gap), cap=say.share(told.indicator.cap), index=index
    )


def _stem(node: NodeScore, told: CellTold, say: Prose) -> str:
    rule = told.indicator.rule
    fields = {"label": node.label, "value": _value(node, told, say), "target": _target(node, told, say)}
    if node.value is None and rule is not RuleKind.THRESHOLD:
        return say("stem", "worst" if told.raw == -told.indicator.cap else "policy", label=node.label)
    if told.made_of and told.made_of != "shares":
        return say("stem", f"composite_{told.made_of}", count=len(told.parts), **fields)
    if rule is RuleKind.THRESHOLD:
        return _threshold_stem(told, fields, say)
    if rule is RuleKind.BANDS:
        points = say.quantity(node.points or 0.0, "points", 0)
        return say("stem", "bands", band=_band_of(node, told, say), points=points, **fields)
    if rule is RuleKind.RATIO_POINTS:
        points, most = _points(told, say)
        return say("stem", "ratio_points", points=points, most=most, **fields)
    return say("stem", rule.value if rule in _ONE_SENTENCE else RuleKind.GAP_UP.value, **fields)


def _threshold_stem(told: CellTold, fields: Mapping[str, str], say: Prose) -> str:
    outcomes = told.outcomes
    failed = next((o for o in outcomes if o.point.mandatory and not o.is_met), None)
    if len(outcomes) == 1 and told.raw in {Fraction(0), Fraction(-1)}:
        key = "threshold_met" if outcomes[0].is_met else "threshold_failed"
        return say("stem", key, bound=bound_text(outcomes[0].point, told, say), **fields)
    if failed:
        return say("stem", "threshold_mandatory", moment=say("moment", failed.point.moment), **fields)
    met = sum(outcome.is_met for outcome in outcomes)
    if _tells_all(told):
        return say("stem", "threshold_several", met=met, known=len(outcomes), **fields)
    return say("stem", "threshold_share", share=say.share(1 + (told.raw or 0)), **fields)


def _tells_all(told: CellTold) -> bool:
    """Whether the checkpoints at hand are all that the gap was made from."""
    met = sum(outcome.is_met for outcome in told.outcomes)
    return bool(told.outcomes) and abs((told.raw or 0) + 1 - Fraction(met, len(told.outcomes))) < NOISE


def _gap_formula(node: NodeScore, told: CellTold, say: Prose) -> str:
    rule = told.indicator.rule
    if node.value is None and rule is not RuleKind.THRESHOLD:
        return say("formula", "worst", cap=say.share(told.indicator.cap))
    if told.made_of:
        return _composite_formula(node, told, say)
    if rule is RuleKind.THRESHOLD:
        return _threshold_formula(told, say)
    special: dict[RuleKind, Callable[[NodeScore, CellTold, Prose], str]] = {
        RuleKind.BANDS: _bands_formula,
        RuleKind.RATIO_POINTS: _ratio_points_formula,
    }
    return special.get(rule, _relative_formula)(node, told, say)


def _relative_formula(node: NodeScore, told: CellTold, say: Prose) -> str:
    """The distance from the target; a value that is a gap already needs no division."""
    raw = say.gap(told.raw or 0)
    if is_difference(told.indicator) or node.target is None or node.value is None:
        return say("formula", "composite_gap", parts=say.gap(node.value or 0.0), raw=raw)
    decimals = told.indicator.rounding
    value, target = (say.number(figure, decimals) for figure in (node.value, node.target))
    a, b = (target, value) if told.indicator.rule is RuleKind.GAP_DOWN else (value, target)
    return say("formula", "relative", a=a, b=b, target=target, raw=raw)


def _ratio_points_formula(node: NodeScore, told: CellTold, say: Prose) -> str:
    points, most = _points(told, say)
    decimals = told.indicator.rounding
    value, target = (say.number(figure or 0.0, decimals) for figure in (node.value, node.target))
    line = say("formula", "ratio_points", value=value, target=target, most=most, points=points)
    return f"{line}; {_relative_formula(node, told, say)}"


def _points(told: CellTold, say: Prose) -> tuple[str, str]:
    """Points taken and points to take, as a reader recomputes them (R37)."""
    most = told.indicator.points or Fraction(0)
    points = (1 + (told.raw or 0)) * most
    return say.quantity(points, "points", 2), say.number(most, 0)


def _bands_formula(node: NodeScore, told: CellTold, say: Prose) -> str:
    points = node.points or 0.0
    return say(
        "formula",
        "bands",
        value=say.number(node.value or 0.0, told.indicator.rounding),
        band=_band_of(node, told, say),
        points=say.quantity(points, "points", 0),
        points_number=say.number(points, 0),
        target=say.number(node.target or 0.0, 0),
        raw=say.gap(told.raw or 0),
    )


def _band_of(node: NodeScore, told: CellTold, say: Prose) -> str:
    """The band that holds the value; the outermost one for a value beyond the scale."""
    bands = told.cell.scale.bands if told.cell.scale else ()
    value = exact(node.value or 0.0)
    place = next((place for place, band in enumerate(bands) if value <= band.high), len(bands) - 1)
    band: Band = bands[place]
    low, high = (say.number(figure, told.indicator.rounding) for figure in (band.low, band.high))
    return say("bound", "band" if place else "band_first", low=low, high=high)


def _threshold_formula(told: CellTold, say: Prose) -> str:
    lines = [_checkpoint_line(outcome, told, say) for outcome in told.outcomes]
    raw = say.gap(told.raw or 0)
    met = sum(outcome.is_met for outcome in told.outcomes)
    if any(outcome.point.mandatory and not outcome.is_met for outcome in told.outcomes):
        lines.append(say("formula", "mandatory", raw=raw))
    elif _tells_all(told):
        lines.append(say("formula", "checkpoints", met=met, known=len(told.outcomes), raw=raw))
    else:
        lines.append(say("formula", "checkpoint_share", share=say.share(1 + (told.raw or 0)), raw=raw))
    return "; ".join(lines)


def _checkpoint_line(outcome: Outcome, told: CellTold, say: Prose) -> str:
    return say(
        "formula",
        "checkpoint_met" if outcome.is_met else "checkpoint_failed",
        moment=say("moment", outcome.point.moment),
        value=_beside_its_bound(outcome, told.indicator.rounding, say),
        bound=bound_text(outcome.point, told, say),
    )


def _beside_its_bound(outcome: Outcome, decimals: int, say: Prose) -> str:
    """The value with the decimals of the act, and with more only where rounding would put it on its bound or across."""
    value = exact(outcome.value)
    bounds = [bound for bound in (outcome.point.least, outcome.point.most) if bound is not None]
    sides = [_side(value, bound) for bound in bounds]
    wide = decimals + MORE_DECIMALS
    tells = (d for d in range(decimals, wide) if [_side(round(value, d), bound) for bound in bounds] == sides)
    within_tolerance = decimals if outcome.is_met else wide
    return format_number(value, next(tells, within_tolerance), say.language)


def _side(value: Fraction, bound: Fraction) -> int:
    return (value > bound) - (value < bound)


def bound_text(point: Checkpoint, told: CellTold, say: Prose) -> str:
    """What a checkpoint admits, in words."""
    decimals = told.indicator.rounding
    least, most = ("" if b is None else say.number(b, decimals) for b in (point.least, point.most))
    key = ("between" if most else "least") if least else ("most" if most else "free")
    key = "exactly" if least and point.least == point.most else key
    bound = say("bound", key, least=least, most=most)
    if point.tolerance < Fraction(1, 2 * 10**decimals):
        return bound
    return say("bound", "tolerance", bound=bound, tolerance=say.number(point.tolerance, decimals + 5))


def _composite_formula(node: NodeScore, told: CellTold, say: Prose) -> str:
    kind = told.made_of
    parts = " + ".join(_part_text(kind, part.share, figure_of(kind, part), say) for part in told.parts)
    if kind in {"gap", "capped_gap"}:
        return say("formula", "composite_gap", parts=parts, raw=say.gap(told.raw or 0))
    decimals = told.indicator.rounding
    value = say.number(node.value or 0.0, decimals)
    if kind == "shares":
        total = total_of(kind, told.parts)
        figures = [part.share * (figure_of(kind, part) or 0.0) for part in told.parts]
        is_bounded = total is not None and sum(figures) > total
        line = say("formula", "shares_capped" if is_bounded else "shares", parts=parts, value=value)
    else:
        line = say("formula", f"composite_{kind}", parts=parts, value=value)
    return f"{line}; {_relative_formula(node, told, say)}"


def _part_text(kind: str, share: float, figure: float | None, say: Prose) -> str:
    """One part of a composite: its share, unless it counts whole, and what it adds; a mark where nothing tells it."""
    if figure is None:
        text = "?"
    elif kind in {"gap", "capped_gap"}:
        text = say.gap(figure)
    elif kind == "attainment":
        text = format_percent(exact(figure), 2, say.language)
    else:
        text = say.number(exact(round(figure, 4)), 0)
    return text if share == 1 else say("formula", "part", share=say.share(share), figure=text)


def _value(node: NodeScore, told: CellTold, say: Prose) -> str:
    return "" if node.value is None else _quantity(node.value, node, told, say)


def _target(node: NodeScore, told: CellTold, say: Prose) -> str:
    if node.target is None:
        return ""
    if told.indicator.rule is RuleKind.BANDS or told.made_of == "points":
        return say.quantity(node.target, "points", 0)
    return _quantity(node.target, node, told, say)


def _quantity(figure: float, node: NodeScore, told: CellTold, say: Prose) -> str:
    """A figure with the decimals of the act; with more of them where these would not tell the gap."""
    indicator, decimals = told.indicator, told.indicator.rounding
    if indicator.rule is RuleKind.MILESTONE:
        return format_percent(exact(figure) / 100, 0 if figure == round(figure) else 2, say.language)
    if is_difference(indicator):
        return say.gap(figure)
    while decimals < indicator.rounding + MORE_DECIMALS and not _tells_the_gap(node, told, decimals):
        decimals += 1
    return say.quantity(figure, indicator.unit, decimals)


def _tells_the_gap(node: NodeScore, told: CellTold, decimals: int) -> bool:
    """Whether value and target, printed with so many decimals, differ when they do and give the gap back."""
    is_relative = kind_of(told.indicator).is_relative and not told.made_of
    if not is_relative or not told.raw or node.value is None or not node.target:
        return True
    # Floats will do: this only chooses how much to print.
    value, target = round(node.value, decimals), round(node.target, decimals)
    gap = abs(node.gap_raw or 0.0)
    return bool(target) and value != target and abs(abs((value - target) / target) - gap) < _READABLE


def _bound(index: float | None, say: Prose) -> str:
    return "–" if index is None else say.index(index)
