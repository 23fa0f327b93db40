"""Seals: the digest of a file, remembered while the file stands still, and small files that carry their own.

    digest_of       `sha256:` over the bytes of a file, in full
    seen_digest     the same, computed again only when size, time or inode of the file have moved
    sealed          a JSON text whose member `seal` is the digest of all the others
    unsealed        what such a text says; nothing when one byte of it is not as it was written

A seal finds what was touched by chance or by hand. Whoever writes a sealed file anew can seal it anew: what shows that
is the chain of the ledger and the digests that runs keep of it.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

SEAL: Final = "seal"
_MOST: Final = 100_000

Stamp = tuple[int, int, int]
"""Size, time of the last change in nanoseconds, inode."""

_seen: dict[str, tuple[Stamp, str]] = {}
_lock = threading.Lock()


def digest_of(path: Path) -> str:
    """`sha256:` over the bytes of a file. Raises `OSError`."""
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def digest_of_bytes(raw: bytes) -> str:
    """`sha256:` over bytes at hand."""
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def stamp_of(path: Path) -> Stamp:
    """What moves when somebody writes to a file. Raises `OSError`."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


def seen_digest(path: Path) -> str:
    """The digest of a file, in full the first time that this process asks and whenever its stamp has moved."""
    key, stamp = str(path), stamp_of(path)
    with _lock:
        known = _seen.get(key)
    if known is not None and known[0] == stamp:
        return known[1]
    digest = digest_of(path)
    with _lock:
        if len(_seen) >= _MOST:
            _seen.clear()
        _seen[key] = (stamp, digest)
    return digest


def sealed(body: Mapping[str, Any]) -> str:
    """The text of a small file: one text for one body, so that every byte counts."""
    whole = {name: value for name, value in body.items() if name != SEAL}
    whole[SEAL] = seal_of(whole)
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def seal_of(body: Mapping[str, Any]) -> str:
    """The digest of a body without its seal."""
    whole = {name: value for name, value in body.items() if name != SEAL}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return digest_of_bytes(text.encode())


def unsealed(raw: bytes) -> dict[str, Any] | None:
    """What a sealed text says, its seal included; nothing when it is none, or not as it was written."""
    try:
        body = json.loads(raw)
        return body if isinstance(body, dict) and sealed(body).encode() == raw else None
    except (ValueError, RecursionError):
        return None
