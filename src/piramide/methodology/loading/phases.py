"""The phases of a pack: `phases.csv`, one row a phase of an objective of a structure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from piramide.kernel.findings import refuse
from piramide.methodology.loading.csv_text import Row
from piramide.methodology.loading.files import PackFiles
from piramide.methodology.loading.stated_rows import Keyed, Nodes, cited, day_of, named, stated_rows, word_of
from piramide.methodology.model import Sheet
from piramide.methodology.phases import OF, Phase, PhasesOf
from piramide.methodology.weight_source import WeightSource

COLUMNS: Final = (
    "structure", "node", "phase", "label", "weight", "weight_source", "start", "end", "evidence", "responsible",
)  # fmt: skip


def read_phases(files: PackFiles, structures: Collection[str], sheets: Mapping[str, Sheet]) -> PhasesOf:
    """The phases by structure and node; none where the pack has no such file."""
    nodes = {name: {node.id for node in sheet.walk()} for name, sheet in sheets.items()}
    found: dict[tuple[str, str], list[Phase]] = {}
    for phase in stated_rows(files, "phases.csv", COLUMNS, lambda row: _phase(row, structures, nodes)):
        found.setdefault((phase.structure, phase.node), []).append(phase)
    return {key: _shared_out(phases) for key, phases in found.items()}


def _phase(row: Row, structures: Collection[str], nodes: Nodes) -> Keyed[Phase]:
    structure, node = named(row, structures, nodes)
    name = row.required("phase")
    if OF in name:
        raise refuse("PL088", row.place("phase"), name, sign=OF)
    source = word_of(WeightSource, row, "weight_source") if row["weight_source"] else WeightSource.STATED
    weight = row.number("weight")
    if weight is None and source is not WeightSource.EQUAL_SPLIT:
        raise refuse("PL023", row.place("weight"), column="weight")
    start, end = day_of(row, "start"), day_of(row, "end")
    if end is None:
        raise refuse("PL023", row.place("end"), column="end")
    phase = Phase(
        structure,
        node,
        name,
        row.required("label"),
        _UNSAID if weight is None else weight,
        source,
        start,
        end,
        row["evidence"],
        row["responsible"],
        cited(row),
        row.place(),
    )
    return phase.key, phase


_UNSAID: Final = Fraction(-1)
"""Stands for a weight that no document prints, until the others of the objective are known."""


def _shared_out(phases: list[Phase]) -> tuple[Phase, ...]:
    """What the printed weights leave, in equal parts over the phases that print none."""
    silent = [phase for phase in phases if phase.weight == _UNSAID]
    if not silent:
        return tuple(phases)
    left = 1 - sum((phase.weight for phase in phases if phase.weight != _UNSAID), Fraction(0))
    return tuple(replace(phase, weight=left / len(silent)) if phase in silent else phase for phase in phases)
