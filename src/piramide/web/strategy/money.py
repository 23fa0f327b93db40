"""The chapters of spending, and what the money of each is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from piramide.kernel.findings import Refusal
from piramide.kernel.numbers import parse_machine
from piramide.methodology.carried import Carrier
from piramide.methodology.chain import LinkKind
from piramide.methodology.model import Act, Table
from piramide.web.charts.chart import Chart
from piramide.web.strategy.lines import LineShown, line_shown
from piramide.web.strategy.pictures import picture_of_money
from piramide.web.strategy.shown import ShownChain

_CODE: Final = "chapter"
_TITLE: Final = "title"
_GROUP: Final = "group"
_AMOUNT: Final = "budget_eur"


@dataclass(frozen=True, slots=True)
class Use:
    """A node or a project that a chapter pays for, and the lines it leads to."""

    structure: str
    label: str
    address: str
    lines: tuple[LineShown, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its code and title, its euros where the table states them, what they are for.

    `lines` are those under which the document lists it; `uses` the nodes and projects that it pays for.
    """

    code: str
    title: str
    group: str
    amount: Fraction | None
    uses: tuple[Use, ...]
    lines: tuple[LineShown, ...] = ()

    @property
    def is_said(self) -> bool:
        """Whether the documents say what it is for."""
        return bool(self.uses or self.lines)


@dataclass(frozen=True, slots=True)
class ChapterGroup:
    """The chapters of one group; `title` is empty where the table tells no groups."""

    title: str
    chapters: tuple[Chapter, ...]

    @property
    def amount(self) -> Fraction:
        """The euros of all of them, as far as the table states them."""
        return sum((one.amount for one in self.chapters if one.amount is not None), Fraction(0))

    @property
    def is_linked(self) -> bool:
        """Whether the documents say what any of them is for."""
        return any(one.is_said for one in self.chapters)


@dataclass(frozen=True, slots=True)
class MoneyPage:
    """The chapters of a plan, with the act that lists them; `linked` is how many say what they are for."""

    title: str
    act: Act | None
    place: str
    chapters: tuple[Chapter, ...]
    picture: Chart | None

    @property
    def groups(self) -> tuple[ChapterGroup, ...]:
        """The chapters by group, in the order of the table."""
        found: dict[str, list[Chapter]] = {}
        for one in self.chapters:
            found.setdefault(one.group, []).append(one)
        return tuple(ChapterGroup(title, tuple(items)) for title, items in found.items())

    @property
    def linked(self) -> int:
        """How many chapters say what they are for."""
        return sum(chapter.is_said for chapter in self.chapters)


def money_page(shown: ShownChain) -> MoneyPage | None:
    """The chapters of the plan; `None` where its chain names no table of them."""
    table = shown.pack.tables.get(shown.pack.chain.chapters)
    if table is None:
        return None
    chapters = tuple(_chapters(shown, table))
    groups: dict[str, dict[str, tuple[str, Fraction]]] = {}
    for one in chapters:
        if one.group and one.amount is not None:
            groups.setdefault(one.group, {})[one.code] = (one.title, one.amount)
    act = shown.pack.acts.get(table.citation.act)
    return MoneyPage(table.title, act, table.citation.place, chapters, picture_of_money(groups))


def _chapters(shown: ShownChain, table: Table) -> Iterator[Chapter]:
    uses: dict[str, dict[Carrier, None]] = {}
    for link in shown.pack.chain.links:
        if link.kind is LinkKind.CHAPTER:
            uses.setdefault(link.to, {})[link.structure, link.node] = None
    for cells in table.rows:
        row: Mapping[str, str] = dict(zip(table.columns, cells, strict=True))
        found = tuple(_use(shown, carrier) for carrier in uses.get(row[_CODE], ()))
        lines = tuple(line_shown(shown, line) for line in shown.chain.carrying.lines_of_chapter(row[_CODE]))
        yield Chapter(row[_CODE], row[_TITLE], row.get(_GROUP, ""), _amount(row.get(_AMOUNT, "")), found, lines)


def _use(shown: ShownChain, carrier: Carrier) -> Use:
    item = shown.chain.carried(carrier)
    lines = tuple(line_shown(shown, line) for line in shown.chain.carrying.lines_of(*carrier))
    structure = shown.structures.get(item.structure, item.structure)
    return Use(structure, item.label, shown.of_node(item.structure, item.scored_by), lines)


def _amount(text: str) -> Fraction | None:
    """Euros as the table states them; nothing where the print is malformed."""
    if not text:
        return None
    try:
        return parse_machine(text)
    except Refusal:
        return None
