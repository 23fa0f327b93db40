"""What a plan says of planning: the ladder of offices, families of work and their targets, levers, learning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from piramide.kernel.findings import Place
from piramide.methodology.citation import Citation


@dataclass(frozen=True, slots=True)
class Rung:
    """Where an office stands: work is lent first inside the province, then the region, then outside."""

    office: str
    province: str
    region: str
    citation: Citation
    place: Place


@dataclass(frozen=True, slots=True)
class Family:
    """Product lines that are planned and lent together."""

    id: str
    label: str
    lines: tuple[str, ...]
    citation: Citation
    place: Place


@dataclass(frozen=True, slots=True)
class PendingTarget:
    """How many days of receipts may be left: a number for all, a column of a table, or the target of a node."""

    days: Fraction | None = None
    table: str = ""
    column: str = ""
    node: str = ""


@dataclass(frozen=True, slots=True)
class PlanningGroup:
    """Families with one target; `clearance` is what is asked to be resolved of what comes in, where it is asked."""

    id: str
    label: str
    families: tuple[str, ...]
    target: PendingTarget
    clearance: Fraction | None
    citation: Citation
    place: Place


@dataclass(frozen=True, slots=True)
class Lever:
    """A way to more hours: at most `hours` a year for an office, at `euro` an hour."""

    id: str
    label: str
    hours: Fraction
    euro: Fraction
    citation: Citation
    place: Place


@dataclass(frozen=True, slots=True)
class Stated:
    """A number of planning with its act; `None` where the plan does not say."""

    value: Fraction | None = None
    citation: Citation = field(default_factory=lambda: Citation(""))


@dataclass(frozen=True, slots=True)
class PrintedProduction:
    """The printed plan of production: a table, its column, and the product line of each row by the row's key."""

    table: str = ""
    column: str = ""
    lines: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PrintedSharing:
    """The printed pairs of offices or regions that share work: a table and its columns."""

    table: str = ""
    provider: str = ""
    receiver: str = ""
    pieces: str = ""


@dataclass(frozen=True, slots=True)
class Planning:
    """Everything that planning takes from the plan. Without families each product line is one of its own.

    `learning` are the shares of an hour that people count for in each month since they came; `lot` points that are
    worth giving or taking; `change_cap` points by which what an office lends may change; `profile` the table and row
    of the quarterly programme of production.
    """

    ladder: Mapping[str, Rung] = field(default_factory=dict)
    families: Mapping[str, Family] = field(default_factory=dict)
    groups: Mapping[str, PlanningGroup] = field(default_factory=dict)
    levers: Mapping[str, Lever] = field(default_factory=dict)
    learning: tuple[Fraction, ...] = ()
    lot: Stated = field(default_factory=Stated)
    change_cap: Stated = field(default_factory=Stated)
    protected: tuple[str, ...] = ()
    is_competent: bool = True
    profile: tuple[str, str] = ("", "")
    production: PrintedProduction = field(default_factory=PrintedProduction)
    sharing: PrintedSharing = field(default_factory=PrintedSharing)
    cited: tuple[tuple[str, Citation, Place], ...] = ()

    def lines_of(self, family: str) -> tuple[str, ...]:
        """The product lines of a family; a line that no family names is a family of its own."""
        return self.families[family].lines if family in self.families else (family,)

    def family_of(self) -> dict[str, str]:
        """The family of each line that one names."""
        return {line: family.id for family in self.families.values() for line in family.lines}

    def group_of(self) -> dict[str, str]:
        """The group of each family that has one."""
        return {family: group.id for group in self.groups.values() for family in group.families}
