"""The sheet in words: every figure formatted and every label chosen once, for whoever lays them out.

`Paper` holds texts only, apart from the few numbers that position a bar. The PDF template and the Markdown writer
receive the same one, so they cannot tell two stories.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from piramide.reports import figures
from piramide.reports.headline import headline
from piramide.reports.labels import Labels
from piramide.reports.sheet import Figure, Lever, Loss, SheetReport, SheetRow, Source
from piramide.reports.status import WITHOUT_VALUE, Mark, marks

CAP = 0.5
"""End of the scale that all gap bars share; packs cap gaps here."""

CUT = 1e-9
"""Fractions closer than this are the same gap."""

MOST = 8
"""Losses and levers that the paper lists; a spreadsheet lists all of them."""

SHORT_ID = 12
"""Characters of a run's id that documents print where room is scarce; 8 are accepted."""

SCALE = (50, 150)
"""Ends of the scale of an index: the cap on both sides of 100."""


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One line of the sheet as texts; `bar` is the gap between -CAP and CAP, `None` where no value is."""

    kind: str
    is_leaf: bool
    depth: int
    label: str
    reference: str
    weight: str
    weight_mark: str
    target: str
    is_worded: bool
    value: str
    gap: str
    raw_gap: str
    bar: float | None
    at_cap: bool
    index: str
    points: str
    marks: tuple[Mark, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The index on its scale of 50 to 150: the point if there is one, the band, and the sentence read in its place."""

    point: float | None
    low: float | None
    high: float | None
    alt: str


@dataclass(frozen=True, slots=True)
class PaperLoss:
    """One line of "why not 100"; `size` is the length of its bar, in points."""

    label: str
    points: str
    reason: str
    size: float


@dataclass(frozen=True, slots=True)
class PaperLever:
    """One line of "what counts most now"."""

    label: str
    for_one_point: str
    per_percent: str


@dataclass(frozen=True, slots=True)
class PaperSource:
    """An act and its places."""

    short: str
    label: str
    places: str


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole sheet as texts, in the order it is read."""

    language: str
    title: str
    administration: str
    structure: str
    period: str
    facts: tuple[str, ...]
    sentence: str
    index_label: str
    index: str
    band: str
    coverage: str
    strip: Strip
    demonstration: str
    rows: tuple[PaperRow, ...]
    total_label: str
    total_index: str
    total_points: str
    legend: tuple[str, ...]
    losses: tuple[PaperLoss, ...]
    other_losses: str
    levers: tuple[PaperLever, ...]
    other_levers: str
    wasted: str
    explanations: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    sources: tuple[PaperSource, ...]
    recompute: tuple[tuple[str, str], ...]
    command: str
    run_short: str
    acts: str


def worded(report: SheetReport, say: Labels) -> Paper:
    """Word the whole report in the language of `say`."""
    partial = report.index is None
    shown = report.index_measured if partial else report.index
    absent = say("sheet", "absent")
    return Paper(
        language=say.language,
        title=report.title,
        administration=report.administration,
        structure=report.structure_label,
        period=report.period_label,
        facts=_facts(report, say),
        sentence=headline(report, say),
        index_label=say("sheet", "partial_index" if partial else "index"),
        index=absent if shown is None else figures.index(shown, say),
        band=_band(report, say) if partial else "",
        coverage=say("sheet", "coverage", coverage=figures.weight(report.coverage, say)),
        strip=_strip(report, shown, say),
        demonstration=say("sheet", "demonstration") if report.is_demonstration else "",
        rows=tuple(_row(row, say) for row in report.rows),
        total_label=_total(report, say),
        total_index=_index(report, say),
        total_points=_total_points(report, say),
        legend=_legend(report, say),
        losses=tuple(_loss(loss, say) for loss in report.losses[:MOST]),
        other_losses=_other_losses(report.losses[MOST:], say),
        levers=tuple(_lever(lever, say) for lever in report.levers[:MOST]),
        other_levers=say("sheet", "other_levers", count=len(report.levers) - MOST) if report.levers[MOST:] else "",
        wasted=_wasted(report.levers, say),
        explanations=_explanations(report),
        definitions=tuple((entry.term, entry.text) for entry in report.definitions),
        notes=report.notes,
        sources=tuple(_source(source, say) for source in report.sources),
        recompute=_recompute(report, say),
        command=f"piramide verify {report.run[:SHORT_ID]}",
        run_short=report.run[:SHORT_ID],
        acts=" · ".join(source.short for source in report.sources),
    )


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
    low, high = figures.index(report.index_low, say), figures.index(report.index_high, say)
    return say("sheet", "between", low=low, high=high)


def _strip(report: SheetReport, shown: Figure | None, say: Labels) -> Strip:
    least, most = SCALE
    index = say("sheet", "absent") if shown is None else figures.index(shown, say)
    alt = say("sheet", "scale", structure=report.structure_label, least=least, most=most, index=index)
    low, high = (_position(bound) for bound in (report.index_low, report.index_high))
    if report.index is None and report.index_low is not None and report.index_high is not None:
        bounds = {"low": figures.index(report.index_low, say), "high": figures.index(report.index_high, say)}
        alt = f"{alt} {say('sheet', 'band', **bounds)}"
    return Strip(_position(shown), low, high, alt)


def _position(index: Figure | None) -> float | None:
    """Place of an index on its scale, from 0 to 1."""
    least, most = SCALE
    return None if index is None else min(1.0, max(0.0, (float(index) - least) / (most - least)))


def _row(row: SheetRow, say: Labels) -> PaperRow:
    none = say("sheet", "none")
    return PaperRow(
        kind=say.word("kind", row.kind),
        is_leaf=row.is_leaf,
        depth=row.depth,
        label=row.label,
        reference=row.reference,
        weight="" if row.weight is None else figures.weight(row.weight, say),
        weight_mark=say.section("weight_mark").get(row.weight_source, ""),
        target=target(row, say),
        is_worded=bool(row.target_text),
        value=value(row, say),
        gap="" if row.gap is None else figures.gap(row.gap, say),
        raw_gap=_raw_gap(row, say),
        bar=None if row.gap is None else min(CAP, max(-CAP, float(row.gap))),
        at_cap=row.gap is not None and abs(float(row.gap)) >= CAP - CUT,
        index=_index(row, say) or none,
        points=none if row.contribution is None else figures.points(row.contribution, say),
        marks=marks(row, say),
        note=row.note,
    )


def _raw_gap(row: SheetRow, say: Labels) -> str:
    """What the gap would be without its cap, where the cap cuts it."""
    if row.gap is None or row.gap_raw is None or abs(float(row.gap_raw)) - abs(float(row.gap)) < CUT:
        return ""
    return say("sheet", "raw_gap", gap=figures.gap(row.gap_raw, say))


def target(row: SheetRow, say: Labels) -> str:
    """What was asked of a leaf, in the words of the act where it uses words."""
    if not row.is_leaf:
        return ""
    if row.target_text:
        return row.target_text
    return say("sheet", "none") if row.target is None else figures.measure(row.target, row.unit, row.decimals, say)


def value(row: SheetRow, say: Labels) -> str:
    """What was measured of a leaf; an absent value says so and is never zero."""
    if not row.is_leaf:
        return ""
    if row.value is None:
        return say("status", row.status) if row.status in WITHOUT_VALUE else say("sheet", "absent")
    return figures.measure(row.value, row.unit, row.decimals, say)


def _index(row: SheetRow | SheetReport, say: Labels) -> str:
    """An index; where values are missing below, the partial one in brackets."""
    if row.index is not None:
        return figures.index(row.index, say)
    return "" if row.index_measured is None else f"({figures.index(row.index_measured, say)})"


def _total(report: SheetReport, say: Labels) -> str:
    if report.index is None:
        return say("sheet", "partial_total")
    return say("sheet", "total", index=figures.index(report.index, say))


def _total_points(report: SheetReport, say: Labels) -> str:
    """Sum of the points that the table prints, taken before they are rounded."""
    brought = [figures.exact(row.contribution) for row in report.rows if row.is_leaf and row.contribution is not None]
    return figures.points(sum(brought, Fraction(0)), say) if brought else ""


def _legend(report: SheetReport, say: Labels) -> tuple[str, ...]:
    """How to read the table: the bars, the points, and each letter that stands beside a weight in it."""
    used = {row.weight_source for row in report.rows if row.weight is not None}
    letters = [
        f"{mark} = {say('weight_source', source)}"
        for source, mark in say.section("weight_mark").items()
        if source in used
    ]
    weights = "; ".join([say("legend", "weight").rstrip("."), *letters]) + "."
    partial = [say("legend", "partial")] if report.index is None else []
    return (say("legend", "gap"), weights, say("legend", "points"), *partial)


def _loss(loss: Loss, say: Labels) -> PaperLoss:
    return PaperLoss(loss.label, figures.points(loss.points, say), loss.reason, abs(float(loss.points)))


def _other_losses(losses: tuple[Loss, ...], say: Labels) -> str:
    """Count and sum of the losses that are not listed, so that the list still adds up."""
    if not losses:
        return ""
    together = sum((figures.exact(loss.points) for loss in losses), Fraction(0))
    return say("sheet", "other_losses", count=len(losses), points=figures.points(together, say))


def _lever(lever: Lever, say: Labels) -> PaperLever:
    change = say("sheet", "out_of_reach")
    if lever.for_one_point is not None:
        change = figures.measure(lever.for_one_point, lever.unit, lever.decimals, say, signed=True)
    worth = say("sheet", "none") if lever.per_percent is None else figures.rate(lever.per_percent, say)
    return PaperLever(lever.label, change, worth)


def _wasted(levers: tuple[Lever, ...], say: Labels) -> str:
    """What the cap cuts away, in all and of which indicators."""
    lost = [(lever.label, figures.exact(lever.wasted)) for lever in levers if lever.wasted > 0]
    if not lost:
        return ""
    shown = [f"{label} ({figures.number(points, figures.POINTS_DECIMALS, say)})" for label, points in lost]
    together = figures.number(sum((points for _, points in lost), Fraction(0)), figures.POINTS_DECIMALS, say)
    return say("sheet", "wasted", points=together, labels=say("style", "list").join(shown))


def _explanations(report: SheetReport) -> tuple[tuple[str, str], ...]:
    """Explanations in the order of the sheet, without those that "why not 100" already tells."""
    told = {loss.label for loss in report.losses[:MOST] if loss.reason}
    return tuple((row.label, row.explanation) for row in report.rows if row.explanation and row.label not in told)


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
