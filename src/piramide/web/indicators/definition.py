"""The words of an indicator's definition: its rule, its direction, what happens when the value is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from piramide.kernel.numbers import format_number, format_percent
from piramide.methodology.model import Act, Indicator, Pack
from piramide.reports.labels import labels
from piramide.web.fields.language import spoken
from piramide.web.indicators.formulas import MeasureInWords, in_words, measures_of
from piramide.web.results.rule_wording import rule_in_words

Words = Mapping[str, str | Promise]

DIRECTIONS: Final[Words] = {
    "up": gettext_lazy("più è meglio"),
    "down": gettext_lazy("meno è meglio"),
    "both": gettext_lazy("né troppo né troppo poco"),
}
LEVELS: Final[Words] = {
    "ratio": gettext_lazy("rapporto: per chi sta sopra si sommano i termini e poi si divide"),
    "flow": gettext_lazy("flusso: si somma nel tempo e verso l'alto"),
    "level": gettext_lazy("stato alla fine del periodo"),
}
MISSING: Final[Words] = {
    "leave": gettext_lazy("se manca, l'indice resta parziale e lo dice"),
    "previous": gettext_lazy("se manca, vale l'ultimo valore conosciuto"),
    "worst": gettext_lazy("se manca, vale il minimo"),
}
MOMENTS: Final[Words] = {
    "Q1": gettext_lazy("1° trimestre"),
    "Q2": gettext_lazy("2° trimestre"),
    "Q3": gettext_lazy("3° trimestre"),
    "Q4": gettext_lazy("4° trimestre"),
    "year": gettext_lazy("anno"),
    "any": gettext_lazy("sempre"),
}


@dataclass(frozen=True, slots=True)
class Bound:
    """One checkpoint of a threshold, in words."""

    moment: str
    least: str
    most: str
    is_mandatory: bool


@dataclass(frozen=True, slots=True)
class CurveStep:
    """A point of a curve in words: what gives an index; `is_below` for what lies before the first point."""

    at: str
    gives: str
    is_below: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """The definition of an indicator as its page prints it."""

    indicator: Indicator
    unit: str
    direction: str
    rule: str
    level: str
    missing: str
    formula_in_words: str
    measures: tuple[MeasureInWords, ...]
    act: Act | None
    place: str
    owner: str
    bounds: tuple[Bound, ...]
    curve: tuple[CurveStep, ...]
    measured_on: tuple[str, ...]

    @property
    def is_curve_of_attainment(self) -> bool:
        """Whether its curve is of the share of the target that is reached."""
        return self.indicator.curve is not None and self.indicator.curve.of == "attainment"


def definition_of(indicator: Indicator, pack: Pack, day: date) -> Definition:
    """The definition in words; `day` is that of the organisation."""
    say = labels(spoken())
    organisation = pack.organisation.on(min(max(day, pack.since), pack.until))
    owner = organisation.structures.get(indicator.owner)
    return Definition(
        indicator=indicator,
        unit=say.word("unit", indicator.unit),
        direction=str(DIRECTIONS.get(indicator.direction, indicator.direction)),
        rule=rule_in_words(indicator.rule),
        level=str(LEVELS.get(indicator.level, "")),
        missing=str(MISSING[indicator.missing.value]),
        formula_in_words=in_words(indicator.formula, pack),
        measures=measures_of(indicator.formula, pack),
        act=pack.acts.get(indicator.citation.act),
        place=indicator.citation.place,
        owner=owner.label if owner else indicator.owner,
        bounds=tuple(_bounds(indicator)),
        curve=tuple(_curve(indicator)),
        measured_on=tuple(sorted({say.kind(kind, pack.structure_kinds) for kind in indicator.measured_on})),
    )


def _bounds(indicator: Indicator) -> list[Bound]:
    return [
        Bound(
            str(MOMENTS.get(point.moment, point.moment)),
            _bound(point.least, indicator),
            _bound(point.most, indicator),
            point.mandatory,
        )
        for point in indicator.checkpoints
    ]


def _curve(indicator: Indicator) -> Iterator[CurveStep]:
    """What is given below the first point, then point by point."""
    curve, language = indicator.curve, spoken()
    if curve is None:
        return
    if curve.of == "attainment":
        places = [format_percent(point.at, 0, language) for point in curve.points]
    else:
        places = [format_number(point.at, indicator.rounding, language) for point in curve.points]
    yield CurveStep(places[0], format_number(curve.below, 0, language), is_below=True)
    for place, point in zip(places, curve.points, strict=True):
        yield CurveStep(place, format_number(point.gives, 0, language))


def _bound(bound: Fraction | None, indicator: Indicator) -> str:
    return "" if bound is None else format_number(bound, indicator.rounding, spoken())
