"""From the report to the paper: every figure is formatted and every label chosen once, here."""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction
from typing import Final

from piramide.kernel.decimals import POINTS_DECIMALS
from piramide.kernel.figure import Printable, exactly
from piramide.kernel.statuses import Status
from piramide.reports import figures
from piramide.reports.headline import headline
from piramide.reports.labels import Labels
from piramide.reports.paper import CUT, Paper, PaperLever, PaperLoss, PaperSource, Strip
from piramide.reports.paper_rows import paper_rows, shared_note, shown_index
from piramide.reports.sheet import Lever, Loss, SheetReport, SheetRow, Source

MOST: Final = 8
"""Losses and levers that the paper lists; a spreadsheet lists all of them."""

SHORT_ID: Final = 12
"""Characters of a run's id that documents print where room is scarce; 8 are accepted."""


def worded(report: SheetReport, say: Labels) -> Paper:
    """Word the whole report in the language of `say`."""
    partial = report.index is None
    shared = shared_note(report.rows)
    shown = report.index_measured if partial else report.index
    return Paper(
        language=say.language,
        title=report.title,
        administration=report.administration,
        structure=report.structure_label,
        period=report.period_label,
        facts=_facts(report, say),
        sentence=headline(report, say),
        index_label=say("sheet", "partial_index" if partial else "index"),
        index=_shown(report, shown, say),
        band=_band(report, say) if partial else "",
        coverage=_coverage(report, say),
        strip=_strip(report, shown, say),
        demonstration=say("sheet", "demonstration") if report.is_demonstration else "",
        rows=paper_rows(report.rows, report.cap, shared, say, in_points=report.in_points),
        total_label=_total(report, say),
        total_index=shown_index(report, say),
        total_points=_total_points(report, say),
        bar_legend=say("legend", "gap"),
        gap_scale=say("sheet", "gap_scale", cap=figures.weight(report.cap, say)),
        legend=_legend(report, say),
        losses=tuple(_loss(loss, say) for loss in report.losses[:MOST]),
        other_losses=_other_losses(report.losses[MOST:], say),
        levers=tuple(_lever(lever, say) for lever in report.levers[:MOST]),
        other_levers=say("sheet", "other_levers", count=len(report.levers) - MOST) if report.levers[MOST:] else "",
        wasted=_wasted(report.levers, say),
        explanations=_explanations(report),
        definitions=tuple((entry.term, entry.text) for entry in report.definitions),
        notes=(*report.notes, *([say("sheet", "shared_note", note=shared)] if shared else ())),
        sources=tuple(_source(source, say) for source in report.sources),
        recompute=_recompute(report, say),
        command=f"piramide verify {report.run[:SHORT_ID]}",
        run_short=report.run[:SHORT_ID],
        acts=" · ".join(source.short for source in report.sources),
    )


def _coverage(report: SheetReport, say: Labels) -> str:
    """The share of weight that has a value; and that which is due, where not all is."""
    measured = say("sheet", "coverage", coverage=figures.weight(report.coverage, say))
    if report.due is None:
        return measured
    return f"{measured}, {say('sheet', 'due', due=figures.weight(report.due, say))}"


def _facts(report: SheetReport, say: Labels) -> tuple[str, ...]:
    facts = [report.kind_label, report.responsible, report.period_label]
    if report.cluster:
        facts.append(say("sheet", "cluster", cluster=report.cluster))
    if report.known_on:
        facts.append(say("sheet", "known_on", day=_day(report.known_on, say)))
    return tuple(fact for fact in facts if fact)


def _day(day: date, say: Labels) -> str:
    return day.strftime(say("style", "date"))


def _band(report: SheetReport, say: Labels) -> str:
    if report.index_low is None or report.index_high is None:
        return ""
    if report.index_measured is None:
        low, high = figures.index(report.index_low, say), figures.index(report.index_high, say)
    else:
        _, low, high = figures.banded(report.index_measured, report.index_low, report.index_high, say)
    return say("sheet", "between", low=low, high=high)


def _shown(report: SheetReport, shown: Printable | None, say: Labels) -> str:
    """The index that heads the sheet; a partial one with the decimals that tell it from its band."""
    if shown is None:
        return say("sheet", "absent")
    if report.index is not None or report.index_low is None or report.index_high is None:
        return figures.index(shown, say)
    return figures.banded(shown, report.index_low, report.index_high, say)[0]


def _strip(report: SheetReport, shown: Printable | None, say: Labels) -> Strip:
    least, most = _scale(report)
    index = say("sheet", "absent") if shown is None else figures.index(shown, say)
    alt = say("sheet", "scale", structure=report.structure_label, least=least, most=most, index=index)
    low, high = (_position(bound, report) for bound in (report.index_low, report.index_high))
    if report.index is None and report.index_low is not None and report.index_high is not None:
        bounds = {"low": figures.index(report.index_low, say), "high": figures.index(report.index_high, say)}
        alt = f"{alt} {say('sheet', 'band', **bounds)}"
    return Strip(_position(shown, report), low, high, (str(least), str(most)), alt)


def _scale(report: SheetReport) -> tuple[int, int]:
    """Ends of the scale of an index: the cap of the plan on both sides of 100, in whole points, one at the least."""
    reach = max(1, math.ceil(100 * report.cap))
    return 100 - reach, 100 + reach


def _position(index: Printable | None, report: SheetReport) -> float | None:
    """Place of an index on its scale, from 0 to 1."""
    least, most = _scale(report)
    return None if index is None else min(1.0, max(0.0, (float(index) - least) / (most - least)))


def _total(report: SheetReport, say: Labels) -> str:
    if report.index is None:
        return say("sheet", "partial_total")
    return say("sheet", "total", index=figures.index(report.index, say))


def _total_points(report: SheetReport, say: Labels) -> str:
    """Sum of the points that the table prints, taken before they are rounded."""
    brought = [exactly(row.contribution) for row in report.rows if row.is_leaf and row.contribution is not None]
    return figures.points(sum(brought, Fraction(0)), say) if brought else ""


def _legend(report: SheetReport, say: Labels) -> tuple[str, ...]:
    """How to read the table without its bars: the points, and each letter that stands beside a weight in it."""
    used = {row.weight_source for row in report.rows if row.weight is not None}
    letters = [
        f"{mark} = {say('weight_source', source)}"
        for source, mark in say.section("weight_mark").items()
        if source in used
    ]
    weights = "; ".join([say("legend", "weight_points" if report.in_points else "weight").rstrip("."), *letters]) + "."
    partial = [say("legend", "partial")] if report.index is None else []
    return (weights, say("legend", "points"), *partial)


def _loss(loss: Loss, say: Labels) -> PaperLoss:
    return PaperLoss(loss.label, figures.points(loss.points, say), loss.reason, abs(float(loss.points)), loss.node)


def _other_losses(losses: tuple[Loss, ...], say: Labels) -> str:
    """Count and sum of the losses that are not listed, so that the list still adds up."""
    if not losses:
        return ""
    together = sum((exactly(loss.points) for loss in losses), Fraction(0))
    return say("sheet", "other_losses", count=len(losses), points=figures.points(together, say))


def _lever(lever: Lever, say: Labels) -> PaperLever:
    change = say("sheet", "out_of_reach")
    if lever.for_one_point is not None:
        change = figures.measure(lever.for_one_point, lever.unit, lever.decimals, say, signed=True)
    worth = say("sheet", "none") if lever.per_percent is None else figures.rate(lever.per_percent, say)
    return PaperLever(lever.label, change, worth, lever.node)


def _wasted(levers: tuple[Lever, ...], say: Labels) -> str:
    """What the cap cuts away, in all and of which indicators."""
    lost = [(lever.label, exactly(lever.wasted)) for lever in levers if lever.wasted > 0]
    if not lost:
        return ""
    shown = [f"{label} ({figures.number(points, POINTS_DECIMALS, say)})" for label, points in lost]
    together = figures.number(sum((points for _, points in lost), Fraction(0)), POINTS_DECIMALS, say)
    return say("sheet", "wasted", points=together, labels=say("style", "list").join(shown))


def _explanations(report: SheetReport) -> tuple[tuple[str, str], ...]:
    """Explanations, in the order of the sheet, of what its columns do not tell by themselves."""
    return tuple((row.label, _continued(row)) for row in report.rows if row.explanation and _needs_words(row))


def _needs_words(row: SheetRow) -> bool:
    """Whether the gap of a leaf is anything but the plain distance of a measured value from its target."""
    if not row.is_leaf:
        return False
    if row.status != Status.MEASURED or row.contested or row.kind == "composite" or not row.weight:
        return True
    if row.value is None or not row.target or row.gap is None:
        return True
    distance = abs(float(row.value) / float(row.target) - 1)
    return abs(abs(float(row.gap)) - distance) > CUT


def _continued(row: SheetRow) -> str:
    """The explanation without the label that stands before it on paper."""
    rest = row.explanation.removeprefix(row.label).lstrip(" :,")
    return rest[:1].upper() + rest[1:]


def _source(source: Source, say: Labels) -> PaperSource:
    return PaperSource(source.short, source.label, say("style", "list").join(source.places))


def _recompute(report: SheetReport, say: Labels) -> tuple[tuple[str, str], ...]:
    told = {
        "pack": report.pack,
        "pack_hash": report.pack_hash,
        "run": report.run,
        "as_of": _day(report.as_of, say) if report.as_of else "",
    }
    return tuple((say("recompute", key), text) for key, text in told.items() if text)
