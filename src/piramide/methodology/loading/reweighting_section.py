"""A rule of re-weighting, as authors write it."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from piramide.kernel.findings import Refusal
from piramide.kernel.numbers import is_number, parse_machine
from piramide.methodology.loading.section import Cited


def _share_or_name(value: object) -> object:
    """A share from 0 to 1, or the name of a parameter."""
    if isinstance(value, bool) or value is None:
        raise PydanticCustomError("number", "not a number")
    if isinstance(value, str) and not is_number(value):
        return value
    try:
        share = Fraction(value) if isinstance(value, int | Fraction) else parse_machine(str(value))
    except Refusal as refusal:
        raise PydanticCustomError("number", "not a number") from refusal
    if not 0 <= share <= 1:
        raise PydanticCustomError("less_than_equal", "no share", {"expected": "0, 1"})
    return share


ShareOrName = Annotated[
    Fraction | str,
    BeforeValidator(_share_or_name),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string"}]}),
]
"""A share from 0 to 1 (a decimal, or a fraction such as `1/20`), or the name of a parameter."""


class ReweightingSection(Cited):
    """Objectives that join the siblings of some structures and take their weight from them."""

    each: ShareOrName = Field(description="Weight of one of them")
    most: ShareOrName = Field(description="The most that all of them together weigh")
