"""What the packed streams of a PDF unfold to, known before a library unfolds them whole."""

from __future__ import annotations

import re
import struct
import zlib
from typing import Final

from pdfminer.ascii85 import ascii85decode, asciihexdecode

from piramide.kernel.findings import Place
from piramide.methodology.unfolding import TooMuchError

LARGEST: Final = 300_000_000
"""Bytes of all streams together; pictures count, though nobody unfolds them."""

_STREAM: Final = re.compile(rb"(?<!end)stream[^\r\n]*(?:\r\n|\r|\n)")
_PIECE: Final = 1 << 20
_FED: Final = 1 << 16
"""Bytes that are given to be unfolded at a time: what is left of them is copied at every piece."""
_DEEPEST: Final = 4
"""A stream may be packed twice and more, or packed and then spelt in letters: what comes out is looked at again."""
_SPELT: Final = ((b"~", ascii85decode), (b">", asciihexdecode))
"""How packed bytes are spelt in letters, and what ends them."""
_OPENING: Final = re.compile(rb"\s*<?\s*~\s*")


def weigh_streams(raw: bytes, place: Place) -> None:
    """Unfold every stream of a PDF piece by piece, keeping nothing. Raises `TooMuchError` beyond `LARGEST`.

    A packed stream tells itself where it ends: neither its stated length nor the word that closes it is believed.
    """
    left = LARGEST
    for match in _STREAM.finditer(raw):
        left -= _size(raw, match.end(), left, _DEEPEST)
        if left < 0:
            raise TooMuchError(place, "octets", LARGEST - left, LARGEST)


def _size(raw: bytes, start: int, left: int, deepest: int) -> int:
    """Bytes that a stream unfolds to, stopping soon after `left`; none for one that is packed in another way."""
    if not _is_packed(raw[start : start + 2]):
        spelt = _spelt(raw, start) if deepest else b""
        return _size(spelt, 0, left, deepest - 1) if spelt else 0
    size, head, unfolding = 0, bytearray(), zlib.decompressobj()
    try:
        for at in range(start, len(raw), _FED):
            waiting = raw[at : at + _FED]
            while waiting and not unfolding.eof and size <= left:
                piece = unfolding.decompress(waiting, _PIECE)
                waiting = unfolding.unconsumed_tail
                size += len(piece)
                head += piece if len(head) < _PIECE else b""
            if unfolding.eof or size > left:
                break
    except zlib.error:
        return size
    return size + _size(bytes(head), 0, left - size, deepest - 1) if size <= left and deepest else size


def _is_packed(head: bytes) -> bool:
    """Whether bytes begin as those that zlib packs do."""
    return len(head) > 1 and head[0] & 15 == zlib.DEFLATED and int.from_bytes(head[:2]) % 31 == 0


def _spelt(raw: bytes, start: int) -> bytes:
    """The packed bytes that a stream spells in letters; nothing of one that spells none."""
    if opening := _OPENING.match(raw, start):
        start = opening.end()
    for end, read in _SPELT:
        try:
            if _is_packed(read(raw[start : start + 100].partition(end)[0] + end)):
                stop = raw.find(end, start)
                return bytes(read(raw[start : stop if stop >= 0 else len(raw)]))
        except (struct.error, OverflowError, ValueError):
            continue
    return b""
