"""Opening a kept run: its pack as in force then, and its results as they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from piramide.cycle.plans.earlier_boards import with_boards
from piramide.cycle.runs import results
from piramide.cycle.runs.exact_kept import results_of
from piramide.cycle.runs.rules import rules_of
from piramide.cycle.runs.store import Run, Store
from piramide.kernel.findings import Place, Refusal, refuse
from piramide.kernel.naming import nearest
from piramide.methodology.in_force import in_force, tried_on
from piramide.methodology.loading import load_pack, open_folder
from piramide.methodology.model import Pack
from piramide.scoring.reading import read_values
from piramide.scoring.result import ScoreTable, StructureScore
from piramide.scoring.values import Values


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run with its method in force and as `printed`, the values that were scored, and its results."""

    run: Run
    pack: Pack
    printed: Pack
    scores: ScoreTable
    values: Values
    as_of: date


def open_run(store: Store, prefix: str) -> OpenRun:
    """The run whose id starts with `prefix`."""
    run = store.run(prefix)
    try:
        day = date.fromisoformat(run.manifest["as_of"])
        printed = pack_of(run)
        scores = results.from_table(results_of(run.folder), printed.id, run.manifest["period"])
        return OpenRun(run, in_force(printed, day), printed, scores, values_of(run, printed), day)
    except (OSError, LookupError, TypeError, ValueError, pa.ArrowException, Refusal) as error:
        raise refuse("CY019", Place(str(run.folder)), run.id[:8]) from error


def values_of(run: Run, pack: Pack) -> Values:
    """The values that a run kept, read as its rules read them."""
    return read_values(run.values_file, pack, with_sides=rules_of(run.manifest) > 1)


def pack_of(run: Run, *, anew: bool = False) -> Pack:
    """The pack that a run kept, as printed; on the year it was tried on, where that is another.

    `anew`: read from its files, whatever was kept of them since.
    """
    read = load_pack if anew else open_folder
    printed = with_boards(read(run.pack_folder, demonstration=run.manifest["demonstration"]))
    return tried_on(printed, run.manifest.get("tried_on", 0))


def structure_of(opened: OpenRun, name: str) -> StructureScore:
    """The scored structure called `name`; refuses one that the run does not hold."""
    known = {structure.id: structure for structure in opened.scores.structures}
    if name not in known:
        near = ", ".join(nearest(name, sorted(known))) or ", ".join(sorted(known)[:5])
        raise refuse("CY011", Place(opened.run.id[:8]), name, near=near)
    return known[name]
