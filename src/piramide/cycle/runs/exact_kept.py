"""Exact figures kept beside a run that was made before there were any, and the results of a run with them.

    STORE/runs/<run id>/exact.parquet    the rows of results.parquet, a column `<name>_exact` for each of doubles
                        exact.json       since when and by whom, how many; sealed, with the digest of the other

`exact_beside` writes both; the run, its manifest and its id stay as they are. The sealed note is written last: without
it nothing lies beside. A note or a file that is not as it was written is refused, and `upgrade` makes both again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from piramide.cycle.runs import results
from piramide.kernel.durable import write_whole
from piramide.kernel.sealing import SEAL, digest_of, sealed, unsealed

EXACT_FILE: Final = "exact.parquet"
NOTE_FILE: Final = "exact.json"
RESULTS_FILE: Final = "results.parquet"


@dataclass(frozen=True, slots=True)
class ExactNote:
    """What lies beside a run: `figures` that have an exact number, `left` that stay the shortest decimals.

    `columns` says which are left, `problem` is the code of what keeps the run from being worked out again, empty where
    nothing does; `code` and `rules` are those of the version that worked it out, on the day `since`.
    """

    run: str
    since: str
    code: str
    rules: int
    figures: int
    left: int
    columns: Mapping[str, int]
    problem: str
    digest: str

    @property
    def day(self) -> date:
        """The day on which the figures were laid beside."""
        return date.fromisoformat(self.since)

    def as_json(self) -> dict[str, Any]:
        """As `verify --json` tells it."""
        told = ("since", "code", "rules", "figures", "left", "columns", "problem")
        return {name: value for name, value in asdict(self).items() if name in told}


def note_beside(folder: Path) -> ExactNote | None:
    """What lies beside the run in a folder; nothing where nothing does, or where it cannot be believed."""
    try:
        body = unsealed((folder / NOTE_FILE).read_bytes())
    except OSError:
        return None
    if body is None:
        return None
    said = {name: value for name, value in body.items() if name != SEAL}
    if said.keys() != {field.name for field in fields(ExactNote)} or said["run"] != folder.name:
        return None
    return ExactNote(**said)


def keep_beside(folder: Path, table: pa.Table, note: Mapping[str, Any]) -> ExactNote:
    """Lay exact figures beside a run, then the note that says so, each whole or not at all. Raises `OSError`."""
    results.write(table, folder / EXACT_FILE)
    made = ExactNote(run=folder.name, digest=digest_of(folder / EXACT_FILE), **note)
    write_whole(folder / NOTE_FILE, sealed(asdict(made)))
    return made


def touched_beside(folder: Path) -> str:
    """The file beside a run that is not as it was written; empty when both are, or when there is none."""
    if not (folder / NOTE_FILE).exists():
        return ""
    note = note_beside(folder)
    if note is None:
        return NOTE_FILE
    try:
        return "" if digest_of(folder / EXACT_FILE) == note.digest else EXACT_FILE
    except OSError:
        return EXACT_FILE


def results_of(folder: Path, structure: str = "") -> pa.Table:
    """The results of a run, of one structure alone if asked, with the exact figures that it keeps or that lie beside.

    The run is one of which nothing was touched (`seals`).
    """
    table = results.read(folder / RESULTS_FILE, structure)
    if (folder / NOTE_FILE).exists():
        beside = results.read(folder / EXACT_FILE, structure)
        for name in beside.column_names:
            if name not in table.column_names:
                table = table.append_column(name, beside.column(name))
    return table
