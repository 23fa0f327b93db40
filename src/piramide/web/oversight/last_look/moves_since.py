"""What moved most since the last publication."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piramide.cycle.runs.moves import Move, moves
from piramide.cycle.runs.standing import cadence
from piramide.kernel.periods import parse_period
from piramide.web.fields.language import spoken
from piramide.web.house.templatetags.piramide import change, index
from piramide.web.oversight.last_look.line import Item, Kind, Line
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

MOST: Final = 5


def look(record: RunRecord) -> tuple[Item, ...]:
    """The largest changes of an index, months held against months and quarters against quarters of the same plan."""
    before = last_published(record)
    if before is None:
        return ()
    opened = opened_runs()
    found = moves(opened.outline(record.pk), opened.figures(record.pk), opened.figures(before.pk))
    since = parse_period(before.period).label(spoken())
    return tuple(_item(record, move, since) for move in found[:MOST])


def last_published(record: RunRecord) -> RunRecord | None:
    """The last published run of the plan for a period not later than this one."""
    published = RunRecord.objects.exclude(published_at=None).exclude(pk=record.pk)
    rows = published.filter(pack=record.pack, ends_on__lte=record.ends_on).order_by("-ends_on", "-made_at")
    return next((one for one in rows if cadence(one.period) is cadence(record.period)), None)


def _item(record: RunRecord, move: Move, since: str) -> Item:
    words = {"structure": move.label, "index": index(move.index), "change": change(move.change), "since": since}
    text = _("%(structure)s: %(index)s (%(change)s su %(since)s)") % words
    if move.cause is not None:
        text = _("%(move)s, soprattutto «%(indicator)s»") % {"move": text, "indicator": move.cause.label}
    return Item(move.structure, text, f"{reverse('structures:sheet', args=[move.structure])}?run={record.run[:12]}")


MOVES: Final = Line(
    "moves",
    gettext_lazy("Che cosa si è mosso di più"),
    gettext_lazy("I cinque indici che sono cambiati di più dall'ultima pubblicazione."),
    gettext_lazy("Non c'è una pubblicazione precedente con cui confrontarli."),
    Kind.TELLS,
    look,
)
