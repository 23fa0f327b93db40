"""The load of a new month behind histories of different length, for the benchmark of the ledger.

The loads behind it are links to those of the ledger, written without going through a load: what is known of their cases
is counted once, by a load of one row (`python -m bench.ledger_load STORE FILE`), before anything is timed.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from bench.ledger_world import MONTHS, make_pack
from bench.load import LEARNED_ON, write_as_delivered

from piramide.kernel.sealing import SEAL, sealed
from piramide.measurement.contract import contract
from piramide.measurement.ledger.store import BEFORE, CASES_SINCE, MANIFEST, Ledger
from piramide.measurement.loading.load import Terms, load
from piramide.measurement.loading.sources import open_source

ROOT = Path(__file__).parents[1]


def product_load(root: Path, history: str) -> Callable[[], dict[str, Any]]:
    """The product: the CSV of the new month loaded, with all checks, behind `history` loads."""
    month, place = new_month(root), root / f"loading-behind-{history}"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(_behind(root, int(history), month), place, symlinks=True)
    pack = make_pack()

    def work() -> dict[str, Any]:
        terms = Terms(pack.organisation, LEARNED_ON)
        told = load(Ledger(place), contract("work"), open_source(str(month)), terms).load.manifest
        return {"rows": told["rows"], "since": told[CASES_SINCE]}

    return work


def new_month(root: Path) -> Path:
    """The entries of the new month as an administration delivers them."""
    out = root / "new-month.csv"
    if not out.exists():
        entries = root / "store" / "ledger" / "work" / f"{MONTHS + 1:06d}" / "entries.parquet"
        write_as_delivered(root, {out: [str(entries)]}, "")
    return out


def _behind(root: Path, loads: int, month: Path) -> Path:
    """A store with the last loads of the history, as links, and one load of one row after them."""
    place = root / f"behind-{loads}"
    if not (place / "counted").exists():
        shutil.rmtree(place, ignore_errors=True)
        link_loads(root, place, range(MONTHS - loads + 1, MONTHS + 1))
        with month.open(encoding="utf-8") as file:
            header, received = next(file), next(line for line in file if ",received," in line)
        one = place / "one.csv"
        one.write_text(f"{header}X{received}", encoding="utf-8")
        subprocess.run([sys.executable, "-m", "bench.ledger_load", str(place), str(one)], check=True, cwd=ROOT)  # noqa: S603
        (place / "counted").touch()
    return place


def link_loads(root: Path, store: Path, numbers: range) -> None:
    """Links to some loads of the ledger, in a store of their own."""
    work, whole = store / "ledger" / "work", (root / "store" / "ledger").resolve()
    work.mkdir(parents=True)
    (work.parent / "products").symlink_to(whole / "products")
    shutil.copy(whole / "codes.json", work.parent)
    before = ""
    for number in numbers:
        before = _linked(whole / "work" / f"{number:06d}", work / f"{number:06d}", before)


def _linked(kept: Path, place: Path, before: str) -> str:
    """Links to the files of a load, under a manifest that follows another load; its seal."""
    place.mkdir()
    for path in kept.iterdir():
        if path.name != MANIFEST:
            (place / path.name).symlink_to(path)
    text = sealed(json.loads((kept / MANIFEST).read_bytes()) | {BEFORE: before})
    (place / MANIFEST).write_text(text, encoding="utf-8")
    return str(json.loads(text)[SEAL])


if __name__ == "__main__":
    load(
        Ledger(Path(sys.argv[1])),
        contract("work"),
        open_source(sys.argv[2]),
        Terms(make_pack().organisation, date(2025, 1, 31)),
    )
