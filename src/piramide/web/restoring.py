"""A restore that was stopped in the middle goes on when it is asked for again with the same backup.

Rows of the database, uploaded files and store are put in place one after the other, each whole or not at all. A note in
the folder of the installation says from which backup, until all are there.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from django.conf import settings

from piramide.cycle.backup import MANIFEST, refuse_if_taken
from piramide.kernel.durable import write_whole
from piramide.kernel.findings import Place, refuse

UNDER_WAY: Final = "restore-under-way"


def refuse_if_unfinished() -> None:
    """Refuse (SI018) to serve or upgrade an installation of which only a part was restored."""
    if _note().is_file():
        raise refuse("SI018", Place(str(settings.CONFIGURATION.data)))


def is_going_on() -> bool:
    """Whether a restore of this installation was stopped in the middle."""
    return _note().is_file()


def refuse_unless_empty() -> None:
    """Refuse (CY025) a store that holds anything, unless a stopped restore has put it there."""
    if not is_going_on():
        refuse_if_taken(settings.CONFIGURATION.store)


def begin(folder: Path) -> None:
    """Note from which unpacked backup the restore is. Refuses (SI017) another one than that of a stopped restore."""
    digest = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    if is_going_on():
        if _note().read_text(encoding="ascii") != digest:
            raise refuse("SI017", Place(str(settings.CONFIGURATION.data)))
        return
    settings.CONFIGURATION.data.mkdir(parents=True, exist_ok=True)
    write_whole(_note(), digest)


def end() -> None:
    """All is in place."""
    _note().unlink()


def _note() -> Path:
    folder: Path = settings.CONFIGURATION.data
    return folder / UNDER_WAY
