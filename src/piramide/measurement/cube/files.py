"""Files of the cube: `STORE/cube/<key>/<load>.parquet`, one for each load of a dataset, written once.

The key names what decides the sums: the query of the fold and the conditions that make lines. The credit rule, the
windows and the formulas of measures are applied afterwards, so changing them folds nothing again.

A file ends with the digest of all that stands before it. One that does not is as if it were not there: it is folded
again, and never read.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from piramide.kernel.durable import write_whole
from piramide.kernel.findings import Place, refuse
from piramide.kernel.sealing import Stamp, stamp_of

_MEMBERSHIP: Final = b"membership"
_NAMES: Final = b"lines"
_SIGN: Final = b"piramide cube 1\n"
_MARK_BYTES: Final = hashlib.sha256().digest_size + len(_SIGN)


@dataclass(frozen=True, slots=True)
class CubeFile:
    """What one load adds up to, and the names of the lines that its column `line` counts."""

    load: str
    table: pa.Table
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CubeFolder:
    """The files of one dataset under one plan."""

    folder: Path

    @classmethod
    def of(cls, store: Path, dataset: str, *decisive: str) -> CubeFolder:
        """The folder for everything that decides the sums."""
        digest = hashlib.sha256("\0".join((dataset, *decisive)).encode()).hexdigest()
        return cls(store / "cube" / f"{dataset}-{digest[:16]}")

    def holds(self, load: str, membership: str) -> bool:
        """Whether the load is there, folded with products in these lines."""
        kept = self.membership(load)
        return kept is not None and is_within(kept, membership)

    def membership(self, load: str) -> str | None:
        """Products and lines that a load was folded with; nothing when its file is not there or was touched."""
        path = self._path(load)
        try:
            return _membership(str(path), stamp_of(path)) if path.is_file() else None
        except OSError:
            return None

    def damaged(self, load: str) -> Path | None:
        """The file of a load that is there and is not as it was written."""
        path = self._path(load)
        return path if path.is_file() and self.membership(load) is None else None

    def write(self, load: str, table: pa.Table, lines: tuple[str, ...], membership: str) -> None:
        """Keep what a load adds up to; whole or not at all."""
        noted = table.replace_schema_metadata({_MEMBERSHIP: membership, _NAMES: json.dumps(lines)})
        path = self._path(load)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            sink = pa.BufferOutputStream()
            pq.write_table(noted, sink, compression="lz4", use_dictionary=False)  # read in half the time
            raw = sink.getvalue().to_pybytes()
            write_whole(path, raw + _mark(raw))
        except OSError as error:
            raise refuse("ME011", Place(str(self.folder)), problem=error.strerror or str(error)) from error

    def read(self, load: str) -> CubeFile:
        """What a load adds up to. Raises `Refusal` (ME012) when the file cannot be read."""
        path = self._path(load)
        try:
            raw = _whole(path)
        except OSError as error:
            raise refuse("ME012", Place(str(path))) from error
        if raw is None:
            raise refuse("ME012", Place(str(path)))
        table = pq.ParquetFile(pa.BufferReader(raw)).read(use_threads=False)
        return CubeFile(load, table, tuple(json.loads(table.schema.metadata[_NAMES])))

    def _path(self, load: str) -> Path:
        return self.folder / f"{load}.parquet"


def _mark(raw: bytes) -> bytes:
    """What a file ends with: the digest of all that stands before, and how such a file is known."""
    return hashlib.sha256(raw).digest() + _SIGN


def _whole(path: Path) -> bytes | None:
    """The Parquet in a file that is as it was written; nothing otherwise."""
    raw = path.read_bytes()
    body, mark = raw[:-_MARK_BYTES], raw[-_MARK_BYTES:]
    return body if mark == _mark(body) else None


@lru_cache(maxsize=100_000)
def _membership(path: str, _stamp: Stamp) -> str | None:
    """Products and lines of a file as it was when it had this stamp; nothing for one that was touched."""
    raw = _whole(Path(path))
    if raw is None:
        return None
    metadata = pq.read_schema(pa.BufferReader(raw)).metadata or {}
    return str(metadata.get(_MEMBERSHIP, b"[]").decode())


def is_within(kept: str, current: str) -> bool:
    """Whether every product that a load was folded with is still in the same lines; new products change nothing."""
    if kept == current:
        return True
    known = json.loads(kept)
    products = {row[0] for row in known}
    return bool(known == [row for row in json.loads(current) if row[0] in products])
