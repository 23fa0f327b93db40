"""The weighted tree of a structure as pages show it: one line per node, in the order of the paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from piramide.cycle.asked import target_text
from piramide.cycle.chain import ChainOfPlan, WayUp
from piramide.methodology.citation import Citation
from piramide.methodology.model import Act, Node, Pack, WeightSource, with_ancestors
from piramide.reports.figures import weight_as_printed
from piramide.reports.labels import Labels, labels


@dataclass(frozen=True, slots=True)
class TreeLine:
    """A node with what its line says.

    `share` is its weight in the whole sheet, `weight` that inside its group, as the plan prints it; `act` what it rests
    on.
    """

    node: Node
    depth: int
    group: str
    share: Fraction
    target: str
    act: Act | None
    place: str
    target_act: Act | None
    target_place: str
    weight: str

    @property
    def is_split(self) -> bool:
        """Whether the weight is an equal part of what the siblings leave."""
        return self.node.weight_source is WeightSource.EQUAL_SPLIT

    @property
    def is_only_reported(self) -> bool:
        """Whether it is shown without counting."""
        return self.node.weight == 0


def tree_lines(pack: Pack, structure: str, language: str) -> list[TreeLine]:
    """The lines of a sheet."""
    return list(_lines(pack, pack.sheets[structure].tree, labels(language)))


def ways_up(pack: Pack, structure: str) -> list[tuple[WayUp, str]]:
    """What the documents link to lines of a structure, and its register, each with the act and the page."""
    return [(way, _cited(pack, way.citation)) for way in ChainOfPlan(pack).ways_up(structure)]


def _cited(pack: Pack, citation: Citation) -> str:
    act = pack.acts.get(citation.act)
    return ", ".join(part for part in (act.label if act else "", citation.place) if part)


def _lines(pack: Pack, nodes: tuple[Node, ...], say: Labels) -> Iterator[TreeLine]:
    for node, above in with_ancestors(nodes):
        share = prod((one.weight for one in (*above, node)), start=Fraction(1))
        cited = node.target_citation or node.citation
        yield TreeLine(
            node, len(above), above[-1].id if above else "", share, target_text(node, pack, say),
            pack.acts.get(node.citation.act), node.citation.place,
            pack.acts.get(cited.act) if cited != node.citation else None, cited.place,
            weight_as_printed(node.weight, say, in_points=pack.weighs_in_points),
        )  # fmt: skip
