"""Cells of delivered rows against the columns of a contract: typed values, and the first fault of each row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from piramide.kernel.tidying import tidy_column
from piramide.measurement.contract import Column, ColumnType, Contract
from piramide.measurement.loading.csv_rows import RawRows

Bits = np.ndarray[Any, np.dtype[np.bool_]]

EMPTY: Final = "FA021"
NOT_OF_TYPE: Final = "FA022"
NOT_ALLOWED: Final = "FA023"
OUT_OF_BOUNDS: Final = "FA024"

_EPOCH: Final = date(1970, 1, 1).toordinal()
_DATE: Final = r"^\d{4}-\d{2}-\d{2}$"
_MONTH: Final = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$")
_BOOLEANS: Final = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}
_LARGEST: Final = 10**15
_TYPES: Final[Mapping[ColumnType, Callable[[Column], pa.DataType]]] = {
    ColumnType.CODE: lambda _: pa.string(),
    ColumnType.TEXT: lambda _: pa.string(),
    ColumnType.INTEGER: lambda _: pa.int64(),
    ColumnType.DECIMAL: lambda column: pa.decimal128(18, column.scale),
}
"""Types of cells that may be right as they come."""


@dataclass(slots=True)
class Faults:
    """The first fault found in each row of a block: a code of the catalogue and the column it concerns."""

    count: int
    codes: list[str] = field(default_factory=lambda: [""])
    columns: list[str] = field(default_factory=lambda: [""])
    which: np.ndarray[Any, np.dtype[np.int16]] = field(init=False)

    def __post_init__(self) -> None:
        self.which = np.zeros(self.count, dtype=np.int16)

    def mark(self, rows: Bits, code: str, column: str = "") -> None:
        """Say that these rows have a fault, unless they have one already."""
        if not rows.any():
            return
        self.codes.append(code)
        self.columns.append(column)
        self.which[rows & (self.which == 0)] = len(self.codes) - 1

    @property
    def sound(self) -> Bits:
        """Rows without fault."""
        sound: Bits = self.which == 0
        return sound


def typed_cells(raw: RawRows, contract: Contract, faults: Faults) -> dict[str, pa.Array]:
    """Every column of the contract, typed; texts are tidied as those of values are; cells with a fault are null.

    Codes with allowed values or references are dictionaries of texts, other codes and texts are texts; integers are
    int64, decimals decimal128(18, scale), dates date32, months int32 (year × 12 + month − 1), booleans bool.
    """
    count = len(raw.lines)
    return {column.name: _typed(column, raw.columns.get(column.name), count, faults) for column in contract.columns}


def _typed(column: Column, cells: pa.Array | None, count: int, faults: Faults) -> pa.Array:
    if cells is None:
        cells = pa.DictionaryArray.from_arrays(np.zeros(count, dtype=np.int32), pa.array([""]))
    cells = tidy_column(cells)
    repeating = column.allowed or column.references or column.type in _SPELLED
    if repeating and not pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_encode()
    if not pa.types.is_dictionary(cells.type):
        if _is_sound(column, cells):
            return cells
        values, code = _checked(column, cells)
        _mark(column, code, faults)
        return values
    distinct, code = _checked(column, cells.dictionary)
    indices = pc.fill_null(cells.indices, 0) if cells.null_count else cells.indices
    if code.any() or not len(code) or cells.null_count:
        spread = (
            code[indices.to_numpy(zero_copy_only=False)]
            if len(code)
            else np.full(count, _CODES.index(EMPTY), dtype=np.int8)
        )
        if cells.null_count:
            absent = cells.is_null().to_numpy(zero_copy_only=False)
            spread = np.where(absent, _CODES.index(EMPTY) if column.required else 0, spread).astype(np.int8)
        _mark(column, spread, faults)
    if column.type in {ColumnType.CODE, ColumnType.TEXT}:
        if cells.null_count:
            return cells.cast(pa.string()).fill_null(column.default).dictionary_encode()
        return pa.DictionaryArray.from_arrays(indices, distinct)
    return distinct.take(cells.indices)


def _is_sound(column: Column, cells: pa.Array) -> bool:
    """Whether cells are of their type as they come, all there and inside their bounds: most blocks of most files."""
    if cells.null_count or column.type not in _TYPES or cells.type != _TYPES[column.type](column):
        return False
    if pa.types.is_string(cells.type):
        is_free = not column.required and not column.default
        return is_free or not pc.any(pc.equal(pc.binary_length(cells), 0)).as_py()
    if column.least is None and column.most is None:
        return True
    ends = pc.min_max(cells).as_py()
    least, most = ends["min"], ends["max"]
    return not len(cells) or not (
        (column.least is not None and least < column.least) or (column.most is not None and most > column.most)
    )


_CODES: Final = ("", EMPTY, NOT_OF_TYPE, NOT_ALLOWED, OUT_OF_BOUNDS)
_SPELLED: Final = {ColumnType.DATE, ColumnType.MONTH, ColumnType.BOOLEAN}


def _mark(column: Column, code: np.ndarray[Any, np.dtype[np.int8]], faults: Faults) -> None:
    if code.any():
        for position in range(1, len(_CODES)):
            faults.mark(code == position, _CODES[position], column.name)


def _checked(column: Column, cells: pa.Array) -> tuple[pa.Array, np.ndarray[Any, np.dtype[np.int8]]]:
    """Typed values of these cells, and for each the position in `_CODES` of what is wrong with it."""
    texts = pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)
    empty = pc.equal(cells, "").fill_null(True) if texts else cells.is_null()
    empty_bits = _bits(empty)
    if column.default and empty_bits.any():
        cells = pc.if_else(empty, column.default, cells.cast(pa.string())) if texts else cells
        if not texts:
            cells = cells.fill_null(pa.scalar(column.default).cast(cells.type))
        empty_bits = np.zeros(len(cells), dtype=bool)
    values, is_typed = _PARSERS[column.type](column, cells)
    code = np.zeros(len(cells), dtype=np.int8)
    code[~is_typed & ~empty_bits] = _CODES.index(NOT_OF_TYPE)
    if column.required:
        code[empty_bits] = _CODES.index(EMPTY)
    if column.allowed:
        allowed = pa.array([*column.allowed, *([] if column.required else [""])])
        code[(code == 0) & ~_bits(pc.is_in(values, allowed)) & ~empty_bits] = _CODES.index(NOT_ALLOWED)
    code[(code == 0) & _outside(column, values)] = _CODES.index(OUT_OF_BOUNDS)
    return values, code


def _outside(column: Column, values: pa.Array) -> Bits:
    outside = np.zeros(len(values), dtype=bool)
    if column.least is not None:
        outside |= _bits(pc.less(values, pa.scalar(column.least)).fill_null(False))
    if column.most is not None:
        outside |= _bits(pc.greater(values, pa.scalar(column.most)).fill_null(False))
    return outside


def _bits(mask: pa.Array) -> Bits:
    bits: Bits = mask.to_numpy(zero_copy_only=False).astype(bool)
    return bits


def _words(_: Column, cells: pa.Array) -> tuple[pa.Array, Bits]:
    values = cells.cast(pa.string()).fill_null("")
    return values, np.ones(len(values), dtype=bool)


def _numbers(column: Column, cells: pa.Array) -> tuple[pa.Array, Bits]:
    """Integers and decimals, exact: a text with more decimals than the contract says is no such number."""
    target = _TYPES[column.type](column)
    if cells.type == target:
        return cells, _bits(cells.is_valid())
    if pa.types.is_floating(cells.type):
        sound = pc.less(pc.abs(cells), float(_LARGEST)).fill_null(False)
        cells = pc.round(pc.if_else(sound, cells, None), ndigits=column.scale)
        return cells.cast(target, safe=column.type is not ColumnType.INTEGER), _bits(sound)
    texts = cells.cast(pa.string())
    pattern = r"^[+-]?\d{1,15}" + (rf"(\.\d{{1,{column.scale}}}0*)?$" if column.scale else r"$")
    matched = pc.match_substring_regex(texts, pattern).fill_null(False)
    texts = pc.replace_substring_regex(pc.if_else(matched, texts, None), r"^\+", "")
    if column.scale:
        texts = pc.replace_substring_regex(texts, rf"(\.\d{{{column.scale}}})0+$", r"\1")
    return texts.cast(target), _bits(matched)


def _dates(_: Column, cells: pa.Array) -> tuple[pa.Array, Bits]:
    if pa.types.is_date(cells.type) or pa.types.is_timestamp(cells.type):
        return cells.cast(pa.date32(), safe=False), _bits(cells.is_valid())
    texts = cells.cast(pa.string())
    shaped = pc.if_else(pc.match_substring_regex(texts, _DATE), texts, None)
    days = pa.array([_day(text) for text in shaped.to_pylist()], pa.int32())
    return days.cast(pa.date32()), _bits(days.is_valid())


def _day(text: str | None) -> int | None:
    try:
        return date.fromisoformat(text).toordinal() - _EPOCH if text else None
    except ValueError:
        return None


def _months(_: Column, cells: pa.Array) -> tuple[pa.Array, Bits]:
    if pa.types.is_date(cells.type) or pa.types.is_timestamp(cells.type):
        months = pc.add(pc.multiply(pc.year(cells), 12), pc.subtract(pc.month(cells), 1)).cast(pa.int32())
        return months, _bits(cells.is_valid())
    texts = cells.cast(pa.string()).to_pylist()
    months = pa.array([_month(text) for text in texts], pa.int32())
    return months, _bits(months.is_valid())


def _month(text: str | None) -> int | None:
    return int(text[:4]) * 12 + int(text[5:]) - 1 if text and _MONTH.match(text) else None


def _booleans(_: Column, cells: pa.Array) -> tuple[pa.Array, Bits]:
    if pa.types.is_boolean(cells.type):
        return cells, _bits(cells.is_valid())
    texts = cells.cast(pa.string()).to_pylist()
    values = pa.array([_BOOLEANS.get((text or "").lower()) for text in texts], pa.bool_())
    return values, _bits(values.is_valid())


_PARSERS: Final[Mapping[ColumnType, Callable[[Column, pa.Array], tuple[pa.Array, Bits]]]] = {
    ColumnType.TEXT: _words,
    ColumnType.CODE: _words,
    ColumnType.INTEGER: _numbers,
    ColumnType.DECIMAL: _numbers,
    ColumnType.DATE: _dates,
    ColumnType.MONTH: _months,
    ColumnType.BOOLEAN: _booleans,
}
