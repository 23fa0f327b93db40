"""What a plan says of planning, as authors write it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from piramide.methodology.loading.section import Cited, Exact, Section, not_negative

NotNegative = Annotated[Exact, AfterValidator(not_negative)]


class FamilySection(Cited):
    """Product lines that are planned and lent together."""

    label: str = Field(min_length=1)
    lines: list[str] = Field(min_length=1, description="Lines of the catalogue of products")


class DaysSection(Section):
    """How many days of receipts may be left: one of a number, a column of a table by structure, a node's target."""

    number: NotNegative | None = None
    table: str = Field(default="", description="Table of the pack with a column `structure`")
    column: str = Field(default="", description="Its column with the days")
    node: str = Field(default="", description="Node of the offices' sheets whose target is in days")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        given = (self.number is not None, bool(self.table), bool(self.node))
        if sum(given) != 1 or bool(self.table) != bool(self.column):
            raise PydanticCustomError("too_long", "one target", {"max_length": 1})
        return self


class PlanningGroupSection(Cited):
    """Families that have one target together."""

    label: str = Field(min_length=1)
    families: list[str] = Field(min_length=1, description="Families, or lines where no family names them")
    days: DaysSection
    clearance: NotNegative | None = Field(default=None, description="What is to be resolved of what comes in (1.02)")


class LeverSection(Cited):
    """A way to more hours."""

    label: str = Field(min_length=1)
    hours: NotNegative = Field(description="Hours an office may have of it in a year")
    euro: NotNegative = Field(description="What an hour costs")


class LearningSection(Cited):
    """What the hours of people who have just come count for."""

    months: list[NotNegative] = Field(min_length=1, description="Share in each month since they came, from the first")


class PointsSection(Cited):
    """A number of points."""

    points: NotNegative


class ProtectedSection(Cited):
    """Offices that lend nothing."""

    offices: list[str] = Field(min_length=1)


class CompetenceSection(Cited):
    """What holds for offices and lines of which no fact says whether they know them."""

    default: Literal["full", "none"]


class ProfileRowSection(Section):
    """The printed quarterly programme of production."""

    table: str = Field(min_length=1)
    row: str = Field(min_length=1, description="Key of its row; columns q1 to q4 hold per cent of the year")


class ProductionSection(Section):
    """The printed plan of production of the year."""

    table: str = Field(min_length=1)
    column: str = Field(min_length=1)
    lines: dict[str, str] = Field(min_length=1, description="Product line of each row, by the key of the row")


class SharingSection(Section):
    """The printed pairs that share work."""

    table: str = Field(min_length=1)
    provider: str = Field(min_length=1)
    receiver: str = Field(min_length=1)
    pieces: str = Field(min_length=1)


class PlanningSection(Section):
    """What planning takes from the plan; the ladder of offices stands in `ladder.csv`."""

    families: dict[str, FamilySection] = Field(default={})
    groups: dict[str, PlanningGroupSection] = Field(default={})
    levers: dict[str, LeverSection] = Field(default={})
    learning: LearningSection | None = None
    lot: PointsSection | None = None
    change_cap: PointsSection | None = None
    protected: ProtectedSection | None = None
    competence: CompetenceSection | None = None
    profile: ProfileRowSection | None = None
    production: ProductionSection | None = None
    sharing: SharingSection | None = None
