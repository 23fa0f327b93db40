"""`piramide facts generate`: the whole folder of invented facts, and the manifest that says so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from piramide.demo.facts.arrivals import truth_of
from piramide.demo.facts.datasets import write_datasets
from piramide.demo.facts.files import FORMATS, sha256
from piramide.demo.facts.lively import TRUTH, Demand, write_truth
from piramide.demo.facts.work import Plant, write_work
from piramide.demo.facts.world import World, world_of
from piramide.kernel.durable import write_whole
from piramide.kernel.findings import Place, refuse
from piramide.kernel.progress import Progress, silent

MANIFEST: Final = "facts.json"
LEAST_CASES: Final = 5_000
MOST_CASES: Final = 2_000_000_000
FIRST_YEAR, LAST_YEAR = 2001, 2098
NOTE: Final = (
    "INVENTED DATA: cases, offices' results, staff and money are made up; only the totals that they are calibrated on "
    "were published. DATI INVENTATI: pratiche, risultati, personale e importi sono inventati; pubblicati sono soltanto "
    "i totali su cui sono calibrati."
)


@dataclass(frozen=True, slots=True)
class File:
    """A file of the folder: its dataset, rows and hash."""

    path: str
    dataset: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Generated:
    """What was generated: `scale` is the size of the administration beside the published one (1: full size)."""

    folder: Path
    cases: int
    seed: int
    years: tuple[int, ...]
    scale: float
    opening_cases: int
    entries: int
    files: tuple[File, ...]


def generate(  # noqa: PLR0913 - what the command takes
    out: Path,
    cases: int,
    seed: int,
    years: Sequence[int] = (2023, 2024),
    ending: str = "parquet",
    plant: Sequence[Plant] = (),
    *,
    demand: Demand = Demand.STEADY,
    progress: Progress = silent,
) -> Generated:
    """Write invented facts to a new or empty folder: `work/`, one CSV for each other dataset, `facts.json` last.

    `cases` are received within `years`; those already pending on the first day come with `work/…-opening`, as received
    entries dated earlier. The same cases, seed, years and format give the same bytes. `plant` changes the entries of
    each month, so that a pattern can be put where it is looked for. `progress` is told what is written, how many files
    are done and how many there are. Lively demand comes with its truth (`truth.json`). Raises `Refusal` DG001-DG006.
    """
    _check(out, cases, years, ending)
    world = world_of(cases, seed, tuple(years), demand)
    try:
        work, seen = write_work(world, out / "work", ending, plant, progress)
        small = write_datasets(world, seen, out, progress)
        files = [File(f"work/{path.name}", "work", _rows(path), sha256(path)) for path in work]
        files += [File(path.name, path.stem, rows, sha256(path)) for path, rows in small.items()]
        opening, entries = files[0].rows, sum(file.rows for file in files if file.dataset == "work")
        if world.lively is not None:
            write_truth(truth_of(world, world.lively), out / TRUTH)
        done = Generated(out, cases, seed, tuple(years), world.work.scale, opening, entries, tuple(files))
        write_whole(out / MANIFEST, _manifest(world, done, planted=bool(plant)))
    except OSError as error:
        raise refuse("DG006", Place(str(out)), problem=error.strerror or str(error)) from error
    return done


def _check(out: Path, cases: int, years: Sequence[int], ending: str) -> None:
    if ending not in FORMATS:
        raise refuse("DG004", subject=ending, known=", ".join(FORMATS))
    follow = all(after == before + 1 for before, after in pairwise(years))
    if not years or not follow or years[0] < FIRST_YEAR or years[-1] > LAST_YEAR:
        raise refuse("DG002", subject=",".join(map(str, years)), least=FIRST_YEAR, most=LAST_YEAR)
    if not LEAST_CASES * len(years) <= cases <= MOST_CASES:
        raise refuse("DG001", subject=str(cases), least=LEAST_CASES * len(years), most=MOST_CASES)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise refuse("DG003", Place(str(out)))


def _rows(path: Path) -> int:
    if path.suffix == ".csv":
        with path.open("rb") as file:
            return sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b"")) - 1
    return int(pq.read_metadata(path).num_rows)


def _manifest(world: World, done: Generated, *, planted: bool) -> str:
    body = {
        "invented": True,
        "note": NOTE,
        "cases": done.cases,
        "seed": done.seed,
        "years": list(done.years),
        "scale": done.scale,
        "opening_cases": done.opening_cases,
        "entries": done.entries,
        "products": len(world.products.codes),
        "sites": world.offices.sites,
        "planted": planted,
        **({"demand": Demand.LIVELY} if world.lively is not None else {}),
        "files": [asdict(file) for file in done.files],
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"
