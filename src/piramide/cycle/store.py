"""The store: a folder that keeps runs. What is kept is kept whole or not at all, and never overwritten.

STORE/format                      version of the layout
STORE/runs/<run id>/manifest.json what went in and what came out, by hash
                    pack/         the pack as it was
                    values.parquet, results.parquet
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from piramide.kernel.findings import Place, refuse

FORMAT = "1"
SHORTEST_PREFIX = 8


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
            final.parent.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=final.parent))
        except OSError as error:
            raise refuse("CY003", Place(str(self.root)), problem=error.strerror or str(error)) from error
        try:
            write(draft)
            draft.chmod(0o755)
            draft.replace(final)
        except OSError as error:
            if final.is_dir():  # somebody else kept the same run in the meantime
                return final
            raise refuse("CY003", Place(str(final)), problem=error.strerror or str(error)) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return final

    def run(self, prefix: str) -> Run:
        """The run whose id starts with `prefix` (8 characters at least); refuses none, and more than one."""
        self._check_format()
        if len(prefix) < SHORTEST_PREFIX or not set(prefix) <= set("0123456789abcdef"):
            raise refuse("CY001", Place(str(self.root)), prefix, least=SHORTEST_PREFIX)
        found = sorted(p for p in (self.root / "runs").glob(f"{prefix}*") if p.is_dir())
        if not found:
            raise refuse("CY002", Place(str(self.root)), prefix)
        if len(found) > 1:
            raise refuse("CY004", Place(str(self.root)), prefix, count=len(found))
        return Run(found[0].name, found[0], _manifest(found[0]))

    def _open(self) -> None:
        marker = self.root / "format"
        if marker.exists():
            self._check_format()
            return
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            marker.write_text(f"{FORMAT}\n", encoding="utf-8")
        except OSError as error:
            raise refuse("CY003", Place(str(self.root)), problem=error.strerror or str(error)) from error

    def _check_format(self) -> None:
        marker = self.root / "format"
        if not marker.is_file():
            raise refuse("CY005", Place(str(self.root)))
        if (found := marker.read_text(encoding="utf-8").strip()) != FORMAT:
            raise refuse("CY006", Place(str(marker)), found=found, known=FORMAT)


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise refuse("CY007", Place(str(path)), folder.name) from error
    return manifest
