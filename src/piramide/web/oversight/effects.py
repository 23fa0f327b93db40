"""What an adjustment moved, as it is kept beside it and as pages print it.

Doubles are kept for machines, and beside each its exact number as text `p/q` under the same name and `_exact`, as in
the results of a run. An effect kept before there were exact numbers is read as its shortest decimals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from piramide.cycle.adjust import Effect
from piramide.cycle.runs.results import EXACT
from piramide.kernel.figure import Figure, preview

_MOVED: Final = ("before", "after", "change")


@dataclass(frozen=True, slots=True)
class MovedIndex:
    """The index of a structure before and after, on 100, and the points between them."""

    structure: str
    label: str
    before: Figure
    after: Figure
    change: Figure
    is_partial: bool


@dataclass(frozen=True, slots=True)
class EffectInWords:
    """The index of the row before and after, `None` where it has none, and every index that moves."""

    index_before: Figure | None
    index_after: Figure | None
    moved: tuple[MovedIndex, ...]

    def of(self, structure: str) -> MovedIndex | None:
        """How the index of a structure moves; nothing where it does not."""
        return next((row for row in self.moved if row.structure == structure), None)


def as_kept(effect: Effect) -> dict[str, Any]:
    """An effect as JSON: indices on 100, changes in points."""
    moved = [
        {
            "structure": move.structure,
            "label": move.label,
            "is_partial": move.is_partial,
            **_kept({"before": move.index - move.change, "after": move.index, "change": move.change}),
        }
        for move in effect.moved
    ]
    return _kept({"index_before": effect.index_before, "index_after": effect.index_after}) | {"moved": moved}


def in_words(kept: Mapping[str, Any]) -> EffectInWords:
    """An effect as it was kept, with its exact figures."""
    moved = tuple(_moved(row) for row in kept.get("moved", ()))
    return EffectInWords(_figure(kept, "index_before"), _figure(kept, "index_after"), moved)


def _kept(figures: Mapping[str, Figure | None]) -> dict[str, Any]:
    doubles = {name: None if figure is None else float(figure) for name, figure in figures.items()}
    return doubles | {f"{name}{EXACT}": None if figure is None else figure.text for name, figure in figures.items()}


def _moved(row: Mapping[str, Any]) -> MovedIndex:
    before, after, change = (_figure(row, name) for name in _MOVED)
    assert before is not None  # noqa: S101 - an index that moves is there before and after
    assert after is not None  # noqa: S101
    assert change is not None  # noqa: S101
    return MovedIndex(row["structure"], row["label"], before, after, change, bool(row.get("is_partial")))


def _figure(kept: Mapping[str, Any], name: str) -> Figure | None:
    double, exact = kept.get(name), kept.get(f"{name}{EXACT}")
    return None if double is None else preview(double) if exact is None else Figure(double, exact)
