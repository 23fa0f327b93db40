"""The target of a period: the year's, or what the quarterly programme makes of it (R13)."""

from __future__ import annotations

from fractions import Fraction

from piramide.kernel.periods import FINAL, Moment
from piramide.methodology.model import Checkpoint, Indicator, Node, Profile, RuleKind
from piramide.methodology.profile_kinds import ProfileKind
from piramide.scoring.rules.kinds import year_target


def target_of_period(
    node: Node | None, indicator: Indicator, profile: Profile | None, moment: Moment
) -> Fraction | None:
    """The target to compare a value of `moment` with, in the indicator's unit; `None` where no act gives one.

    A profile of kind `year_end` or `final` asks for the year's, once it is due. One of kind `reduction` has no figure
    of its own inside the year: `looks_back` says so, and the target is the value of the quarter before.
    """
    stated = node.target if node else None
    if indicator.rule is RuleKind.THRESHOLD:
        return _bound(indicator.checkpoints, moment, stated)
    year = year_target(stated, indicator)
    if profile is None or profile.kind not in {ProfileKind.SHARE, ProfileKind.LEVEL, ProfileKind.LINEAR}:
        return year
    if profile.kind is ProfileKind.LEVEL:
        return _at(profile.quarters, moment, profile.quarters[0])
    return None if year is None else year * _at(profile.quarters, moment, Fraction(0))


def looks_back(profile: Profile | None, moment: Moment) -> bool:
    """Whether the target is the value of the quarter before: progressive reduction, before the year's end (R13)."""
    return profile is not None and profile.kind is ProfileKind.REDUCTION and moment.month < 12


def quarter_before(moment: Moment) -> Moment | None:
    """End of the last quarter before `moment` in the same year; `None` in the first."""
    quarters = (min(moment.month, 12) - 1) // 3
    return Moment(moment.year, 3 * quarters) if quarters else None


def _bound(checkpoints: tuple[Checkpoint, ...], moment: Moment, year: Fraction | None) -> Fraction | None:
    """What the latest checkpoint asks by `moment`: its upper bound, else its lower one; the year's without any."""
    latest = latest_due(checkpoints, moment)
    if latest is None:
        return year
    return latest.least if latest.most is None else latest.most


def latest_due(checkpoints: tuple[Checkpoint, ...], moment: Moment) -> Checkpoint | None:
    """The last checkpoint that is due by `moment`; `None` before the first."""
    due = [point for point in checkpoints if _month_of(point) <= moment.month]
    return max(due, key=_month_of, default=None)


def _month_of(point: Checkpoint) -> int:
    """Month at whose end a checkpoint falls due."""
    return {"any": 0, "Q1": 3, "Q2": 6, "Q3": 9, "Q4": 12, "year": FINAL}[point.moment]


def _at(quarters: tuple[Fraction, ...], moment: Moment, start: Fraction) -> Fraction:
    """The programme at `moment`, months on the straight line from the quarter before (`start` before the first)."""
    month = min(moment.month, 12)
    quarter = (month - 1) // 3
    before = quarters[quarter - 1] if quarter else start
    return before + (quarters[quarter] - before) * Fraction(month - 3 * quarter, 3)
