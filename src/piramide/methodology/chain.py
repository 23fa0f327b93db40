"""The chain from strategy to the single objective: levels and their lines, what carries each, and the register.

A strategic line, a programme, a guideline, a general objective are lines of a level; a node of a sheet or a project of
the register is linked to the lines it carries, and to chapters, goals, stakeholders and outcomes. A line has no figure
of its own: it says how what carries it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

from piramide.kernel.findings import Place
from piramide.methodology.citation import Citation

CODE: Final = "code"
"""The kind of alias that says what a misprinted code stands for."""


class LinkKind(StrEnum):
    """What a node or a project is linked to.

    `chain`: a line of any level; `chapter`: a chapter of spending; `sdg`: a goal of sustainable development, 1 to 17,
    or one of its targets (`8.5`); `stakeholder` and `outcome`: as the document words them.
    """

    CHAIN = "chain"
    CHAPTER = "chapter"
    SDG = "sdg"
    STAKEHOLDER = "stakeholder"
    OUTCOME = "outcome"


class RiskLevel(StrEnum):
    """How high a risk is; empty where the document does not say."""

    UNSAID = ""
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class IsScored(StrEnum):
    """Whether an entry of the register is scored; empty where the document does not say."""

    UNSAID = ""
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class LineKind:
    """A kind of lines of one level, and how many of them the document says there are, `None` where it does not say."""

    label: str
    declared: int | None
    citation: Citation
    place: Place


@dataclass(frozen=True, slots=True)
class ChainLevel:
    """A level of the chain; `declared` is how many lines the document says it has, `None` where it does not say.

    `kinds` are the kinds of its lines, by the word that the lines bear.
    """

    id: str
    label: str
    declared: int | None
    citation: Citation
    place: Place
    kinds: Mapping[str, LineKind] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChainLine:
    """A line of a level, called by the code of the document; `under` are lines of higher levels.

    `kind` tells lines of one level apart (`OGE`, `SP`); `label` is empty where no document words the line.
    """

    id: str
    level: str
    kind: str
    label: str
    under: tuple[str, ...]
    citation: Citation
    place: Place


@dataclass(frozen=True, slots=True)
class Link:
    """What a node of a structure's sheet, or a project of its register, is for; `printed` is the code as written."""

    structure: str
    node: str
    kind: LinkKind
    to: str
    printed: str
    citation: Citation
    place: Place

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells it from other links."""
        return self.structure, self.node, self.kind.value, self.to


@dataclass(frozen=True, slots=True)
class ObjectiveRisk:
    """A risk of an objective: its id and text, how high it is, and what is done about it."""

    structure: str
    node: str
    risk: str
    text: str
    level: RiskLevel
    response: str
    citation: Citation
    place: Place

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from other risks."""
        return self.structure, self.node, self.risk


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """An entry of the register of projects: what a structure has to do, from `start` to `end`, in the words of the act.

    `node` is the node of the structure's sheet that scores it, empty where none does; `evidence` is what proves it,
    `responsible` an office. It may end after the year of the plan.
    """

    structure: str
    id: str
    label: str
    kind: str
    node: str
    scored: IsScored
    start: date | None
    end: date | None
    evidence: str
    responsible: str
    citation: Citation
    place: Place

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from other entries: two structures may own the results of one project."""
        return self.structure, self.id


@dataclass(frozen=True, slots=True)
class Chain:
    """What a pack says of the way from strategy to its objectives; empty where it says nothing.

    `levels` stand from above down; `chapters` is the table of the chapters of spending; `aliases` are misprinted codes
    with the line each stands for; `chapter_lines` are the lines under which that table lists each chapter, by its code.
    """

    levels: Mapping[str, ChainLevel] = field(default_factory=dict)
    lines: Mapping[str, ChainLine] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    risks: tuple[ObjectiveRisk, ...] = ()
    register: tuple[RegisterEntry, ...] = ()
    chapters: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict)
    chapter_lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def kinds(self) -> Mapping[str, LineKind]:
        """The kinds of lines that the levels declare, as `level.kind`."""
        levels = self.levels.values()
        return {f"{level.id}.{name}": kind for level in levels for name, kind in level.kinds.items()}

    def line(self, code: str) -> ChainLine | None:
        """The line that a code stands for, also a misprinted one."""
        return self.lines.get(self.aliases.get(code, code))

    def of_level(self, level: str) -> Iterator[ChainLine]:
        """The lines of a level, in the order of the files."""
        return (line for line in self.lines.values() if line.level == level)

    def without(self, gone: AbstractSet[tuple[str, str]]) -> Chain:
        """The chain after nodes of sheets are gone: their links and risks go, and what they scored is not scored.

        A project of the register with the id of such a node keeps its own.
        """
        if not gone:
            return self
        lost = gone - {entry.key for entry in self.register}
        return replace(
            self,
            links=tuple(link for link in self.links if (link.structure, link.node) not in lost),
            risks=tuple(risk for risk in self.risks if (risk.structure, risk.node) not in lost),
            register=tuple(
                replace(entry, node="") if (entry.structure, entry.node) in gone else entry for entry in self.register
            ),
        )

    def rank(self, line: ChainLine) -> int:
        """How far from the top the level of a line is, from 0."""
        return tuple(self.levels).index(line.level)
