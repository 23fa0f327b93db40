"""Rules of the targets of later years: rules that can be read, prints that say the target, acts that are there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from piramide.kernel.expressions import parse
from piramide.kernel.findings import Finding, Refusal
from piramide.methodology.checks.prints import print_that_differs
from piramide.methodology.checks.trees import unknown_act
from piramide.methodology.model import Node, Pack
from piramide.methodology.years import GIVEN, YearTarget


def check_years(pack: Pack) -> Iterator[Finding]:
    """A rule is arithmetic over parameters, target and result of the year before (KN2xx); a print is read (PK045)."""
    names = GIVEN | set(pack.parameters)
    for node, target in _targets(pack):
        yield from unknown_act(pack, target.citation.act, target.place, target.node)
        if target.target_rule:
            try:
                parse(target.target_rule, names, target.place)
            except Refusal as refusal:
                yield from refusal.findings
        asked = replace(node, target=target.target, printed=target.printed, place=target.place)
        yield from print_that_differs(asked, target.structure, pack, target.year)


def _targets(pack: Pack) -> Iterator[tuple[Node, YearTarget]]:
    for name, sheet in pack.sheets.items():
        for node in sheet.leaves():
            for target in pack.years.get((name, node.id), ()):
                yield node, target


RULES = (check_years,)
