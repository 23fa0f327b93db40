"""What a sheet on paper says, as authors write it: its words and annexes, and how a target is printed."""

from __future__ import annotations

from fractions import Fraction

from pydantic import Field

from piramide.methodology.loading.section import Exact, Section
from piramide.methodology.sheet_words import AnnexForm


class PrintSection(Section):
    """How a target is printed where the tree does not quote the act: `{unit: gg, decimals: 0, times: 1}`."""

    unit: str = ""
    decimals: int | None = Field(default=None, ge=0, le=6)
    times: Exact = Fraction(1)


class SheetColumnsSection(Section):
    """Titles of the columns of a sheet; one left out takes the product's."""

    dimension: str = ""
    weight: str = ""
    part: str = ""
    indicator: str = ""
    reference: str = ""
    target: str = ""


class AnnexSection(Section):
    """An annex: the rows of a table that name the structure (all of them where it has no column `structure`).

    `projects` without a table are those of `projects.csv`; `lines` and `risks` have no table.
    """

    form: AnnexForm
    title: str
    table: str = ""
    head: str = Field(default="", description="Title of the first column of a tree or of rules")
    of: str = Field(default="", description="The structure whose rows are printed; left out: that of the sheet")


class SheetSection(Section):
    """What the paper of a kind of structure says beside its tree."""

    heading: str = Field(description="Title of the sheet; `{year}` is the year of the plan")
    addressee: str = Field(default="{structure}", description="To whom; `{structure}` is the label of the structure")
    columns: SheetColumnsSection = SheetColumnsSection()
    acts: list[str] = Field(default=[], description="Acts that the sheet states below its table")
    notes: list[str] = Field(default=[])
    marks: dict[str, str] = Field(default={}, description="By node, what stands behind its label: `*`")
    annexes: list[AnnexSection] = Field(default=[])
