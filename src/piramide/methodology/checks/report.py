"""Every finding of a pack, and how much was proven to get there."""

from __future__ import annotations

from typing import Final

from piramide.kernel.findings import Severity
from piramide.methodology.checks import (
    aliases,
    amendments,
    chain,
    contents,
    dates,
    definitions,
    parents,
    phases,
    planning,
    prints,
    readers,
    scores,
    sheet_words,
    trees,
    weights_and_money,
    years,
)
from piramide.methodology.checks.check_report import CheckReport
from piramide.methodology.checks.identities import prove
from piramide.methodology.checks.misprints import MALFORMED
from piramide.methodology.model import Pack

RULES: Final = (
    *trees.RULES,
    *definitions.RULES,
    *scores.RULES,
    *parents.RULES,
    *dates.RULES,
    *amendments.RULES,
    *contents.RULES,
    *readers.RULES,
    *aliases.RULES,
    *prints.RULES,
    *sheet_words.RULES,
    *chain.RULES,
    *weights_and_money.RULES,
    *phases.RULES,
    *years.RULES,
    *planning.RULES,
)
"""Every rule of structure; each takes the pack and gives its findings."""


def examine(pack: Pack) -> CheckReport:
    """Check the pack: its structure first, then its published tables against their identities; notes come last."""
    found = [finding for rule in RULES for finding in rule(pack)]
    once = {(finding.code, finding.place, finding.subject, finding.stated): finding for finding in reversed(found)}
    proof = prove(pack)
    quoted = {(f.place.file, f.place.line, f.stated) for f in proof.findings if f.code == MALFORMED}
    # A code misread is told as such, and not again as a spelling variant.
    structure = (f for f in reversed(once.values()) if (f.place.file, f.place.line, f.subject) not in quoted)
    findings = sorted((*structure, *proof.findings), key=lambda f: f.level is Severity.NOTE)
    return CheckReport(tuple(findings), proof.relations, proof.failing, proof.identities, proof.proven)
