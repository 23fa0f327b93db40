"""Rows of an export to rows of a dataset: codes looked up, days, months and numbers written as datasets write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from piramide.kernel.tidying import tidy, tidy_column
from piramide.measurement.contract import Column, ColumnType, Contract
from piramide.measurement.loading.cells import NOT_OF_TYPE
from piramide.measurement.loading.csv_rows import Misread, RawRows
from piramide.measurement.loading.mapped.mapping import FactsMapping, Given, Reading, RowRule

UNLISTED: Final = "FA086"
_DICTIONARY: Final = pa.dictionary(pa.int32(), pa.string())
_NUMBERS: Final = frozenset({ColumnType.INTEGER, ColumnType.DECIMAL})
_WITHOUT_TIME: Final = re.compile(r"[T ]\d{1,2}[:.]\d{2}([:.]\d{2}([.,]\d+)?)?$")
_DAY: Final[Mapping[str, str]] = {"YYYY": r"(?P<y>\d{4})", "MM": r"(?P<m>\d{1,2})", "DD": r"(?P<d>\d{1,2})"}

Bits = np.ndarray[Any, np.dtype[np.bool_]]


def is_text(column: Column) -> bool:
    """Whether cells of a column are mostly all different, or numbers: kept as texts, and the others by dictionary."""
    many = column.type in _NUMBERS or column.type is ColumnType.TEXT
    return many or (column.type is ColumnType.CODE and not column.allowed and not column.references)


@dataclass(frozen=True, slots=True)
class _Cells:
    """Cells of a column, and rows of them that could not be read, with the code that says why."""

    cells: pa.Array
    wrong: tuple[tuple[str, Bits], ...] = ()


def mapped_rows(raw: RawRows, mapping: FactsMapping, of: Contract) -> tuple[RawRows, int]:
    """The rows of a dataset that a block of the export gives, and how many rows of the export give none."""
    skipped = np.zeros(len(raw.lines), np.bool_)
    for header, text in mapping.skip:
        skipped |= _bits(pc.equal(_texts(raw.columns[header]), text))
    filled = [~skipped & _filled(raw, rule) for rule in mapping.rules]
    which = [np.flatnonzero(rows) for rows in filled]
    columns: dict[str, pa.Array] = {}
    misread: list[Misread] = []
    for name in dict.fromkeys(name for rule in mapping.rules for name in rule.columns):
        column = of.column(name)
        parts = [
            _column(raw, rows, rule.columns.get(name, Given()), mapping, column)
            for rule, rows in zip(mapping.rules, which, strict=True)
        ]
        columns[name] = _joined([part.cells for part in parts])
        at = 0
        for part in parts:
            for code, rows in part.wrong:
                whole = np.zeros(sum(map(len, which)), np.bool_)
                whole[at : at + len(rows)] = rows
                misread.append(Misread(name, code, whole))
            at += len(part.cells)
    lines = np.concatenate([raw.lines[rows] for rows in which])
    none = int(np.count_nonzero(~np.logical_or.reduce(filled)))
    return RawRows(columns, lines, raw.broken, tuple(misread)), none


def _filled(raw: RawRows, rule: RowRule) -> Bits:
    if not rule.when:
        return np.ones(len(raw.lines), np.bool_)
    return _bits(pc.not_equal(_texts(raw.columns[rule.when]), ""))


def _column(raw: RawRows, rows: Any, given: Given, mapping: FactsMapping, column: Column) -> _Cells:  # noqa: ANN401
    kind = pa.string() if is_text(column) else _DICTIONARY
    if not given.header:
        constant = pa.DictionaryArray.from_arrays(np.zeros(len(rows), np.int32), pa.array([given.value], pa.string()))
        return _Cells(constant.cast(kind))
    cells = raw.columns[given.header]
    cells = cells if len(rows) == len(cells) else cells.take(pa.array(rows))
    if given.codes:
        found = _by_distinct(cells, _looked_up(mapping.codes[given.codes]), UNLISTED)
    elif column.type in {ColumnType.DATE, ColumnType.MONTH}:
        found = _by_distinct(cells, _day_reader(mapping.reading, column.type), NOT_OF_TYPE)
    elif column.type in _NUMBERS:
        found = _numbers(tidy_column(_decoded(cells)), mapping.reading)
    else:
        found = _Cells(cells)
    return _Cells(found.cells if found.cells.type == kind else _as(found.cells, kind), found.wrong)


def _by_distinct(cells: pa.Array, read: Callable[[str], str | None], code: str) -> _Cells:
    """Every distinct text is read once; one of which nothing comes stays as it is, and its rows are wrong."""
    coded = cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode()
    known = [text or "" for text in coded.dictionary.to_pylist()]
    meant = [read(tidy(text)) for text in known]
    texts = [text if one is None else one for text, one in zip(known, meant, strict=True)]
    wrong_texts = np.array([one is None for one in meant], np.bool_)
    indices = coded.indices.fill_null(0).cast(pa.int32())
    written = pa.array(texts or [""], pa.string()).take(indices).dictionary_encode()
    wrong = wrong_texts[indices.to_numpy(zero_copy_only=False)] if wrong_texts.any() else None
    return _Cells(written, ((code, wrong),) if wrong is not None else ())


def _looked_up(table: Mapping[str, str]) -> Callable[[str], str | None]:
    """The code that is meant; an empty cell stays empty unless the table says what it means."""
    return lambda text: table.get(text, None if text else "")


def _day_reader(reading: Reading, kind: ColumnType) -> Callable[[str], str | None]:
    """Days as datasets write them; a month may be written as one of its days, or in the order of the days."""
    pattern = re.escape(reading.date).replace(r"\-", "-")
    for word, group in _DAY.items():
        pattern = pattern.replace(word, group if reading.date != "YYYYMMDD" else group.replace("1,2", "2"))
    day = re.compile(pattern)
    month = re.compile(r"(?P<m>\d{1,2})[/.-](?P<y>\d{4})|(?P<y2>\d{4})[/.-]?(?P<m2>\d{2})")

    def read(text: str) -> str | None:
        if not text:
            return ""
        plain = _WITHOUT_TIME.sub("", text)
        if found := day.fullmatch(plain):
            year_month = f"{found['y']}-{int(found['m']):02d}"
            return year_month if kind is ColumnType.MONTH else f"{year_month}-{int(found['d']):02d}"
        if kind is ColumnType.MONTH and (found := month.fullmatch(plain)):
            return f"{found['y'] or found['y2']}-{int(found['m'] or found['m2']):02d}"
        return None

    return read


def _numbers(cells: pa.Array, reading: Reading) -> _Cells:
    """Numbers with a point; what the decimal mark of the file does not allow is wrong, never read another way."""
    other = "." if reading.decimal == "," else ","
    grouped = _bits(pc.match_substring(cells, other))
    wrong: tuple[tuple[str, Bits], ...] = ()
    if grouped.any():
        mark, group = re.escape(reading.decimal), re.escape(other)
        sound = _bits(pc.match_substring_regex(cells, rf"^[+-]?\d{{1,3}}({group}\d{{3}})+({mark}\d+)?$"))
        bad = grouped & ~sound
        wrong = ((NOT_OF_TYPE, bad),) if bad.any() else ()
        cells = pc.if_else(pa.array(sound), pc.replace_substring(cells, other, ""), cells)
    return _Cells(pc.replace_substring(cells, ",", ".") if reading.decimal == "," else cells, wrong)


def _joined(parts: Sequence[pa.Array]) -> pa.Array:
    if len(parts) == 1:
        return parts[0]
    whole = pa.chunked_array(parts).unify_dictionaries().combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def _decoded(cells: pa.Array) -> pa.Array:
    return _as(cells, pa.string()).fill_null("")


def _as(cells: pa.Array, kind: pa.DataType) -> pa.Array:
    if kind == pa.string():
        return cells.dictionary_decode() if pa.types.is_dictionary(cells.type) else cells
    return cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode()


def _texts(cells: pa.Array) -> pa.Array:
    return tidy_column(_decoded(cells))


def _bits(found: pa.Array) -> Bits:
    bits: Bits = found.fill_null(False).to_numpy(zero_copy_only=False)
    return bits
