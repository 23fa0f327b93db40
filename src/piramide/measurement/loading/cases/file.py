"""A file of words: sorted numbers in pages of 128, of which a load reads and proves those that it needs.

    cases.npy        the words (`words.py`), sorted; int64, little endian, in the format of NumPy
    cases.marks.npy  for each page its first word and its sum, int64: what a page is held against when it is read

The marks are small and proved in full by the digest in the manifest of their load; pages by the marks. So a load of a
thousand rows reads a few thousand pages, however many cases there are.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from piramide.kernel.durable import whole_file
from piramide.measurement.ledger.keys import Keys
from piramide.measurement.ledger.store import CASE_MARKS, CASES, Load
from piramide.measurement.loading.cases.words import EVENT

PAGE: Final = 128
_WINDOW: Final = 1 << 13
"""Pages that are mapped at a time: 8 MB."""
_PROVED: Final = 1 << 9
"""Pages that are proved at a time: half a megabyte, which stays in the cache of a processor."""
_HEADER: Final = 128
_TYPE: Final = "<i8"
_NONE: Final = np.array([], dtype=np.int64)
_FACTORS: Final = (np.arange(1, PAGE + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1)
_HALF: Final = np.uint64(32)


class TouchedError(Exception):
    """The words of a load are not those that were kept: its number, and the file."""

    def __init__(self, load: str, path: Path) -> None:
        """For the number of a load and the file of its words."""
        super().__init__(load, path)
        self.load, self.path = load, path


def _sums(pages: np.ndarray[Any, np.dtype[np.int64]]) -> Keys:
    """One number for each page (rows of 128 words), which another word anywhere in it would change."""
    sums = np.empty(len(pages), dtype=np.uint64)
    for at in range(0, len(pages), _PROVED):
        words = pages[at : at + _PROVED].view(np.uint64)
        sums[at : at + _PROVED] = ((words ^ (words >> _HALF)) * _FACTORS).sum(axis=1)
    return sums.view(np.int64)


def _paged(words: Keys) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Words in rows of 128; the last one is filled with zeros."""
    pages = -(-len(words) // PAGE)
    if pages * PAGE != len(words):
        words = np.concatenate([words, np.zeros(pages * PAGE - len(words), dtype=np.int64)])
    return words.reshape(pages, PAGE)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The words in a folder: those of the load of this number and of the ones before it that it stands for.

    The load is empty where entries were read again and no load keeps their words yet.
    """

    folder: Path
    load: str
    first: Keys
    sums: Keys
    count: int

    @classmethod
    def of(cls, load: Load) -> CaseFile | None:
        """The words kept with a load; nothing where they are not there, or their marks not those that were kept."""
        if not load.holds(CASE_MARKS) or not (load.folder / CASES).is_file():
            return None
        found = cls.read(load.folder, load.id)
        return found if -(-found.count // PAGE) == len(found.first) else None

    @classmethod
    def read(cls, folder: Path, load: str) -> CaseFile:
        """The words in a folder, whose marks are proved."""
        marks = np.load(folder / CASE_MARKS, allow_pickle=False)
        count = ((folder / CASES).stat().st_size - _HEADER) // np.dtype(_TYPE).itemsize
        return cls(folder, load, marks[:, 0].copy(), marks[:, 1].copy(), count)

    def about(self, cases: Keys) -> Iterator[Keys]:
        """What is said of some cases (sorted, each once), piece by piece. Raises `TouchedError`."""
        if not len(cases) or not self.count:
            return
        low = np.maximum(np.searchsorted(self.first, cases, "left") - 1, 0)
        high = np.maximum(np.searchsorted(self.first, cases | EVENT, "right") - 1, low)
        between = [np.arange(low[at] + 1, high[at]) for at in np.flatnonzero(high > low + 1)]
        for words in self._proven(np.unique(np.concatenate([low, high, *between]))):
            ends = np.searchsorted(cases, words[0] & ~EVENT), np.searchsorted(cases, words[-1], "right")
            yield _said_of(cases[ends[0] : ends[1]], words)

    def between(self, least: int, most: int) -> Keys:
        """The words from one number to another. Raises `TouchedError`."""
        start = max(int(np.searchsorted(self.first, least, "left")) - 1, 0)
        stop = int(np.searchsorted(self.first, most, "right"))
        words = np.concatenate([_NONE, *self._proven(np.arange(start, stop))])
        return words[np.searchsorted(words, least, "left") : np.searchsorted(words, most, "right")]

    def cuts(self) -> list[int]:
        """Keys that cut the file into pieces of some megabytes."""
        return [int(word & ~EVENT) for word in self.first[_WINDOW::_WINDOW]]

    def _proven(self, pages: Keys) -> Iterator[Keys]:
        """The words of some pages (sorted), a few hundred pages at a time, which are those that were kept."""
        for window in np.unique(pages // _WINDOW):
            ends = np.searchsorted(pages, [window * _WINDOW, (window + 1) * _WINDOW])
            here = pages[ends[0] : ends[1]]
            mapped = self._mapped(int(here[0]), int(here[-1]) + 1)
            for at in range(0, len(here), _PROVED):
                some = here[at : at + _PROVED]
                yield self._held_against(some, mapped, some - here[0])

    def _mapped(self, start: int, stop: int) -> Keys:
        path, least, most = self.folder / CASES, start * PAGE, min(stop * PAGE, self.count)
        try:
            return np.memmap(path, _TYPE, "r", _HEADER + least * np.dtype(_TYPE).itemsize, shape=(most - least,))
        except (OSError, ValueError) as error:
            raise TouchedError(self.load, path) from error

    def _held_against(self, pages: Keys, mapped: Keys, places: Keys) -> Keys:
        """Words of pages at some places of what is mapped, once their marks agree."""
        whole = len(mapped) // PAGE
        rows = mapped[: whole * PAGE].reshape(whole, PAGE)[places[places < whole]]
        if places[-1] >= whole:
            rows = np.concatenate([rows, _paged(mapped[whole * PAGE :])])
        if not (np.array_equal(_sums(rows), self.sums[pages]) and np.array_equal(rows[:, 0], self.first[pages])):
            raise TouchedError(self.load, self.folder / CASES)
        words: Keys = rows.ravel()
        return words[: len(words) - max((int(pages[-1]) + 1) * PAGE - self.count, 0)]


def _said_of(cases: Keys, words: Keys) -> Keys:
    """The words, among sorted ones, of some cases."""
    low = np.searchsorted(words, cases, "left")
    size = np.searchsorted(words, cases | EVENT, "right") - low
    rows = np.repeat(low - (np.cumsum(size) - size), size) + np.arange(size.sum())
    said: Keys = words[rows]
    return said


@dataclass(slots=True)
class CaseFileWriter:
    """Writes words, which come in order, and their marks."""

    file: IO[bytes]
    _waiting: list[Keys] = field(default_factory=list)
    _held: int = 0
    _count: int = 0
    _first: list[Keys] = field(default_factory=list)
    _sums: list[Keys] = field(default_factory=list)

    def write(self, words: Keys) -> None:
        """Append words."""
        self._waiting.append(words)
        self._held += len(words)
        if self._held >= _WINDOW * PAGE:
            self._put(is_last=False)

    def _put(self, *, is_last: bool) -> None:
        words = np.concatenate([*self._waiting, _NONE])
        whole = len(words) if is_last else len(words) // PAGE * PAGE
        pages = _paged(words[:whole])
        self._first.append(pages[:, 0].copy())
        self._sums.append(_sums(pages))
        self.file.write(words[:whole].astype(_TYPE).tobytes())
        self._count += whole
        self._waiting, self._held = [words[whole:]], len(words) - whole

    def finish(self) -> Any:  # noqa: ANN401 - an array of two columns
        """Write what is left, and how many there are; the marks."""
        self._put(is_last=True)
        self.file.seek(0)
        _write_header(self.file, self._count)
        return np.stack([np.concatenate(self._first), np.concatenate(self._sums)], axis=1)


def _write_header(file: IO[bytes], count: int) -> None:
    np.lib.format.write_array_header_1_0(file, {"descr": _TYPE, "fortran_order": False, "shape": (count,)})


@contextlib.contextmanager
def writing_cases(folder: Path) -> Iterator[CaseFileWriter]:
    """Both files in a folder, whole when the block ends."""
    with whole_file(folder / CASES) as draft, draft.open("wb") as file:
        _write_header(file, 0)
        writer = CaseFileWriter(file)
        yield writer
        marks = writer.finish()
    with whole_file(folder / CASE_MARKS) as draft, draft.open("wb") as file:
        np.lib.format.write_array(file, marks, allow_pickle=False)
