"""A plan as its files say it: what a draft starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypedDict

from piramide.cycle.plans.examining import examined
from piramide.kernel.findings import Finding
from piramide.methodology.loading import load_pack
from piramide.methodology.loading.assemble import DEMONSTRATION
from piramide.methodology.loading.csv_text import Row
from piramide.methodology.loading.files import PackFiles
from piramide.methodology.loading.trees import KIND_PREFIX, Targets, read_targets, read_trees
from piramide.methodology.model import Pack

PRINTED = ""
"""The layer of what acts print; the other is the invented one."""


class Validity(TypedDict):
    """The days a plan holds for, `[since, until)`, and their year."""

    year: int
    since: date
    until: date


@dataclass(frozen=True, eq=False)
class PlanSource:
    """The folder of a plan, the plan as printed, and the rows of its trees and targets as they stand in the files."""

    folder: Path
    printed: Pack

    @property
    def files(self) -> PackFiles:
        """The files of the plan."""
        return PackFiles(self.folder)

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that were read."""
        return (PRINTED, DEMONSTRATION) if self.printed.is_demonstration else (PRINTED,)

    def validity(self, year: int) -> Validity:
        """The days a draft for `year` holds for: those of this plan in its own year, else the whole year."""
        if year == self.printed.year:
            return {"year": year, "since": self.printed.since, "until": self.printed.until}
        return {"year": year, "since": date(year, 1, 1), "until": date(year + 1, 1, 1)}

    def layer_of(self, structure: str) -> str:
        """The layer in which the tree of a structure stands."""
        return DEMONSTRATION if self.printed.sheets[structure].source == "demonstration" else PRINTED

    def rows_of(self, structure: str) -> tuple[Row, ...]:
        """The rows of the structure's own tree, else of that of its kind."""
        forest = self._forests[self.layer_of(structure)]
        return forest.get(structure) or forest[self._kind(structure)]

    def targets_of(self, structure: str) -> Targets:
        """Targets that tables state for the structure and for its kind."""
        keys = {structure, self._kind(structure)}
        layers = self.layers if self.layer_of(structure) == PRINTED else (DEMONSTRATION,)
        return {key: target for layer in layers for key, target in self._targets[layer].items() if key[0] in keys}

    def _kind(self, structure: str) -> str:
        return KIND_PREFIX + {version.id: version.kind for version in self.printed.organisation.versions}[structure]

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the checks say of the plan: looked for once, however many drafts start from it."""
        return examined(self.printed).findings

    @cached_property
    def _forests(self) -> Mapping[str, Mapping[str, tuple[Row, ...]]]:
        read = {layer: read_trees(self.files, f"{layer}trees") for layer in self.layers}
        return {layer: {cell: tuple(rows) for cell, rows in forest.items()} for layer, forest in read.items()}

    @cached_property
    def _targets(self) -> Mapping[str, Targets]:
        known = self.printed.organisation.ids()
        return {layer: read_targets(self.files, f"{layer}targets", known) for layer in self.layers}


def open_source(folder: Path, *, demonstration: bool = False) -> PlanSource:
    """Read a plan to draft from."""
    return PlanSource(folder, load_pack(folder, demonstration=demonstration))
