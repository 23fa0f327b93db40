"""The checks in the order in which a reader wants them: what cannot be right, what is missing, what is unusual."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from piramide.kernel.findings import Finding, Place, Severity, refuse
from piramide.kernel.organisation import Organisation
from piramide.measurement.contract import WORK, contracts
from piramide.measurement.facts_check.completeness import check_completeness, check_estimated, check_late_loads
from piramide.measurement.facts_check.control import check_balance
from piramide.measurement.facts_check.flows import check_flows
from piramide.measurement.facts_check.jumps import check_jumps
from piramide.measurement.facts_check.plain import check_plain
from piramide.measurement.facts_check.seals import check_seals
from piramide.measurement.facts_check.summary import summarise
from piramide.measurement.facts_check.work import check_work
from piramide.measurement.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """The ledger to check, the organisation of a pack to check it with, and control totals if there are any."""

    ledger: Ledger
    organisation: Organisation
    pack: str
    control: Path | None = None


def check_facts(request: CheckRequest) -> Iterator[Finding]:
    """Every finding of the ledger. Raises `Refusal` (FA011, FA053) for control totals that cannot be read."""
    ledger = request.ledger
    touched = list(check_seals(ledger))
    yield from touched
    if any(finding.level is Severity.ERROR for finding in touched):
        return  # what other checks would say of touched facts means nothing
    if not ledger.all_loads():
        yield Finding("FA050", Place(str(ledger.root)))
        if request.control:
            raise refuse("FA053", Place(str(request.control)), problem=str(ledger.root))
        return
    codes = ledger.codes()
    summaries = [summarise(ledger, of) for of in contracts().values() if ledger.loads(of.id)]
    known = set(request.organisation.ids())
    for summary in summaries:
        if summary.contract.id == WORK:
            yield from check_work(ledger)
            yield from check_flows(ledger)
        else:
            yield from check_plain(ledger, summary.contract)
        for name in sorted({codes.structures[position] for position in summary.structures()} - known):
            fields = {"structure": name, "pack": request.pack}
            yield Finding("FA051", Place(str(ledger.folder / summary.contract.id)), summary.contract.id, fields)
    if request.control:
        yield from check_balance(request.control, ledger, request.organisation)
    for summary in summaries:
        yield from check_completeness(summary, codes)
        yield from check_late_loads(ledger, summary.contract)
        yield from check_estimated(summary, codes)
        yield from check_jumps(summary, codes)
