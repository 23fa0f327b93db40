"""Scores on their way out, in the shape that the contract fixes."""

from __future__ import annotations

from typing import Any

from piramide.kernel.node_fields import FIELDS, NodeField, Of, carried
from piramide.kernel.note import NO_NAMES, Names, worded
from piramide.scoring.result import NodeScore, ScoreTable, StructureScore


def as_json(run: str, scores: ScoreTable, names: Names = NO_NAMES) -> dict[str, Any]:
    """The answer of the contract; `names` are labels by id for its notes."""
    structures = [structure_as_json(structure, names=names) for structure in scores.structures]
    return {"run": run, "pack": scores.pack, "period": scores.period, "structures": structures}


def structure_as_json(structure: StructureScore, language: str = "", names: Names = NO_NAMES) -> dict[str, Any]:
    """One structure with its nodes, parents first; notes in `language`, that of the reader without one."""
    told = {one: getattr(structure, one.name) for one in FIELDS if one.of is Of.STRUCTURE}
    fields = {one.name: value for one, value in told.items() if not (one.differs and value is None)}
    return (
        fields
        | {"source": structure.source}
        | {"nodes": [node_as_json(node, language, names) for node in structure.nodes]}
    )


def node_as_json(node: NodeScore, language: str = "", names: Names = NO_NAMES) -> dict[str, Any]:
    """A node; what belongs to leaves is left out above them."""
    told = carried(node) | {"note": worded(node.note, language, names)}
    return {one.name: told[one.name] for one in FIELDS if _is_said(one, node, told[one.name])}


def _is_said(one: NodeField, node: NodeScore, value: object) -> bool:
    """What belongs to leaves is said of them; all is due, and weights count as printed, unless it is said."""
    return (one.of is not Of.LEAF or bool(node.indicator)) and not (one.differs and value is None)
