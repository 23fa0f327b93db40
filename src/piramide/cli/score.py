"""`piramide score`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from piramide.cli import terminal
from piramide.cli.texts import say
from piramide.cycle.score import Request
from piramide.cycle.score import score as score_request
from piramide.cycle.store import Store
from piramide.scoring.result import NodeScore, ScoreTable, StructureScore

__all__ = ["Request", "score"]

LEAF_FIELDS = ("value", "target", "gap_raw", "gap", "status", "contested", "note")
SHORT = 8


def score(request: Request, folders: Sequence[Path], store: Path, *, as_json: bool) -> None:
    """Score, keep the run, and print every structure's index (or one structure's sheet)."""
    scored = score_request(request, list(folders), Store(store))
    for finding in scored.findings:
        terminal.tell(f"{finding.code}: {finding.message()}")
    if as_json:
        terminal.print_json(as_json_answer(scored.run_id, scored.scores))
        return
    if request.demonstration:
        terminal.tell(say("answer.demonstration"))
    if len(scored.scores.structures) == 1:
        _print_sheet(scored.scores.structures[0])
    else:
        _print_structures(scored.scores)
    terminal.print_text(say("answer.run_kept", run=scored.run_id, folder=store))


def as_json_answer(run: str, scores: ScoreTable) -> dict[str, Any]:
    """The answer of the contract."""
    structures = [_structure_as_json(structure) for structure in scores.structures]
    return {"run": run, "pack": scores.pack, "period": scores.period, "structures": structures}


def _structure_as_json(structure: StructureScore) -> dict[str, Any]:
    fields = {k: v for k, v in asdict(structure).items() if k != "nodes"}
    return fields | {"nodes": [_node_as_json(node) for node in structure.nodes]}


def _node_as_json(node: NodeScore) -> dict[str, Any]:
    fields = asdict(node)
    if node.indicator:
        return fields
    return {k: v for k, v in fields.items() if k not in {*LEAF_FIELDS, "indicator", "rule", "unit"}}


def _print_structures(scores: ScoreTable) -> None:
    columns = [(say("answer.structure"), False), (say("answer.label"), False), (say("answer.index"), True)]
    columns += [("", False), (say("answer.coverage"), True)]
    rows = [
        (s.id, s.label, terminal.figure(s.index), _band(s), terminal.percent(s.coverage, 0)) for s in scores.structures
    ]
    terminal.print_table(columns, rows)


def _print_sheet(structure: StructureScore) -> None:
    index = terminal.figure(structure.index)
    terminal.print_text(f"{structure.label}: {say('answer.index')} {index} {_band(structure)}")
    columns = [(say("answer.label"), False), (say("answer.weight"), True), (say("answer.target"), True)]
    columns += [(say("answer.value"), True), (say("answer.gap"), True), (say("answer.index"), True)]
    columns.append((say("answer.status"), False))
    depths: dict[str | None, int] = {None: -1}
    rows = []
    for node in structure.nodes:
        depths[node.id] = depths[node.parent] + 1
        rows.append(_row(node, depths[node.id]))
    terminal.print_table(columns, rows)


def _row(node: NodeScore, depth: int) -> tuple[str, ...]:
    return (
        "  " * depth + node.label,
        terminal.percent(node.weight),
        terminal.figure(node.target, 3) if node.indicator else "",
        terminal.figure(node.value, 3) if node.indicator else "",
        terminal.percent(node.gap, signed=True) if node.indicator else "",
        terminal.figure(node.index),
        node.status,
    )


def _band(structure: StructureScore) -> str:
    if structure.index is not None or structure.index_low is None:
        return ""
    low, high = terminal.figure(structure.index_low), terminal.figure(structure.index_high)
    return say("answer.between", low=low, high=high)
