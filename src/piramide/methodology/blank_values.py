"""An empty file of values to fill in: one row per figure that a structure owes, with its label, unit and target."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from piramide.kernel.numbers import format_quantity
from piramide.methodology.in_force import in_force
from piramide.methodology.model import Indicator, Node, Pack, RuleKind

COLUMNS = ("structure", "indicator", "period", "value", "note")


def blank_values(pack: Pack, period: str, structures: Sequence[str]) -> str:
    """CSV text in the format of the contract, values empty; the note says what is asked.

    A figure that everybody takes from one structure stands once, under that structure. A composite that is computed
    from its parts has no row; its parts have.
    """
    pack = in_force(pack)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    asked: dict[tuple[str, str], str] = {}
    for structure in structures:
        for owner, node, note in _asked(pack, structure, pack.sheets[structure].tree):
            asked.setdefault((owner, node), note)
    for (owner, node), note in asked.items():
        rows.writerow((owner, node, period, "", note))
    return text.getvalue()


def _asked(pack: Pack, structure: str, nodes: Iterable[Node]) -> Iterator[tuple[str, str, str]]:
    for node in nodes:
        if node.children:
            yield from _asked(pack, structure, node.children)
            continue
        indicator = pack.indicators[node.indicator]
        owner = indicator.value_from or structure
        if indicator.rule is not RuleKind.COMPOSITE or indicator.composite is None:
            yield owner, node.id, _note(node, indicator)
            continue
        in_tree = {leaf.id for leaf in _leaves(pack.sheets[structure].tree)}
        for part in indicator.composite.parts:
            if part.node not in in_tree and part.node in pack.indicators:
                yield owner, part.node, f"{pack.indicators[part.node].label} ({pack.indicators[part.node].unit})"


def _leaves(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        if node.children:
            yield from _leaves(node.children)
        else:
            yield node


def _note(node: Node, indicator: Indicator) -> str:
    if node.target is None:
        return f"{node.label} ({indicator.unit})"
    target = format_quantity(node.target, indicator.unit, indicator.rounding)
    return f"{node.label} ({indicator.unit}; {target})"
