"""The sheet of a structure as a planner edits it: what stands in each field, and what was typed as edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from piramide.cycle.plans.drafting.edits import Edit, EditKind, added_node
from piramide.cycle.plans.drafting.typed import figure_to_type, figure_typed, share_to_type, share_typed
from piramide.kernel.findings import Place, Refusal
from piramide.kernel.numbers import parse_machine
from piramide.methodology.model import Node, Pack, RuleKind
from piramide.web.fields.texts import printable
from piramide.web.plans.drafts import nodes_of, standing
from piramide.web.plans.tree import TreeLine, tree_lines

WEIGHT, TARGET = "peso", "obiettivo"
NEW_GROUP, NEW_INDICATOR, NEW_WEIGHT, NEW_TARGET = "nuovo.gruppo", "nuovo.indicatore", "nuovo.peso", "nuovo.obiettivo"
REMOVE = "togli"
_WITHOUT_TARGET = frozenset({RuleKind.ZERO_GAP, RuleKind.REPORT_ONLY})


@dataclass(frozen=True, slots=True)
class EditLine:
    """A line of the form: the node as it stands in the draft, and the texts of its fields."""

    line: TreeLine
    weight: str
    target: str | None
    unit: str
    was: str

    @property
    def node(self) -> Node:
        """The node."""
        return self.line.node


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: edits that can be read, and what is wrong with the others, by the name of their field."""

    edits: tuple[Edit, ...] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)


def takes_target(pack: Pack, node: Node) -> bool:
    """Whether a figure is asked of a leaf: not where the rule needs none, or states its own thresholds."""
    indicator = pack.indicators.get(node.indicator) if node.is_leaf else None
    if indicator is None or indicator.rule in _WITHOUT_TARGET:
        return False
    return not (indicator.rule is RuleKind.THRESHOLD and indicator.checkpoints)


def form_lines(pack: Pack, before: Pack, structure: str, language: str, typed: Mapping[str, str]) -> list[EditLine]:
    """The lines of the form; `typed` are texts to show in the place of what stands, `before` the plan it is from."""
    old = nodes_of(before, structure) if structure in before.sheets else {}
    return [
        _edit_line(pack, line, old.get(line.node.id), language, typed) for line in tree_lines(pack, structure, language)
    ]


def _edit_line(pack: Pack, line: TreeLine, old: Node | None, language: str, typed: Mapping[str, str]) -> EditLine:
    node = line.node
    weight = "" if line.is_split or node.weight_rule else share_to_type(node.stated_weight, language)
    target = figure_to_type(node.target, language) if takes_target(pack, node) else None
    unit = pack.indicators[node.indicator].unit if node.is_leaf and node.indicator in pack.indicators else ""
    return EditLine(
        line,
        typed.get(f"{WEIGHT}.{node.id}", weight),
        None if target is None else typed.get(f"{TARGET}.{node.id}", target),
        unit,
        _was(old, node),
    )


def _was(old: Node | None, node: Node) -> str:
    """Whether a line differs from the plan the draft starts from: `new`, `changed`, or nothing."""
    if old is None:
        return "new"
    kinds = (EditKind.WEIGHT, EditKind.TARGET)
    return "changed" if any(standing(old, kind) != standing(node, kind) for kind in kinds) else ""


def value_to_type(value: str, kind: EditKind, language: str) -> str:
    """A value in machine notation as the form shows it."""
    if not value:
        return ""
    exact = parse_machine(value)
    return share_to_type(exact, language) if kind is EditKind.WEIGHT else figure_to_type(exact, language)


def read_typed(pack: Pack, structure: str, data: Mapping[str, str], language: str) -> Typed:
    """Every field of the form that is there, as edits; what equals what stands is told apart when it is saved."""
    edits: list[Edit] = []
    wrong: dict[str, str] = {}
    place = " ".join(printable(data.get("luogo", "")).split())[:100]
    for name, kind, node in _fields(data):
        if node not in nodes_of(pack, structure):
            continue
        text = data[name]
        try:
            value = share_typed(text, language) if kind is EditKind.WEIGHT else figure_typed(text, language)
        except Refusal as refusal:
            wrong[name] = worded(refusal)
            continue
        edits.append(Edit(kind, structure, node, value, place=place))
    if gone := data.get(REMOVE, ""):
        edits.append(Edit(EditKind.REMOVED, structure, gone, place=place))
    if data.get(NEW_INDICATOR):
        added = _added(pack, structure, data, language, wrong)
        edits += [replace(added, place=place)] if added else []
    return Typed(tuple(edits), wrong)


def _fields(data: Mapping[str, str]) -> Iterator[tuple[str, EditKind, str]]:
    kinds = {WEIGHT: EditKind.WEIGHT, TARGET: EditKind.TARGET}
    for name in data:
        first, dot, node = name.partition(".")
        if dot and first in kinds:
            yield name, kinds[first], node


def _added(pack: Pack, structure: str, data: Mapping[str, str], language: str, wrong: dict[str, str]) -> Edit | None:
    parent, indicator = data.get(NEW_GROUP, ""), data[NEW_INDICATOR]
    if indicator not in pack.indicators or parent not in nodes_of(pack, structure):
        return None
    texts = {}
    for name, read in ((NEW_WEIGHT, share_typed), (NEW_TARGET, figure_typed)):
        try:
            texts[name] = read(data.get(name, ""), language)
        except Refusal as refusal:
            wrong[name] = worded(refusal)
    if len(texts) < 2:
        return None
    node = added_node(pack, structure, parent, indicator)
    return Edit(EditKind.ADDED, structure, node, texts[NEW_WEIGHT], parent, indicator, texts[NEW_TARGET])


def worded(refusal: Refusal) -> str:
    """What is wrong, for who looks at the field: without a place."""
    return " ".join(replace(finding, place=Place()).message() for finding in refusal.told)


def spread(pack: Pack, edits: tuple[Edit, ...], structures: list[str]) -> tuple[Edit, ...]:
    """The same edits on other sheets too: on those that have the node or, for what is added, the group."""
    found = list(edits)
    for structure in structures:
        nodes = nodes_of(pack, structure)
        for edit in edits:
            if edit.kind is EditKind.ADDED:
                if edit.parent in nodes and not _has(nodes, edit):
                    node = added_node(pack, structure, edit.parent, edit.indicator)
                    found.append(replace(edit, structure=structure, node=node))
            elif edit.node in nodes:
                found.append(replace(edit, structure=structure))
    return tuple(found)


def _has(nodes: Mapping[str, Node], edit: Edit) -> bool:
    """Whether the indicator is in a sheet already."""
    return any(node.indicator == edit.indicator for node in nodes.values())
