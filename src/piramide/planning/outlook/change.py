"""One change to try on a year, read from JSON: people, receipts, targets, weights, rules of credit, transfers."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

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
            raise ValueError("until < from")
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
            raise ValueError("factor / pieces")
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
    credit: Annotated[str, Field(pattern="^(competence|work|own)$")]


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


def read_change(raw: bytes, file: str) -> Change:
    """The change that a JSON text says. Refuses PN061 a text that cannot be read, PN062 parts that are not right."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise refuse("PN061", Place(file), said=str(error)) from error
    try:
        return Change.model_validate(body)
    except ValidationError as error:
        raise Refusal(
            *(
                Finding("PN062", Place(file, 0, ".".join(map(str, fault["loc"]))), fields={"said": fault["msg"]})
                for fault in error.errors()
            )
        ) from error
