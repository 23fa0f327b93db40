"""Files that change only when something is published: made once, kept compressed beside the uploads."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from piramide.kernel.durable import draft_of, take_place
from piramide.reports.table_csv import PIECE

LEVEL: Final = 6
MOST_FILES: Final = 400
"""Of some 100 KB each for a nation; one that is not there any more is made again."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A file under its name and the tag of what is in it; with another tag it is another file, and the old one goes."""

    name: str
    tag: str

    @property
    def folder(self) -> Path:
        """Where such files are."""
        return Path(settings.CONFIGURATION.data) / "open-data"

    @property
    def path(self) -> Path:
        """Where this one is, once it is whole."""
        mark = self.tag.strip('"')
        return self.folder / f"{self.name}.{mark}.gz"

    def keeping(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The same pieces, kept when the last one was read: who stops reading leaves nothing behind.

        A disk that takes nothing is no reason not to answer.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft = draft_of(self.path)
            file = draft.open("xb")
        except OSError:
            yield from pieces
            return
        try:
            with file, gzip.GzipFile(fileobj=file, mode="wb", compresslevel=LEVEL, mtime=0) as packed:
                is_whole = True
                for piece in pieces:
                    if is_whole:
                        try:
                            packed.write(piece)
                        except OSError:
                            is_whole = False
                    yield piece
            if is_whole:
                self._settle(draft)
        finally:
            draft.unlink(missing_ok=True)

    def _settle(self, draft: Path) -> None:
        """Give the whole file its name, and forget the ones before it, and the oldest where there are too many."""
        with suppress(OSError):
            take_place(draft, self.path)
            for old in self.folder.glob(f"{self.name}.*.gz"):
                if old != self.path:
                    old.unlink(missing_ok=True)
            by_age = sorted(self.folder.glob("*.gz"), key=lambda path: path.stat().st_mtime_ns)
            for old in by_age[: max(0, len(by_age) - MOST_FILES)]:
                old.unlink(missing_ok=True)

    def read(self) -> Iterator[bytes]:
        """The kept file, unpacked piece by piece."""
        with gzip.open(self.path, "rb") as file:
            while piece := file.read(PIECE):
                yield piece
