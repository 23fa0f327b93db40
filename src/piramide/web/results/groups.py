"""With whom a structure is compared: its cluster where the plan has one, else those of its kind."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from piramide.cycle.runs.opened_runs import OutlineRow
from piramide.kernel.organisation import OrganisationOnDay
from piramide.methodology.model import Pack
from piramide.reports.labels import labels
from piramide.web.fields.language import spoken


def kind_groups(structures: Iterable[OutlineRow], pack: Pack) -> list[tuple[str, str, list[str]]]:
    """Structures by what they are: (first kind, label, ids), as the pack lists them; another kind is its own group."""
    named = {kind: group.label for group in pack.boards.groups for kind in group.kinds}
    words = labels(spoken())
    found: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for row in structures:
        label = named.get(row.kind) or words.kind(row.kind, pack.structure_kinds)
        found.setdefault(label, []).append(row.structure)
        kinds.setdefault(label, row.kind)
    order = dict.fromkeys([*named.values(), *found])
    return [(kinds[label], label, found[label]) for label in order if label in found]


def peers(structures: Iterable[OutlineRow], organisation: OrganisationOnDay, pack: Pack) -> dict[str, list[str]]:
    """Structures by the group in which they are compared: the whole first, then clusters by name, then kinds."""
    rows = list(structures)
    kinds = {name: label for _kind, label, names in kind_groups(rows, pack) for name in names}
    found: dict[str, list[str]] = {}
    for row in rows:
        place = organisation.structures.get(row.structure)
        cluster = pack.boards.cluster_of(place) if place else ""
        label = _("Cluster %(name)s") % {"name": cluster} if cluster else kinds[row.structure]
        found.setdefault(label, []).append(row.structure)
    order = list(dict.fromkeys(kinds.values()))
    clusters = sorted(label for label in found if label not in order)
    top = [kinds[name] for name in kinds if name in organisation and not organisation[name].parent]
    return {label: found[label] for label in dict.fromkeys((*top, *clusters, *order)) if label in found}
