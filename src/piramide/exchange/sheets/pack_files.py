"""The files of a pack, as texts, from the sheets of an import (docs/pack-format.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from piramide.exchange.sheets.imported import ImportedSheet, SheetImport, decimal
from piramide.exchange.sheets.lookups import Lookups
from piramide.exchange.sheets.pack_register import register_text
from piramide.exchange.sheets.pack_tables import table_files
from piramide.exchange.sheets.pack_texts import csv_text, yaml_text
from piramide.kernel.findings import Finding
from piramide.kernel.organisation import Structure
from piramide.methodology.model import Act, Indicator, with_ancestors

TREE: Final = [
    "structure",
    "node",
    "parent",
    "kind",
    "label",
    "indicator",
    "weight",
    "weight_source",
    "target",
    "target_rule",
    "printed",
    "act",
    "place",
]
ORGANISATION: Final = [
    "id",
    "label",
    "kind",
    "parent",
    "additive",
    "clusters",
    "from",
    "until",
    "succeeded_by",
    "act",
    "place",
]


def pack_files(read: SheetImport, lookups: Lookups) -> dict[str, str]:
    """Text of every file by its path in the pack."""
    sheets = read.structures
    known = _Known(lookups, sheets)
    files = {
        "pack.yaml": yaml_text(_head(sheets, lookups)),
        "acts.yaml": yaml_text(known.acts()),
        "organisation.csv": csv_text(ORGANISATION, _organisation(sheets, lookups)),
        "aliases.csv": csv_text(("printed", "canonical", "kind", "act", "place"), _aliases(sheets)),
        "indicators.yaml": yaml_text(known.indicators),
        "measures.yaml": yaml_text(known.measures()),
        "parameters.yaml": yaml_text(known.parameters()),
        "profiles.yaml": yaml_text(known.named("profiles", "profile")),
        "scales.yaml": yaml_text(known.named("scales", "scale")),
        "interpretations.md": _interpretations(read.findings),
        "projects.csv": register_text(sheets),
    }
    for sheet in sheets:
        files[f"trees/{sheet.structure.id}.csv"] = csv_text(TREE, _tree_rows(sheet))
    return {path: text for path, text in (files | table_files(sheets, known.tables())).items() if text}


class _Known:
    """Definitions of the shipped pack that the sheets use, copied as they stand there, with all that they name."""

    def __init__(self, lookups: Lookups, sheets: Sequence[ImportedSheet]) -> None:
        self._lookups = lookups
        self._sheets = sheets
        shipped = self._section("indicators")
        used = {key: item for sheet in sheets for key, item in sheet.indicators.items()}
        inferred = {name for sheet in sheets for name in sheet.inferred}
        self.indicators: dict[str, Any] = {
            key: shipped[key] if key in shipped and key not in inferred else _definition(item)
            for key, item in used.items()
        }

    def _section(self, name: str) -> Mapping[str, Any]:
        return _shipped(self._lookups.pack.root, f"{name}.yaml")

    def named(self, section: str, field: str) -> dict[str, Any]:
        """Entries of a section that the definitions name in `field`."""
        wanted = {item[field] for item in self.indicators.values() if item.get(field)}
        return {key: value for key, value in self._section(section).items() if key in wanted}

    def measures(self) -> dict[str, Any]:
        """Measures that the formulas name, and those that the formulas of measures name in turn."""
        shipped = self._section("measures")
        found: set[str] = set()
        ahead = _words(self.indicators.values()) & set(shipped)
        while ahead:
            found |= ahead
            ahead = (_words(shipped[key] for key in ahead) & set(shipped)) - found
        return {key: value for key, value in shipped.items() if key in found}

    def parameters(self) -> dict[str, Any]:
        """Parameters that the formulas of those measures name."""
        words = _words(self.measures().values()) | _words(self.indicators.values())
        return {key: value for key, value in self._section("parameters").items() if key in words}

    def tables(self) -> dict[str, tuple[Mapping[str, Any], str]]:
        """Tables that the measures look groups up in, each as it is declared with its text."""
        declared, root = self._section("tables"), Path(self._lookups.pack.root)
        named = {item["groups"]["among"] for item in self.measures().values() if item.get("groups", {}).get("among")}
        return {
            name: (declared[name], (root / "tables" / f"{name}.csv").read_text(encoding="utf-8"))
            for name in sorted(named & set(declared))
        }

    def acts(self) -> dict[str, Any]:
        """Acts that the sheets state, and those that the copied definitions cite."""
        stated = {key: act for sheet in self._sheets for key, act in sheet.acts.items()}
        copied = (
            *self.indicators.values(),
            *self.named("profiles", "profile").values(),
            *self.named("scales", "scale").values(),
            *(value for item in self.parameters().values() for value in item["values"]),
            *(item for item, _ in self.tables().values()),
        )
        cited = {item["act"] for item in copied if item.get("act")} | set(_cap(self._lookups)[1:2])
        shipped = self._lookups.pack.acts
        others = {key: shipped[key] for key in sorted(cited) if key in shipped and key not in stated}
        return {key: _act(_issued(act, shipped)) for key, act in (stated | others).items()}


_NAMING: Final = ("formula", "column", "filter", "share", "parent", "groups")
"""Keys of a definition whose texts name measures and parameters."""


def _words(entries: Iterable[Mapping[str, Any]]) -> set[str]:
    """Names in the formulas, columns, filters, shares, parents and groups of definitions."""
    texts = (str(entry.get(key, "")) for entry in entries for key in _NAMING)
    return {word for text in texts for word in re.findall(r"\w+", text)}


def _issued(act: Act, shipped: Mapping[str, Act]) -> Act:
    """The act with the issuer that the shipped pack knows for it, if it is the same act."""
    twin = shipped.get(act.id)
    is_same = twin is not None and (twin.number, twin.day) == (act.number, act.day)
    return twin if twin is not None and is_same else act


def _act(act: Act) -> dict[str, Any]:
    fields = {"label": act.label, "kind": act.kind, "number": act.number, "issuer": act.issuer, "day": act.day}
    return {key: value for key, value in fields.items() if value}


@cache
def _shipped(root: str, name: str) -> Mapping[str, Any]:
    """A section of the pack that is known, as it stands in its file or inline; empty if it is not there."""
    path, inline = Path(root) / name, Path(root) / "pack.yaml"
    if path.exists():
        return yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    section = name.removesuffix(".yaml")
    return (yaml.safe_load(inline.read_text(encoding="utf-8")) or {}).get(section) or {}


def _cap(lookups: Lookups) -> tuple[Any, str, str]:
    cap = _shipped(lookups.pack.root, "pack.yaml").get("cap") or {"value": "0.5"}
    return cap["value"], cap.get("act", ""), cap.get("place", "")


def _head(sheets: Sequence[ImportedSheet], lookups: Lookups) -> dict[str, Any]:
    year = sheets[0].year
    value, act, place = _cap(lookups)
    return {
        "id": f"schede-{year}",
        "label": f"Schede degli obiettivi di performance organizzativa {year}",
        "administration": lookups.pack.administration,
        "year": year,
        "validity": {"from": f"{year}-01-01", "until": f"{year + 1}-01-01"},
        "language": "it",
        "cap": {"value": value, "act": act, "place": place},
        "missing": "leave",
        "structure_kinds": dict(lookups.pack.structure_kinds),
    }


def _definition(item: Indicator) -> dict[str, Any]:
    """An inferred definition; its source says that somebody must confirm it."""
    answer: dict[str, Any] = {
        "label": item.label,
        "unit": item.unit,
        "direction": item.direction,
        "rule": item.rule.value,
        "act": item.citation.act,
        "place": item.citation.place,
        "quality": {"limits": "Regola, unità e verso dedotti dal valore obiettivo stampato: da confermare"},
    }
    if item.level:
        answer["level"] = item.level
    if item.definition:
        answer["definition"] = item.definition
    if item.checkpoints:
        answer["checkpoints"] = [
            {"moment": point.moment}
            | ({} if point.least is None else {"least": decimal(point.least)})
            | ({} if point.most is None else {"most": decimal(point.most)})
            for point in item.checkpoints
        ]
    return answer


def _organisation(sheets: Sequence[ImportedSheet], lookups: Lookups) -> Iterator[Sequence[str]]:
    """The structures of the sheets and everything above them, from the top."""
    versions: dict[str, list[Structure]] = {}
    for version in lookups.pack.organisation.versions:
        versions.setdefault(version.id, []).append(version)
    wanted: dict[str, list[Structure]] = {}

    def add(structure_id: str, own: Structure | None) -> None:
        rows = versions.get(structure_id) or ([own] if own else [])
        for parent in {row.parent for row in rows if row.parent}:
            if parent not in wanted:
                add(parent, None)
        wanted.setdefault(structure_id, rows)

    for sheet in sheets:
        add(sheet.structure.id, sheet.structure)
    for rows in wanted.values():
        for row in rows:
            yield _structure_row(row)


def _structure_row(row: Structure) -> Sequence[str]:
    clusters = ";".join(f"{scheme}={cluster}" for scheme, cluster in row.clusters.items())
    since, until = (str(day) if day else "" for day in (row.since, row.until))
    additive = "yes" if row.additive else "no"
    return (
        row.id,
        row.label,
        row.kind,
        row.parent,
        additive,
        clusters,
        since,
        until,
        ";".join(row.succeeded_by),
        "",
        "",
    )


def _aliases(sheets: Sequence[ImportedSheet]) -> Iterator[Sequence[str]]:
    seen = set()
    for sheet in sheets:
        act = next((key for key in sheet.acts if key.startswith("obiettivi")), "")
        for alias in sheet.aliases:
            if alias not in seen:
                seen.add(alias)
                yield alias.printed, alias.canonical, alias.kind, act, "scheda della struttura"


def _tree_rows(sheet: ImportedSheet) -> Iterator[Sequence[str]]:
    for node, above in with_ancestors(sheet.tree):
        parent = above[-1].id if above else ""
        printed = sheet.printed_weights.get(node.id) or decimal(node.weight)
        weight = "" if node.weight_source.value == "equal_split" else printed
        indicator = node.indicator if node.indicator != node.id else ""
        target = "" if node.target is None else decimal(node.target)
        yield (
            sheet.structure.id, node.id, parent, node.kind.value, node.label, indicator, weight,
            node.weight_source.value, target, "", node.printed, node.citation.act, node.citation.place,
        )  # fmt: skip


def _interpretations(findings: Sequence[Finding]) -> str:
    """What the import found, for whoever completes the pack."""
    lines = [f"- `{finding.code}` {finding.message('it')}" for finding in findings]
    return "# Rilievi dell'importazione\n\n" + ("\n".join(lines) or "Nessun rilievo.") + "\n"
