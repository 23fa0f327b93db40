"""The page of one indicator, put together once per run."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from piramide.cycle.runs.standing import tally
from piramide.methodology.model import Indicator, Pack
from piramide.reports import figures
from piramide.reports.labels import labels
from piramide.web.charts.chart import Chart
from piramide.web.charts.tiles import Tile
from piramide.web.fields.language import spoken
from piramide.web.indicators.definition import Definition, definition_of
from piramide.web.indicators.ranking import (
    Group,
    KindWeight,
    Past,
    Row,
    comparison,
    grouped,
    history,
    map_of,
    rows_of,
    weights,
)
from piramide.web.results.registry import Chosen, opened_runs


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the page prints."""

    definition: Definition
    sentence: str
    groups: tuple[Group, ...]
    weights: tuple[KindWeight, ...]
    comparison: Chart | None
    tiles: tuple[Tile, ...]
    history: Chart | None
    past: tuple[Past, ...]


def page_of(chosen: Chosen, top: str, indicator: Indicator, pack: Pack) -> Page:
    """The page of `indicator` in the chosen run."""
    outline = opened_runs().outline(chosen.record.run)
    rows = rows_of(outline, chosen.figures, indicator)
    whole = next((row for row in rows if row.structure == top), None)
    others = [row for row in rows if row.structure != top]
    groups = grouped(chosen, rows)
    chart, past = history(chosen, whole, indicator) if whole else (None, ())
    return Page(
        definition=definition_of(indicator, pack, chosen.record.ends_on),
        sentence=_sentence(indicator, whole, others),
        groups=groups,
        weights=tuple(weights(outline, rows, pack)),
        comparison=comparison(grouped(chosen, others), indicator),
        tiles=map_of(outline, rows, pack),
        history=chart,
        past=past,
    )


def _sentence(indicator: Indicator, whole: Row | None, others: list[Row]) -> str:
    """How the whole administration stands, and how many structures are on target."""
    found = tally(row.standing for row in others)
    counted = {"reached": found.reached, "count": found.scored}
    many = _("%(reached)s strutture su %(count)s sono a 100 o più.") % counted if found.scored else ""
    if whole is None:
        first = _("%(label)s non è nella scheda dell'amministrazione.") % {"label": indicator.label}
    elif whole.value is None:
        first = _("%(label)s non è ancora misurato per l'amministrazione.") % {"label": indicator.label}
    elif whole.judged and whole.index is not None:
        first = _("%(label)s rispetta %(judged)s per l'amministrazione: il suo indice è %(index)s.") % {
            "label": indicator.label,
            "judged": whole.judged,
            "index": figures.index(whole.index, labels(spoken())),
        }
    elif whole.index is None or not whole.target_text:
        first = _("%(label)s vale %(value)s per l'amministrazione.") % {
            "label": indicator.label,
            "value": whole.value_text,
        }
    else:
        first = _("%(label)s vale %(value)s contro un obiettivo di %(target)s: l'amministrazione è a %(index)s.") % {
            "label": indicator.label,
            "value": whole.value_text,
            "target": whole.target_text,
            "index": figures.index(whole.index, labels(spoken())),
        }
    return f"{first} {many}".strip()
