"""A threshold told: what each checkpoint that is due came to, what is not known, and what would be met next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import partial

from piramide.kernel.numbers import FRACTION, format_number, scale_of_print
from piramide.kernel.rounding import decimals_apart
from piramide.methodology.model import Checkpoint, Indicator
from piramide.scoring.explain_cells import CellFigures, Outcome
from piramide.scoring.prose import Prose

_NOISE = 1e-9
"""What the double of a run without exact figures may lose."""


def stem(told: CellFigures, fields: Mapping[str, str], say: Prose) -> str:
    """What the latest checkpoint came to and how many are met; the value is that which was judged."""
    outcomes, decimals = told.outcomes, 0
    if outcomes:
        latest = outcomes[-1]
        decimals = _apart(latest, told.indicator)
        value = say.quantity(latest.value, told.indicator.unit, decimals)
        fields = {**fields, "value": value}
    failed = next((o for o in outcomes if o.point.mandatory and not o.is_met), None)
    if len(outcomes) == 1 and not outcomes[0].point.takes_the_value and told.raw in {Fraction(0), Fraction(-1)}:
        key = "threshold_met" if outcomes[0].is_met else "threshold_failed"
        return say("stem", key, bound=bound_text(outcomes[0].point, told, say, decimals), **fields)
    if failed:
        return say("stem", "threshold_mandatory", moment=say.moment(failed.point.moment), **fields)
    if _all_or_nothing(told):
        return say("stem", "threshold_several", met=_met(told), known=len(outcomes), **fields)
    return say("stem", "threshold_share", share=say.share(1 + (told.raw or 0)), **fields)


def partly(label: str, told: CellFigures, bounds: Mapping[str, str], say: Prose) -> str:
    """What is known of a threshold with checkpoints that are due and unseen."""
    unseen = ", ".join(say.moment(point.moment) for point in told.unseen)
    known = len(told.outcomes)
    fields = {"label": label, "known": known, "due": known + len(told.unseen), "met": _met(told), "unseen": unseen}
    return say("gap", "partly", **fields, **bounds)


def formula(told: CellFigures, say: Prose) -> str:
    """Every checkpoint that is due, and how they make the gap."""
    lines = [line(outcome, told, say) for outcome in told.outcomes]
    lines += [say("formula", "checkpoint_unseen", moment=say.moment(point.moment)) for point in told.unseen]
    if told.raw is None:
        return "; ".join(lines)
    raw = say.gap(told.raw)
    if any(outcome.point.mandatory and not outcome.is_met for outcome in told.outcomes):
        lines.append(say("formula", "mandatory", raw=raw))
    elif _all_or_nothing(told):
        lines.append(say("formula", "checkpoints", met=_met(told), known=len(told.outcomes), raw=raw))
    else:
        lines.append(say("formula", "checkpoint_share", share=say.share(1 + told.raw), raw=raw))
    return "; ".join(lines)


def reason(told: CellFigures, gap: Fraction, say: Prose) -> str:
    """The checkpoints that are not met in full; empty where all are."""
    failed = [outcome for outcome in told.outcomes if not outcome.is_met]
    if not failed:
        return ""
    lines = "; ".join(line(outcome, told, say) for outcome in failed)
    if any(outcome.point.takes_the_value for outcome in told.outcomes):
        share = sum((outcome.share for outcome in told.outcomes), Fraction(0)) / len(told.outcomes)
        return say("reason", "shares", lines=lines, share=say.share(share), gap=say.gap(gap))
    return say("reason", "checkpoints", lines=lines, met=_met(told), known=len(told.outcomes), gap=say.gap(gap))


def line(outcome: Outcome, told: CellFigures, say: Prose) -> str:
    """One checkpoint: its value beside what it admits, or the share that was met."""
    moment = say.moment(outcome.point.moment)
    if outcome.point.takes_the_value:
        return say("formula", "checkpoint_part", moment=moment, share=say.share(outcome.share))
    return say(
        "formula",
        "checkpoint_met" if outcome.is_met else "checkpoint_failed",
        moment=moment,
        value=_beside_its_bound(outcome, told.indicator, say),
        bound=bound_text(outcome.point, told, say, _apart(outcome, told.indicator)),
    )


def bound_text(point: Checkpoint, told: CellFigures, say: Prose, decimals: int = 0) -> str:
    """What a checkpoint admits, in words: with the decimals of the indicator, or so many where they are more."""
    indicator, bounds = told.indicator, (point.least, point.most)
    figure = partial(say.quantity, unit=FRACTION) if indicator.unit == FRACTION else say.number
    decimals = max(indicator.rounding, decimals)
    least, most = ("" if bound is None else figure(bound, decimals=decimals) for bound in bounds)
    key = ("between" if most else "least") if least else ("most" if most else "free")
    key = "exactly" if least and point.least == point.most else key
    bound = say("bound", key, least=least, most=most)
    if point.tolerance < Fraction(1, 2 * 10**indicator.rounding):
        return bound
    return say("bound", "tolerance", bound=bound, tolerance=say.number(point.tolerance, indicator.rounding + 5))


def steps(told: CellFigures) -> Iterable[tuple[float, float]]:
    """The nearest value that meets the current checkpoints, and the gap it gives; past checkpoints stay as they are."""
    current = [outcome for outcome in told.outcomes if outcome.is_current]
    if not current or told.unseen or all(outcome.is_met for outcome in current):
        return
    value = current[0].value
    least = max((end for outcome in current if (end := outcome.least) is not None), default=None)
    most = min((end for outcome in current if (end := outcome.most) is not None), default=None)
    if least is not None and most is not None and least > most:
        return
    shares = [Fraction(1) if outcome.is_current else outcome.share for outcome in told.outcomes]
    lost = any(o.point.mandatory and share < 1 for o, share in zip(told.outcomes, shares, strict=True))
    raw = Fraction(-1) if lost else sum(shares, Fraction(0)) / len(shares) - 1
    end = least if least is not None and value < least else most
    if end is not None:
        yield float(_stated(current[0], end)), float(raw)


def _stated(outcome: Outcome, end: Fraction) -> Fraction:
    """A bound without its tolerance, as the act prints it."""
    point = outcome.point
    if point.least is not None and end == outcome.least:
        return point.least
    return point.most if point.most is not None and end == outcome.most else end


def _met(told: CellFigures) -> int:
    return sum(outcome.is_met for outcome in told.outcomes)


def _all_or_nothing(told: CellFigures) -> bool:
    """Whether the checkpoints at hand are each met whole or not at all, and are all that the gap was made from."""
    if not told.outcomes or any(outcome.share not in {0, 1} for outcome in told.outcomes):
        return False
    return told.raw is None or abs(told.raw + 1 - Fraction(_met(told), len(told.outcomes))) < _NOISE


def _beside_its_bound(outcome: Outcome, indicator: Indicator, say: Prose) -> str:
    """The value with the decimals of the act, and with more where it would print as its bound and is not."""
    decimals = _apart(outcome, indicator)
    if indicator.unit == FRACTION:
        return say.quantity(outcome.value, FRACTION, decimals)
    return format_number(outcome.value, decimals, say.language)


def _apart(outcome: Outcome, indicator: Indicator) -> int:
    """Decimals that tell the value from its bounds; one that the tolerance covers need not be told apart."""
    bounds = [bound for bound in (outcome.point.least, outcome.point.most) if bound is not None]
    told = [bound for bound in bounds if abs(bound - outcome.value) > outcome.point.tolerance]
    scale = scale_of_print(indicator.unit)
    return decimals_apart(scale * outcome.value, [scale * bound for bound in told], indicator.rounding)
