"""One change to try on a year, read from JSON: people, receipts, targets, weights, rules of credit, transfers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from piramide.kernel.findings import Finding, Place, Refusal, refuse

Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
Name = Annotated[str, Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _InMonths(_Part):
    since: Annotated[Month | None, Field(alias="from")] = None
    until: Month | None = None

    @model_validator(mode="after")
    def _in_order(self) -> _InMonths:
        if self.since and self.until and self.until < self.since:
            raise PydanticCustomError("ends_before", "until < from")
        return self


class StaffPart(_InMonths):
    """Full-time equivalents more (or less, below zero) at a structure in some months."""

    structure: Name
    fte: Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)]


class ReceiptsPart(_InMonths):
    """Receipts times a factor, or some pieces a month more, of some lines at some structures (none: all)."""

    lines: tuple[Name, ...] = ()
    structures: tuple[Name, ...] = ()
    factor: Annotated[float | None, Field(allow_inf_nan=False, ge=0, le=1e6)] = None
    pieces: Annotated[float | None, Field(allow_inf_nan=False, ge=-1e9, le=1e9)] = None

    @model_validator(mode="after")
    def _one_of_two(self) -> ReceiptsPart:
        if (self.factor is None) == (self.pieces is None):
            raise PydanticCustomError("one_amount", "factor / pieces")
        return self


class TargetPart(_Part):
    """Another target of a node of a structure."""

    structure: Name
    node: Name
    target: Decimal


class WeightPart(_Part):
    """Another weight (0 to 1) of a node inside its parent; its sisters keep their proportions."""

    structure: Name
    node: Name
    weight: Annotated[Decimal, Field(ge=0, le=1)]


class CreditPart(_Part):
    """Another office that a measure of work counts for: `competence`, `work` or `own`."""

    measure: Name
    credit: Literal["competence", "work", "own"]


class TransferPart(_Part):
    """Points of a line that another office works until the end of the year."""

    owner: Annotated[Name, Field(alias="from")]
    worker: Annotated[Name, Field(alias="to")]
    line: Name
    points: Annotated[float, Field(allow_inf_nan=False, ge=0, le=1e12)]


class Change(_Part):
    """A change, by name."""

    name: Name
    staff: tuple[StaffPart, ...] = ()
    receipts: tuple[ReceiptsPart, ...] = ()
    events: tuple[ReceiptsPart, ...] = ()
    targets: tuple[TargetPart, ...] = ()
    weights: tuple[WeightPart, ...] = ()
    credit: tuple[CreditPart, ...] = ()
    transfers: tuple[TransferPart, ...] = ()


_PARTS: Final[dict[str, type[BaseModel]]] = {
    "staff": StaffPart,
    "receipts": ReceiptsPart,
    "events": ReceiptsPart,
    "targets": TargetPart,
    "weights": WeightPart,
    "credit": CreditPart,
    "transfers": TransferPart,
}
_PROBLEMS: Final = {
    **dict.fromkeys(("float_type", "float_parsing", "finite_number", "decimal_type", "decimal_parsing"), "number"),
    "tuple_type": "list_type",
    "string_too_short": "string_type",
}
MOST_TOLD: Final = 80
"""Characters of a value that are told."""


def read_change(raw: bytes, file: str) -> Change:
    """The change that a JSON text says.

    Refuses PN061 a text that cannot be read, PN003, PN004, PN062 members that are not right.
    """
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise refuse("PN061", Place(file), said=str(error)) from error
    try:
        return Change.model_validate(body)
    except ValidationError as error:
        raise Refusal(*(_finding(fault, file) for fault in error.errors())) from error


def _finding(fault: ErrorDetails, file: str) -> Finding:
    """A fault of a member as a finding with its place."""
    place, kind = Place(file, 0, ".".join(map(str, fault["loc"]))), fault["type"]
    name = str(fault["loc"][-1]) if fault["loc"] else ""
    if kind == "extra_forbidden":
        return Finding("PN003", place, name, {"known": ", ".join(_members(fault["loc"]))})
    if kind == "missing":
        return Finding("PN004", place, name)
    bounds = fault.get("ctx", {})
    expected = next((str(bounds[key]) for key in ("ge", "le", "pattern", "expected") if key in bounds), "")
    expected = expected.replace("'", "").replace(" or ", ", ")
    given = fault["input"]
    told = ", ".join(map(str, given)) if isinstance(given, dict | list) else str(given)
    problem = _PROBLEMS.get(kind, kind)
    return Finding("PN062", place, fields={"given": told[:MOST_TOLD], "problem": problem, "expected": expected})


def _members(where: Sequence[int | str]) -> list[str]:
    """The members that the part at a place may have."""
    part: type[BaseModel] = _PARTS.get(str(where[0]), Change) if len(where) > 1 else Change
    return [str(field.alias or name) for name, field in part.model_fields.items()]
