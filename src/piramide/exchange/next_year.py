"""From the pack of a year to that of the next: later targets become those of the year, results enter its history."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import yaml

from piramide.exchange.sheets.imported import decimal
from piramide.exchange.workbook.yaml_nodes import child, compose, mapping, scalar, with_child
from piramide.exchange.workbook.yaml_splice import splice
from piramide.kernel.durable import put
from piramide.methodology.in_force import in_force
from piramide.methodology.model import Pack
from piramide.methodology.years import ACTUAL_BEFORE, TARGET_BEFORE, YearTarget

TARGETS: Final = ("target", "target_rule", "printed")
_HISTORY: Final = ("structure", "node", "name", "value", "act", "place")


@dataclass(frozen=True, slots=True)
class Results:
    """What a year came to: values by structure and node, the `act` that they rest on in the new pack, and its label."""

    values: Mapping[tuple[str, str], Fraction]
    act: str
    label: str
    place: str


def begin_year(draft: Path, last: Pack, year: int, results: Results | None) -> None:
    """Turn the copy of last year's pack in `draft` into the pack of `year`.

    Rows of `years.csv` of that year become the targets of their nodes, with their rule and print; later ones stay. What
    the year before asked and what it came to enter `history.csv`; a rule that lacks a result leaves no target.
    """
    asked = {(key[0], key[1]): one for key, several in last.years.items() for one in several if one.year == year}
    if asked:
        for file in sorted((*draft.glob("trees/*.csv"), *draft.glob("targets/*.csv"))):
            _set_targets(file, asked)
    _keep_later(draft / "years.csv", year)
    if results is not None:
        _remember(draft, last, results)


def _set_targets(file: Path, asked: Mapping[tuple[str, str], YearTarget]) -> None:
    columns, rows = _read(file)
    if not any((row.get("structure", ""), row.get("node", "")) in asked for row in rows):
        return
    columns = [*columns, *(name for name in TARGETS if name not in columns)]
    for row in rows:
        one = asked.get((row.get("structure", ""), row.get("node", "")))
        if one is not None:
            told = "" if one.target is None else decimal(one.target)
            row |= {"target": told, "target_rule": one.target_rule, "printed": one.printed}
            if file.parent.name == "targets":
                row |= {"act": one.citation.act, "place": one.citation.place}
    _write(file, columns, rows)


def _keep_later(file: Path, year: int) -> None:
    if not file.is_file():
        return
    columns, rows = _read(file)
    later = [row for row in rows if int(row["year"]) > year]
    if later:
        _write(file, columns, later)
    else:
        file.unlink()


def _remember(draft: Path, last: Pack, results: Results) -> None:
    """Add to the history what was asked and what came, for every node that the results name."""
    file = draft / "history.csv"
    columns, rows = _read(file) if file.is_file() else (list(_HISTORY), [])
    held = in_force(last)
    targets = {(name, node.id): node.target for name, sheet in held.sheets.items() for node in sheet.leaves()}
    names = {TARGET_BEFORE: targets, ACTUAL_BEFORE: results.values}
    new = [
        {"structure": key[0], "node": key[1], "name": name, "value": decimal(value)}
        | {"act": results.act, "place": results.place}
        for key in results.values
        if key in targets
        for name, known in names.items()
        if (value := known.get(key)) is not None
    ]
    replaced = {(row["structure"], row["node"], row["name"]) for row in new}
    kept = [row for row in rows if (row["structure"], row["node"], row["name"]) not in replaced]
    _write(file, [*columns, *(name for name in _HISTORY if name not in columns)], [*kept, *new])
    _declare(draft, results)


def _declare(draft: Path, results: Results) -> None:
    """Name the run, or the file, among the acts of the pack."""
    inside = not (draft / "acts.yaml").is_file()
    file = draft / ("pack.yaml" if inside else "acts.yaml")
    text = file.read_text(encoding="utf-8-sig")
    root = compose(text)
    path = ("acts", results.act) if inside else (results.act,)
    if isinstance(root, yaml.MappingNode) and child(root, path) is None:
        act = mapping([(scalar("label"), scalar(results.label))], flow=True)
        put(file, splice(text, root, with_child(root, path, act)))


def _read(file: Path) -> tuple[list[str], list[dict[str, str]]]:
    text = file.read_text(encoding="utf-8-sig")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    rows = [dict(row) for row in reader]
    return list(reader.fieldnames or ()), rows


def _write(file: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    put(file, out.getvalue())
