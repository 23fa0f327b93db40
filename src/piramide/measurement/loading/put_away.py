"""Arrays that wait in a file without a name, gone with whoever wrote it: memory stays small however many come."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
HELD_BYTES: Final = 24 << 20
"""What waits in memory before it is put into the file."""


@dataclass(slots=True)
class Kept:
    """An array that is read in pieces: in memory, or somewhere in the file."""

    array: Array | None
    kind: np.dtype[Any]
    count: int
    _handle: int = -1
    _at: int = 0

    def __getitem__(self, rows: slice) -> Array:
        """Some rows one after the other."""
        if self.array is not None:
            return self.array[rows]
        low, high, _ = rows.indices(self.count)
        size = self.kind.itemsize
        raw = os.pread(self._handle, (high - low) * size, self._at + low * size)
        return np.frombuffer(raw, dtype=self.kind)

    def move(self, file: IO[bytes]) -> None:
        """Write the array at the end of a file and let go of it. Raises `OSError` when the disk is full."""
        if self.array is not None:
            self._handle, self._at = file.fileno(), file.seek(0, os.SEEK_END)
            file.write(self.array.tobytes())
            file.flush()
            self.array = None


@dataclass(slots=True)
class PutAway:
    """Arrays by the batch, in memory as long as they are few, then in a file of a folder."""

    folder: Path
    batches: list[tuple[Kept, ...]] = field(default_factory=list)
    _held: int = 0
    _file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        """The arrays."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the file."""
        if self._file:
            with suppress(OSError):
                self._file.close()

    def add(self, arrays: Iterable[Array]) -> None:
        """Take a batch. Raises `OSError` when the disk is full."""
        batch = tuple(Kept(array, array.dtype, len(array)) for array in arrays)
        self.batches.append(batch)
        self._held += sum(kept.kind.itemsize * kept.count for kept in batch)
        if self._held > HELD_BYTES:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self.folder)  # noqa: SIM115 - held until the end of the block
            for waiting in self.batches:
                for kept in waiting:
                    kept.move(self._file)
            self._held = 0
