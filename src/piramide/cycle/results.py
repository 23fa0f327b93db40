"""Results as an Arrow table, their canonical hash, and back."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from piramide.kernel.durable import whole_file
from piramide.kernel.periods import parse_period
from piramide.kernel.statuses import STATUSES
from piramide.scoring.result import NodeScore, ScoreTable, StructureScore
from piramide.scoring.values import Values, moment_of

WHOLE = ""
"""Node of the row that carries the whole structure."""

_TYPES = {"float": pa.float64(), "float | None": pa.float64(), "bool": pa.bool_()}
_NODE_COLUMNS = {field.name: _TYPES.get(str(field.type), pa.string()) for field in fields(NodeScore)}
SCHEMA = pa.schema([("structure", pa.string()), ("source", pa.string()), *((n, t) for n, t in _NODE_COLUMNS.items())])


def as_table(scores: ScoreTable) -> pa.Table:
    """One row per structure (node empty) followed by its nodes in the order of the paper."""
    rows: list[dict[str, Any]] = []
    for structure in scores.structures:
        rows.append(_whole(structure))
        rows.extend(
            {"structure": structure.id, "source": structure.source} | {n: getattr(node, n) for n in _NODE_COLUMNS}
            for node in structure.nodes
        )
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _whole(structure: StructureScore) -> dict[str, Any]:
    return dict.fromkeys(SCHEMA.names) | {
        "structure": structure.id,
        "source": structure.source,
        "id": WHOLE,
        "kind": structure.kind,
        "label": structure.label,
        "index": structure.index,
        "index_measured": structure.index_measured,
        "index_low": structure.index_low,
        "index_high": structure.index_high,
        "coverage": structure.coverage,
    }


def from_table(table: pa.Table, pack: str, period: str) -> ScoreTable:
    """The scores that `as_table` was made from."""
    structures: list[StructureScore] = []
    nodes: list[NodeScore] = []
    head: dict[str, Any] | None = None
    for row in [*table.to_pylist(), None]:
        if row is None or row["id"] == WHOLE:
            if head is not None:
                structures.append(_structure(head, tuple(nodes)))
            head, nodes = row, []
        else:
            nodes.append(NodeScore(**{name: row[name] for name in _NODE_COLUMNS}))
    return ScoreTable(pack, period, tuple(structures))


def _structure(head: dict[str, Any], nodes: tuple[NodeScore, ...]) -> StructureScore:
    names = ("label", "kind", "source", "index", "index_measured", "index_low", "index_high", "coverage")
    return StructureScore(id=head["structure"], nodes=nodes, **{name: head[name] for name in names})


def digest(table: pa.Table) -> str:
    """`sha256:` over the columns in order: names, then cells as text, floats in their shortest exact form."""
    total = hashlib.sha256()
    for name in table.column_names:
        total.update(name.encode() + b"\0")
        for cell in table.column(name).to_pylist():
            total.update(("" if cell is None else repr(cell)).encode() + b"\0")
    return f"sha256:{total.hexdigest()}"


def write(table: pa.Table, path: Path) -> None:
    """Write a table as Parquet, whole or not at all."""
    with whole_file(path) as draft:
        pq.write_table(table, draft, compression="zstd")


def read(path: Path, structure: str = "") -> pa.Table:
    """Read a table from Parquet; of one structure alone if asked."""
    return pq.read_table(path, filters=[("structure", "=", structure)] if structure else None)


def moment_text(period: str) -> str:
    """How `values_table` names the moment of a period."""
    return str(parse_period(period).moment)


def values_table(values: Values) -> pa.Table:
    """Values as they were written (exact decimals as text), in the columns of the contract, moments named one way."""
    moments = {int(code): str(moment_of(int(code))) for code in values.known_moments()}
    columns = {
        "structure": values.structures,
        "indicator": values.indicators,
        "period": pa.array([moments[int(code)] for code in values.moments], pa.string()),
        "value": values.texts,
        "numerator": values.numerators,
        "denominator": values.denominators,
        "status": pa.array([STATUSES[status] for status in values.statuses], pa.string()),
        "contested": pa.array(["yes" if flag else "no" for flag in values.contested], pa.string()),
        "note": values.notes,
    }
    return pa.table(columns)
