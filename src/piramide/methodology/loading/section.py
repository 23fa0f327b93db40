"""What every section of a pack is made of: exact numbers, citations, mappings that refuse unknown keys."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from piramide.kernel.findings import Refusal
from piramide.kernel.numbers import parse_machine


def _exact(value: object) -> Fraction:
    if isinstance(value, bool) or value is None:
        raise PydanticCustomError("number", "not a number")
    if isinstance(value, int | Fraction):
        return Fraction(value)
    try:
        return parse_machine(str(value))
    except Refusal as refusal:
        raise PydanticCustomError("number", "not a number") from refusal


Exact = Annotated[
    Fraction,
    BeforeValidator(_exact),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+(/\d+|\.\d+)?$"}]}),
]
"""An exact number: integer, decimal with a point, or a fraction such as `1/11`."""


def not_negative(value: Fraction) -> Fraction:
    """Refuse a number below zero."""
    if value < 0:
        raise PydanticCustomError("greater_than_equal", "negative", {"expected": "0"})
    return value


def _as_written(value: object) -> object:
    """A decimal that YAML took for a number, as text again."""
    if isinstance(value, Fraction):
        return format(Decimal(value.numerator) / Decimal(value.denominator), "f")
    return value


AsWritten = Annotated[str, BeforeValidator(_as_written), WithJsonSchema({"type": ["string", "number", "boolean"]})]
"""A number or a word, kept as text: what an override departs from, and what holds instead."""


class Section(BaseModel):
    """A mapping that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True, arbitrary_types_allowed=True)


class Cited(Section):
    """Anything that rests on an act."""

    act: str = Field(default="", description="Id of the act (acts.yaml)")
    place: str = Field(default="", description="Place in the act: page, slide, paragraph")
