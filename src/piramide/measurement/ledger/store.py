"""The folder of the ledger: loads that are there, codes, the lock, and how a load is committed.

    STORE/ledger/lock                       held while a load is checked and committed
    STORE/ledger/codes.json                 positions of products and structures in the columns that hold numbers
    STORE/ledger/pack.json                  the pack whose organisation the loads are checked with; both are sealed
    STORE/ledger/<dataset>/<load>/          000001, 000002, …: entries.parquet, rejected.parquet, manifest.json
    STORE/ledger/work/<load>/flows.parquet  its entries added up without conditions; made again from them at will
    STORE/ledger/work/<load>/cases.npy      what this load, and those before it that it stands for, say of each case
    STORE/ledger/work/<load>/cases.marks.npy  what each page of cases.npy is held against

A load is written in a folder `.draft-…` beside the others and renamed: whoever reads sees all of it or nothing.

Its manifest is sealed, names the digest of every file that is kept with it (`files`), that of the codes as they were
(`codes`) and the seal of the load before (`before`): the seal of a load stands for everything up to it. Manifests are
proved whenever they are read, files when they are folded, explained or checked.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from piramide.kernel.durable import DRAFT, put, settle, take_place, write_whole
from piramide.kernel.findings import Place, refuse
from piramide.kernel.sealing import SEAL, Stamp, digest_of, seal_of, sealed, seen_digest, stamp_of, unsealed
from piramide.measurement.contract import contracts

ENTRIES: Final = "entries.parquet"
REJECTED: Final = "rejected.parquet"
MANIFEST: Final = "manifest.json"
OPEN_CASES: Final = "open.parquet"
"""Kept by earlier versions: the cases open after the last load."""
CASES: Final = "cases.npy"
CASE_MARKS: Final = "cases.marks.npy"
CASES_SINCE: Final = "cases_since"
"""In manifests of work: the first load for which the file of cases stands."""
FLOWS: Final = "flows.parquet"
FILES: Final = "files"
BEFORE: Final = "before"
CODES: Final = "codes"
SEALED_SINCE: Final = "sealed_since"
"""In manifests of loads that were there before seals: the day on which they were sealed as they were found."""
_DIGITS: Final = 6
_HASHING: Final = 2


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
    def seal(self) -> str:
        """The digest that stands for this load and all before it; empty in stores of earlier formats."""
        return str(self.manifest.get(SEAL, ""))

    @property
    def entries_file(self) -> Path:
        """The accepted rows."""
        return self.folder / ENTRIES

    @property
    def proven_entries(self) -> Path:
        """The accepted rows, which are those that were kept. Raises `Refusal` (FA018, FA071) when they are not."""
        return self.proven(ENTRIES)

    def holds(self, name: str) -> bool:
        """Whether a file is there and is the one that was kept, or the load is of a time before seals."""
        kept = self.manifest.get(FILES, {}).get(name)
        path = self.folder / name
        try:
            return path.is_file() and (not self.seal or seen_digest(path) == kept)
        except OSError:
            return False

    def proven(self, name: str) -> Path:
        """A file of the load, which is the one that was kept. Raises `Refusal` FA018 (gone), FA071 (touched)."""
        path = self.folder / name
        if not self.holds(name):
            raise refuse("FA071" if path.is_file() else "FA018", Place(str(path)), load=self.id)
        return path

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

    def marked(self) -> dict[str, Any]:
        """How many names there are, and the digest of them all: what a load keeps of the codes of its day."""
        return {"products": len(self.products), "structures": len(self.structures), "digest": self._digest()}

    def agrees(self, mark: Mapping[str, Any]) -> bool:
        """Whether the first of these names are those that a load marked."""
        first = Codes(self.products[: mark["products"]], self.structures[: mark["structures"]])
        return first.marked() == mark

    def _digest(self) -> str:
        return seal_of({"products": list(self.products), "structures": list(self.structures)})

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
    is_sealed: bool = field(default=True, kw_only=True)
    """Whether loads must be sealed: not while a store of an earlier format is brought forward."""

    @property
    def folder(self) -> Path:
        """STORE/ledger."""
        return self.root / "ledger"

    def loads(self, dataset: str, known_on: date | None = None) -> tuple[Load, ...]:
        """Committed loads of a dataset, oldest first; with `known_on` only those learned by that day.

        Raises `Refusal`: FA018 for a manifest that cannot be read, FA070 for one that was touched, FA072 for a load
        that does not follow the one before it.
        """
        loads = self.listed(dataset)
        if self.is_sealed:
            _refuse_broken(loads)
        return tuple(load for load in loads if known_on is None or load.learned_on <= known_on)

    def listed(self, dataset: str) -> tuple[Load, ...]:
        """Committed loads of a dataset, each by itself: whether one follows the other is not looked at."""
        folder = self.folder / dataset
        found = sorted(p for p in folder.iterdir() if p.name.isdigit()) if folder.is_dir() else []
        return tuple(Load(path.name, path, read_manifest(path, is_sealed=self.is_sealed)) for path in found)

    def all_loads(self) -> tuple[Load, ...]:
        """Committed loads of every dataset."""
        return tuple(load for dataset in contracts() for load in self.loads(dataset))

    def entries(
        self, dataset: str, columns: Iterable[str] | None = None, known_on: date | None = None
    ) -> pa.RecordBatchReader:
        """Stored rows of a dataset, one batch after the other, with only `columns` when given."""
        files = [load.proven_entries for load in self.loads(dataset, known_on)]
        wanted = list(columns) if columns is not None else None
        schema = pq.read_schema(files[0]) if files else pa.schema([])
        if wanted is not None and files:
            schema = pa.schema([schema.field(name) for name in wanted])
        return pa.RecordBatchReader.from_batches(schema, _batches(files, wanted))

    def codes(self) -> Codes:
        """Codes of the ledger; none when nothing has been loaded. Raises `Refusal` (FA070) for touched ones."""
        body = self._read("codes.json")
        return Codes(tuple(body["products"]), tuple(body["structures"])) if body else Codes()

    def proven_codes(self) -> Codes:
        """Codes under which every dataset was last loaded. Raises `Refusal` FA070, FA074 where they are not."""
        codes = self.codes()
        for dataset in contracts():
            for load in self.loads(dataset)[-1:]:
                if self.is_sealed and not codes.agrees(load.manifest[CODES]):
                    raise refuse("FA074", Place(str(self.folder / "codes.json")), dataset, load=load.id)
        return codes

    def keep_codes(self, codes: Codes, *, anew: bool = False) -> None:
        """Write the codes; those of rows that never get committed do no harm. `anew`: even when they are there."""
        if codes != self.codes() or (anew and codes != Codes()):
            body = {"products": list(codes.products), "structures": list(codes.structures)}
            self._write(self.folder / "codes.json", sealed(body))

    def pack_name(self) -> str:
        """The pack whose organisation loads are checked with, as it was last given; empty at first."""
        body = self._read("pack.json")
        return str(body["pack"]) if body else ""

    def keep_pack_name(self, name: str, *, anew: bool = False) -> None:
        """Remember the pack for the next load."""
        if name != self.pack_name() or (anew and name):
            self._write(self.folder / "pack.json", sealed({"pack": name}))

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
        """Write the manifest of a load anew, while its store is brought forward."""
        bare = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        self._write(load.folder / MANIFEST, sealed(manifest) if FILES in manifest else bare)

    def next_id(self, dataset: str) -> str:
        """The number of the next load."""
        loads = self.loads(dataset)
        return f"{int(loads[-1].id) + 1 if loads else 1:0{_DIGITS}d}"

    def commit(self, draft: Path, manifest: dict[str, Any]) -> Load:
        """Seal the load and let it appear at once: what is in it is safe on the disk before."""
        before = self.loads(manifest["dataset"])
        manifest = sealed_manifest(draft, manifest, before[-1].seal if before else "", self.codes())
        put(draft / MANIFEST, sealed(manifest))
        final = self.folder / manifest["dataset"] / manifest["load"]
        settle(draft, final)
        return Load(manifest["load"], final, manifest)

    def _read(self, name: str) -> dict[str, Any] | None:
        """What a sealed file of the ledger says; nothing where there is none."""
        path = self.folder / name
        if not path.is_file():
            return None
        body = _sealed_json(path, is_sealed=self.is_sealed)
        if body is None:
            raise refuse("FA070", Place(str(path)))
        return body

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


def sealed_manifest(folder: Path, manifest: Mapping[str, Any], before: str, codes: Codes) -> dict[str, Any]:
    """The manifest of a load with the digests of its files, of the codes and of what came before it, and its seal."""
    files = sorted(path for path in folder.iterdir() if path.name != MANIFEST and not path.name.startswith("."))
    whole = {name: value for name, value in manifest.items() if name != SEAL}
    with ThreadPoolExecutor(_HASHING) as pool:
        digests = list(pool.map(digest_of, files))
    whole[FILES] = {path.name: digest for path, digest in zip(files, digests, strict=True)}
    whole[BEFORE] = before
    whole[CODES] = codes.marked()
    return whole | {SEAL: seal_of(whole)}


def read_manifest(folder: Path, *, is_sealed: bool = True) -> dict[str, Any]:
    """The manifest of a load. Raises `Refusal` FA018 when it cannot be read, FA070 when it was touched."""
    path = folder / MANIFEST
    try:
        manifest = _known_manifest(str(path), stamp_of(path), is_sealed)
    except (OSError, ValueError) as error:
        raise refuse("FA018", Place(str(path))) from error
    if manifest is None:
        raise refuse("FA070", Place(str(path)))
    return manifest


@lru_cache(maxsize=10_000)
def _known_manifest(path: str, _stamp: Stamp, is_sealed: bool) -> dict[str, Any] | None:  # noqa: FBT001 - a key of the cache
    """A manifest as it was read when its file had this stamp."""
    return _sealed_json(Path(path), is_sealed=is_sealed)


def _sealed_json(path: Path, *, is_sealed: bool) -> dict[str, Any] | None:
    """What a file says; nothing when its seal does not hold. Earlier formats have none. Raises `ValueError`."""
    raw = path.read_bytes()
    body = unsealed(raw)
    if body is None and not is_sealed:
        unproven: dict[str, Any] = json.loads(raw)
        return None if SEAL in unproven else unproven
    return body


def _refuse_broken(loads: Sequence[Load]) -> None:
    for previous, load in pairwise([None, *loads]):
        if load is not None and not follows(previous, load):
            raise refuse("FA072", Place(str(load.folder / MANIFEST)), load=load.id)


def follows(previous: Load | None, load: Load) -> bool:
    """Whether a load names the seal of the one before it, and its own folder."""
    is_placed = (load.manifest.get("load"), load.manifest.get("dataset")) == (load.id, load.folder.parent.name)
    return is_placed and load.manifest.get(BEFORE) == (previous.seal if previous else "")


def _batches(files: Iterable[Path], columns: list[str] | None) -> Iterator[pa.RecordBatch]:
    for file in files:
        try:
            yield from pq.ParquetFile(file).iter_batches(columns=columns)
        except (OSError, pa.ArrowInvalid) as error:
            raise refuse("FA018", Place(str(file))) from error
