"""What of a whole store is not as it was kept: its ledger, its runs and its assignments, read in full."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from piramide.cycle.assignments import touched_assignments
from piramide.cycle.runs.seals import proven_in_full
from piramide.cycle.runs.store import FORMAT, Store
from piramide.kernel.findings import Finding, Refusal, Severity
from piramide.measurement.facts_check.seals import check_seals
from piramide.measurement.ledger.store import Ledger


def touched_in(root: Path) -> Iterator[Finding]:
    """Every file of the ledger and the first of every run and assignment that is not the one that was kept.

    A store of an earlier format has no seals to hold it against.
    """
    if Store(root).format != FORMAT:
        return
    yield from (finding for finding in check_seals(Ledger(root)) if finding.level is Severity.ERROR)
    runs = root / "runs"
    for folder in sorted(path for path in runs.iterdir() if not path.name.startswith(".")) if runs.is_dir() else []:
        try:
            proven_in_full(folder)
        except Refusal as refusal:
            yield from refusal.findings
    yield from touched_assignments(root)
