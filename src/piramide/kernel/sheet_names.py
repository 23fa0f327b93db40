"""Names of worksheets: at most 31 characters, none of the forbidden ones, no two alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

LONGEST_NAME: Final = 31
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")
_RESERVED: Final = frozenset({"history", "cronologia"})
"""Names that spreadsheet programs keep for themselves."""


def sheet_names(wanted: Iterable[str], taken: Iterable[str]) -> tuple[str, ...]:
    """A valid name for each wanted one, as near to it as can be.

    >>> sheet_names(["history", "tables-" + "x" * 30, "tables-" + "x" * 31], [])
    ('history_', 'tables-xxxxxxxxxxxxxxxxxxxxxxxx', 'tables-xxxxxxxxxxxxxxxxxxxxxx~2')
    """
    used = {name.lower() for name in taken}
    names = []
    for name in wanted:
        clean = _FORBIDDEN.sub("_", name)
        clean = f"{clean}_" if clean.lower() in _RESERVED else clean
        short, count = clean[:LONGEST_NAME], 1
        while short.lower() in used:
            count += 1
            short = f"{clean[: LONGEST_NAME - len(str(count)) - 1]}~{count}"
        used.add(short.lower())
        names.append(short)
    return tuple(names)
