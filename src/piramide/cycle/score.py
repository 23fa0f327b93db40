"""Score: a pack, values and a period become results, and a run that can be verified."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import pyarrow as pa

from piramide.cycle.runs import results
from piramide.cycle.runs.implausible_parents import at_the_cap, implausible_parents
from piramide.cycle.runs.measured_from import FACTS, MeasuredFrom, as_text, measured_from
from piramide.cycle.runs.rules import RULES
from piramide.cycle.runs.seals import canonical_hash, manifest_text, run_id
from piramide.cycle.runs.store import FORMAT, Store
from piramide.kernel.durable import put
from piramide.kernel.findings import Finding, Place, refuse, refuse_if_errors
from piramide.kernel.periods import Period, parse_period
from piramide.kernel.sealing import SEAL, digest_of, seal_of
from piramide.methodology.checks.dates import check_organisation
from piramide.methodology.checks.phases import check_phases
from piramide.methodology.checks.trees import check_something_weighs, check_weights_sum_to_one
from piramide.methodology.checks.weights_and_money import check_guests
from piramide.methodology.in_force import in_force, last_day, tried_on
from piramide.methodology.loading import find_pack, open_folder
from piramide.methodology.model import Pack
from piramide.scoring.plan import compile_plan
from piramide.scoring.plausible import doubtful_values
from piramide.scoring.reading import read_values
from piramide.scoring.result import ScoreTable
from piramide.scoring.score import score_plan
from piramide.scoring.tabulate import tabulate
from piramide.scoring.unseen import unseen_checkpoints
from piramide.scoring.value_table import rows_of_values, values_of_rows
from piramide.scoring.values import Values


@dataclass(frozen=True, slots=True, eq=False)
class ValuesAtHand:
    """Values that are in no file: their rows, what they were measured from, and what messages call them."""

    rows: pa.Table
    facts: MeasuredFrom | None = None
    source: str = "rows"


@dataclass(frozen=True, slots=True)
class Request:
    """What a user asks to be scored; texts as given, empty for the default.

    `values` is a file, or rows at hand. `tried_on` is another year on whose facts the method is tried, 0 for the pack's
    own.
    """

    pack: str
    values: Path | ValuesAtHand
    period: str
    structures: tuple[str, ...] = ()
    as_of: str = ""
    known_on: str = ""
    demonstration: bool = False
    tried_on: int = 0


@dataclass(frozen=True, slots=True)
class Scored:
    """Results of a request with everything that a run keeps of them."""

    pack: Pack
    scores: ScoreTable
    results: pa.Table
    values: pa.Table
    manifest: dict[str, Any]
    findings: tuple[Finding, ...]

    @property
    def run_id(self) -> str:
        """SHA-256 of the manifest: input hashes and result hash, no clock."""
        return run_id(self.manifest)


def compute(pack: Pack, values: Values, period: Period, request: Request) -> Scored:
    """Score `values` under the method in force on the day the request names."""
    day = day_of(request.as_of, pack, period)
    method = in_force(pack, day)
    scored = score_plan(compile_plan(method, period, request.structures or None, day), values)
    scores = tabulate(scored)
    table, scored_table = rows_of_values(values), results.as_table(scores)
    manifest = {
        "format": FORMAT,
        "rules": RULES,
        "pack": pack.id,
        "demonstration": request.demonstration,
        "period": str(period),
        "as_of": day.isoformat(),
        "known_on": request.known_on,
        "structures": list(request.structures),
        "inputs": {
            "method": pack.hash,
            "values": results.digest(table),
            "organisation": organisation_hash(pack, day),
            "code": metadata.version("piramide"),
        },
        "results": results.digest(scored_table),
    }
    if request.tried_on:
        manifest["tried_on"] = request.tried_on
    parents = (*implausible_parents(method, scores, values, period.moment, day), *at_the_cap(method, scores, day))
    findings = (*values.findings, *unseen_checkpoints(scored), *doubtful_values(method, scores), *parents)
    return Scored(method, scores, scored_table, table, manifest, findings)


def score(request: Request, folders: list[Path], store: Store) -> Scored:
    """Score a request and keep the run, with what its values were measured from."""
    folder = find_pack(request.pack, folders)
    pack = tried_on(open_folder(folder, demonstration=request.demonstration), request.tried_on)
    period = parse_period(request.period)
    remarks = _known_on(request)
    scored = compute(pack, _values(request.values, pack), period, request)
    refuse_if_errors(_unsound(scored))
    given = request.values
    facts = given.facts if isinstance(given, ValuesAtHand) else measured_from(store.root, given)
    store.keep(scored.run_id, lambda draft: _write(scored, folder, facts, draft))
    return replace(scored, findings=(*remarks, *scored.findings))


def _values(given: Path | ValuesAtHand, pack: Pack) -> Values:
    return (
        values_of_rows(given.rows, pack, given.source) if isinstance(given, ValuesAtHand) else read_values(given, pack)
    )


def _unsound(scored: Scored) -> Iterator[Finding]:
    """What makes an index meaningless: no weight or weights that do not sum to one, an impossible organisation."""
    sheets = {structure.id: scored.pack.sheets[structure.id] for structure in scored.scores.structures}
    pack = replace(scored.pack, sheets=sheets)
    if not sheets and not pack.empty_trees:
        yield Finding("PK056", Place("trees/"), pack.id)
    yield from check_guests(pack)
    yield from check_something_weighs(pack)
    yield from check_weights_sum_to_one(pack)
    yield from check_phases(pack)
    yield from check_organisation(scored.pack)


def _write(scored: Scored, pack_folder: Path, facts: MeasuredFrom | None, draft: Path) -> None:
    shutil.copytree(pack_folder, draft / "pack", ignore=shutil.ignore_patterns(".*", "__pycache__"))
    results.write(scored.values, draft / "values.parquet")
    results.write(scored.results, draft / "results.parquet")
    names = ["values.parquet", "results.parquet"]
    if facts:
        put(draft / FACTS, as_text(facts))
        names.append(FACTS)
    files = {name: digest_of(draft / name) for name in names}
    manifest = scored.manifest | {"files": files}
    put(draft / "manifest.json", manifest_text(manifest | {SEAL: seal_of(manifest)}))


def day_of(text: str, pack: Pack, period: Period) -> date:
    """The day of organisation and method: as asked, else the last day of the period inside the pack's validity."""
    return day_within(text, pack) if text else min(period.end - timedelta(days=1), last_day(pack))


def day_within(text: str, pack: Pack) -> date:
    """A day for which the pack holds; refuses what is no day (CY010), and a day outside its validity (CY015)."""
    day = _day(text, "--as-of")
    if not pack.since <= day < pack.until:
        raise refuse("CY015", Place("--as-of"), pack.id, day=day, since=pack.since, until=pack.until)
    return day


def _known_on(request: Request) -> tuple[Finding, ...]:
    """Values files carry no day learned: everything in them is known, whatever the day asked for, and that is said."""
    if not request.known_on:
        return ()
    day = _day(request.known_on, "--known-on")
    source = request.values.source if isinstance(request.values, ValuesAtHand) else str(request.values)
    return (Finding("CY016", Place(source), fields={"day": day}),)


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise refuse("CY010", Place(option), given=text) from error


def organisation_hash(pack: Pack, day: date) -> str:
    """`sha256:` over the structures in force on `day`."""
    structures = [asdict(s) for s in pack.organisation.on(day).structures.values()]
    return canonical_hash(structures)
