"""One row of the objectives, read by what its cells hold and only then by where they stand: rows are often shifted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from piramide.exchange.sheets.grid import Cell, Row
from piramide.exchange.sheets.layout import Columns
from piramide.methodology.printing.tokens import Token, share, token

_FIGURES: Final = frozenset({Token.PERCENTAGE, Token.FIGURE, Token.MALFORMED})
_WORDLESS: Final = frozenset({Token.LABEL, Token.DASH})
_GOES_ON: Final = re.compile(r"^(?:pag|tab|pp?\.|e\b|segg|par\b|\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """The cells of a row by what they are; what is nothing that a row of objectives holds is left in the row."""

    row: Row
    dimension: Cell | None = None
    shares: tuple[Cell, ...] = ()
    label: Cell | None = None
    references: tuple[Cell, ...] = ()
    target: Cell | None = None

    @property
    def is_bare_label(self) -> bool:
        """Whether the row holds a label and nothing else."""
        return self.label is not None and len(self.row.cells) == 1

    @property
    def goes_on(self) -> bool:
        """Whether the row, without a label, continues the reference above it."""
        first = self.references[0] if self.references else None
        return first is not None and not self.target and bool(_GOES_ON.match(first.text))


def entry(row: Row, columns: Columns) -> Entry:
    """Read one row. From the left: dimension, weights, label, reference, target; any of them may be missing."""
    cells = [cell for cell in row.cells if cell.column >= columns.target or token(cell.text) is not Token.FAULT]
    dimension = cells.pop(0) if _opens_dimension(cells, columns) else None
    shares: list[Cell] = []
    while cells and len(shares) < 2 and _is_share(cells, columns):
        shares.append(cells.pop(0))
    label = None
    if cells and token(cells[0].text) is Token.LABEL and (dimension or shares or cells[0].column < columns.reference):
        label = cells.pop(0)
    references, target, unplaced = _reference_and_target(cells, columns)
    if dimension is None and label is not None and not shares and not references and target is None:
        return _without_weights(row, label, unplaced, columns)
    return Entry(row, dimension, tuple(shares), label, references, target)


def _without_weights(row: Row, label: Cell, unplaced: tuple[Cell, ...], columns: Columns) -> Entry:
    """A row of labels alone: two of them, the first in the column of dimensions, are a dimension and its part."""
    second = next((cell for cell in unplaced[:1] if token(cell.text) is Token.LABEL), None)
    if second is not None and label.column == columns.dimension and second.column <= columns.label:
        return Entry(row, dimension=label, label=second)
    return Entry(row, label=label)


def _opens_dimension(cells: list[Cell], columns: Columns) -> bool:
    """A label in the first column with a weight right after it, in the columns of weights."""
    if len(cells) < 2 or token(cells[0].text) is not Token.LABEL:
        return False
    after = cells[1]
    is_weight = token(after.text) in _FIGURES and share(after.text) is not None
    return is_weight and cells[0].column <= columns.dimension and after.column <= columns.sub_share


def _is_share(cells: list[Cell], columns: Columns) -> bool:
    """A figure that stands before the label, or in the columns of weights."""
    if token(cells[0].text) not in _FIGURES or share(cells[0].text) is None:
        return False
    has_label_after = any(token(cell.text) is Token.LABEL for cell in cells[1:])
    return has_label_after or cells[0].column <= columns.sub_share


def _reference_and_target(
    cells: list[Cell], columns: Columns
) -> tuple[tuple[Cell, ...], Cell | None, tuple[Cell, ...]]:
    """Reference, target and what is neither. A second reference is a target: an act that states it."""
    references: list[Cell] = []
    target: Cell | None = None
    unplaced: list[Cell] = []
    for cell in cells:
        kind = token(cell.text)
        is_last_column = cell.column >= columns.target
        if kind is Token.REFERENCE and not references and not is_last_column:
            references.append(cell)
        elif target is None and (kind not in _WORDLESS or is_last_column):
            target = cell
        elif kind is Token.LABEL and target is None and cell.column == columns.reference:
            references.append(cell)
        else:
            unplaced.append(cell)
    return tuple(references), target, tuple(unplaced)
