"""Rows of the work ledger: checks of one row alone, and the columns that are kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from piramide.kernel.statuses import Status
from piramide.measurement.ledger.keys import text_keys
from piramide.measurement.loading.cells import Faults
from piramide.measurement.loading.references import Catalogue, Numbers, References, positions_of

FUTURE: Final = "FA025"
BEFORE_RECEIPT: Final = "FA026"
UNKNOWN_PRODUCT: Final = "FA027"
UNKNOWN_STRUCTURE: Final = "FA028"
CLOSED_STRUCTURE: Final = "FA029"
REVERSAL: Final = "FA035"

KINDS: Final = ("received", "transferred", "resolved", "reopened")
RECEIVED, TRANSFERRED, RESOLVED, REOPENED = range(4)
OUTCOMES: Final = ("", "accepted", "rejected", "withdrawn")
CHANNELS: Final = ("online", "counter", "intermediary", "office", "automatic")
STATUSES: Final = (Status.MEASURED.value, Status.ESTIMATED.value)

SCHEMA: Final = pa.schema(
    {
        "case_key": pa.int64(),
        "case": pa.string(),
        "kind": pa.int8(),
        "sign": pa.int8(),
        "day": pa.date32(),
        "month": pa.int32(),
        "product": pa.int32(),
        "competence": pa.int32(),
        "work": pa.int32(),
        "received_on": pa.date32(),
        "days_waited": pa.int32(),
        "outcome": pa.int8(),
        "channel": pa.int8(),
        "automated": pa.bool_(),
        "hours_100": pa.int32(),
        "points_1000": pa.int64(),
        "points_in_1000": pa.int64(),
        "interest_cents": pa.int64(),
        "amount_cents": pa.int64(),
        "status": pa.int8(),
        "days_to_month_end": pa.int16(),
        "source_line": pa.int64(),
    }
)
"""Stored columns of `work`. Positions stand for the words of KINDS, OUTCOMES, CHANNELS, STATUSES and for the names of
codes.json. `sign` is -1 on reversed rows, whose `kind` is the entry taken back; hours, points (the standard hours in
force on the day, in thousandths) and money stand unsigned. `points_in_1000` are the standard hours in force when the
case was received: what a case brought into the pending cases is what it takes out of them. `days_waited` is null but on
resolved rows. `days_to_month_end` counts the days of the month from `day` on, its own included: sign × that summed over
received less resolved is the integral of the pending cases over the month. `source_line` is the line or record in the
source."""


def work_entries(
    cells: Mapping[str, pa.Array], lines: Numbers, references: References, learned_on: int, faults: Faults
) -> pa.Table:
    """Stored columns of the rows of a block; faults of single rows are marked, those rows hold nonsense."""
    day, received_on = _days(cells["day"]), _days(cells["received_on"])
    entry = positions_of(cells["entry"], {name: at for at, name in enumerate((*KINDS, "reversed"))})
    taken_back = positions_of(cells["reversed_entry"], {name: at for at, name in enumerate(KINDS)})
    is_reversed = entry == len(KINDS)
    kind = np.where(is_reversed, taken_back, entry)
    faults.mark(is_reversed != (taken_back >= 0), REVERSAL, "reversed_entry")
    faults.mark(day > learned_on, FUTURE, "day")
    faults.mark(day < received_on, BEFORE_RECEIPT, "day")
    faults.mark((kind == RECEIVED) & ~is_reversed & (day != received_on), BEFORE_RECEIPT, "received_on")
    product = references.product_positions(cells["product"])
    version = references.catalogue.spans.version(product, day)
    faults.mark(version < 0, UNKNOWN_PRODUCT, "product")
    offices = {name: _office(cells, name, references, day, faults) for name in _OFFICES}
    month, days_left = _months(day)
    points = references.catalogue.points_1000(version)
    waited = pa.array((day - received_on).astype(np.int32), mask=kind != RESOLVED)
    columns = {
        "case_key": text_keys(cells["case"]),
        "case": cells["case"],
        "kind": kind.astype(np.int8),
        "sign": np.where(is_reversed, -1, 1).astype(np.int8),
        "day": cells["day"],
        "month": month,
        "product": product,
        "competence": offices["office_of_competence"],
        "work": offices["office_of_work"],
        "received_on": cells["received_on"],
        "days_waited": waited,
        "outcome": positions_of(cells["outcome"], {name: at for at, name in enumerate(OUTCOMES)}).astype(np.int8),
        "channel": positions_of(cells["channel"], {name: at for at, name in enumerate(CHANNELS)}).astype(np.int8),
        "automated": cells["automated"],
        "hours_100": _hundredths(cells["staff_hours"]).astype(np.int32),
        "points_1000": points,
        "points_in_1000": points_in_1000(references.catalogue, product, received_on, points),
        "interest_cents": _hundredths(cells["interest_paid"]),
        "amount_cents": _hundredths(cells["amount"]),
        "status": positions_of(cells["status"], {name: at for at, name in enumerate(STATUSES)}).astype(np.int8),
        "days_to_month_end": days_left.astype(np.int16),
        "source_line": lines,
    }
    arrays = [pa.array(columns[name], type=field.type) for name, field in zip(SCHEMA.names, SCHEMA, strict=True)]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def points_in_1000(known: Catalogue, product: Numbers, received_on: Numbers, points: Numbers) -> Numbers:
    """The points that the case of each row came in with; of a day without a version, those of the row."""
    version = known.spans.version_or_first(product, received_on)
    came: Numbers = np.where(version < 0, points, known.points_1000(version))
    return came


_OFFICES: Final = ("office_of_competence", "office_of_work")


def _office(
    cells: Mapping[str, pa.Array], column: str, references: References, day: Numbers, faults: Faults
) -> Numbers:
    positions = references.structure_positions(cells[column])
    faults.mark(positions < 0, UNKNOWN_STRUCTURE, column)
    faults.mark(references.structures.version(positions, day) < 0, CLOSED_STRUCTURE, column)
    return positions


def _days(cells: pa.Array) -> Numbers:
    days: Numbers = cells.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False)
    return days


def _months(day: Numbers) -> tuple[Numbers, Numbers]:
    """Month of each day (year × 12 + month − 1) and the days left in it, its own included."""
    months = day.astype("datetime64[D]").astype("datetime64[M]")
    ends = (months + 1).astype("datetime64[D]").astype(np.int64)
    return (months.astype(np.int64) + 1970 * 12).astype(np.int32), ends - day


def _hundredths(cells: pa.Array) -> Numbers:
    """Decimals with two places as whole hundredths; every amount fits in the lower 64 bits of its 128."""
    filled = pc.fill_null(cells, pa.scalar(0, cells.type)) if cells.null_count else cells
    words = np.frombuffer(filled.buffers()[1], dtype="<i8")
    lower: Numbers = words[2 * filled.offset : 2 * (filled.offset + len(filled)) : 2]
    return lower


def days_of(day: date) -> int:
    """Days since 1970."""
    return (day - date(1970, 1, 1)).days
