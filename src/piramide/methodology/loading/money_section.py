"""A sum of money that is shared over a sheet, as authors write it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from piramide.methodology.loading.section import Cited, Exact, not_negative


class MoneySection(Cited):
    """A sum of money that is shared over the sheet of a structure."""

    label: str = Field(min_length=1)
    structure: str = Field(min_length=1, description="The structure over whose leaves it is shared, by weight")
    total: Annotated[Exact, AfterValidator(not_negative)] = Field(description="The whole sum, in whole cents")
    unit: str = Field(default="eur", min_length=1)
