"""The list of indicators by dimension, with how the whole administration stands in each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from piramide.cycle.runs.opened_runs import RunOutline
from piramide.cycle.runs.standing import NOWHERE, Standing, change, tally
from piramide.kernel.figure import Figure
from piramide.methodology.model import Indicator, Pack
from piramide.web.indicators.ranking import quantity
from piramide.web.results.registry import Chosen, opened_runs
from piramide.web.search.folding import folded


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator in the list; the figures are those of the whole administration, `None` where its sheet lacks it."""

    indicator: Indicator
    address: str
    value: str
    target: str
    standing: Standing
    change: Figure | None
    structures: int


@dataclass(frozen=True, slots=True)
class Section:
    """The indicators of one dimension."""

    label: str
    anchor: str
    entries: tuple[Entry, ...]


def sections(chosen: Chosen, top: str, pack: Pack, text: str = "") -> tuple[Section, ...]:
    """Every indicator that the run scored whose words hold those of `text`, by the dimension it first stands under."""
    outline = opened_runs().outline(chosen.record.run)
    words = folded(text).split()
    found: dict[str, list[Entry]] = {}
    places = _places(outline, top)
    for place in places.values():
        indicator = pack.indicators.get(place.indicator)
        if indicator is not None and _holds(indicator, words):
            found.setdefault(place.dimension, []).append(_entry(chosen, top, place, indicator))
    sheets = (outline.nodes.get(top, ()), *outline.nodes.values())
    labels = {row.node: row.label for rows in sheets for row in rows if not row.parent}
    return tuple(Section(label, root, tuple(found[root])) for root, label in labels.items() if root in found)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an indicator first stands: its dimension, its node in the sheet of the top; and how many sheets have it."""

    indicator: str
    dimension: str
    node: str
    sheets: int


def _places(outline: RunOutline, top: str) -> dict[str, _Place]:
    """Every indicator of a run, the ones of the top first."""
    found: dict[str, _Place] = {}
    for name in (top, *(name for name in outline.nodes if name != top)):
        roots: dict[str, str] = {}
        here: dict[str, _Place] = {}
        for row in outline.nodes.get(name, ()):
            roots[row.node] = roots.get(row.parent, row.node)
            if row.indicator:
                first = found.get(row.indicator)
                place = first or _Place(row.indicator, roots[row.node], row.node if name == top else "", 0)
                here[row.indicator] = replace(place, sheets=place.sheets + 1)
        found |= here
    return found


def _holds(indicator: Indicator, words: Iterable[str]) -> bool:
    held = folded(f"{indicator.label} {indicator.definition} {indicator.id.replace('_', ' ')} {indicator.owner}")
    return all(word in held for word in words)


def _entry(chosen: Chosen, top: str, place: _Place, indicator: Indicator) -> Entry:
    node, structures = place.node, place.sheets
    address = reverse("indicators:indicator", args=[indicator.id])
    if not node:
        return Entry(indicator, address, "", "", NOWHERE, None, structures)
    now, before = chosen.figures, chosen.before
    value, target = (now.figure(name, top, node) for name in ("value", "target"))
    standing = now.standing(top, node)
    moved = change(standing, before.standing(top, node) if before else NOWHERE)
    texts = quantity(value, indicator), quantity(target, indicator)
    return Entry(indicator, address, *texts, standing, moved, structures)


def lead(found: Iterable[Section]) -> str:
    """How many indicators the whole administration has on target."""
    entries = [entry for section in found for entry in section.entries]
    counted = tally(entry.standing for entry in entries)
    return _(
        "%(count)s indicatori. Nella scheda dell'amministrazione %(reached)s su %(scored)s hanno raggiunto l'obiettivo."
    ) % {"count": len(entries), "reached": counted.reached, "scored": counted.scored}
