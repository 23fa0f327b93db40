"""Pages of indicators that are made with a run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils import timezone

from piramide.web.indicators.views import every_indicator, one_indicator
from piramide.web.plans_in_force import organisation_on
from piramide.web.results.prepared_pages import Make, register
from piramide.web.results.registry import Chosen


@register
def pages(chosen: Chosen) -> Iterator[tuple[str, Make]]:
    """The list, then each."""
    tree = organisation_on(timezone.localdate())
    top = next(structure.id for structure in tree.structures.values() if not structure.parent)
    yield "indicators", partial(every_indicator, chosen, top)
    for found in chosen.pack.indicators.values():
        yield f"indicator {found.id}", partial(one_indicator, chosen, top, found)
