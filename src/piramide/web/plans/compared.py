"""Two versions compared, to be read: the counts first, then a folder for each structure and for each common section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.http import Http404
from django.utils.functional import Promise

from piramide.cycle.plans.amendment import AmendedLine, Section
from piramide.methodology.loading.trees import KIND_PREFIX
from piramide.methodology.model import Pack
from piramide.web.plans.versions import kind_label
from piramide.web.plans.words import SECTIONS

STRUCTURES_A_PAGE = 20
LINES_A_PAGE = 50
GROUP_LINES = 6
"""Lines of a section that a folder shows; a page of its own shows them all."""
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Count:
    """How many lines a section has, and in how many structures."""

    section: str
    label: str | Promise
    lines: int
    structures: int


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one section inside a folder: those shown, and how many there are."""

    label: str | Promise
    lines: tuple[AmendedLine, ...]
    count: int


@dataclass(slots=True)
class Folder:
    """What changed in one structure, or in what all structures share: the first `most` lines of each section."""

    id: str
    label: str | Promise
    lines: tuple[AmendedLine, ...]
    is_open: bool = False
    most: int | None = GROUP_LINES
    level: str = ""

    @property
    def count(self) -> int:
        """How many lines there are in all."""
        return len(self.lines)

    @property
    def groups(self) -> list[Group]:
        """The lines by section."""
        found = [(name, tuple(group)) for name, group in groupby(self.lines, key=_section)]
        return [Group(SECTIONS[name], lines[: self.most], len(lines)) for name, lines in found]

    @property
    def more(self) -> int:
        """How many lines are not shown."""
        return sum(group.count - len(group.lines) for group in self.groups)


@dataclass(slots=True)
class Compared:
    """What a page of the comparison shows: `page` is of structures, or of lines where one section is asked for."""

    counts: list[Count]
    total: int
    in_structures: int
    structures: int
    page: Page[Folder] | None = None
    shared: list[Folder] = field(default_factory=list)
    section: str = ""
    lines: Page[AmendedLine] | None = None

    @property
    def in_shared(self) -> int:
        """Lines that concern no structure alone."""
        return self.total - self.in_structures

    @property
    def levels(self) -> list[tuple[str, list[Folder]]]:
        """The structures of the page by their kind."""
        folders = self.page.object_list if self.page is not None else []
        return [(level, list(group)) for level, group in groupby(folders, key=lambda folder: folder.level)]

    @property
    def section_label(self) -> str | Promise:
        """The name of the section asked for."""
        return SECTIONS[self.section] if self.section else ""


def _section(line: AmendedLine) -> str:
    return line.section


def _is_of_structure(line: AmendedLine) -> bool:
    return bool(line.structure) and not line.structure.startswith(KIND_PREFIX)


def compared(
    sections: Sequence[Section], packs: tuple[Pack, Pack], language: str, *, page: int, whole: bool
) -> Compared:
    """Counts, then structures page by page in the order of the organisation; what is shared beside the first page.

    `whole`: everything on one page, every folder open, as it is printed. 404 for a page that is not there.
    """
    found = _counted(sections)
    folders = _structures(sections, packs, language)
    shared = _shared(sections)
    if whole:
        for folder in (*folders, *shared):
            folder.is_open, folder.most = True, None
    found.page = _page_of(folders, len(folders) or 1 if whole else STRUCTURES_A_PAGE, page)
    if found.page.number == 1:
        found.shared = shared
    for shown in (found.page.object_list, found.shared):
        for folder in shown[:1]:
            folder.is_open = True
    return found


def compared_section(sections: Sequence[Section], name: str, *, page: int) -> Compared:
    """One section alone, line by line. 404 for a section in which nothing changes, and for a page that is not there."""
    wanted = next((section for section in sections if section.name == name), None)
    if wanted is None:
        raise Http404(name)
    found = _counted(sections)
    found.section = name
    found.lines = _page_of(list(wanted.lines), LINES_A_PAGE, page)
    return found


def _page_of(items: list[Item], size: int, number: int) -> Page[Item]:
    pages = Paginator(items, size)
    if not 1 <= number <= pages.num_pages:
        raise Http404(str(number))
    return pages.page(number)


def _counted(sections: Sequence[Section]) -> Compared:
    lines = [line for section in sections for line in section.lines]
    own = [line for line in lines if _is_of_structure(line)]
    counts = [
        Count(
            section.name, SECTIONS[section.name], len(section.lines),
            len({line.structure for line in section.lines if _is_of_structure(line)}),
        )
        for section in sections
    ]  # fmt: skip
    return Compared(counts, len(lines), len(own), len({line.structure for line in own}))


def _structures(sections: Sequence[Section], packs: tuple[Pack, Pack], language: str) -> list[Folder]:
    """A folder for each structure that changes, kind by kind, in the order of the later plan, then of the earlier."""
    lines: dict[str, list[AmendedLine]] = {}
    for section in sections:
        for line in section.lines:
            if _is_of_structure(line):
                lines.setdefault(line.structure, []).append(line)
    kinds: dict[str, tuple[Pack, str]] = {}
    for pack in reversed(packs):
        for version in pack.organisation.versions:
            kinds.setdefault(version.id, (pack, version.kind))
    order = list(dict.fromkeys(kind for _pack, kind in kinds.values()))
    names = sorted((name for name in kinds if name in lines), key=lambda name: order.index(kinds[name][1]))
    return [
        Folder(
            name, lines[name][0].structure_label, tuple(lines[name]),
            level=kind_label(*kinds[name], language),
        )
        for name in names
    ]  # fmt: skip


def _shared(sections: Sequence[Section]) -> list[Folder]:
    """A folder for each section that concerns no structure alone."""
    folders = []
    for section in sections:
        lines = tuple(line for line in section.lines if not _is_of_structure(line))
        if lines:
            folders.append(Folder(section.name, SECTIONS[section.name], lines))
    return folders
