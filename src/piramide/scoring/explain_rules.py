"""The sentence and the formula of one leaf: one of each for every kind of rule, with the figures in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from piramide.kernel import wording
from piramide.kernel.decimals import MORE_DECIMALS
from piramide.kernel.figure import Figure, exactly
from piramide.kernel.numbers import format_percent, scale_of_print
from piramide.kernel.rounding import decimals_apart
from piramide.kernel.statuses import Status
from piramide.kernel.templates import day as day_in_words
from piramide.methodology.awaited import Awaited
from piramide.methodology.model import Band, NodeKind, RuleKind
from piramide.scoring import explain_curve, explain_phases, explain_threshold
from piramide.scoring.explain_cells import CellFigures, figure_of, total_of
from piramide.scoring.prose import Prose
from piramide.scoring.result import NodeScore
from piramide.scoring.rules.kinds import is_difference, kind_of

_ONE_SENTENCE = {RuleKind.GAP_UP, RuleKind.GAP_DOWN, RuleKind.ZERO_GAP, RuleKind.MILESTONE, RuleKind.SUM_OF_SHARES}
_READABLE = 5e-4
"""A gap that a reader recomputes from printed figures may be off by so much."""
_SILENT = (Status.NOT_APPLICABLE, Status.NOT_STARTED)


def leaf_sentence(node: NodeScore, told: CellFigures, say: Prose, awaited: Awaited | None = None) -> str:
    """What the leaf is worth, against what, and what its index comes to; `awaited` is what its target waits for."""
    if told.raw is not None:
        return _with_gap(_stem(node, told, say), told, say)
    if not node.is_due:
        key = "later" if node.value is not None else "later_missing"
        return say("gap", key, label=node.label, value=_value(node, told, say))
    bounds = {"low": _bound(node.index_low, say), "high": _bound(node.index_high, say)}
    if told.unseen and told.outcomes:
        return explain_threshold.partly(node.label, told, bounds, say)
    if node.value is None:
        return say("gap", _why_silent(node), label=node.label, **bounds)
    key = "report_only" if told.indicator.rule is RuleKind.REPORT_ONLY else "no_target"
    if key == "no_target" and (node.target is not None or told.cell.checkpoints):
        key = "no_index"
    if key == "no_target" and awaited is not None:
        day = day_in_words(awaited.since.isoformat(), lambda section, key: wording.word(section, key, say.language))
        return say("gap", "awaits", label=node.label, value=_value(node, told, say), parameter=awaited.label, day=day)
    return say("gap", key, label=node.label, value=_value(node, told, say), **bounds)


def _why_silent(node: NodeScore) -> str:
    """Why a leaf has no value: its content is not at hand, what the file says of it, or nothing."""
    if node.kind == NodeKind.NOT_AT_HAND:
        return node.kind
    return node.status if node.status in _SILENT else Status.MISSING


def leaf_formula(node: NodeScore, told: CellFigures, say: Prose) -> str:
    """How the index is made, with its figures; empty where there is none."""
    if told.raw is None or told.gap is None:
        return explain_threshold.formula(told, say) if told.outcomes else ""
    steps = [_gap_formula(node, told, say)]
    if told.gap != told.raw:
        is_clipped = told.gap == 0
        steps.append(say("formula", "clipped" if is_clipped else "capped", gap=say.gap(told.gap)))
    sign = "−" if told.gap < 0 else "+"
    gap = format_percent(abs(told.gap), 2, say.language)
    steps.append(say("formula", "index", sign=sign, gap=gap, index=say.index(100 * (1 + told.gap))))
    return "; ".join(step for step in steps if step)


def reason(node: NodeScore, told: CellFigures, say: Prose) -> str:
    """The gap of a leaf in a few words."""
    known = node.index_measured
    if known is not None and (failed := explain_threshold.reason(told, known.exact / 100 - 1, say)):
        return failed
    if told.raw is None or told.gap is None:
        bounds = {"low": _bound(node.index_low, say), "high": _bound(node.index_high, say)}
        return "" if known is None else say("reason", "partly", **bounds)
    if node.value is None and not told.outcomes:
        return say("reason", "missing")
    if node.target is None or told.made_of in {"gap", "capped_gap"}:
        return say("reason", "gap", gap=say.gap(told.gap))
    value, target = _value(node, told, say), _target(node, told, say)
    return say("reason", "value", value=value, target=target, gap=say.gap(told.gap))


def _with_gap(stem: str, told: CellFigures, say: Prose) -> str:
    gap, raw = told.gap or Fraction(0), told.raw or Fraction(0)
    index = say.index(100 * (1 + gap))
    as_is, bounded = ("plain" if gap else "level"), ("capped" if gap else "clipped")
    key = as_is if raw == gap else bounded
    return say(
        "gap", key, stem=stem, raw=say.gap(raw), gap=say.gap(gap), cap=say.share(told.indicator.cap), index=index
    )


def _stem(node: NodeScore, told: CellFigures, say: Prose) -> str:
    rule = told.indicator.rule
    fields = {"label": node.label, "value": _value(node, told, say), "target": _target(node, told, say)}
    if node.value is None and rule is not RuleKind.THRESHOLD:
        return say("stem", "worst" if told.raw == -told.indicator.cap else "policy", label=node.label)
    if told.made_of and told.made_of != "shares":
        return say("stem", f"composite_{told.made_of}", count=len(told.parts), **fields)
    if rule is RuleKind.THRESHOLD:
        return explain_threshold.stem(told, fields, say)
    if special := _stem_of_points(node, told, fields, say):
        return special
    return say("stem", rule.value if rule in _ONE_SENTENCE else RuleKind.GAP_UP.value, **fields)


def _stem_of_points(node: NodeScore, told: CellFigures, fields: Mapping[str, str], say: Prose) -> str:
    """The stem of a rule that gives points, or an index of its own; empty for the others."""
    rule = told.indicator.rule
    if told.phases:
        return explain_phases.stem(node, told, say)
    if rule is RuleKind.BANDS:
        points = say.quantity(node.points or 0, "points", 0)
        return say("stem", "bands", band=_band_of(node, told, say), points=points, **fields)
    if told.cell.curve is not None:
        return explain_curve.stem(node, told.cell.curve, fields, say)
    if rule is RuleKind.RATIO_POINTS:
        points, most = _points(told, say)
        return say("stem", "ratio_points", points=points, most=most, **fields)
    return ""


def _gap_formula(node: NodeScore, told: CellFigures, say: Prose) -> str:
    rule = told.indicator.rule
    if node.value is None and rule is not RuleKind.THRESHOLD:
        return say("formula", "worst", cap=say.share(told.indicator.cap))
    if told.made_of:
        return _composite_formula(node, told, say)
    if rule is RuleKind.THRESHOLD:
        return explain_threshold.formula(told, say)
    if told.phases:
        return explain_phases.formula(node, told, say)
    if told.cell.curve is not None:
        return explain_curve.formula(node, told, told.cell.curve, say)
    special: dict[RuleKind, Callable[[NodeScore, CellFigures, Prose], str]] = {
        RuleKind.BANDS: _bands_formula,
        RuleKind.RATIO_POINTS: _ratio_points_formula,
    }
    return special.get(rule, _relative_formula)(node, told, say)


def _relative_formula(node: NodeScore, told: CellFigures, say: Prose) -> str:
    """The distance from the target; a value that is a gap already needs no division."""
    raw = say.gap(told.raw or 0)
    if is_difference(told.indicator) or node.target is None or node.value is None:
        return say("formula", "composite_gap", parts=say.gap(node.value or 0), raw=raw)
    decimals = told.indicator.rounding
    value, target = (say.number(figure, decimals) for figure in (node.value, node.target))
    a, b = (target, value) if told.indicator.rule is RuleKind.GAP_DOWN else (value, target)
    return say("formula", "relative", a=a, b=b, target=target, raw=raw)


def _ratio_points_formula(node: NodeScore, told: CellFigures, say: Prose) -> str:
    points, most = _points(told, say)
    decimals = told.indicator.rounding
    value, target = (say.number(figure or 0, decimals) for figure in (node.value, node.target))
    line = say("formula", "ratio_points", value=value, target=target, most=most, points=points)
    return f"{line}; {_relative_formula(node, told, say)}"


def _points(told: CellFigures, say: Prose) -> tuple[str, str]:
    """Points taken and points to take, as a reader recomputes them (R37)."""
    most = told.indicator.points or Fraction(0)
    points = (1 + (told.raw or 0)) * most
    return say.quantity(points, "points", 2), say.number(most, 0)


def _bands_formula(node: NodeScore, told: CellFigures, say: Prose) -> str:
    points = node.points or 0
    return say(
        "formula",
        "bands",
        value=say.number(node.value or 0, told.indicator.rounding),
        band=_band_of(node, told, say),
        points=say.quantity(points, "points", 0),
        points_number=say.number(points, 0),
        target=say.number(node.target or 0, 0),
        raw=say.gap(told.raw or 0),
    )


def _band_of(node: NodeScore, told: CellFigures, say: Prose) -> str:
    """The band that holds the value; the outermost one for a value beyond the scale."""
    bands = told.cell.scale.bands if told.cell.scale else ()
    value = exactly(node.value or 0)
    place = next((place for place, band in enumerate(bands) if value <= band.high), len(bands) - 1)
    band: Band = bands[place]
    low, high = (say.number(figure, told.indicator.rounding) for figure in (band.low, band.high))
    return say("bound", "band" if place else "band_first", low=low, high=high)


def _composite_formula(node: NodeScore, told: CellFigures, say: Prose) -> str:
    kind = told.made_of
    parts = " + ".join(_part_text(kind, part.share, figure_of(kind, part), say) for part in told.parts)
    if kind in {"gap", "capped_gap"}:
        return say("formula", "composite_gap", parts=parts, raw=say.gap(told.raw or 0))
    decimals = told.indicator.rounding
    value = say.number(node.value or 0, decimals)
    if kind == "shares":
        total = total_of(kind, told.parts)
        figures = [part.share * (figure_of(kind, part) or 0) for part in told.parts]
        is_bounded = total is not None and sum(figures) > total
        line = say("formula", "shares_capped" if is_bounded else "shares", parts=parts, value=value)
    else:
        line = say("formula", f"composite_{kind}", parts=parts, value=value)
    return f"{line}; {_relative_formula(node, told, say)}"


def _part_text(kind: str, share: Fraction, figure: Fraction | None, say: Prose) -> str:
    """One part of a composite: its share, unless it counts whole, and what it adds; a mark where nothing tells it."""
    if figure is None:
        text = "?"
    elif kind in {"gap", "capped_gap"}:
        text = say.gap(figure)
    elif kind == "attainment":
        text = format_percent(figure, 2, say.language)
    else:
        text = say.number(figure, 0)
    return text if share == 1 else say("formula", "part", share=say.share(share), figure=text)


def _value(node: NodeScore, told: CellFigures, say: Prose) -> str:
    return "" if node.value is None else _quantity(node.value, node, told, say)


def _target(node: NodeScore, told: CellFigures, say: Prose) -> str:
    if node.target is None:
        return ""
    if told.indicator.rule is RuleKind.BANDS or told.made_of == "points":
        return say.quantity(node.target, "points", 0)
    return _quantity(node.target, node, told, say)


def _quantity(figure: Figure, node: NodeScore, told: CellFigures, say: Prose) -> str:
    """A figure with the decimals of the act; with more of them where these would not tell the gap."""
    indicator, decimals = told.indicator, told.indicator.rounding
    if indicator.rule is RuleKind.MILESTONE:
        return format_percent(figure / 100, 0 if figure.exact.denominator == 1 else 2, say.language)
    if is_difference(indicator):
        return say.gap(figure)
    while decimals < indicator.rounding + MORE_DECIMALS and not _tells_the_gap(node, told, decimals):
        decimals += 1
    return say.quantity(figure, indicator.unit, _apart(node, told, decimals))


def _apart(node: NodeScore, told: CellFigures, decimals: int) -> int:
    """So many decimals, or as many more as print a value on its side of its target."""
    if node.value is None or node.target is None or told.made_of or told.outcomes:
        return decimals
    scale = scale_of_print(told.indicator.unit)
    return decimals_apart(scale * node.value.exact, [scale * node.target.exact], decimals)


def _tells_the_gap(node: NodeScore, told: CellFigures, decimals: int) -> bool:
    """Whether value and target, printed with so many decimals, differ when they do and give the gap back."""
    is_relative = kind_of(told.indicator).is_relative and not told.made_of
    if not is_relative or not told.raw or node.value is None or not node.target:
        return True
    # Floats will do: this only chooses how much to print.
    scale = scale_of_print(told.indicator.unit)
    value, target = round(scale * node.value, decimals), round(scale * node.target, decimals)
    gap = abs(node.gap_raw or 0.0)
    return bool(target) and value != target and abs(abs((value - target) / target) - gap) < _READABLE


def _bound(index: Figure | None, say: Prose) -> str:
    return "–" if index is None else say.index(index)
