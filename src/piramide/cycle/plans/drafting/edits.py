"""What a planner changes: edits of the rows of a sheet, read again by the loader that reads every plan.

An edit states one thing of one structure: a weight, a target, an indicator assigned or taken away. What it states
rests on the act of the draft; a target that does not change keeps its own act even where the weight beside it moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from piramide.cycle.plans.drafting.source import PlanSource
from piramide.kernel.findings import refuse
from piramide.kernel.naming import unique_slug
from piramide.kernel.numbers import parse_machine
from piramide.methodology.checks.cells import machine
from piramide.methodology.loading.csv_text import Row
from piramide.methodology.loading.trees import build_sheets, target_of
from piramide.methodology.model import Act, Citation, NodeKind, Override, Pack, Sheet, WeightSource, walk
from piramide.methodology.weights import POINTS

_TARGET = ("target", "target_rule", "printed")
"""Columns of a tree that state its target."""
_NO_TARGET = dict.fromkeys(_TARGET, "")


class EditKind(StrEnum):
    """What is edited."""

    WEIGHT = "weight"
    TARGET = "target"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing stated of a node of a structure's sheet.

    `value` is in machine notation: of a `WEIGHT` the share inside the parent, empty for an equal part of what the
    siblings leave; of a `TARGET` the figure in the indicator's unit, empty for none; of an `ADDED` leaf its weight,
    with the `parent` it stands under, its `indicator` and its `target`. `place` is where in the act it is said.
    """

    kind: EditKind
    structure: str
    node: str
    value: str = ""
    parent: str = ""
    indicator: str = ""
    target: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class EditedSheet:
    """A sheet after its edits: rows of its tree, rows of the targets that the draft states, nodes that are gone."""

    structure: str
    layer: str
    rows: tuple[Row, ...]
    targets: tuple[Row, ...]
    gone: frozenset[str]

    @property
    def lost(self) -> set[tuple[str, str]]:
        """The nodes that are gone and did not come back, each with its structure."""
        return {(self.structure, node) for node in self.gone - {row["node"] for row in self.rows}}


@dataclass(frozen=True, slots=True)
class Heading:
    """What a draft says of itself: the pack it will be, its year, and the act it rests on."""

    id: str
    label: str
    year: int
    act: Act


def added_node(pack: Pack, structure: str, parent: str, indicator: str) -> str:
    """The id that an indicator takes in a sheet: the slug of its label, then of the group it stands in."""
    nodes = {node.id: node for node in walk(pack.sheets[structure].tree)}
    within = nodes[parent].label if parent in nodes else ""
    return unique_slug(pack.indicators[indicator].label, nodes, within)


def edited(source: PlanSource, edits: Iterable[Edit], heading: Heading) -> Pack:
    """The plan after its edits, as printed.

    Raises `Refusal`: DR002 an edit of what is not there, DR004 of what is there already, and what the loader refuses.
    """
    known = tuple(edits)
    pack = source.printed
    refuse_fixed(pack, known, heading)
    sheets, gone = dict(pack.sheets), set[tuple[str, str]]()
    for changed in edited_sheets(source, known, heading.act.id):
        sheets[changed.structure] = _built(source, changed)
        gone |= changed.lost
    return replace(
        pack,
        id=heading.id,
        label=heading.label,
        **source.validity(heading.year),
        sheets=sheets,
        chain=pack.chain.without(gone),
        overrides=tuple(kept_overrides(pack, known)),
        acts={**pack.acts, heading.act.id: heading.act},
    )


def edited_alone(source: PlanSource, structure: str, edits: Iterable[Edit], heading: Heading) -> Pack:
    """The plan with the sheet of one structure alone, after the edits of that one: quick to check while typing."""
    own = tuple(edit for edit in edits if edit.structure == structure)
    pack = source.printed
    refuse_fixed(pack, own, heading)
    sheet, chain = pack.sheets[structure], pack.chain
    for changed in edited_sheets(source, own, heading.act.id):
        sheet, chain = _built(source, changed), chain.without(changed.lost)
    overrides = (o for o in kept_overrides(pack, own) if o.subject.get("structure") == structure)
    acts = {**pack.acts, heading.act.id: heading.act}
    return replace(pack, sheets={structure: sheet}, chain=chain, overrides=tuple(overrides), acts=acts)


def refuse_fixed(pack: Pack, edits: Iterable[Edit], heading: Heading) -> None:
    """Refuse (DR015) edits of what no act of the year changes, in a draft for that year."""
    if heading.year != pack.year:
        return
    for edit in edits:
        sheet = pack.sheets.get(edit.structure)
        node = next((one for one in sheet.walk() if one.id == edit.node), None) if sheet else None
        indicator = pack.indicators.get(node.indicator) if node else None
        if indicator is not None and not indicator.is_amendable and edit.kind is not EditKind.ADDED:
            raise refuse("DR015", node.place if node else None, edit.node, structure=edit.structure, year=pack.year)


def edited_sheets(source: PlanSource, edits: Iterable[Edit], act: str) -> Iterator[EditedSheet]:
    """Every sheet that the edits touch, in the order of its first edit."""
    by_structure: dict[str, list[Edit]] = {}
    for edit in edits:
        by_structure.setdefault(edit.structure, []).append(edit)
    for structure, own in by_structure.items():
        if structure not in source.printed.sheets:
            raise refuse("DR002", subject=structure, plan=source.printed.id)
        editor = _Editor(source, structure, act)
        for edit in own:
            editor.apply(edit)
        yield editor.result()


def kept_overrides(pack: Pack, edits: Iterable[Edit]) -> Iterator[Override]:
    """Dated exceptions that no edit takes the place of: what a draft states holds for the whole of its validity."""
    stated = {(e.structure, e.node, e.kind.value) for e in edits}
    for override in pack.overrides:
        subject = override.subject.get("structure"), override.subject.get("node")
        if (*subject, override.field) not in stated and (*subject, EditKind.REMOVED.value) not in stated:
            yield override


def _built(source: PlanSource, changed: EditedSheet) -> Sheet:
    """The sheet, built by the loader from its edited rows."""
    structure, sheet = changed.structure, source.printed.sheets[changed.structure]
    nodes = {row["node"] for row in changed.rows}
    targets = {key: target for key, target in source.targets_of(structure).items() if key[1] in nodes}
    for row in changed.targets:
        cited = Citation(row["act"], row["place"])
        targets[structure, row["node"]] = target_of(row, cited)
    built = build_sheets(
        {structure: list(changed.rows)},
        targets,
        source.printed.organisation,
        sheet.source,
        in_points=source.printed.weighs_in_points,
    )
    return built[structure]


class _Editor:
    """Edits the rows of one structure, one edit after the other."""

    def __init__(self, source: PlanSource, structure: str, act: str) -> None:
        self._source, self._structure, self._act = source, structure, act
        self._rows = list(source.rows_of(structure))
        self._targets: dict[str, Row] = {}
        self._gone: set[str] = set()

    def apply(self, edit: Edit) -> None:
        """Apply one edit; refuses one of what is not there."""
        steps: Mapping[EditKind, Callable[[Edit], None]] = {
            EditKind.WEIGHT: self._weigh,
            EditKind.TARGET: self._aim,
            EditKind.ADDED: self._add,
            EditKind.REMOVED: self._remove,
        }
        steps[edit.kind](edit)

    def result(self) -> EditedSheet:
        """What came of it."""
        layer = self._source.layer_of(self._structure)
        rows = tuple(_with(row, structure=self._structure) for row in self._rows)
        return EditedSheet(self._structure, layer, rows, tuple(self._targets.values()), frozenset(self._gone))

    def _weigh(self, edit: Edit) -> None:
        at = self._at(edit.node)
        row = self._rows[at]
        if any(row[column] for column in _TARGET) and edit.node not in self._targets:
            self._state(edit.node, {column: row[column] for column in _TARGET}, Citation(row["act"], row["place"]))
        self._rows[at] = _with(row, **self._weight(edit), **_NO_TARGET)

    def _aim(self, edit: Edit) -> None:
        at = self._at(edit.node)
        self._rows[at] = _with(self._rows[at], **_NO_TARGET)
        self._state(edit.node, {"target": edit.value}, Citation(self._act, edit.place))

    def _add(self, edit: Edit) -> None:
        if any(row["node"] == edit.node for row in self._rows):
            raise refuse("DR004", subject=edit.node, structure=self._structure)
        indicator = self._source.printed.indicators.get(edit.indicator)
        if indicator is None:
            raise refuse("DR002", subject=edit.indicator, plan=self._source.printed.id)
        at = max(self._below(edit.parent) or [self._at(edit.parent)]) + 1
        cells = {
            "structure": self._structure,
            "node": edit.node,
            "parent": edit.parent,
            "kind": (NodeKind.COMPOSITE if indicator.composite else NodeKind.INDICATOR).value,
            "label": indicator.label,
            "indicator": "" if edit.indicator == edit.node else edit.indicator,
            **self._weight(edit),
        }
        self._rows.insert(at, Row("", 0, cells))
        if edit.target:
            self._state(edit.node, {"target": edit.target}, Citation(self._act, edit.place))

    def _remove(self, edit: Edit) -> None:
        gone = {self._rows[at]["node"] for at in (self._at(edit.node), *self._below(edit.node))}
        self._rows = [row for row in self._rows if row["node"] not in gone]
        self._gone |= gone
        for node in gone & self._targets.keys():
            del self._targets[node]

    def _weight(self, edit: Edit) -> dict[str, str]:
        kind = WeightSource.STATED if edit.value else WeightSource.EQUAL_SPLIT
        printed = self._source.printed
        value = machine(parse_machine(edit.value) * POINTS) if edit.value and printed.weighs_in_points else edit.value
        return {"weight": value, "weight_source": kind.value, "act": self._act, "place": edit.place}

    def _state(self, node: str, stated: Mapping[str, str], cited: Citation) -> None:
        """Take a target down for the table; the print of one that is replaced goes with it."""
        cells = {"structure": self._structure, "node": node, **stated}
        self._targets[node] = Row("", 0, cells | {"act": cited.act, "place": cited.place})

    def _at(self, node: str) -> int:
        found = next((at for at, row in enumerate(self._rows) if row["node"] == node), None)
        if found is None:
            raise refuse("DR002", subject=node, plan=self._structure)
        return found

    def _below(self, node: str) -> list[int]:
        """Places of the rows at any depth below a node; parents stand before children."""
        above, found = {node}, []
        for at, row in enumerate(self._rows):
            if row["parent"] in above:
                above.add(row["node"])
                found.append(at)
        return found


def _with(row: Row, **cells: str) -> Row:
    return replace(row, cells={**row.cells, **cells})
