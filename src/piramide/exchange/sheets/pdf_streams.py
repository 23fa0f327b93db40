"""What the packed streams of a PDF unfold to, known before a library unfolds them whole."""

from __future__ import annotations

import re
import struct
import zlib
from typing import Final

from pdfminer.ascii85 import ascii85decode, asciihexdecode

from piramide.kernel.findings import Place
from piramide.kernel.packed.unfolding import TooMuchError

LARGEST: Final = 300_000_000
"""Bytes of all streams together; pictures count, though nobody unfolds them."""

_STREAM: Final = re.compile(rb"(?<!end)stream[^\r\n]*(?:\r\n|\r|\n)")
_END: Final = b"endstream"
_PIECE: Final = 1 << 20
_FED: Final = 1 << 16
"""Bytes that are given to be unfolded at a time: what is left of them is copied at every piece."""
_DEEPEST: Final = 4
"""A stream may be packed twice and more, or packed and then spelt in letters: what comes out is looked at again."""
_SPELT: Final = ((b"~", ascii85decode), (b">", asciihexdecode))
"""How packed bytes are spelt in letters, and what ends them."""
_CLEAR, _NO_MORE, _FIRST = 256, 257, 258
"""Codes of LZW: forget what was learnt, the end, the first that is learnt."""
_WIDER: Final = {511: 10, 1023: 11, 2047: 12}
"""Bits of a code from so many known ones on."""
_LAST_RUN: Final = 128
"""The length that ends a stream of run lengths: shorter ones copy, longer ones repeat."""
_OPENING: Final = re.compile(rb"\s*<?\s*~\s*")


def weigh_streams(raw: bytes, place: Place) -> None:
    """Unfold every stream of a PDF piece by piece, keeping nothing. Raises `TooMuchError` beyond `LARGEST`.

    What zlib and LZW pack tells itself where it ends: neither a stated length nor the word that closes it is believed.
    """
    left = LARGEST
    for match in _STREAM.finditer(raw):
        left -= _size(raw, match.end(), left, _DEEPEST)
        if left < 0:
            raise TooMuchError(place, "octets", LARGEST - left, LARGEST)


def _size(raw: bytes, start: int, left: int, deepest: int) -> int:
    """Bytes that a stream unfolds to, stopping soon after `left`; few for one that is not packed."""
    head = raw[start : start + 2]
    if _is_lzw(head):
        return _lzw_size(raw, start, left)
    if not _is_packed(head):
        spelt = _spelt(raw, start) if deepest else b""
        return _size(spelt, 0, left, deepest - 1) if spelt else _runs_size(raw, start, left)
    size, first, unfolding = 0, bytearray(), zlib.decompressobj()
    try:
        for at in range(start, len(raw), _FED):
            waiting = raw[at : at + _FED]
            while waiting and not unfolding.eof and size <= left:
                piece = unfolding.decompress(waiting, _PIECE)
                waiting = unfolding.unconsumed_tail
                size += len(piece)
                first += piece if len(first) < _PIECE else b""
            if unfolding.eof or size > left:
                break
    except zlib.error:
        return size
    return size + _size(bytes(first), 0, left - size, deepest - 1) if size <= left and deepest else size


def _is_packed(head: bytes) -> bool:
    """Whether bytes begin as those that zlib packs do."""
    return len(head) > 1 and head[0] & 15 == zlib.DEFLATED and int.from_bytes(head[:2]) % 31 == 0


def _is_lzw(head: bytes) -> bool:
    """Whether bytes may begin as those that LZW packs do: with the code that forgets, or that of the end."""
    return head[:1] == b"\x80"


def _lzw_size(raw: bytes, start: int, left: int) -> int:
    """Bytes that LZW unfolds to, stopping soon after `left` or at the first code that nobody knows yet.

    Only lengths are kept: a code that is learnt is one longer than the one before it.
    """
    lengths: list[int] = []
    size = before = bits = held = 0
    width = 9
    for at in range(start, len(raw)):
        bits, held = bits << 8 | raw[at], held + 8
        if held < width:
            continue
        held -= width
        code, bits = bits >> held, bits & ((1 << held) - 1)
        if code == _CLEAR:
            lengths, before, width = [1] * _FIRST, 0, 9
        elif code != _NO_MORE:
            if code > len(lengths) - (not before):
                break
            if before:
                lengths.append(before + 1)
                width = _WIDER.get(len(lengths), width)
            before = lengths[code]
            size += before
            if size > left:
                break
    return size


def _runs_size(raw: bytes, start: int, left: int) -> int:
    """Bytes that run lengths repeat up to the word that closes the stream, stopping soon after `left`.

    What copies is not counted: text that is not packed repeats nothing, and other bytes soon say that they end.
    """
    end = raw.find(_END, start)
    size, at, stop = 0, start, end if end >= 0 else len(raw)
    while at < stop and size <= left and (length := raw[at]) != _LAST_RUN:
        size += 0 if length < _LAST_RUN else 257 - length
        at += length + 2 if length < _LAST_RUN else 2
    return size


def _spelt(raw: bytes, start: int) -> bytes:
    """The packed bytes that a stream spells in letters; nothing of one that spells none."""
    if opening := _OPENING.match(raw, start):
        start = opening.end()
    for end, read in _SPELT:
        try:
            head = read(raw[start : start + 100].partition(end)[0] + end)
            if _is_packed(head) or _is_lzw(head):
                stop = raw.find(end, start)
                return bytes(read(raw[start : stop if stop >= 0 else len(raw)]))
        except (struct.error, OverflowError, ValueError):
            continue
    return b""
