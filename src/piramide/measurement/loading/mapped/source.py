"""An export as a source of rows: text with any separator and encoding, or a sheet of a workbook, through a mapping."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from piramide.kernel.findings import Finding, Place, refuse, refuse_if_errors
from piramide.kernel.naming import nearest
from piramide.kernel.packed.spreadsheet import inspect, number_text
from piramide.kernel.tidying import tidy
from piramide.measurement.contract import Column, ColumnType, Contract
from piramide.measurement.loading.blocks import TextBlock, text_blocks
from piramide.measurement.loading.csv_rows import RawRows, read_rows
from piramide.measurement.loading.mapped.cells import is_text, mapped_rows
from piramide.measurement.loading.mapped.mapping import FactsMapping, Reading
from piramide.measurement.loading.sources import Progress, file_sha256

_ZIP: Final = b"PK\x03\x04"
_ROWS: Final = 1 << 16


class MappedSource:
    """The rows of a dataset that an export gives through a mapping; `read` and `skipped` count rows of the export."""

    def __init__(self, path: Path, mapping: FactsMapping) -> None:
        self._path = path
        self._mapping = mapping
        self._counts: list[tuple[int, int]] = []
        self.label = str(path)
        try:
            self.size = path.stat().st_size
            with path.open("rb") as file:
                self._is_workbook = file.read(len(_ZIP)) == _ZIP
        except OSError as error:
            raise refuse("FA011", Place(self.label), problem=error.strerror or str(error)) from error

    @property
    def read(self) -> int:
        """Rows of the export read so far, broken lines among them."""
        return sum(read for read, _ in self._counts)

    @property
    def skipped(self) -> int:
        """Rows of the export that gave none: those that the mapping skips, and those without any `when`."""
        return sum(skipped for _, skipped in self._counts)

    def rows(self, contract: Contract, progress: Progress) -> Iterator[Callable[[], RawRows]]:
        """Pieces of the export. Raises `Refusal` FA084 for a header that is not there, FA085 for one that is twice."""
        self._counts.clear()
        if self._is_workbook:
            yield from self._sheet_rows(contract, progress)
        else:
            yield from self._text_rows(contract, progress)

    def sha256(self) -> str:
        """Hash of the file."""
        return file_sha256(self._path)

    def _text_rows(self, of: Contract, progress: Progress) -> Iterator[Callable[[], RawRows]]:
        reading = self._mapping.reading
        with self._path.open("rb", buffering=0) as file:
            stream = _Decoded(file, reading, self.label, progress)
            blocks = text_blocks(stream.read, self.label, reading.header_row)
            line = bytes(next(blocks).data).decode("utf-8").rstrip("\r\n")
            names = self._names(next(csv.reader([line], delimiter=reading.separator), []))
            as_written = self._as_written(names, of)
            for block in blocks:
                yield partial(self._block, block, names, as_written, of)

    def _block(self, block: TextBlock, names: Sequence[str], as_written: Contract, of: Contract) -> RawRows:
        try:
            raw = read_rows(block, names, as_written, self._mapping.reading.separator)
        finally:
            block.done()
        broken = tuple((line, text) for line, text in raw.broken if text.strip())
        kept = tuple((line, text) for line, text in broken if not self._is_skipped(text, names))
        rows = self._mapped(replace(raw, broken=kept), of)
        self._counts.append((len(broken), len(broken) - len(kept)))
        return rows

    def _mapped(self, raw: RawRows, of: Contract) -> RawRows:
        rows, none = mapped_rows(raw, self._mapping, of)
        self._counts.append((len(raw.lines), none))
        return rows

    def _is_skipped(self, text: str, names: Sequence[str]) -> bool:
        """Whether a line with too few or too many cells is one that the mapping skips, as lines of totals are."""
        cells = dict(zip(names, next(csv.reader([text], delimiter=self._mapping.reading.separator), []), strict=False))
        return any(tidy(cells.get(header, "")) == equal for header, equal in self._mapping.skip)

    def _names(self, found: Sequence[str]) -> tuple[str, ...]:
        """Headers of the file; those that the mapping does not read have a name of their own each."""
        tidied = [tidy(name) for name in found]
        count = Counter(tidied)
        wanted = self._mapping.headers()
        faults = []
        for name in wanted:
            place = self._mapping.places[f"header.{name}"]
            fields = {"file": self.label, "row": self._mapping.reading.header_row, "count": count[name]}
            if name not in count:
                fields["near"] = ", ".join(nearest(name, filter(None, tidied)) or filter(None, tidied))
                faults.append(Finding("FA084", place, name, fields))
            elif count[name] > 1:
                faults.append(Finding("FA085", place, name, fields))
        refuse_if_errors(faults)
        return tuple(name if name in wanted else f"\0{at}" for at, name in enumerate(tidied))

    def _as_written(self, names: Sequence[str], of: Contract) -> Contract:
        """The export as a contract of texts: what repeats is read by dictionary."""
        single = {
            given.header
            for rule in self._mapping.rules
            for name, given in rule.columns.items()
            if is_text(of.column(name)) and not given.codes
        }
        kinds = {name: ColumnType.TEXT if name in single else ColumnType.DATE for name in names}
        return replace(of, columns=tuple(Column(name, kind, "") for name, kind in kinds.items()))

    def _sheet_rows(self, of: Contract, progress: Progress) -> Iterator[Callable[[], RawRows]]:
        """Rows of the sheet, batch by batch; the workbook itself is unfolded under limits first."""
        reading, place = self._mapping.reading, Place(self.label)
        data = self._path.read_bytes()
        inspect(data, self.label)
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        except (CalamineError, ValueError) as error:
            raise refuse("WB004", place) from error
        if reading.sheet and reading.sheet not in book.sheet_names:
            near = ", ".join(nearest(reading.sheet, book.sheet_names) or book.sheet_names)
            raise refuse("FA087", place, reading.sheet, near=near)
        rows = iter(book.get_sheet_by_name(reading.sheet or book.sheet_names[0]).to_python(skip_empty_area=False))
        header = next(islice(rows, reading.header_row - 1, None), [])
        names = self._names([str(cell) for cell in header])
        line = reading.header_row + 1
        while batch := list(islice(rows, _ROWS)):
            cells = [[_sheet_text(cell, reading) for cell in row] for row in batch]
            filled = np.array([any(row) for row in cells], np.bool_)
            lines = line + np.flatnonzero(filled)
            columns = zip(*(row for row in cells if any(row)), strict=True)
            texts = dict(zip(names, (pa.array(one, pa.string()) for one in columns), strict=False))
            line += len(batch)
            if len(lines):
                yield partial(self._mapped, RawRows(texts, lines), of)
        progress(self.size)


class _Decoded:
    """A text in any encoding as UTF-8, from its header on."""

    def __init__(self, file: Any, reading: Reading, label: str, progress: Progress) -> None:  # noqa: ANN401
        self._file = file
        self._decoder = codecs.getincrementaldecoder(reading.encoding)()
        self._is_plain = reading.encoding == "utf-8"
        self._titles = reading.header_row - 1
        self._label = label
        self._progress = progress

    def read(self, most: int) -> bytes:
        """More of the text; nothing at the end."""
        while data := self._file.read(most):
            self._progress(len(data))
            text = data if self._is_plain else self._recoded(data)
            while self._titles and text:
                _, end, text = text.partition(b"\n")
                self._titles -= bool(end)
            if text:
                return bytes(text)
        return b""

    def _recoded(self, data: bytes) -> bytes:
        try:
            return self._decoder.decode(data).encode("utf-8")
        except UnicodeDecodeError as error:
            raise refuse("FA005", Place(self._label), found=error.encoding) from error


def _sheet_text(value: object, reading: Reading) -> str:
    """A cell of a workbook as the export would write it as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value).replace(".", reading.decimal)
    if isinstance(value, datetime | date):
        day = reading.date.replace("YYYY", "%Y").replace("MM", "%m").replace("DD", "%d")
        return value.strftime(day)
    return tidy(str(value)) if value is not None else ""
