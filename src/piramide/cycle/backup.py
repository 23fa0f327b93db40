"""Backup and restore: the whole store, with what else an installation keeps, in one file that proves itself.

The file is a tar: first the files, last `manifest.json` with the SHA-256 and the size of each. What can be made again
(the cube, drafts) is left out. Restoring checks everything before it touches anything.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import IO, Any, Final

from piramide.cycle.verification.store_seals import touched_in
from piramide.kernel.durable import DRAFT, settle, sweep, whole_file
from piramide.kernel.findings import Finding, Place, Refusal, refuse
from piramide.kernel.progress import Progress, silent
from piramide.measurement.ledger.store import Ledger

MANIFEST: Final = "manifest.json"
KIND: Final = "piramide-backup-1"
STORE: Final = "store"
_UNPACKING: Final = ".restore-"
_DERIVED: Final = frozenset({"cube"})
_BLOCK: Final = 1 << 20
NO_NOTES: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: files by name with hash and size, the version that made it, their bytes together.

    `findings` name what in the store was not as it was kept when the backup was made: it is saved as it is.
    `notes` is what its maker said besides, such as the head of the register.
    """

    files: Mapping[str, tuple[str, int]]
    made_with: str
    notes: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(size for _digest, size in self.files.values())

    def names(self, part: str) -> tuple[str, ...]:
        """Files below one part (`store`, `site`)."""
        return tuple(name for name in self.files if PurePosixPath(name).parts[0] == part)


def write_backup(
    target: Path,
    parts: Mapping[str, Path],
    progress: Progress,
    *,
    leave_out: Sequence[str] = (),
    notes: Mapping[str, str] = NO_NOTES,
) -> Backup:
    """Write every file below the folders of `parts` (by the name they get in the backup) into `target`, whole or not.

    Only its owner may read it, whatever the machine's habit. `leave_out` are folders (by their names in the backup),
    `notes` what the manifest says besides.
    Loads wait while the store is read, so that what is saved is one moment. Raises `Refusal`: CY021 when `target`
    exists, CY022 when it cannot be written, CY028 when a file to save cannot be read; nothing of `target` is left then.
    """
    if target.exists():
        raise refuse("CY021", Place(str(target)))
    sweep(target.parent, f"{DRAFT}{target.name}-")
    try:
        with ExitStack() as stack:
            if (store := parts.get(STORE)) is not None and (store / "ledger").is_dir():
                stack.enter_context(Ledger(store).locked(silent))
            touched = tuple(touched_in(store)) if store is not None else ()
            found = [(name, path) for name, path in _files(parts) if not _is_below(name, leave_out)]
            total = sum(_size(path) for _name, path in found)
            files: dict[str, tuple[str, int]] = {}
            with whole_file(target) as draft:
                draft.touch(mode=0o600, exist_ok=False)
                with tarfile.open(draft, "w") as archive:
                    done = 0
                    for name, path in found:
                        progress(name, done, total)
                        files[name] = _add(archive, name, path)
                        done += files[name][1]
                    _add_manifest(archive, files, notes)
    except OSError as error:
        raise refuse("CY022", Place(str(target)), problem=error.strerror or str(error)) from error
    return Backup(files, metadata.version("piramide"), notes, touched)


def _is_below(name: str, folders: Sequence[str]) -> bool:
    return any(PurePosixPath(name).is_relative_to(folder) for folder in folders)


def _files(parts: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    """Files with their names in the backup, in the order of the names; nothing derived, no drafts, no locks."""
    for part, folder in sorted(parts.items()):
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(folder)
            if part == STORE and relative.parts[0] in _DERIVED:
                continue
            if path.is_file() and not path.is_symlink() and not any(step.startswith(".") for step in relative.parts):
                yield str(PurePosixPath(part, *relative.parts)), path


class _Hashing:
    """A file that is hashed as it is read; an error of reading is progress of that file, not of the backup."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self._file = file
        self._path = path
        self.digest = hashlib.sha256()

    def read(self, count: int = -1) -> bytes:
        """Read, and remember."""
        try:
            block = self._file.read(count)
        except OSError as error:
            raise _unreadable(self._path, error) from error
        self.digest.update(block)
        return block


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> Refusal:
    return refuse("CY028", Place(str(path)), problem=error.strerror or str(error))


def _add(archive: tarfile.TarFile, name: str, path: Path) -> tuple[str, int]:
    with _opened(path) as file:
        head = archive.gettarinfo(arcname=name, fileobj=file)
        head.uid = head.gid = 0
        head.uname = head.gname = ""
        hashed = _Hashing(file, path)
        archive.addfile(head, hashed)
    return hashed.digest.hexdigest(), head.size


def _add_manifest(archive: tarfile.TarFile, files: Mapping[str, tuple[str, int]], notes: Mapping[str, str]) -> None:
    body = {"kind": KIND, "made_with": metadata.version("piramide"), "files": files, "notes": dict(notes)}
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps(body, indent=1, sort_keys=True).encode())
        head = tarfile.TarInfo(MANIFEST)
        head.size = file.tell()
        file.seek(0)
        archive.addfile(head, file)


def check_backup(file: Path, progress: Progress) -> Backup:
    """Read a backup to its end and compare every file with its hash.

    Raises `Refusal`: CY023 for what is no backup or stops in the middle, CY024 for a file that is not as it was saved.
    """
    found: dict[str, tuple[str, int]] = {}
    body: dict[str, Any] = {}
    try:
        total = file.stat().st_size
        with tarfile.open(file, "r:") as archive:
            for member in archive:
                progress(member.name, archive.offset, total)
                content = archive.extractfile(member)
                if content is None or not _is_plain(member.name):
                    raise refuse("CY023", Place(str(file)), member.name)
                if member.name == MANIFEST:
                    body = json.load(content)
                else:
                    found[member.name] = (_digest(content), member.size)
        kept = {name: (str(digest), int(size)) for name, (digest, size) in body["files"].items()}
        is_ours = body["kind"] == KIND
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise refuse("CY023", Place(str(file))) from error
    if not is_ours:
        raise refuse("CY023", Place(str(file)))
    if kept != found:
        wrong = sorted(name for name in kept.keys() | found.keys() if kept.get(name) != found.get(name))
        raise refuse("CY024", Place(str(file)), wrong[0], count=len(wrong))
    return Backup(kept, str(body.get("made_with", "")), body.get("notes", {}))


def _is_plain(name: str) -> bool:
    """Whether a name stays inside the folder it is put into."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _digest(content: IO[bytes]) -> str:
    total = hashlib.sha256()
    while block := content.read(_BLOCK):
        total.update(block)
    return total.hexdigest()


@contextmanager
def unpacked(file: Path, beside: Path, progress: Progress) -> Iterator[Path]:
    """The checked files of a backup in a folder next to `beside`, to be moved into place; removed afterwards.

    Raises `Refusal`: what `check_backup` refuses; CY022 when there is no room.
    """
    check_backup(file, progress)
    beside.parent.mkdir(parents=True, exist_ok=True)
    sweep(beside.parent, _UNPACKING)
    folder = Path(tempfile.mkdtemp(prefix=_UNPACKING, dir=beside.parent))
    try:
        with tarfile.open(file, "r:") as archive:
            archive.extractall(folder, filter="data")
        yield folder
    except OSError as error:
        raise refuse("CY022", Place(str(beside)), problem=error.strerror or str(error)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_store(unpacked_folder: Path, store: Path) -> None:
    """Move a restored store into place. Raises `Refusal` (CY025) where something stands already."""
    refuse_if_taken(store)
    if store.is_dir():
        store.rmdir()
    settle(unpacked_folder / STORE, store)


def refuse_if_taken(store: Path) -> None:
    """Refuse (CY025) to restore over a store that holds anything: nothing kept is ever overwritten."""
    if store.exists() and (not store.is_dir() or any(store.iterdir())):
        raise refuse("CY025", Place(str(store)))
