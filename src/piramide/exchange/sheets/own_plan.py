"""The plan that a file says it is a sheet of: a sheet printed from a plan is read with the vocabulary of that plan."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from piramide.exchange.sheets.lookups import Lookups, known_lookups, lookups
from piramide.kernel.findings import Refusal
from piramide.methodology.loading import find_pack, load_pack

_PART: Final = "docProps/core.xml"
_LARGEST: Final = 100_000
_SAYS: Final = re.compile(rb"piramide plan=([a-z0-9][a-z0-9-]{0,80}) ")


def lookups_for(paths: Iterable[Path], folders: Sequence[Path] = ()) -> Lookups:
    """What is known when files are read: the plan that all of them name, if it is at hand, else the shipped sheets."""
    named = {_own_plan(path) for path in paths}
    name = named.pop() if len(named) == 1 else ""
    if not name:
        return known_lookups()
    try:
        return lookups(load_pack(find_pack(name, folders)), is_own=True)
    except Refusal:
        return known_lookups()


def _own_plan(path: Path) -> str:
    """The plan that a workbook or a document names in its properties; empty for any other file."""
    try:
        with zipfile.ZipFile(path) as package:
            if package.getinfo(_PART).file_size > _LARGEST:
                return ""
            found = _SAYS.search(package.read(_PART))
    except (zipfile.BadZipFile, zlib.error, OSError, KeyError, RuntimeError, NotImplementedError, EOFError, ValueError):
        return ""  # whoever reads the file says what is wrong with it
    return found[1].decode() if found else ""
