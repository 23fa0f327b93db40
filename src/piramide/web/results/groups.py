"""With whom a structure is compared: its cluster where the plan has one, else those of its kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _

from piramide.cycle.runs.opened_runs import OutlineRow
from piramide.kernel.organisation import OrganisationOnDay
from piramide.methodology.boards import PeerGroup
from piramide.methodology.model import Pack
from piramide.reports.labels import labels
from piramide.web.fields.language import spoken


def kind_groups(structures: Iterable[OutlineRow], pack: Pack) -> list[tuple[str, str, list[str]]]:
    """Structures by what they are: (first kind, label, ids), as the pack lists them; another kind is its own group."""
    named = {kind: group.label for group in pack.boards.groups for kind in group.kinds}
    rows = list(structures)
    counts = Counter(row.kind for row in rows)
    found: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    for row in rows:
        label = named.get(row.kind) or _kind_label(row.kind, counts[row.kind], pack)
        found.setdefault(label, []).append(row.structure)
        kinds.setdefault(label, row.kind)
    order = dict.fromkeys([*named.values(), *found])
    return [(kinds[label], label, found[label]) for label in order if label in found]


def peers(structures: Iterable[OutlineRow], organisation: OrganisationOnDay, pack: Pack) -> dict[str, list[str]]:
    """Structures by the group in which they are compared: the whole first, then clusters by name, then kinds.

    Kinds stand in the order in which the pack lists them on its pages.
    """
    rows = list(structures)
    found: dict[PeerGroup, list[str]] = {}
    tops: set[PeerGroup] = set()
    for row in rows:
        place = organisation.structures.get(row.structure)
        group = pack.boards.peers_of(place) if place else PeerGroup("", row.kind)
        found.setdefault(group, []).append(row.structure)
        if place and not place.parent:
            tops.add(group)
    listed = [kind for group in pack.boards.groups for kind in group.kinds]
    order = {kind: number for number, kind in enumerate(dict.fromkeys((*listed, *(row.kind for row in rows))))}
    groups = sorted(found, key=lambda one: (one not in tops, not one.cluster, one.cluster, order.get(one.kind, 0)))
    named: dict[str, list[str]] = {}
    for group in groups:  # two kinds that the pack calls alike stand under one heading
        named.setdefault(_label(group, len(found[group]), pack), []).extend(found[group])
    return named


def _label(group: PeerGroup, count: int, pack: Pack) -> str:
    if group.cluster:
        return _("Cluster %(name)s") % {"name": group.cluster}
    alone = {one.kinds[0]: one.label for one in pack.boards.groups if len(one.kinds) == 1}
    return alone.get(group.kind) or _kind_label(group.kind, count, pack)


def _kind_label(kind: str, count: int, pack: Pack) -> str:
    """What so many structures of a kind are called."""
    words = labels(spoken())
    return words.kind(kind, pack.structure_kinds) if count == 1 else words.kinds(kind, pack.structure_kinds)
