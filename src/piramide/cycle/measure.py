"""Measure: a pack, a store of facts and a period become values that can be scored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from piramide.cycle.runs.measured_from import MeasuredFrom, measured_now, note_measured
from piramide.cycle.runs.store import Store
from piramide.cycle.score import day_of
from piramide.kernel.findings import Place, refuse, refuse_if_errors
from piramide.kernel.naming import nearest
from piramide.kernel.periods import parse_period
from piramide.kernel.value_rows import write
from piramide.measurement import measure as room
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.measure import Measurement
from piramide.measurement.pinned import last_loads
from piramide.methodology.checks import parents
from piramide.methodology.in_force import in_force
from piramide.methodology.loading import find_pack, open_folder
from piramide.methodology.model import Pack
from piramide.scoring.plan import refuse_outside

__all__ = ["Measurement", "Request", "gives_facts", "measure", "measured"]


@dataclass(frozen=True, slots=True)
class Request:
    """What a user asks to be measured; texts as given, empty for the default."""

    pack: str
    period: str
    structures: tuple[str, ...] = ()
    as_of: str = ""
    known_on: str = ""
    engine: str = ""
    demonstration: bool = False


def measure(
    request: Request, folders: list[Path], store: Path, out: Path, progress: Callable[[str, int, int], None]
) -> Measurement:
    """Measure a request and write the values file. Refuses what `measured` refuses, and ME014 a file not written."""
    answer, facts = measured(request, folders, store, progress)
    try:
        write(answer.rows, out)
    except OSError as error:
        raise refuse("ME014", Place(str(out)), problem=error.strerror or str(error)) from error
    note_measured(store, out, facts)
    return answer


def measured(
    request: Request, folders: list[Path], store: Path, progress: Callable[[str, int, int], None]
) -> tuple[Measurement, MeasuredFrom]:
    """Measure a request: the values, and what they were measured from.

    Raises `Refusal`: PK049, PK053 for parents that cannot be measured, ME0xx for facts that cannot be used.
    """
    Store(store).check()
    pack = open_folder(find_pack(request.pack, folders), demonstration=request.demonstration)
    period = parse_period(request.period)
    refuse_outside(pack, period)
    day = day_of(request.as_of, pack, period)
    known_on = _day(request.known_on) if request.known_on else None
    method = in_force(pack, day)
    if not method.phases and not any(measure.dataset for measure in method.measures.values()):
        raise refuse("ME021", Place("measures.yaml"), pack.id)
    for name in request.structures:
        if name not in pack.sheets:
            near = ", ".join(nearest(name, pack.sheets)) or "–"
            raise refuse("ME020", Place("--structure"), name, pack=pack.id, near=near)
    refuse_if_errors(finding for rule in parents.RULES for finding in rule(method))
    scope = room.Scope(method, period, day, known_on, request.structures, request.engine)
    answer = room.measure(store, scope, progress)
    return answer, measured_now(store, answer.loads, day.isoformat(), request.known_on)


def gives_facts(pack: Pack, store: Path) -> bool:
    """Whether anything was loaded that a measure of the pack reads."""
    loaded = last_loads(Ledger(store))
    return any(measure.dataset in loaded for measure in pack.measures.values())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise refuse("CY010", Place("--known-on"), given=text) from error
