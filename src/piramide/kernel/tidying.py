"""Text from files as it was meant: what people cannot see, and what tools add by themselves, makes no other name.

`tidy` is the one reading of text for values and facts alike; `tidy_column` is the same for a column of Arrow.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)
"""Control characters, soft hyphens, marks of direction, joiners of no width: on a screen they are not there."""

_SPACES: Final = re.compile(r"\s+")
_UNTIDY: Final = r"^\s|\s$|\s\s|[^ -~\x{a1}-\x{ac}\x{ae}-\x{2ff}\x{2010}-\x{2027}\x{2030}-\x{205e}\x{20a0}-\x{20bf}]"
"""Whatever may have to be changed; letters of Europe, dashes, quotes and currencies never are."""
_FIRST_PLAIN, _LAST_PLAIN = ord("!"), ord("~")


def tidy(text: str) -> str:
    r"""Text without invisible characters, trimmed, with single blanks, accents put together with their letters (NFC).

    >>> tidy("\ufeff DCM\u00a0 Milano\u200b ")
    'DCM Milano'
    >>> tidy("Qualita\u0300") == "Qualità"
    True
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return unicodedata.normalize("NFC", _SPACES.sub(" ", INVISIBLE.sub("", text)).strip())


def tidy_column(cells: pa.Array) -> pa.Array:
    """The cells with every text tidied; what holds no texts comes back as it is.

    Nulls stay null. A column of plain codes costs one look at its bytes.
    """
    if pa.types.is_dictionary(cells.type):
        known = cells.dictionary
        if (tidied := tidy_column(known)) is known:
            return cells
        return tidied.take(cells.indices).dictionary_encode()  # two spellings may have become one
    if not (pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)) or not _has_odd_octets(cells):
        return cells
    untidy = pc.match_substring_regex(cells, _UNTIDY).fill_null(False)
    found = cells.filter(untidy).dictionary_encode()
    if not len(found):
        return cells
    better = pa.array([tidy(text) for text in found.dictionary.to_pylist()], cells.type)
    return pc.replace_with_mask(cells, untidy, better.take(found.indices))


def _has_odd_octets(cells: pa.Array) -> bool:
    """Whether there is any octet but those of the characters that stand between blank and delete."""
    _, offsets, data = cells.buffers()
    if data is None or not len(cells):
        return False
    kind: Any = np.int64 if pa.types.is_large_string(cells.type) else np.int32
    ends = np.frombuffer(offsets, kind)[cells.offset : cells.offset + len(cells) + 1]
    octets = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]
    return bool(((octets < _FIRST_PLAIN) | (octets > _LAST_PLAIN)).any())
