"""Every value that is due has come, and none is an estimate."""

from __future__ import annotations

from collections import Counter
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from piramide.kernel.statuses import Status
from piramide.web.oversight.last_look.line import Item, Kind, Line
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

_LATE: Final = frozenset({Status.MISSING, Status.NOT_STARTED})


def look(record: RunRecord) -> tuple[Item, ...]:
    """Of each structure how many values are missing and how many estimated, in the order of the run."""
    outline, figures = opened_runs().outline(record.pk), opened_runs().figures(record.pk)
    items = []
    for name, rows in outline.nodes.items():
        told = Counter(figures.statuses[figures.rows[name, row.node]] for row in rows if row.indicator)
        late, estimated = sum(told[status] for status in _LATE), told[Status.ESTIMATED]
        if not late and not estimated:
            continue
        parts = []
        if late:
            parts.append(ngettext("%(n)s valore mancante", "%(n)s valori mancanti", late) % {"n": late})
        if estimated:
            parts.append(ngettext("%(n)s valore stimato", "%(n)s valori stimati", estimated) % {"n": estimated})
        words = {"structure": outline.structures[name].label, "counts": ", ".join(parts)}
        address = f"{reverse('structures:sheet', args=[name])}?run={record.run[:12]}"
        items.append(Item(f"{name}:{late}:{estimated}", _("%(structure)s: %(counts)s") % words, address))
    return tuple(items)


LATE: Final = Line(
    "late",
    gettext_lazy("Valori in ritardo o stimati"),
    gettext_lazy("Le strutture a cui manca un valore dovuto, o che ne hanno uno stimato."),
    gettext_lazy("Nessun valore manca, e nessuno è stimato."),
    Kind.ASKS,
    look,
)
