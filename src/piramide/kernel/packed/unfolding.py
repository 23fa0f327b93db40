"""What packed files (XLSX, ODS, DOCX) may unfold to: known before any library opens them, in memory and in time.

A few kilobytes can unfold to gigabytes: parts packed too tightly, two cells in far corners, one cell repeated a million
times, a long text that every cell names. A package is unfolded here under limits, its parts are counted while they are
read, and counting stops at the bound: `TooMuchError` names the place, what there is too much of, and the bound.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Final

from piramide.kernel.findings import Place, Refusal, refuse

LARGEST_RATIO: Final = 200
"""Parts of more than `_SMALL_PART` bytes are packed no tighter than this: what people write never is."""
_SMALL_PART: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that a package may hold.

    `octets` unfolded, `parts`, `sheets` (or tables of an open document); `cells` of all of them, empty ones between
    filled ones included; characters of `texts`, counted wherever a cell shows them; `elements` of its XML.
    """

    octets: int
    parts: int
    sheets: int
    cells: int
    texts: int
    elements: int


SHEET: Final = Bounds(50_000_000, 2_000, 100, 200_000, 20_000_000, 800_000)
"""An objective sheet is a page or two."""

TABLE: Final = Bounds(100_000_000, 2_000, 500, 1_000_000, 100_000_000, 6_000_000)
"""A file of values, or a whole pack in a spreadsheet."""


class TooMuchError(Exception):
    """There is more of something than is read: where, of what (a word of the catalogue), how much, at most how much.

    Counting stops at the bound: `found` may be less than there is.
    """

    def __init__(self, place: Place, what: str, found: int, most: int) -> None:
        super().__init__(what)
        self.place, self.what, self.found, self.most = place, what, found, most

    def refusal(self, code: str) -> Refusal:
        """The refusal that a room gives, with its own code."""
        return refuse(code, self.place, what=self.what, size=self.found, largest=self.most)


def unfolded(data: bytes, place: Place, bounds: Bounds) -> bytes:
    """The same package with every part read under limits and written again as it is.

    What a header says of a size is not believed: no more is ever unfolded than it states, and whoever opens the copy
    finds nothing else in it. Raises `TooMuchError`, and what `zipfile` raises for a damaged or protected package.
    """
    copy = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(copy, "w") as out:
        entries = package.infolist()
        _refuse(place, "parts", len(entries), bounds.parts)
        if len({entry.filename for entry in entries}) < len(entries):
            raise zipfile.BadZipFile("repeated")
        for entry in entries:
            allowed = max(_SMALL_PART, LARGEST_RATIO * entry.compress_size)
            _refuse(Place(place.file, cell=entry.filename), "octets", entry.file_size, allowed)
        _refuse(place, "octets", sum(entry.file_size for entry in entries), bounds.octets)
        _refuse(place, "octets", sum(entry.compress_size for entry in entries), len(data))  # parts that overlap
        for entry in entries:
            out.writestr(entry.filename, package.read(entry))
    return copy.getvalue()


def _refuse(place: Place, what: str, found: int, most: int) -> None:
    if found > most:
        raise TooMuchError(place, what, found, most)
