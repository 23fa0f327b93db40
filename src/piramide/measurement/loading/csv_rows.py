"""Blocks of CSV text to Arrow columns, with the line of every row, and the lines that are no rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from piramide.measurement.contract import Column, ColumnType, Contract
from piramide.measurement.loading.blocks import TextBlock

Lines = np.ndarray[tuple[int], np.dtype[np.int64]]

_DICTIONARY = pa.dictionary(pa.int32(), pa.string())
_QUOTE = ord('"')
_REPEATING = {ColumnType.DATE, ColumnType.MONTH, ColumnType.BOOLEAN}


@dataclass(frozen=True, slots=True)
class Misread:
    """Rows of which a mapping could not read the cell of `column`, and the code that says why."""

    column: str
    code: str
    rows: np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class RawRows:
    """Rows as delivered: columns by name, the line (or record number) of each row, and lines that are no rows."""

    columns: Mapping[str, pa.Array]
    lines: Lines
    broken: tuple[tuple[int, str], ...] = ()
    misread: tuple[Misread, ...] = ()


def read_rows(block: TextBlock, names: Sequence[str], contract: Contract, separator: str = ",") -> RawRows:
    """Rows of a block. Numbers are parsed at once; where one cannot be, all stay texts for the check of cells."""
    has_odd_quotes = block.count(_QUOTE) % 2
    for with_numbers in () if has_odd_quotes else (True, False):
        try:
            table = _parse(block.data, names, contract, separator, with_numbers=with_numbers)
        except pa.ArrowInvalid:
            continue
        if table.num_rows == block.lines:
            return RawRows(_arrays(table), block.first_line + np.arange(table.num_rows))
        break
    return _read_with_broken_lines(block, names, contract, separator)


def _read_with_broken_lines(block: TextBlock, names: Sequence[str], contract: Contract, separator: str) -> RawRows:
    """Rows of a block in which some lines have too few or too many cells, or a quote that is not closed."""
    lines = bytes(block.data).splitlines(keepends=True)
    is_open = np.array([line.count(b'"') % 2 == 1 for line in lines])
    numbers = block.first_line + np.flatnonzero(~is_open)
    broken = [(block.first_line + int(i), lines[i].decode().rstrip("\r\n")) for i in np.flatnonzero(is_open)]
    odd: list[tuple[int, str]] = []

    def set_aside(row: pa_csv.InvalidRow) -> str:
        odd.append((row.number - 1, row.text))
        return "skip"

    data = b"".join(line for line, unclosed in zip(lines, is_open, strict=True) if not unclosed)
    if not data:
        return RawRows({name: pa.array([], pa.string()) for name in names}, numbers, tuple(broken))
    table = _parse(data, names, contract, separator, with_numbers=False, on_odd_row=set_aside)
    broken += [(int(numbers[position]), text) for position, text in odd]
    kept = np.delete(numbers, [position for position, _ in odd])
    return RawRows(_arrays(table), kept, tuple(sorted(broken)))


def _parse(
    data: bytes | memoryview,
    names: Sequence[str],
    contract: Contract,
    separator: str,
    *,
    with_numbers: bool,
    on_odd_row: object = None,
) -> pa.Table:
    types = {name: _arrow_type(contract.column(name), with_numbers=with_numbers) for name in names}
    return pa_csv.read_csv(
        pa.BufferReader(data),
        pa_csv.ReadOptions(column_names=list(names), use_threads=False, block_size=max(len(data), 1)),
        pa_csv.ParseOptions(delimiter=separator, ignore_empty_lines=False, invalid_row_handler=on_odd_row),
        pa_csv.ConvertOptions(column_types=types, strings_can_be_null=False, null_values=[""]),
    )


def _arrow_type(column: Column, *, with_numbers: bool) -> pa.DataType:
    if column.type is ColumnType.DECIMAL and with_numbers:
        return pa.decimal128(18, column.scale)
    if column.type is ColumnType.INTEGER and with_numbers:
        return pa.int64()
    return _DICTIONARY if column.type in _REPEATING or column.allowed or column.references else pa.string()


def _arrays(table: pa.Table) -> dict[str, pa.Array]:
    """One array for each column; dictionaries of the parser's pieces become one."""
    whole = table.unify_dictionaries().combine_chunks()
    return {
        name: whole[name].chunk(0) if whole[name].num_chunks else pa.array([], whole[name].type)
        for name in whole.column_names
    }
