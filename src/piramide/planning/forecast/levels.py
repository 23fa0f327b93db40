"""Levels of a forecast: offices, regions, the nation by lines, areas, all together; each cell with what is below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from piramide.planning.forecast.forecast import Array

BOTTOM: Final = "office_line"
ALL: Final = ""
"""The name of all lines together."""


@dataclass(frozen=True)
class Layer:
    """Groups of offices, or of lines: their names, and the group of each member."""

    name: str
    groups: tuple[str, ...]
    members: tuple[int, ...]

    @classmethod
    def of(cls, name: str, group_of: Sequence[str]) -> Layer:
        """The layer in which each member stands in the group named; groups in the order of their first member."""
        groups = tuple(dict.fromkeys(group_of))
        place = {group: at for at, group in enumerate(groups)}
        return cls(name, groups, tuple(place[group] for group in group_of))

    def matrix(self) -> Array:
        """One row a group, one column a member; 1 where it belongs."""
        matrix = np.zeros((len(self.groups), len(self.members)))
        matrix[list(self.members), np.arange(len(self.members))] = 1.0
        return matrix


@dataclass(frozen=True)
class Level:
    """Groups of offices by groups of lines."""

    offices: Layer
    lines: Layer

    @property
    def name(self) -> str:
        """As `office_line`; `office` for all lines together."""
        return f"{self.offices.name}_{self.lines.name}" if self.lines.name else self.offices.name

    @property
    def shape(self) -> tuple[int, int]:
        """How many groups of offices and of lines."""
        return len(self.offices.groups), len(self.lines.groups)

    def total(self, cells: Array) -> Array:
        """Sums of cells [..., office, line, month] over each group."""
        return _swept(self.offices, _swept(self.lines, cells, -2), -3)

    def spread(self, groups: Array) -> Array:
        """The figure of its group [..., group, group, month] for each cell."""
        return _spread(self.offices, _spread(self.lines, groups, -2), -3)


def _swept(layer: Layer, cells: Array, axis: int) -> Array:
    if len(layer.groups) == len(layer.members):
        return cells
    if len(layer.groups) == 1:
        return np.add.reduce(cells, axis=axis, keepdims=True)
    moved = np.matmul(layer.matrix(), np.moveaxis(cells, axis, -2))
    return np.moveaxis(moved, -2, axis)


def _spread(layer: Layer, groups: Array, axis: int) -> Array:
    if len(layer.groups) == len(layer.members):
        return groups
    return np.take(groups, layer.members, axis=axis)


@dataclass(frozen=True)
class Hierarchy:
    """Every level, the most detailed one first, the sum of everything last."""

    offices: tuple[Layer, ...]
    lines: tuple[Layer, ...]

    @classmethod
    def of(
        cls,
        offices: Sequence[str],
        lines: Sequence[str],
        above: Sequence[tuple[str, Sequence[str]]],
        areas: Sequence[str] = (),
    ) -> Hierarchy:
        """Offices with the layers `above` them (name of the layer, group of each office), lines with their areas."""
        over = (Layer.of("office", offices), *(Layer.of(name, group_of) for name, group_of in above))
        along = [Layer.of("line", lines)]
        if len(areas) == len(lines) and len(lines):
            along.append(Layer.of("area", areas))
        return cls(over, (*along, Layer.of(ALL, [ALL] * len(lines))))

    def levels(self) -> tuple[Level, ...]:
        """Every layer of offices by every layer of lines."""
        return tuple(Level(offices, lines) for offices in self.offices for lines in self.lines)
