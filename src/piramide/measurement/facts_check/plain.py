"""Keys, order of days and reversals of the other datasets."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from piramide.kernel.findings import Finding, Place
from piramide.measurement.contract import Contract
from piramide.measurement.facts_check.summary import measured_columns
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.loading.history import later_of_equal
from piramide.measurement.loading.judging import PlainRows


def check_plain(ledger: Ledger, of: Contract) -> Iterator[Finding]:
    """Keys that stand there twice, payments before their invoice, reversals with other figures."""
    batches = [pa.Table.from_batches([batch]) for batch in ledger.entries(of.id)]
    place = Place(str(ledger.folder / of.id))
    if not batches:
        return
    rows = pa.concat_tables(batches)
    judged = PlainRows.of(rows, of)
    counts = {"FA048": int(later_of_equal(judged.keys).sum()), "FA049": _unlike(rows, of, judged)}
    if {"received_on", "paid_on"} <= set(of.names):
        counts["FA052"] = pc.sum(pc.less(rows["paid_on"], rows["received_on"])).as_py() or 0
    for code, count in counts.items():
        if count:
            yield Finding(code, place, of.id, {"count": count})


def _unlike(rows: pa.Table, of: Contract, judged: PlainRows) -> int:
    """Reversed rows whose figures are not those of the stated row of the same key."""
    sign, takes_back, keys = judged.sign, judged.takes_back, judged.keys
    back = np.flatnonzero(sign < 0)
    if not len(back):
        return 0
    order = np.argsort(keys, kind="stable")
    at = order[np.minimum(np.searchsorted(keys[order], takes_back[back]), len(keys) - 1)]
    unlike = keys[at] != takes_back[back]
    for name in measured_columns(of):
        figures = rows[name].combine_chunks()
        same = pc.equal(figures.take(pa.array(back)), figures.take(pa.array(at))).fill_null(True)
        unlike |= ~same.to_numpy(zero_copy_only=False)
    return int(unlike.sum())
