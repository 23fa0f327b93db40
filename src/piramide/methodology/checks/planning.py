"""Rules of planning: acts that are there, families in a group, days that every office has, offices in the ladder."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.kernel.findings import Finding
from piramide.methodology.checks.trees import unknown_act
from piramide.methodology.model import Pack
from piramide.methodology.pending_days import pending_days


def check_acts_of_planning(pack: Pack) -> Iterator[Finding]:
    """What planning rests on is declared (PK001)."""
    planning = pack.planning
    for parts in (planning.ladder, planning.families, planning.groups, planning.levers):
        for name, part in parts.items():
            yield from unknown_act(pack, part.citation.act, part.place, name)
    for name, citation, place in planning.cited:
        yield from unknown_act(pack, citation.act, place, name)


def check_families_have_a_group(pack: Pack) -> Iterator[Finding]:
    """A family that no group names has no target, and is planned without one (PK070)."""
    grouped = pack.planning.group_of()
    for name, family in pack.planning.families.items():
        if name not in grouped:
            yield Finding("PK070", family.place, name)


def check_offices_have_days(pack: Pack) -> Iterator[Finding]:
    """Every office of the ladder finds its days in the table or on its sheet (PK071)."""
    for group in pack.planning.groups.values():
        known = pending_days(pack, group.id)
        missing = [office for office in pack.planning.ladder if office not in known]
        if missing:
            fields = {"count": len(missing), "offices": ", ".join(missing[:5])}
            yield Finding("PK071", group.place, group.id, fields)


RULES = (check_acts_of_planning, check_families_have_a_group, check_offices_have_days)
