"""The rules a run was made under, and what of a kept figure a later change of the rules explains.

Rules 1 are those of the runs whose manifest names none. A run of earlier rules is held against what they kept: files,
values, gaps, complete indices. What the rules of today make of its values is told beside, rule by rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from piramide.kernel.node_fields import INDEX_FIELDS
from piramide.kernel.statuses import Status
from piramide.methodology.model import RuleKind

RULES: Final = 2
"""The rules of this version."""
SINCE: Final[Mapping[int, date]] = {1: date(2026, 11, 21), 2: date(2026, 11, 30)}
"""The day from which each set of rules holds."""
KEPT_COLUMNS: Final = ("value", "gap_raw", "gap", "index")
"""What a run of earlier rules is held against: an index only where it is complete."""
BAND_COLUMNS: Final = INDEX_FIELDS[1:]
"""What later rules say otherwise without any fault: told, never a difference."""
NOISE: Final = 1e-9


def rules_of(manifest: Mapping[str, Any]) -> int:
    """The rules that a run was made under; a manifest that says anything but a number is of none that is known."""
    said = manifest.get("rules", 1)
    return said if isinstance(said, int) else 0


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that changed since a run was made: how many of its cells it moves, and the first of them."""

    rule: str
    cells: int
    structure: str
    node: str
    column: str
    kept: Any
    recomputed: Any

    def as_json(self) -> dict[str, Any]:
        """The change as `verify --json` tells it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that was kept as one thing and is recomputed as another."""

    structure: str
    node: str
    column: str
    kept: Any
    recomputed: Any


Rows = Mapping[tuple[str, str], Mapping[str, Any]]


class Explained:
    """What changed rules explain of the cells of a run that come out otherwise."""

    def __init__(self, kept: Rows, again: Rows) -> None:
        """Rows by structure and node (empty for the whole sheet), as they were kept and as they are recomputed."""
        self._kept, self._again = kept, again
        self._moved: dict[tuple[str, str], str] = {}
        self.changes: dict[str, RuleChange] = {}

    def left(self, cells: Sequence[Cell]) -> list[Cell]:
        """The cells that no changed rule explains, in their order; the others are counted by rule."""
        found = [cell for cell in sorted(cells, key=self._turn) if not self._takes(cell)]
        return sorted(found, key=cells.index)

    def _turn(self, cell: Cell) -> tuple[bool, bool, int]:
        """Leaves before what stands above them, bands last."""
        return cell.column in BAND_COLUMNS, not self._leaf_rule(cell), -self._depth(cell)

    def _depth(self, cell: Cell) -> int:
        return len(list(self._above(cell)))

    def _leaf_rule(self, cell: Cell) -> str:
        """The rule that changed how a leaf is judged: a share of a year (R13), checkpoints not seen (R40)."""
        again = self._again[cell.structure, cell.node]
        if again.get("status") == Status.NOT_DUE:
            return "R13"
        return "R40" if again.get("rule") == RuleKind.THRESHOLD else ""

    def _takes(self, cell: Cell) -> bool:
        is_band = cell.column in BAND_COLUMNS
        above = self._moved.get((cell.structure, cell.node), "")
        is_missing = self._again[cell.structure, cell.node].get("value") is None
        rule = above or ("R44" if is_band and is_missing else self._leaf_rule(cell) or ("R44" if is_band else ""))
        if not rule:
            return False
        known = self.changes.get(rule) or RuleChange(rule, 0, **asdict(cell))
        self.changes[rule] = replace(known, cells=known.cells + 1)
        if not is_band:
            for place in ((cell.structure, cell.node), *self._above(cell)):
                self._moved.setdefault(place, rule)
        return True

    def _above(self, cell: Cell) -> Iterator[tuple[str, str]]:
        """What stands above a node, the structure last."""
        node = cell.node
        while node:
            node = self._kept[cell.structure, node].get("parent") or ""
            yield cell.structure, node


def differing(kept: Rows, again: Rows, columns: Sequence[str], *, exactly: bool = False) -> list[Cell]:
    """Cells that come out otherwise, rows in the order of the paper.

    Unless `exactly`, an index counts only where a complete one was kept, and not the last digits of doubles.
    """
    found = []
    for (structure, node), row in again.items():
        before = kept.get((structure, node))
        if before is None:
            found.append(Cell(structure, node, "", None, node or structure))
            continue
        for column in columns:
            if column not in before or (not exactly and column == "index" and before[column] is None):
                continue
            is_kept = before[column] == row.get(column) if exactly else is_same(before[column], row.get(column))
            if not is_kept:
                found.append(Cell(structure, node, column, before[column], row.get(column)))
    gone = [key for key in kept if key not in again]
    return [*found, *(Cell(*key, "", key[1] or key[0], None) for key in gone)]


def is_same(kept: Any, recomputed: Any) -> bool:  # noqa: ANN401 - cells of any type
    """Whether two cells say the same, doubles of two versions of the code but for their last digits."""
    if isinstance(kept, float) and isinstance(recomputed, float):
        return abs(kept - recomputed) <= NOISE * max(1.0, abs(kept))
    return bool(kept == recomputed)
