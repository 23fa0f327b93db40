"""An amendment as the annex of a deliberation: what changed between two plans, by section, with act and page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from piramide.kernel.numbers import format_number, format_quantity
from piramide.methodology.chain import Chain
from piramide.methodology.changes import GROUPS, Change, compare
from piramide.methodology.loading.trees import KIND_PREFIX
from piramide.methodology.model import Pack, walk
from piramide.reports import figures
from piramide.reports.labels import labels

ABSENT = "–"
MOST_DECIMALS = 6
_SHARES = frozenset({"weight", "cap"})


@dataclass(frozen=True, slots=True)
class AmendedLine:
    """One thing that changed, in the words of a page; `field` says what of it."""

    section: str
    structure: str
    structure_label: str
    node: str
    label: str
    field: str
    before: str
    after: str
    act: str
    page: str

    @property
    def kind(self) -> str:
        """The kind of cause that a simulation tells of this change, empty for what it does not tell."""
        if self.field == "node":
            return "added" if self.before == ABSENT else "removed"
        return {"weight": "weight", "target": "target", "target_rule": "target", "rule": "rule", "cap": "cap"}.get(
            self.field, ""
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the annex with its lines: one of `methodology.changes.GROUPS`."""

    name: str
    lines: tuple[AmendedLine, ...]


def amendment(before: Pack, after: Pack, language: str, *, own_act: str = "") -> tuple[Section, ...]:
    """Sections of what changed between two plans, as printed, in the order of an annex; empty ones are left out.

    `own_act` is the act of a draft, which is no change of the plan. Where a weight changes, how it came about is not
    told apart.
    """
    found = compare(before, after).changes
    weighed = {(c.structure, c.node) for c in found if c.field == "weight"}
    kept = [
        change
        for change in found
        if not (change.group == "acts" and change.node == own_act)
        and not (change.field == "weight_source" and (change.structure, change.node) in weighed)
    ]
    teller = _Teller(before, after, language)
    sections = ((group, tuple(teller.line(c) for c in kept if c.group == group)) for group in GROUPS)
    return tuple(Section(group, lines) for group, lines in sections if lines)


class _Teller:
    """Words of changes: labels from the later plan, else from the earlier."""

    def __init__(self, before: Pack, after: Pack, language: str) -> None:
        self._language = language
        self._packs = (after, before)
        self._structures = {v.id: v.label for pack in (before, after) for v in pack.organisation.versions}
        self._labels: dict[tuple[str, str], str] = {}
        self._indicators: dict[tuple[str, str], str] = {}
        for pack in (before, after):
            for sheet in pack.sheets.values():
                for node in walk(sheet.tree):
                    self._labels[sheet.structure, node.id] = node.label
                    self._indicators[sheet.structure, node.id] = node.indicator
            self._labels |= dict(_of_chain(pack.chain))
            for kind, tree in pack.templates.items():
                name = f"{KIND_PREFIX}{kind}"
                self._structures[name] = labels(language).kind(kind, pack.structure_kinds)
                for node in walk(tree):
                    self._labels[name, node.id] = node.label
                    self._indicators[name, node.id] = node.indicator

    def line(self, change: Change) -> AmendedLine:
        """One change in words."""
        act = next((pack.acts[change.citation.act] for pack in self._packs if change.citation.act in pack.acts), None)
        return AmendedLine(
            section=change.group,
            structure=change.structure,
            structure_label=self._structures.get(change.structure, change.structure),
            node=change.node,
            label=self._label(change),
            field=change.field,
            before=self._told(change, change.before),
            after=self._told(change, change.after),
            act=act.label if act else "",
            page=change.citation.place,
        )

    def _label(self, change: Change) -> str:
        own = self._labels.get((change.structure, change.node))
        if own or not change.node:
            return own or ""
        for pack in self._packs:
            tables: tuple[Mapping[str, object], ...] = (
                pack.indicators, pack.measures, pack.parameters, pack.scales, pack.acts, pack.tables,
            )  # fmt: skip
            for table in tables:
                if item := table.get(change.node):
                    return str(getattr(item, "label", "") or getattr(item, "title", "") or change.node)
        return change.node

    def _told(self, change: Change, value: object) -> str:
        if isinstance(value, Fraction) and change.field in _SHARES:
            return figures.weight(value, labels(self._language))
        if isinstance(value, Fraction) and change.field == "target":
            return self._target(change, value)
        if change.field == "weight_source" and value:
            return labels(self._language)("weight_source", str(value))
        if change.field == "parent" and isinstance(value, str):
            return self._labels.get((change.structure, value), value) or ABSENT
        if change.field == "sheet" and isinstance(value, bool):
            return labels(self._language)("section", "sheet")
        return in_words(value, self._language)

    def _target(self, change: Change, value: Fraction) -> str:
        indicator = self._indicators.get((change.structure, change.node), "")
        for pack in self._packs:
            if found := pack.indicators.get(indicator):
                return format_quantity(value, found.unit, found.rounding, self._language)
        return in_words(value, self._language)


def _of_chain(chain: Chain) -> Iterator[tuple[tuple[str, str], str]]:
    """What levels, lines, entries of the register and risks are called, by structure and name."""
    yield from ((("", level.id), level.label) for level in chain.levels.values())
    yield from ((("", line.id), f"{line.id} {line.label}".strip()) for line in chain.lines.values())
    yield from ((entry.key, entry.label) for entry in chain.register)
    yield from (((risk.structure, f"{risk.node}, {risk.risk}"), risk.text) for risk in chain.risks)


def in_words(value: object, language: str) -> str:
    """Any value of a plan as a page prints it: numbers with their separators, lists and mappings on a line."""
    if value is None or value == "":
        return ABSENT
    if isinstance(value, bool):
        return {"it": ("no", "sì")}.get(language, ("no", "yes"))[value]
    if isinstance(value, Fraction):
        decimals = next((n for n in range(MOST_DECIMALS) if (value * 10**n).denominator == 1), MOST_DECIMALS)
        return format_number(value, decimals, language)
    if isinstance(value, date):
        return value.strftime(labels(language)("style", "date"))
    return "; ".join(_parts(value, language)) or ABSENT


def _parts(value: object, language: str) -> Iterator[str]:
    """The parts of a list, of a mapping or of a value with fields; any other value is its own text."""
    names = getattr(value, "__dataclass_fields__", None)
    if names:
        value = {name: getattr(value, name) for name in names if name not in {"place", "citation"}}
    if isinstance(value, Mapping):
        yield from (
            f"{key} {in_words(item, language)}" for key, item in value.items() if item is not None and item != ""
        )
    elif isinstance(value, tuple | list):
        yield from (in_words(item, language) for item in value)
    else:
        yield str(value)
