"""From a slip to the finding that a colleague would write: figures, place, cause, value that would fit."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from piramide.kernel.findings import Finding, Severity
from piramide.methodology.checks import causes
from piramide.methodology.checks.cells import Book, Cell, decimals_of, machine, rounded
from piramide.methodology.checks.relations import Family, Read, Relation
from piramide.methodology.checks.suspects import Slip

SHIFTED_GROUPS = "PK018"
ROUNDED = "PK019"
MALFORMED = "PK011"


def finding(slip: Slip, book: Book, read: Read) -> Finding:
    """The finding of one slip: it points to the cell at fault, and lists every relation that the slip breaks."""
    main = _main(slip)
    stated, recomputed = _figures(slip, main, read)
    printed = book.text(slip.cell) if stated == book.figure(slip.cell) else machine(stated)
    decimals = max(decimals_of(printed), 0 if slip.cell == main.stated or main.decimals is None else main.decimals)
    fields = {
        "cause": "" if slip.cause == causes.UNKNOWN else slip.cause,
        "identity": main.identity.id,
        "sentence": _sentence(main),
        "identities": ", ".join(dict.fromkeys(relation.identity.id for relation in slip.relations)),
        "satisfied": slip.satisfied,
        "number": len(slip.relations),
        "group": ", ".join(main.group),
        "groups": ", ".join(dict.fromkeys(book.row_name(relation.at) for relation in slip.relations)),
        "elsewhere": str(book.place(main.parts[0])) if main.family is Family.SAME and main.parts else "",
        "place_of_cause": str(book.place(slip.other)) if slip.other else "",
        "detail": f" ({_part_name(slip.other, slip.cell, book)}, {book.place(slip.other)})" if slip.other else "",
        "tolerance": machine(main.tolerance) if main.tolerance else "",
    }
    return Finding(
        code=SHIFTED_GROUPS if slip.cause in {causes.SHIFTED, causes.OFFSET} else main.family.value,
        place=book.place(slip.cell),
        subject=book.subject(slip.cell),
        fields=fields,
        stated=printed,
        recomputed=_as_printed(recomputed, decimals),
        difference=_as_printed(stated - recomputed, decimals),
        cause=slip.cause,
        suggestion="" if slip.value is None else _as_printed(slip.value, decimals),
        severity=Severity.WARNING if slip.cause in {causes.ROUNDING, causes.CARRIED} else None,
    )


def _part_name(part: Cell, cell: Cell, book: Book) -> str:
    same_row = (part.table, part.row) == (cell.table, cell.row)
    return part.column.replace("_", " ") if same_row else book.row_name(part)


def _main(slip: Slip) -> Relation:
    """The relation the finding tells: the first that states the cell at fault, else the first."""
    return next((r for r in slip.relations if slip.cell == r.stated), slip.relations[0])


def _figures(slip: Slip, main: Relation, read: Read) -> tuple[Fraction, Fraction]:
    """Stated and recomputed figure of the cell at fault; of a part, what the relation needs it to be."""
    if slip.cell == main.stated:
        return main.stated_figure(read), main.shown(read)
    if main.family is Family.WEIGHTS:
        return main.formula(read), main.printed
    bounds = main.needed(slip.cell, read) if slip.value is not None else None
    if bounds:
        middle = (bounds[0] + bounds[1]) / 2
        return read(slip.cell), middle if bounds[1] - bounds[0] < 3 * main.allowed else slip.value or middle
    return main.stated_figure(read), main.shown(read)


def _as_printed(figure: Fraction, decimals: int) -> str:
    """With the decimals of the print where they are enough, else exact."""
    return machine(figure, decimals) if rounded(figure, decimals) == figure else machine(figure)


def _sentence(relation: Relation) -> str:
    return relation.identity.sentence.rstrip(".")


def rounding_note(relation: Relation, book: Book, read: Read) -> Finding:
    """A relation that holds thanks to its tolerance alone is said for the record."""
    stated, recomputed = relation.stated_figure(read), relation.shown(read)
    return Finding(
        ROUNDED,
        book.place(relation.at),
        book.subject(relation.at),
        {"identity": relation.identity.id, "sentence": _sentence(relation), "tolerance": machine(relation.tolerance)},
        machine(stated),
        machine(recomputed),
        machine(stated - recomputed),
        causes.ROUNDING,
    )


def malformed(cell: Cell, relations: Iterable[Relation], book: Book) -> Finding:
    """A cell that prints no figure, and the value its relations would give it if they agree on one."""
    needed = set()
    for relation in relations:
        others = [book.figure(other) for other in relation.cells if other != cell]
        if None not in others and cell == relation.stated:
            needed.add(relation.shown(lambda other: book.figure(other) or Fraction(0)))
        elif None not in others and relation.coefficients == () and relation.parts == (cell,):
            needed |= _inverse(relation, cell, book)
    return Finding(
        MALFORMED,
        book.place(cell),
        book.subject(cell),
        {"text": book.text(cell)},
        stated=book.text(cell),
        suggestion=machine(needed.pop()) if len(needed) == 1 else "",
    )


def _inverse(relation: Relation, cell: Cell, book: Book) -> set[Fraction]:
    def read(other: Cell) -> Fraction:
        return Fraction(1) if other == cell else book.figure(other) or Fraction(0)

    bounds = relation.needed(cell, read)
    return {bounds[0]} if bounds and bounds[0] == bounds[1] else set()
