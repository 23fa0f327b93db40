"""Results as an Arrow table, their canonical hash, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from piramide.kernel.durable import whole_file
from piramide.kernel.figure import Figure, as_text, preview
from piramide.kernel.findings import Place, refuse
from piramide.kernel.node_fields import FIELDS, FIGURES, Of, Type, carried
from piramide.kernel.periods import parse_period
from piramide.scoring.result import NodeScore, ScoreTable, StructureScore

WHOLE = ""
"""Node of the row that carries the whole structure."""

EXACT: Final = "_exact"
"""What the name of a column ends with that keeps, as text `p/q`, the exact numbers of the doubles of another."""
NOISE: Final = 1e-9
"""How far a double may be from the exact number beside it: so much of it, and of one where it is smaller."""

_TYPES: Final = {Type.FIGURE: pa.float64(), Type.FLAG: pa.bool_(), Type.TEXT: pa.string()}
_NODE_COLUMNS: Final = {one.name: _TYPES[one.type] for one in FIELDS}
_OF_WHOLE: Final = tuple(one.name for one in FIELDS if one.of is Of.STRUCTURE and one.name != "id")
_NAMES: Final = ("structure", "source", *_NODE_COLUMNS)
SCHEMA = pa.schema(
    [
        *(("structure", pa.string()), ("source", pa.string())),
        *_NODE_COLUMNS.items(),
        *((f"{name}{EXACT}", pa.string()) for name in FIGURES),
    ]
)


def as_table(scores: ScoreTable) -> pa.Table:
    """One row per structure (node empty) followed by its nodes in the order of the paper.

    Here the exact numbers of all figures are worked out, once. Raises `Refusal` (CY070) where one of them is not what
    the arrays came to.
    """
    rows: list[dict[str, Any]] = []
    for structure in scores.structures:
        rows.append(_whole(structure))
        rows.extend({"structure": structure.id, "source": structure.source} | carried(node) for node in structure.nodes)
    columns = {name: [row[name] for row in rows] for name in _NAMES}
    texts = _Texts(rows)
    columns |= {f"{name}{EXACT}": texts.of_column(name, columns[name]) for name in FIGURES}
    return pa.table(columns, schema=SCHEMA)


class _Texts:
    """The exact numbers of figures as text. One number that stands in several columns is told and compared once."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._rows = rows
        self._told: dict[int, tuple[Fraction, float, str]] = {}

    def of_column(self, name: str, figures: Sequence[Figure | None]) -> list[str | None]:
        """The texts of a column; refused (CY070) where an exact number is not that of its double."""
        texts: list[str | None] = []
        for place, figure in enumerate(figures):
            if figure is None:
                texts.append(None)
                continue
            _, near, text = self._number(figure.exact)
            double = float(figure)
            if near != double and abs(near - double) > NOISE * max(1.0, abs(double)):
                row = self._rows[place]
                fields = {"node": row["id"] or row["structure"], "column": name, "exact": near, "fast": double}
                raise refuse("CY070", Place(row["structure"]), row["label"] or "", **fields)
            texts.append(text)
        return texts

    def _number(self, exact: Fraction) -> tuple[Fraction, float, str]:
        """The number, kept so that no other takes its place in memory, its nearest double and its text."""
        told = self._told.get(id(exact))
        if told is None:
            told = self._told[id(exact)] = (exact, exact.numerator / exact.denominator, as_text(exact))
        return told


def _whole(structure: StructureScore) -> dict[str, Any]:
    return dict.fromkeys(SCHEMA.names) | {
        "structure": structure.id,
        "source": structure.source,
        "id": WHOLE,
        **{name: getattr(structure, name) for name in _OF_WHOLE},
    }


def from_table(table: pa.Table, pack: str, period: str) -> ScoreTable:
    """The scores that `as_table` was made from.

    A table that keeps no exact numbers is of a run kept before there were any: its doubles are taken as the shortest
    decimals that read back the same.
    """
    structures: list[StructureScore] = []
    nodes: list[NodeScore] = []
    head: dict[str, Any] | None = None
    for row in [*_with_figures(table), None]:
        if row is None or row["id"] == WHOLE:
            if head is not None:
                structures.append(_structure(head, tuple(nodes)))
            head, nodes = row, []
        else:
            nodes.append(NodeScore(**{name: row[name] for name in _NODE_COLUMNS if name in row}))
    return ScoreTable(pack, period, tuple(structures))


def _with_figures(table: pa.Table) -> Iterator[dict[str, Any]]:
    """The rows of a table, its doubles joined to their exact numbers."""
    columns = {name: table.column(name).to_pylist() for name in table.column_names if not name.endswith(EXACT)}
    columns |= {name: figures_in(table, name) for name in FIGURES if name in columns}
    for cells in zip(*columns.values(), strict=True):
        yield dict(zip(columns, cells, strict=True))


def figures_in(table: pa.Table, name: str) -> list[Figure | None]:
    """The figures of a column of doubles, `None` where there is none."""
    doubles = table.column(name).to_pylist()
    if f"{name}{EXACT}" not in table.column_names:
        return [None if double is None else preview(double) for double in doubles]
    texts = table.column(f"{name}{EXACT}").to_pylist()
    return [
        None if double is None else preview(double) if text is None else Figure(double, text)
        for double, text in zip(doubles, texts, strict=True)
    ]


def _structure(head: dict[str, Any], nodes: tuple[NodeScore, ...]) -> StructureScore:
    told: dict[str, Any] = {name: head.get(name) for name in _OF_WHOLE}
    return StructureScore(id=head["structure"], source=head["source"], nodes=nodes, **told)


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
    """How the rows that a run keeps name the moment of a period."""
    return str(parse_period(period).moment)
