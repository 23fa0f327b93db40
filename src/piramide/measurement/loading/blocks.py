"""A CSV stream cut into blocks of whole lines, with bounded memory; its encoding and header are judged here."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from piramide.kernel.findings import Place, Refusal, refuse

BLOCK_BYTES: Final = 8 << 20
LONGEST_LINE: Final = 1 << 20
_BOM: Final = b"\xef\xbb\xbf"
_OTHER_UNICODE: Final = (b"\xff\xfe", b"\xfe\xff")

Read = Callable[[int], bytes]
"""Read at most so many bytes; nothing at the end."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Whole lines of a file: the first one's number (from 1), their bytes, in UTF-8, and their count."""

    first_line: int
    data: bytes
    lines: int


def text_blocks(read: Read, file: str) -> Iterator[TextBlock]:
    """Cut a stream at line ends. The first block is the header line alone.

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
    has_accents = _check_encoding(header, file, 1, has_accents=False)
    yield TextBlock(1, header, 1)
    for block in _whole_lines(read, rest, file):
        has_accents |= _check_encoding(block.data, file, block.first_line, has_accents=has_accents)
        yield block


def _whole_lines(read: Read, more: bytes, file: str) -> Iterator[TextBlock]:
    """The stream after the header, cut at the last line end of what was read each time."""
    line, rest = 2, b""
    while True:
        end = more.rfind(b"\n") + 1
        if end:
            data, rest = rest + more[:end], more[end:]
            lines = data.count(b"\n")
            yield TextBlock(line, data, lines)
            line += lines
        else:
            rest += more
            if len(rest) > LONGEST_LINE:
                raise refuse("FA007", Place(file, line), most=LONGEST_LINE)
        more = read(BLOCK_BYTES)
        if not more:
            break
    if rest:
        yield TextBlock(line, rest, 1)


def _check_encoding(block: bytes, file: str, first_line: int, *, has_accents: bool) -> bool:
    """Whether the block holds anything but ASCII; refuses what is not UTF-8, and zero bytes."""
    if b"\0" in block:
        line = first_line + block.count(b"\n", 0, block.index(b"\0"))
        raise refuse("FA019", Place(file, line))
    if block.isascii():
        return False
    try:
        block.decode("utf-8")
    except UnicodeDecodeError as error:
        line = first_line + block.count(b"\n", 0, error.start)
        before = has_accents or not block[: error.start].isascii()
        raise _wrong_encoding(file, line, is_mixed=before) from error
    return True


def _wrong_encoding(file: str, line: int, *, is_mixed: bool) -> Refusal:
    """A file in another encoding, or one put together from files in two."""
    return refuse("FA016" if is_mixed else "FA005", Place(file, line), found="Windows-1252")


def header_names(block: TextBlock, file: str) -> tuple[str, ...]:
    """Names of the header line; refuses a separator that is not a comma (FA009)."""
    text = block.data.decode("utf-8").rstrip("\r\n")
    names = tuple(name.strip() for name in next(csv.reader([text]), []))
    for separator, label in ((";", ";"), ("\t", "TAB"), ("|", "|")):
        if separator in text and len(names) == 1:
            raise refuse("FA009", Place(file, block.first_line), found=label)
    return names
