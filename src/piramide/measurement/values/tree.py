"""Roll-up: what offices of the ledger add up to in the organisation of a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from piramide.kernel.organisation import Organisation, OrganisationOnDay

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """The structures of a day (`ids`) and which offices of the ledger each of them gathers.

    `totals` and `offices` are pairs of positions, structure and office, in order of structures. `holders` gives for
    each office the position of the structure that holds it on this day, -1 for an office that has no entries. Arrays
    have offices, then structures, as their first axis. `is_own`: every structure gathers its own offices alone.
    """

    day: OrganisationOnDay
    ids: tuple[str, ...]
    totals: NDArray[np.intp]
    offices: NDArray[np.intp]
    holders: NDArray[np.intp]
    is_own: bool = False

    def own(self) -> Tree:
        """The same tree where nothing adds up: each structure with the rows that name it."""
        offices = np.flatnonzero(self.holders >= 0)
        offices = offices[np.argsort(self.holders[offices], kind="stable")]
        return replace(self, totals=self.holders[offices], offices=offices, is_own=True)

    def children(self, position: int, kinds: Collection[str] = ()) -> NDArray[np.intp]:
        """Positions of the additive structures directly below one, or of the nearest ones of some kinds."""
        place = {name: at for at, name in enumerate(self.ids)}
        waiting, found = list(self.day.children(self.ids[position])), []
        while waiting:
            structure = waiting.pop()
            if not kinds or structure.kind in kinds:
                found.append(place[structure.id])
            else:
                waiting += self.day.children(structure.id)
        return np.array(sorted(found), np.intp)

    def upward(self) -> tuple[int, ...]:
        """Positions of every structure, those below before those above."""
        depth = [sum(1 for _ in self.day.ancestors(name)) for name in self.ids]
        return tuple(sorted(range(len(self.ids)), key=lambda position: -depth[position]))

    def risen(self, own: NDArray[Any]) -> NDArray[Any]:
        """Sums of what structures hold themselves over those below and themselves; exact for integers."""
        if self.is_own:
            return own
        pairs = sorted(
            (above, position) for position, name in enumerate(self.ids) for above in self._gathering(position, name)
        )
        above, below = (np.array(side, np.intp) for side in zip(*pairs, strict=True))
        return _added(own[below], above, len(self.ids))

    def _gathering(self, position: int, name: str) -> list[int]:
        """Positions of the structures that gather what one holds: itself; the additive ones above an additive one."""
        place = {above: at for at, above in enumerate(self.ids)}
        above = self.day.ancestors(name) if self.day[name].additive else ()
        return [position, *(place[one] for one in above if self.day[one].additive)]

    def own_shares(self, shares: Floats) -> Floats:
        """What each structure delivered itself, from what its offices did."""
        known = np.flatnonzero(self.holders >= 0)
        own = np.zeros((len(self.ids), *shares.shape[1:]))
        np.maximum.at(own, self.holders[known], shares[known])
        return own

    def parts(self, kinds: Collection[str]) -> NDArray[np.intp]:
        """For each office, the position of the nearest structure of some kinds at or above it; else that of itself.

        -1 for an office that has no entries.
        """
        place = {name: position for position, name in enumerate(self.ids)}
        answer = self.holders.copy()
        for office in np.flatnonzero(self.holders >= 0).tolist():
            holder = self.ids[self.holders[office]]
            above = (name for name in (holder, *self.day.ancestors(holder)) if self.day[name].kind in kinds)
            answer[office] = place[next(above, holder)]
        return answer

    def gathered(self, amounts: NDArray[Any]) -> NDArray[Any]:
        """Sums of the offices that each structure gathers; exact for integers."""
        return _added(amounts[self.offices], self.totals, len(self.ids))

    def any(self, flags: Flags) -> Flags:
        """Whether any office that a structure gathers has the flag."""
        return np.asarray(self.gathered(flags.astype(np.int64)) > 0)

    def coverage(self, shares: Floats, delivers: Flags) -> Floats:
        """Mean share over the structures below (itself included) that are expected to deliver.

        `shares` (offices, moments) is how much each office delivered; `delivers` (offices) who ever did.
        Nobody expected is coverage 0.
        """
        known = np.flatnonzero((self.holders >= 0) & delivers)
        own = self.own_shares(np.where(delivers[:, None], shares, 0.0))
        below, above = self._chains(np.flatnonzero(self._expected(self.holders[known])))
        count = np.bincount(above, minlength=len(self.ids))
        return _added(own[below], above, len(self.ids)) / np.maximum(count, 1)[:, None]

    def _expected(self, delivering: NDArray[np.intp]) -> Flags:
        """Structures that should deliver, given those that ever did.

        Those that did; and the others of the kinds that deliver, unless a structure above speaks for them (it delivers
        and nobody below it does), or somebody below is expected to.
        """
        who = {name for name in (self.ids[position] for position in delivering.tolist()) if self.day[name].additive}
        kinds = self._kinds(who)
        speaking = who - self._above(who)
        alike = {
            name
            for name, structure in self.day.structures.items()
            if structure.additive and structure.kind in kinds and speaking.isdisjoint(self.day.ancestors(name))
        }
        silent = alike - who
        expected = who | (silent - self._above(who | silent))
        return np.array([name in expected for name in self.ids], np.bool_)

    def _kinds(self, who: Collection[str]) -> set[str]:
        """Kinds of which so large a part delivers that the others are missed: half of the largest part, or more."""
        all_of = Counter(structure.kind for structure in self.day.structures.values() if structure.additive)
        parts = {kind: count / all_of[kind] for kind, count in Counter(self.day[name].kind for name in who).items()}
        return {kind for kind, part in parts.items() if 2 * part >= max(parts.values())}

    def _above(self, names: Collection[str]) -> set[str]:
        """Every structure above some others."""
        return {above for name in names for above in self.day.ancestors(name)}

    def _chains(self, positions: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Pairs of a structure and each additive one above it, itself first."""
        place = {name: position for position, name in enumerate(self.ids)}
        pairs = [
            (position, place[above])
            for position in positions.tolist()
            for above in (self.ids[position], *self.day.ancestors(self.ids[position]))
            if self.day[above].additive
        ]
        pairs.sort(key=lambda pair: pair[1])
        below, above = zip(*pairs, strict=True) if pairs else ((), ())
        return np.array(below, np.intp), np.array(above, np.intp)


def tree_of(organisation: Organisation, day: date, offices: Sequence[str], used: Collection[int]) -> Tree:
    """The tree of `day` over the offices of a ledger, of which those at the positions `used` have entries.

    Raises `Refusal`: KN107, KN108 for an office with entries that no one structure of the day stands for.
    """
    on_day = organisation.on(day)
    ids = tuple(on_day.structures)
    place = {name: position for position, name in enumerate(ids)}
    holders = np.full(len(offices), -1, np.intp)
    pairs = []
    for position in sorted(used):
        gathering = [place[name] for name in organisation.roll_up({offices[position]: 1}, day)]
        holders[position] = gathering[0]
        pairs += [(total, position) for total in gathering]
    pairs.sort()
    totals, gathered = zip(*pairs, strict=True) if pairs else ((), ())
    return Tree(on_day, ids, np.array(totals, np.intp), np.array(gathered, np.intp), holders)


def _added(rows: NDArray[Any], groups: NDArray[np.intp], count: int) -> NDArray[Any]:
    """Sums of rows by group, the groups being in order; exact for integers."""
    answer = np.zeros((count, *rows.shape[1:]), rows.dtype)
    if len(groups):
        starts = np.flatnonzero(np.diff(groups, prepend=-1))
        answer[groups[starts]] = np.add.reduceat(rows, starts, axis=0)
    return answer
