"""What the paper of a kind of structure says beside its tree: heading, titles of columns, notes, annexes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from piramide.kernel.findings import Place


class AnnexForm(StrEnum):
    """What an annex is drawn as.

    `tree`: lines with codes, amounts, indents and signs; `rules`: bounds of spending by forecast; `projects`: ids and
    titles below their dimension, from `projects.csv` where no table is named; `table`: the rows of a table as they are;
    `lines`: the lines of the chain that the objectives and projects lead to; `risks`: the risks of the objectives;
    `phases`: the phases of the objectives, each with its day.
    """

    TREE = "tree"
    RULES = "rules"
    PROJECTS = "projects"
    TABLE = "table"
    LINES = "lines"
    RISKS = "risks"
    PHASES = "phases"

    @property
    def needs_table(self) -> bool:
        """Whether it is drawn from a table of the pack alone."""
        return self in {AnnexForm.TREE, AnnexForm.RULES, AnnexForm.TABLE}

    @property
    def has_only_a_file(self) -> bool:
        """Whether it is drawn from a file of the pack of its own alone; projects may come from either."""
        return self in {AnnexForm.LINES, AnnexForm.RISKS}


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex of the sheet: the rows of a table or of a file of the pack that name the structure, under a title.

    `table` is empty where the form has a file of its own. `head` is the title of the first column of a tree or of
    rules, where it is not that of the annex; `of` the structure whose rows are printed, where it is not the sheet's own
    (the nation's, in the sheets of central offices).
    """

    form: AnnexForm
    title: str
    table: str
    head: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class SheetWords:
    """The words of the sheets of one kind of structure.

    `heading` may hold `{year}`, `addressee` `{structure}`; `columns` are the titles by column (`dimension`, `weight`,
    `part`, `indicator`, `reference`, `target`); `acts` those that the sheet states below its table; `marks` stand
    behind the label of a node, for a note that explains them.
    """

    kind: str
    heading: str
    addressee: str
    columns: Mapping[str, str]
    acts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)
    annexes: tuple[Annex, ...] = ()
    place: Place = field(default_factory=Place)

    def heading_of(self, year: int) -> str:
        """The heading of the sheets of a year."""
        return self.heading.replace("{year}", str(year))

    def addressee_of(self, structure: str) -> str:
        """The line that names the structure, given its label."""
        return self.addressee.replace("{structure}", structure)
