"""The rows of a grid: what is asked, what is there, what was typed and why it failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from piramide.kernel.numbers import format_quantity, from_float, scale_of_print
from piramide.kernel.periods import parse_period
from piramide.kernel.statuses import ANSWERED, Status
from piramide.methodology.model import Indicator, Range
from piramide.scoring.rules.kinds import value_bounds
from piramide.web.accounts.access import Access
from piramide.web.accounts.roles import Action
from piramide.web.collection.asked import Expected, asked_at, asked_indicator, expected_for, indicator_of
from piramide.web.collection.campaigns import name_of
from piramide.web.collection.cells import Typed, shown
from piramide.web.collection.models import Ask, Campaign, Value
from piramide.web.fields.language import spoken
from piramide.web.house.templatetags.piramide import NOTHING


def words_of_status() -> dict[str, str]:
    """What a person reads for each status they may give."""
    return {
        Status.MEASURED: _("misurato"),
        Status.ESTIMATED: _("stimato"),
        Status.NOT_APPLICABLE: _("non applicabile"),
        Status.NOT_STARTED: _("non avviato"),
        Status.MISSING: _("mancante"),
    }


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of a grid; texts are ready to print, `typed` is what is in the boxes."""

    ask: Ask
    label: str
    structure: str
    unit: str
    target: str
    year_before: str
    expected: str
    value: str
    status: str
    note: str
    seen: int
    may_edit: bool
    problem: str = ""
    is_conflict: bool = False
    remark: str = ""

    @property
    def current(self) -> Value | None:
        """The version that holds."""
        return self.ask.current


def cells(
    person: Access, campaign: Campaign, asks: Iterable[Ask], failed: Mapping[int, tuple[Typed, str]] | None = None
) -> list[Cell]:
    """The rows of a grid; `failed` holds what was typed into cells that could not be kept, and why."""
    asked, earlier = asked_at(campaign.period, campaign.pack), expected_for(campaign.period)
    failed = failed or {}
    answer = []
    for ask in asks:
        item = asked.get((ask.structure, ask.indicator, ask.period))
        label = item.label if item else ask.indicator
        if ask.period != campaign.period:
            label = f"{label} ({parse_period(ask.period).label()})"
        expected = earlier.get((ask.structure, ask.indicator), Expected())
        typed, problem = failed.get(ask.pk, (_typed(ask), ""))
        answer.append(
            Cell(
                ask=ask, label=label, structure=name_of(ask.structure), unit=_unit(item.unit if item else ""),
                target=item.target if item else "", year_before=_figure(expected.year_before, ask),
                expected=_range(expected, ask), value=typed.value, status=typed.status, note=typed.note,
                seen=ask.current_id or 0,
                may_edit=campaign.is_open and person.may(Action.COLLECT, ask.structure),
                problem=problem, is_conflict=bool(problem) and typed.seen != (ask.current_id or 0),
                remark=remark(ask, campaign, expected),
            )
        )  # fmt: skip
    return answer


def _typed(ask: Ask) -> Typed:
    current = ask.current
    if current is None:
        return Typed("", Status.MEASURED, "", 0)
    status = current.status if current.status in ANSWERED else Status.MEASURED
    return Typed(shown(current.value), status, current.note, current.pk)


def remark(ask: Ask, campaign: Campaign, expected: Expected | None = None) -> str:
    """What is odd about a value that is kept all the same: outside what it can be, or the range of earlier ones."""
    if ask.current is None or not ask.current.value:
        return ""
    indicator = asked_indicator(ask.indicator, campaign.period, campaign.pack)
    if indicator and not Range(*value_bounds(indicator)).holds(Fraction(ask.current.value)):
        return _("Fuori dai valori possibili (%(range)s): controlla, o spiega nella nota.") % {
            "range": _possible(indicator)
        }
    known = expected or expected_for(campaign.period).get((ask.structure, ask.indicator), Expected())
    if known.holds(float(ask.current.value)):
        return ""
    return _("Fuori dall'intervallo atteso: controlla, o spiega nella nota.")


def _possible(indicator: Indicator) -> str:
    """What a value of an indicator can be, in words; at least one end binds."""
    least, most = (
        None if end is None else format_quantity(end, indicator.unit, _fewest(end, indicator), spoken())
        for end in value_bounds(indicator)
    )
    if least is None or most is None:
        return _("almeno %(least)s") % {"least": least} if most is None else _("al più %(most)s") % {"most": most}
    return _("da %(least)s a %(most)s") % {"least": least, "most": most}


def _fewest(end: Fraction, indicator: Indicator) -> int:
    """A whole bound has no decimals."""
    return 0 if (scale_of_print(indicator.unit) * end).denominator == 1 else indicator.rounding


def _figure(value: float | None, ask: Ask) -> str:
    if value is None:
        return NOTHING
    indicator = indicator_of(ask.indicator)
    unit, decimals = (indicator.unit, indicator.rounding) if indicator else ("", 2)
    return format_quantity(from_float(value), unit, decimals, spoken())


def _range(expected: Expected, ask: Ask) -> str:
    if expected.low is None or expected.high is None:
        return NOTHING
    return f"{_figure(expected.low, ask)} – {_figure(expected.high, ask)}"


def _unit(unit: str) -> str:
    """The unit in words, as the plural of nothing: `giorni`, `€`; empty for plain numbers."""
    text = format_quantity(Fraction(0), unit, 0, spoken()) if unit else ""
    return text.removeprefix("0").strip()


def version_rows(ask: Ask) -> list[dict[str, Any]]:
    """Every version of a cell, newest first."""
    words = words_of_status()
    return [
        {
            "version": version,
            "value": shown(version.value) if version.value else NOTHING,
            "status": words.get(version.status, version.status),
            "origin": version.get_origin_display(),
        }
        for version in ask.versions.select_related("by")
    ]
