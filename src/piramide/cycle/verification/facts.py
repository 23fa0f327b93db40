"""From a run down to the loads that its values were measured from: are they still what they were?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from piramide.cycle.runs.measured_from import MeasuredFrom, kept_with
from piramide.cycle.runs.store import Run
from piramide.kernel.findings import Finding, Refusal, Severity
from piramide.measurement.facts_check.seals import check_chain
from piramide.measurement.ledger.store import MANIFEST, SEALED_SINCE, Ledger


@dataclass(frozen=True, slots=True)
class FactsProved:
    """What became of the loads of a run: how many were read in full, the first file that is not what it was.

    `since` is the latest day on which some of them were sealed as they were found: what was before, nobody can prove.
    `bound` is whether the run itself keeps their seals.
    """

    loads: int
    bound: bool
    since: date | None = None
    touched: str = ""
    kept: Any = None
    found: Any = None

    def as_json(self) -> dict[str, Any]:
        """As `verify --facts --json` tells it."""
        since = self.since.isoformat() if self.since else None
        return {"loads": self.loads, "bound": self.bound, "sealed_since": since}


def prove_facts(store: Path, run: Run) -> FactsProved:
    """Read every file of the loads that a run was measured from, and hold them against their seals and those it keeps.

    A run of values that nothing was measured for has no loads, and nothing to prove.
    """
    made = kept_with(run.folder)
    if made is None or not made.loads:
        return FactsProved(0, bound=True)
    ledger = Ledger(store)
    try:
        codes = ledger.codes()
    except Refusal as refusal:
        return _wrong(store, refusal.findings[0], 0)
    count, days = 0, []
    for dataset, last in sorted(made.loads.items()):
        found = list(check_chain(ledger, dataset, codes, last))
        for finding in found:
            if finding.level is Severity.ERROR:
                return _wrong(store, finding, count)
        if wrong := _seal(store, ledger, made, dataset):
            return wrong
        loads = [load for load in ledger.loads(dataset) if load.id <= last]
        days += [str(load.manifest[SEALED_SINCE]) for load in loads if SEALED_SINCE in load.manifest]
        count += len(loads)
    since = date.fromisoformat(max(days)) if days else None
    return FactsProved(count, bool(made.seals), since)


def _seal(store: Path, ledger: Ledger, made: MeasuredFrom, dataset: str) -> FactsProved | None:
    """The load that a run names last, where it is gone or has another seal than the run keeps."""
    last = made.loads[dataset]
    path = ledger.folder / dataset / last / MANIFEST
    found = next((load.seal for load in ledger.loads(dataset) if load.id == last), None)
    kept = made.seals.get(dataset, found)
    if found is not None and found == kept:
        return None
    return FactsProved(0, bool(made.seals), None, str(path.relative_to(store)), kept, found)


def _wrong(store: Path, finding: Finding, count: int) -> FactsProved:
    path = Path(finding.place.file)
    name = str(path.relative_to(store)) if path.is_relative_to(store) else str(path)
    return FactsProved(count, bound=True, touched=name, found=finding.message())
