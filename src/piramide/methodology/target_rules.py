"""Targets computed from history (R10-R12, R24, R29, R30): the rule is an expression, its inputs are in the pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache

from piramide.kernel.expressions import Expression, parse
from piramide.kernel.findings import Finding, Place, Refusal
from piramide.methodology.awaited import Awaited
from piramide.methodology.model import Node, Pack, Sheet, walk
from piramide.methodology.years import GIVEN

NATION = "nazionale"


def with_computed_targets(pack: Pack, day: date) -> Pack:
    """The pack with every `target_rule` computed from its history and the parameters in force on `day`.

    A printed target wins over its rule; a rule whose inputs are not all known leaves the target absent. Refuses every
    rule that is no arithmetic over known names at once.
    """
    rules = TargetRules.of(pack, day)
    findings: dict[tuple[str, Place], Finding] = {}
    sheets = {}
    for key, sheet in pack.sheets.items():
        faults = list(_faults(sheet.tree, rules)) if has_rules(sheet.tree) else []
        findings |= {(fault.code, fault.place): fault for fault in faults}
        sheets[key] = sheet if faults or not has_rules(sheet.tree) else rules.sheet(sheet)
    if findings:
        raise Refusal(*findings.values())
    return replace(pack, sheets=sheets)


def has_rules(nodes: tuple[Node, ...]) -> bool:
    """Whether a target at or below these nodes is computed."""
    return any(node.target_rule for node in walk(nodes))


@dataclass(frozen=True, slots=True)
class TargetRules:
    """The inputs of target rules on one day: parameters in force, and history by structure and node.

    What the year before asked and came to (`GIVEN`) may be named before it is known: there is no target then.
    """

    constants: Mapping[str, Fraction]
    names: frozenset[str]
    history: Mapping[tuple[str, str], Mapping[str, Fraction]]
    ahead: Mapping[str, Awaited]

    @classmethod
    def of(cls, pack: Pack, day: date) -> TargetRules:
        """Those of the pack on `day`; a parameter that has no value yet is an unknown input."""
        dated = {
            key: [value for since, value, _ in parameter.values if since <= day]
            for key, parameter in pack.parameters.items()
        }
        constants = {key: values[-1] for key, values in dated.items() if values}
        ahead = {
            key: Awaited(parameter.label, parameter.values[0][0])
            for key, parameter in pack.parameters.items()
            if key not in constants
        }
        return cls(constants, GIVEN.union(dated, *pack.history.values()), pack.history, ahead)

    def sheet(self, sheet: Sheet) -> Sheet:
        """The sheet with its targets computed."""
        return replace(
            sheet, tree=tuple(node.mapped(lambda one: self._node(one, sheet.structure)) for node in sheet.tree)
        )

    def target(self, node: Node, structure: str) -> Fraction | None:
        """The target of a leaf: as printed, else by its rule, else `None`."""
        if not node.target_rule or (node.target is not None and not node.is_target_computed):
            return node.target
        inputs: dict[str, Fraction | None] = dict.fromkeys(self.names)
        inputs |= self.constants
        for owner in (NATION, structure):
            inputs |= self.history.get((owner, node.id), {})
        return self.rule(node).evaluate(inputs)

    def rule(self, node: Node) -> Expression:
        """The rule of a leaf; refuses what is no arithmetic over known names, with the place of the leaf."""
        try:
            return _parsed(node.target_rule, self.names)
        except Refusal as refusal:
            raise Refusal(*(replace(finding, place=node.place) for finding in refusal.findings)) from refusal

    def _node(self, node: Node, structure: str) -> Node:
        if node.children:
            return node
        target = self.target(node, structure)
        if target is None and node.target_rule:
            return replace(node, target=None, awaits=self._awaited(node))
        return node if target == node.target else replace(node, target=target, is_target_computed=True, awaits=None)

    def _awaited(self, node: Node) -> Awaited | None:
        """The last to begin of the parameters that the rule reads and that have no value yet."""
        ahead = [self.ahead[name] for name in self.rule(node).names if name in self.ahead]
        return max(ahead, key=lambda awaited: awaited.since, default=None)


def _faults(nodes: tuple[Node, ...], rules: TargetRules) -> Iterator[Finding]:
    for node in walk(nodes):
        if node.target_rule:
            try:
                rules.rule(node)
            except Refusal as refusal:
                yield from refusal.findings


@cache
def _parsed(text: str, names: frozenset[str]) -> Expression:
    return parse(text, names)
