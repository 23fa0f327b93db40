"""Values as people read them: in their unit, with the decimals that were written, four at the most."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _

from piramide.cycle.runs.comparison import Comparison, ValueChange
from piramide.kernel.organisation import OrganisationOnDay
from piramide.kernel.statuses import Status
from piramide.reports.figures import measure
from piramide.reports.labels import Labels, labels
from piramide.web.fields.language import spoken
from piramide.web.results.registry import opened_runs

MOST_DECIMALS: Final = 4


def say() -> Labels:
    """The words of sheets in the language of the page."""
    return labels(spoken())


def written(text: str, unit: str) -> str:
    """A value as its file writes it, printed in its unit."""
    if not text:
        return _("nessun valore")
    decimals = min(len(text.partition(".")[2].rstrip("0")), MOST_DECIMALS)
    return measure(Fraction(text), unit, decimals, say())


def status_word(status: str) -> str:
    """A status of a value in words; nothing for a measured one."""
    return "" if status in {"", Status.MEASURED} else say().word("status", status)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A value that differs between two runs."""

    structure: str
    place: str
    label: str
    before: str
    after: str
    status_before: str
    status_after: str


def value_changes(found: Comparison, tree: OrganisationOnDay, most: int) -> list[ChangeLine]:
    """The first values that differ, in words."""
    outline = opened_runs().outline(found.after.id)
    leaves = {(row.structure, row.node): row for rows in outline.nodes.values() for row in rows}

    def line(change: ValueChange) -> ChangeLine:
        row = leaves.get((change.structure, change.indicator))
        unit = row.unit if row else ""
        return ChangeLine(
            structure=change.structure,
            place=tree[change.structure].label if change.structure in tree else change.structure,
            label=row.label if row else change.indicator.replace("_", " "),
            before=written(change.before, unit),
            after=written(change.after, unit),
            status_before=status_word(change.status_before),
            status_after=status_word(change.status_after),
        )

    return [line(change) for change in found.values[:most]]
