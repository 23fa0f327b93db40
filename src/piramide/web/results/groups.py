"""With whom a structure is compared: its cluster where the plan has one, else those of its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.translation import gettext as _

from piramide.cycle.library import OutlineRow
from piramide.kernel.organisation import OrganisationOnDay

SCHEME: Final = "economic"
"""The clusters inside which directorates are compared."""


def kind_groups(structures: Iterable[OutlineRow]) -> list[tuple[str, str, list[str]]]:
    """Structures by what they are: (first kind, label, ids); kinds that no group knows stand last, together."""
    labels = _kind_labels()
    found: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for row in structures:
        label = labels.get(row.kind, _("Altre strutture"))
        found.setdefault(label, []).append(row.structure)
        kinds.setdefault(label, row.kind)
    order = list(dict.fromkeys([*labels.values(), *found]))
    return [(kinds[label], label, found[label]) for label in order if label in found]


def peers(structures: Iterable[OutlineRow], organisation: OrganisationOnDay) -> dict[str, list[str]]:
    """Structures by the group in which they are compared, clusters first, in the order of their names."""
    rows = list(structures)
    kinds = {name: label for _kind, label, names in kind_groups(rows) for name in names}
    found: dict[str, list[str]] = {}
    for row in rows:
        place = organisation.structures.get(row.structure)
        cluster = place.clusters.get(SCHEME, "") if place else ""
        label = _("Cluster %(name)s") % {"name": cluster} if cluster else kinds[row.structure]
        found.setdefault(label, []).append(row.structure)
    order = list(dict.fromkeys(kinds.values()))
    clusters = sorted(label for label in found if label not in order)
    top = [_("Istituto")]
    return {label: found[label] for label in dict.fromkeys((*top, *clusters, *order)) if label in found}


def _kind_labels() -> Mapping[str, str]:
    national, territory = _("Istituto"), _("Direzioni regionali e metropolitane")
    sites, central = _("Sedi del territorio"), _("Strutture centrali")
    return {
        "national": national, "region": territory, "dcm": territory, "provincial_office": sites,
        "metro_branch": sites, "central_directorate": central, "central_office": central, "coordination": central,
    }  # fmt: skip
