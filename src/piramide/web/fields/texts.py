"""Texts that people type outside the fields of a form, which would refuse what cannot be printed."""

from __future__ import annotations

import re
from typing import Final

_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def printable(text: str) -> str:
    r"""A text with a space for every character that no page can print and some databases refuse.

    >>> printable("a\x00b")
    'a b'
    """
    return _UNPRINTABLE.sub(" ", text)
