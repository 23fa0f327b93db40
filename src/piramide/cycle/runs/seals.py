"""The seal of a kept run: every file is the one that its manifest names, and the manifest is the one of its id.

Hashes are compared when this process first opens a run, and again when size, time or inode of one of its files have
moved; `verify` compares them in full each time.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from piramide.cycle.runs.exact_kept import touched_beside
from piramide.cycle.runs.rules import rules_of
from piramide.kernel.findings import Place, Refusal, refuse
from piramide.kernel.sealing import SEAL, Stamp, digest_of, seal_of
from piramide.methodology.loading.files import PackFiles

MANIFEST: Final = "manifest.json"
PACK: Final = "pack"
MANIFEST_KEYS: Final = frozenset(
    {"pack", "period", "as_of", "known_on", "demonstration", "structures", "inputs", "results"}
)
_OF_FILES: Final = frozenset({"files", SEAL})
_Stamps = tuple[tuple[str, Stamp], ...]

MOST_PROVEN: Final = 400
"""Runs that a process remembers as proven, with and without their pack, the latest: up to 40 KB each. An older one is
hashed again."""
_opened: OrderedDict[tuple[str, bool], tuple[_Stamps, dict[str, Any]]] = OrderedDict()
_lock = threading.Lock()


def canonical_hash(value: object) -> str:
    """`sha256:` over the canonical JSON of a value."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def run_id(manifest: dict[str, Any]) -> str:
    """Id of a run: the hash of its manifest without the hashes of its own files, and without its seal."""
    return canonical_hash({k: v for k, v in manifest.items() if k not in _OF_FILES}).removeprefix("sha256:")


def manifest_text(manifest: dict[str, Any]) -> str:
    """A manifest as its file holds it: one text per manifest, so that a touched byte shows."""
    return f"{json.dumps(manifest, indent=1, sort_keys=True)}\n"


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run as it is there. Raises `Refusal` (CY007) when it is none."""
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if set(manifest) >= MANIFEST_KEYS:
            return manifest
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise refuse("CY007", Place(str(path)), folder.name) from error
    raise refuse("CY007", Place(str(path)), folder.name)


def proven_manifest(folder: Path, *, with_pack: bool) -> dict[str, Any]:
    """The manifest of a run of which nothing was touched; its pack is looked at only where it is wanted.

    Raises `Refusal`: CY007 for a manifest that cannot be read, CY071 with the first file that is not what was kept,
    CY072 for exact figures beside it that are not.
    """
    key = (str(folder), with_pack)
    stamps = _stamps(folder, with_pack=with_pack)
    with _lock:
        if (known := _opened.get(key)) is not None:
            _opened.move_to_end(key)
    if known is not None and stamps and known[0] == stamps:
        return known[1]
    manifest = proven_in_full(folder, with_pack=with_pack)
    with _lock:
        _opened[key] = (stamps, manifest)
        while len(_opened) > MOST_PROVEN:
            _opened.popitem(last=False)
    return manifest


def proven_in_full(folder: Path, *, with_pack: bool = True) -> dict[str, Any]:
    """As `proven_manifest`, every file read whatever this process has seen before.

    The exact figures beside it are looked at too: CY072 where they are not what was laid there.
    """
    manifest = proven_itself(folder, with_pack=with_pack)
    if touched := touched_beside(folder):
        raise refuse("CY072", Place(str(folder / touched)), folder.name[:8])
    return manifest


def proven_itself(folder: Path, *, with_pack: bool = True) -> dict[str, Any]:
    """The manifest of a run of which nothing was touched, read in full; not of what lies beside it."""
    manifest = read_manifest(folder)
    touched = touched_manifest(folder, manifest) or next(iter(touched_files(folder, manifest)), "")
    if not touched and with_pack and pack_digest(folder) != manifest["inputs"].get("method"):
        touched = PACK
    if touched:
        raise refuse("CY071", Place(str(folder / touched)), folder.name[:8])
    return manifest


def touched_manifest(folder: Path, manifest: dict[str, Any]) -> str:
    """The name of the manifest, where it is not that of the run's id byte for byte; empty otherwise."""
    is_kept = run_id(manifest) == folder.name and (folder / MANIFEST).read_bytes() == manifest_text(manifest).encode()
    is_sealed = (SEAL not in manifest and rules_of(manifest) == 1) or manifest.get(SEAL) == seal_of(manifest)
    is_shaped = isinstance(manifest["inputs"], dict) and isinstance(manifest.get("files", {}), dict)
    return "" if is_kept and is_sealed and is_shaped else MANIFEST


def touched_files(folder: Path, manifest: dict[str, Any]) -> list[str]:
    """Names of the files beside the pack that are gone, or not what the manifest says, read in full."""
    return [name for name, kept in manifest.get("files", {}).items() if _digest(folder / name) != kept]


def pack_digest(folder: Path) -> str:
    """Hash of the kept pack, or why it has none."""
    try:
        return PackFiles(folder / PACK).digest()
    except Refusal as refusal:
        return str(refusal)
    except OSError as error:
        return str(error)


def _digest(path: Path) -> str:
    try:
        return digest_of(path)
    except OSError:
        return ""


def _stamps(folder: Path, *, with_pack: bool) -> _Stamps:
    """Size, time and inode of every file of a run, in the order of their names."""
    try:
        return tuple(sorted(_files(str(folder), "" if with_pack else PACK)))
    except OSError:
        return ()  # something is going or leads nowhere: everything is looked at


def _files(folder: str, but: str = "") -> Iterator[tuple[str, Stamp]]:
    """Every file below a folder with its stamp; asked for each page, and therefore without paths made of parts."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name == but:
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
            else:
                found = entry.stat()
                yield entry.path, (found.st_size, found.st_mtime_ns, found.st_ino)
