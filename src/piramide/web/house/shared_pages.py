"""Pages in files that the processes of a machine share: a process that starts finds what others have rendered.

The cache `pages` of the settings keeps them. It may be emptied at any moment: it is never the only place of anything.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.cache import caches

SHARED: Final = "pages"
LEAST: Final = 4_000
"""Characters below which making a text again costs no more than opening a file."""
_CODE: Final = frozenset({".py", ".html", ".mo", ".toml", ".css", ".js", ".svg"})
_LOG = logging.getLogger("piramide.web.pages")


def made(key: tuple[str, ...], render: Callable[[], str]) -> str:
    """The text kept under a key by any process, else what `render` gives, kept for the others.

    A file that cannot be read or written (a full disk, a damaged one) costs a rendering and a line in the log, no page.
    """
    name = _name(key)
    try:
        if (found := caches[SHARED].get(name)) is not None:
            return str(found)
    except Exception as error:  # noqa: BLE001 - reading what is damaged may raise anything
        _LOG.warning("a shared page cannot be read and is made again: %s", error)
    text = str(render())
    if len(text) >= LEAST:
        try:
            caches[SHARED].set(name, text)
        except OSError as error:
            _LOG.warning("a page is not shared: %s", error)
    return text


def is_there(key: tuple[str, ...]) -> bool:
    """Whether some process has made the text of a key."""
    return _name(key) in caches[SHARED]


def forget() -> None:
    """Let every page be rendered again: what they are made with may have changed (names of styles)."""
    caches[SHARED].clear()


def _name(key: tuple[str, ...]) -> str:
    installation = settings.CONFIGURATION
    told = (*key, code_stamp(), installation.administration, str(installation.demonstration))
    return hashlib.blake2b("\0".join(told).encode(), digest_size=20).hexdigest()


@cache
def code_stamp() -> str:
    """What tells one state of the installed code and its templates from another: their names, sizes and times."""
    root = Path(__file__).resolve().parents[2]
    stamp = hashlib.blake2b(metadata.version("piramide").encode(), digest_size=16)
    for path in sorted(path for path in root.rglob("*") if path.suffix in _CODE):
        found = path.stat()
        stamp.update(f"{path.relative_to(root)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return stamp.hexdigest()
