"""Contracts of the datasets: which columns an administration delivers, of which type, with which key and values.

The contracts are YAML files of `contracts/`, named after the dataset. A contract ends with the columns of the shared
parts it names under `also`: `status` (measured or estimated) and `correction` (a row reversed and stated again).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final

from piramide.kernel.findings import refuse
from piramide.kernel.naming import nearest
from piramide.methodology.loading.yaml_text import read_yaml


class ColumnType(StrEnum):
    """What a cell holds. Files write dates `2024-09-30`, months `2024-09`, decimals with a point, booleans `true`."""

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    MONTH = "month"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `allowed` values (empty: any), bounds `least` and `most` inclusive, `scale` decimals after the point.

    A column that is not `required` may be empty or absent: its cells are then `default`. `references` is `product`,
    `structure`, `line` (of products), `chapter` or nothing.
    """

    name: str
    type: ColumnType
    meaning: str
    required: bool = True
    default: str = ""
    unit: str = ""
    scale: int = 0
    allowed: tuple[str, ...] = ()
    references: str = ""
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """What a dataset is: `key` names one row, `day` is the column that dates it, `structure` those with structures.

    `ahead`: whether its rows may be dated later than the day on which they are learned (plans, budgets). `several` is
    the column that holds several things, quantities and means alike: what is read from it says how it adds up.
    """

    id: str
    label: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    day: str
    structure: tuple[str, ...] = ()
    ahead: bool = False
    several: str = ""

    def column(self, name: str) -> Column:
        """The column called `name`; `KeyError` when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def hash(self) -> str:
        """SHA-256 of everything that decides how a file is read."""
        body = asdict(self) | {"label": "", "meaning": ""}
        del body["several"]  # of how measures add up, not of how a file is read
        body["columns"] = [{k: v for k, v in asdict(c).items() if k != "meaning"} for c in self.columns]
        return "sha256:" + hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


WORK: Final = "work"
_FOLDER: Final = "contracts"


def _folder() -> Traversable:
    return resources.files("piramide.measurement") / _FOLDER


@cache
def contracts() -> Mapping[str, Contract]:
    """Every contract by dataset, in alphabetical order."""
    names = sorted(item.name for item in _folder().iterdir() if item.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): _read(name) for name in names}


def contract(dataset: str) -> Contract:
    """The contract of a dataset. Raises `Refusal` (FA001) with the nearest names for one that does not exist."""
    if found := contracts().get(dataset):
        return found
    names = nearest(dataset, contracts()) or tuple(contracts())
    raise refuse("FA001", subject=dataset, nearest=", ".join(names))


@cache
def header_words() -> Mapping[str, tuple[str, ...]]:
    """Slugs of the headers that exports give to a column, by its name; `closed_on` is the day on which a case ends."""
    return {name: tuple(words) for name, words in _part("shared/headers.yaml").items()}


def json_schemas() -> dict[str, dict[str, Any]]:
    """JSON schema of one row of each dataset, by file name (`datasets/work.schema.json`)."""
    return {f"datasets/{name}.schema.json": _row_schema(c) for name, c in contracts().items()}


def _read(name: str) -> Contract:
    body = _part(name)
    columns, key = dict(body["columns"]), list(body["key"])
    for shared in body.get("also", ()):
        part = _part(f"shared/{shared}.yaml")
        columns |= part["columns"]
        key += part.get("key", ())
    return Contract(
        id=name.removesuffix(".yaml"),
        label=body["label"],
        meaning=body["meaning"],
        key=tuple(key),
        columns=tuple(_column(column, facts) for column, facts in columns.items()),
        day=body["day"],
        structure=tuple(body.get("structure", ())),
        ahead=bool(body.get("ahead", False)),
        several=str(body.get("several", "")),
    )


def _part(name: str) -> dict[str, Any]:
    text = _folder().joinpath(*name.split("/")).read_text(encoding="utf-8")
    value: dict[str, Any] = read_yaml(text, name).value
    return value


def _column(name: str, facts: Mapping[str, Any]) -> Column:
    return Column(
        name, **{**facts, "type": ColumnType(facts["type"]), "allowed": tuple(str(a) for a in facts.get("allowed", ()))}
    )


_JSON_TYPES: Final[Mapping[ColumnType, dict[str, Any]]] = {
    ColumnType.TEXT: {"type": "string"},
    ColumnType.CODE: {"type": "string", "pattern": r"^\S(.*\S)?$"},
    ColumnType.INTEGER: {"type": "integer"},
    ColumnType.DECIMAL: {"type": "number"},
    ColumnType.DATE: {"type": "string", "format": "date"},
    ColumnType.MONTH: {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"},
    ColumnType.BOOLEAN: {"type": "boolean"},
}


def _row_schema(of: Contract) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": of.label,
        "description": of.meaning,
        "type": "object",
        "properties": {column.name: _cell_schema(column) for column in of.columns},
        "required": [column.name for column in of.columns if column.required],
        "additionalProperties": False,
        "x-key": list(of.key),
        "x-day": of.day,
    }


def _cell_schema(column: Column) -> dict[str, Any]:
    schema = {"description": column.meaning} | _JSON_TYPES[column.type]
    if column.allowed:
        schema = {"description": column.meaning, "enum": [*([] if column.required else [""]), *column.allowed]}
    elif not column.required:
        schema["type"] = [schema["type"], "null"]
    bounds: dict[str, float | None] = {"minimum": column.least, "maximum": column.most}
    if column.type is ColumnType.DECIMAL:
        bounds["multipleOf"] = float(f"1e-{column.scale}")
    marks = {"x-unit": column.unit, "x-references": column.references, "default": column.default}
    return schema | {k: v for k, v in bounds.items() if v is not None} | {k: v for k, v in marks.items() if v}
