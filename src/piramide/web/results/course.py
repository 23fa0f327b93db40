"""A series of indices told: the rows of its table, its sentence, its picture; one way for every page that shows one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from piramide.cycle.runs.standing import Series, Spot
from piramide.kernel.figure import Figure, figure_of
from piramide.kernel.periods import parse_period
from piramide.reports import figures
from piramide.reports.labels import labels
from piramide.web.charts.chart import Chart
from piramide.web.charts.history import Point, Words, history_chart
from piramide.web.fields.language import spoken
from piramide.web.plans_in_force import plan_called

TARGET: Final = figure_of(100)


@dataclass(frozen=True, slots=True)
class SpotInWords:
    """One period of a series in words.

    `change` is from the period before in the same series, `None` where either is not complete or the plan is another;
    `new_plan` is the name of the plan where it is not that of the period before.
    """

    spot: Spot
    label: str
    change: Figure | None
    new_plan: str


def spots_in_words(course: Series) -> tuple[SpotInWords, ...]:
    """Every period of a series, oldest first."""
    return tuple(
        SpotInWords(
            spot,
            label_of(spot),
            course.change(place),
            plan_called(spot.plan).label if course.is_new_plan(place) else "",
        )
        for place, spot in enumerate(course.spots)
    )


def label_of(spot: Spot) -> str:
    """The period of a spot in the language of the page."""
    return parse_period(spot.period).label(spoken())


def _sentences(course: Series) -> Iterator[str]:
    """From what to what, highest and lowest, of the complete indices; how many are partial, and so left out."""
    joined = course.comparable
    if len(joined) > 1:
        yield _("Da %(first)s (%(first_period)s) a %(last)s (%(last_period)s).") % _ends(joined[0], joined[-1])
    if len(course.complete) > 1:
        yield _("Il valore più alto è %(high)s (%(high_period)s), il più basso %(low)s (%(low_period)s).") % {
            "high": _index(course.highest()),
            "high_period": label_of(course.highest()),
            "low": _index(course.lowest()),
            "low_period": label_of(course.lowest()),
        }
    if course.partial:
        yield ngettext(
            "In un periodo l'indice è parziale: il cerchio vuoto sta nella fascia in cui l'indice completo può finire.",
            "In %(count)s periodi l'indice è parziale: il cerchio vuoto sta nella fascia in cui l'indice completo può "
            "finire.",
            course.partial,
        ) % {"count": course.partial}
    if any(course.is_new_plan(place) for place in range(len(course.spots))):
        yield _("La linea si interrompe dove cambia il piano.")


def _ends(first: Spot, last: Spot) -> dict[str, str]:
    return {
        "first": _index(first),
        "first_period": label_of(first),
        "last": _index(last),
        "last_period": label_of(last),
    }


def _index(spot: Spot) -> str:
    return "" if spot.standing.index is None else figures.index(spot.standing.index, labels(spoken()))


def course_chart(name: str, course: Series, caption: str) -> Chart | None:
    """The picture of a series; none for a single period."""
    if sum(spot.standing.shown is not None for spot in course.spots) < 2:
        return None
    points = [
        Point(
            day=spot.day,
            period=label_of(spot),
            figure=spot.standing.index,
            target=TARGET,
            partial=spot.standing.partial,
            low=spot.standing.low if spot.standing.is_partial else None,
            high=spot.standing.high if spot.standing.is_partial else None,
            is_new_plan=course.is_new_plan(place),
        )
        for place, spot in enumerate(course.spots)
    ]
    summary = " ".join((*_sentences(course), _("La linea tratteggiata è l'obiettivo, 100.")))
    words = Words(caption, summary, _("Indice"), _("Indice"), _("Obiettivo"))
    return history_chart(name, points, words, partial(figures.index, say=labels(spoken())))
