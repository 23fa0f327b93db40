"""What moved between two runs, and through which indicators: the change of an index told to its last point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from piramide.cycle.runs.opened_runs import OutlineRow, RunFigures, RunOutline
from piramide.kernel.figure import Figure, preview
from piramide.scoring.result import NOTHING

FULL: Final = 100
MOST_CAUSES: Final = 3
_NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Cause:
    """Points that an indicator brought to the change of an index; its value in both runs, `None` where it had none."""

    node: str
    label: str
    indicator: str
    unit: str
    points: Figure
    before: Figure | None
    now: Figure | None


@dataclass(frozen=True, slots=True)
class Move:
    """The change of the index of one structure, in points; `causes` pull the same way, the largest first.

    `is_partial`: the index of one of the two runs, or of both, is that of the measured part alone.
    """

    structure: str
    label: str
    kind: str
    index: Figure
    change: Figure
    causes: tuple[Cause, ...]
    is_partial: bool = False

    @property
    def cause(self) -> Cause | None:
        """The indicator that did most of it."""
        return self.causes[0] if self.causes else None


def moves(
    outline: RunOutline,
    now: RunFigures,
    before: RunFigures,
    *,
    with_partial: bool = False,
    with_causes: bool = True,
) -> tuple[Move, ...]:
    """The change of every structure that has an index in both runs, the largest first; `outline` is of the run `now`.

    A partial index moves also for what is measured now and was not: such moves are told only to who asks for them.
    Causes are not looked for where nobody tells them.

    Points of a leaf are its share of the measured weight times (index - 100): those of all leaves sum to the index, so
    the differences between two runs sum to its change, whatever was measured then and is now.
    """
    every = _moves(outline, now, before, with_causes=with_causes)
    found = (move for move in every if with_partial or not move.is_partial)
    return tuple(sorted(found, key=lambda move: (-abs(move.change), move.structure)))


def _moves(outline: RunOutline, now: RunFigures, before: RunFigures, *, with_causes: bool) -> Iterator[Move]:
    for name, structure in outline.structures.items():
        if (name, "") not in now.rows:
            continue
        if (stands := now.standing(name)).shown is None or (stood := before.standing(name)).shown is None:
            continue
        change = stands.shown - stood.shown
        is_told = with_causes and abs(change) > _NOTHING
        causes = tuple(_causes(outline.nodes[name], now, before, change)) if is_told else ()
        is_partial = stands.is_partial or stood.is_partial
        yield Move(name, structure.label, structure.kind, stands.shown, change, causes, is_partial)


def _causes(rows: tuple[OutlineRow, ...], now: RunFigures, before: RunFigures, change: Figure) -> Iterator[Cause]:
    """The leaves that pull as the whole does."""
    points, points_before = leaf_points(rows, now), leaf_points(rows, before)
    leaves = {row.node: row for row in rows if row.indicator}
    moved = {node: points.get(node, NOTHING) - points_before.get(node, NOTHING) for node in leaves}
    pulling = sorted((node for node in moved if moved[node] * change > _NOTHING), key=lambda node: -abs(moved[node]))
    for node in pulling[:MOST_CAUSES]:
        row = leaves[node]
        values = (figures.figure("value", row.structure, node) for figures in (before, now))
        yield Cause(node, _name(row, rows), row.indicator, row.unit, moved[node], *values)


def _name(row: OutlineRow, rows: tuple[OutlineRow, ...]) -> str:
    """The label of a leaf; where another has the same, with what it stands under."""
    if sum(other.label == row.label for other in rows if other.indicator) == 1:
        return row.label
    return f"{row.label} ({next((other.label for other in rows if other.node == row.parent), row.parent)})"


def leaf_points(rows: tuple[OutlineRow, ...], figures: RunFigures) -> dict[str, Figure]:
    """Points that each measured leaf of a structure brings to its index: together, the index minus 100.

    A run keeps them; for one made before it did, they follow from weights, coverage and indices.
    """
    leaves = [row for row in rows if row.indicator]
    if "contribution" in figures.places:
        kept = {row.node: figures.figure("contribution", row.structure, row.node) for row in leaves}
        return {node: points for node, points in kept.items() if points is not None}
    shares = {"": 1.0}
    for row in rows:
        shares[row.node] = shares[row.parent] * float(figures.figure("weight", row.structure, row.node) or 0.0)
    known: dict[str, tuple[float, float]] = {}
    for row in leaves:
        standing = figures.standing(row.structure, row.node)
        if standing.shown is not None:
            known[row.node] = shares[row.node] * float(standing.coverage), float(standing.shown) - FULL
    total = sum(share for share, _points in known.values())
    return {node: preview(share / total * points) for node, (share, points) in known.items()} if total else {}
