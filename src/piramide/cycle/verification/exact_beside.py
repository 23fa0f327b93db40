"""The exact figures of runs made before there were any: worked out from what each run kept, and laid beside it.

A figure counts only where it comes to the double that the run kept, but for noise: what rules of today say otherwise,
or cannot say, stays the shortest decimal that reads back the same, and is counted. Nothing of the run is touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from piramide.cycle.runs import results
from piramide.cycle.runs.exact_kept import (
    EXACT_FILE,
    NOTE_FILE,
    RESULTS_FILE,
    ExactNote,
    keep_beside,
    note_beside,
    touched_beside,
)
from piramide.cycle.runs.rules import NOISE, RULES, Cell, is_same
from piramide.cycle.runs.seals import proven_itself
from piramide.cycle.runs.store import Run, Store
from piramide.cycle.verification.recompute import recomputed
from piramide.kernel.findings import Place, Refusal, refuse
from piramide.kernel.node_fields import FIGURES
from piramide.kernel.progress import Steps

KEYS: Final = ("structure", "id")


@dataclass(frozen=True, slots=True)
class ExactAdded:
    """What was laid beside the runs of a store: how many runs, figures that are exact, figures that are left.

    `whole` are runs all of whose figures are; `refused` those that cannot be computed again; `touched` those that are
    not what was kept, to which nothing was added.
    """

    runs: int = 0
    figures: int = 0
    left: int = 0
    whole: int = 0
    refused: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()


def add_exact_figures(store: Store, progress: Steps) -> ExactAdded:
    """Lay exact figures beside every run of a store that has none; runs that are done already are left as they are.

    Each run is done whole before the next, so that a killed one goes on where it stopped.
    Raises `Refusal` (CY003) when the store cannot be written.
    """
    waiting = [folder for folder in _folders(store.root) if _is_waiting(folder)]
    notes: list[ExactNote] = []
    touched: list[str] = []
    for done, folder in enumerate(waiting):
        progress(done, len(waiting))
        try:
            run = Run(folder.name, folder, proven_itself(folder))
        except Refusal:
            touched.append(folder.name)
        else:
            notes.append(_add(run))
    if waiting:
        progress(len(waiting), len(waiting))
    return ExactAdded(
        len(notes),
        sum(note.figures for note in notes),
        sum(note.left for note in notes),
        sum(not note.left for note in notes),
        tuple(note.run for note in notes if note.problem),
        tuple(touched),
    )


def _folders(root: Path) -> list[Path]:
    runs = root / "runs"
    return sorted(path for path in runs.iterdir() if not path.name.startswith(".")) if runs.is_dir() else []


def _is_waiting(folder: Path) -> bool:
    """Whether a run keeps doubles alone, and nothing that can be believed lies beside it yet.

    What could not be computed by one version is tried again by another.
    """
    try:
        names = pq.read_schema(folder / RESULTS_FILE).names
    except (OSError, pa.ArrowException, UnicodeDecodeError):
        return True  # whoever opens it says what is wrong
    if all(f"{name}{results.EXACT}" in names for name in FIGURES if name in names):
        return False
    note = note_beside(folder)
    if note is None or touched_beside(folder):
        return True
    return bool(note.problem) and note.code != metadata.version("piramide")


def _add(run: Run) -> ExactNote:
    kept = results.read(run.results_file)
    problem = ""
    try:
        again = recomputed(run)
    except Refusal as refusal:
        again, problem = None, refusal.findings[0].code
    except (OSError, LookupError, TypeError, ValueError, pa.ArrowException):  # as whoever opens it is told
        again, problem = None, "CY019"
    beside = Beside(kept, again)
    note: Mapping[str, Any] = {
        "since": datetime.now(UTC).date().isoformat(),
        "code": metadata.version("piramide"),
        "rules": RULES,
        "figures": beside.figures,
        "left": sum(beside.left.values()),
        "columns": dict(sorted(beside.left.items())),
        "problem": problem,
    }
    try:
        return keep_beside(run.folder, beside.table, note)
    except OSError as error:
        raise refuse("CY003", Place(str(run.folder)), problem=error.strerror or str(error)) from error


class Beside:
    """The exact figures of the doubles of a kept table, taken from the table computed again where they are the same.

    `table` has the rows of the kept one, `figures` counts those that are exact, `left` those that are not by column.
    """

    def __init__(self, kept: pa.Table, again: pa.Table | None) -> None:
        """Of `again` nothing is taken where the run cannot be computed again."""
        places = {key: place for place, key in enumerate(_keys(again))} if again is not None else {}
        rows = [places.get(key) for key in _keys(kept)]
        self.figures, self.left = 0, Counter[str]()
        columns = {name: kept.column(name) for name in KEYS}
        for name in FIGURES:
            if name in kept.column_names:
                columns[f"{name}{results.EXACT}"] = self._column(name, kept, again, rows)
        self.table = pa.table(columns)

    def _column(self, name: str, kept: pa.Table, again: pa.Table | None, rows: list[int | None]) -> pa.Array:
        doubles = kept.column(name).to_pylist()
        found = again.column(name).to_pylist() if again is not None else []
        texts = again.column(f"{name}{results.EXACT}").to_pylist() if again is not None else []
        exact: list[str | None] = []
        for double, row in zip(doubles, rows, strict=True):
            same = double is not None and row is not None and is_same(double, found[row])
            exact.append(texts[row] if same and row is not None else None)
            if double is not None:
                self.figures += same
                self.left[name] += not same
        self.left += Counter()  # forget columns of which nothing is left
        return pa.array(exact, pa.string())


def _keys(table: pa.Table) -> list[tuple[str, str]]:
    return list(zip(*(table.column(name).to_pylist() for name in KEYS), strict=True))


def differing_beside(run: Run, kept: pa.Table, again: pa.Table) -> tuple[str, Cell] | None:
    """The first thing beside a run that is not what it keeps comes to, with its file; nothing where all is.

    An exact figure is that of today's code where that comes to the double of the run. Where the rules of today come to
    another double, and give no figure of it, it is held against the double alone.
    """
    note = note_beside(run.folder)
    if note is None:
        return None
    beside = results.read(run.folder / EXACT_FILE)
    if _keys(beside) != _keys(kept):
        return EXACT_FILE, Cell("", "", "", kept.num_rows, beside.num_rows)
    today = Beside(kept, again).table
    figures = 0
    for name in FIGURES:
        column = f"{name}{results.EXACT}"
        if column not in beside.column_names:
            continue
        cells = zip(_keys(kept), *(t.column(c).to_pylist() for t, c in _asked(kept, beside, today, name)), strict=True)
        for key, double, text, now in cells:
            figures += text is not None
            if text == now or (now is None and note.rules < RULES and _is_of(text, double)):
                continue
            if text is None and (note.problem or note.code != metadata.version("piramide")):
                continue  # left by a version that could not work it out
            return EXACT_FILE, Cell(key[0], key[1], column, text, now)
    return None if figures == note.figures else (NOTE_FILE, Cell("", "", "", note.figures, figures))


def _asked(kept: pa.Table, beside: pa.Table, today: pa.Table, name: str) -> list[tuple[pa.Table, str]]:
    column = f"{name}{results.EXACT}"
    return [(kept, name), (beside, column), (today, column)]


def _is_of(text: str, double: float | None) -> bool:
    """Whether an exact number is that of a double."""
    return double is not None and abs(float(Fraction(text)) - double) <= NOISE * max(1.0, abs(double))
