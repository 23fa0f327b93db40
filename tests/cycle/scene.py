"""A small administration whose facts are loaded, measured, scored: a store with a file of every kind."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from piramide.cycle.facts import LoadRequest, load_facts
from piramide.cycle.measure import Request as MeasureRequest
from piramide.cycle.measure import measure
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, score
from piramide.kernel.progress import silent
from tests.measurement.hand_ledger import small_pack
from tests.measurement.loads import HEADER, PRODUCTS, row

PACK = "prova-2024"
MONTHS = {
    "01": [row(f"a{n}", "received", f"2024-01-{n + 1:02d}") for n in range(9)],
    "02": [row(f"a{n}", "resolved", f"2024-02-{n + 1:02d}", f"2024-01-{n + 1:02d}") for n in range(5)],
    "03": [row(f"b{n}", "received", f"2024-03-{n + 1:02d}") for n in range(4)],
}


class Scene:
    """A store with its loads, cube, note and run; the pack, and a file of values that was measured from it."""

    def __init__(self, folder: Path, cases: int = 0) -> None:
        """`cases` more are received in January, for a store of some size."""
        self.folder, self.packs, self.values = folder, [folder / "packs"], folder / "values.csv"
        small_pack(folder / "packs" / PACK)
        self.store = Store(folder / "store")
        self._load("products", PRODUCTS)
        for month in ("01", "02"):
            more = (
                [row(f"c{n}", "received", f"2024-01-{n % 28 + 1:02d}") for n in range(cases)] if month == "01" else []
            )
            self._load("work", "\n".join([HEADER, *MONTHS[month], *more]) + "\n")
        measure(MeasureRequest(PACK, "2024-03"), self.packs, self.store.root, self.values, silent)
        self.run = score(Request(PACK, self.values, "2024-03"), self.packs, self.store).run_id

    def _load(self, dataset: str, text: str) -> None:
        file = self.folder / f"{dataset}.csv"
        file.write_text(text, encoding="utf-8")
        load_facts(LoadRequest(((dataset, str(file)),), date(2024, 12, 31), pack=PACK), self.packs, self.store)
