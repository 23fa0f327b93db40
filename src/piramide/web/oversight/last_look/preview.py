"""What everybody will read."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piramide.web.house.templatetags.piramide import index
from piramide.web.oversight.last_look.line import Item, Kind, Line
from piramide.web.plans_in_force import organisation_on
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs


def look(record: RunRecord) -> tuple[Item, ...]:
    """The home page, the list and the sheet at the top, as they will be: each on this run."""
    run = f"?run={record.run[:12]}"
    outline, figures = opened_runs().outline(record.pk), opened_runs().figures(record.pk)
    tree = organisation_on(record.ends_on)
    items = [Item("home", _("La prima pagina del sito"), f"{reverse('house:home')}{run}")]
    for name, row in outline.structures.items():
        if name in tree and not tree[name].parent:
            words = {"structure": row.label, "index": _told(figures.standing(name).index)}
            address = f"{reverse('structures:sheet', args=[name])}{run}"
            items.append(Item(name, _("La scheda: %(structure)s, indice %(index)s") % words, address))
    items.append(Item("list", _("L'elenco di tutte le strutture"), f"{reverse('structures:index')}{run}"))
    return tuple(items)


def _told(figure: object) -> str:
    return _("non completo") if figure is None else index(figure)  # type: ignore[arg-type]


PREVIEW: Final = Line(
    "preview",
    gettext_lazy("Che cosa leggerà chiunque"),
    gettext_lazy(
        "Le pagine come le vedrà chi non ha un nome utente, in un'altra scheda del browser. "
        "Accanto ai file dell'esecuzione si leggeranno anche i motivi scritti qui."
    ),
    gettext_lazy("L'esecuzione non ha strutture."),
    Kind.TELLS,
    look,
)
