"""What the packed streams of a PDF unfold to, known before a library unfolds them whole."""

from __future__ import annotations

import re
import zlib
from typing import Final

from piramide.kernel.findings import Place
from piramide.methodology.unfolding import TooMuchError

LARGEST: Final = 300_000_000
"""Bytes of all streams together; pictures count, though nobody unfolds them."""

_STREAM: Final = re.compile(rb"stream\r?\n")
_END: Final = b"endstream"
_PIECE: Final = 1 << 20
_DEEPEST: Final = 4
"""A stream may be packed twice and more: what comes out is looked at again."""


def weigh_streams(raw: bytes, place: Place) -> None:
    """Unfold every stream of a PDF piece by piece, keeping nothing. Raises `TooMuchError` beyond `LARGEST`."""
    left = LARGEST
    for match in _STREAM.finditer(raw):
        end = raw.find(_END, match.end())
        left -= _size(raw[match.end() : end if end >= 0 else len(raw)], left, _DEEPEST)
        if left < 0:
            raise TooMuchError(place, "octets", LARGEST - left, LARGEST)


def _size(data: bytes, left: int, deepest: int) -> int:
    """Bytes that a stream unfolds to, stopping soon after `left`; none for one that is packed in another way."""
    unfolding = zlib.decompressobj()
    size, waiting, again = 0, data, b""
    try:
        while waiting and not unfolding.eof and size <= left:
            piece = unfolding.decompress(waiting, _PIECE)
            waiting = unfolding.unconsumed_tail
            size += len(piece)
            again += piece if len(again) < _PIECE else b""
            if not piece and not waiting:
                break
    except zlib.error:
        return size
    if size <= left and deepest and again[:1] == b"\x78":
        size += _size(again, left - size, deepest - 1)
    return size
