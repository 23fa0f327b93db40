"""The store: a folder that keeps runs. What is kept is kept whole or not at all, and never overwritten.

STORE/format                      version of the layout
STORE/runs/<run id>/manifest.json what went in and what came out, by hash
                    pack/         the pack as it was
                    values.parquet, results.parquet
                    facts.json    which loads of the ledger the values were measured from
                    exact.parquet, exact.json    beside a run made before there were exact figures (`exact_kept`)
STORE/assignments/<id>/           the sheets that an act gave to structures (`cycle.assignments`)
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from piramide.cycle.runs.seals import proven_manifest, read_manifest
from piramide.kernel.durable import DRAFT, settle, write_whole
from piramide.kernel.findings import Place, refuse

FORMAT = "3"
EARLIER_FORMATS = ("1", "2")
"""Formats that `upgrade_store` brings forward."""
SHORTEST_PREFIX = 8
LONGEST_ID = 64


@dataclass(frozen=True, slots=True)
class Run:
    """A kept run: its id (64 hexadecimal digits), its folder and its manifest."""

    id: str
    folder: Path
    manifest: dict[str, Any]

    @property
    def pack_folder(self) -> Path:
        """The pack as it was when the run was made."""
        return self.folder / "pack"

    @property
    def values_file(self) -> Path:
        """The values that were scored."""
        return self.folder / "values.parquet"

    @property
    def results_file(self) -> Path:
        """The results that were kept."""
        return self.folder / "results.parquet"


@dataclass(frozen=True, slots=True)
class Store:
    """The store in a folder, made when something is first kept."""

    root: Path

    def keep(self, run_id: str, write: Callable[[Path], None]) -> Path:
        """Keep a run written by `write` into an empty folder; a run that is there already is left as it is."""
        self._open()
        final = self.root / "runs" / run_id
        if final.is_dir():
            return final
        try:
            final.parent.mkdir(exist_ok=True)
            with _drafting(final.parent) as draft:
                write(draft)
                settle(draft, final)
        except OSError as error:
            if not final.is_dir():  # else somebody kept the same run in the meantime
                raise refuse("CY003", Place(str(self.root)), problem=_why(error)) from error
        return final

    def run(self, prefix: str, *, with_pack: bool = True) -> Run:
        """The run whose id starts with `prefix`, of which nothing was touched; of its pack only where it is wanted.

        Raises `Refusal`: CY007 for a manifest that cannot be read, CY071 for a file that is not the one that was kept,
        CY072 for exact figures beside it that are not.
        """
        folder = self.folder(prefix)
        return Run(folder.name, folder, proven_manifest(folder, with_pack=with_pack))

    def found(self, prefix: str) -> Run:
        """The run whose id starts with `prefix` as it lies there, for who looks whether it was touched."""
        folder = self.folder(prefix)
        return Run(folder.name, folder, read_manifest(folder))

    def folder(self, prefix: str) -> Path:
        """The folder of the run whose id starts with `prefix` (8 characters at least); refuses none, and several."""
        self._check_format()
        prefix = prefix.lower()
        if not SHORTEST_PREFIX <= len(prefix) <= LONGEST_ID or not set(prefix) <= set("0123456789abcdef"):
            raise refuse("CY001", Place(str(self.root)), prefix, least=SHORTEST_PREFIX)
        runs = self.root / "runs"
        whole = [runs / prefix] if len(prefix) == LONGEST_ID else runs.glob(f"{prefix}*")
        found = sorted(path for path in whole if path.is_dir())
        if not found:
            raise refuse("CY002", Place(str(self.root)), prefix)
        if len(found) > 1:
            raise refuse("CY004", Place(str(self.root)), prefix, count=len(found))
        return found[0]

    def prepare(self) -> None:
        """Make the store when it is not there; refuse one of another format."""
        self._open()

    def check(self) -> None:
        """Refuse a store of another format; none at all is no fault."""
        if (self.root / "format").exists():
            self._check_format()

    @property
    def format(self) -> str:
        """The format of what is there; that of new stores where nothing is."""
        marker = self.root / "format"
        if not marker.is_file():
            return FORMAT
        found = marker.read_bytes()[:20].decode(errors="replace")
        return found.removesuffix("\n") if found.endswith("\n") else f"{found}…"  # all of the line, or none of it

    def mark(self, form: str) -> None:
        """Write down the format of what is there. Raises `Refusal` (CY003)."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            write_whole(self.root / "format", f"{form}\n")
        except OSError as error:
            raise refuse("CY003", Place(str(self.root)), problem=_why(error)) from error

    def _open(self) -> None:
        if (self.root / "format").exists():
            self._check_format()
        else:
            self.mark(FORMAT)

    def _check_format(self) -> None:
        marker = self.root / "format"
        if not marker.is_file():
            raise refuse("CY005", Place(str(self.root)))
        if self.format in EARLIER_FORMATS:
            raise refuse("CY027", Place(str(marker)), found=self.format, known=FORMAT)
        if self.format != FORMAT:
            raise refuse("CY006", Place(str(marker)), found=self.format, known=FORMAT)


@contextmanager
def _drafting(runs: Path) -> Iterator[Path]:
    """An empty folder to write a run into, removed unless it was moved.

    Whoever drafts holds a shared lock on the folder of runs; whoever can have it alone knows that every draft there
    was left by a process that died, and removes it.
    """
    handle = os.open(runs, os.O_RDONLY)
    try:
        with suppress(OSError):  # somebody is drafting, or the file system knows no locks: leave drafts alone
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for left in runs.glob(f"{DRAFT}*"):
                shutil.rmtree(left, ignore_errors=True)
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_SH)
        draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=runs))
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    finally:
        os.close(handle)


def _why(error: OSError) -> str:
    """What the system says of an error; of a copy, what it says of the first file."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        return str(error.args[0][0][-1]).partition("] ")[2].partition(": ")[0]
    return os.strerror(error.errno) if error.errno else str(error)
