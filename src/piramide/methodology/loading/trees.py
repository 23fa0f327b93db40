"""The weighted trees of a pack: rows of `trees/*.csv` and `targets/*.csv` become one tree per structure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from piramide.kernel.findings import Finding, Refusal, refuse
from piramide.kernel.naming import nearest
from piramide.kernel.organisation import Organisation
from piramide.methodology.loading.csv_text import Row, read_csv
from piramide.methodology.loading.files import PackFiles
from piramide.methodology.model import Citation, Node, NodeKind, Sheet, WeightSource
from piramide.methodology.weights import POINTS, printed_unit

REQUIRED = ("structure", "node", "parent", "kind", "label")
OPTIONAL = ("indicator", "weight", "weight_source", "target", "target_rule", "printed", "act", "place", "was")
TARGET_REQUIRED = ("structure", "node", "target")
TARGET_OPTIONAL = ("target_rule", "printed", "act", "place", "note")
KIND_PREFIX = "kind:"
RULE_PREFIX = "rule:"

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Target:
    """A target from a table: value or rule, and what it rests on."""

    value: Fraction | None
    rule: str
    citation: Citation
    row: Row
    printed: str = ""


def target_of(row: Row, cited: Citation) -> Target:
    """The target that a row of a tree or of a table states."""
    return Target(row.number("target"), row["target_rule"], cited, row, row["printed"])


Targets = dict[tuple[str, str], Target]


def read_trees(files: PackFiles, folder: str) -> dict[str, list[Row]]:
    """Rows of every tree by the text of their `structure` cell, in the order of the files."""
    forest: dict[str, list[Row]] = {}
    for path in files.matching(f"{folder}/*.csv"):
        for row in read_csv(files.text(path), path, REQUIRED, OPTIONAL).rows:
            forest.setdefault(row.required("structure"), []).append(row)
    return forest


def empty_trees(files: PackFiles, folder: str) -> tuple[str, ...]:
    """Tree files that have a header and no row."""
    paths = files.matching(f"{folder}/*.csv")
    return tuple(path for path in paths if not read_csv(files.text(path), path, REQUIRED, OPTIONAL).rows)


def read_targets(files: PackFiles, folder: str, known: Iterable[str]) -> Targets:
    """Targets by structure (or `kind:…`) and node; a key stated twice is refused."""
    answer: Targets = {}
    findings: list[Finding] = []
    structures = set(known)
    for path in files.matching(f"{folder}/*.csv"):
        for row in read_csv(files.text(path), path, TARGET_REQUIRED, TARGET_OPTIONAL).rows:
            try:
                key = (_known_structure(row, structures), row.required("node"))
                if key in answer:
                    raise refuse("PL026", row.place(), key=", ".join(key))
                answer[key] = target_of(row, Citation(row["act"], row["place"]))
            except Refusal as refusal:
                findings.extend(refusal.findings)
    if findings:
        raise Refusal(*findings)
    return answer


def build_sheets(
    forest: Mapping[str, list[Row]],
    targets: Targets,
    organisation: Organisation,
    source: str,
    *,
    in_points: bool = False,
) -> dict[str, Sheet]:
    """One sheet per structure: its own tree, else that of its kind. Every fault of every tree is reported at once.

    Weights are written as shares of one, or `in_points` of 100.
    """
    findings: list[Finding] = []
    kinds = {version.id: version.kind for version in organisation.versions}
    sheets: dict[str, Sheet] = {}
    used: set[tuple[str, str]] = set()
    for cell, rows in forest.items():
        if members := _structures(cell, rows, kinds, forest, findings):
            builder = _Builder(rows, targets, used, in_points=in_points)
            for structure in members:
                sheets[structure] = Sheet(structure, builder.build(structure, kinds[structure]), source)
            findings.extend(builder.findings)
    findings.extend(_unused(targets, used))
    if findings:
        raise Refusal(*_distinct(findings))
    order = {name: position for position, name in enumerate(organisation.ids())}
    return dict(sorted(sheets.items(), key=lambda item: order[item[0]]))


def build_templates(forest: Mapping[str, list[Row]], *, in_points: bool = False) -> dict[str, tuple[Node, ...]]:
    """Trees by structure kind, without weights and targets."""
    answer = {}
    for cell, rows in forest.items():
        builder = _Builder(rows, {}, set(), in_points=in_points)
        answer[cell.removeprefix(KIND_PREFIX)] = builder.build("", cell.removeprefix(KIND_PREFIX))
        if builder.findings:
            raise Refusal(*builder.findings)
    return answer


def _known_structure(row: Row, known: set[str]) -> str:
    name = row.required("structure")
    if name not in known and not name.startswith(KIND_PREFIX):
        raise refuse("PL044", row.place("structure"), name, near=", ".join(nearest(name, sorted(known))) or "-")
    return name


def _structures(
    cell: str, rows: Sequence[Row], kinds: Mapping[str, str], forest: Mapping[str, object], findings: list[Finding]
) -> tuple[str, ...]:
    if cell.startswith(KIND_PREFIX):
        kind = cell.removeprefix(KIND_PREFIX)
        members = tuple(name for name, its_kind in kinds.items() if its_kind == kind)
        if not members:
            findings.append(Finding("PL045", rows[0].place("structure"), kind))
        return tuple(name for name in members if name not in forest)
    if cell not in kinds:
        near = ", ".join(nearest(cell, sorted(kinds))) or "-"
        findings.append(Finding("PL044", rows[0].place("structure"), cell, {"near": near}))
        return ()
    return (cell,)


def _unused(targets: Targets, used: set[tuple[str, str]]) -> Iterable[Finding]:
    for key, target in targets.items():
        if key not in used:
            yield Finding("PL054", target.row.place(), ", ".join(key), {"structure": key[0], "node": key[1]})


def _distinct(findings: Iterable[Finding]) -> list[Finding]:
    """A fault in the tree of a kind is said once, not once per structure of that kind."""
    return list({(f.code, f.place): f for f in findings}.values())


class _Builder:
    """Builds the trees that some rows stand for, one structure after the other, collecting every fault.

    Structures of a kind share the nodes in which they do not differ.
    """

    def __init__(self, rows: Sequence[Row], targets: Targets, used: set[tuple[str, str]], *, in_points: bool) -> None:
        self._whole = POINTS if in_points else 1
        self._targets = targets
        self._used = used
        self._own: dict[int, Target] = {}
        self._known: dict[tuple[int, ...], Node] = {}
        self.findings: list[Finding] = []
        self._children = self._laid_out(rows)
        self._splits = {parent: _equal_share(below, self._whole) for parent, below in self._children.items()}

    def build(self, structure: str, kind: str) -> tuple[Node, ...]:
        """Top nodes of one structure with everything below them."""
        return self._nodes("", (structure, f"{KIND_PREFIX}{kind}"))

    def _laid_out(self, rows: Sequence[Row]) -> dict[str, list[Row]]:
        """The rows below each node, the top ones below the empty name."""
        children: dict[str, list[Row]] = {"": []}
        names = {row["node"] for row in rows}
        for row in rows:
            name, parent = row["node"], row["parent"]
            if not name:
                self.findings.append(Finding("PL023", row.place("node"), fields={"column": "node"}))
            elif name in children:
                self.findings.append(Finding("PL050", row.place("node"), name))
            elif parent not in children:
                code = "PL052" if parent in names else "PL051"
                near = ", ".join(nearest(parent, sorted(names))) or "-"
                self.findings.append(Finding(code, row.place("parent"), name, {"parent": parent, "near": near}))
                children[name] = []  # said once: what stands below it is not at fault
            else:
                children[name] = []
                children[parent].append(row)
        return children

    def _nodes(self, parent: str, keys: tuple[str, str]) -> tuple[Node, ...]:
        nodes = []
        for row in self._children[parent]:
            try:
                below = self._nodes(row["node"], keys)
                target = self._target(row, keys)
                known = (id(row), id(target), *map(id, below))  # both are kept as long as the builder is
                if known not in self._known:
                    self._known[known] = _node(row, self._splits[parent], target, below, self._whole)
                nodes.append(self._known[known])
            except Refusal as refusal:
                self.findings.extend(refusal.findings)
        return tuple(nodes)

    def _target(self, row: Row, keys: tuple[str, str]) -> Target:
        own = self._own.get(id(row))
        if own is None:
            cited = Citation(row["act"], row["place"])
            own = self._own[id(row)] = target_of(row, cited)
        found = [key for key in ((name, row["node"]) for name in keys) if key in self._targets]
        self._used.update(found)
        if not found:
            return own
        if own.value is not None or own.rule or own.printed:
            raise refuse("PL053", row.place("target"), row["node"], other=str(self._targets[found[0]].row.place()))
        return self._targets[found[0]]


def _node(row: Row, split: Fraction, target: Target, below: tuple[Node, ...], whole: int) -> Node:
    """The node of one row; `split` is the weight where the row prints none and it is split equally.

    Weights are written on a scale of `whole`.
    """
    source, rule = _weight_source(row)
    weight = row.number("weight")
    if weight is None:
        weight = split if source is WeightSource.EQUAL_SPLIT else Fraction(0)
    else:
        weight /= whole
    kind = _choice(NodeKind, row.required("kind"), row, "kind")
    if kind is NodeKind.NOT_AT_HAND:
        _refuse_content(row, target, below)
    return Node(
        id=row["node"],
        kind=kind,
        label=row.required("label"),
        weight=weight,
        weight_source=source,
        citation=Citation(row["act"], row["place"]),
        place=row.place(),
        indicator="" if below or kind is NodeKind.NOT_AT_HAND else row["indicator"] or row["node"],
        target=target.value,
        target_citation=target.citation,
        target_rule=target.rule,
        printed=target.printed,
        was=row["was"],
        weight_unit=_unit(row["weight"], whole),
        weight_rule=rule,
        children=below,
    )


def _refuse_content(row: Row, target: Target, below: tuple[Node, ...]) -> None:
    """A weight without content has none."""
    aims = target.value is not None or target.rule or target.printed
    given = {"indicator": row["indicator"], "target": aims, "children": below}
    if found := ", ".join(name for name, is_there in given.items() if is_there):
        raise refuse("PL065", row.place("kind"), row["node"], given=found)


def _weight_source(row: Row) -> tuple[WeightSource, str]:
    """Where a weight comes from, and the rule of re-weighting of a guest, whose own weight stays blank."""
    said = row["weight_source"] or WeightSource.STATED.value
    if not said.startswith(RULE_PREFIX):
        if said == WeightSource.RULE:  # of which rule it does not say
            raise refuse("PL093", row.place("weight_source"), row["node"])
        return _choice(WeightSource, said, row, "weight_source"), ""
    rule = said.removeprefix(RULE_PREFIX).strip()
    if not rule:
        raise refuse("PL093", row.place("weight_source"), row["node"])
    if row["weight"]:
        raise refuse("PL092", row.place("weight"), row["node"], weight=row["weight"], name=rule)
    return WeightSource.RULE, rule


def _unit(printed: str, whole: int) -> Fraction | None:
    """What the print of a weight leaves open; a guest and an equal split print none, and whole points are exact."""
    if not printed:
        return None
    if whole == 1:
        return printed_unit(printed)
    return Fraction(1, 10 ** len(decimals)) / whole if (decimals := printed.partition(".")[2]) else Fraction(0)


def _equal_share(rows: Sequence[Row], whole: int) -> Fraction:
    """What stated siblings leave, split over the siblings that print no weight; guests have none yet."""
    hosts = [row for row in rows if not row["weight_source"].startswith(RULE_PREFIX)]
    stated = [weight for row in hosts if (weight := _weight(row)) is not None]
    split = len(hosts) - len(stated)
    return (1 - sum(stated, Fraction(0)) / whole) / split if split else Fraction(0)


def _weight(row: Row) -> Fraction | None:
    try:
        return row.number("weight")
    except Refusal:  # reported where the node itself is built
        return Fraction(0)


def _choice(options: type[Choice], text: str, row: Row, column: str) -> Choice:
    try:
        return options(text)
    except ValueError as error:
        raise refuse("PL055", row.place(column), text, known=", ".join(options)) from error
