"""How much an unfolded package holds for who lays it out as a grid: counted from its XML, stopping at the bound."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from piramide.kernel.findings import Place
from piramide.kernel.packed.unfolding import Bounds, TooMuchError

_ADDRESS: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)
_MUCH: Final = 10**9
_BOM: Final = b"\xef\xbb\xbf"
_WORKBOOK, _DOCUMENT, _OPEN = "xl/workbook.xml", "word/document.xml", "content.xml"


@dataclass(slots=True)
class _Count:
    """What was counted so far of the whole package."""

    file: str
    bounds: Bounds
    cells: int = 0
    texts: int = 0
    elements: int = 0
    lengths: list[int] = field(default_factory=list)
    """Characters of each shared text of a workbook, by number."""

    def add(self, what: str, more: int, line: int, within: str) -> None:
        """Count more of something; raises `TooMuchError` beyond the bound."""
        now = getattr(self, what) + more
        setattr(self, what, now)
        self.hold(what, now, line, within)

    def hold(self, what: str, found: int, line: int = 0, within: str = "") -> None:
        """Refuse what is more than the bound."""
        if found > (most := getattr(self.bounds, what)):
            raise TooMuchError(Place(self.file, line, within), what, found, most)


def weigh(data: bytes, place: Place, bounds: Bounds) -> None:
    """Count what a package (XLSX, ODS, DOCX) holds, as its cells reach. Raises `TooMuchError`.

    Raises `ValueError` for XML that is broken or declares a document type, and what `zipfile` raises.
    """
    count = _Count(place.file, bounds)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: content for name in package.namelist() if _is_xml(content := package.read(name))}
    sheets = list(_sheets(parts))
    count.hold("sheets", len(sheets))
    for name, content in parts.items():
        if name.endswith("sharedStrings.xml"):
            _read(content, _Texts(count))
    for title, part in sheets:
        if content := parts.get(part, b""):
            _read(content, _Sheet(count, title))
    counted = {part for _, part in sheets}
    for name, content in parts.items():
        if name not in counted:
            kind = {_DOCUMENT: _Document, _OPEN: _OpenSheet}.get(name, _Sheet)
            _read(content, kind(count, name))


def _is_xml(content: bytes) -> bool:
    return content[:64].removeprefix(_BOM).lstrip()[:1] == b"<"


class _Reader:
    """Counts the elements of a part; kinds of parts add what they know."""

    def __init__(self, count: _Count, within: str = "") -> None:
        self.count = count
        self.within = within
        self.line = 0
        self.text: list[str] | None = None
        """Pieces of text since it was set: nobody gathers the text of a part that is not asked for."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""


def _read(content: bytes, reader: _Reader) -> None:
    """Let a reader see every element of a part."""
    parser, count, most = expat.ParserCreate(), reader.count, reader.count.bounds.elements

    def start(name: str, attributes: dict[str, str]) -> None:
        count.elements += 1  # for every element there is: no calls
        if count.elements > most:
            count.hold("elements", count.elements, reader.line, reader.within)
        reader.start(name.rpartition(":")[2] if ":" in name else name, attributes)

    def end(name: str) -> None:
        reader.end(name.rpartition(":")[2] if ":" in name else name)

    def gather(text: str) -> None:
        if reader.text is not None:
            reader.text.append(text)

    def refuse_type(*_: object) -> None:
        raise ValueError("doctype")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = gather
    parser.StartDoctypeDeclHandler = refuse_type
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error


def _sheets(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Name and part of each worksheet of a workbook, in its order."""
    targets: dict[str, str] = {}
    found: list[tuple[str, str]] = []

    class Relations(_Reader):
        def start(self, name: str, attributes: Mapping[str, str]) -> None:
            if name == "Relationship":
                targets[attributes.get("Id", "")] = attributes.get("Target", "")

    class Book(_Reader):
        def start(self, name: str, attributes: Mapping[str, str]) -> None:
            if name == "sheet":
                found.append((attributes.get("name", ""), _named(attributes, "id")))

    free = _Count("", Bounds(*[_MUCH] * 6))
    for name, reader in (("xl/_rels/workbook.xml.rels", Relations), (_WORKBOOK, Book)):
        if content := parts.get(name):
            _read(content, reader(free))
    known = {name.lower(): name for name in parts}
    for title, relation in found:
        target = targets.get(relation, "").lstrip("/").lower()
        yield title, known.get(target if target.startswith("xl/") else f"xl/{target}", "")


class _Texts(_Reader):
    """Shared texts of a workbook: how long each is."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        del attributes
        if name == "si":
            self.text = []

    def end(self, name: str) -> None:
        if name == "si" and self.text is not None:
            self.count.lengths.append(sum(map(len, self.text)))
            self.text = None


class _Rectangle(_Reader):
    """A sheet: the rectangle from its first cell that the filled ones need."""

    def __init__(self, count: _Count, within: str = "") -> None:
        super().__init__(count, within)
        self.lowest = self.rightmost = self.held = 0

    def reach(self, row: int, column: int) -> None:
        """There is something in a row and column (from 1): the rectangle may grow, and what is new in it counts."""
        if row <= self.lowest and column <= self.rightmost:
            return
        self.lowest, self.rightmost = max(self.lowest, row), max(self.rightmost, column)
        area = self.lowest * self.rightmost
        self.count.add("cells", area - self.held, row, self.within)
        self.held = area


class _Sheet(_Rectangle):
    """A worksheet of a workbook: what its filled cells reach to, and every cell that has a format alone."""

    def __init__(self, count: _Count, within: str = "") -> None:
        super().__init__(count, within)
        self.column = 0
        self.is_cell = self.is_shared = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            self.line, self.column = _whole(attributes.get("r", ""), self.line + 1), 0
        elif name == "c":
            match = _ADDRESS.fullmatch(attributes.get("r", ""))
            self.column = _letters(match[1]) if match else self.column + 1
            self.line = int(match[2]) if match else self.line
            self.is_cell, self.is_shared = True, attributes.get("t") == "s"
        elif self.is_cell and name in {"v", "f", "is"}:
            self.reach(self.line, self.column)
            self.is_cell = False
            self.text = [] if name == "v" and self.is_shared else None

    def end(self, name: str) -> None:
        if name == "c" and self.is_cell:
            self.count.add("cells", 1, self.line, self.within)
            self.is_cell = False
        elif name == "v" and self.text is not None:
            number = _whole("".join(self.text).strip(), _MUCH)
            self.text = None
            if number < len(self.count.lengths):
                self.count.add("texts", self.count.lengths[number], self.line, self.within)


class _OpenSheet(_Rectangle):
    """The tables of an open document: rows and cells that say how often they are repeated."""

    def __init__(self, count: _Count, within: str = "") -> None:
        super().__init__(count, within)
        self.tables = self.again = self.beside = self.column = self.width = 0
        self.is_filled = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "table":
            self.tables += 1
            self.within, self.line = _named(attributes, "name"), 0
            self.lowest = self.rightmost = self.held = 0
            self.count.hold("sheets", self.tables)
        elif name == "table-row":
            self.again = _whole(_named(attributes, "number-rows-repeated"), 1)
            self.column = self.width = 0
        elif name in _OPEN_CELLS:
            self.beside = _whole(_named(attributes, "number-columns-repeated"), 1)
            self.is_filled, self.text = any(_named(attributes, key) for key in _OPEN_FILLED), []

    def end(self, name: str) -> None:
        if name in _OPEN_CELLS:
            length = sum(map(len, self.text or ()))
            self.text = None
            self.column += self.beside
            if self.is_filled or length:
                self.width = self.column
                self.count.add("texts", length * self.beside * self.again, self.line + 1, self.within)
        elif name == "table-row":
            self.line += self.again
            if self.width:
                self.reach(self.line, self.width)


_OPEN_CELLS: Final = frozenset({"table-cell", "covered-table-cell"})
_OPEN_FILLED: Final = ("value-type", "formula", "number-rows-spanned", "number-columns-spanned")


class _Document(_Reader):
    """The tables of a document: each cell counts for the columns that it covers."""

    tables = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "tbl":
            self.tables += 1
            self.line, self.within = 0, f"tab. {self.tables}"
        elif name == "tr":
            self.line += 1
        elif name == "tc":
            self.count.add("cells", 1, self.line, self.within)
        elif name in {"gridSpan", "gridBefore"}:
            self.count.add("cells", _whole(_named(attributes, "val"), 0), self.line, self.within)


def _whole(text: str, otherwise: int) -> int:
    """A whole number as written; of one that nobody can mean, far too much."""
    return int(text) if _NUMBER.fullmatch(text) else _MUCH if text.isdecimal() else otherwise


def _letters(letters: str) -> int:
    """Number of a column, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _named(attributes: Mapping[str, str], name: str) -> str:
    """An attribute by its local name; of several the last, as who reads the cells does."""
    return next((value for key, value in reversed(list(attributes.items())) if key.rpartition(":")[2] == name), "")
