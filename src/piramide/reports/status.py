"""The status of a row in its three carriers: a word, a shape and, where there is colour, a colour."""

from __future__ import annotations

from dataclasses import dataclass

from piramide.kernel.figure import exactly
from piramide.kernel.rounding import side_of
from piramide.kernel.statuses import SAID_BESIDE, WITHOUT_VALUE, Status
from piramide.reports.labels import Labels
from piramide.reports.sheet import NOT_AT_HAND, SheetRow

SIGNS = {
    "up": "▲",
    "down": "▼",
    "level": "●",
    Status.MISSING: "○",
    Status.NOT_APPLICABLE: "○",
    Status.NOT_STARTED: "○",
    Status.NOT_DUE: "◷",
    Status.ESTIMATED: "◌",
    Status.ADJUSTED: "✎",
    "contested": "⚑",
    NOT_AT_HAND: "□",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One status: `shape` names what is drawn, `sign` is its character, `word` is what is read."""

    shape: str
    sign: str
    word: str


def marks(row: SheetRow, say: Labels) -> tuple[Mark, ...]:
    """Statuses of a leaf, the direction of its gap first; a group has none."""
    return tuple(Mark(shape, SIGNS[shape], say("status", shape)) for shape in _shapes(row))


def _shapes(row: SheetRow) -> tuple[str, ...]:
    if not row.is_leaf:
        return ()
    if row.kind == NOT_AT_HAND:
        return (NOT_AT_HAND,)
    is_silent = row.status in WITHOUT_VALUE or row.status == Status.NOT_DUE
    shapes = [row.status] if is_silent else [*_direction(row)]
    if row.status in SAID_BESIDE:
        shapes.append(row.status)
    if row.contested:
        shapes.append("contested")
    return tuple(shapes)


def _direction(row: SheetRow) -> tuple[str, ...]:
    """Side of the target, judged on the exact figure; it is printed with the decimals that show it."""
    if row.gap is None:
        return () if row.value is not None else (Status.MISSING,)
    side = side_of(exactly(row.gap), 0)
    if not side:
        return ("level",)
    return ("up",) if side > 0 else ("down",)
