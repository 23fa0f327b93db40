"""A small administration and its files, for tests of loading: Torino and Asti, three products, a handful of cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from piramide.kernel.organisation import Organisation, Structure
from piramide.measurement.contract import contract
from piramide.measurement.ledger.keys import Keys
from piramide.measurement.ledger.store import Ledger, Load, sealed_manifest
from piramide.measurement.loading.cases.known import KnownCases
from piramide.measurement.loading.cases.words import EVENT, Counts, merged
from piramide.measurement.loading.load import LoadReport, Terms, load
from piramide.measurement.loading.sources import open_source

LEARNED_ON = date(2024, 12, 31)
ORGANISATION = Organisation(
    (
        Structure("nazionale", "Nazionale", "national"),
        Structure("piemonte", "Piemonte", "region", "nazionale"),
        Structure("torino", "Torino", "provincial_office", "piemonte"),
        Structure("asti", "Asti", "provincial_office", "piemonte"),
        Structure("ivrea", "Ivrea", "agency", "piemonte", until=date(2024, 7, 1), succeeded_by=("torino",)),
    )
)
PRODUCTS = """product,label,area,line,standard_hours,standard_days,star,valid_from,valid_until
pension,Pensione,benefits,pensions,1.5,30,true,2020-01-01,
naspi,NASpI,benefits,income_support,0.75,15,false,2020-01-01,
naspi,NASpI,benefits,income_support,0.9,15,false,2024-03-01,
maternity,Maternità,benefits,income_support,0.5,20,false,2020-01-01,2024-07-01
"""
HEADER = (
    "case,entry,day,product,office_of_competence,office_of_work,received_on,outcome,staff_hours,reversed_entry,status"
)


def row(case: str, entry: str, day: str, received_on: str = "", **cells: str) -> str:
    """One line of the work ledger; what is not given is what it mostly is."""
    office = cells.get("office_of_competence", "torino")
    values = {
        "case": case,
        "entry": entry,
        "day": day,
        "product": "pension",
        "office_of_competence": office,
        "office_of_work": office,
        "received_on": received_on or day,
        "outcome": "accepted" if entry == "resolved" else "",
        "staff_hours": "1.25" if entry == "resolved" else "0",
        "reversed_entry": "",
        "status": "",
    } | cells
    return ",".join(values[name] for name in HEADER.split(","))


def work_text(rows: Iterable[str]) -> str:
    """A CSV file of work."""
    return "\n".join([HEADER, *rows]) + "\n"


def sound_rows(count: int, prefix: str = "s") -> list[str]:
    """Rows without fault: cases received on the days of January 2024."""
    return [row(f"{prefix}{i}", "received", f"2024-01-{i % 28 + 1:02d}") for i in range(count)]


def seal_again(ledger: Ledger, load: Load) -> None:
    """Seal the last load of a dataset as its files are now, as somebody would who knows how."""
    ledger.keep_manifest(load, sealed_manifest(load.folder, load.manifest, load.manifest["before"], ledger.codes()))


class Office:
    """A ledger with its catalogue, and a folder for the files that are loaded into it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.ledger = Ledger(folder / "store")
        self.load("products", PRODUCTS)

    def file(self, text: str | bytes, name: str = "work.csv") -> Path:
        """Write a file to load."""
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def load(
        self, dataset: str, text: str | bytes, most_rejected: int = 0, learned_on: date = LEARNED_ON, name: str = ""
    ) -> LoadReport:
        """Load a text into a dataset; `most_rejected` in per cent."""
        path = self.file(text, name or f"{dataset}.csv")
        terms = Terms(ORGANISATION, learned_on, Fraction(most_rejected, 100))
        return load(self.ledger, contract(dataset), open_source(str(path)), terms)

    def work(self, *rows: str, most_rejected: int = 0, learned_on: date = LEARNED_ON) -> LoadReport:
        """Load rows of work."""
        return self.load("work", work_text(rows), most_rejected, learned_on)

    def entries(self, dataset: str = "work") -> list[dict[str, Any]]:
        """Every stored row of a dataset."""
        rows: list[dict[str, Any]] = self.ledger.entries(dataset).read_all().to_pylist()
        return rows

    def words(self) -> Keys:
        """What is kept of every case, which is what all entries say when they are read again."""
        loads = self.ledger.loads("work")
        kept = KnownCases.of(loads)
        assert not kept.uncounted
        words = all_words(kept)
        assert np.array_equal(words, all_words(KnownCases((), (), (), loads).counted(self.folder)))
        return words

    def open(self) -> int:
        """How many cases are open after the last load: not both received and resolved."""
        words = self.words()
        cases = Counts.of(np.unique(words & ~EVENT), [words])
        return int(((cases.received != 1) | (cases.resolved != 1)).sum())


def all_words(known: KnownCases) -> Keys:
    """The words of all cases."""
    ends = np.iinfo(np.int64)
    return merged([file.between(ends.min, ends.max) for file in known.files])


def rejected(report: LoadReport) -> list[tuple[int, str]]:
    """Line and reason of each row set aside."""
    table = pq.read_table(report.load.rejected_file)
    return list(zip(table["line"].to_pylist(), table["reason"].to_pylist(), strict=True))
