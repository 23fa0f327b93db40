"""What was worked out before, among the caches of this user: `$XDG_CACHE_HOME/piramide`, or `~/.cache/piramide`.

What is kept is plain data of our own classes (`flattening`). An entry is of a key that says what went in, of this code
and of the one who reads it, or it is none: a damaged one, one of another user, of other code or format is made again
and written over. Where nothing can be written nothing is kept, and that is no fault. Entries are few and small: those
that nobody asked for longest go first.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import piramide
from piramide.kernel.durable import DRAFT, sweep, write_whole
from piramide.kernel.flattening import classes_of, flattened, restored

Value = TypeVar("Value")

FORMAT: Final = "1"
MOST_ENTRIES: Final = 64
MOST_BYTES: Final = 64_000_000
_LIBRARIES: Final = ("pydantic", "PyYAML", "sqlglot")
"""Libraries that decide what a text of a pack says."""
_SEAL: Final = 64
"""Hexadecimal digits in front of an entry: the SHA-256 of its name and of all that follows."""


def cache_folder() -> Path:
    """The folder of this user's entries; it need not be there, and for who has no home it cannot be made."""
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not named.is_absolute():
        named = Path(os.path.expanduser("~/.cache"))  # noqa: PTH111 - without a home it answers the path itself
    return (named if named.is_absolute() else Path(os.devnull)) / "piramide" / "kept"


@dataclass(frozen=True, slots=True)
class Kept(Generic[Value]):
    """Values of a class, made by the code of some rooms."""

    root: type[Value]
    rooms: tuple[str, ...]

    def of(
        self, key: tuple[str, ...], make: Callable[[], Value], is_of_key: Callable[[Value], bool] = lambda _: True
    ) -> Value:
        """The value of a key, made when it is not there; what `make` raises passes.

        A value that is not of the key is neither believed nor kept.
        """
        path = self._path(key)
        found = _read(path, self.root)
        if isinstance(found, self.root) and is_of_key(found):
            return found
        made = make()
        if is_of_key(made):
            _keep(path, self.root, made)
        return made

    def _path(self, key: tuple[str, ...]) -> Path:
        parts = json.dumps((FORMAT, self.root.__name__, key, _code(self.rooms)))
        return cache_folder() / hashlib.sha256(parts.encode()).hexdigest()


@cache
def _code(rooms: tuple[str, ...]) -> str:
    """The hash of the code of some rooms: what another version made is not what this one would."""
    total = hashlib.sha256(sys.version.encode())
    for library in _LIBRARIES:
        total.update(metadata.version(library).encode())
    root = Path(piramide.__file__).parent
    for room in rooms:
        for path in sorted(path for path in (root / room).rglob("*.*") if path.suffix != ".pyc"):
            total.update(path.relative_to(root).as_posix().encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def _read(path: Path, root: type) -> Any:  # noqa: ANN401 - whatever was flattened
    """What an entry says; nothing where there is none, or it is not as this user wrote it."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_uid != os.geteuid():
                return None
            seal, body = file.read(_SEAL), file.read()
        if seal != _seal(path, body):
            return None
        found = restored(json.loads(body), classes_of(root))
        os.utime(path)
    except (OSError, LookupError, TypeError, ValueError, RecursionError):
        return None
    return found


def _keep(path: Path, root: type, value: object) -> None:
    """Write an entry where that is possible, once it reads back as what it was made from."""
    try:
        document = flattened(value)
    except TypeError:
        return
    if restored(document, classes_of(root)) != value:
        return
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, _seal(path, body) + body, mode=0o600)
        _make_room(path.parent)


def _seal(path: Path, body: bytes) -> bytes:
    return hashlib.sha256(path.name.encode() + body).hexdigest().encode()


def _make_room(folder: Path) -> None:
    """Forget the entries that were not asked for longest, and drafts that a killed process left."""
    sweep(folder, DRAFT)
    found = sorted(((path.stat(), path) for path in folder.glob("[!.]*")), key=lambda one: -one[0].st_mtime)
    held = 0
    for rank, (state, path) in enumerate(found):
        held += state.st_size
        if rank and (rank >= MOST_ENTRIES or held > MOST_BYTES):
            path.unlink(missing_ok=True)
