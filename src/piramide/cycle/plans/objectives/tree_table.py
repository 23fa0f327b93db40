"""The table of objectives: a dimension over its rows, its sub-dimensions, their indicators with reference and target.

A reference, and a target below one reference, that stands the same on rows one after the other is printed once over
all of them, as the official sheets do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Final

from piramide.cycle.plans.objectives.references import reference
from piramide.methodology.model import Node, NodeKind, Pack, WeightSource, with_ancestors
from piramide.methodology.printing.printed import NONE, printed_target
from piramide.methodology.sheet_words import SheetWords
from piramide.methodology.weights import POINTS
from piramide.reports import figures
from piramide.reports.labels import Labels
from piramide.reports.objectives.figures import figure_cell
from piramide.reports.printed_tables import Cell, Table

COLUMNS: Final = ("dimension", "weight", "part", "indicator", "reference", "target")
_DIMENSION, _WEIGHT, _PART, _LABEL, _REFERENCE, _TARGET = range(len(COLUMNS))
_WIDTHS: Final = (14, 10, 9, 37, 18, 17)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row below a dimension: a group or an indicator. `depth` counts from the groups right below the dimension."""

    node: Node
    depth: int
    share: Fraction | None
    reference: str = ""
    target: str = ""


def tree_table(tree: Sequence[Node], pack: Pack, words: SheetWords, say: Labels) -> Table:
    """The table of a tree, with the titles of its kind of structure."""
    own = say.section("objectives_column")
    titles = tuple(words.columns.get(name) or str(own[name]) for name in COLUMNS)
    rows = tuple(row for top in tree if not is_unprinted(top) for row in _dimension(top, pack, words.marks, say))
    return Table(titles, rows, _WIDTHS)


def is_unprinted(node: Node) -> bool:
    """Whether a node is reported beside its parts only: a composite without weight and without a target of its own."""
    return node.kind is NodeKind.COMPOSITE and not node.weight and node.target is None and not node.printed


def _dimension(top: Node, pack: Pack, marks: Mapping[str, str], say: Labels) -> Iterator[tuple[Cell, ...]]:
    lines = list(_lines(top, pack)) or [_leaf(top, pack, 0, None)]
    cells = [[_label(line, marks)] for line in lines]
    for at, line in enumerate(lines):
        if line.share is not None:
            cells[at].append(_share(_PART, line.share, _reach(lines, at), pack, say))
    for at, count in _runs([(line.depth and line.reference) or at for at, line in enumerate(lines)]):
        if lines[at].reference:
            cells[at].append(Cell(_REFERENCE, lines[at].reference, count))
        for below, many in _runs([_shared(line, at) for at, line in enumerate(lines[at : at + count])]):
            if target := lines[at + below].target:
                cells[at + below].append(figure_cell(_TARGET, target, many))
    if top.children:
        name = Cell(_DIMENSION, f"{top.label}{marks.get(top.id, '')}", len(lines), is_bold=True)
        cells[0] += [name, _share(_WEIGHT, top.weight, len(lines), pack, say)]
    else:
        cells[0].append(_share(_WEIGHT, top.weight, 1, pack, say))
    for row in cells:
        yield tuple(sorted(row, key=lambda cell: cell.column))


def _lines(top: Node, pack: Pack) -> Iterator[_Line]:
    """A line for each printed node below one, and its depth; what hangs below an unprinted node is not printed."""
    for node, above in with_ancestors(top.children):
        if any(map(is_unprinted, (*above, node))):
            continue
        depth = len(above)
        if node.children:
            yield _Line(node, depth, node.weight)
        else:
            beside = sum(not is_unprinted(one) for one in (above[-1] if above else top).children)
            yield _leaf(node, pack, depth, node.weight if _is_weighed(node, Fraction(1, beside), depth) else None)


def _is_weighed(node: Node, equal: Fraction, depth: int) -> bool:
    """Whether an indicator prints its weight: never a part of an equal split, which no act prints.

    Below a group, equal weights print none either, as on the official sheets.
    """
    return node.weight_source is not WeightSource.EQUAL_SPLIT and (depth == 0 or node.weight != equal)


def _leaf(node: Node, pack: Pack, depth: int, share: Fraction | None) -> _Line:
    cited = node.target_citation if node.target_citation and node.target_citation.act else node.citation
    target = printed_target(node, pack) if node.is_at_hand else ""
    return _Line(node, depth, share, reference(cited, pack), target)


def _shared(line: _Line, at: int) -> object:
    """What neighbours below one reference may print once: words, never a figure."""
    is_words = line.target and line.target != NONE and figure_cell(_TARGET, line.target).number is None
    return line.target if is_words else at


def _label(line: _Line, marks: Mapping[str, str]) -> Cell:
    text = f"{line.node.label}{marks.get(line.node.id, '')}"
    return Cell(_LABEL, text, is_bold=bool(line.node.children), indent=line.depth)


def _reach(lines: Sequence[_Line], at: int) -> int:
    """How many rows the weight of a group covers: its own and those below it that print no weight."""
    below = next((n for n, line in enumerate(lines[at + 1 :]) if line.share is not None), len(lines) - at - 1)
    return 1 + below


def _share(column: int, share: Fraction, rows: int, pack: Pack, say: Labels) -> Cell:
    text = figures.weight_as_printed(share, say, in_points=pack.weighs_in_points)
    return replace(figure_cell(column, text, rows), number=share * POINTS if pack.weighs_in_points else share)


def _runs(values: Sequence[object]) -> Iterator[tuple[int, int]]:
    """Where equal neighbours begin, and how many they are."""
    at = 0
    for _, same in groupby(values):
        count = len(list(same))
        yield at, count
        at += count
