"""The IEEP annex: lines and amounts, and the tree that they form.

The annex prints no codes. Lines that are known carry the codes of the shipped pack; the others get the tree that
makes every parent the signed sum of what follows it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from piramide.exchange.sheets.grid import Cell, Row
from piramide.exchange.sheets.imported import IeepLine, decimal
from piramide.exchange.sheets.layout import printed
from piramide.kernel.findings import Finding
from piramide.kernel.numbers import parse_italian
from piramide.methodology.printing.tokens import is_amount, slugged, without_marks

_TOLERANCE: Final = 1
_FEWEST_LINES: Final = 2
_MOST_LINES: Final = 60
_MOST_EXTENTS: Final = 8
_MOST_STEPS: Final = 200_000
_NEGATIVE: Final = re.compile(r"\(\s*[-–−]\s*\)")
_YEAR: Final = re.compile(r"\b20\d\d\b")


@dataclass(frozen=True, slots=True)
class KnownLine:
    """Place of a known line in the tree."""

    code: str
    parent: str
    level: int
    sign: int


@dataclass(frozen=True, slots=True)
class Annex:
    """Lines of the annex, the cells they took, and what was odd."""

    lines: tuple[IeepLine, ...] = ()
    cells: tuple[Cell, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Printed:
    label: str
    amount: Fraction
    sign: int
    is_italic: bool
    row: Row


def line_key(label: str) -> str:
    """What identifies a line whatever the year it is printed for."""
    return slugged(_YEAR.sub("", label))


def read_ieep(rows: Sequence[Row], known: Mapping[str, KnownLine]) -> Annex:
    """Read the annex; `known` are the lines of the shipped pack by `line_key`. Other rows are left to the caller."""
    lines, cells = [], []
    for row in printed(rows):
        if len(row.cells) < 2 or not is_amount(row.cells[-1].text) or is_amount(row.cells[0].text):
            continue
        first, last = row.cells[0], row.cells[-1]
        label, sign = without_marks(first.text), -1 if _NEGATIVE.search(first.text) else 1
        lines.append(
            _Printed(label, parse_italian(without_marks(last.text)).value or Fraction(0), sign, first.is_italic, row)
        )
        cells += [first, last]
    if not lines:
        return Annex()
    placed = _by_label(lines, known) or _by_sums(lines)
    if placed:
        return Annex(placed, tuple(cells), _wrong_sums(placed))
    flat = tuple(
        IeepLine(str(at), "", 0, line.sign, line.label, line.amount, line.row.place) for at, line in enumerate(lines, 1)
    )
    return Annex(flat, tuple(cells), (Finding("SH032", lines[0].row.place, lines[0].label),))


def _by_label(lines: Sequence[_Printed], known: Mapping[str, KnownLine]) -> tuple[IeepLine, ...]:
    """Codes of the known lines, if every line is known, once, and below its parent."""
    found = [known.get(line_key(line.label)) for line in lines]
    codes = [place.code for place in found if place]
    if len(set(codes)) < len(lines):
        return ()
    seen: set[str] = {""}
    placed = []
    for line, place in zip(lines, found, strict=True):
        if place is None or place.parent not in seen:
            return ()
        seen.add(place.code)
        placed.append(
            IeepLine(place.code, place.parent, place.level, place.sign, line.label, line.amount, line.row.place)
        )
    return tuple(placed)


def _by_sums(lines: Sequence[_Printed]) -> tuple[IeepLine, ...]:
    """The tree in which every parent is the signed sum of its children, read from the top; none if there is none."""
    amounts = [line.amount for line in lines]
    signs = [line.sign for line in lines]
    parents = _parents(amounts, signs)
    if parents is None:
        return ()
    codes: list[str] = []
    levels: list[int] = []
    counts: dict[int, int] = {}
    for parent in parents:
        counts[parent] = counts.get(parent, 0) + 1
        codes.append("T" if parent < 0 else _child_code(codes[parent], counts[parent]))
        levels.append(0 if parent < 0 else levels[parent] + 1)
    return tuple(
        IeepLine(code, codes[parent] if parent >= 0 else "", level, line.sign, line.label, line.amount, line.row.place)
        for code, parent, level, line in zip(codes, parents, levels, lines, strict=True)
    )


def _child_code(parent: str, ordinal: int) -> str:
    return str(ordinal) if parent == "T" else f"{parent}.{ordinal}"


def _parents(amounts: Sequence[Fraction], signs: Sequence[int]) -> list[int] | None:
    """Index of the parent of each line, -1 for the first; `None` when the first is no sum of the others."""
    if not _FEWEST_LINES <= len(amounts) <= _MOST_LINES:
        return None
    search = _Search(amounts, signs)
    whole = next((children for end, children in search.extents(0) if end == len(amounts) and children), None)
    return None if whole is None else search.settled(whole)


class _Search:
    """The search for a tree: a line whose amount is met by the lines right after it is their parent.

    It goes back where that leads nowhere, and gives up where too many zeros leave too many trees.
    """

    def __init__(self, amounts: Sequence[Fraction], signs: Sequence[int]) -> None:
        self._amounts = amounts
        self._signs = signs
        self._ends: dict[int, tuple[tuple[int, tuple[int, ...]], ...]] = {}
        self._steps = itertools.count()

    def extents(self, at: int) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Where the subtree of line `at` may end, with its children; a leaf last."""
        if at not in self._ends:
            found: dict[int, tuple[int, ...]] = {}
            self._grow(self._amounts[at], at + 1, (), found)
            self._ends[at] = (*sorted(found.items(), reverse=True), (at + 1, ()))
        return self._ends[at]

    def _grow(self, left: Fraction, at: int, children: tuple[int, ...], found: dict[int, tuple[int, ...]]) -> None:
        """Add to `found` every end at which the children so far make up the amount."""
        if children and abs(left) <= _TOLERANCE * len(children):
            found.setdefault(at, children)
        if at >= len(self._amounts) or len(found) > _MOST_EXTENTS or next(self._steps) > _MOST_STEPS:
            return
        for end, _ in self.extents(at):
            self._grow(left - self._signs[at] * self._amounts[at], end, (*children, at), found)

    def settled(self, whole: tuple[int, ...]) -> list[int]:
        """Parents of all lines, given the children of the first."""
        parents = [-1] * len(self._amounts)
        open_nodes = [(0, whole, len(self._amounts))]
        while open_nodes:
            parent, children, end = open_nodes.pop()
            for child, stop in zip(children, (*children[1:], end), strict=False):
                parents[child] = parent
                below = next(found for last, found in self.extents(child) if last == stop)
                open_nodes.append((child, below, stop))
        return parents


def _wrong_sums(lines: Sequence[IeepLine]) -> tuple[Finding, ...]:
    """Lines that are not the signed sum of those below them, by more than a euro for each."""
    found = []
    for line in lines:
        below = [child for child in lines if child.parent == line.code]
        total = sum((child.sign * (child.amount or Fraction(0)) for child in below), Fraction(0))
        stated = Fraction(line.amount or 0)
        if below and abs(total - stated) > _TOLERANCE * len(below):
            difference = stated - total
            found.append(
                Finding("SH033", line.place, line.label, {}, decimal(stated), decimal(total), decimal(difference))
            )
    return tuple(found)
