"""Scores on their way out, in the shape that the contract fixes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from piramide.kernel.note import NO_NAMES, Names, worded
from piramide.scoring.result import NodeScore, ScoreTable, StructureScore

_LEAF_FIELDS = ("value", "target", "gap_raw", "gap", "status", "contested", "note")


def as_json(run: str, scores: ScoreTable, names: Names = NO_NAMES) -> dict[str, Any]:
    """The answer of the contract; `names` are labels by id for its notes."""
    structures = [structure_as_json(structure, names=names) for structure in scores.structures]
    return {"run": run, "pack": scores.pack, "period": scores.period, "structures": structures}


def structure_as_json(structure: StructureScore, language: str = "", names: Names = NO_NAMES) -> dict[str, Any]:
    """One structure with its nodes, parents first; notes in `language`, that of the reader without one."""
    fields = _said({k: v for k, v in asdict(structure).items() if k != "nodes"})
    return fields | {"nodes": [node_as_json(node, language, names) for node in structure.nodes]}


def node_as_json(node: NodeScore, language: str = "", names: Names = NO_NAMES) -> dict[str, Any]:
    """A node; what belongs to leaves is left out above them."""
    fields = _said(asdict(node) | {"note": worded(node.note, language, names)})
    if node.indicator:
        return fields
    return {k: v for k, v in fields.items() if k not in {*_LEAF_FIELDS, "indicator", "rule", "unit"}}


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields without what is only said where it differs: all is due, weights count as printed."""
    return {name: value for name, value in fields.items() if value is not None or name not in {"due", "counted"}}
