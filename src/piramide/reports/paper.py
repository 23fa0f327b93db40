"""The sheet in words, ready to be laid out: texts, and the few numbers that position a bar.

The PDF template and the Markdown writer receive the same `Paper`, so they cannot tell two stories.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from piramide.reports.status import Mark

CUT: Final = 1e-9
"""Fractions closer than this are the same gap."""


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One line of the sheet as texts.

    `bar` is the gap on the scale that all bars of the sheet share, from -0.5 to 0.5 at the cap of the plan; `None`
    where no value is. `header_level` is 0 for a leaf and for a group with nothing under it; the other groups head the
    rows under them, from level 2 (1 is the head of the table).
    """

    kind: str
    is_leaf: bool
    depth: int
    header_level: int
    label: str
    reference: str
    weight: str
    weight_mark: str
    target: str
    is_worded: bool
    value: str
    gap: str
    raw_gap: str
    bar: float | None
    at_cap: bool
    index: str
    points: str
    marks: tuple[Mark, ...]
    note: str
    node: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """The index on its scale: the point if there is one, the band, the ends, and the sentence read in its place."""

    point: float | None
    low: float | None
    high: float | None
    ends: tuple[str, str]
    alt: str


@dataclass(frozen=True, slots=True)
class PaperLoss:
    """One line of "why not 100"; `size` is the length of its bar, in points."""

    label: str
    points: str
    reason: str
    size: float
    node: str = ""


@dataclass(frozen=True, slots=True)
class PaperLever:
    """One line of "what counts most now"."""

    label: str
    for_one_point: str
    per_percent: str
    node: str = ""


@dataclass(frozen=True, slots=True)
class PaperSource:
    """An act and its places."""

    short: str
    label: str
    places: str


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole sheet as texts, in the order it is read."""

    language: str
    title: str
    administration: str
    structure: str
    period: str
    facts: tuple[str, ...]
    sentence: str
    index_label: str
    index: str
    band: str
    coverage: str
    strip: Strip
    demonstration: str
    rows: tuple[PaperRow, ...]
    total_label: str
    total_index: str
    total_points: str
    bar_legend: str
    gap_scale: str
    legend: tuple[str, ...]
    losses: tuple[PaperLoss, ...]
    other_losses: str
    levers: tuple[PaperLever, ...]
    other_levers: str
    wasted: str
    explanations: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    sources: tuple[PaperSource, ...]
    recompute: tuple[tuple[str, str], ...]
    command: str
    run_short: str
    acts: str
