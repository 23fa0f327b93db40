"""An empty file of values to fill in, and the guide beside it: what each row asks, in which unit, with which target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from piramide.kernel.numbers import format_quantity
from piramide.kernel.periods import Period
from piramide.kernel.value_rows import ASKED, as_csv, rows_of
from piramide.methodology.in_force import in_force
from piramide.methodology.model import Indicator, Node, Pack, RuleKind, leaves


@dataclass(frozen=True, slots=True)
class Asked:
    """One figure that is asked: whose, of which node, at which period; its label, unit and target in words."""

    structure: str
    node: str
    period: str
    label: str
    unit: str
    target: str


def asked_values(pack: Pack, period: Period, structures: Sequence[str]) -> tuple[Asked, ...]:
    """Every figure that the sheets of `structures` ask at `period`, each once.

    A threshold over several checkpoints asks for those of the year so far. A figure that everybody takes from one
    structure stands under that structure. A composite asks for its parts.
    """
    pack = in_force(pack)
    found: dict[tuple[str, str, str], Asked] = {}
    for structure in structures:
        for asked in _of_nodes(pack, structure, pack.sheets[structure].tree, period):
            found.setdefault((asked.structure, asked.node, asked.period), asked)
    return tuple(found.values())


def blank_values(asked: Iterable[Asked]) -> str:
    """CSV text in the format of the contract, to be filled in the column `value`."""
    rows = rows_of({"structure": item.structure, "indicator": item.node, "period": item.period} for item in asked)
    return as_csv(rows, ASKED)


def guide(asked: Iterable[Asked], headings: Sequence[str], units: Callable[[str], str]) -> str:
    """The same rows in words, as a Markdown table under five `headings`; `units` names a unit."""
    lines = [" | ".join(headings), " | ".join("---" for _ in headings)]
    lines += [
        f"{a.label} | {units(a.unit)} | {a.target or '–'} | {a.period} | `{a.structure}`, `{a.node}`" for a in asked
    ]
    return "\n".join(f"| {line} |" for line in lines) + "\n"


def _of_nodes(pack: Pack, structure: str, nodes: Iterable[Node], period: Period) -> Iterator[Asked]:
    for node in leaves(nodes):
        if not node.is_at_hand:
            continue
        indicator = pack.indicators[node.indicator]
        if indicator.score_of:
            continue  # computed from the score of others
        if phases := pack.phases.get((structure, node.id)):
            for phase in phases:
                if phase.is_due(period.moment):
                    yield Asked(structure, phase.name, str(period), f"{node.label}: {phase.label}", "milestone", "100")
            continue
        if indicator.rule is not RuleKind.COMPOSITE or indicator.composite is None:
            target = "" if node.target is None else format_quantity(node.target, indicator.unit, indicator.rounding)
            yield from _over_time(indicator, structure, node.id, (node.label, target), period)
            continue
        in_tree = {leaf.id for leaf in pack.sheets[structure].leaves()}
        for part in indicator.composite.parts:
            if part.node not in in_tree and part.node in pack.indicators:
                definition = pack.indicators[part.node]
                yield from _over_time(definition, structure, part.node, (definition.label, ""), period)


def _over_time(
    indicator: Indicator, structure: str, node: str, words: tuple[str, str], period: Period
) -> Iterator[Asked]:
    label, target = words
    owner = indicator.value_from or structure
    moments = {point.moment for point in indicator.checkpoints}
    for moment in period.quarter_checkpoints() if len(moments) > 1 else ():
        if moment != period.moment and moment.checkpoint in moments:
            yield Asked(owner, node, str(moment), label, indicator.unit, target)
    yield Asked(owner, node, str(period), label, indicator.unit, target)
