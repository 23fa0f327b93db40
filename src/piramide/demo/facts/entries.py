"""Entries of the ledger as arrays of small numbers, and the Arrow table that an administration would deliver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from piramide.demo.facts.hashing import Integers
from piramide.kernel.statuses import Status

KINDS: Final = ("received", "transferred", "resolved", "reopened", "reversed")
OUTCOMES: Final = ("", "accepted", "rejected", "withdrawn")
CHANNELS: Final = ("online", "counter", "intermediary", "office", "automatic")
REVERSED: Final = ("", *KINDS[:-1])

RECEIVED, TRANSFERRED, RESOLVED, REOPENED, REVERSAL = range(len(KINDS))
AUTOMATIC: Final = CHANNELS.index("automatic")

CASES_OF_A_MONTH: Final = 10**9
"""A case is the year and month of its receipt (four digits) and a number of nine digits."""

SCHEMA: Final = pa.schema(
    {
        "case": pa.string(),
        "entry": pa.string(),
        "day": pa.date32(),
        "product": pa.string(),
        "office_of_competence": pa.string(),
        "office_of_work": pa.string(),
        "received_on": pa.date32(),
        "outcome": pa.string(),
        "channel": pa.string(),
        "automated": pa.bool_(),
        "staff_hours": pa.decimal32(9, 2),
        "interest_paid": pa.decimal64(14, 2),
        "amount": pa.decimal64(14, 2),
        "reversed_entry": pa.string(),
        "status": pa.string(),
    }
)

_PLACES: Final = {"product": pa.int16(), "office_of_competence": pa.int16(), "office_of_work": pa.int16()}

ENCODED: Final = pa.schema(
    [
        pa.field(field.name, pa.dictionary(_PLACES.get(field.name, pa.int8()), pa.string()))
        if field.type == pa.string() and field.name != "case"
        else field
        for field in SCHEMA
    ]
)
"""The same with codes as dictionaries: how tables are made and handed to a plant."""

_TRIPLES: Final = np.array([list(f"{number:03d}".encode()) for number in range(1000)], dtype=np.uint8)
_MONTHS: Final = np.array([list(f"C{number:04d}".encode()) for number in range(10_000)], dtype=np.uint8)
_CODE_LENGTH: Final = 14


@dataclass(frozen=True, slots=True)
class Entries:
    """Columns of the same length.

    Offices, products, kinds, outcomes and channels are positions; money is in cents, hours are hundredths, days are
    counted from 1970.
    """

    kind: npt.NDArray[np.int8]
    case: Integers
    day: npt.NDArray[np.int32]
    product: npt.NDArray[np.int16]
    competence: npt.NDArray[np.int16]
    work: npt.NDArray[np.int16]
    received: npt.NDArray[np.int32]
    outcome: npt.NDArray[np.int8]
    channel: npt.NDArray[np.int8]
    hours: npt.NDArray[np.int32]
    interest: Integers
    amount: Integers
    taken_back: npt.NDArray[np.int8]

    def together(self, others: Sequence[Entries]) -> Entries:
        """These entries, then the others."""
        parts = (self, *others)
        return Entries(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(self)))


def entries(
    kind: int,
    case: Integers,
    day: npt.NDArray[np.int32],
    product: npt.NDArray[np.int16],
    offices: tuple[npt.NDArray[np.int16], npt.NDArray[np.int16]],
    received: npt.NDArray[np.int32],
    **known: npt.NDArray[np.generic],
) -> Entries:
    """Entries of one kind; offices are (of competence, of work); what is not given is zero or empty."""
    count = len(case)

    def column(name: str, dtype: type[np.generic]) -> npt.NDArray[Any]:
        return known[name].astype(dtype, copy=False) if name in known else np.zeros(count, dtype)

    return Entries(
        kind=np.full(count, kind, np.int8),
        case=case,
        day=day,
        product=product,
        competence=offices[0],
        work=offices[1],
        received=received,
        outcome=column("outcome", np.int8),
        channel=column("channel", np.int8),
        hours=column("hours", np.int32),
        interest=column("interest", np.int64),
        amount=column("amount", np.int64),
        taken_back=column("taken_back", np.int8),
    )


@dataclass(frozen=True, slots=True)
class Names:
    """Codes behind the positions."""

    offices: pa.Array
    products: pa.Array


def table(of: Entries, names: Names) -> pa.Table:
    """The entries as the contract of the work ledger names and types them (codes as dictionaries)."""
    count = len(of.case)
    columns = [
        _codes(of.case),
        _named(of.kind, KINDS),
        _plain(of.day, pa.date32()),
        pa.DictionaryArray.from_arrays(of.product, names.products),
        pa.DictionaryArray.from_arrays(of.competence, names.offices),
        pa.DictionaryArray.from_arrays(of.work, names.offices),
        _plain(of.received, pa.date32()),
        _named(of.outcome, OUTCOMES),
        _named(of.channel, CHANNELS),
        pa.array(of.channel == AUTOMATIC),
        _plain(of.hours, pa.decimal32(9, 2)),
        _plain(of.interest, pa.decimal64(14, 2)),
        _plain(of.amount, pa.decimal64(14, 2)),
        _named(of.taken_back, REVERSED),
        _named(np.zeros(count, np.int8), (Status.MEASURED.value,)),
    ]
    return pa.table(columns, schema=ENCODED)


def _plain(values: npt.NDArray[np.generic], kind: pa.DataType) -> pa.Array:
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])


def _named(positions: npt.NDArray[np.int8], words: tuple[str, ...]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(positions, pa.array(words))


def _codes(cases: Integers) -> pa.Array:
    """`C2403000000123`: C, year and month of receipt, number in the month."""
    month, number = np.divmod(cases, CASES_OF_A_MONTH)
    thousands, units = np.divmod(number.astype(np.int32), 1000)
    millions, thousands = np.divmod(thousands, 1000)
    letters = np.empty((len(cases), _CODE_LENGTH), dtype=np.uint8)
    letters[:, :5] = _MONTHS[month]
    letters[:, 5:8], letters[:, 8:11], letters[:, 11:] = _TRIPLES[millions], _TRIPLES[thousands], _TRIPLES[units]
    bounds = np.arange(0, _CODE_LENGTH * (len(cases) + 1), _CODE_LENGTH, dtype=np.int32)
    return pa.Array.from_buffers(
        pa.string(), len(cases), [None, pa.py_buffer(bounds), pa.py_buffer(letters.reshape(-1))]
    )
