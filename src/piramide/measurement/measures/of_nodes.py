"""Measures of one node: those whose filter names `node`, and what is computed from them.

Where many nodes of the sheets share one indicator (the projects of a plan), the measure is declared once, and `node`
stands for the id of the node that is measured: `project = node` counts for each project its own rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sqlglot import exp

from piramide.methodology.measures import Measure
from piramide.methodology.model import Node, Pack, walk

NODE: Final = "node"
"""The name that stands for the id of the node measured."""
_WORD: Final = re.compile(r"[A-Za-z_]\w*")


def compiled_name(measure: str, node: str) -> str:
    """What a plan calls a measure for one node; the measure itself when it is the same for every node."""
    return f"{measure} of {node}" if node else measure


def with_node(tree: exp.Expr, node: str) -> exp.Expr:
    """A condition with the id of a node in the place of `node`."""
    return tree.transform(
        lambda part: exp.Literal.string(node) if isinstance(part, exp.Column) and part.sql() == NODE else part
    )


def nodes_of(pack: Pack) -> Mapping[str, tuple[str, ...]]:
    """For each measure that is not the same for every node, the nodes whose indicator reads it.

    A measure of which no indicator makes use has none.
    """
    reading = of_nodes(pack.measures)
    if not reading:
        return {}
    wanted = {
        name: measures_read(indicator.formula, pack.measures) & reading for name, indicator in pack.indicators.items()
    }
    nodes = [node for sheet in pack.sheets.values() for node in leaves(sheet.tree)]
    return {
        name: tuple(dict.fromkeys(node.id for node in nodes if name in wanted.get(node.indicator, frozenset())))
        for name in sorted(reading)
    }


def of_nodes(measures: Mapping[str, Measure]) -> frozenset[str]:
    """Ids of the measures that read the node, themselves or through what they are computed from."""
    found = {name for name, measure in measures.items() if NODE in _WORD.findall(_unquoted(measure.filter))}
    while found:
        more = {n for n, m in measures.items() if n not in found and not found.isdisjoint(_WORD.findall(m.formula))}
        if not more:
            break
        found |= more
    return frozenset(found)


def measures_read(formula: str, measures: Mapping[str, Measure]) -> frozenset[str]:
    """Every measure that a formula reads, down to those of datasets."""
    found: set[str] = set()
    waiting = _WORD.findall(formula)
    while waiting:
        name = waiting.pop()
        if name in measures and name not in found:
            found.add(name)
            waiting += _WORD.findall(measures[name].formula)
    return frozenset(found)


def _unquoted(text: str) -> str:
    return re.sub(r"'[^']*'", "''", text)


def leaves(nodes: Iterable[Node]) -> Iterator[Node]:
    """Nodes that carry an indicator, in the order of the paper."""
    return (node for node in walk(nodes) if node.indicator)
