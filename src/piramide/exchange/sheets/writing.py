"""The pack folder of an import: whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from piramide.exchange.sheets.imported import SheetImport
from piramide.exchange.sheets.lookups import Lookups, known_lookups
from piramide.exchange.sheets.pack_files import pack_files
from piramide.kernel.durable import put, whole_folder
from piramide.kernel.findings import Place, refuse


def write_pack(read: SheetImport, out_dir: Path, lookups: Lookups | None = None) -> tuple[Path, ...]:
    """Write the pack of an import into `out_dir`, which must be new or empty; return the files written.

    Everything is written beside it first and moved there at the end. Raises `Refusal`: SH008 when there is
    something in the folder already, SH045 when it cannot be written, SH046 when there is no sheet to write.
    """
    place = Place(str(out_dir))
    if not read.structures:
        raise refuse("SH046", place)
    if out_dir.is_file() or (out_dir.is_dir() and any(out_dir.iterdir())):
        raise refuse("SH008", place)
    files = pack_files(read, lookups or known_lookups())
    try:
        return _write(files, out_dir)
    except OSError as error:
        raise refuse("SH045", place, problem=error.strerror or "") from error


def _write(files: Mapping[str, str], out_dir: Path) -> tuple[Path, ...]:
    with whole_folder(out_dir) as draft:
        for name, text in files.items():
            put(draft / name, text)
    return tuple(out_dir / name for name in files)
