"""The index of a structure in every period: a line, and its table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piramide.kernel.periods import parse_period
from piramide.reports import figures
from piramide.web.charts.chart import Chart
from piramide.web.charts.history import Point, Words, history_chart
from piramide.web.house.language import spoken
from piramide.web.house.pages import kept
from piramide.web.results.models import RunRecord
from piramide.web.results.plans_in_force import plan_called
from piramide.web.results.shelf import library
from piramide.web.structures.sheet_page import head_context, paper_of, words
from piramide.web.structures.shown import Shown


@dataclass(frozen=True, slots=True)
class Line:
    """One period; `change` is from the period before it, `None` where either has no figure.

    `new_plan` is the name of the version it was scored with, where the period before had another.
    """

    record: RunRecord
    label: str
    index: float | None
    standing: float | None
    low: float | None
    high: float | None
    coverage: float | None
    change: float | None
    new_plan: str


def history_body(shown: Shown) -> SafeString:
    """The page of the history."""
    return kept(shown.key("structures.history"), lambda: _body(shown))


def _body(shown: Shown) -> SafeString:
    lines = list(_lines(shown))
    known = [line for line in lines if line.standing is not None]
    context = head_context(shown, "structures:history", paper_of(shown))
    context |= {"lines": lines[::-1], "chart": _chart(shown, lines, known) if len(known) > 1 else None}
    context |= {"first": known[0] if known else None, "last": known[-1] if known else None}
    context["change"] = known[-1].standing - known[0].standing if len(known) > 1 else None  # type: ignore[operator]  # known
    return render_to_string("structures/history_body.html", context)


def _lines(shown: Shown) -> Iterator[Line]:
    before: float | None = None
    pack = ""
    for record, standing in shown.chosen.history(shown.structure):
        found = library().figures(record.run)
        change = None if before is None or standing is None else standing - before
        yield Line(
            record=record,
            label=parse_period(record.period).label(spoken()),
            index=found.figure("index", shown.structure),
            standing=standing,
            low=found.figure("index_low", shown.structure),
            high=found.figure("index_high", shown.structure),
            coverage=found.figure("coverage", shown.structure),
            change=change,
            new_plan=plan_called(record.pack).label if pack and record.pack != pack else "",
        )
        before, pack = standing, record.pack


def _chart(shown: Shown, lines: Sequence[Line], known: Sequence[Line]) -> Chart:
    points = [Point(line.record.ends_on, line.label, line.standing, 100.0) for line in lines]
    best, worst = (pick(known, key=lambda line: line.standing or 0.0) for pick in (max, min))
    partial = sum(line.index is None for line in known)
    summary = _("Il valore più alto è %(high)s (%(high_period)s), il più basso %(low)s (%(low_period)s).") % {
        "high": figures.index(best.standing or 0.0, words()),
        "high_period": best.label,
        "low": figures.index(worst.standing or 0.0, words()),
        "low_period": worst.label,
    }
    if partial:
        summary += " " + ngettext(
            "In un periodo l'indice è parziale.", "In %(count)s periodi l'indice è parziale.", partial
        ) % {"count": partial}
    caption = _("L'indice di %(structure)s nel tempo") % {"structure": shown.place.label}
    return history_chart("storia", points, Words(caption, summary, _("Indice"), _("Indice"), _("Obiettivo")))
