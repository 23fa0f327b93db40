"""A mapping of facts: how an export is read, and what gives each column of a dataset.

format: 1
dataset: work
read: {separator: ";", encoding: cp1252, decimal: ",", date: DD/MM/YYYY, header_row: 3}
codes: {sedi: {"Torino centro": prov_torino}}
columns: {case: "N. pratica", office_of_work: {from: "Sede", codes: sedi}, entry: {value: received}}
rows: [{when: "Data arrivo", columns: {…}}, {when: "Data chiusura", columns: {…}}]
skip: [{column: "N. pratica", equals: "TOTALE"}]
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from piramide.kernel.findings import Finding, Place, refuse, refuse_if_errors
from piramide.kernel.naming import nearest
from piramide.kernel.tidying import tidy
from piramide.measurement.contract import Contract, contract
from piramide.methodology.loading.yaml_text import YamlText, read_yaml

FORMAT: Final = 1
_KEYS: Final = ("format", "dataset", "read", "codes", "columns", "rows", "skip")
_READ: Final[Mapping[str, tuple[str, ...]]] = {
    "separator": (",", ";", "\t", "|"),
    "encoding": ("utf-8", "cp1252", "utf-16"),
    "decimal": (".", ","),
    "date": ("YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "DD.MM.YYYY", "YYYY/MM/DD", "YYYYMMDD"),
}
"""What `read` may say; the first is what holds where it is silent."""
_OF_READ: Final = ("sheet", "header_row", *_READ)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the file is written: `header_row` from 1, `sheet` by name (the first where empty)."""

    sheet: str = ""
    header_row: int = 1
    separator: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    date: str = "YYYY-MM-DD"


@dataclass(frozen=True, slots=True)
class Given:
    """What gives a column: the cell under `header`, through the table `codes` where there is one, or a `value`."""

    header: str = ""
    value: str = ""
    codes: str = ""


@dataclass(frozen=True, slots=True)
class RowRule:
    """One row for each row of the file whose cell under `when` is filled (always, where `when` is empty)."""

    when: str
    columns: Mapping[str, Given]


@dataclass(frozen=True, slots=True)
class FactsMapping:
    """A mapping that was read and found whole; `sha256` is that of its text."""

    dataset: str
    reading: Reading
    codes: Mapping[str, Mapping[str, str]]
    rules: tuple[RowRule, ...]
    skip: tuple[tuple[str, str], ...]
    places: Mapping[str, Place]
    sha256: str

    def headers(self) -> tuple[str, ...]:
        """Every header that is read, in the order of the mapping."""
        named = [given.header for rule in self.rules for given in rule.columns.values()]
        named += [rule.when for rule in self.rules]
        named += [column for column, _ in self.skip]
        return tuple(dict.fromkeys(name for name in named if name))


def as_mapping(path: Path) -> Mapping[str, Any]:
    """What a mapping says, as data."""
    body: Mapping[str, Any] = read_yaml(_file_text(path), str(path)).value
    return body


def is_answered(body: object) -> bool:
    """Whether nothing in a proposed mapping waits for an answer."""
    parts = body.values() if isinstance(body, dict) else body if isinstance(body, list) else ()
    return body is not None and all(is_answered(part) for part in parts)


def open_mapping(path: Path, body: Mapping[str, Any] | None = None) -> FactsMapping:
    """Read a mapping; `body` is one that was proposed for the export at `path`.

    Raises `Refusal`: FA011 for a file that cannot be read, PL004 and PL010 for one that is no YAML, FA001 for an
    unknown dataset, FA078 to FA083, FA089 for what stands in it, everything that is wrong at once.
    """
    text = json.dumps(body, ensure_ascii=False) if body is not None else _file_text(path)
    said = YamlText(str(path), body, {}) if body is not None else read_yaml(text, str(path))
    if not isinstance(said.value, dict) or said.value.get("format") != FORMAT:
        raise refuse("FA078", Place(str(path), 1), "format: 1")
    if not isinstance(said.value.get("dataset"), str):
        raise refuse("FA078", Place(str(path), 1), "dataset")
    return _Reader(said, contract(said.value["dataset"])).mapping(hashlib.sha256(text.encode()).hexdigest())


def _file_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise refuse("FA011", Place(str(path)), problem=getattr(error, "strerror", "") or str(error)) from error


def check_codes(mapping: FactsMapping, structures: Collection[str], products: Collection[str]) -> None:
    """Refuse (FA083) codes and constants that stand for a structure, a product or a value that does not exist."""
    of = contract(mapping.dataset)
    known = {"structure": structures, "product": products if of.id != "products" else ()}
    faults: dict[tuple[str, str], Finding] = {}
    for rule in mapping.rules:
        for name, given in rule.columns.items():
            column = of.column(name)
            allowed = known.get(column.references) or column.allowed
            said = mapping.codes[given.codes].items() if given.codes else [("", given.value)] if given.value else []
            for code, meant in said:
                if allowed and meant and meant not in allowed:
                    where = f"codes.{given.codes}.{code}" if given.codes else name
                    fields = {"column": name, "near": ", ".join(nearest(meant, sorted(allowed)))}
                    faults.setdefault((where, meant), Finding("FA083", mapping.places[where], meant, fields))
    refuse_if_errors(faults.values())


class _Reader:
    """Reads the parts of a mapping and collects what is wrong with them."""

    def __init__(self, body: YamlText, of: Contract) -> None:
        self._body = body
        self._of = of
        self._faults: list[Finding] = []
        self._places: dict[str, Place] = {}

    def mapping(self, sha256: str) -> FactsMapping:
        """The mapping. Raises `Refusal` with every fault."""
        whole = self._body.value
        self._only(whole, _KEYS)
        reading = self._reading(self._part("read"))
        codes = {str(name): self._table(str(name), table) for name, table in self._part("codes").items()}
        common = self._columns(self._part("columns"), ("columns",), codes)
        rules = tuple(self._rules(whole.get("rows"), common, codes)) or (RowRule("", common),)
        skip = tuple(self._skips(whole.get("skip")))
        for rule in rules:
            for column in self._of.columns:
                if column.required and column.name not in rule.columns:
                    self._fault("FA081", ("rows" if rule.when else "columns",), column.name, when=rule.when)
        unique = {(finding.code, finding.place, finding.subject): finding for finding in self._faults}
        refuse_if_errors(unique.values())
        return FactsMapping(self._of.id, reading, codes, rules, skip, self._places, sha256)

    def _fault(self, code: str, path: tuple[str | int, ...], subject: str, **fields: object) -> None:
        self._faults.append(Finding(code, self._body.place(*path), subject, fields))

    def _part(self, name: str) -> Mapping[Any, Any]:
        value = self._body.value.get(name) or {}
        if isinstance(value, dict):
            return value
        self._fault("FA078", (name,), name)
        return {}

    def _only(self, found: Mapping[Any, Any], known: Collection[str], *path: str | int) -> None:
        for key in found:
            if key not in known:
                near = ", ".join(nearest(str(key), known) or known)
                self._fault("FA079", (*path, key), str(key), near=near)

    def _reading(self, said: Mapping[Any, Any]) -> Reading:
        self._only(said, _OF_READ, "read")
        for key in said:
            if said[key] is None:
                self._fault("FA089", ("read", key), str(key))
        for key, allowed in _READ.items():
            if said.get(key) is not None and str(said[key]) not in allowed:
                self._fault("FA080", ("read", key), str(said[key]), key=key, known=" ".join(map(repr, allowed)))
        row = said.get("header_row", 1)
        if not isinstance(row, int) or isinstance(row, bool) or row < 1:
            self._fault("FA080", ("read", "header_row"), str(row), key="header_row", known="1, 2, 3, …")
            row = 1
        texts = {key: str(said.get(key, allowed[0])) for key, allowed in _READ.items()}
        return Reading(sheet=str(said.get("sheet") or ""), header_row=row, **texts)

    def _table(self, name: str, table: object) -> Mapping[str, str]:
        if not isinstance(table, dict):
            self._fault("FA078", ("codes", name), name)
            return {}
        for code in table:
            self._places[f"codes.{name}.{tidy(str(code))}"] = self._body.place("codes", name, code)
            if table[code] is None:
                self._fault("FA089", ("codes", name, code), str(code))
        return {tidy(str(code)): _text(meant) for code, meant in table.items()}

    def _columns(
        self, said: Mapping[Any, Any], path: tuple[str | int, ...], codes: Mapping[str, Any]
    ) -> dict[str, Given]:
        columns: dict[str, Given] = {}
        for name, how in said.items():
            if name not in self._of.names:
                near = ", ".join(nearest(str(name), self._of.names) or self._of.names)
                self._fault("FA079", (*path, name), str(name), near=near)
                continue
            columns[name] = self._given(how, (*path, name), codes)
            self._places[name] = self._body.place(*path, name)
            if columns[name].header:
                self._places.setdefault(f"header.{columns[name].header}", self._places[name])
        return columns

    def _given(self, how: object, path: tuple[str | int, ...], codes: Mapping[str, Any]) -> Given:
        if how is None:
            self._fault("FA089", path, str(path[-1]))
        if not isinstance(how, dict):
            return Given(header=tidy(_text(how)))
        self._only(how, ("from", "value", "codes"), *path)
        if ("from" in how) == ("value" in how) or ("value" in how and "codes" in how):
            self._fault("FA078", path, str(path[-1]))
        table = _text(how.get("codes"))
        if table and table not in codes:
            self._fault("FA079", (*path, "codes"), table, near=", ".join(nearest(table, codes) or codes))
            table = ""
        return Given(tidy(_text(how.get("from"))), _text(how.get("value")), table)

    def _rules(self, rows: object, common: Mapping[str, Given], codes: Mapping[str, Any]) -> Iterator[RowRule]:
        for at, row in enumerate(rows if isinstance(rows, list) else []):
            if not isinstance(row, dict) or not row.get("when") or not isinstance(row.get("columns", {}), dict):
                self._fault("FA078", ("rows", at), "when")
                continue
            self._only(row, ("when", "columns"), "rows", at)
            own = self._columns(row.get("columns") or {}, ("rows", at, "columns"), codes)
            for name in own.keys() & common.keys():
                self._fault("FA082", ("rows", at, "columns", name), name)
            when = tidy(_text(row["when"]))
            self._places.setdefault(f"header.{when}", self._body.place("rows", at, "when"))
            yield RowRule(when, {**common, **own})
        if rows is not None and not isinstance(rows, list):
            self._fault("FA078", ("rows",), "rows")

    def _skips(self, said: object) -> Iterator[tuple[str, str]]:
        for at, one in enumerate(said if isinstance(said, list) else []):
            if isinstance(one, dict) and set(one) == {"column", "equals"}:
                header = tidy(_text(one["column"]))
                self._places.setdefault(f"header.{header}", self._body.place("skip", at, "column"))
                yield header, tidy(_text(one["equals"]))
            else:
                self._fault("FA078", ("skip", at), "skip")
        if said is not None and not isinstance(said, list):
            self._fault("FA078", ("skip",), "skip")


def _text(value: object) -> str:
    """A scalar of YAML as its cell would say it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
