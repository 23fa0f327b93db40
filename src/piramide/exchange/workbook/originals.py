"""The bytes of every file of the pack, carried in a hidden sheet: what nobody edits comes back as it was."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from piramide.kernel.findings import Place, refuse

SHEET: Final = "_piramide"
FORMAT: Final = 1
CHUNK: Final = 32_000
LARGEST_TOTAL: Final = 400_000_000
"""Bytes that the files of one workbook may hold together."""


@dataclass(frozen=True, slots=True)
class Original:
    """A file of the exported pack: its path, its bytes, and the sheets that show it (none: it is only kept)."""

    path: str
    raw: bytes
    sheets: tuple[str, ...]


def rows_of(originals: Iterable[Original]) -> Iterator[tuple[str, ...]]:
    """Rows of the hidden sheet: path, size, digest, sheets, then the compressed bytes as text, in pieces."""
    yield "piramide", str(FORMAT)
    for item in originals:
        packed = base64.b64encode(zlib.compress(item.raw, 9)).decode("ascii")
        pieces = [packed[at : at + CHUNK] for at in range(0, len(packed), CHUNK)]
        digest = hashlib.sha256(item.raw).hexdigest()
        yield item.path, f"{len(item.raw)} bytes", digest, json.dumps(item.sheets, ensure_ascii=False), *pieces


def originals_of(rows: Sequence[Sequence[str]], file: str) -> tuple[Original, ...]:
    """The files again. Refuses a newer format (WB010) and anything touched in the hidden sheet (WB011)."""
    if not rows or len(rows[0]) < 2 or rows[0][0] != "piramide":
        raise refuse("WB011", Place(file), SHEET)
    if rows[0][1] != str(FORMAT):
        raise refuse("WB010", Place(file), rows[0][1])
    found: dict[str, Original] = {}
    left = LARGEST_TOTAL
    for row in rows[1:]:
        if not any(row):
            continue
        try:
            original = _original(row, left)
        except (ValueError, TypeError, IndexError, zlib.error, binascii.Error) as error:
            raise refuse("WB011", Place(file), row[0]) from error
        if original.path in found:
            raise refuse("WB011", Place(file), original.path)
        found[original.path] = original
        left -= len(original.raw)
    return tuple(found.values())


def _original(row: Sequence[str], most: int) -> Original:
    path, size_text, digest, sheets = row[:4]
    size = int(size_text.removesuffix(" bytes"))
    if not _is_inside(path) or not 0 <= size <= most:
        raise ValueError(path)
    packed = base64.b64decode("".join(row[4:]), validate=True)
    raw = zlib.decompressobj().decompress(packed, size + 1)
    if len(raw) != size or hashlib.sha256(raw).hexdigest() != digest:
        raise ValueError(path)
    return Original(path, raw, tuple(str(name) for name in json.loads(sheets)))


def _is_inside(path: str) -> bool:
    """A relative path without steps upwards, hidden parts or drive letters."""
    parts = PurePosixPath(path).parts
    clean = str(PurePosixPath(path)) == path and not set(path) & {"\\", "\0"} and path[1:2] != ":"
    return clean and bool(parts) and not any(part.startswith((".", "/")) for part in parts)
