"""Rules of the print: what the director reads and what is scored are one figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from piramide.kernel.findings import Finding
from piramide.methodology.checks.cells import machine
from piramide.methodology.model import Indicator, Node, Pack, RuleKind
from piramide.methodology.printing.reading import target_value
from piramide.methodology.printing.target_words import is_compared, read_target
from piramide.methodology.printing.tokens import Token, token


def check_prints(pack: Pack) -> Iterator[Finding]:
    """The reading of a printed target equals the target; an act or paragraph cited in its place has none (PK045)."""
    for sheet in pack.sheets.values():
        for node in sheet.leaves():
            yield from print_that_differs(node, sheet.structure, pack, pack.year)


def print_that_differs(node: Node, structure: str, pack: Pack, year: int) -> Iterator[Finding]:
    """A finding when what the act prints for the target of a leaf in a year is another target (PK045)."""
    indicator = pack.indicators.get(node.indicator)
    if indicator is None or not node.printed or token(node.printed) is Token.REFERENCE:
        return
    if indicator.rule is RuleKind.PHASES:
        yield from _day_that_differs(node, structure, pack, year)
    if node.target is None or indicator.rule is RuleKind.PHASES:
        return
    read = _reading(node, indicator, year)
    if read != node.target:
        told = "" if read is None else machine(read)
        fields = {"structure": structure, "reading": told, "unit": indicator.unit}
        yield Finding("PK045", node.place, node.label, fields, node.printed, machine(node.target))


def _day_that_differs(node: Node, structure: str, pack: Pack, year: int) -> Iterator[Finding]:
    """A finding when the day that the act prints for an objective made of phases ends none of them."""
    reading = read_target(node.printed, year)
    ends = [phase.end for phase in pack.phases.get((structure, node.id), ())]
    if reading is not None and reading.due is not None and reading.due not in ends:
        fields = {"structure": structure, "reading": f"{reading.due:%d/%m/%Y}", "unit": "milestone"}
        told = ", ".join(f"{end:%d/%m/%Y}" for end in ends)
        yield Finding("PK045", node.place, node.label, fields, node.printed, told)


def _reading(node: Node, indicator: Indicator, year: int) -> Fraction | None:
    """What the print says in the indicator's unit; none where it says nothing of the kind, or the other side."""
    reading = read_target(node.printed, year)
    if reading is not None and not is_compared(node.printed):
        reading = replace(reading, side="")  # thirty days are thirty days, whichever way they are better
    return target_value(node.printed, reading, indicator)


RULES = (check_prints,)
