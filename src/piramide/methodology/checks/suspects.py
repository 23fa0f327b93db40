"""Who is to blame: the one cell whose single change makes every relation it takes part in hold.

Cells and relations form an incidence structure. A cell in a relation that holds can hardly move; a cell in several
relations that fail, which one value would satisfy at once, is the culprit of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from piramide.methodology.checks import causes, digits
from piramide.methodology.checks.cells import Book, Cell, decimals_of, rounded
from piramide.methodology.checks.inquiry import Inquiry, Lead, Misprint
from piramide.methodology.checks.relations import Family, Read, Relation, replaced


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A lead with the misprint of the pen that its digits show, if any."""

    lead: Lead
    edit: digits.Edit | None

    @property
    def weight(self) -> tuple[int, int, bool, int]:
        """More relations put right, then two digits swapped, then the stated figure, then the likelier misprint."""
        likely = len(digits.ORDER) - digits.ORDER.index(self.edit.cause) if self.edit else 0
        kind = 0 if not self.edit else 2 if self.edit.cause == digits.SWAPPED else 1
        return len(self.lead.fixed), kind, self.lead.states, likely


def find_misprints(
    incidence: Mapping[Cell, tuple[Relation, ...]], failing: Iterable[Relation], book: Book, read: Read
) -> list[Misprint]:
    """One misprint for each cell that explains failing relations, and one for each relation that nothing explains."""
    misprints: list[Misprint] = []
    for component in _components(failing):
        touched = {cell for relation in component for cell in relation.cells}
        near = {cell for one in touched for relation in incidence[one] for cell in relation.cells}
        figures = {cell: read(cell) for cell in near}
        inquiry = Inquiry(book, figures, incidence, {id(relation): relation for relation in component})
        while suspects := list(_likeliest(inquiry)):
            for suspect in suspects:
                inquiry.close(_misprint(suspect, inquiry))
        for relation in list(inquiry.open.values()):
            if inquiry.is_open(relation):
                inquiry.close(_unexplained(relation, inquiry))
        misprints += inquiry.misprints
    return misprints


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


def _likeliest(inquiry: Inquiry) -> Iterator[_Suspect]:
    """The heaviest suspects, those of one round independent of each other.

    Two cells that fix the same relations and have as much against them are let go. Of one failing relation alone only a
    cell that a misprint of the pen singles out is suspected.
    """
    leads = inquiry.leads()
    by_relation = _by_relation(leads)
    suspects = [_Suspect(lead, _edit(lead, by_relation, inquiry)) for lead in leads]
    serious = [suspect for suspect in suspects if len(suspect.lead.fixed) > 1 or suspect.edit]
    weights: dict[int, list[tuple[int, int, bool, int]]] = {}
    for suspect in serious:
        for key in suspect.lead.relation_ids:
            weights.setdefault(key, []).append(suspect.weight)
    taken: set[int] = set()
    for suspect in sorted(serious, key=lambda suspect: suspect.weight, reverse=True):
        keys = suspect.lead.relation_ids
        alone = all(weights[key].count(suspect.weight) == 1 and max(weights[key]) == suspect.weight for key in keys)
        if alone and keys.isdisjoint(taken):
            taken |= {id(relation) for relation in inquiry.incidence[suspect.lead.cell]}
            yield suspect


def _by_relation(leads: Sequence[Lead]) -> dict[int, list[int]]:
    """For each relation, how many relations each of its leads would fix."""
    found: dict[int, list[int]] = {}
    for lead in leads:
        for key in lead.relation_ids:
            found.setdefault(key, []).append(len(lead.fixed))
    return found


def _edit(lead: Lead, by_relation: Mapping[int, list[int]], inquiry: Inquiry) -> digits.Edit | None:
    """The misprint of the pen that the cell shows, weighed against how many other cells could be at fault."""
    crowd = max(sum(1 for others in by_relation[key] if others >= len(lead.fixed)) for key in lead.relation_ids)
    edit = digits.likeliest(inquiry.book.text(lead.cell), *lead.bounds, crowd, _grain(lead, inquiry))
    if edit and edit.cause == digits.SIGN and not lead.states:
        return None  # a part counted with the wrong sign is a misprint of its total
    return edit


def _grain(lead: Lead, inquiry: Inquiry) -> Fraction:
    """The greatest step of which every figure of the sums is a multiple; 0 where there is no sum."""
    sums = (relation for relation in lead.fixed if relation.coefficients)
    figures = [inquiry.read(cell) for relation in sums for cell in relation.cells]
    unit = lcm(*(figure.denominator for figure in figures))
    return Fraction(gcd(*(int(figure * unit) for figure in figures)), unit)


def _misprint(suspect: _Suspect, inquiry: Inquiry) -> Misprint:
    lead, edit = suspect.lead, suspect.edit
    found = causes.Cause(edit.cause) if edit else _cause_of(lead, inquiry)
    value = _best_value(lead, edit, inquiry)
    satisfied = len(inquiry.incidence[lead.cell])
    return Misprint(lead.fixed, found.name, lead.cell, value, found.cell, satisfied, detail=found.detail)


def _best_value(lead: Lead, edit: digits.Edit | None, inquiry: Inquiry) -> Fraction:
    """The value nearest to what every relation of the cell asks for; on a tie, the one the digits suggest."""
    decimals = decimals_of(inquiry.book.text(lead.cell))
    asked = [b for relation in inquiry.incidence[lead.cell] if (b := inquiry.needed(relation, lead.cell))]
    centres = [(low + high) / 2 for low, high in asked]
    middle = sum(lead.bounds, Fraction(0)) / 2
    candidates = [*([edit.figure] if edit else []), *(rounded(centre, decimals) for centre in (*centres, middle))]
    inside = [value for value in candidates if lead.bounds[0] <= value <= lead.bounds[1]]
    return min(inside, key=lambda value: sum(abs(value - centre) for centre in centres), default=middle)


def _cause_of(lead: Lead, inquiry: Inquiry) -> causes.Cause:
    """Without a misprint of the pen: a copy, or what a relation that states the cell shows."""
    if copy := causes.copied(lead.cell, inquiry.book):
        return copy
    stated = [relation for relation in lead.fixed if relation.stated == lead.cell]
    return causes.of_relation(stated[0], inquiry.read, inquiry.book) if stated else causes.Cause(causes.UNKNOWN)


def _unexplained(relation: Relation, inquiry: Inquiry) -> Misprint:
    """A relation on its own: the cause seen in it, and its own value if nothing else would break.

    Of one figure printed in two places nothing says which is right, unless the other is held by other relations.
    """
    cause = causes.of_relation(relation, inquiry.read, inquiry.book)
    value = None
    if relation.stated and relation.family.only_bounds:
        value = causes.thousands(relation.stated, inquiry.book)
        if value is not None and relation.holds(replaced(inquiry.read, relation.stated, value)):
            cause = causes.Cause(causes.SEPARATOR)
        else:
            value = None
    elif relation.stated and _tells_the_figure(relation, inquiry):
        low, high = inquiry.room(relation.stated)
        shown = relation.shown(inquiry.read)
        value = shown if low <= shown <= high else None
    satisfied = len(inquiry.incidence[relation.stated]) if relation.stated else 0
    others = (other for other in inquiry.incidence.get(relation.at, ()) if other.identity is not relation.identity)
    held = sum(1 for other in others if other.holds(inquiry.read))
    return Misprint((relation,), cause.name, relation.at, value, cause.cell, satisfied, detail=cause.detail, held=held)


def _tells_the_figure(relation: Relation, inquiry: Inquiry) -> bool:
    if relation.family is not Family.SAME:
        return True
    return all(any(not inquiry.is_open(other) for other in inquiry.incidence[part]) for part in relation.parts)
