"""Opening packs by the name a user gives, and comparing two."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from piramide.methodology.changes import Changes, compare
from piramide.methodology.loading import find_pack, open_folder
from piramide.methodology.model import Pack


def open_pack(name: str, folders: Iterable[Path] = (), *, demonstration: bool = False) -> Pack:
    """The pack called `name` (an id, or a folder), as printed."""
    return open_folder(find_pack(name, folders), demonstration=demonstration)


def changes(a: str, b: str, folders: Iterable[Path] = (), *, demonstration: bool = False) -> Changes:
    """What changed from pack `a` to pack `b`."""
    known = tuple(folders)
    return compare(open_pack(a, known, demonstration=demonstration), open_pack(b, known, demonstration=demonstration))
