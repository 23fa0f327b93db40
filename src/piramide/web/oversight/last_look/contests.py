"""Nobody contests a figure of the period."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piramide.web.collection.models import Contest
from piramide.web.oversight.last_look.line import Item, Kind, Line
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs


def look(record: RunRecord) -> tuple[Item, ...]:
    """The open contests on the period of the run, oldest first."""
    outline = opened_runs().outline(record.pk)
    items = []
    for one in Contest.objects.filter(period=record.period, state=Contest.State.OPEN).order_by("at", "pk"):
        place = outline.structures.get(one.structure)
        node = next((row for row in outline.nodes.get(one.structure, ()) if row.node == one.indicator), None)
        words = {
            "structure": place.label if place else one.structure,
            "indicator": node.label if node else one.indicator,
            "figure": one.figure or "–",
        }
        text = _("%(structure)s, «%(indicator)s»: %(figure)s") % words
        items.append(Item(f"contest:{one.pk}", text, reverse("collection:contested", args=[one.pk])))
    return tuple(items)


CONTESTS: Final = Line(
    "contests",
    gettext_lazy("Contestazioni aperte"),
    gettext_lazy("I dati del periodo che qualcuno contesta, e su cui nessuno ha ancora deciso."),
    gettext_lazy("Nessuna contestazione aspetta una decisione."),
    Kind.ASKS,
    look,
)
