"""Targets computed from history (R10-R12, R24, R29, R30): the rule is an expression, its inputs are in the pack."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from piramide.kernel.expressions import parse
from piramide.methodology.model import Node, Pack, Sheet

NATION = "nazionale"


def with_computed_targets(pack: Pack) -> Pack:
    """The pack with every `target_rule` computed; a rule whose inputs are not all known leaves the target absent."""
    constants = {key: parameter.values[-1][1] for key, parameter in pack.parameters.items()}
    names = set(constants).union(*pack.history.values()) if pack.history else set(constants)
    rules = _Rules(pack, constants, names)
    return replace(pack, sheets={key: rules.sheet(sheet) for key, sheet in pack.sheets.items()})


class _Rules:
    def __init__(self, pack: Pack, constants: dict[str, Fraction], names: set[str]) -> None:
        self._pack, self._constants, self._names = pack, constants, names

    def sheet(self, sheet: Sheet) -> Sheet:
        return replace(sheet, tree=tuple(self._node(node, sheet.structure) for node in sheet.tree))

    def _node(self, node: Node, structure: str) -> Node:
        if node.children:
            return replace(node, children=tuple(self._node(child, structure) for child in node.children))
        if not node.target_rule or node.target is not None:
            return node
        inputs: dict[str, Fraction | None] = dict.fromkeys(self._names)
        inputs |= self._constants
        for owner in (NATION, structure):
            inputs |= self._pack.history.get((owner, node.id), {})
        rule = parse(node.target_rule, self._names, node.place)
        return replace(node, target=rule.evaluate(inputs))
