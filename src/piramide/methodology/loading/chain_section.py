"""The levels of the chain, as authors write them."""

from __future__ import annotations

from pydantic import Field

from piramide.methodology.loading.section import Cited, Section


class LineKindSection(Section):
    """A kind of lines of one level."""

    label: str
    declared: int | None = Field(
        default=None, ge=0, description="How many lines of the kind the document says there are"
    )


class LevelSection(Cited):
    """A level of the chain."""

    label: str
    declared: int | None = Field(default=None, ge=0, description="How many lines the document says the level has")
    kinds: dict[str, LineKindSection] = Field(default={}, description="Kinds of its lines, by the word they bear")


class ChainSection(Section):
    """The levels from above down; their lines stand in `chain/*.csv`."""

    levels: dict[str, LevelSection] = Field(default={}, min_length=1)
    chapters: str = Field(default="", description="Table of the chapters of spending, with `chapter` and `title`")
