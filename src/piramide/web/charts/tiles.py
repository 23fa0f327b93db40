"""The map of tiles: each region about where it lies, each metropolitan directorate beside its region."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from piramide.cycle.library import OutlineRow, RunOutline
from piramide.cycle.standing import Standing, change
from piramide.kernel.figure import Figure

PLACES: Final = {
    "valle_d_aosta": (1, 1, "VdA"), "trentino_alto_adige": (1, 4, "TAA"), "friuli_venezia_giulia": (1, 5, "FVG"),
    "piemonte": (2, 1, "Piem."), "lombardia": (2, 2, "Lomb."), "dcm_milano": (2, 3, "Milano"), "veneto": (2, 4, "Ven."),
    "liguria": (3, 2, "Lig."), "emilia_romagna": (3, 3, "Em.-R."),
    "toscana": (4, 3, "Tosc."), "umbria": (4, 4, "Umb."), "marche": (4, 5, "Mar."),
    "dcm_roma": (5, 3, "Roma"), "lazio": (5, 4, "Lazio"), "abruzzo": (5, 5, "Abr."), "molise": (5, 6, "Mol."),
    "sardegna": (6, 1, "Sard."), "dcm_napoli": (6, 4, "Napoli"), "campania": (6, 5, "Camp."), "puglia": (6, 7, "Pugl."),
    "basilicata": (6, 6, "Bas."),
    "calabria": (7, 6, "Cal."), "sicilia": (8, 5, "Sic."),
}  # fmt: skip
"""Row, column and short name of each structure on the map."""

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
    kind: str
    address: str
    row: int
    column: int
    standing: Standing
    change: Figure | None
    tone: str


@dataclass(frozen=True, slots=True)
class Band:
    """A line of the key: the colour and the indices it stands for."""

    tone: str
    least: Fraction | None
    most: Fraction | None


Standings = Callable[[str], Standing]
"""Where a structure stands, by its id."""


def tiles(outline: RunOutline, now: Standings, before: Standings, address: Callable[[str], str]) -> tuple[Tile, ...]:
    """Every structure that the map knows and the run holds, from north-west to south-east."""
    rows = (row for row in outline.structures.values() if row.structure in PLACES)
    found = (_tile(row, now(row.structure), before(row.structure), address(row.structure)) for row in rows)
    return tuple(sorted(found, key=lambda tile: (tile.row, tile.column)))


def _tile(row: OutlineRow, now: Standing, before: Standing, address: str) -> Tile:
    line, column, short = PLACES[row.structure]
    colour = "partial" if now.is_partial else tone(now.index)
    return Tile(row.structure, row.label, short, row.kind, address, line, column, now, change(now, before), colour)


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
