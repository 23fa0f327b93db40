"""The folder of the ledger: loads that are there, codes, the lock, and how a load is committed.

    STORE/ledger/lock                       held while a load is checked and committed
    STORE/ledger/codes.json                 positions of products and structures in the columns that hold numbers
    STORE/ledger/pack.json                  the pack whose organisation the loads are checked with
    STORE/ledger/<dataset>/<load>/          000001, 000002, …: entries.parquet, rejected.parquet, manifest.json
    STORE/ledger/work/<load>/flows.parquet  its entries added up without conditions; made again from them at will
    STORE/ledger/work/<load>/open.parquet   cases open after the load; kept for the last load alone

A load is written in a folder `.draft-…` beside the others and renamed: whoever reads sees all of it or nothing.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from piramide.kernel.durable import DRAFT, put, settle, take_place, write_whole
from piramide.kernel.findings import Place, refuse
from piramide.measurement.contract import contracts

ENTRIES: Final = "entries.parquet"
REJECTED: Final = "rejected.parquet"
MANIFEST: Final = "manifest.json"
OPEN_CASES: Final = "open.parquet"
FLOWS: Final = "flows.parquet"
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Load:
    """One committed load: its number as text, its folder and its manifest."""

    id: str
    folder: Path
    manifest: dict[str, Any]

    @property
    def dataset(self) -> str:
        """The dataset it belongs to."""
        return str(self.manifest["dataset"])

    @property
    def entries_file(self) -> Path:
        """The accepted rows."""
        return self.folder / ENTRIES

    @property
    def flows_file(self) -> Path:
        """Its entries added up without conditions, for the fold; loads of older stores have none."""
        return self.folder / FLOWS

    @property
    def rejected_file(self) -> Path:
        """The rows set aside, with reason and line."""
        return self.folder / REJECTED

    @property
    def learned_on(self) -> date:
        """The day on which the administration learned these facts."""
        return date.fromisoformat(self.manifest["learned_on"])

    @property
    def first_day(self) -> date | None:
        """The earliest day of its rows; nothing when it has none."""
        return date.fromisoformat(self.manifest["first_day"]) if self.manifest["first_day"] else None

    @property
    def last_day(self) -> date | None:
        """The latest day of its rows; nothing when it has none."""
        return date.fromisoformat(self.manifest["last_day"]) if self.manifest["last_day"] else None


@dataclass(frozen=True, slots=True)
class Codes:
    """Positions that stand for products and structures in the stored columns; names are only ever added."""

    products: tuple[str, ...] = ()
    structures: tuple[str, ...] = ()

    def with_names(self, products: Iterable[str] = (), structures: Iterable[str] = ()) -> Codes:
        """These codes and, after them, the names that they lack, in alphabetical order."""
        return Codes(_extended(self.products, products), _extended(self.structures, structures))

    @property
    def product_positions(self) -> dict[str, int]:
        """Position of each product."""
        return {name: position for position, name in enumerate(self.products)}

    @property
    def structure_positions(self) -> dict[str, int]:
        """Position of each structure."""
        return {name: position for position, name in enumerate(self.structures)}


def _extended(names: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return (*names, *sorted(set(more) - set(names)))


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of a store (`root` is STORE)."""

    root: Path

    @property
    def folder(self) -> Path:
        """STORE/ledger."""
        return self.root / "ledger"

    def loads(self, dataset: str, known_on: date | None = None) -> tuple[Load, ...]:
        """Committed loads of a dataset, oldest first; with `known_on` only those learned by that day.

        Raises `Refusal` (FA018) when a manifest cannot be read.
        """
        folder = self.folder / dataset
        found = sorted(p for p in folder.iterdir() if p.name.isdigit()) if folder.is_dir() else []
        loads = tuple(Load(path.name, path, _manifest(path)) for path in found)
        return tuple(load for load in loads if known_on is None or load.learned_on <= known_on)

    def all_loads(self) -> tuple[Load, ...]:
        """Committed loads of every dataset."""
        return tuple(load for dataset in contracts() for load in self.loads(dataset))

    def entries(
        self, dataset: str, columns: Iterable[str] | None = None, known_on: date | None = None
    ) -> pa.RecordBatchReader:
        """Stored rows of a dataset, one batch after the other, with only `columns` when given."""
        files = [load.entries_file for load in self.loads(dataset, known_on)]
        wanted = list(columns) if columns is not None else None
        schema = pq.read_schema(files[0]) if files else pa.schema([])
        if wanted is not None and files:
            schema = pa.schema([schema.field(name) for name in wanted])
        return pa.RecordBatchReader.from_batches(schema, _batches(files, wanted))

    def codes(self) -> Codes:
        """Codes of the ledger; none when nothing has been loaded."""
        path = self.folder / "codes.json"
        if not path.is_file():
            return Codes()
        body = json.loads(path.read_text(encoding="utf-8"))
        return Codes(tuple(body["products"]), tuple(body["structures"]))

    def keep_codes(self, codes: Codes) -> None:
        """Write the codes; those of rows that never get committed do no harm."""
        if codes != self.codes():
            body = {"products": codes.products, "structures": codes.structures}
            self._write(self.folder / "codes.json", json.dumps(body, ensure_ascii=False, indent=0))

    def pack_name(self) -> str:
        """The pack whose organisation loads are checked with, as it was last given; empty at first."""
        path = self.folder / "pack.json"
        return str(json.loads(path.read_text(encoding="utf-8"))["pack"]) if path.is_file() else ""

    def keep_pack_name(self, name: str) -> None:
        """Remember the pack for the next load."""
        if name != self.pack_name():
            self._write(self.folder / "pack.json", json.dumps({"pack": name}))

    @contextmanager
    def locked(self, on_wait: Callable[[], None]) -> Iterator[None]:
        """Hold the ledger alone; when somebody else holds it, call `on_wait` once and wait."""
        with writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.folder / "lock", os.O_CREAT | os.O_RDWR, 0o644)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                on_wait()
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    @contextmanager
    def draft(self, dataset: str) -> Iterator[Path]:
        """An empty folder to write a load in; gone afterwards unless committed. Clears those that a kill left."""
        folder = self.folder / dataset
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for left in folder.glob(f"{DRAFT}*"):
                shutil.rmtree(left, ignore_errors=True)
            path = Path(tempfile.mkdtemp(prefix=DRAFT, dir=folder))
        try:
            with writing(folder):
                yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def rewriting(self, load: Load) -> Iterator[Path]:
        """An empty folder to write files of a load in that then take the place of those it has, one after the other."""
        with self.draft(load.dataset) as folder:
            yield folder
            for path in sorted(folder.iterdir()):
                take_place(path, load.folder / path.name)

    def keep_manifest(self, load: Load, manifest: dict[str, Any]) -> None:
        """Write the manifest of a load anew."""
        self._write(load.folder / MANIFEST, _text(manifest))

    def next_id(self, dataset: str) -> str:
        """The number of the next load."""
        loads = self.loads(dataset)
        return f"{int(loads[-1].id) + 1 if loads else 1:0{_DIGITS}d}"

    def commit(self, draft: Path, manifest: dict[str, Any]) -> Load:
        """Write the manifest, make everything durable, and let the load appear at once."""
        put(draft / MANIFEST, _text(manifest))
        final = self.folder / manifest["dataset"] / manifest["load"]
        settle(draft, final)
        return Load(manifest["load"], final, manifest)

    def _write(self, path: Path, text: str) -> None:
        with writing(path):
            write_whole(path, text)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn a failure to write (disk full, permissions) into a refusal (FA012)."""
    try:
        yield
    except OSError as error:
        raise refuse("FA012", Place(str(path)), problem=error.strerror or str(error)) from error


def _text(manifest: dict[str, Any]) -> str:
    return json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise refuse("FA018", Place(str(path))) from error
    return manifest


def _batches(files: Iterable[Path], columns: list[str] | None) -> Iterator[pa.RecordBatch]:
    for file in files:
        try:
            yield from pq.ParquetFile(file).iter_batches(columns=columns)
        except (OSError, pa.ArrowInvalid) as error:
            raise refuse("FA018", Place(str(file))) from error
