"""Entries of a ledger for the benchmark, month by month, as the ledger stores them; and the same cases as plain rows.

A case is received, waits about seven tenths of its standard days and is resolved. One in twenty is worked by one of
three helping offices, one in twenty-five is transferred, one in thirty is reopened and resolved again, one in three
hundred is resolved by mistake, reversed on the same day and resolved later. A *plain row* is what a register of cases
holds: one row a case, and one more for a case reopened (`again`), with the day it came, the day it was resolved, and
what that took.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from bench.ledger_world import BECOMES_STAR, FIRST_YEAR, MONTHS, Array, World, make_pack, make_world, sites

from piramide.measurement.contract import WORK, contract
from piramide.measurement.ledger.keys import text_keys
from piramide.measurement.ledger.store import ENTRIES, FLOWS, Codes, Ledger
from piramide.measurement.loading.flows import write_flows
from piramide.measurement.loading.plain_rows import stored_schema
from piramide.measurement.loading.work_rows import RECEIVED, REOPENED, RESOLVED, SCHEMA, TRANSFERRED
from piramide.measurement.loading.writing import EntriesWriter

Columns = dict[str, Array]

PLAIN: Final = "cases"
"""Folder of the plain rows, beside the store."""

_SLOTS: Final = 1 << 16
_HELPERS: Final = 3
_FIRST_MONTH: Final = (FIRST_YEAR - 1970) * 12
_CASE: Final = ("case", "product", "competence", "work", "came", "again", "automated", "channel")


@dataclass(slots=True)
class _Draws:
    """Tables of 65,536 places, from which a random 16-bit number picks; and the helpers of each site."""

    site: Array
    product: Array
    wait: Array
    effort: Array
    helper: Array

    @classmethod
    def of(cls, world: World) -> _Draws:
        draw = np.random.default_rng(5)
        return cls(
            _places(world.site_share),
            _places(world.product_share),
            draw.gamma(1.8, 0.7 / 1.8, _SLOTS).astype(np.float32),
            np.exp(draw.normal(-0.08, 0.4, _SLOTS)).astype(np.float32),
            draw.integers(0, len(world.site_share), (len(world.site_share), _HELPERS)),
        )


def _places(share: Array) -> Array:
    return (
        np.searchsorted(np.cumsum(share), (np.arange(_SLOTS) + 0.5) / _SLOTS).clip(max=len(share) - 1).astype(np.int32)
    )


@dataclass(slots=True)
class _Maker:
    """What one month hands to the next: the cases that wait, by the month in which they are resolved or come back."""

    world: World
    site_codes: Array
    draws: _Draws
    cases_a_month: int
    waiting: dict[int, list[Columns]] = field(default_factory=dict)
    coming_back: dict[int, list[Columns]] = field(default_factory=dict)

    def month(self, number: int) -> tuple[pa.Table, pa.Table]:
        """Entries of a month (0 is the first), and the plain rows that came or were resolved in it last."""
        draw = np.random.default_rng((11, number))
        coming = self._received(number, draw)
        back = _joined(self.coming_back.pop(number, []))
        self._wait(number, coming, draw)
        if back:
            self._wait(number, back, draw)
        done = _joined(self.waiting.pop(number, []))
        self._send_back(number, done, draw)
        parts = [self._entry(RECEIVED, coming, coming["came"])]
        parts += [self._entry(REOPENED, back, back["came"])] if back else []
        parts += self._work_done(done)
        moved = draw.random(len(coming["case"])) < 1 / 25
        transferred = {name: values[moved] for name, values in coming.items()}
        parts.append(self._entry(TRANSFERRED, transferred, transferred["came"]))
        return _entries(parts), self._plain(done)

    def left(self) -> pa.Table:
        """Plain rows of the cases that still wait, whatever their future."""
        table = self._plain(_joined([part for parts in self.waiting.values() for part in parts]))
        nothing = pa.nulls(len(table), pa.date32())
        return table.set_column(table.schema.get_field_index("resolved"), "resolved", nothing)

    def _received(self, number: int, draw: np.random.Generator) -> Columns:
        count = self.cases_a_month
        start, days = _month_days(number)
        slots = draw.integers(0, _SLOTS, (2, count), dtype=np.uint16)
        product, site = self.draws.product[slots[0]], self.draws.site[slots[1]]
        shared = draw.random(count, dtype=np.float32) < 0.05
        work = self.site_codes[site]
        work[shared] = self.site_codes[self.draws.helper[site[shared], slots[0][shared] % _HELPERS]]
        by_hand = draw.random(count, dtype=np.float32) >= self.world.automated[product]
        return {
            "case": np.arange(count, dtype=np.int64) + number * count,
            "product": product,
            "competence": self.site_codes[site],
            "work": work,
            "came": (start + draw.integers(0, days, count)).astype(np.int32),
            "again": np.zeros(count, dtype=bool),
            "automated": ~by_hand,
            "channel": draw.integers(0, 5, count, dtype=np.int8),
        }

    def _wait(self, number: int, cases: Columns, draw: np.random.Generator) -> None:
        """Settle the day on which cases are resolved and what that takes; put them in the month of that day."""
        count = len(cases["case"])
        slots = draw.integers(0, _SLOTS, (3, count), dtype=np.uint16)
        product = cases["product"]
        days = (self.draws.wait[slots[0]] * self.world.days[product] * ~cases["automated"]).astype(np.int32)
        hours = self.world.hours_1000[product] * self.draws.effort[slots[1]] / 10 * ~cases["automated"]
        late = days > self.world.days[product]
        amount = np.where(slots[2] & 3 == 0, 0, slots[2].astype(np.int64) * 37 + 1000)
        cases |= {
            "resolved": cases["came"] + days,
            "hours_100": hours.astype(np.int32),
            "outcome": np.where(slots[2] % 100 < 82, 1, np.where(slots[2] % 100 < 95, 2, 3)).astype(np.int8),
            "amount_cents": amount,
            "interest_cents": np.where(late, amount // 10_000 * days, 0),
            "mistaken": slots[1] % 300 == 0,
        }
        month = _month_of(cases["resolved"]) - _FIRST_MONTH
        for at in np.unique(month):
            rows = month == at
            part = {name: values[rows] for name, values in cases.items()}
            self.waiting.setdefault(max(int(at), number), []).append(part)

    def _send_back(self, number: int, done: Columns, draw: np.random.Generator) -> None:
        """One in thirty of the cases resolved for the first time comes back in the month after."""
        again = (draw.random(len(done["case"])) < 1 / 30) & ~done["again"]
        back = {name: done[name][again] for name in _CASE}
        start, days = _month_days(number + 1)
        back["came"] = (start + draw.integers(0, days, int(again.sum()))).astype(np.int32)
        back["again"] = np.ones(int(again.sum()), dtype=bool)
        self.coming_back.setdefault(number + 1, []).append(back)

    def _work_done(self, done: Columns) -> list[Columns]:
        wrong = {name: values[done["mistaken"]] for name, values in done.items()}
        day = wrong["came"] + (wrong["resolved"] - wrong["came"]) // 2
        day = np.maximum(day, _first_days(wrong["resolved"]))
        keep = day < wrong["resolved"]
        wrong, day = {name: values[keep] for name, values in wrong.items()}, day[keep]
        reversed_rows = self._entry(RESOLVED, wrong, day)
        reversed_rows["sign"] = np.full(len(day), -1, dtype=np.int8)
        return [self._entry(RESOLVED, wrong, day), reversed_rows, self._entry(RESOLVED, done, done["resolved"])]

    def _entry(self, kind: int, cases: Columns, day: Array) -> Columns:
        count = len(day)
        worked = kind == RESOLVED
        money = {
            name: cases[name] if worked else np.zeros(count, np.int64) for name in ("interest_cents", "amount_cents")
        }
        return {
            "case": cases["case"],
            "kind": np.full(count, kind, dtype=np.int8),
            "sign": np.ones(count, dtype=np.int8),
            "day": day,
            **{name: cases[name] for name in ("product", "competence", "work", "automated", "channel")},
            "received_on": cases["came"],
            "outcome": cases["outcome"] if worked else np.zeros(count, dtype=np.int8),
            "hours_100": cases["hours_100"] if worked else np.zeros(count, dtype=np.int32),
            "points_1000": self.world.hours_1000[cases["product"]],
            "points_in_1000": self.world.hours_1000[cases["product"]],
            **money,
        }

    def _plain(self, done: Columns) -> pa.Table:
        days = {name: pa.array(done[name]).cast(pa.date32()) for name in ("came", "resolved")}
        names = ("case", "product", "competence", "work", "again", "automated", "outcome")
        money = ("hours_100", "interest_cents", "amount_cents")
        return pa.table(days | {name: pa.array(done[name]) for name in (*names, *money)})


def _joined(parts: list[Columns]) -> Columns:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {}


def _month_of(day: Array) -> Array:
    months: Array = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months


def _first_days(day: Array) -> Array:
    days: Array = day.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int32)
    return days


def _month_days(number: int) -> tuple[int, int]:
    """First day (since 1970) and length of a month."""
    ends = (np.arange(2) + _FIRST_MONTH + number).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return int(ends[0]), int(ends[1] - ends[0])


def _entries(parts: list[Columns]) -> pa.Table:
    """The stored columns, derived ones included."""
    columns: dict[str, Any] = _joined(parts)
    case = pc.binary_join_element_wise("C", pa.array(columns["case"] + 10**9).cast(pa.string()), "")
    day, waited = columns["day"], columns["day"] - columns["received_on"]
    ends = (day.astype("datetime64[D]").astype("datetime64[M]") + 1).astype("datetime64[D]").astype(np.int64)
    lines = np.arange(len(day), dtype=np.int64) + 2
    columns |= {
        "case_key": text_keys(case),
        "case": case,
        "month": _month_of(day) + 1970 * 12,
        "days_waited": pa.array(waited.astype(np.int32), mask=columns["kind"] != RESOLVED),
        "status": np.zeros(len(day), dtype=np.int8),
        "days_to_month_end": ends - day,
        "line": lines,
        "source_line": lines,
    }
    arrays = [_as(columns[field.name], field.type) for field in SCHEMA]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def _as(values: Array | pa.Array, kind: pa.DataType) -> pa.Array:
    array = values if isinstance(values, pa.Array) else pa.array(values)
    return array if array.type == kind else array.cast(kind)


def make_data(root: Path, cases: int) -> None:
    """Write `root/store` (a ledger of 48 loads and a new one) and `root/cases` (plain rows of the 48 months)."""
    world, pack = make_world(), make_pack()
    codes = Codes(world.codes, tuple(sorted(pack.organisation.ids())))
    ledger = Ledger(root / "store")
    (root / PLAIN).mkdir(parents=True, exist_ok=True)
    ledger.folder.mkdir(parents=True, exist_ok=True)
    ledger.keep_codes(codes)
    _write_catalogue(ledger, world)
    positions = codes.structure_positions
    maker = _Maker(
        world, np.array([positions[s] for s in sites(pack)], dtype=np.int32), _Draws.of(world), max(cases // MONTHS, 1)
    )
    for number in range(MONTHS):
        entries, plain = maker.month(number)
        _write_load(ledger, number, entries)
        pq.write_table(plain, root / PLAIN / f"{number:02d}.parquet", compression="lz4")
    pq.write_table(maker.left(), root / PLAIN / "left.parquet", compression="lz4")
    _write_load(ledger, MONTHS, maker.month(MONTHS)[0])


def _write_catalogue(ledger: Ledger, world: World) -> None:
    schema = stored_schema(contract("products"))
    rows = [{"line": number + 2, **row} for number, row in enumerate(world.catalogue())]
    names = [name for name in schema.names if name != "source_line"]
    table = pa.Table.from_pylist([{name: row[name] for name in names} for row in rows], schema=schema)
    with ledger.draft("products") as draft:
        pq.write_table(table, draft / ENTRIES)
        ledger.commit(draft, _manifest("products", "000001", len(rows), date(2000, 1, 1), BECOMES_STAR))


def _write_load(ledger: Ledger, number: int, entries: pa.Table) -> None:
    load = f"{number + 1:06d}"
    first, days = _month_days(number)
    begin = date(1970, 1, 1) + timedelta(days=first)
    with ledger.draft(WORK) as draft:
        with EntriesWriter(draft / ENTRIES, SCHEMA) as writer:
            for start in range(0, len(entries), 1 << 19):
                writer.write(entries.slice(start, 1 << 19))
        write_flows(draft / ENTRIES, draft / FLOWS)
        ledger.commit(draft, _manifest(WORK, load, len(entries), begin, begin + timedelta(days=days - 1)))


def _manifest(dataset: str, load: str, rows: int, first: date, last: date) -> dict[str, Any]:
    return {
        "load": load,
        "dataset": dataset,
        "source": "bench",
        "source_sha256": f"{dataset}-{load}",
        "source_bytes": 0,
        "learned_on": last.isoformat(),
        "rows": rows,
        "accepted": rows,
        "rejected": 0,
        "reasons": {},
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "months": [f"{first.year:04d}-{first.month:02d}"],
        "columns": SCHEMA.names if dataset == WORK else stored_schema(contract(dataset)).names,
        "contract_hash": contract(dataset).hash,
    }
