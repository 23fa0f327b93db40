"""The levels of the chain, as authors write them."""

from __future__ import annotations

from pydantic import Field

from piramide.methodology.loading.section import Cited, Section


class LevelSection(Cited):
    """A level of the chain."""

    label: str
    declared: int | None = Field(default=None, ge=0, description="How many lines the document says the level has")


class ChainSection(Section):
    """The levels from above down; their lines stand in `chain/*.csv`."""

    levels: dict[str, LevelSection] = Field(default={}, min_length=1)
    chapters: str = Field(default="", description="Table of the chapters of spending, with `chapter` and `title`")
