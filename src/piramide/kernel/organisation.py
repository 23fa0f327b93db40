"""The dated tree of structures: moves, merges, splits and renames keep their history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date


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
        for child in self.children(structure_id):
            yield child
            yield from self.descendants(child.id)

    def ancestors(self, structure_id: str) -> tuple[str, ...]:
        """Ids above, nearest first."""
        chain: list[str] = []
        above = self.structures[structure_id].parent
        while above and above in self.structures and above not in chain:
            chain.append(above)
            above = self.structures[above].parent
        return tuple(chain)

    def of_kind(self, kind: str) -> tuple[Structure, ...]:
        """Structures of one kind, in the order of the file."""
        return tuple(s for s in self.structures.values() if s.kind == kind)
