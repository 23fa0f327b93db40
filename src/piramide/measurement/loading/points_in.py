"""Loads of work of the first format of the store get the points that their cases came in with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from piramide.measurement.contract import WORK
from piramide.measurement.ledger.store import Ledger, Load
from piramide.measurement.loading.flows import write_flows
from piramide.measurement.loading.references import Catalogue, catalogue
from piramide.measurement.loading.work_rows import SCHEMA, points_in_1000
from piramide.measurement.loading.writing import GROUP_ROWS, EntriesWriter

_ADDED: Final = "points_in_1000"


def add_points_in(ledger: Ledger, progress: Callable[[int, int], None], on_wait: Callable[[], None]) -> int:
    """Write the column into every load that lacks it, by the catalogue as it is now; how many loads had to be written.

    Entries are replaced first and the manifest last, each at once: after a kill the next call goes on. `progress` is
    called with how many loads are done and how many there are. Raises `Refusal` (FA012) when writing fails.
    """
    with ledger.locked(on_wait):
        waiting = [load for load in ledger.loads(WORK) if _ADDED not in load.manifest["columns"]]
        known = catalogue(ledger)
        for done, load in enumerate(waiting):
            progress(done, len(waiting))
            with ledger.rewriting(load) as folder:
                _with_points_in(load, known, folder / load.entries_file.name)
                write_flows(folder / load.entries_file.name, folder / load.flows_file.name)
            ledger.keep_manifest(load, load.manifest | {"columns": SCHEMA.names})
        progress(len(waiting), len(waiting))
    return len(waiting)


def _with_points_in(load: Load, known: Catalogue, target: Path) -> None:
    names = [name for name in SCHEMA.names if name != _ADDED]
    with EntriesWriter(target, SCHEMA) as writer:
        for batch in pq.ParquetFile(load.entries_file).iter_batches(GROUP_ROWS, columns=names):
            product, points = batch["product"].to_numpy(), batch["points_1000"].to_numpy()
            received_on = batch["received_on"].cast(pa.int32()).to_numpy()
            added = pa.array(points_in_1000(known, product, received_on, points), pa.int64())
            table = pa.Table.from_batches([batch]).append_column(_ADDED, added)
            writer.write(table.select(SCHEMA.names).cast(SCHEMA))
