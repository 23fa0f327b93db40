"""From the printed table to the weighted tree of one structure: ids, weights and their sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from piramide.exchange.sheets.imported import UsedAlias, decimal
from piramide.exchange.sheets.leaves import Context, Leaf, read_leaves
from piramide.exchange.sheets.lookups import Match
from piramide.exchange.sheets.objectives import PrintedDimension, PrintedObjectives, PrintedPart
from piramide.exchange.sheets.totals import added
from piramide.kernel.findings import Finding, Place, Severity
from piramide.kernel.naming import slug, unique_slug
from piramide.methodology.model import Act, Citation, Indicator, Node, NodeKind, WeightSource, leaves
from piramide.methodology.weights import is_print_rounding, printed_unit

SHEET_PLACE: Final = "scheda della struttura"
"""Where the weights of the shipped packs are: on the sheet itself."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """The tree of one structure with all it needs, and what there is to say."""

    tree: tuple[Node, ...]
    indicators: Mapping[str, Indicator]
    inferred: frozenset[str]
    acts: tuple[Act, ...]
    aliases: tuple[UsedAlias, ...]
    findings: tuple[Finding, ...]
    printed_weights: Mapping[str, str]


def assemble(objectives: PrintedObjectives, context: Context) -> Assembled:
    """Build the tree of a sheet."""
    builder = _Builder(context)
    tree = tuple(builder.dimension(item) for item in objectives.dimensions)
    builder.check_sum(tree, objectives.dimensions, objectives.dimensions[0].row.place, "")
    tree, indicators = _with_ids(tree, builder.leaves, builder)
    inferred = {leaf.indicator.id for leaf in builder.leaves.values() if leaf.is_inferred}
    acts = tuple(act for leaf in builder.leaves.values() for act in leaf.acts)
    return Assembled(
        tree,
        indicators,
        frozenset(inferred),
        acts,
        tuple(builder.aliases),
        tuple(builder.findings),
        _printed_weights(tree, objectives.dimensions),
    )


def _printed_weights(tree: Sequence[Node], dimensions: Sequence[PrintedDimension]) -> dict[str, str]:
    """Weights by node with the decimals that the sheet prints."""
    pairs = [(node.id, item.weight_text) for node, item in zip(tree, dimensions, strict=True)]
    for node, item in zip(tree, dimensions, strict=True):
        parts = item.parts if node.children else ()  # a leaf at the top is its own part
        pairs += [(part.id, below.weight_text) for part, below in zip(node.children, parts, strict=True)]
    return {name: text for name, text in pairs if text}


class _Builder:
    """The tree while it is being built; ids come last, when every label is known."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.findings: list[Finding] = []
        self.aliases: list[UsedAlias] = []
        self.leaves: dict[str, Leaf] = {}
        self._cited = Citation(context.act, SHEET_PLACE)

    def dimension(self, item: PrintedDimension) -> Node:
        """A dimension with its sub-dimensions; a leaf that stands beside the dimensions by itself."""
        if self.context.lookups.is_top(item.label) and len(item.parts) == 1:
            return self._part(item.parts[0])
        below = self._split(tuple(self._part(part) for part in item.parts), item.parts)
        if below:
            self.check_sum(below, item.parts, item.row.place, item.label)
        else:
            self.findings.append(Finding("SH020", item.row.place, item.label, {"label": item.label}))
        return self._node(self.context.lookups.kind(item.label, NodeKind.DIMENSION), item, below)

    def _split(self, nodes: tuple[Node, ...], printed: Sequence[PrintedPart]) -> tuple[Node, ...]:
        """Leaves right below a dimension that print no weight share what the others leave, in equal parts."""
        silent = [part.weight is None and self.context.lookups.is_direct(part.label) for part in printed]
        if not any(silent):
            return nodes
        rest = 1 - sum(
            (node.weight for node, is_silent in zip(nodes, silent, strict=True) if not is_silent), Fraction(0)
        )
        return tuple(
            replace(node, weight=rest / sum(silent), weight_source=WeightSource.EQUAL_SPLIT) if is_silent else node
            for node, is_silent in zip(nodes, silent, strict=True)
        )

    def _part(self, item: PrintedPart) -> Node:
        if self.context.lookups.is_unseen(item.label) and not item.lines:
            return self._node(NodeKind.NOT_AT_HAND, item, ())
        leaves, findings = read_leaves(item, self.context)
        self.findings += findings
        stated = [leaf.weight for leaf in leaves if leaf.weight is not None]
        split = (1 - sum(stated, Fraction(0))) / max(len(leaves) - len(stated), 1)
        below = []
        for leaf in leaves:
            name = f"#{len(self.leaves)}"
            self.leaves[name] = leaf
            self.findings += leaf.findings
            self.aliases += leaf.aliases
            below.append(
                Node(
                    id=name,
                    kind=NodeKind.INDICATOR,
                    label=leaf.label,
                    weight=split if leaf.weight is None else leaf.weight,
                    weight_source=WeightSource.EQUAL_SPLIT if leaf.weight is None else WeightSource.STATED,
                    weight_unit=printed_unit(leaf.weight_text) if leaf.weight_text else None,
                    citation=leaf.citation,
                    place=leaf.place,
                    indicator=leaf.indicator.id,
                    target=leaf.target,
                    target_citation=leaf.citation,
                    printed=leaf.printed,
                )
            )
        if len(below) == 1 and not item.lines and self.context.lookups.is_direct(item.label):
            weight = Fraction(0) if item.weight is None else item.weight
            return replace(below[0], weight=weight, weight_source=WeightSource.STATED, weight_unit=_unit(item))
        return self._node(self.context.lookups.kind(item.label, NodeKind.SUB_DIMENSION), item, tuple(below))

    def _node(self, kind: NodeKind, item: PrintedDimension | PrintedPart, below: tuple[Node, ...]) -> Node:
        place = item.row.place
        if item.weight is None:
            self.findings.append(Finding("SH022", place, item.label, {"label": item.label}))
        label = self._known_label(item.label, place)
        weight = Fraction(0) if item.weight is None else item.weight
        cited, unit = self._cited, _unit(item)
        return Node("", kind, label, weight, WeightSource.STATED, cited, place, children=below, weight_unit=unit)

    def _known_label(self, label: str, place: Place) -> str:
        known = self.context.lookups.structural(label) if label else None
        if known is None or known[1] is Match.EXACT:
            return label if known is None else known[0]
        code = "SH015" if known[1] is Match.ALIAS else "SH016"
        self.findings.append(Finding(code, place, label, {"printed": label, "label": known[0]}))
        self.aliases.append(UsedAlias(label, known[0], "node"))
        return known[0]

    def check_sum(
        self,
        nodes: Sequence[Node],
        printed: Sequence[PrintedDimension | PrintedPart],
        place: Place,
        above: str,
    ) -> None:
        """Weights of siblings add up to 1; what the rounding of the print explains is a warning."""
        total = added(node.weight for node in nodes)
        if total == 1 or all(node.weight == 0 for node in nodes):
            return
        texts = [item.weight_text for item in printed]
        fields: dict[str, object] = {"label": above or "ambiti"}
        is_rounding = is_print_rounding(nodes)
        if is_rounding and len({node.weight for node in nodes}) == 1:
            fields |= {"times": len(nodes), "printed": texts[0], "likely": f"1/{len(nodes)}"}
        severity = Severity.WARNING if is_rounding else None
        figures = (decimal(total), "1", decimal(total - 1))
        self.findings.append(Finding("SH021", place, above, fields, *figures, severity=severity))


def _unit(item: PrintedDimension | PrintedPart) -> Fraction | None:
    """The unit of a weight as printed."""
    return printed_unit(item.weight_text) if item.weight_text else None


def _with_ids(
    tree: Sequence[Node], leaves: Mapping[str, Leaf], builder: _Builder
) -> tuple[tuple[Node, ...], dict[str, Indicator]]:
    """The tree with the ids of the contract: an indicator printed more than once carries its sub-dimension's."""
    taken: set[str] = set()
    named = []
    for top in tree:
        if top.indicator:
            named.append(top)
            continue
        top_id = _taken(unique_slug(top.label or "ambito", taken), taken)
        parts = tuple(
            part
            if part.indicator
            else replace(part, id=_taken(unique_slug(part.label or "sotto ambito", taken, top.label), taken))
            for part in top.children
        )
        named.append(replace(top, id=top_id, children=parts))
    shared = {name for name, count in Counter(slug(leaf.label) for leaf in leaves.values()).items() if count > 1}
    taken |= shared
    indicators: dict[str, Indicator] = {}

    def leaf(node: Node) -> Node:
        return _leaf(node, leaves[node.id], taken, indicators, builder)

    finished = []
    for top in named:
        parts = tuple(
            leaf(part) if part.indicator else replace(part, children=tuple(map(leaf, part.children)))
            for part in top.children
        )
        finished.append(leaf(top) if top.indicator else replace(top, children=parts))
    return tuple(finished), indicators


def _leaf(node: Node, leaf: Leaf, taken: set[str], indicators: dict[str, Indicator], builder: _Builder) -> Node:
    """A leaf with its id; a label printed twice in one sub-dimension is said (SH025)."""
    name = unique_slug(leaf.label, taken, leaf.part)
    if name.rpartition("_")[2].isdigit() and not slug(leaf.label).endswith(name.rpartition("_")[2]):
        fields = {"label": leaf.label, "part": leaf.part, "id": name}
        builder.findings.append(Finding("SH025", leaf.place, leaf.label, fields))
    taken.add(name)
    own = builder.context.lookups.pack.indicators.get(name)
    definition = own if own is not None and own.rule is leaf.indicator.rule else leaf.indicator
    known = indicators.get(definition.id)
    if known is not None and (known.rule, known.unit, known.direction) != (
        definition.rule,
        definition.unit,
        definition.direction,
    ):
        definition = replace(definition, id=name)
    indicators.setdefault(definition.id, definition)
    return replace(node, id=name, indicator=definition.id)


def _taken(name: str, taken: set[str]) -> str:
    taken.add(name)
    return name


def leaves_of(tree: Iterable[Node]) -> tuple[Node, ...]:
    """Leaves of a tree in the order of the sheet."""
    return tuple(leaf for leaf in leaves(tree) if leaf.indicator)
