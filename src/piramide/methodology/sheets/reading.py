"""From a path to a grid: what the file is, by its content, and every reason why it cannot be read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Final

from piramide.kernel.findings import Place, refuse
from piramide.methodology.sheets.document_reader import read_document
from piramide.methodology.sheets.grid import Grid
from piramide.methodology.sheets.pdf_reader import read_pdf
from piramide.methodology.sheets.text_reader import read_text
from piramide.methodology.sheets.workbook_reader import read_workbook

LARGEST_BYTES: Final = 50 * 1024 * 1024
"""A sheet is a few pages; what is larger is another file."""

_LARGEST_UNPACKED: Final = 400 * 1024 * 1024
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")


def read_grid(path: Path) -> Grid:
    """Read a file as a grid.

    Raises `Refusal`: SH001 not readable, SH002 too large, SH003 empty, SH004 a kind of file that is not read,
    SH005 protected by a password, SH006 damaged.
    """
    raw = _bytes(path)
    place = Place(str(path))
    if not raw.strip():
        raise refuse("SH003", place)
    if raw.startswith(b"%PDF-") or b"%PDF-" in raw[:1024]:
        return read_pdf(raw, str(path))
    if raw.startswith(b"PK\x03\x04"):
        return _read_zip(raw, path)
    if raw.startswith(_OLE):
        return read_workbook(raw, str(path))
    if b"\x00" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refuse("SH004", place)
    return read_text(raw, str(path))


def _bytes(path: Path) -> bytes:
    place = Place(str(path))
    try:
        if not path.is_file():
            raise refuse("SH001", place)
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise refuse("SH002", place, size=size // (1024 * 1024), largest=LARGEST_BYTES // (1024 * 1024))
        return path.read_bytes()
    except OSError as error:
        raise refuse("SH001", place) from error


def _read_zip(raw: bytes, path: Path) -> Grid:
    """Workbooks and documents are archives; what they hold says which, and how large they are unpacked."""
    place = Place(str(path))
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            names = set(archive.namelist())
            unpacked = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise refuse("SH006", place) from error
    if unpacked > _LARGEST_UNPACKED:
        raise refuse("SH002", place, size=unpacked // (1024 * 1024), largest=_LARGEST_UNPACKED // (1024 * 1024))
    if "word/document.xml" in names:
        return read_document(raw, str(path))
    if any(name.startswith("xl/") for name in names) or "content.xml" in names:
        return read_workbook(raw, str(path))
    raise refuse("SH004", place)
