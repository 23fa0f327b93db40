"""The one sentence that answers "how is this structure doing", with the number in it."""

from __future__ import annotations

from fractions import Fraction

from piramide.kernel.figure import exactly
from piramide.kernel.rounding import side_of
from piramide.reports import figures
from piramide.reports.labels import Labels
from piramide.reports.sheet import SheetReport


def headline(report: SheetReport, say: Labels) -> str:
    """Where the structure stands, and which indicator takes most away."""
    return f"{_standing(report, say)} {_largest_loss(report, say)}".strip()


def _standing(report: SheetReport, say: Labels) -> str:
    name = report.structure_label
    if report.index is not None:
        return _distance(name, exactly(report.index), say)
    if report.due is not None and not report.due:
        return say("sentence", "later", structure=name)
    low, high = (
        say("sheet", "absent") if bound is None else figures.index(bound, say)
        for bound in (report.index_low, report.index_high)
    )
    if report.index_measured is None:
        return say("sentence", "unmeasured", structure=name, low=low, high=high)
    measured = figures.index(report.index_measured, say)
    if report.index_low is not None and report.index_high is not None:
        measured, low, high = figures.banded(report.index_measured, report.index_low, report.index_high, say)
    coverage = figures.weight(report.coverage, say)
    return say("sentence", "partial", structure=name, index=measured, coverage=coverage, low=low, high=high)


def _distance(name: str, index: Fraction, say: Labels) -> str:
    """The printed distance is that of the printed index, so that the sentence adds up."""
    printed = figures.index(index, say)
    if not side_of(index, 100):
        return say("sentence", "level", structure=name, index=printed)
    side = "above" if index > 100 else "below"
    decimals = figures.index_decimals(index)
    distance = figures.number(abs(figures.rounded(index, decimals) - 100), decimals, say)
    return say("sentence", side, structure=name, index=printed, points=distance)


def _largest_loss(report: SheetReport, say: Labels) -> str:
    if report.index_measured is None and report.index is None:
        return ""
    losses = [loss for loss in report.losses if loss.points < 0]
    if not losses:
        return say("sentence", "loss_none")
    largest = min(losses, key=lambda loss: loss.points)
    return say(
        "sentence",
        "loss_one" if len(losses) == 1 else "loss_many",
        count=len(losses),
        leaves=sum(row.is_leaf for row in report.rows),
        label=largest.label,
        points=figures.points(largest.points, say),
    )
