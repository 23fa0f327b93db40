"""Small packs made in a few lines, as trees of dictionaries, and values as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from piramide.kernel.findings import Place
from piramide.kernel.organisation import Organisation, Structure
from piramide.methodology.model import (
    Act,
    Citation,
    Composite,
    Indicator,
    Node,
    NodeKind,
    Pack,
    Part,
    RuleKind,
    Sheet,
    WeightSource,
)
from piramide.scoring.plan import compile_plan
from piramide.scoring.result import NodeScore, StructureScore
from piramide.scoring.score import score_pack, score_plan
from tests.scoring.in_fractions import InFractions
from tests.scoring.typed import values_from_rows

ACT = Citation("piano", "p. 1")
HERE = Place("pack.yaml", 1)


def indicator(name: str, rule: RuleKind | str = RuleKind.GAP_UP, **fields: Any) -> Indicator:  # noqa: ANN401
    """An indicator with a cap of one half unless `fields` say otherwise."""
    known = {"direction": "down" if rule == "gap_down" else "up", "cap": Fraction(1, 2), "unit": "index"}
    return Indicator(
        id=name, label=name, definition="", rule=RuleKind(rule), citation=ACT, place=HERE, **(known | fields)
    )


def composite(of: str, parts: Mapping[str, Fraction | int]) -> Composite:
    return Composite(of, tuple(Part(name, Fraction(share)) for name, share in parts.items()))


def leaf(
    name: str,
    weight: Fraction | str | int = 1,
    target: Fraction | str | int | None = None,
    **fields: Any,  # noqa: ANN401
) -> Node:
    return Node(
        id=name,
        kind=NodeKind.INDICATOR,
        label=name,
        weight=Fraction(weight),
        weight_source=WeightSource.STATED,
        citation=ACT,
        place=HERE,
        target=None if target is None else Fraction(target),
        **fields,
    )


def group(name: str, weight: Fraction | str | int, *children: Node) -> Node:
    return replace(leaf(name, weight), kind=NodeKind.DIMENSION, children=children)


@dataclass(frozen=True)
class Scene:
    """A pack under construction: sheets by structure, and whatever else a pack holds."""

    indicators: tuple[Indicator, ...]
    sheets: Mapping[str, tuple[Node, ...]]
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def pack(self) -> Pack:
        names = ("nazionale", *(name for name in self.sheets if name != "nazionale"))
        structures = tuple(
            Structure(name, name.title(), "national" if name == "nazionale" else "region", parent="") for name in names
        )
        fields: dict[str, Any] = {
            "id": "prova",
            "label": "Prova",
            "administration": "Ente",
            "year": 2024,
            "since": date(2024, 1, 1),
            "until": date(2025, 1, 1),
            "hash": "sha256:0",
            "root": "",
            "language": "it",
            "acts": {"piano": Act("piano", "Piano")},
            "organisation": Organisation(structures),
            "indicators": {item.id: item for item in self.indicators},
            "measures": {},
            "sheets": {name: Sheet(name, tree) for name, tree in self.sheets.items()},
        }
        return Pack(**(fields | dict(self.more)))

    def score(self, rows: Iterable[tuple[Any, ...]], period: str = "2024-Q4") -> Scores:
        """Score rows of (structure, indicator, period, value[, status])."""
        pack = self.pack
        table = score_pack(pack, values_from_rows(rows, pack), period)
        return Scores({structure.id: structure for structure in table.structures})


@dataclass(frozen=True)
class Scores:
    structures: Mapping[str, StructureScore]

    def __getitem__(self, key: str) -> StructureScore:
        return self.structures[key]

    def node(self, name: str, structure: str = "lazio") -> NodeScore:
        return next(node for node in self.structures[structure].nodes if node.id == name)


def one_leaf(rule: str, value: str, target: str | None = None, **fields: Any) -> NodeScore:  # noqa: ANN401
    """Score one indicator of one structure on one value at the end of the year."""
    scene = Scene((indicator("x", rule, **fields),), {"lazio": (leaf("x", 1, target),)})
    return scene.score([("lazio", "x", "2024-Q4", value)]).node("x")


def exactly(scene: Scene, rows: Iterable[tuple[Any, ...]], period: str = "2024-Q4") -> InFractions:
    """The same scene in fractions."""
    pack = scene.pack
    return InFractions(score_plan(compile_plan(pack, period), values_from_rows(rows, pack)))
