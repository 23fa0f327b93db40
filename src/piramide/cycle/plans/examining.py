"""Every finding of a pack, and the proofs of its identities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from piramide.cycle.plans.packs import open_pack
from piramide.kernel.findings import Severity
from piramide.measurement.measures.check import check_measures
from piramide.methodology.checks.check_report import CheckReport
from piramide.methodology.checks.identities import ProofLine, proof_lines
from piramide.methodology.checks.report import examine
from piramide.methodology.model import Pack


def examined(pack: Pack) -> CheckReport:
    """Every finding of a pack."""
    report = examine(pack)
    findings = sorted((*report.findings, *check_measures(pack)), key=lambda f: f.level is Severity.NOTE)
    return replace(report, findings=tuple(findings))


def proofs(name: str, identity: str, folders: Iterable[Path] = ()) -> tuple[ProofLine, ...]:
    """Stated and recomputed figures of the identities of a pack whose id contains `identity`."""
    return proof_lines(open_pack(name, folders), identity)
