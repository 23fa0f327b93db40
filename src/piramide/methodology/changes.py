"""What changed between two packs, grouped as an amendment lists it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from typing import Any, Final

from piramide.kernel.numbers import format_number
from piramide.kernel.organisation import Structure
from piramide.methodology.chain import ObjectiveRisk, RegisterEntry
from piramide.methodology.identity import Identity
from piramide.methodology.in_force import in_force, last_day
from piramide.methodology.loading.trees import KIND_PREFIX
from piramide.methodology.measures import Measure
from piramide.methodology.model import Citation, Node, Pack, Parameter, Table, with_ancestors
from piramide.methodology.phases import Phase
from piramide.methodology.renaming import renamed, under_old_names
from piramide.methodology.years import YearTarget

GROUPS = (
    "pack",
    "structures",
    "sheets",
    "weights",
    "targets",
    "chain",
    "risks",
    "register",
    "money",
    "reweighting",
    "phases",
    "years",
    "planning",
    "history",
    "templates",
    "definitions",
    "parameters",
    "scales",
    "profiles",
    "tables",
    "identities",
    "aliases",
    "acts",
    "citations",
    "words",
)
"""The order in which an amendment tells its changes."""

Stated = ObjectiveRisk | RegisterEntry | Phase | YearTarget
"""What a file states of a node or a project of a structure."""
MOST_DECIMALS = 6
UNCITED = Citation("")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `structure` and `node` are empty where they do not apply; absent is `None`."""

    group: str
    structure: str
    node: str
    field: str
    before: object
    after: object
    citation: Citation = UNCITED

    def as_json(self) -> dict[str, Any]:
        """The shape of the contract."""
        return {
            "group": self.group,
            "structure": self.structure,
            "node": self.node,
            "field": self.field,
            "before": _plain(self.before),
            "after": _plain(self.after),
            "act": {"id": self.citation.act, "place": self.citation.place},
        }

    def sentence(self) -> str:
        """`structure, node: field before → after (act, place)`."""
        subject = ", ".join(part for part in (self.structure, self.node) if part)
        act = f" ({self.citation.act}, {self.citation.place})" if self.citation.act else ""
        return f"{subject}: {self.field} {_words(self.before)} → {_words(self.after)}{act}"


@dataclass(frozen=True, slots=True)
class Changes:
    """Every difference from pack `a` to pack `b`."""

    a: str
    b: str
    changes: tuple[Change, ...]

    def as_json(self) -> dict[str, Any]:
        """The shape of the contract."""
        return {"a": self.a, "b": self.b, "changes": [change.as_json() for change in self.changes]}

    def groups(self) -> Iterator[tuple[str, tuple[Change, ...]]]:
        """Changes by group, in the order of an amendment."""
        for group in GROUPS:
            if found := tuple(change for change in self.changes if change.group == group):
                yield group, found


def compare(a: Pack, b: Pack) -> Changes:
    """Differences between two packs, each with the overrides of its last day applied."""
    before, after = in_force(a), in_force(b)
    found = [
        *_head(before, after),
        *_boards(before, after),
        *_structures(before, after),
        *_sheets(before, after),
        *_templates(before, after),
        *_chain(before, after),
        *_sums(before, after),
        *_fields("reweighting", before.reweighting, after.reweighting),
        *_stated("phases", _phases(before), _phases(after)),
        *_stated("years", _of_years(before), _of_years(after)),
        *_planning(before, after),
        *_history(before, after),
        *_fields("definitions", before.indicators, after.indicators),
        *_measures(before.measures, after.measures),
        *_fields("parameters", before.parameters, after.parameters),
        *_fields("scales", before.scales, after.scales),
        *_fields("profiles", before.profiles, after.profiles),
        *_tables(before.tables, after.tables),
        *_fields("identities", _by_id(before), _by_id(after)),
        *_aliases(before, after),
        *_fields("acts", before.acts, after.acts),
        *_fields("words", before.sheet_words, after.sheet_words),
    ]
    return Changes(a.id, b.id, tuple(sorted(found, key=lambda change: GROUPS.index(change.group))))


def _head(a: Pack, b: Pack) -> Iterator[Change]:
    for name in ("label", "administration", "year", "since", "until", "language", "cap", "missing", "weighs_in_points"):
        values = getattr(a, name), getattr(b, name)
        if values[0] != values[1]:
            yield Change("pack", "", "", name, *values)


def _boards(a: Pack, b: Pack) -> Iterator[Change]:
    for board, before, after in (
        ("boards", a.boards, b.boards),
        ("boards.spending", a.boards.spending, b.boards.spending),
        ("boards.quality", a.boards.quality, b.boards.quality),
    ):
        for item in fields(before):
            values = getattr(before, item.name), getattr(after, item.name)
            if values[0] != values[1] and not is_dataclass(values[0]):
                yield Change("pack", "", "", f"{board}.{item.name}", *values)


def _by_id(pack: Pack) -> dict[str, Identity]:
    return {identity.id: identity for identity in pack.identities}


def _aliases(a: Pack, b: Pack) -> Iterator[Change]:
    before, after = ({(alias.printed, alias.kind): alias for alias in pack.aliases} for pack in (a, b))
    for printed, kind in dict.fromkeys((*before, *after)):
        old, new = before.get((printed, kind)), after.get((printed, kind))
        if (old and old.canonical) != (new and new.canonical):
            yield Change("aliases", "", printed, kind, old and old.canonical, new and new.canonical, _cited(new or old))


def _chain(a: Pack, b: Pack) -> Iterator[Change]:
    """Levels, lines and links of the chain, risks of objectives, entries of the register."""
    before, after = a.chain, b.chain
    yield from _fields("chain", before.levels, after.levels)
    yield from _fields("chain", before.kinds, after.kinds)
    yield from _called(_fields("chain", before.lines, after.lines), "chain_level")
    if before.chapters != after.chapters:
        yield Change("chain", "", "", "chapters", before.chapters, after.chapters)
    old, new = ({link.key: link for link in chain.links} for chain in (before, after))
    for key in dict.fromkeys((*old, *new)):
        link = new.get(key) or old[key]
        if key not in old or key not in new:
            values = link.to if key in old else None, link.to if key in new else None
            yield Change("chain", link.structure, link.node, f"link.{link.kind.value}", *values, link.citation)
        elif old[key].citation != new[key].citation:
            yield _citation(link.structure, link.node, f"link.{link.kind.value}", old[key].citation, link.citation)
    yield from _called(_stated("risks", before.risks, after.risks), "risk_level")
    yield from _stated("register", before.register, after.register)


def _called(changes: Iterable[Change], level: str) -> Iterator[Change]:
    """The changes with a name of its own for the level: that of a line is not that of a risk, nor of a measure."""
    for change in changes:
        yield replace(change, field=level) if change.field == "level" else change


def _phases(pack: Pack) -> Iterator[Phase]:
    return (phase for phases in pack.phases.values() for phase in phases)


def _of_years(pack: Pack) -> Iterator[YearTarget]:
    return (target for targets in pack.years.values() for target in targets)


def _stated(group: str, before: Iterable[Stated], after: Iterable[Stated]) -> Iterator[Change]:
    """What comes, goes and changes among the rows of a file about structures and their nodes."""
    old: dict[tuple[str, ...], Stated] = {item.key: item for item in before}
    new: dict[tuple[str, ...], Stated] = {item.key: item for item in after}
    for key in dict.fromkeys((*old, *new)):
        structure = key[0]
        for change in _fields(group, _only(old, key), _only(new, key)):
            yield replace(change, structure=structure)


def _only(items: Mapping[tuple[str, ...], Stated], key: tuple[str, ...]) -> dict[str, Stated]:
    """One of them by what tells it apart inside its structure; empty where it is not there."""
    return {", ".join(key[1:]): items[key]} if key in items else {}


def _sums(a: Pack, b: Pack) -> Iterator[Change]:
    """What changes of the sums, each told with its structure."""
    for change in _fields("money", a.money, b.money):
        money = b.money.get(change.node) or a.money.get(change.node)
        yield replace(change, structure=money.structure if money and change.group == "money" else "")


def _planning(a: Pack, b: Pack) -> Iterator[Change]:
    """What changes of the ladder, families, groups and levers, and of the numbers that planning takes."""
    before, after = a.planning, b.planning
    for part in ("ladder", "families", "groups", "levers"):
        yield from _fields("planning", getattr(before, part), getattr(after, part))
    for name in ("learning", "lot", "change_cap", "protected", "is_competent", "profile", "production", "sharing"):
        values = getattr(before, name), getattr(after, name)
        if values[0] != values[1]:
            yield Change("planning", "", "", name, *values)


def _history(a: Pack, b: Pack) -> Iterator[Change]:
    for key in dict.fromkeys((*a.history, *b.history)):
        before, after = a.history.get(key, {}), b.history.get(key, {})
        for name in dict.fromkeys((*before, *after)):
            if before.get(name) != after.get(name):
                yield Change("history", *key, name, before.get(name), after.get(name))


def _templates(a: Pack, b: Pack) -> Iterator[Change]:
    for kind in dict.fromkeys((*a.templates, *b.templates)):
        old, new = _flat(a.templates.get(kind, ())), _flat(b.templates.get(kind, ()))
        for change in _nodes(f"{KIND_PREFIX}{kind}", old, new):
            yield replace(change, group="templates")


def _structures(a: Pack, b: Pack) -> Iterator[Change]:
    before: Mapping[str, Structure] = a.organisation.on(last_day(a)).structures
    after: Mapping[str, Structure] = b.organisation.on(last_day(b)).structures
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield Change("structures", name, "", "structure", old and old.label, new and new.label)
            continue
        for name_of_field in ("label", "kind", "parent", "additive", "clusters"):
            values = getattr(old, name_of_field), getattr(new, name_of_field)
            if values[0] != values[1]:
                yield Change("structures", name, "", name_of_field, *values)


def _sheets(a: Pack, b: Pack) -> Iterator[Change]:
    names = renamed(a, b)
    matched = under_old_names(b, names)
    for name in dict.fromkeys((*a.sheets, *b.sheets)):
        if name not in a.sheets or name not in b.sheets:
            yield Change("sheets", name, "", "sheet", name in a.sheets or None, name in b.sheets or None)
            continue
        old = {node: now for (structure, now), node in names.items() if structure == name}
        yield from _renamed(name, old, _flat(b.sheets[name].tree))
        yield from _nodes(name, _flat(a.sheets[name].tree), _flat(matched.sheets[name].tree))


def _renamed(structure: str, old: Mapping[str, str], after: Mapping[str, tuple[str, Node]]) -> Iterator[Change]:
    """Nodes that the later pack says were called otherwise."""
    for before, now in old.items():
        yield Change("sheets", structure, before, "id", before, now, after[now][1].citation)


def _flat(nodes: tuple[Node, ...]) -> dict[str, tuple[str, Node]]:
    return {node.id: (above[-1].id if above else "", node) for node, above in with_ancestors(nodes)}


def _nodes(
    structure: str, before: Mapping[str, tuple[str, Node]], after: Mapping[str, tuple[str, Node]]
) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        if name not in before or name not in after:
            cited = (after.get(name) or before[name])[1].citation
            old_label, new_label = (group[name][1].label if name in group else None for group in (before, after))
            yield Change("sheets", structure, name, "node", old_label, new_label, cited)
            continue
        (old_parent, old), (new_parent, new) = before[name], after[name]
        if old_parent != new_parent:
            yield Change("sheets", structure, name, "parent", old_parent, new_parent, new.citation)
        for group, attribute, cited in (
            ("sheets", "kind", new.citation),
            ("sheets", "label", new.citation),
            ("sheets", "indicator", new.citation),
            ("weights", "weight", new.citation),
            ("weights", "weight_source", new.citation),
            ("weights", "weight_rule", new.citation),
            ("targets", "target", new.target_citation or new.citation),
            ("targets", "target_rule", new.target_citation or new.citation),
            ("targets", "printed", new.target_citation or new.citation),
        ):
            values = getattr(old, attribute), getattr(new, attribute)
            if values[0] != values[1]:
                yield Change(group, structure, name, attribute, *values, cited)
        yield from _citations(structure, old, new)


def _citations(structure: str, old: Node, new: Node) -> Iterator[Change]:
    """Acts and places that change where nothing that rests on them does."""
    said = ("kind", "label", "indicator", "weight", "weight_source", "weight_rule", "target", "target_rule", "printed")
    if any(getattr(old, name) != getattr(new, name) for name in said):
        return
    if old.citation != new.citation:
        yield _citation(structure, new.id, "act", old.citation, new.citation)
    before, after = old.target_citation or old.citation, new.target_citation or new.citation
    if before != after and (before, after) != (old.citation, new.citation):
        yield _citation(structure, new.id, "target_act", before, after)


def _citation(structure: str, name: str, field: str, old: Citation, new: Citation) -> Change:
    return Change("citations", structure, name, field, _place_of(old), _place_of(new), new)


def _place_of(citation: Citation) -> str:
    return ", ".join(part for part in (citation.act, citation.place) if part)


_TOLD_APART: Final = frozenset({"place", "citation", "kinds"})
"""Fields of a definition that are told apart: where it stands, what it rests on, parts with changes of their own."""


def _fields(group: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield Change(group, "", name, group, _title(old), _title(new), _cited(new or old))
            continue
        changed = [
            (item.name, getattr(old, item.name), getattr(new, item.name))
            for item in fields(new)
            if item.name not in _TOLD_APART and getattr(old, item.name) != getattr(new, item.name)
        ]
        for attribute, one, other in changed:
            yield Change(group, "", name, attribute, one, other, _cited(new))
        if not changed and _cited(old) != _cited(new):
            yield _citation("", name, group, _cited(old), _cited(new))


def _measures(before: Mapping[str, Measure], after: Mapping[str, Measure]) -> Iterator[Change]:
    """Measures that come and go, and what changes in the others; `measure` is the label."""
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None or old.label != new.label:
            yield Change("definitions", "", name, "measure", _title(old), _title(new))
        if old is None or new is None:
            continue
        before_told, after_told = _told(old), _told(new)
        for key in dict.fromkeys((*before_told, *after_told)):
            values = before_told.get(key), after_told.get(key)
            if values[0] != values[1]:
                yield Change("definitions", "", name, key, *values)


def _told(measure: Measure) -> dict[str, object]:
    """What a measure says, key by key; of its groups each key alone (`groups.holds.Q1`)."""
    told = {item.name: getattr(measure, item.name) for item in fields(measure) if item.name not in {"label", "place"}}
    groups = told.pop("groups")
    if groups is not None:
        told |= {f"groups.{item.name}": getattr(groups, item.name) for item in fields(groups) if item.name != "holds"}
        told |= {f"groups.holds.{moment}": condition for moment, condition in groups.holds.items()}
    return told


def _tables(before: Mapping[str, Table], after: Mapping[str, Table]) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield Change("tables", "", name, "table", _title(old), _title(new), _cited(new or old))
            continue
        for attribute in ("title", "key", "unit"):
            values = getattr(old, attribute), getattr(new, attribute)
            if values[0] != values[1]:
                yield Change("tables", "", name, attribute, *values, new.citation)
        if old.citation != new.citation:
            yield _citation("", name, "tables", old.citation, new.citation)
        old_cells, new_cells = _cells(old), _cells(new)
        for cell in dict.fromkeys((*old_cells, *new_cells)):
            if old_cells.get(cell) != new_cells.get(cell):
                yield Change("tables", "", name, cell, old_cells.get(cell), new_cells.get(cell), new.citation)


def _cells(table: Table) -> dict[str, str]:
    """Cells by row and column; rows that a slip gave the same key are told apart by their order (`key (2)`)."""
    key = [table.columns.index(name) for name in table.key]
    met: Counter[str] = Counter()
    found: dict[str, str] = {}
    for row in table.rows:
        name = "|".join(row[position] for position in key)
        met[name] += 1
        name = f"{name} ({met[name]})" if met[name] > 1 else name
        found |= {f"{name} [{column}]": row[at] for at, column in enumerate(table.columns) if at not in key}
    return found


def _title(item: object) -> str | None:
    if item is None:
        return None
    return str(
        next(
            filter(None, (getattr(item, name, "") for name in ("label", "title", "heading", "text", "id", "province")))
        )
    )


def _cited(item: object) -> Citation:
    """What an item rests on; a parameter rests on what its last value does."""
    if isinstance(item, Parameter):
        return item.values[-1][-1]
    citation: Citation = getattr(item, "citation", UNCITED)
    return citation


def _plain(value: object) -> object:
    """A value for JSON: numbers as numbers, lists and mappings as they are, anything else as text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if names := getattr(value, "__dataclass_fields__", None):
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, Fraction):
        return float(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _words(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, Fraction):
        decimals = next((n for n in range(MOST_DECIMALS) if (value * 10**n).denominator == 1), MOST_DECIMALS)
        return format_number(value, decimals)
    return str(_plain(value))
