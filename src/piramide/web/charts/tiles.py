"""The map of tiles: each structure about where it lies, as the pack places it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from piramide.cycle.runs.opened_runs import OutlineRow, RunOutline
from piramide.cycle.runs.standing import Standing, change
from piramide.kernel.figure import Figure
from piramide.methodology.boards import MapPlace

TONES: Final = (
    (96.0, "low-3"), (98.0, "low-2"), (99.5, "low-1"), (100.5, "level"), (102.0, "high-1"), (104.0, "high-2"),
)  # fmt: skip
HIGHEST: Final = "high-3"


@dataclass(frozen=True, slots=True)
class Tile:
    """A structure on the map."""

    structure: str
    label: str
    short: str
    address: str
    row: int
    column: int
    standing: Standing
    change: Figure | None
    tone: str
    beside: str


@dataclass(frozen=True, slots=True)
class Band:
    """A line of the key: the colour and the indices it stands for."""

    tone: str
    least: Fraction | None
    most: Fraction | None


Standings = Callable[[str], Standing]
"""Where a structure stands, by its id."""


def tiles(
    places: Mapping[str, MapPlace],
    outline: RunOutline,
    now: Standings,
    before: Standings,
    address: Callable[[str], str],
) -> tuple[Tile, ...]:
    """Every structure that the map of the pack places and the run holds, from north-west to south-east."""
    rows = (row for row in outline.structures.values() if row.structure in places)
    found = (
        _tile(row, places[row.structure], now(row.structure), before(row.structure), address(row.structure))
        for row in rows
    )
    return tuple(sorted(found, key=lambda tile: (tile.row, tile.column)))


def _tile(row: OutlineRow, place: MapPlace, now: Standing, before: Standing, address: str) -> Tile:
    colour = "partial" if now.is_partial else tone(now.index)
    at = (place.row, place.column)
    return Tile(row.structure, row.label, place.short, address, *at, now, change(now, before), colour, place.beside)


def tone(index: float | None) -> str:
    """The colour of an index: orange below 100, blue above, from pale to full."""
    if index is None:
        return "absent"
    return next((name for most, name in TONES if index < most), HIGHEST)


def key() -> tuple[Band, ...]:
    """What each colour stands for."""
    bounds = [Fraction(str(most)) for most, _name in TONES]
    names = [*(name for _most, name in TONES), HIGHEST]
    return tuple(Band(name, low, high) for name, low, high in zip(names, [None, *bounds], [*bounds, None], strict=True))
