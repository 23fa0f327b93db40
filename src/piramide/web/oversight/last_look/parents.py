"""Values of parents lie within those of their parts, and none at the top is at its cap (R43)."""

from __future__ import annotations

from typing import Final

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy

from piramide.cycle.runs.questions import questions_of
from piramide.kernel.findings import Finding
from piramide.web.fields.language import spoken
from piramide.web.oversight.last_look.line import Item, Kind, Line
from piramide.web.results.models import RunRecord
from piramide.web.results.registry import opened_runs

OUTSIDE: Final = "CY081"
AT_THE_CAP: Final = "CY082"


def _of_code(record: RunRecord, code: str) -> tuple[Item, ...]:
    findings = (finding for finding in questions_of(opened_runs().opened(record.pk)) if finding.code == code)
    return tuple(_item(record, finding) for finding in findings)


def _item(record: RunRecord, finding: Finding) -> Item:
    structure, node = finding.place.file, finding.place.cell
    try:
        address = f"{reverse('structures:explanation', args=[structure, node])}?run={record.run[:12]}"
    except NoReverseMatch:  # the name of a node in a pack of one's own is no part of an address
        address = ""
    return Item(f"{structure}/{node}", finding.worded(spoken()), address)


def outside(record: RunRecord) -> tuple[Item, ...]:
    """Means and plain ratios of sums of a parent outside its parts."""
    return _of_code(record, OUTSIDE)


def at_the_cap(record: RunRecord) -> tuple[Item, ...]:
    """Leaves at the top whose gap is at its cap."""
    return _of_code(record, AT_THE_CAP)


PARENTS: Final = Line(
    "parents",
    gettext_lazy("Valori dentro quelli delle parti"),
    gettext_lazy("Una media o un rapporto di somme sta fra il minore e il maggiore delle strutture che ha sotto."),
    gettext_lazy("Ogni media sta fra le sue parti."),
    Kind.ASKS,
    outside,
)
CAP: Final = Line(
    "cap",
    gettext_lazy("Valori nazionali al limite"),
    gettext_lazy("Gli indicatori nazionali il cui scostamento è al limite: è vero o è un errore?"),
    gettext_lazy("Nessun indicatore nazionale è al limite."),
    Kind.ASKS,
    at_the_cap,
)
