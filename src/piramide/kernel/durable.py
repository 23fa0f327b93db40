"""The one writer of what is kept: a file or a folder is there whole and safe on the disk, or not there at all.

    whole_file      a draft beside the file, written by whoever asks, that takes its place in one step
    write_whole     the same for a text or bytes at hand
    write_new       the same, but never over a file that is there
    whole_folder    a draft folder beside the final one, that takes its place in one step
    put             a file inside such a draft folder

Each is written, handed to the disk (fsync), renamed, and then the folder that names it is handed to the disk too: after
a power cut whoever reads sees the old file or the new one. Drafts begin with `.draft-`; they are removed when anything
fails, and nothing that reads a store looks at them. Errors of the system (`OSError`) pass: each room says them with its
own code.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

DRAFT: Final = ".draft-"
_OPEN_FOLDER: Final = 0o755
_ABANDONED: Final = 3600.0
"""Seconds after which a draft that nobody touched was left by a process that died."""


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes the place of `path` when the block ends, and is gone when it fails."""
    draft = draft_of(path)
    try:
        yield draft
        take_place(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def draft_of(path: Path) -> Path:
    """A name beside `path` that nobody else uses, for who cannot hold a block open while writing."""
    return path.with_name(f"{DRAFT}{path.name[-100:]}-{secrets.token_hex(4)}")


def take_place(draft: Path, path: Path) -> None:
    """Put a file that was written as a draft in its place, safe on the disk."""
    sync(draft)
    draft.replace(path)
    sync(path.parent)


def write_whole(path: Path, content: str | bytes, *, mode: int | None = None) -> None:
    """Write a text (UTF-8, its line ends as they are) or bytes in the place of `path`; `mode` are its permissions."""
    with whole_file(path) as draft:
        if mode is not None:
            draft.touch(mode=mode)
        draft.write_bytes(_bytes(content))


def write_new(path: Path, content: str | bytes, *, mode: int | None = None) -> None:
    """As `write_whole`, where nothing is. Raises `FileExistsError` where something is, which stays as it was."""
    draft = draft_of(path)
    try:
        if mode is not None:
            draft.touch(mode=mode)
        draft.write_bytes(_bytes(content))
        sync(draft)
        _appear(draft, path)
        sync(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _appear(draft: Path, path: Path) -> None:
    """Give the draft its name unless that is taken, in one step where the file system knows hard links."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:
        with path.open("xb") as claimed:
            os.fsync(claimed.fileno())
        draft.replace(path)


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


@contextmanager
def whole_folder(final: Path) -> Iterator[Path]:
    """An empty folder beside `final` to write into; it takes that place when the block ends, and is gone when it fails.

    The folder above must be there. An empty folder in that place is replaced; one that holds something is an `OSError`.
    """
    draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=final.absolute().parent))
    try:
        yield draft
        settle(draft, final)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def settle(draft: Path, final: Path) -> None:
    """Give a draft folder its final name: all that is in it is safe on the disk before, and the name after."""
    draft.chmod(_OPEN_FOLDER)
    sync_tree(draft)
    draft.replace(final)
    sync(final.absolute().parent)


def put(path: Path, content: str | bytes) -> None:
    """Write a file inside a draft folder, which is made safe as a whole. Raises `ValueError` anywhere else."""
    if not any(part.startswith(DRAFT) for part in path.absolute().parent.parts):
        raise ValueError(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_bytes(content))


def sweep(folder: Path, beginning: str) -> None:
    """Remove what a killed process left in a folder: files and folders that begin so and that nobody touched for long.

    Whoever is writing there now goes on: a draft that grows is younger than an hour.
    """
    now = time.time()
    for left in folder.glob(f"{beginning}*") if folder.is_dir() else ():
        with suppress(OSError):
            if now - left.stat().st_mtime < _ABANDONED:
                continue
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink()


def copy_tree(source: Path, target: Path) -> None:
    """Copy what is below a folder over another one and hand it to the disk; what is there already is replaced."""
    shutil.copytree(source, target, dirs_exist_ok=True)
    sync_tree(target)


def sync_tree(folder: Path) -> None:
    """Hand every file below a folder, and the folders themselves, to the disk."""
    for path in folder.rglob("*"):
        if not path.is_symlink():
            sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """Hand a file or a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
