"""Rules of the phases of an objective (PK047): what is asked by when adds up, and lies in the year of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from piramide.kernel.findings import Finding
from piramide.methodology.checks.cells import machine
from piramide.methodology.checks.trees import unknown_act
from piramide.methodology.model import Node, Pack, RuleKind
from piramide.methodology.phases import Phase


def check_phases(pack: Pack) -> Iterator[Finding]:
    """Phases sum to 1, end after they begin and lie in the year; what is scored by them has some, nothing else has."""
    for name, sheet in pack.sheets.items():
        for node in sheet.walk():
            phases, is_made_of_them = pack.phases.get((name, node.id), ()), _is_made_of_phases(node, pack)
            if is_made_of_them and not phases:
                yield _finding(node, name, "phases missing")
            if phases and not is_made_of_them:
                yield _finding(phases[0], name, "phases of another rule")
            total = sum((phase.weight for phase in phases), Fraction(0))
            if phases and total != 1:
                yield _finding(phases[0], name, "phases sum", stated=machine(total))
            for phase in phases:
                if phase.weight < 0:
                    yield _finding(phase, name, "phase negative", phase, stated=machine(phase.weight))
                if phase.start and phase.end < phase.start:
                    yield _finding(phase, name, "phase reversed", phase)
                elif not pack.since <= phase.end < pack.until:
                    yield _finding(phase, name, "phase outside", phase)


def _is_made_of_phases(node: Node, pack: Pack) -> bool:
    indicator = pack.indicators.get(node.indicator) if node.is_leaf else None
    return indicator is not None and indicator.rule is RuleKind.PHASES


def _finding(at: Node | Phase, structure: str, fault: str, phase: Phase | None = None, stated: str = "") -> Finding:
    node = at.node if isinstance(at, Phase) else at.id
    told = {"structure": structure, "fault": fault, "phase": f"«{phase.label}»" if phase else ""}
    return Finding("PK047", at.place, node, told, stated=stated, recomputed="1" if fault == "phases sum" else "")


def check_acts_of_phases(pack: Pack) -> Iterator[Finding]:
    """Acts that phases rest on are among those of the pack."""
    for phases in pack.phases.values():
        for phase in phases:
            yield from unknown_act(pack, phase.citation.act, phase.place, phase.node)


RULES = (check_phases, check_acts_of_phases)
