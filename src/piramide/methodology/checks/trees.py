"""Rules of the weighted trees: one function per rule, the docstring is the rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from piramide.kernel.findings import Finding, Place, Refusal
from piramide.kernel.naming import nearest, slug
from piramide.methodology.checks.cells import machine
from piramide.methodology.model import Composite, Node, NodeKind, Pack, RuleKind, Sheet, walk
from piramide.methodology.weights import is_print_rounding, total_of

_LEAVES = frozenset({NodeKind.INDICATOR, NodeKind.COMPOSITE})
_RELATIVE = frozenset({RuleKind.GAP_UP, RuleKind.GAP_DOWN, RuleKind.RATIO_POINTS})


def check_weights_sum_to_one(pack: Pack) -> Iterator[Finding]:
    """Sibling weights add up to 1, so that a score keeps the scale of its parts.

    What the print leaves open (33.3 % three times) is a warning and is scored on its own scale; more is an error. A
    group in which everything is only reported (weight 0) has nothing to add up.
    """
    for sheet in pack.sheets.values():
        yield from _weights(sheet.tree, sheet, sheet.structure)
        for node in sheet.parents():
            yield from _weights(node.children, sheet, node.label)


def _weights(siblings: tuple[Node, ...], sheet: Sheet, parent: str) -> Iterator[Finding]:
    total = total_of(siblings)
    if total == 1 or not any(node.weight for node in siblings):
        return
    children = ", ".join(f"{node.id} ({machine(node.weight)})" for node in siblings)
    yield Finding(
        "PK052" if is_print_rounding(siblings) else "PK002",
        siblings[0].place,
        parent,
        {"structure": sheet.structure, "children": children, "likely": _likely(siblings)},
        stated=machine(total),
        recomputed="1",
        difference=machine(total - 1),
    )


def _likely(siblings: tuple[Node, ...]) -> str:
    """The share that equal weights most likely stand for, as 1/n; empty where they differ."""
    weighing = [node.weight for node in siblings if node.weight]
    return f"1/{len(weighing)}" if len(set(weighing)) == 1 else ""


def check_something_weighs(pack: Pack) -> Iterator[Finding]:
    """A sheet has objectives, and so has each group that weighs: where all below weighs nothing there is no index."""
    for path in pack.empty_trees:
        yield Finding("PK056", Place(path, 1), pack.id)
    for sheet in pack.sheets.values():
        if not any(map(_weighs, sheet.tree)):
            yield Finding("PK056", sheet.tree[0].place if sheet.tree else Place("trees/"), sheet.structure)
        for node in sheet.parents():
            if node.weight and not any(map(_weighs, node.children)):
                yield Finding("PK056", node.place, node.id)


def _weighs(node: Node) -> bool:
    """Whether a node has a weight, or is a guest and will have one."""
    return bool(node.weight or node.weight_rule)


def check_weights_are_not_negative(pack: Pack) -> Iterator[Finding]:
    """A weight is a share: never below zero, even where the siblings make up for it."""
    for sheet in pack.sheets.values():
        for node in walk(sheet.tree):
            if node.weight < 0:
                fields = {"structure": sheet.structure}
                yield Finding("PK027", node.place, node.id, fields, stated=machine(node.weight))


def check_leaves_have_an_indicator(pack: Pack) -> Iterator[Finding]:
    """A node with nothing below it is an indicator or a composite, and names its definition."""
    for sheet in pack.sheets.values():
        for node in walk(sheet.tree):
            if node.is_leaf and node.is_at_hand and (not node.indicator or node.kind not in _LEAVES):
                yield Finding("PK003", node.place, node.id, {"structure": sheet.structure})


def check_leaves_have_a_definition(pack: Pack) -> Iterator[Finding]:
    """The indicator that a leaf names is defined in the pack."""
    for sheet in pack.sheets.values():
        for node in walk(sheet.tree):
            if node.is_leaf and node.kind in _LEAVES and node.indicator and node.indicator not in pack.indicators:
                near = ", ".join(nearest(node.indicator, pack.indicators))
                yield Finding("PK001", node.place, node.id, {"kind": "indicator", "name": node.indicator, "near": near})


def check_relative_targets_are_positive(pack: Pack) -> Iterator[Finding]:
    """A rule that divides by the target needs one above zero (R1)."""
    for sheet in pack.sheets.values():
        for node in walk(sheet.tree):
            indicator = pack.indicators.get(node.indicator) if node.is_leaf else None
            if indicator and indicator.rule in _RELATIVE and node.target is not None and node.target <= 0:
                fields = {"structure": sheet.structure, "rule": indicator.rule.value}
                yield Finding("PK006", node.place, node.id, fields, stated=machine(node.target))


def check_relative_leaves_have_a_target(pack: Pack) -> Iterator[Finding]:
    """A leaf that is measured against a target has one, or a rule that gives it: without, it has no index."""
    for sheet in pack.sheets.values():
        for node in walk(sheet.tree):
            indicator = pack.indicators.get(node.indicator) if node.is_leaf else None
            has_target = node.target is not None or bool(node.target_rule)
            if indicator and indicator.rule in _RELATIVE and node.weight and not has_target:
                yield Finding("PK054", node.place, node.label, {"structure": sheet.structure, "node": node.id})


def check_ids_are_slugs(pack: Pack) -> Iterator[Finding]:
    """The id of a node is the slug of its label, followed by that of its sub-dimension where two would be equal."""
    slugs: dict[str, str] = {}
    for sheet in pack.sheets.values():
        for node in walk(sheet.tree):
            try:
                expected = slugs.get(node.label) or slugs.setdefault(node.label, slug(node.label))
            except Refusal as refusal:
                yield from (replace(finding, place=node.place) for finding in refusal.findings)
                continue
            if node.id != expected and not node.id.startswith(f"{expected}_"):
                fields = {"structure": sheet.structure, "name": node.id, "expected": expected}
                yield Finding("PK022", node.place, node.label, fields)


def check_parts_of_composites(pack: Pack) -> Iterator[Finding]:
    """The parts of a composite are nodes of its structure, or indicators, and none is the composite itself."""
    for sheet in pack.sheets.values():
        known = {node.id: node for node in walk(sheet.tree)}
        for node in known.values():
            composite = _composite(pack, node)
            for part in composite.parts if composite else ():
                if part.node not in known and part.node not in pack.indicators:
                    near = ", ".join(nearest(part.node, [*known, *pack.indicators]))
                    yield Finding("PK001", node.place, node.id, {"kind": "node", "name": part.node, "near": near})
            cycle = _cycle(pack, known, node.id)
            if cycle and node.id == min(cycle):
                yield Finding("PK007", node.place, node.id, {"cycle": " → ".join((*cycle, cycle[0]))})


def _composite(pack: Pack, node: Node) -> Composite | None:
    indicator = pack.indicators.get(node.indicator) if node.is_leaf else None
    return indicator.composite if indicator else None


def _cycle(pack: Pack, known: dict[str, Node], start: str) -> tuple[str, ...]:
    """The way from a composite back to itself through its parts, empty when there is none."""
    pending: list[tuple[str, ...]] = [(start,)]
    seen = set[str]()
    while pending:
        path = pending.pop()
        node = known.get(path[-1])
        composite = _composite(pack, node) if node else None
        for part in composite.parts if composite else ():
            if part.node == start:
                return path
            if part.node not in seen:
                seen.add(part.node)
                pending.append((*path, part.node))
    return ()


def check_acts_of_nodes(pack: Pack) -> Iterator[Finding]:
    """The acts that a node and its target rest on are among the acts of the pack."""
    for sheet in pack.sheets.values():
        for node in walk(sheet.tree):
            cited = (node.citation, node.target_citation)
            for act in dict.fromkeys(citation.act for citation in cited if citation and citation.act):
                yield from unknown_act(pack, act, node.place, node.id)


def unknown_act(pack: Pack, act: str, place: Place, subject: str) -> Iterator[Finding]:
    """A finding when the pack has no such act."""
    if act and act not in pack.acts:
        near = ", ".join(nearest(act, pack.acts))
        yield Finding("PK001", place, subject, {"kind": "act", "name": act, "near": near})


RULES = (
    check_weights_sum_to_one,
    check_something_weighs,
    check_weights_are_not_negative,
    check_leaves_have_an_indicator,
    check_leaves_have_a_definition,
    check_relative_targets_are_positive,
    check_relative_leaves_have_a_target,
    check_ids_are_slugs,
    check_parts_of_composites,
    check_acts_of_nodes,
)
