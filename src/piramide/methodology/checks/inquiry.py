"""What is known while failing relations are explained: figures corrected, misprints found, cells that may move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from piramide.methodology.checks.cells import Book, Cell
from piramide.methodology.checks.relations import Relation

Bounds = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Misprint:
    """One misprint: the cell, why, the value that would satisfy everything, the relations it explains.

    `other` is the cell that the cause names, `twin` one that prints the same, `shift` by how many rows groups have
    moved, `satisfied` how many relations the cell takes part in, `held` how many of other identities hold.
    """

    relations: tuple[Relation, ...]
    cause: str
    cell: Cell
    value: Fraction | None = None
    other: Cell | None = None
    satisfied: int = 0
    shift: int = 0
    twin: Cell | None = None
    detail: str = ""
    held: int = 0


@dataclass(frozen=True, slots=True)
class Lead:
    """A cell that can move without breaking what holds, and the failing relations that a value in `bounds` fixes."""

    cell: Cell
    bounds: Bounds
    fixed: tuple[Relation, ...]

    @property
    def states(self) -> bool:
        """Whether the cell is the stated figure of a relation it would fix."""
        return any(relation.stated == self.cell for relation in self.fixed)

    @property
    def relation_ids(self) -> frozenset[int]:
        """The relations it would fix, as one tells them apart."""
        return frozenset(map(id, self.fixed))


@dataclass(slots=True)
class Inquiry:
    """Failing relations that share cells, and the incidence of all relations."""

    book: Book
    figures: dict[Cell, Fraction]
    incidence: Mapping[Cell, tuple[Relation, ...]]
    open: dict[int, Relation]
    misprints: list[Misprint] = field(default_factory=list)
    _leads: dict[Cell, list[Lead]] = field(default_factory=dict)
    _gaps: dict[int, Fraction] = field(default_factory=dict)

    def read(self, cell: Cell) -> Fraction:
        """The figure of a cell, corrected if a misprint was found in it."""
        return self.figures[cell]

    def is_open(self, relation: Relation) -> bool:
        """Whether the relation fails and nothing explains it yet."""
        return id(relation) in self.open

    def close(self, misprint: Misprint) -> None:
        """Keep a misprint, correct its cell for what comes after, and drop the relations that it explains."""
        if misprint.value:  # never a zero, by which another relation may divide
            self.figures[misprint.cell] = misprint.value
        for relation in misprint.relations:
            self.open.pop(id(relation), None)
        touched = self.incidence.get(misprint.cell, ())
        # Several misprints in one relation: it holds when the last of them is corrected.
        settled = tuple(relation for relation in touched if self.is_open(relation) and relation.holds(self.read))
        for relation in settled:
            del self.open[id(relation)]
        self.misprints.append(replace(misprint, relations=misprint.relations + settled))
        for relation in (*touched, *misprint.relations):
            self._gaps.pop(id(relation), None)
            for cell in relation.cells:
                self._leads.pop(cell, None)

    def leads(self) -> list[Lead]:
        """Every lead to the relations still open, except to cells already at fault."""
        blamed = {misprint.cell for misprint in self.misprints}
        cells = dict.fromkeys(cell for relation in self.open.values() for cell in relation.cells if cell not in blamed)
        for cell in cells:
            if cell not in self._leads:
                self._leads[cell] = self._leads_to(cell)
        return [lead for cell in cells for lead in self._leads[cell]]

    def needed(self, relation: Relation, cell: Cell) -> Bounds | None:
        """The bounds inside which the cell puts the relation right, or keeps it so."""
        if id(relation) not in self._gaps:
            self._gaps[id(relation)] = relation.gap(self.read)
        return relation.needed(cell, self.read, self._gaps[id(relation)])

    def room(self, cell: Cell) -> Bounds:
        """How far the cell can move before a relation that holds breaks."""
        far = 10**6 * (abs(self.read(cell)) + 1)
        low, high = -far, far
        for relation in self.incidence[cell]:
            if not self.is_open(relation) and (bounds := self.needed(relation, cell)):
                low, high = max(low, bounds[0]), min(high, bounds[1])
        return low, high

    def _leads_to(self, cell: Cell) -> list[Lead]:
        """The stretches of values of `cell` that put failing relations right and break none that holds."""
        low, high = self.room(cell)
        wanted = [
            (relation, (max(bounds[0], low), min(bounds[1], high)))
            for relation in self.incidence[cell]
            if self.is_open(relation) and (bounds := self.needed(relation, cell))
        ]
        feasible = [(relation, bounds) for relation, bounds in wanted if bounds[0] <= bounds[1]]
        return [Lead(cell, bounds, fixed) for bounds, fixed in _stretches(feasible)]


def _stretches(feasible: list[tuple[Relation, Bounds]]) -> list[tuple[Bounds, tuple[Relation, ...]]]:
    """Stretches of values, each with the relations it satisfies; one that another surpasses is left out."""
    found: dict[frozenset[int], tuple[Bounds, tuple[Relation, ...]]] = {}
    for _, (start, _) in feasible:
        inside = [(relation, bounds) for relation, bounds in feasible if bounds[0] <= start <= bounds[1]]
        stretch = max(low for _, (low, _) in inside), min(high for _, (_, high) in inside)
        fixed = tuple(relation for relation, _ in inside)
        found[frozenset(map(id, fixed))] = (stretch, fixed)
    return [found[key] for key in found if not any(key < other for other in found)]
