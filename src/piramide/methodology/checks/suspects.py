"""Who is to blame: the one cell whose single change makes every relation it takes part in hold.

Cells and relations form an incidence structure. A cell in a relation that holds can hardly move; a cell in several
relations that fail, which one value would satisfy at once, is the culprit of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import gcd, lcm

from piramide.methodology.checks import causes, digits
from piramide.methodology.checks.cells import Book, Cell, decimals_of, rounded
from piramide.methodology.checks.relations import Family, Read, Relation


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip of the print: the cell, why, the value that would satisfy everything, the relations it explains."""

    relations: tuple[Relation, ...]
    cause: str
    cell: Cell
    value: Fraction | None = None
    other: Cell | None = None
    satisfied: int = 0
    shift: int = 0
    twin: Cell | None = None
    detail: str = ""


@dataclass(slots=True)
class Inquiry:
    """Failing relations that share cells, the incidence of all relations, and the figures as corrected so far."""

    book: Book
    figures: dict[Cell, Fraction]
    incidence: Mapping[Cell, tuple[Relation, ...]]
    open: list[Relation]
    slips: list[Slip] = field(default_factory=list)

    def read(self, cell: Cell) -> Fraction:
        """The figure of a cell, corrected if a slip was found in it."""
        return self.figures[cell]

    def close(self, slip: Slip) -> None:
        """Keep a slip, correct its cell for what comes after, and drop the relations that it explains."""
        self.slips.append(slip)
        if slip.value:  # never a zero, by which another relation may divide
            self.figures[slip.cell] = slip.value
        gone = {id(relation) for relation in slip.relations}
        self.open = [relation for relation in self.open if id(relation) not in gone]
        settled = tuple(relation for relation in self.open if relation.holds(self.read))
        if settled:  # several slips in one relation: it holds when the last of them is corrected
            self.slips[-1] = replace(slip, relations=slip.relations + settled)
            self.open = [relation for relation in self.open if relation not in settled]

    def is_open(self, relation: Relation) -> bool:
        """Whether the relation fails and nothing explains it yet."""
        return any(other is relation for other in self.open)


@dataclass(frozen=True, slots=True)
class _Lead:
    """A cell that can move without breaking what holds, and the failing relations that a value in `bounds` fixes."""

    cell: Cell
    bounds: tuple[Fraction, Fraction]
    fixed: tuple[Relation, ...]

    def overlaps(self, other: _Lead) -> bool:
        """Whether both would put one relation right."""
        return any(one is two for one in self.fixed for two in other.fixed)


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A lead with the slip of the pen that its digits show, if any."""

    lead: _Lead
    edit: digits.Edit | None

    @property
    def weight(self) -> tuple[int, int, bool, int]:
        """More relations put right, then two digits swapped, then the stated figure, then the likelier slip."""
        likely = len(digits.ORDER) - digits.ORDER.index(self.edit.cause) if self.edit else 0
        kind = 0 if not self.edit else 2 if self.edit.cause == digits.SWAPPED else 1
        stated = any(relation.stated == self.lead.cell for relation in self.lead.fixed)
        return len(self.lead.fixed), kind, stated, likely


def find_slips(
    incidence: Mapping[Cell, tuple[Relation, ...]], failing: Iterable[Relation], book: Book, read: Read
) -> list[Slip]:
    """One slip for each cell that explains failing relations, and one for each relation that nothing explains."""
    slips: list[Slip] = []
    for component in _components(failing):
        touched = {cell for relation in component for cell in relation.cells}
        near = {cell for one in touched for relation in incidence[one] for cell in relation.cells}
        inquiry = Inquiry(book, {cell: read(cell) for cell in near}, incidence, component)
        while suspect := _likeliest(inquiry):
            inquiry.close(_slip(suspect, inquiry))
        for relation in list(inquiry.open):
            inquiry.close(_unexplained(relation, inquiry))
        slips += inquiry.slips
    return slips


def _components(failing: Iterable[Relation]) -> list[list[Relation]]:
    """Failing relations grouped by the cells they share."""
    groups: list[tuple[set[Cell], list[Relation]]] = []
    for relation in failing:
        cells, members = set(relation.cells), [relation]
        apart = []
        for group in groups:
            if cells.isdisjoint(group[0]):
                apart.append(group)
            else:
                cells, members = cells | group[0], group[1] + members
        groups = [*apart, (cells, members)]
    return [members for _, members in groups]


def _likeliest(inquiry: Inquiry) -> _Suspect | None:
    """The heaviest suspect; of one failing relation alone, only one whom a slip of the pen singles out."""
    blamed = {slip.cell for slip in inquiry.slips}
    cells = dict.fromkeys(cell for relation in inquiry.open for cell in relation.cells if cell not in blamed)
    leads = [lead for cell in cells for lead in _leads(cell, inquiry)]
    suspects = [_Suspect(lead, _edit(lead, leads, inquiry)) for lead in leads]
    serious = [suspect for suspect in suspects if len(suspect.lead.fixed) > 1 or suspect.edit]
    for suspect in sorted(serious, key=lambda suspect: suspect.weight, reverse=True):
        rivals = [s for s in serious if s.weight == suspect.weight and s.lead.overlaps(suspect.lead)]
        if len(rivals) == 1:
            return suspect
    return None


def _edit(lead: _Lead, leads: list[_Lead], inquiry: Inquiry) -> digits.Edit | None:
    """The slip of the pen that the cell shows, weighed against how many other cells could be at fault."""
    crowd = sum(1 for other in leads if other.overlaps(lead) and len(other.fixed) >= len(lead.fixed))
    edit = digits.likeliest(inquiry.book.text(lead.cell), *lead.bounds, crowd, _grain(lead, inquiry))
    if edit and edit.cause == digits.SIGN and all(relation.stated != lead.cell for relation in lead.fixed):
        return None  # a part counted with the wrong sign is a slip of its total
    return edit


def _grain(lead: _Lead, inquiry: Inquiry) -> Fraction:
    """The greatest step of which every figure of the sums is a multiple; 0 where there is no sum."""
    sums = (relation for relation in lead.fixed if relation.coefficients)
    figures = [inquiry.read(cell) for relation in sums for cell in relation.cells]
    unit = lcm(*(figure.denominator for figure in figures))
    return Fraction(gcd(*(int(figure * unit) for figure in figures)), unit)


def _leads(cell: Cell, inquiry: Inquiry) -> list[_Lead]:
    """The stretches of values of `cell` that put failing relations right and break none that holds."""
    low, high = _room(cell, inquiry)
    wanted = [
        (relation, (max(bounds[0], low), min(bounds[1], high)))
        for relation in inquiry.incidence[cell]
        if inquiry.is_open(relation) and (bounds := relation.needed(cell, inquiry.read))
    ]
    feasible = [(relation, bounds) for relation, bounds in wanted if bounds[0] <= bounds[1]]
    return [_Lead(cell, *stretch) for stretch in _stretches(feasible)]


def _slip(suspect: _Suspect, inquiry: Inquiry) -> Slip:
    lead, edit = suspect.lead, suspect.edit
    found = causes.Cause(edit.cause) if edit else _cause_of(lead, inquiry)
    value = _best_value(lead, edit, inquiry)
    satisfied = len(inquiry.incidence[lead.cell])
    return Slip(lead.fixed, found.name, lead.cell, value, found.cell, satisfied, detail=found.detail)


def _best_value(lead: _Lead, edit: digits.Edit | None, inquiry: Inquiry) -> Fraction:
    """The value nearest to what every relation of the cell asks for; on a tie, the one the digits suggest."""
    decimals = decimals_of(inquiry.book.text(lead.cell))
    asked = [b for relation in inquiry.incidence[lead.cell] if (b := relation.needed(lead.cell, inquiry.read))]
    centres = [(low + high) / 2 for low, high in asked]
    plain = [rounded(centre, decimals) for centre in centres] + [rounded(sum(lead.bounds, Fraction(0)) / 2, decimals)]
    candidates = [*([edit.figure] if edit else []), *plain]
    inside = [value for value in candidates if lead.bounds[0] <= value <= lead.bounds[1]]
    return min(
        inside,
        key=lambda value: sum(abs(value - centre) for centre in centres),
        default=sum(lead.bounds, Fraction(0)) / 2,
    )


def _room(cell: Cell, inquiry: Inquiry) -> tuple[Fraction, Fraction]:
    """How far the cell can move before a relation that holds breaks."""
    far = 10**6 * (abs(inquiry.read(cell)) + 1)
    low, high = -far, far
    for relation in inquiry.incidence[cell]:
        if not inquiry.is_open(relation) and (bounds := relation.needed(cell, inquiry.read)):
            low, high = max(low, bounds[0]), min(high, bounds[1])
    return low, high


def _stretches(
    feasible: list[tuple[Relation, tuple[Fraction, Fraction]]],
) -> list[tuple[tuple[Fraction, Fraction], tuple[Relation, ...]]]:
    """Stretches of values, each with the relations it satisfies; one inside another with more relations is left out."""
    found: list[tuple[tuple[Fraction, Fraction], tuple[Relation, ...]]] = []
    for _, (start, _) in feasible:
        inside = [(relation, bounds) for relation, bounds in feasible if bounds[0] <= start <= bounds[1]]
        stretch = max(low for _, (low, _) in inside), min(high for _, (_, high) in inside)
        found.append((stretch, tuple(relation for relation, _ in inside)))
    kept = {tuple(map(id, fixed)): (stretch, fixed) for stretch, fixed in found}
    return [kept[key] for key in kept if not any(set(key) < set(other) for other in kept)]


def _cause_of(lead: _Lead, inquiry: Inquiry) -> causes.Cause:
    """Without a slip of the pen: a copy, or what a relation that states the cell shows."""
    stated = [relation for relation in lead.fixed if relation.stated == lead.cell]
    if copy := causes.copied(lead.cell, inquiry.book):
        return copy
    return causes.of_relation(stated[0], inquiry.read, inquiry.book) if stated else causes.Cause(causes.UNKNOWN)


def _unexplained(relation: Relation, inquiry: Inquiry) -> Slip:
    """A relation on its own: the cause seen in it, and its own value if nothing else would break.

    Of one figure printed in two places nothing says which is right, unless the other is held by other relations.
    """
    cause = causes.of_relation(relation, inquiry.read, inquiry.book)
    value = None
    says_what = relation.family is not Family.BOUND and (
        relation.family is not Family.SAME or _is_held(relation, inquiry)
    )
    if relation.stated and says_what:
        low, high = _room(relation.stated, inquiry)
        shown = relation.shown(inquiry.read)
        value = shown if low <= shown <= high else None
    satisfied = len(inquiry.incidence[relation.stated]) if relation.stated else 0
    return Slip((relation,), cause.name, relation.at, value, cause.cell, satisfied, detail=cause.detail)


def _is_held(relation: Relation, inquiry: Inquiry) -> bool:
    return all(any(not inquiry.is_open(other) for other in inquiry.incidence[part]) for part in relation.parts)
