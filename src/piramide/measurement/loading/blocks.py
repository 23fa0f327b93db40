"""A CSV stream cut into blocks of whole lines, with bounded memory; its encoding and header are judged here."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from typing import Any, Final

import numpy as np

from piramide.kernel.findings import Place, Refusal, refuse
from piramide.kernel.tidying import tidy

BLOCK_BYTES: Final = 8 << 20
_READ_BYTES: Final = 1 << 18
LONGEST_LINE: Final = 1 << 20
_BOM: Final = b"\xef\xbb\xbf"
_OTHER_UNICODE: Final = (b"\xff\xfe", b"\xfe\xff")

_LINE_END: Final = ord("\n")
_ASCII_END: Final = 128

Octets = np.ndarray[Any, np.dtype[np.uint8]]
Read = Callable[[int], bytes]
"""Read about so many bytes; nothing at the end."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Whole lines of a file: the first one's number (from 1), their bytes, in UTF-8, and their count.

    `done` is called when the bytes are no longer needed: a later block is read into the same memory.
    """

    first_line: int
    data: bytes | memoryview
    lines: int
    done: Callable[[], None] = lambda: None

    @property
    def octets(self) -> Octets:
        """The bytes as numbers."""
        return np.frombuffer(self.data, dtype=np.uint8)

    def count(self, octet: int) -> int:
        """How often a byte occurs."""
        return count(self.octets, octet)


def count(octets: Octets, octet: int) -> int:
    """How often a byte occurs, piece by piece and without holding the interpreter."""
    pieces = (octets[at : at + _READ_BYTES] for at in range(0, len(octets), _READ_BYTES))
    return sum(int(np.count_nonzero(piece == octet)) for piece in pieces)


def text_blocks(read: Read, file: str, header_line: int = 1) -> Iterator[TextBlock]:
    """Cut a stream at line ends. The first block is the header line alone; `header_line` is its number in the file.

    Raises `Refusal`: FA005 for bytes that are no UTF-8, FA006 for an empty file, FA007 for a line over 1 MB.
    """
    rest = read(BLOCK_BYTES)
    if rest.startswith(_OTHER_UNICODE):
        raise refuse("FA005", Place(file, 1), found="UTF-16")
    rest = rest.removeprefix(_BOM)
    if not rest.strip():
        raise refuse("FA006", Place(file))
    end = rest.find(b"\n") + 1
    while not end and len(rest) <= LONGEST_LINE and (more := read(BLOCK_BYTES)):
        rest += more
        end = rest.find(b"\n") + 1
    if not end and len(rest) > LONGEST_LINE:
        raise refuse("FA007", Place(file, 1), most=LONGEST_LINE)
    header, rest = rest[: end or len(rest)], rest[end or len(rest) :]
    first = TextBlock(header_line, header, 1)
    has_accents = _check_encoding(first, file, has_accents=False)
    yield first
    for block in _whole_lines(read, rest, file, header_line + 1):
        has_accents |= _check_encoding(block, file, has_accents=has_accents)
        yield block


def _whole_lines(read: Read, rest: bytes, file: str, line: int) -> Iterator[TextBlock]:
    """The stream after the header, cut at the last line end of what fits in a block each time."""
    free: SimpleQueue[bytearray] = SimpleQueue()
    is_over = False
    while not is_over:
        buffer = bytearray(BLOCK_BYTES + _READ_BYTES) if free.empty() else free.get()
        buffer, size = _filled(buffer, rest, read)
        is_over = size < BLOCK_BYTES
        end = buffer.rfind(b"\n", 0, size) + 1
        if not end and size > LONGEST_LINE:
            raise refuse("FA007", Place(file, line), most=LONGEST_LINE)
        rest = bytes(memoryview(buffer)[end:size])
        if end:
            data = memoryview(buffer)[:end]
            lines = count(np.frombuffer(data, dtype=np.uint8), _LINE_END)
            yield TextBlock(line, data, lines, partial(free.put, buffer))
            line += lines
    if len(rest) > LONGEST_LINE:
        raise refuse("FA007", Place(file, line), most=LONGEST_LINE)
    if rest:
        yield TextBlock(line, rest, 1)


def _filled(buffer: bytearray, rest: bytes, read: Read) -> tuple[bytearray, int]:
    """A buffer with `rest` and what comes after it, and how many bytes that is: less than a block at the end alone."""
    size = len(rest)
    buffer[:size] = rest
    while size < BLOCK_BYTES and (more := read(_READ_BYTES)):
        if size + len(more) > len(buffer):
            buffer = buffer[:size] + more
        else:
            buffer[size : size + len(more)] = more
        size += len(more)
    return buffer, size


def _check_encoding(block: TextBlock, file: str, *, has_accents: bool) -> bool:
    """Whether the block holds anything but ASCII; refuses what is not UTF-8, and zero bytes."""
    octets, first_line = block.octets, block.first_line
    if not octets.all():
        line = first_line + count(octets[: int(np.argmin(octets))], _LINE_END)
        raise refuse("FA019", Place(file, line))
    if octets.max() < _ASCII_END:
        return False
    data = bytes(block.data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = first_line + data.count(b"\n", 0, error.start)
        before = has_accents or not data[: error.start].isascii()
        raise _wrong_encoding(file, line, is_mixed=before) from error
    return True


def _wrong_encoding(file: str, line: int, *, is_mixed: bool) -> Refusal:
    """A file in another encoding, or one put together from files in two."""
    return refuse("FA016" if is_mixed else "FA005", Place(file, line), found="Windows-1252")


def header_names(block: TextBlock, file: str) -> tuple[str, ...]:
    """Names of the header line; refuses a separator that is not a comma (FA009)."""
    text = bytes(block.data).decode("utf-8").rstrip("\r\n")
    names = tuple(tidy(name) for name in next(csv.reader([text]), []))
    for separator, label in ((";", ";"), ("\t", "TAB"), ("|", "|")):
        if separator in text and len(names) == 1:
            raise refuse("FA009", Place(file, block.first_line), found=label)
    return names
