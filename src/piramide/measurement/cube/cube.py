"""The cube in memory: rows of all loads that count, added up by office, line and month when a measure asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from piramide.kernel.periods import Moment
from piramide.measurement.cube.files import CubeFile
from piramide.measurement.cube.months import PLACES, Axis

Integers = NDArray[np.int64]

COMPETENCE: Final = "competence"
WORK: Final = "work"
OWN: Final = "own"
_EXACT: Final = 2.0**53


@dataclass(slots=True)
class Cube:
    """Sums of one dataset by office × line × month.

    `offices` is how many structures the codes of the ledger count; `lines` are names of lines, in the order of the
    second axis. Sums are kept once asked for.
    """

    table: pa.Table
    lines: tuple[str, ...]
    offices: int
    axis: Axis
    _places: dict[str, tuple[Integers, NDArray[np.bool_] | None]] = field(default_factory=dict)
    _sums: dict[tuple[str, str], Integers] = field(default_factory=dict)

    def sums(self, name: str, view: str) -> Integers:
        """A column added up to (offices, lines, months), each row counted for the office that `view` says.

        `view` is `competence`, `work`, or `own` (rows whose two offices are the same).
        """
        if (name, view) not in self._sums:
            self._sums[name, view] = self._added(name, view)
        return self._sums[name, view]

    def _added(self, name: str, view: str) -> Integers:
        places, kept = self._places_of(view)
        values = np.asarray(self.table[name], np.int64)
        values = values if kept is None else values[kept]
        shape = (self.offices, len(self.lines), self.axis.count)
        size = int(np.prod(shape))
        if float(np.abs(values.astype(np.float64)).sum()) < _EXACT:
            return np.bincount(places, values, size).astype(np.int64).reshape(shape)
        total = np.zeros(size, np.int64)
        np.add.at(total, places, values)
        return total.reshape(shape)

    def _places_of(self, view: str) -> tuple[Integers, NDArray[np.bool_] | None]:
        """Where each row goes in the flattened sums, and which rows do."""
        if view not in self._places:
            office = np.asarray(self.table[COMPETENCE if view == OWN else view], np.int64)
            places = (office * len(self.lines) + np.asarray(self.table["line"], np.int64)) * self.axis.count
            places += np.asarray(self.table["place"], np.int64) - self.axis.first
            kept = np.asarray(self.table["place"], np.int64) < self.axis.first + self.axis.count
            if view == OWN:
                kept &= np.asarray(self.table[COMPETENCE]) == np.asarray(self.table[WORK])
            self._places[view] = (places, None) if kept.all() else (places[kept], kept)
        return self._places[view]


def cube_of(files: Sequence[CubeFile], offices: int, moments: Sequence[Moment]) -> Cube:
    """The cube of some loads, over the months that values at `moments` need."""
    names = tuple(dict.fromkeys(name for file in files for name in file.lines))
    table = pa.concat_tables([renumbered(file, names) for file in files]).combine_chunks()
    months = np.asarray(table["month"], np.int64)
    closing = np.asarray(table["closing"], np.bool_)
    years, month = np.divmod(months, 12)
    places = years * PLACES + np.where(closing, PLACES - 1, month)
    axis = Axis.over(int(places.min()) if len(places) else 10_000 * PLACES, moments)
    return Cube(table.append_column("place", pa.array(places)), names, offices, axis)


def renumbered(file: CubeFile, names: tuple[str, ...]) -> pa.Table:
    """The rows of a file with the numbers that its lines have among all."""
    numbers = np.array([names.index(name) for name in file.lines] or [0], np.int32)
    position = file.table.schema.get_field_index("line")
    lines = numbers[np.asarray(file.table["line"])]
    return file.table.replace_schema_metadata(None).set_column(position, "line", pa.array(lines, pa.int32()))
