"""The identities of a pack proven or reported: relations built, evaluated, and the failing ones explained."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from piramide.kernel.findings import Finding, Place, Refusal, Severity, refuse
from piramide.kernel.naming import nearest
from piramide.methodology.checks import causes, misprints, patterns, suspects
from piramide.methodology.checks.cells import Book, Cell, decimals_of
from piramide.methodology.checks.chain_tables import chain_tables
from piramide.methodology.checks.kinds import COMMON, KINDS
from piramide.methodology.checks.kinds.source import MisdeclaredIdentityError, Source
from piramide.methodology.checks.relations import Read, Reading, Relation, by_cell
from piramide.methodology.identity import Identity
from piramide.methodology.model import Pack


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of the identities: findings, relations evaluated, relations that do not hold, identities proven."""

    findings: tuple[Finding, ...]
    relations: int = 0
    failing: int = 0
    identities: int = 0
    proven: int = 0


def prove(pack: Pack) -> Proof:
    """Evaluate every identity of the pack on its tables and on the files of its chain."""
    book = _book(pack)
    found: list[Finding] = []
    built: list[Relation] = []
    for identity in pack.identities:
        try:
            built += _relations(book, identity)
        except MisdeclaredIdentityError as error:
            found.append(_misdeclared(identity, error))
    found += _malformed(book, built)
    relations = tuple(relation for relation in built if _can_be_evaluated(relation, book))
    read = _reader(book, relations)
    close, failing = _judge(relations, read)
    moved = patterns.moved(relations, failing, read)
    explained = {id(relation) for misprint in moved for relation in misprint.relations}
    rest = [relation for relation in failing if id(relation) not in explained]
    incidence = by_cell(tuple(relation for relation in relations if id(relation) not in explained))
    single = patterns.linked(suspects.find_misprints(incidence, rest, book, read), incidence, read)
    found += _in_order([misprints.finding(misprint, book, read) for misprint in (*moved, *single)], book)
    found += _in_order(_once(misprints.rounding_note(relation, book, read) for relation in close), book)
    broken = {relation.identity.id for relation in failing}
    evaluated = {relation.identity.id for relation in relations}
    return Proof(tuple(found), len(relations), len(failing), len(pack.identities), len(evaluated - broken))


def _book(pack: Pack) -> Book:
    return Book({**pack.tables, **chain_tables(pack)})


def _in_order(findings: Iterable[Finding], book: Book) -> list[Finding]:
    """Findings as a reader meets them: table after table, line after line."""
    tables = {table.path: position for position, table in enumerate(book.tables.values())}
    return sorted(findings, key=lambda finding: (tables[finding.place.file], finding.place.line))


def _once(notes: Iterable[Finding]) -> list[Finding]:
    """One note for each cell that two relations recompute alike."""
    return list({(note.place, note.recomputed): note for note in notes}.values())


def _relations(book: Book, identity: Identity) -> list[Relation]:
    """The relations that one identity declares; raises `MisdeclaredIdentityError`."""
    if identity.kind not in KINDS:
        raise MisdeclaredIdentityError("kind", identity.kind, KINDS)
    kind = KINDS[identity.kind]
    for name in identity.arguments:
        if name not in kind.arguments and name not in COMMON:
            raise MisdeclaredIdentityError(name, "", (*kind.arguments, *COMMON))
    for name in ("where", "unless"):
        if name in identity.arguments and "table" not in identity.arguments:
            raise MisdeclaredIdentityError(name)
    for name in kind.required:
        if identity.arguments.get(name) is None:
            raise MisdeclaredIdentityError(name)
    source = Source(book, identity, identity.arguments)
    _check_words(source)
    relations = [_with_mistake(relation, source) for relation in kind.build(source)]
    if not relations:
        raise MisdeclaredIdentityError("where" if "where" in identity.arguments else "table")
    return relations


def _check_words(source: Source) -> None:
    """`severity` and `cause` are of the words that are known, `quote` names two columns."""
    for name, known in (("severity", tuple(Severity)), ("cause", causes.DECLARED)):
        if source.has(name) and source.text(name) not in known:
            raise MisdeclaredIdentityError(name, source.text(name), known)
    if source.has("quote"):
        for name in ("printed", "means"):
            source.side("quote").column(name, source.table())


def _with_mistake(relation: Relation, source: Source) -> Relation:
    """The relation with the reading that its figure was taken from the cell `mistaken_for`."""
    if not source.has("mistaken_for"):
        return relation
    cell = source.side("mistaken_for").cell()
    figure = source.book.figure(cell) or Fraction(0)
    return replace(relation, readings=(*relation.readings, Reading(causes.COPIED, lambda _read: figure, cell=cell)))


def _misdeclared_ones(book: Book, identities: Iterable[Identity]) -> Iterator[Finding]:
    for identity in identities:
        try:
            _relations(book, identity)
        except MisdeclaredIdentityError as error:
            yield _misdeclared(identity, error)


def _misdeclared(identity: Identity, error: MisdeclaredIdentityError) -> Finding:
    near = difflib.get_close_matches(error.value or error.argument, error.known, 3)
    fields = {
        "identity": identity.id,
        "kind": identity.kind,
        "argument": error.argument,
        "value": error.value,
        "near": ", ".join(near),
    }
    return Finding("PK010", identity.place, identity.id, fields)


def _malformed(book: Book, relations: Iterable[Relation]) -> list[Finding]:
    """One finding for each cell of a relation that prints something that is not a figure."""
    index: dict[Cell, list[Relation]] = {}
    for relation in relations:
        for cell in dict.fromkeys(relation.cells):
            if book.is_malformed(cell):
                index.setdefault(cell, []).append(relation)
    return [misprints.malformed(cell, found, book) for cell, found in index.items()]


def _can_be_evaluated(relation: Relation, book: Book) -> bool:
    if any(book.figure(cell) is None for cell in relation.cells):
        return False
    try:
        relation.formula(_reader(book, ()))
    except ZeroDivisionError:
        return False
    return True


def _reader(book: Book, relations: Iterable[Relation]) -> Read:
    figures = {cell: book.figure(cell) or Fraction(0) for relation in relations for cell in relation.cells}

    def read(cell: Cell) -> Fraction:
        return figures[cell] if cell in figures else book.figure(cell) or Fraction(0)

    return read


def _judge(relations: Iterable[Relation], read: Read) -> tuple[list[Relation], list[Relation]]:
    """Relations that hold only thanks to their tolerance, and relations that do not hold."""
    close, failing = [], []
    for relation in relations:
        gap = abs(relation.gap(read))
        if gap > relation.allowed:
            failing.append(relation)
        elif gap and relation.coefficients:
            close.append(relation)
    return close, failing


@dataclass(frozen=True, slots=True)
class ProofLine:
    """One relation told in figures: stated, recomputed, and whether it holds within `allowed`.

    `is_printed` is false where the identity itself gives the figure (100 of a sum of weights); `decimals` are those to
    show the figures with.
    """

    identity: str
    sentence: str
    subject: str
    where: str
    stated: Fraction
    recomputed: Fraction
    allowed: Fraction
    is_printed: bool = True
    decimals: int = 0

    @property
    def difference(self) -> Fraction:
        """Stated minus recomputed."""
        return self.stated - self.recomputed

    @property
    def holds(self) -> bool:
        """Whether the difference is allowed."""
        return abs(self.difference) <= self.allowed


def proof_lines(pack: Pack, wanted: str = "") -> tuple[ProofLine, ...]:
    """Every relation of the identities whose id contains `wanted`, those that hold too; refuses PK040 none such."""
    identities = [identity for identity in pack.identities if wanted in identity.id]
    if not identities:
        near = ", ".join(nearest(wanted, [identity.id for identity in pack.identities])) or "-"
        raise refuse("PK040", Place(pack.id), wanted, near=near)
    book = _book(pack)
    try:
        built = [relation for identity in identities for relation in _relations(book, identity)]
    except MisdeclaredIdentityError as error:
        raise Refusal(*_misdeclared_ones(book, identities)) from error
    relations = [relation for relation in built if _can_be_evaluated(relation, book)]
    read = _reader(book, relations)
    return tuple(
        ProofLine(
            relation.identity.id,
            relation.identity.sentence,
            book.subject(relation.at),
            str(book.place(relation.at)),
            relation.stated_figure(read),
            relation.formula(read),
            relation.allowed,
            relation.stated is not None,
            _decimals_shown(relation, book),
        )
        for relation in relations
    )


def _decimals_shown(relation: Relation, book: Book) -> int:
    """Decimals of the stated figure as printed; of one that nobody printed, the most of its parts."""
    cells = (relation.stated,) if relation.stated else relation.parts
    return max((decimals_of(book.text(cell)) for cell in cells), default=0)
