"""Notes of adoptions: beside each adopted plan, `ID.adopted.json` says its hash then and since when it is in force."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from piramide.kernel.durable import write_new
from piramide.kernel.findings import Place, Refusal, refuse

_NOTE: Final = ".adopted.json"


@dataclass(frozen=True, slots=True)
class Adoption:
    """That a plan was adopted: its id, its hash then, the first day of its force, the moment (with its time zone).

    Of two that take force on one day the one adopted later holds.
    """

    pack: str
    hash: str
    since: date
    at: datetime


def note_adoption(folder: Path, adoption: Adoption) -> bool:
    """Write beside a plan in `folder` that it was adopted; what is noted already stays. Whether it was not."""
    body = {
        "pack": adoption.pack,
        "hash": adoption.hash,
        "in_force_since": adoption.since.isoformat(),
        "adopted_at": adoption.at.isoformat(),
    }
    with suppress(FileExistsError):
        write_new(_note_of(folder, adoption.pack), f"{json.dumps(body, indent=1)}\n")
        return True
    return False


def is_noted(folder: Path, pack: str) -> bool:
    """Whether a plan stands in `folder` as adopted."""
    return _note_of(folder, pack).is_file()


def adoption_of(folder: Path) -> Adoption | None:
    """The adoption of the plan in a folder; `None` where there was none. Refuses CY090 a note that cannot be read."""
    note = _note_of(folder.parent, folder.name)
    return _read(note) if note.is_file() else None


def adoptions_in(folder: Path) -> tuple[list[Adoption], list[Refusal]]:
    """What the notes of a folder say, and the refusals of those that cannot be read."""
    found, refusals = [], []
    for note in sorted(folder.glob(f"*{_NOTE}")) if folder.is_dir() else ():
        try:
            found.append(_read(note))
        except Refusal as refusal:
            refusals.append(refusal)
    return found, refusals


def _note_of(folder: Path, pack: str) -> Path:
    return folder / f"{pack}{_NOTE}"


def _read(note: Path) -> Adoption:
    """What a note says. Refuses CY090 one that cannot be read, or that is of another plan."""
    try:
        body = json.loads(note.read_bytes())
        at = datetime.fromisoformat(body["adopted_at"])
        found = Adoption(str(body["pack"]), str(body["hash"]), date.fromisoformat(body["in_force_since"]), at)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise refuse("CY090", Place(str(note))) from error
    if note.name != f"{found.pack}{_NOTE}" or at.tzinfo is None:
        raise refuse("CY090", Place(str(note)))
    return found
