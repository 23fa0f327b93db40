"""Rows of every dataset but work: checks of one row alone, the columns that are kept, the key of each row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from piramide.measurement.contract import Column, ColumnType, Contract
from piramide.measurement.ledger.keys import Keys, text_keys
from piramide.measurement.loading.cells import Faults
from piramide.measurement.loading.references import Numbers, References
from piramide.measurement.loading.work_rows import (
    BEFORE_RECEIPT,
    CLOSED_STRUCTURE,
    FUTURE,
    UNKNOWN_STRUCTURE,
)

_STORED: Final = {
    ColumnType.TEXT: pa.string(),
    ColumnType.CODE: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.DATE: pa.date32(),
    ColumnType.MONTH: pa.int32(),
    ColumnType.BOOLEAN: pa.bool_(),
}
_SEPARATOR: Final = "\x1f"


def stored_schema(contract: Contract) -> pa.Schema:
    """Columns kept of a dataset: those of the contract, then `sign`, `month` where rows have a day, `source_line`.

    Structures, and the product of the catalogue, are positions of codes.json (int32).
    """
    fields = [(column.name, _stored(column, contract)) for column in contract.columns]
    derived = [("sign", pa.int8())] + ([] if "month" in contract.names else [("month", pa.int32())])
    return pa.schema([*fields, *derived, ("source_line", pa.int64())])


def _stored(column: Column, contract: Contract) -> pa.DataType:
    if column.name in contract.structure or (contract.id == "products" and column.name == "product"):
        return pa.int32()
    if column.type is ColumnType.DECIMAL:
        return pa.decimal128(18, column.scale)
    return _STORED[column.type]


def plain_entries(
    cells: Mapping[str, pa.Array],
    lines: Numbers,
    contract: Contract,
    references: References,
    learned_on: int,
    faults: Faults,
) -> pa.Table:
    """Stored columns of the rows of a block; faults of single rows are marked, those rows hold nonsense."""
    columns = dict(cells)
    first, last, month = _span(cells[contract.day])
    if not contract.ahead:
        faults.mark(first > learned_on, FUTURE, contract.day)
    _mark_order(cells, contract, faults)
    for name in contract.structure:
        positions = references.structure_positions(cells[name])
        faults.mark(positions < 0, UNKNOWN_STRUCTURE, name)
        is_open = references.structures.version(positions, first) >= 0
        is_open |= references.structures.version(positions, last) >= 0
        faults.mark(~is_open, CLOSED_STRUCTURE, name)
        columns[name] = positions
    for column in contract.columns:
        if column.references == "line":
            named = pa.array(sorted(references.catalogue.lines), pa.string())
            known = pc.is_in(cells[column.name].cast(pa.string()), named)
            faults.mark(~known.to_numpy(zero_copy_only=False), UNKNOWN_LINE, column.name)
    for one, other, code in _DIFFERENT:
        if one in contract.names and other in contract.names:
            faults.mark(columns[one] == columns[other], code, other)
    if contract.id == "products":
        columns["product"] = references.product_positions(cells["product"].dictionary_encode())
    is_reversed = pc.equal(cells["entry"].cast(pa.string()), "reversed").to_numpy(zero_copy_only=False)
    columns["sign"] = np.where(is_reversed, -1, 1)
    columns.setdefault("month", month)
    columns["source_line"] = lines
    schema = stored_schema(contract)
    return pa.Table.from_arrays([_as(columns[name], schema.field(name).type) for name in schema.names], schema=schema)


def _as(values: pa.Array | Numbers, kind: pa.DataType) -> pa.Array:
    array = values if isinstance(values, pa.Array) else pa.array(values)
    return array if array.type == kind else array.cast(kind)


UNKNOWN_LINE: Final = "FA090"
_DIFFERENT: Final = (("provider", "receiver", "FA091"),)
_ORDERED: Final = (("received_on", "paid_on", BEFORE_RECEIPT), ("valid_from", "valid_until", "FA036"))


def _mark_order(cells: Mapping[str, pa.Array], contract: Contract, faults: Faults) -> None:
    """Days of one row in their order: a payment after the receipt of its invoice, an end after its start."""
    for earlier, later, code in _ORDERED:
        if earlier in contract.names and later in contract.names:
            wrong = pc.less(cells[later], cells[earlier]).fill_null(False)
            faults.mark(wrong.to_numpy(zero_copy_only=False), code, later)


def _span(cells: pa.Array) -> tuple[Numbers, Numbers, Numbers]:
    """First and last day that a row is dated by, and its month."""
    numbers = cells.cast(pa.int32()).fill_null(1970 * 12 if pa.types.is_int32(cells.type) else 0).to_numpy()
    if pa.types.is_date(cells.type):
        months = numbers.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
        return numbers, numbers, months
    months = (numbers - 1970 * 12).astype("datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    return first, (months + 1).astype("datetime64[D]").astype(np.int64) - 1, numbers


def row_keys(entries: pa.Table, contract: Contract) -> Keys:
    """The key of each stored row as one number."""
    parts = [_text(entries[name].combine_chunks(), contract.column(name)) for name in contract.key]
    if not len(entries):
        return np.array([], dtype=np.int64)
    return text_keys(pc.binary_join_element_wise(*parts, _SEPARATOR))


def _text(values: pa.Array, column: Column) -> pa.Array:
    if column.type is ColumnType.BOOLEAN:
        values = values.cast(pa.int8())
    return values.cast(pa.string()).fill_null("")
