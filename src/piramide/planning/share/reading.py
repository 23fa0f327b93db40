"""A problem of work sharing read from JSON: every number exact, every name known, or one refusal with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, Final

from piramide.kernel.findings import Place, Refusal, refuse
from piramide.planning.problem import THOUSAND, Ceiling, Cell, Office, Problem, Rules
from piramide.planning.share.network import MOST_OFFICES

MOST: Final = 10**12
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
MOST_FACTOR: Final = 10
"""Most times its own points in an hour that an office does of a family."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """One member of the file, and where it is."""

    file: str
    value: Any
    path: str = ""

    def place(self) -> Place:
        return Place(self.file, 0, self.path)

    def refuse(self, code: str, subject: str = "", **fields: object) -> Refusal:
        return refuse(code, self.place(), subject, **fields)

    def members(self, required: Collection[str], optional: Collection[str] = ()) -> Mapping[str, _Reader]:
        """The members of an object, all that are required and none that is not known. Raises `Refusal`."""
        if not isinstance(self.value, dict):
            raise self.refuse("PN002", expected="json_object")
        known = (*required, *optional)
        for name in self.value:
            if name not in known:
                raise self.refuse("PN003", name, known=", ".join(known))
        for name in required:
            if name not in self.value:
                raise self.refuse("PN004", name)
        start = f"{self.path}." if self.path else ""
        return {name: _Reader(self.file, value, f"{start}{name}") for name, value in self.value.items()}

    def items(self) -> Iterator[_Reader]:
        """The items of a list. Raises `Refusal`."""
        if not isinstance(self.value, list):
            raise self.refuse("PN002", expected="json_list")
        for at, value in enumerate(self.value):
            yield _Reader(self.file, value, f"{self.path}[{at}]")

    def text(self) -> str:
        """A name that is not empty. Raises `Refusal`."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.refuse("PN002", expected="json_text")
        return self.value

    def truth(self) -> bool:
        """True or false. Raises `Refusal`."""
        if not isinstance(self.value, bool):
            raise self.refuse("PN002", expected="json_truth")
        return self.value

    def number(self) -> Fraction:
        """A number from 0 to `MOST`, exact. Raises `Refusal`."""
        is_number = isinstance(self.value, int | Decimal) and not isinstance(self.value, bool)
        if not is_number or not (Decimal(self.value).is_finite() and 0 <= self.value <= MOST):
            raise self.refuse("PN005", str(self.value)[:60])
        return Fraction(self.value)

    def count(self) -> int:
        """A whole number. Raises `Refusal`."""
        number = self.number()
        if number.denominator != 1:
            raise self.refuse("PN002", expected="json_count")
        return int(number)

    def at(self, name: str) -> _Reader:
        """A member that is known to be there."""
        return _Reader(self.file, self.value[name], f"{self.path}.{name}")

    def points(self) -> int:
        """A number of points in whole thousandths. Raises `Refusal`."""
        thousandths = self.number() * THOUSAND
        if thousandths.denominator != 1:
            raise self.refuse("PN006", str(self.value)[:60])
        return int(thousandths)

    def one_of(self, known: Collection[str]) -> str:
        """A name that stands elsewhere in the file. Raises `Refusal`."""
        name = self.text()
        if name not in known:
            raise self.refuse("PN007", name, near=", ".join(get_close_matches(name, known)))
        return name


def problem_of(raw: bytes, file: str) -> Problem:
    """The problem that a JSON text says; `file` names it in refusals. Raises `Refusal` (PN001-PN018)."""
    try:
        value = json.loads(raw, parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=_once)
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise refuse("PN001", Place(file), said=str(error)) from error
    members = _Reader(file, value).members(
        ("format", "month", "offices", "groups", "work", "ceilings"), ("competence", "rules")
    )
    if type(members["format"].value) is not int or members["format"].value != 1:
        raise members["format"].refuse("PN010", str(members["format"].value)[:60])
    if not _MONTH.fullmatch(members["month"].text()):
        raise members["month"].refuse("PN002", expected="json_month")
    offices = _offices(members["offices"])
    group_of = _groups(members["groups"])
    workload, received = _work(members["work"], offices, group_of)
    ceilings = _ceilings(members["ceilings"], offices, set(group_of.values()))
    _same_cells(members["ceilings"], {(office, group_of[family]) for office, family in workload}, ceilings)
    competent, exceptions, factors = _competence(members.get("competence"), offices, group_of)
    rules = _rules(members.get("rules"), offices, group_of)
    month = members["month"].text()
    found = Problem(month, offices, group_of, workload, received, ceilings, competent, exceptions, rules, factors)
    if rules.lot > max(found.free().values()) and any(found.free().values()):
        raise (
            members["rules"]
            .at("lot")
            .refuse("PN018", points=rules.lot / THOUSAND, most=max(found.free().values()) / THOUSAND)
        )
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(next(f'"{name}" × {names.count(name)}' for name in names if names.count(name) > 1))
    return members


def _offices(reader: _Reader) -> dict[str, Office]:
    offices: dict[str, Office] = {}
    region_of: dict[str, str] = {}
    for item in reader.items():
        members = item.members(("id", "province", "region", "hours", "points_per_hour"))
        name, province, region = (members[key].text() for key in ("id", "province", "region"))
        if name in offices:
            raise members["id"].refuse("PN008", name)
        if region_of.setdefault(province, region) != region:
            raise members["region"].refuse("PN009", province, one=region_of[province], other=region)
        hours, per_hour = members["hours"].number(), members["points_per_hour"].number()
        offices[name] = Office(name, province, region, hours, per_hour)
        if offices[name].capacity > MOST * THOUSAND:
            raise members["points_per_hour"].refuse("PN005", str(members["points_per_hour"].value)[:60])
    if not 0 < len(offices) <= MOST_OFFICES:
        raise reader.refuse("PN011", count=len(offices), most=MOST_OFFICES)
    return offices


def _groups(reader: _Reader) -> dict[str, str]:
    group_of: dict[str, str] = {}
    groups: set[str] = set()
    for item in reader.items():
        members = item.members(("id", "families"))
        group = members["id"].text()
        if group in groups:
            raise members["id"].refuse("PN008", group)
        groups.add(group)
        for family in members["families"].items():
            if family.text() in group_of:
                raise family.refuse("PN008", family.text())
            group_of[family.text()] = group
    return group_of


def _work(
    reader: _Reader, offices: Mapping[str, Office], group_of: Mapping[str, str]
) -> tuple[dict[Cell, int], dict[str, int]]:
    workload: dict[Cell, int] = {}
    received: dict[str, int] = {}
    unknown: set[str] = set()
    for item in reader.items():
        members = item.members(("office", "family", "workload"), ("received",))
        cell = _cell(members, offices, group_of)
        if cell in workload:
            raise item.refuse("PN008", " / ".join(cell))
        workload[cell] = members["workload"].points()
        if "received" in members:
            received[cell[0]] = received.get(cell[0], 0) + members["received"].points()
        else:
            unknown.add(cell[0])
    return workload, {office: points for office, points in received.items() if office not in unknown and points}


def _ceilings(reader: _Reader, offices: Mapping[str, Office], groups: Collection[str]) -> dict[Cell, Ceiling]:
    ceilings: dict[Cell, Ceiling] = {}
    for item in reader.items():
        members = item.members(("office", "group", "points"), ("received_12_months",))
        cell = members["office"].one_of(offices), members["group"].one_of(groups)
        if cell in ceilings:
            raise item.refuse("PN008", " / ".join(cell))
        points = None if members["points"].value is None else members["points"].points()
        coming = members["received_12_months"].number() if "received_12_months" in members else Fraction(0)
        ceilings[cell] = Ceiling(points, coming)
    return ceilings


def _same_cells(reader: _Reader, worked: Collection[Cell], ceilings: Collection[Cell]) -> None:
    for office, group in ceilings:
        if (office, group) not in worked:
            raise reader.refuse("PN012", office, group=group)
    for office, group in worked:
        if (office, group) not in ceilings:
            raise reader.refuse("PN016", office, group=group)


def _cell(members: Mapping[str, _Reader], offices: Mapping[str, Office], group_of: Mapping[str, str]) -> Cell:
    return members["office"].one_of(offices), members["family"].one_of(group_of)


def _cells(reader: _Reader, offices: Mapping[str, Office], group_of: Mapping[str, str]) -> frozenset[Cell]:
    found: set[Cell] = set()
    for item in reader.items():
        cell = _cell(item.members(("office", "family")), offices, group_of)
        if cell in found:
            raise item.refuse("PN008", " / ".join(cell))
        found.add(cell)
    return frozenset(found)


def _competence(
    reader: _Reader | None, offices: Mapping[str, Office], group_of: Mapping[str, str]
) -> tuple[bool, frozenset[Cell], dict[Cell, Fraction]]:
    if reader is None:
        return True, frozenset(), {}
    members = reader.members(("default",), ("except", "factors"))
    exceptions = _cells(members["except"], offices, group_of) if "except" in members else frozenset()
    factors: dict[Cell, Fraction] = {}
    for item in members["factors"].items() if "factors" in members else ():
        row = item.members(("office", "family", "factor"))
        cell, factor = _cell(row, offices, group_of), row["factor"].number()
        if cell in factors:
            raise item.refuse("PN008", " / ".join(cell))
        if not 0 < factor <= MOST_FACTOR:
            raise row["factor"].refuse("PN014", str(row["factor"].value)[:60], most=MOST_FACTOR)
        factors[cell] = factor
    return members["default"].truth(), exceptions, {cell: factor for cell, factor in factors.items() if factor != 1}


def _rules(reader: _Reader | None, offices: Mapping[str, Office], group_of: Mapping[str, str]) -> Rules:
    if reader is None:
        return Rules()
    known = ("worst_first", "protected", "quality_below", "lot", "change_at_most", "last_month", "at_most_families")
    members = reader.members((), known)
    protected: list[str] = []
    for item in members["protected"].items() if "protected" in members else ():
        if item.one_of(offices) in protected:
            raise item.refuse("PN008", item.text())
        protected.append(item.text())
    below = _cells(members["quality_below"], offices, group_of) if "quality_below" in members else frozenset()
    cap = members.get("change_at_most")
    few = members.get("at_most_families")
    last = _last_month(members["last_month"], offices, group_of) if "last_month" in members else {}
    return Rules(
        members["worst_first"].truth() if "worst_first" in members else False,
        frozenset(protected),
        below,
        members["lot"].points() if "lot" in members else 0,
        None if cap is None or cap.value is None else cap.points(),
        last,
        None if few is None or few.value is None else few.count(),
    )


def _last_month(reader: _Reader, offices: Mapping[str, Office], group_of: Mapping[str, str]) -> dict[Cell, int]:
    found: dict[Cell, int] = {}
    for item in reader.items():
        members = item.members(("office", "family", "points"))
        cell = _cell(members, offices, group_of)
        if cell in found:
            raise item.refuse("PN008", " / ".join(cell))
        found[cell] = members["points"].points()
    return {cell: points for cell, points in found.items() if points}
