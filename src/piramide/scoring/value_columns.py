"""Every column of a file of values as text, and the line of each row: what readers give to the checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from piramide.kernel.findings import Finding, Place, Refusal
from piramide.kernel.naming import nearest
from piramide.kernel.symbols import plain_symbols
from piramide.kernel.tidying import tidy_column
from piramide.kernel.value_rows import COLUMNS, REQUIRED

_SYMBOL: Final = "[\uf000-\uf0ff]"


@dataclass(frozen=True, slots=True, eq=False)
class TextColumns:
    """Every column of the contract as tidied text (empty where the file has none), and the line of each row.

    `faults` are what the reader found wrong, told with all the rest; `remarks` what it decided by itself.
    """

    source: str
    columns: dict[str, pa.StringArray]
    lines: NDArray[np.int64]
    faults: tuple[Finding, ...] = ()
    remarks: tuple[Finding, ...] = ()

    def place(self, row: int, column: str = "") -> Place:
        """Where a cell stands in the file."""
        return Place(self.source, int(self.lines[row]), column)


def checked_header(source: str, header: list[str]) -> tuple[list[str], tuple[Finding, ...]]:
    """The names of the columns, and what is wrong with them; a column that cannot be used gets a name of its own.

    Refuses (SC005), with everything else that is wrong, a header without the columns that every file has.
    """
    place = Place(source, 1)
    faults = [
        Finding("SC006", place, name, {"near": ", ".join(nearest(name, COLUMNS)) or ", ".join(COLUMNS)})
        for name in dict.fromkeys(header)
        if name not in COLUMNS
    ]
    faults += [Finding("SC022", place, name) for name in dict.fromkeys(header) if header.count(name) > 1]
    missing = [name for name in REQUIRED if name not in header]
    faults += [Finding("SC005", place, name, {"columns": ",".join(REQUIRED)}) for name in missing]
    if missing:
        raise Refusal(*faults)
    is_usable = [name in COLUMNS and name not in header[:at] for at, name in enumerate(header)]
    return [name if good else f"?{at}" for at, (name, good) in enumerate(zip(header, is_usable, strict=True))], tuple(
        faults
    )


def completed(columns: dict[str, pa.StringArray], rows: int) -> dict[str, pa.StringArray]:
    """Every column of the contract, tidied; those the file leaves out are empty.

    A note pasted from a word processor has the symbols that everybody has.
    """
    blank = pa.array([""] * rows, pa.string())
    trimmed = {name: tidy_column(columns.get(name, blank)) for name in COLUMNS}
    if pc.any(pc.match_substring_regex(trimmed["note"], _SYMBOL)).as_py():
        trimmed["note"] = pa.array([plain_symbols(text) for text in trimmed["note"].to_pylist()], pa.string())
    return trimmed


def without_blank_rows(text: TextColumns) -> TextColumns:
    """An empty line is no row."""
    filled = np.zeros(len(text.lines), np.bool_)
    for column in text.columns.values():
        filled |= np.asarray(pc.not_equal(column, ""), np.bool_)
    columns = {name: column.filter(pa.array(filled)) for name, column in text.columns.items()}
    return TextColumns(text.source, columns, text.lines[filled], text.faults, text.remarks)
