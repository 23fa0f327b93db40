"""Where am I: administration, year, period, structure, each a switch to its neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from piramide.kernel.organisation import Structure
from piramide.web.house.pages import kept
from piramide.web.results.models import RunRecord
from piramide.web.structures.shown import Shown


@dataclass(frozen=True, slots=True)
class Step:
    """A place to go to: its address, its name, and whether it is this one."""

    address: str
    label: str
    is_current: bool = False


def where(shown: Shown, page: str) -> SafeString:
    """The breadcrumb of a page of a structure; `page` is the name of the address that its switches stay on."""
    return kept(shown.key_among_all("structures.where", page), lambda: _where(shown, page))


def _where(shown: Shown, page: str) -> SafeString:
    records = shown.chosen.records
    here = shown.record
    latest = {record.ends_on.year: record for record in records}
    own_page = reverse(f"structures:{page}", args=[shown.structure])
    context = {
        "administration": settings.CONFIGURATION.administration,
        "home": reverse("structures:index") + _query(shown.choice),
        "record": here,
        "years": [
            Step(f"{own_page}?periodo={record.period}", str(year), year == here.ends_on.year)
            for year, record in sorted(latest.items(), reverse=True)
        ],
        "periods": [
            (record, Step(f"{own_page}?periodo={record.period}", record.period, record.run == here.run))
            for record in _of_year(records, here.ends_on.year)
        ],
        "above": [_step(shown, page, shown.organisation[name]) for name in _above(shown)],
        "label": shown.place.label,
        "beside": [_step(shown, page, place) for place in _beside(shown)],
        "below": [_step(shown, page, place) for place in shown.organisation.children(shown.structure)],
    }
    return render_to_string("structures/where.html", context)


def _query(choice: str) -> str:
    return f"?{choice}" if choice else ""


def _of_year(records: tuple[RunRecord, ...], year: int) -> Iterator[RunRecord]:
    """Runs of a year, the newest first."""
    return (record for record in reversed(records) if record.ends_on.year == year)


def _above(shown: Shown) -> tuple[str, ...]:
    """What stands above the structure, the top first."""
    return tuple(reversed(shown.organisation.ancestors(shown.structure)))


def _beside(shown: Shown) -> Iterator[Structure]:
    """Structures of the same kind under the same one."""
    here = shown.place
    for place in shown.organisation.children(here.parent):
        if place.kind == here.kind and (place.id, "") in shown.chosen.figures.rows:
            yield place


def _step(shown: Shown, page: str, place: Structure) -> Step:
    address = reverse(f"structures:{page}", args=[place.id]) + _query(shown.choice)
    return Step(address, place.label, place.id == shown.structure)
