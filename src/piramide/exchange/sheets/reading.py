"""From a path to a grid: what the file is, by its content, and every reason why it cannot be read."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Final

from piramide.exchange.sheets.document_reader import read_document
from piramide.exchange.sheets.grid import Grid
from piramide.exchange.sheets.pdf_reader import read_pdf
from piramide.exchange.sheets.text_reader import read_text
from piramide.exchange.sheets.workbook_reader import read_workbook
from piramide.kernel.findings import Place, refuse
from piramide.kernel.packed.unfolding import SHEET, TooMuchError, unfolded
from piramide.kernel.packed.weighing import weigh

LARGEST_BYTES: Final = 50 * 1024 * 1024
"""A sheet is a few pages; what is larger is another file."""

_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")


def read_grid(path: Path) -> Grid:
    """Read a file as a grid.

    Raises `Refusal`: SH001 not readable, SH002 too large, SH003 empty, SH004 a kind of file that is not read,
    SH005 protected by a password, SH006 damaged. SH002 is also of what unfolds to too much.
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
            raise refuse("SH002", place, what="octets", size=size, largest=LARGEST_BYTES)
        return path.read_bytes()
    except OSError as error:
        raise refuse("SH001", place) from error


def _read_zip(raw: bytes, path: Path) -> Grid:
    """Workbooks and documents are packages: unfolded and counted under limits before anything lays them out."""
    place = Place(str(path))
    try:
        package = unfolded(raw, place, SHEET)
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            names = set(archive.namelist())
        weigh(package, place, SHEET)
    except TooMuchError as much:
        raise much.refusal("SH002") from much
    except NotImplementedError as error:
        raise refuse("SH006", place) from error
    except RuntimeError as error:  # a part with a password
        raise refuse("SH005", place) from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, OSError, EOFError, ValueError) as error:
        raise refuse("SH006", place) from error
    if "word/document.xml" in names:
        return read_document(package, str(path))
    if "xl/workbook.bin" not in names and (any(name.startswith("xl/") for name in names) or "content.xml" in names):
        return read_workbook(package, str(path))
    raise refuse("SH004", place)
