"""Rules of the chain: every line is carried, every objective leads to one, and the acts it rests on are there."""

from __future__ import annotations

from collections.abc import Iterator

from piramide.kernel.findings import Finding, Place
from piramide.methodology.carried import Carrying
from piramide.methodology.checks.trees import unknown_act
from piramide.methodology.citation import Citation
from piramide.methodology.model import Pack


def check_lines_are_carried(pack: Pack) -> Iterator[Finding]:
    """Something carries each line (PK043); a level of which nothing carries any line is told once."""
    carrying = Carrying(pack)
    loose = {line.id for line in carrying.loose_lines}
    for level in pack.chain.levels.values():
        lines = tuple(pack.chain.of_level(level.id))
        alone = [line for line in lines if line.id in loose]
        if lines and len(alone) == len(lines) > 1:
            yield Finding("PK043", level.place, level.label, {"count": len(lines)})
        else:
            yield from (Finding("PK043", line.place, line.id) for line in alone)


def check_objectives_lead_to_a_line(pack: Pack) -> Iterator[Finding]:
    """An objective leads to a line, where there is a chain (PK044)."""
    carrying = Carrying(pack)
    nodes = {(name, node.id): node for name, sheet in pack.sheets.items() for node in sheet.walk()}
    level = pack.chain.levels[carrying.top].label if carrying.top else ""
    for carrier in carrying.loose:
        entry = carrying.entry(carrier)
        told = {"structure": carrier[0], "id": carrier[1]}
        if entry:
            yield Finding("PK044", entry.place, entry.label, told | {"level": level})
        else:
            yield Finding("PK044", nodes[carrier].place, nodes[carrier].label, told)


def check_acts_of_the_chain(pack: Pack) -> Iterator[Finding]:
    """Acts that the chain rests on are among those of the pack."""
    chain = pack.chain
    cited: list[tuple[Citation, Place, str]] = [(one.citation, one.place, one.id) for one in chain.levels.values()]
    cited += [(line.citation, line.place, line.id) for line in chain.lines.values()]
    cited += [(link.citation, link.place, link.node) for link in chain.links]
    cited += [(risk.citation, risk.place, risk.node) for risk in chain.risks]
    cited += [(entry.citation, entry.place, entry.id) for entry in chain.register]
    for citation, place, subject in cited:
        yield from unknown_act(pack, citation.act, place, subject)


RULES = (check_lines_are_carried, check_objectives_lead_to_a_line, check_acts_of_the_chain)
