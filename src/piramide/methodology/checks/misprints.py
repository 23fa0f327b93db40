"""From a misprint to the finding that a colleague would write: figures, place, cause, value that would fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from piramide.kernel.findings import Finding, Severity
from piramide.methodology.checks import causes
from piramide.methodology.checks.cells import Book, Cell, decimals_of, exact, machine, rounded, spaced
from piramide.methodology.checks.inquiry import Misprint
from piramide.methodology.checks.relations import Family, Read, Relation

SHIFTED_GROUPS = "PK009"
TOGETHER = "PK018"
ROUNDED = "PK019"
MALFORMED = "PK011"
_MILD = frozenset({causes.ROUNDING, causes.TRUNCATED, causes.CARRIED})
_REGROUPED = frozenset({causes.SEPARATOR})

# Letters that a scan reads where a digit is printed.
_LOOKALIKES = str.maketrans("SsOoIlB", "5500118")


def finding(misprint: Misprint, book: Book, read: Read) -> Finding:
    """The finding of one misprint: it points to the cell at fault, and lists every relation it breaks."""
    main = _main(misprint)
    stated, recomputed = _figures(misprint, main, read)
    printed = book.text(misprint.cell) if stated == book.figure(misprint.cell) else machine(stated)
    decimals = max(decimals_of(printed), 0 if misprint.cell == main.stated or main.decimals is None else main.decimals)
    suggestion = (
        "" if misprint.value is None else _as_printed(misprint.value, 0 if misprint.cause in _REGROUPED else decimals)
    )
    cause = _declared_cause(main) if misprint.cause == causes.UNKNOWN else misprint.cause
    difference = machine(stated - recomputed) if main.reference else _as_printed(stated - recomputed, decimals)
    used, _, expected = misprint.detail.partition("/") if cause == causes.CONSTANT else ("", "", "")
    is_code = book.is_code(misprint.cell)
    fields = {
        "cause": "" if cause == causes.UNKNOWN else cause,
        "difference": "" if is_code or main.family is Family.APART else difference,
        "ungrouped": is_code,
        "used": used,
        "expected": expected,
        "points": _in_points(main, read, decimals) if cause == causes.UNKNOWN else "",
        "others": misprint.held or "",
        "summed": "shares" if main.identity.kind == "shares_sum" else "weights",
        "identity": main.identity.id,
        "sentence": _sentence(main),
        "identities": ", ".join(dict.fromkeys(relation.identity.id for relation in misprint.relations)),
        "fits_one": suggestion if misprint.satisfied < 2 or main.family.only_bounds else "",
        "fits_all": suggestion if misprint.satisfied > 1 and not main.family.only_bounds else "",
        "satisfied": misprint.satisfied,
        "advice": "" if suggestion else "compare",
        "also": str(book.place(misprint.twin)) if misprint.twin else "",
        "number": len(misprint.relations),
        "group": ", ".join(main.group),
        "groups": ", ".join(dict.fromkeys(", ".join(r.group) or book.row_name(r.at) for r in misprint.relations)),
        "rows": str(abs(misprint.shift) or ""),
        "side": "above" if misprint.shift > 0 else "below",
        "elsewhere": _elsewhere(main, read, book),
        "place_of_cause": str(book.place(misprint.other)) if misprint.other else "",
        "detail": _detail(misprint, book),
        "part": book.text(misprint.other) if misprint.other and cause == causes.ADDED else "",
        "tolerance": machine(main.tolerance) if main.tolerance else "",
        "line": book.document_line(misprint.cell),
    }
    return Finding(
        code=_code(misprint, main),
        place=book.place(misprint.cell),
        subject=_subject(misprint, main, book),
        fields=fields,
        stated=printed,
        recomputed=machine(recomputed) if main.reference else _as_printed(recomputed, decimals),
        difference=difference,
        cause=cause,
        suggestion=suggestion,
        severity=_severity(misprint),
    )


def _declared_cause(main: Relation) -> str:
    return str(main.identity.arguments.get("cause", causes.UNKNOWN))


def _severity(misprint: Misprint) -> Severity | None:
    """The milder of what the cause and the identities say; of several identities the gravest."""
    order = tuple(Severity)
    declared = min(
        order.index(Severity(str(r.identity.arguments.get("severity", order[0])))) for r in misprint.relations
    )
    may_mean_points = any(reading.is_told for relation in misprint.relations for reading in relation.readings)
    is_mild = misprint.cause in _MILD or (misprint.cause == causes.POINTS and may_mean_points)
    seen = order.index(Severity.WARNING) if is_mild else 0
    return order[max(declared, seen)] if max(declared, seen) else None


def _in_points(main: Relation, read: Read, decimals: int) -> str:
    """What the difference in percentage points would be, where it might be meant."""
    told = next((reading for reading in main.readings if reading.is_told), None)
    return _as_printed(told.formula(read), decimals) if told else ""


def _elsewhere(main: Relation, read: Read, book: Book) -> str:
    """The other place of the figure; of several to choose among, the nearest figure's."""
    if main.family not in {Family.SAME, Family.APART, Family.AMONG} or not main.parts:
        return ""
    compared = main.reference(read) if main.reference else None
    return str(book.place(next((part for part in main.parts if read(part) == compared), main.parts[0])))


def _code(misprint: Misprint, main: Relation) -> str:
    if misprint.shift:
        return SHIFTED_GROUPS
    return TOGETHER if misprint.cause in {causes.SHIFTED, causes.OFFSET} else main.family.value


def _subject(misprint: Misprint, main: Relation, book: Book) -> str:
    """The cell at fault; of weights that do not add up, none of which is, their group."""
    if main.family is not Family.WEIGHTS or misprint.value is not None:
        return book.subject(misprint.cell)
    title = book.tables[misprint.cell.table].title
    return f"{title}: {', '.join(main.group)}" if main.group else title


def _detail(misprint: Misprint, book: Book) -> str:
    if not misprint.other:
        return ""
    return f" ({_part_name(misprint.other, misprint.cell, book)}, {book.place(misprint.other)})"


def _part_name(part: Cell, cell: Cell, book: Book) -> str:
    same_row = (part.table, part.row) == (cell.table, cell.row)
    return book.column_name(part) if same_row else book.row_name(part)


def _main(misprint: Misprint) -> Relation:
    """The relation the finding tells: the first that states the cell at fault, else the first."""
    return next((r for r in misprint.relations if misprint.cell == r.stated), misprint.relations[0])


def _figures(misprint: Misprint, main: Relation, read: Read) -> tuple[Fraction, Fraction]:
    """Stated and recomputed figure of the cell at fault; of a part, what the relation needs it to be."""
    if main.reference:
        return main.stated_figure(read), main.reference(read)
    if misprint.cell == main.stated:
        return main.stated_figure(read), main.shown(read)
    if main.family is Family.WEIGHTS:
        return main.formula(read), main.printed
    if misprint.value is not None:
        return read(misprint.cell), misprint.value
    return main.stated_figure(read), main.shown(read)


def _as_printed(figure: Fraction, decimals: int) -> str:
    """With the decimals of the print where they are enough, else exact."""
    return machine(figure, decimals) if rounded(figure, decimals) == figure else machine(figure)


def _sentence(relation: Relation) -> str:
    return relation.identity.sentence.rstrip(".")


def rounding_note(relation: Relation, book: Book, read: Read) -> Finding:
    """A relation that holds thanks to its tolerance alone is said for the record."""
    stated, recomputed = relation.stated_figure(read), relation.shown(read)
    if relation.family is Family.WEIGHTS:
        stated, recomputed = recomputed, stated
    return Finding(
        ROUNDED,
        book.place(relation.at),
        book.subject(relation.at),
        {
            "identity": relation.identity.id,
            "sentence": _sentence(relation),
            "tolerance": machine(relation.tolerance),
            "line": book.document_line(relation.at),
        },
        machine(stated),
        machine(recomputed),
        machine(stated - recomputed),
        causes.ROUNDING,
    )


def malformed(cell: Cell, relations: Iterable[Relation], book: Book) -> Finding:
    """A cell that prints no figure: the reading that its relations allow, if there is one alone.

    Where the cell holds a part of a printed code, the whole code is quoted.
    """
    text = book.text(cell)
    held = [relation for relation in relations if _others_are_figures(relation, cell, book)]
    cause, value = _reading(text, cell, held, book)
    suggestion = "" if value is None else machine(value)
    quote = next((q for r in held if isinstance(q := r.identity.arguments.get("quote"), Mapping)), None)
    if quote:
        text = book.text(cell._replace(column=str(quote["printed"])))
        suggestion = suggestion and book.text(cell._replace(column=str(quote["means"])))
    return Finding(
        MALFORMED,
        book.place(cell),
        book.subject(cell),
        {"text": text, "line": book.document_line(cell), "ungrouped": bool(quote)},
        stated=text,
        cause=cause,
        suggestion=suggestion,
        severity=Severity.WARNING if cause == causes.SPACE else None,
    )


def _reading(text: str, cell: Cell, held: list[Relation], book: Book) -> tuple[str, Fraction | None]:
    """Why the cell prints no figure, and the figure that suits the relations it takes part in."""
    if (figure_meant := spaced(text)) is not None:
        return causes.SPACE, figure_meant
    alike = exact(text.translate(_LOOKALIKES))
    if alike is not None and held and all(relation.holds(_with(cell, alike, book)) for relation in held):
        return causes.LETTER, alike
    asking = [relation for relation in held if not relation.family.only_bounds]
    asked = {figure for relation in asking for figure in _asked(relation, cell, book)}
    value = asked.pop() if len(asked) == 1 else None
    digits_only = "".join(filter(str.isdigit, text))
    same_digits = value is not None and machine(value).replace(".", "") == digits_only
    return (causes.SEPARATOR if same_digits else ""), value


def _others_are_figures(relation: Relation, cell: Cell, book: Book) -> bool:
    return all(book.figure(other) is not None for other in relation.cells if other != cell)


def _asked(relation: Relation, cell: Cell, book: Book) -> set[Fraction]:
    """The one figure with which the relation holds, if it asks for one."""
    bounds = relation.needed(cell, _with(cell, Fraction(1), book))
    return {bounds[0]} if bounds and bounds[0] == bounds[1] else set()


def _with(cell: Cell, figure: Fraction, book: Book) -> Read:
    return lambda other: figure if other == cell else book.figure(other) or Fraction(0)
