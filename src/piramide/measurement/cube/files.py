"""Files of the cube: `STORE/cube/<key>/<load>.parquet`, one for each load of a dataset, written once.

The key names what decides the sums: the query of the fold and the conditions that make lines. The credit rule, the
windows and the formulas of measures are applied afterwards, so changing them folds nothing again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from piramide.kernel.durable import whole_file
from piramide.kernel.findings import Place, refuse

_MEMBERSHIP: Final = b"membership"
_NAMES: Final = b"lines"


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
        """Products and lines that a load was folded with; nothing when its file is not there or cannot be read."""
        path = self._path(load)
        try:
            metadata = pq.read_schema(path).metadata if path.is_file() else None
        except (OSError, pa.ArrowInvalid):
            return None
        return None if metadata is None else metadata.get(_MEMBERSHIP, b"[]").decode()

    def write(self, load: str, table: pa.Table, lines: tuple[str, ...], membership: str) -> None:
        """Keep what a load adds up to; whole or not at all."""
        noted = table.replace_schema_metadata({_MEMBERSHIP: membership, _NAMES: json.dumps(lines)})
        path = self._path(load)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(path) as draft:
                pq.write_table(noted, draft, compression="lz4", use_dictionary=False)  # read in half the time
        except OSError as error:
            raise refuse("ME011", Place(str(self.folder)), problem=error.strerror or str(error)) from error

    def read(self, load: str) -> CubeFile:
        """What a load adds up to. Raises `Refusal` (ME012) when the file cannot be read."""
        path = self._path(load)
        try:
            table = pq.ParquetFile(path).read(use_threads=False)
        except (OSError, pa.ArrowInvalid) as error:
            raise refuse("ME012", Place(str(path))) from error
        return CubeFile(load, table, tuple(json.loads(table.schema.metadata[_NAMES])))

    def _path(self, load: str) -> Path:
        return self.folder / f"{load}.parquet"


def is_within(kept: str, current: str) -> bool:
    """Whether every product that a load was folded with is still in the same lines; new products change nothing."""
    if kept == current:
        return True
    known = json.loads(kept)
    products = {row[0] for row in known}
    return bool(known == [row for row in json.loads(current) if row[0] in products])
