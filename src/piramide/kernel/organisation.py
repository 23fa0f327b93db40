"""The dated tree of structures: moves, merges, splits and renames keep their history.

A structure has one version for each span of days in which nothing about it changes. A move or a rename is a new
version of the same id; a merge or a split ends ids and names those that continue them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import TypeVar

from piramide.kernel.findings import Finding, Place, refuse
from piramide.kernel.naming import nearest

Amount = TypeVar("Amount", int, float, Fraction)


@dataclass(frozen=True, slots=True)
class Structure:
    """One structure as it is during `[since, until)`; `None` bounds are open.

    `parent` is the id above it (empty at the top). `additive` is false for rows that combine others: they never
    roll up. `clusters` maps a scheme to a cluster (`economic` -> `D`). `succeeded_by` are the ids that continue it.
    """

    id: str
    label: str
    kind: str
    parent: str = ""
    additive: bool = True
    clusters: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    succeeded_by: tuple[str, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Whether this version of the structure is in force on `day`."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Organisation:
    """Every version of every structure, in the order of the file."""

    versions: tuple[Structure, ...]

    def on(self, day: date) -> OrganisationOnDay:
        """The tree in force on `day`."""
        return OrganisationOnDay(day, {s.id: s for s in self.versions if s.holds_on(day)})

    def ids(self) -> tuple[str, ...]:
        """Every id that has ever been in force, first appearance first."""
        return tuple(dict.fromkeys(s.id for s in self.versions))

    def history(self, structure_id: str) -> tuple[Structure, ...]:
        """Versions of one structure, oldest first."""
        versions = [s for s in self.versions if s.id == structure_id]
        return tuple(sorted(versions, key=lambda version: version.since or date.min))

    def standing_for(self, structure_id: str, day: date) -> tuple[str, ...]:
        """The ids that hold on `day` what `structure_id` holds, holds now or held before.

        Itself when it is in force; else those that continue it (one after a merge, several after a split) or those
        that it continues, followed as far as needed. Empty when nothing in force descends from it or led to it.
        """
        in_force = self.on(day)
        if structure_id in in_force:
            return (structure_id,)
        after, before = self._successors(), self._predecessors()
        return _reached(structure_id, after, in_force) or _reached(structure_id, before, in_force)

    def roll_up(self, values: Mapping[str, Amount], day: date) -> dict[str, Amount]:
        """Totals of every additive structure in the tree of `day`: its own amount plus those of the ones below.

        `values` are each structure's own amounts, under the ids of any day: an id merged or renamed since counts
        where it continues. Rows that combine others keep their own amount, add to nobody and gather nothing.
        A structure without any amount below it is absent, not zero.

        Raises `Refusal`: KN107 for an id that nothing in force stands for, KN108 for one that several stand for.
        """
        tree = self.on(day)
        totals: dict[str, Amount] = {}
        for structure_id, amount in values.items():
            holder = structure_id if structure_id in tree else self._holder(structure_id, day)
            gathering = [holder]
            if tree[holder].additive:
                gathering += [above for above in tree.ancestors(holder) if tree[above].additive]
            for total_id in gathering:
                totals[total_id] = totals[total_id] + amount if total_id in totals else amount
        return totals

    def _holder(self, structure_id: str, day: date) -> str:
        """The one id that an amount of `structure_id`, not in force itself, belongs to on `day`."""
        holders = self.standing_for(structure_id, day)
        if not holders:
            raise refuse(
                "KN107", subject=structure_id, day=day, nearest=_nearest(structure_id, self.on(day).structures)
            )
        if len(holders) > 1:
            raise refuse("KN108", subject=structure_id, day=day, holders=", ".join(holders))
        return holders[0]

    def _successors(self) -> dict[str, tuple[str, ...]]:
        return {s.id: s.succeeded_by for s in self.versions if s.succeeded_by}

    def _predecessors(self) -> dict[str, tuple[str, ...]]:
        links = [(successor, s.id) for s in self.versions for successor in s.succeeded_by]
        return {successor: tuple(old for new, old in links if new == successor) for successor, _ in links}


@dataclass(frozen=True, slots=True)
class OrganisationOnDay:
    """The tree as it stands on one day."""

    day: date
    structures: Mapping[str, Structure]

    def __contains__(self, structure_id: str) -> bool:
        """Whether the structure exists on this day."""
        return structure_id in self.structures

    def __getitem__(self, structure_id: str) -> Structure:
        """The structure as it is on this day; `KeyError` if it is not."""
        return self.structures[structure_id]

    def children(self, structure_id: str, *, additive_only: bool = True) -> tuple[Structure, ...]:
        """Structures directly below; rows that combine others are left out unless asked for."""
        return tuple(
            s for s in self.structures.values() if s.parent == structure_id and (s.additive or not additive_only)
        )

    def descendants(self, structure_id: str) -> Iterator[Structure]:
        """Every additive structure below, parents first."""
        below: dict[str, list[Structure]] = {}
        for structure in self.structures.values():
            if structure.additive:
                below.setdefault(structure.parent, []).append(structure)
        seen = {structure_id}
        waiting = below.get(structure_id, [])[::-1]
        while waiting:
            structure = waiting.pop()
            if structure.id not in seen:  # a cycle is a finding of `check`, not an endless walk
                seen.add(structure.id)
                yield structure
                waiting.extend(below.get(structure.id, [])[::-1])

    def ancestors(self, structure_id: str) -> tuple[str, ...]:
        """Ids above, nearest first."""
        chain: dict[str, None] = {}
        above = self.structures[structure_id].parent
        while above and above in self.structures and above not in chain and above != structure_id:
            chain[above] = None
            above = self.structures[above].parent
        return tuple(chain)

    def of_kind(self, kind: str) -> tuple[Structure, ...]:
        """Structures of one kind, in the order of the file."""
        return tuple(s for s in self.structures.values() if s.kind == kind)


def check(organisation: Organisation, places: Sequence[Place] = ()) -> Iterator[Finding]:
    """Every fault of the tree on any day of its history (KN101-KN106, KN109, KN110).

    `places` tell where each version was read, in the order of `versions`.
    """
    where = {(v.id, v.since): place for v, place in zip(organisation.versions, places, strict=False)}
    for version, finding in _faults(organisation):
        yield replace(finding, place=where.get((version.id, version.since), Place()), subject=version.id)


_Fault = tuple[Structure, Finding]


def _faults(organisation: Organisation) -> Iterator[_Fault]:
    yield from _check_validities(organisation)
    yield from _check_successors(organisation)
    yield from _check_parents(organisation)


def _check_validities(organisation: Organisation) -> Iterator[_Fault]:
    """A version ends after it begins, and one id has one version on any day."""
    for version in organisation.versions:
        if version.since and version.until and version.until <= version.since:
            yield version, Finding("KN105", fields={"since": version.since, "until": version.until})
    for structure_id, count in Counter(s.id for s in organisation.versions).items():
        versions = organisation.history(structure_id) if count > 1 else ()
        for earlier, later in pairwise(versions):
            if earlier.until is None or later.since is None or later.since < earlier.until:
                yield later, Finding("KN103", fields={"since": later.since or "–", "until": earlier.until or "–"})


def _check_successors(organisation: Organisation) -> Iterator[_Fault]:
    """What continues a structure is in the file, and is not the structure itself."""
    known = organisation.ids()
    for version in organisation.versions:
        for successor in version.succeeded_by:
            if successor not in known:
                yield version, Finding("KN104", fields={"successor": successor, "nearest": _nearest(successor, known)})
            elif successor == version.id:
                yield version, Finding("KN106")


def _check_parents(organisation: Organisation) -> Iterator[_Fault]:
    """Whoever stands below somebody stands below a structure of the same day, and never below itself."""
    known = set(organisation.ids())
    said: set[tuple[str, str, str]] = set()
    for day in _days_of_change(organisation):
        tree = organisation.on(day)
        for structure in tree.structures.values():
            finding = _fault_of_parent(structure, tree, known)
            if finding and (key := (finding.code, structure.id, structure.parent)) not in said:
                said.add(key)
                yield structure, finding


def _fault_of_parent(structure: Structure, tree: OrganisationOnDay, known: Collection[str]) -> Finding | None:
    """What is wrong with the parent of one structure on one day; a cycle is told once, by its first id."""
    cycle = _cycle_through(tree, structure.id)
    if cycle:
        return Finding("KN101", fields={"cycle": " → ".join(cycle)}) if structure.id == min(cycle) else None
    if not structure.parent:
        return None
    if structure.parent not in known:
        return Finding("KN102", fields={"parent": structure.parent, "nearest": _nearest(structure.parent, known)})
    if structure.parent not in tree:
        return Finding("KN109", fields={"parent": structure.parent, "day": tree.day})
    if structure.additive and not tree[structure.parent].additive:
        return Finding("KN110", fields={"parent": structure.parent})
    return None


def _days_of_change(organisation: Organisation) -> list[date]:
    """The first day of every span in which the tree stays the same; of the first span, its last day."""
    bounds = {bound for s in organisation.versions for bound in (s.since, s.until) if bound}
    return sorted(bounds | {min(bounds) - timedelta(days=1)}) if bounds else [date.min]


def _nearest(structure_id: str, known: Iterable[str]) -> str:
    return ", ".join(nearest(structure_id, known)) or "–"


def _cycle_through(tree: OrganisationOnDay, structure_id: str) -> tuple[str, ...]:
    """The ids of the cycle that leads from the structure back to itself, closed; empty when there is none."""
    path = (structure_id, *tree.ancestors(structure_id))
    return (*path, structure_id) if tree[path[-1]].parent == structure_id else ()


def _reached(start: str, links: Mapping[str, tuple[str, ...]], in_force: OrganisationOnDay) -> tuple[str, ...]:
    """The first ids in force that `links` lead to from `start`, in the order of the file."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        current = waiting.pop(0)
        if current in in_force:
            found[current] = None
        elif current not in seen:
            seen.add(current)
            waiting.extend(links.get(current, ()))
    return tuple(found)
