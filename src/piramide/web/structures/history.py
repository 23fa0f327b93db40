"""The index of a structure in every period: quarters and months apart, each with its line and its table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piramide.cycle.runs.standing import Cadence, Series, cadence, change
from piramide.kernel.figure import Figure
from piramide.web.charts.chart import Chart
from piramide.web.house.pages import kept
from piramide.web.results.course import SpotInWords, course_chart, spots_in_words
from piramide.web.results.models import RunRecord
from piramide.web.structures.sheet_page import head_context, paper_of
from piramide.web.structures.shown import Shown

NAMES: Final[Mapping[Cadence, str | Promise]] = {
    Cadence.QUARTER: gettext_lazy("Trimestre per trimestre"),
    Cadence.MONTH: gettext_lazy("Mese per mese"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A period of the table, with the run that it is read from."""

    told: SpotInWords
    record: RunRecord


@dataclass(frozen=True, slots=True)
class Section:
    """One series: newest line first; `first` and `last` are what its sentence joins, `None` below two of them."""

    name: str
    chart: Chart | None
    lines: tuple[Line, ...]
    first: SpotInWords | None
    last: SpotInWords | None
    change: Figure | None


def history_body(shown: Shown) -> SafeString:
    """The page of the history."""
    return kept(shown.key("structures.history"), lambda: _body(shown))


def _body(shown: Shown) -> SafeString:
    context = head_context(shown, "structures:history", paper_of(shown)) | {"sections": tuple(_sections(shown))}
    return render_to_string("structures/history_body.html", context)


def _sections(shown: Shown) -> Iterator[Section]:
    """The series of the period shown, then the other."""
    own = cadence(shown.record.period)
    courses = shown.chosen.courses(shown.structure)
    for kind in sorted(courses, key=lambda kind: kind is not own):
        yield _section(shown, kind, courses[kind])


def _section(shown: Shown, kind: Cadence, course: Series) -> Section:
    records = {record.run: record for record in shown.chosen.records}
    told = spots_in_words(course)
    caption = _("L'indice di %(structure)s: %(cadence)s") % {
        "structure": shown.place.label,
        "cadence": str(NAMES[kind]).lower(),
    }
    joined = course.comparable if len(course.comparable) > 1 else ()
    by_run = {one.spot.run: one for one in told}
    first, last = (by_run[joined[place].run] if joined else None for place in (0, -1))
    return Section(
        name=str(NAMES[kind]),
        chart=course_chart(f"storia-{kind}", course, caption),
        lines=tuple(Line(one, records[one.spot.run]) for one in reversed(told)),
        first=first,
        last=last,
        change=change(last.spot.standing, first.spot.standing) if first and last else None,
    )
