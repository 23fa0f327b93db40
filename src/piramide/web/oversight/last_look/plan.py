"""The plan that the run was scored with has no open finding."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy

from piramide.kernel.findings import Severity
from piramide.web.oversight.last_look.line import Item, Kind, Line
from piramide.web.oversight.plan_findings import findings_in, lines_for, packs
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs


def look(record: RunRecord) -> tuple[Item, ...]:
    """Errors and warnings of the plan as the run keeps it, errors first."""
    report = findings_in(opened_runs().run(record.pk).pack_folder, record.pack)
    address = f"{reverse('oversight:findings')}?piano={record.pack}" if record.pack in packs() else ""
    return tuple(
        Item(f"{line.code}/{line.where}/{line.subject}", f"{line.sign} {line.title}: {line.message}", address)
        for line in lines_for(report)
        if line.level != Severity.NOTE
    )


PLAN: Final = Line(
    "plan",
    gettext_lazy("Riscontri del piano"),
    gettext_lazy("Errori e avvisi trovati nel piano con cui l'esecuzione è stata calcolata."),
    gettext_lazy("Il piano non ha errori né avvisi."),
    Kind.ASKS,
    look,
)
