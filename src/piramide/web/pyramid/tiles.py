"""The map of tiles: each region about where it lies, each metropolitan directorate beside its region."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from piramide.cycle.library import OutlineRow
from piramide.web.pyramid.levels import Results, difference, sheet_address

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
    index: float | None
    change: float | None
    tone: str


@dataclass(frozen=True, slots=True)
class Band:
    """A line of the key: the colour and the indices it stands for."""

    tone: str
    least: float | None
    most: float | None


def tiles(results: Results) -> tuple[Tile, ...]:
    """Every structure that the map knows and the run holds, from north-west to south-east."""
    return tuple(sorted(_tiles(results), key=lambda tile: (tile.row, tile.column)))


def _tiles(results: Results) -> Iterator[Tile]:
    for row in results.outline.structures.values():
        if row.structure in PLACES:
            yield _tile(row, results)


def _tile(row: OutlineRow, results: Results) -> Tile:
    name = row.structure
    line, column, short = PLACES[name]
    index = results.now.standing(name)
    before = None if results.before is None else results.before.standing(name)
    change = difference(index, before)
    return Tile(name, row.label, short, row.kind, sheet_address(name), line, column, index, change, tone(index))


def tone(index: float | None) -> str:
    """The colour of an index: orange below 100, blue above, from pale to full."""
    if index is None:
        return "absent"
    return next((name for most, name in TONES if index < most), HIGHEST)


def key() -> tuple[Band, ...]:
    """What each colour stands for."""
    bounds = [most for most, _name in TONES]
    names = [*(name for _most, name in TONES), HIGHEST]
    return tuple(Band(name, low, high) for name, low, high in zip(names, [None, *bounds], [*bounds, None], strict=True))
