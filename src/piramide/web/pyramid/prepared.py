"""The home page is made with a run."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from piramide.web.plans_in_force import organisation_on
from piramide.web.pyramid.views import PIECES, pieces_of
from piramide.web.results.prepared_pages import Make, register
from piramide.web.results.registry import Chosen


@register
def pages(chosen: Chosen) -> Iterator[tuple[str, Make]]:
    """Its parts."""
    tree = organisation_on(timezone.localdate())
    top = next(structure.id for structure in tree.structures.values() if not structure.parent)
    makers = pieces_of(chosen, top)
    for name in PIECES:
        yield f"home {name}", makers[name]
