"""A draft as the folder of a plan: the plan it starts from, with the edited sheets as files of their own."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import yaml

from piramide.cycle.plans.drafting.edits import Edit, EditedSheet, Heading, edited_sheets, kept_overrides, refuse_fixed
from piramide.cycle.plans.drafting.source import PlanSource
from piramide.exchange.workbook.yaml_nodes import TAG, compose, scalar, sequence, with_child
from piramide.exchange.workbook.yaml_nodes import Path as Keys
from piramide.exchange.workbook.yaml_splice import splice
from piramide.kernel.durable import DRAFT, put, settle, sweep
from piramide.kernel.findings import Place, refuse
from piramide.methodology.loading import load_pack
from piramide.methodology.loading.assemble import DEMONSTRATION
from piramide.methodology.loading.csv_text import Row, read_csv
from piramide.methodology.loading.files import PackFiles
from piramide.methodology.loading.trees import OPTIONAL, REQUIRED, TARGET_OPTIONAL, TARGET_REQUIRED
from piramide.methodology.model import Act, Pack

LEFT_BEHIND = ("values", "examples", ".*", "__pycache__")
"""What belongs to the plan that a draft starts from: its own values and its worked examples."""

_SELDOM = ("printed", "note")


def write_plan(source: PlanSource, edits: Iterable[Edit], heading: Heading, out: Path) -> Pack:
    """Write the draft as the folder `out`, whole or not at all, and read it back.

    A folder that is there with the same content is left as it is. Raises `Refusal`: DR006 when another plan is there,
    DR007 when it cannot be written, and what edits and loader refuse.
    """
    known = tuple(edits)
    refuse_fixed(source.printed, known, heading)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        sweep(out.parent, DRAFT)
        draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=out.parent))
    except OSError as error:
        raise refuse("DR007", Place(str(out)), problem=error.strerror or "") from error
    try:
        _write(source, known, heading, draft)
        plan = load_pack(draft, demonstration=source.printed.is_demonstration)
        if out.is_dir():
            if PackFiles(out).digest() != plan.hash:
                raise refuse("DR006", Place(out.name), out.name)
        else:
            settle(draft, out)
    except OSError as error:
        raise refuse("DR007", Place(str(out)), problem=error.strerror or "") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return load_pack(out, demonstration=source.printed.is_demonstration)


def _write(source: PlanSource, edits: tuple[Edit, ...], heading: Heading, draft: Path) -> None:
    left = LEFT_BEHIND if source.printed.is_demonstration else (*LEFT_BEHIND, DEMONSTRATION.rstrip("/"))
    shutil.copytree(source.folder, draft, ignore=shutil.ignore_patterns(*left), dirs_exist_ok=True)
    for sheet in edited_sheets(source, edits, heading.act.id):
        _write_sheet(source, sheet, draft)
        _unlink(sheet, draft)
    kept = {override.id for override in kept_overrides(source.printed, edits)}
    if len(kept) < len(source.printed.overrides):
        _edit_section(draft, "overrides", lambda root, _: _only(root, kept))
    _edit_section(draft, "acts", lambda root, keys: _with_act(root, keys, heading.act))
    _edit(draft / "pack.yaml", lambda root: _dated(root, source, heading))


def _write_sheet(source: PlanSource, sheet: EditedSheet, draft: Path) -> None:
    """The tree in a file of its own, and the targets it states; their old rows go."""
    name = sheet.structure
    stated = {row["node"] for row in sheet.targets} | sheet.gone
    for layer in source.layers:
        for path in sorted(draft.glob(f"{layer}trees/*.csv")):
            _drop(path, lambda row: row["structure"] == name)
        for path in sorted(draft.glob(f"{layer}targets/*.csv")):
            _drop(path, lambda row: row["structure"] == name and row["node"] in stated)
    _save(_free(draft / f"{sheet.layer}trees", name), _columns((*REQUIRED, *OPTIONAL), sheet.rows), sheet.rows)
    if sheet.targets:
        columns = _columns((*TARGET_REQUIRED, *TARGET_OPTIONAL), sheet.targets)
        _save(_free(draft / f"{sheet.layer}targets", name), columns, sheet.targets)


def _unlink(sheet: EditedSheet, draft: Path) -> None:
    """What the chain says of nodes that are gone goes with them; what they scored is not scored."""
    lost = sheet.lost
    if not lost:
        return
    register = draft / "projects.csv"
    own: set[tuple[str, str]] = set()
    if register.is_file():
        entries = read_csv(register.read_text(encoding="utf-8-sig"), register.name)
        own = {(row["structure"], row["id"]) for row in entries.rows}
        if any((row["structure"], row["node"]) in lost for row in entries.rows):
            scored = (
                replace(row, cells={**row.cells, "node": ""}) if _of(row) in lost else row for row in entries.rows
            )
            _save(register, entries.columns, scored)
    for name in ("links.csv", "objective_risks.csv"):
        if (draft / name).is_file():
            _drop(draft / name, lambda row: _of(row) in lost - own)


def _of(row: Row) -> tuple[str, str]:
    return row["structure"], row["node"]


def _columns(known: Iterable[str], rows: Collection[Row]) -> tuple[str, ...]:
    """The columns of a table; `printed` and `note` only where a row fills them."""
    return tuple(name for name in known if name not in _SELDOM or any(row[name] for row in rows))


def _drop(path: Path, is_gone: Callable[[Row], bool]) -> None:
    """Take rows out of a table; a table without rows goes."""
    sheet = read_csv(path.read_text(encoding="utf-8-sig"), path.name)
    kept = [row for row in sheet.rows if not is_gone(row)]
    if not kept:
        path.unlink()
    elif len(kept) < len(sheet.rows):
        _save(path, sheet.columns, kept)


def _free(folder: Path, name: str) -> Path:
    """A file of this name that is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    candidates = (folder / f"{name}{mark}.csv" for mark in ("", *(f"_{number}" for number in range(2, 1000))))
    return next(path for path in candidates if not path.exists())


def _save(path: Path, columns: Collection[str], rows: Iterable[Row]) -> None:
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(columns)
    lines.writerows([row[column] for column in columns] for row in rows)
    put(path, text.getvalue())


def _edit_section(draft: Path, name: str, edit: Callable[[yaml.Node, Keys], yaml.Node | None]) -> None:
    """Edit a section in its own file or inline; one that becomes empty goes."""
    own = draft / f"{name}.yaml"
    if own.is_file():
        _edit(own, lambda root: edit(root, ()))
    else:
        _edit(draft / "pack.yaml", lambda root: edit(root, (name,)))


def _edit(path: Path, edit: Callable[[yaml.Node], yaml.Node | None]) -> None:
    text = path.read_text(encoding="utf-8-sig")
    root = compose(text)
    if root is None:  # the plan was loaded from it
        raise TypeError(path)
    changed = edit(root)
    if changed is None:
        path.unlink()
    else:
        put(path, splice(text, root, changed))


def _only(root: yaml.Node, kept: Collection[str]) -> yaml.Node | None:
    """The overrides of these ids, in a list or in the mapping that holds the list; none when none is left."""
    if isinstance(root, yaml.MappingNode):
        listed = next(value for key, value in root.value if key.value == "overrides")
        return with_child(root, ("overrides",), _only(listed, kept))
    items = [item for item in root.value if any(k.value == "id" and v.value in kept for k, v in item.value)]
    return sequence(items, flow=False) if items else None


def _with_act(root: yaml.Node, keys: Keys, act: Act) -> yaml.Node:
    """The section with the act of the draft in it."""
    said = {"label": act.label, "kind": act.kind, "number": act.number, "issuer": act.issuer}
    for name, text in said.items():
        if text:
            root = with_child(_mapping(root), (*keys, act.id, name), scalar(text))
    if act.day is not None:
        root = with_child(_mapping(root), (*keys, act.id, "day"), _day(act.day))
    return root


def _dated(root: yaml.Node, source: PlanSource, heading: Heading) -> yaml.Node:
    """`pack.yaml` with the name, the year and the days of the draft."""
    validity = source.validity(heading.year)
    changed = with_child(_mapping(root), ("id",), scalar(heading.id))
    changed = with_child(changed, ("label",), scalar(heading.label))
    changed = with_child(changed, ("year",), scalar(str(heading.year), f"{TAG}int"))
    changed = with_child(changed, ("validity", "from"), _day(validity["since"]))
    return with_child(changed, ("validity", "until"), _day(validity["until"]))


def _day(day: date) -> yaml.Node:
    return scalar(day.isoformat(), f"{TAG}timestamp")


def _mapping(node: yaml.Node) -> yaml.MappingNode:
    if not isinstance(node, yaml.MappingNode):  # the plan was loaded from it
        raise TypeError(node)
    return node
