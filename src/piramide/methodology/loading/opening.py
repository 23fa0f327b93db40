"""Packs as they were read before: what a folder says is kept by the hash of its files, and read again as plain data.

    load_pack     the pack of a folder, read from its files
    open_folder   the same, from what was kept when somebody read it before
    cache_folder  where this user's packs are kept: `$XDG_CACHE_HOME/piramide`, or `~/.cache/piramide`

Whoever opens a pack hashes all its files first: an entry is of that hash, of this code and of the one who reads it, or
it is none. A damaged entry, one of another user, of other code or format is read anew from the folder and written over.
Where nothing can be written nothing is kept, and that is no fault. Beside the pack stand the programs of its formulas,
so that the reader of SQL need not start.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

import piramide
from piramide.kernel.arithmetic import Program
from piramide.kernel.durable import DRAFT, sweep, write_whole
from piramide.kernel.expressions import programs, remember
from piramide.kernel.flattening import classes_of, flattened, restored
from piramide.methodology.loading.files import PackFiles
from piramide.methodology.model import Pack

FORMAT: Final = "1"
MOST_ENTRIES: Final = 64
MOST_BYTES: Final = 64_000_000
_ROOMS: Final = ("kernel", "methodology")
"""Rooms of which the code decides what a pack says."""
_LIBRARIES: Final = ("pydantic", "PyYAML", "sqlglot")
_SEAL: Final = 64
"""Hexadecimal digits in front of an entry: the SHA-256 of its name and of all that follows."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """What is kept of a pack: itself, and the programs of its formulas by their text."""

    pack: Pack
    programs: Mapping[str, Program]


def load_pack(folder: Path, *, demonstration: bool = False) -> Pack:
    """Read one pack, as printed: overrides are carried, not yet applied, and computed targets are still absent.

    `in_force` gives both for a day. With `demonstration`, the invented layer is merged and marked. Refuses a pack that
    cannot be read, with every fault of the file it stopped at.
    """
    # What checks the files of a pack takes longer to start than a known pack to open.
    from piramide.methodology.loading.assemble import assembled  # noqa: PLC0415

    return assembled(folder, demonstration=demonstration)


def open_folder(folder: Path, *, demonstration: bool = False) -> Pack:
    """The pack of a folder as `load_pack` reads it, with its refusals; one that was read before is not read again."""
    files = PackFiles(folder)
    if not files.has("pack.yaml"):
        return load_pack(folder, demonstration=demonstration)
    digest = files.digest()
    path = cache_folder() / f"{_name(digest, demonstration=demonstration)}.pack"
    known = _kept(path)
    if known is not None and known.pack.hash == digest and known.pack.is_demonstration == demonstration:
        remember(known.programs)
        return replace(known.pack, root=str(folder), unread=files.unread())
    pack = load_pack(folder, demonstration=demonstration)
    if pack.hash == digest:
        _keep(path, Compiled(pack, programs(_formulas(pack))))
    return pack


def cache_folder() -> Path:
    """The folder of this user's packs; it need not be there."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    if not Path(named).is_absolute():
        named = os.path.expanduser("~/.cache")  # noqa: PTH111 - without a home it answers the path itself
    return Path(named) / "piramide" / "packs"


def _formulas(pack: Pack) -> Iterator[str]:
    """The texts of all formulas of a pack: of indicators, of measures, of targets."""
    yield from (indicator.formula for indicator in pack.indicators.values() if indicator.formula)
    yield from (measure.formula for measure in pack.measures.values() if measure.formula)
    yield from {node.target_rule for sheet in pack.sheets.values() for node in sheet.walk() if node.target_rule}


def _name(digest: str, *, demonstration: bool) -> str:
    return hashlib.sha256("\n".join((FORMAT, digest, str(demonstration), _code())).encode()).hexdigest()


@cache
def _code() -> str:
    """The hash of the code that reads packs: what another version made of a folder is not what this one would."""
    total = hashlib.sha256(sys.version.encode())
    for library in _LIBRARIES:
        total.update(metadata.version(library).encode())
    root = Path(piramide.__file__).parent
    for path in sorted(path for room in _ROOMS for path in (root / room).rglob("*.py")):
        total.update(path.relative_to(root).as_posix().encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def _kept(path: Path) -> Compiled | None:
    """What an entry says; nothing where there is none, or it is not as this user wrote it."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_uid != os.geteuid():
                return None
            seal, body = file.read(_SEAL), file.read()
        if seal != _seal(path, body):
            return None
        found = restored(json.loads(body), classes_of(Compiled))
        os.utime(path)
    except (OSError, LookupError, TypeError, ValueError, RecursionError):
        return None
    return found if isinstance(found, Compiled) else None


def _keep(path: Path, compiled: Compiled) -> None:
    """Write an entry where that is possible, once it reads back as what it was made from; else it is read each time."""
    try:
        document = flattened(compiled)
    except TypeError:
        return
    if restored(document, classes_of(Compiled)) != compiled:
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
    found = sorted(((path.stat(), path) for path in folder.glob("*.pack")), key=lambda one: -one[0].st_mtime)
    held = 0
    for rank, (state, path) in enumerate(found):
        held += state.st_size
        if rank and (rank >= MOST_ENTRIES or held > MOST_BYTES):
            path.unlink(missing_ok=True)
