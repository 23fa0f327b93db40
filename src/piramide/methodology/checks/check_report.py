"""What a check of a pack says."""

from __future__ import annotations

from dataclasses import dataclass

from piramide.kernel.findings import Finding


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check says.

    `relations` is how many relations between printed figures were evaluated, `failing` how many of them do not hold
    (several may come from one misprint), `identities` how many the pack declares and `proven` how many hold everywhere.
    """

    findings: tuple[Finding, ...]
    relations: int = 0
    failing: int = 0
    identities: int = 0
    proven: int = 0
