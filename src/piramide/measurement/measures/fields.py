"""What measures may name: columns of a dataset and attributes of products, and how the ledger stores them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from sqlglot import exp

from piramide.measurement.contract import WORK, Column, ColumnType, contract
from piramide.measurement.ledger.store import Codes
from piramide.measurement.loading.work_rows import CHANNELS, OUTCOMES, STATUSES

ENTRIES: Final = "e"
"""Alias of the stored rows in the SQL of a fold."""
LINES: Final = "l"
"""Alias of the table of products, by line."""

POINTS: Final = "points_1000"
"""Stored points of a row: the standard hours on its day."""
POINTS_IN: Final = "points_in_1000"
"""Stored points that the case of a row came in with: the standard hours on the day of receipt."""


class Kind(StrEnum):
    """What can be compared with what."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Field:
    """A name of a dataset: the column that stores it, and what a number or a code in that column stands for.

    A stored integer is the value times ten to the `scale`. A decimal is stored as it is and brought to that integer by
    the expression. `codes` are the texts that the stored positions stand for. `of_product`: an attribute of the
    product on the day of the row.
    """

    name: str
    kind: Kind
    stored: str
    scale: int = 0
    is_decimal: bool = False
    codes: Mapping[str, int] | None = field(default=None, compare=False)
    of_product: bool = False

    def expression(self) -> exp.Expr:
        """The stored column; a number as the integer that engines add up."""
        column = exp.column(self.stored, table=LINES if self.of_product else ENTRIES, quoted=True)
        if not self.is_decimal:
            return column
        return exp.cast(exp.Mul(this=column, expression=exp.Literal.number(10**self.scale)), "bigint")


def fields_of(dataset: str, codes: Codes) -> Mapping[str, Field]:
    """Everything that a measure of `dataset` may name. Raises `Refusal` (FA001) for an unknown dataset."""
    agreed = contract(dataset)
    # Windows choose months; what is stored in the column of a month is a count of months that no pack should know.
    columns = (column for column in agreed.columns if column.type is not ColumnType.MONTH)
    named = {column.name: _as_delivered(column, agreed.structure, codes) for column in columns}
    if dataset != WORK:
        return named
    attributes = (contract("products").column(name) for name in PRODUCT_ATTRIBUTES)
    named |= _derived(codes) | {column.name: _attribute(column) for column in attributes}
    return {name: item for name, item in named.items() if name not in _NOT_NAMED}


def as_received(fields: Mapping[str, Field]) -> Mapping[str, Field]:
    """The same names where the version of the product is the one that the case came in with."""
    if "points" not in fields:
        return fields
    return {**fields, "points": replace(fields["points"], stored=POINTS_IN)}


PRODUCT_ATTRIBUTES: Final = ("area", "line", "star", "standard_hours", "standard_days")
"""Attributes of the product that filters and columns may name."""
_NOT_NAMED: Final = frozenset({"case", "entry", "reversed_entry"})
_KINDS: Final[Mapping[ColumnType, Kind]] = {
    ColumnType.TEXT: Kind.TEXT,
    ColumnType.CODE: Kind.TEXT,
    ColumnType.INTEGER: Kind.NUMBER,
    ColumnType.DECIMAL: Kind.NUMBER,
    ColumnType.DATE: Kind.DATE,
    ColumnType.BOOLEAN: Kind.BOOLEAN,
}


def _as_delivered(column: Column, structures: tuple[str, ...], codes: Codes) -> Field:
    known = codes.structure_positions if column.name in structures else None
    is_decimal = column.type is ColumnType.DECIMAL
    return Field(column.name, _KINDS[column.type], column.name, column.scale, is_decimal, known)


def _attribute(column: Column) -> Field:
    return Field(column.name, _KINDS[column.type], column.name, column.scale, of_product=True)


def _derived(codes: Codes) -> dict[str, Field]:
    """Columns of the work ledger that are stored as positions or integers."""
    offices = codes.structure_positions
    answer = {
        "product": Field("product", Kind.TEXT, "product", codes=codes.product_positions),
        "office_of_competence": Field("office_of_competence", Kind.TEXT, "competence", codes=offices),
        "office_of_work": Field("office_of_work", Kind.TEXT, "work", codes=offices),
        "staff_hours": Field("staff_hours", Kind.NUMBER, "hours_100", 2),
        "interest_paid": Field("interest_paid", Kind.NUMBER, "interest_cents", 2),
        "amount": Field("amount", Kind.NUMBER, "amount_cents", 2),
        "points": Field("points", Kind.NUMBER, POINTS, 3),
        "days_waited": Field("days_waited", Kind.NUMBER, "days_waited"),
    }
    words = {"outcome": OUTCOMES, "channel": CHANNELS, "status": STATUSES}
    return answer | {name: Field(name, Kind.TEXT, name, codes=_positions(known)) for name, known in words.items()}


def _positions(words: tuple[str, ...]) -> dict[str, int]:
    return {word: position for position, word in enumerate(words)}
