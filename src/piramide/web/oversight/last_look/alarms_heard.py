"""Somebody listened for integrity alarms in the period, and looked at each."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from piramide.kernel import wording
from piramide.web.fields.language import spoken
from piramide.web.oversight.last_look.line import Item, Kind, Line
from piramide.web.oversight.models import AlarmReport
from piramide.web.plans_in_force import organisation_on
from piramide.web.results.models import RunRecord


def look(record: RunRecord) -> tuple[Item, ...]:
    """The alarms of the period beside which nobody wrote; that nobody listened, where that is so.

    The period is every one that was examined and ends with that of the run: its month, its quarter, its year.
    """
    reports = list(AlarmReport.objects.filter(ends_on=record.ends_on).prefetch_related("notes"))
    if not reports:
        return (Item("unheard", _("Nessuno li ha ancora cercati in questo periodo."), reverse("oversight:alarms")),)
    tree, titles = organisation_on(record.ends_on), wording.catalogue(spoken())
    items = []
    for report in reports:
        noted = {note.key for note in report.notes.all()}
        address = reverse("oversight:alarms_of", args=[report.pk])
        for key, row in report.evidence:
            if key not in noted:
                place = tree[row["structure"]].label if row["structure"] in tree else row["structure"]
                words = {"structure": place, "title": titles[row["code"]]["title"]}
                items.append(Item(f"alarm:{key}", _("%(structure)s: %(title)s") % words, address))
    return tuple(items)


ALARMS: Final = Line(
    "alarms",
    gettext_lazy("Allarmi di integrità non guardati"),
    gettext_lazy("Le segnalazioni del periodo accanto a cui nessuno ha annotato nulla."),
    gettext_lazy("Accanto a ogni segnalazione qualcuno ha annotato che cosa ha visto."),
    Kind.ASKS,
    look,
)
