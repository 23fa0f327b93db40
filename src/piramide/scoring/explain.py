"""One number told as a tree, on demand, from the same rule objects that scored it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from piramide.kernel.decimals import TOLD_DECIMALS
from piramide.kernel.figure import Figure, figure_of, preview
from piramide.kernel.findings import Place, refuse
from piramide.kernel.naming import nearest
from piramide.kernel.node_fields import index_of
from piramide.kernel.note import worded
from piramide.kernel.rounding import round_scaled, side_of
from piramide.kernel.statuses import SAID_BESIDE, Status
from piramide.methodology.model import Citation, Indicator, Node, Pack, RuleKind
from piramide.methodology.names import names_of
from piramide.methodology.phases import OF
from piramide.methodology.printing.printed import is_worded
from piramide.methodology.weights import is_print_rounding, total_of
from piramide.scoring.arrays import FULL
from piramide.scoring.explain_cells import CellFigures, cell_figures, day_of
from piramide.scoring.explain_exact import ExactIndices
from piramide.scoring.explain_exchange import Channel, composite_channel, direct_channel, exchange_of, most_points
from piramide.scoring.explain_money import sums_at, sums_in_words, sums_told
from piramide.scoring.explain_phases import Objective
from piramide.scoring.explain_rules import leaf_formula, leaf_sentence, reason
from piramide.scoring.paths import Paths, Scored, basis, paths
from piramide.scoring.prose import Prose, prose
from piramide.scoring.result import (
    NOTHING,
    Contribution,
    Effect,
    Exchange,
    Explanation,
    NodeScore,
    ScoreTable,
    StructureScore,
)
from piramide.scoring.values import Values

_STATED = "stated"
_ON_TARGET = figure_of(FULL)
_MOST_DECIMALS = 8


def explain(
    pack: Pack,
    table: ScoreTable,
    structure: str,
    node: str | None = None,
    language: str | None = None,
    values: Values | None = None,
) -> Explanation:
    """Tell the index of `node` (default, or the structure's own id: of the whole sheet) and everything under it.

    `pack` is the one in force that the table was scored with. `values` is the file behind the table: with it,
    checkpoints of earlier quarters and parts that stand in no tree are told with their figures.
    Refuses EX001 a structure that the table lacks, EX002 a node that the structure lacks, EX003 a pack that has no
    sheet like the one scored.
    """
    scored = next((s for s in table.structures if s.id == structure), None)
    if scored is None:
        known = [s.id for s in table.structures]
        near = ", ".join(nearest(structure, known)) or ", ".join(known[:5])
        raise refuse("EX001", Place(), structure, near=near or "-")
    known_nodes = {n.id: n for n in scored.nodes}
    objective, _, phase = (node or "").partition(OF)
    if phase and objective in known_nodes:
        found = explain(pack, table, structure, objective, language, values)
        if (one := next((one for one in found.inputs if one.node == node), None)) is not None:
            return one
    if node not in known_nodes and node not in {None, structure}:
        near = ", ".join(nearest(str(node), list(known_nodes))) or ", ".join(list(known_nodes)[:5])
        raise refuse("EX002", Place(), str(node), structure=structure, near=near or "-")
    printed = {n.id: n for n in pack.sheets[structure].walk()} if structure in pack.sheets else {}
    if missing := [n for n in known_nodes if n not in printed]:
        raise refuse("EX003", Place(), structure, pack=pack.id, node=missing[0])

    def elsewhere(other: str, wanted: str | None) -> Explanation:
        return explain(pack, table, other, wanted, language, values)

    told = cell_figures(pack, table.period, scored, values)
    teller = _Teller(pack, paths(scored), printed, told, prose(language), elsewhere)
    return teller.tell(scored if node is None else known_nodes.get(node, scored))


class _Teller:
    """The tree of one structure, with what each of its nodes needs to be told."""

    def __init__(
        self,
        pack: Pack,
        tree: Paths,
        printed: Mapping[str, Node],
        cells: Mapping[str, CellFigures],
        say: Prose,
        elsewhere: Callable[[str, str | None], Explanation],
    ) -> None:
        self.elsewhere = elsewhere
        self.pack, self.tree, self.printed, self.cells, self.say = pack, tree, printed, cells, say
        self.is_demonstration = tree.top.source == "demonstration"
        self.exact = ExactIndices(tree)
        self.sums = sums_at(pack, tree) if pack.money else None
        self.parts_of = _parts_of(cells)
        self.known_reasons: dict[str, str] = {}
        self.known_effects: dict[str | None, tuple[Effect, ...]] = {}

    def tell(self, scored: Scored) -> Explanation:
        """The explanation of a node, or of the structure."""
        told = self.cells.get(scored.id) if isinstance(scored, NodeScore) else None
        node = scored if isinstance(scored, NodeScore) else None
        effects = () if told else self.effects(scored)
        exchange = self.exchange(node, told) if node and told else None
        target_act, rule_act = self.citations(node, told)
        return Explanation(
            node=scored.id,
            structure=self.tree.top.id,
            label=scored.label,
            kind=scored.kind,
            basis=basis(scored),
            **index_of(scored),
            value=node.value if node else None,
            target=node.target if node else None,
            unit=node.unit if node else "",
            decimals=told.indicator.rounding if told else TOLD_DECIMALS,
            gap_raw=node.gap_raw if node else None,
            gap=node.gap if node else None,
            cap=figure_of(told.indicator.cap) if told else None,
            weight=node.weight if node else figure_of(1),
            weight_source=node.weight_source if node else _STATED,
            share=figure_of(self.exact.share(node, self.tree.top)) if node else figure_of(1),
            rule=node.rule if node else "",
            status=node.status if node else "",
            contested=bool(node and node.contested),
            is_demonstration=self.is_demonstration,
            sentence=self.sentence(scored, told),
            formula=self.formula(scored, told),
            act=target_act.act,
            act_label=self.pack.acts[target_act.act].label if target_act.act in self.pack.acts else target_act.act,
            place=target_act.place,
            rule_act=rule_act.act,
            rule_place=rule_act.place,
            definition=told.indicator.definition if told else "",
            contributions=self.contributions(node) if node else (),
            exchange=exchange,
            losses=tuple(effect for effect in effects if effect.points < 0),
            gains=tuple(effect for effect in reversed(effects) if effect.points > 0),
            notes=tuple(self.notes(scored, told)),
            money=sums_told(self.sums, scored),
            inputs=(
                *(self.tell(child) for child in self.ordered(scored)),
                *self.phases(scored, told),
                *self.through(told),
            ),
        )

    def phases(self, scored: Scored, told: CellFigures | None) -> Iterator[Explanation]:
        """The phases of an objective made of them."""
        if told is not None and told.phases and isinstance(scored, NodeScore):
            share = self.exact.effective_share(scored, self.tree.top) or Fraction(0)
            acts = {name: act.label for name, act in self.pack.acts.items()}
            objective = Objective(scored, told, self.tree.top, share, self.is_demonstration, acts)
            yield from objective.phases(self.say)

    def through(self, told: CellFigures | None) -> Iterator[Explanation]:
        """The scores that a node takes, told where they come from."""
        if told is None or (of := told.indicator.score_of) is None:
            return
        for name in of.sources(self.tree.top.id, self.pack.organisation.on(day_of(self.pack, self.tree.top.id))):
            yield self.elsewhere(name, of.node or None)

    def ordered(self, scored: Scored) -> list[NodeScore]:
        """Nodes one level down, or the parts of a composite that stand in the tree; largest loss first."""
        below = self.tree.below(scored)
        if not below and scored.id in self.cells and isinstance(scored, NodeScore):
            parts = (part.node for part in self.cells[scored.id].parts)
            return [self.tree.nodes[name] for name in parts if name in self.tree.nodes]
        return sorted(below, key=lambda child: self.points(child, scored))

    def points(self, node: NodeScore, ancestor: Scored) -> Figure:
        """Points brought to an ancestor, 0 where nothing is measured."""
        return figure_of(self.exact.points(node, ancestor) or 0)

    def contributions(self, node: NodeScore) -> tuple[Contribution, ...]:
        """Points to each node above, nearest first, and to the structure."""
        chain: tuple[Scored, ...] = (*self.tree.above(node), self.tree.top)
        return tuple(
            Contribution(above.id, above.label, figure_of(points))
            for above in chain
            if (points := self.exact.points(node, above)) is not None
        )

    def effects(self, scored: Scored) -> tuple[Effect, ...]:
        """Leaves below that move the number away from 100, largest loss first."""
        name = scored.id if isinstance(scored, NodeScore) else None
        if name not in self.known_effects:
            points = ((leaf, self.points(leaf, scored)) for leaf in self.tree.leaves(scored))
            found = [Effect(leaf.id, leaf.label, brought, self.reason(leaf)) for leaf, brought in points if brought]
            self.known_effects[name] = tuple(sorted(found, key=lambda effect: effect.points))
        return self.known_effects[name]

    def reason(self, leaf: NodeScore) -> str:
        """The gap of a leaf in a few words."""
        if leaf.id not in self.known_reasons:
            self.known_reasons[leaf.id] = reason(leaf, self.cells[leaf.id], self.say)
        return self.known_reasons[leaf.id]

    def exchange(self, node: NodeScore, told: CellFigures) -> Exchange | None:
        """The exchange rate of a leaf, with its sentence."""
        top = self.tree.top
        share = self.exact.effective_share(node, top) or Fraction(0)
        channels = [direct_channel(told, float(share)), *self.channels_through(node, told)]
        exchange = None if told.indicator.rule is RuleKind.REPORT_ONLY else exchange_of(node, told, channels, share)
        if exchange is None or not any(channel.share for channel in channels):
            return exchange
        return _worded(exchange, told, most_points(node, channels), top, self.say)

    def channels_through(self, node: NodeScore, told: CellFigures) -> Iterator[Channel]:
        """The ways to the index through the composites that a leaf is a part of."""
        for above, composite in self.composites_of(node):
            share = self.tree.effective_share(above, self.tree.top)
            channel = composite_channel(node, told, composite, above.target, share) if share else None
            if channel:
                yield channel

    def composites_of(self, node: NodeScore) -> Iterator[tuple[NodeScore, CellFigures]]:
        """Composites that a leaf is a part of."""
        for name in self.parts_of.get(node.id, ()):
            yield self.tree.nodes[name], self.cells[name]

    def citations(self, node: NodeScore | None, told: CellFigures | None) -> tuple[Citation, Citation]:
        """Where the target (of a group: its weight) stands, and where the definition of the indicator does."""
        if node is None:
            return Citation(""), Citation("")
        printed = self.printed[node.id]
        rule = told.indicator.citation if told else Citation("")
        cited = (c for c in (printed.target_citation, printed.citation, rule) if c and c.act)
        return next(cited, Citation("")), rule

    def sentence(self, scored: Scored, told: CellFigures | None) -> str:
        """What the number is and what it does to the structure's."""
        if isinstance(scored, StructureScore):
            return self.group_sentence(scored)
        awaited = self.printed[scored.id].awaits
        said = leaf_sentence(scored, told, self.say, awaited) if told else self.group_sentence(scored)
        return f"{said} {self.weight_sentence(scored)}"

    def weight_sentence(self, node: NodeScore) -> str:
        top, say = self.tree.top, self.say
        share = self.tree.share(node, top)
        parent = self.tree.nodes[node.parent].label if node.parent else top.label
        if not node.is_due and node.weight:
            return say("weight", "later", weight=say.share(node.weight.exact), parent=parent)
        if not share:
            return say("weight", "zero")
        fields = {"weight": say.share(self.exact.weights[node.id]), "parent": parent, "structure": top.label}
        points = self.exact.points(node, top)
        if points is None:
            return say("weight", "alone", **fields)
        key = "even" if not points else "brings" if points > 0 else "takes"
        shown = say.points(points) if points > 0 else say.index(-points)
        partial = "_partial" if basis(top) == "measured" else ""
        return say("weight", key + partial, points=shown, **fields)

    def group_sentence(self, scored: Scored) -> str:
        say, on = self.say, basis(scored)
        if not on:
            if scored.due is not None and not scored.due:
                return say("group", "later", label=scored.label)
            low, high = (_ON_TARGET if b is None else b for b in (scored.index_low, scored.index_high))
            if not any(leaf.weight for leaf in self.tree.leaves(scored)):
                return say("group", "report_only", label=scored.label)
            return say("group", "unmeasured", label=scored.label, low=say.index(low), high=say.index(high))
        index = self.exact.index(scored)
        fields = {"label": scored.label, "index": say.index(index)}
        if on == "measured":
            low, high = scored.index_low or NOTHING, scored.index_high or NOTHING
            fields |= {
                "index": say.index(index, low, high),
                "coverage": say.share(self.exact.coverage(scored)),
                "low": say.index(low, index),
                "high": say.index(high, index),
            }
            stand = say("group", "partial", **fields)
        else:
            key = ("below", "level", "above")[1 + side_of(index, FULL)]
            stand = say("group", key, points=say.distance(index), **fields)
        return " ".join([stand, *self.extremes(scored)])

    def extremes(self, scored: Scored) -> Iterator[str]:
        """The leaf that takes most, and the one that brings most."""
        effects = self.effects(scored)
        if effects and effects[0].points < 0:
            yield self.say("group", "loss", label=effects[0].label, points=self.say.points(effects[0].points))
        if effects and effects[-1].points > 0:
            yield self.say("group", "gain", label=effects[-1].label, points=self.say.points(effects[-1].points))

    def formula(self, scored: Scored, told: CellFigures | None) -> str:
        """How the number is made, with its figures."""
        if told and isinstance(scored, NodeScore):
            return leaf_formula(scored, told, self.say)
        on = basis(scored)
        if not on:
            return ""
        parts = []
        for child in self.tree.below(scored):
            weight = self.exact.weights[child.id]
            covered = weight if on == "index" else weight * self.exact.coverage(child)
            if covered and basis(child):
                figure = self.say.index(self.exact.index(child))
                parts.append(self.say("formula", "part", share=self.say.share(covered), figure=figure))
        fields = {"parts": " + ".join(parts), "index": self.say.index(self.exact.index(scored))}
        if on == "index":
            return self.say("formula", "mean", **fields)
        return self.say("formula", "mean_partial", coverage=self.say.share(self.exact.coverage(scored)), **fields)

    def notes(self, scored: Scored, told: CellFigures | None) -> Iterator[str]:
        """What must be said beside the number."""
        say = self.say
        if isinstance(scored, StructureScore):
            if self.is_demonstration:
                yield say("note", "sheet_demonstration")
        elif scored.weight_source != _STATED:
            yield self.weight_note(scored)
        yield from sums_in_words(self.sums, scored, self.say)
        if basis(scored) == "measured" and not told:
            yield say("note", "partial")
        if not told:
            yield from self.scale_notes(scored)
        if told and isinstance(scored, NodeScore):
            yield from self.leaf_notes(scored, told)
            return
        below = [node for node in self.subtree(scored) if node.weight]
        unstated = sum(node.weight_source != _STATED for node in below)
        if unstated:
            yield say("note", "weights_below", count=unstated, total=len(below))
        open_leaves = [leaf for leaf in self.tree.leaves(scored) if leaf.weight and leaf.gap is None and leaf.is_due]
        for key, is_told in (("absent", False), ("partly", True)):
            labels = [leaf.label for leaf in open_leaves if (leaf.coverage > 0) == is_told]
            if labels:
                yield say("note", key, labels="; ".join(labels))

    def weight_note(self, node: NodeScore) -> str:
        """Where a weight comes from that no act prints; with its figures where a rule computes it."""
        how = self.printed[node.id].reweighed
        if how is None:
            return self.say("note", node.weight_source)
        share = self.say.share
        told = {name: share(figure) for name, figure in (("each", how.each), ("most", how.most))}
        told |= {"together": share(how.together), "weight": share(node.weight.exact)}
        if how.stated is None:
            return self.say("note", "guest", rule=how.rule, count=how.guests, **told)
        return self.say("note", "host", rule=how.rule, count=how.guests, stated=share(how.stated), **told)

    def scale_notes(self, scored: Scored) -> Iterator[str]:
        """What is not due yet, and weights at any depth that count on a scale of their own."""
        late = [leaf.label for leaf in self.tree.leaves(scored) if leaf.weight and not leaf.is_due]
        if late and scored.due is None:
            yield self.say("note", "later", labels="; ".join(late))
        elif late and scored.due:
            yield self.say("note", "due", labels="; ".join(late), due=self.say.share(scored.due.exact))
        for group in (scored, *self.subtree(scored)):
            siblings = [self.printed[node.id] for node in self.tree.below(group)]
            if is_print_rounding(siblings):
                yield self.say("note", "scale", label=group.label, total=self.say.share(total_of(siblings)))

    def leaf_notes(self, node: NodeScore, told: CellFigures) -> Iterator[str]:
        say, printed = self.say, self.printed[node.id]
        if node.status in SAID_BESIDE and not node.note:
            yield say("note", node.status)
        if node.contested:
            yield say("note", "contested")
        if node.indicator and node.value is None and node.weight and node.status == Status.MISSING:
            yield say("note", told.indicator.missing.value)
        share = self.exact.effective_share(node, self.tree.top)
        if share and told.raw is not None and told.gap is not None and told.raw < told.gap:
            yield say("note", "spared", points=say.index(share * FULL * (told.gap - told.raw)))
        if is_worded(printed.printed):
            yield say("note", "printed", text=printed.printed)
        if printed.target_rule:
            yield say("note", "target_rule", rule=printed.target_rule)
        for above, _ in self.composites_of(node):
            yield say("note", "part_of", label=above.label)
        if node.note:
            yield worded(node.note, say.language, names_of(self.pack))

    def subtree(self, scored: Scored) -> Iterator[NodeScore]:
        for child in self.tree.below(scored):
            yield child
            yield from self.subtree(child)


def _parts_of(cells: Mapping[str, CellFigures]) -> Mapping[str, list[str]]:
    """Composites by the nodes that they are made of."""
    answer: dict[str, list[str]] = {}
    for name, told in cells.items():
        for part in told.parts:
            answer.setdefault(part.node, []).append(name)
    return answer


def _worded(exchange: Exchange, told: CellFigures, most: float, top: StructureScore, say: Prose) -> Exchange:
    """The exchange rate with the sentence that tells it."""
    indicator: Indicator = told.indicator
    said: list[str] = []
    if exchange.for_one_point is not None:
        change = change_text(exchange.for_one_point, indicator.unit, indicator.rounding, say)
        said.append(say("exchange", "one_point", change=change, structure=top.label))
    elif exchange.step_points is None and (told.slope is None or most <= 1e-12):
        past = [say.moment(o.point.moment) for o in told.outcomes if not o.is_met and not o.is_current]
        said.append(say("exchange", "past", moments=", ".join(past)) if past else say("exchange", "at_cap"))
    elif exchange.step_points is None:
        said.append(say("exchange", "out_of_reach", points=say.points(preview(most)), structure=top.label))
    if exchange.next_step is not None and exchange.step_points is not None:
        value = say.quantity(exchange.next_step, indicator.unit, indicator.rounding)
        key = "step" if told.cell.curve is None else "curve_point"
        said.append(say("exchange", key, value=value, points=say.points(exchange.step_points), structure=top.label))
    if exchange.wasted > 0:
        said.append(say("exchange", "wasted", points=say.index(exchange.wasted)))
    return replace(exchange, sentence=" ".join(said))


def change_text(change: Figure, unit: str, decimals: int, say: Prose) -> str:
    """A change of a value, with enough decimals to show two digits of it."""
    while change and decimals < _MOST_DECIMALS and abs(round_scaled(change.exact, decimals)) < 10:
        decimals += 1
    return say.quantity(change, unit, decimals, signed=True)
