"""What a run and its method hold, as rows for everybody: plan, methods, structures, values, results, and the run whole.

Rows follow the columns that stand beside them, in their order; nothing of a person is in them. A file has one language
for everybody: notes are worded in it.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa

from piramide.cycle.chain import ChainOfPlan
from piramide.cycle.collected import decimal_text
from piramide.cycle.runs import results
from piramide.cycle.runs.store import FORMAT, Run
from piramide.kernel.node_fields import FIELDS
from piramide.kernel.note import NO_NAMES, Names, worded
from piramide.kernel.organisation import OrganisationOnDay
from piramide.kernel.value_rows import COLUMNS
from piramide.methodology.model import Checkpoint, Citation, Composite, Curve, Indicator, Node, Pack, with_ancestors
from piramide.methodology.show import act_as_json, structure_as_json

Row = tuple[object, ...]

LANGUAGE: Final = "it"

RESULT_COLUMNS: Final = (
    "run", "pack", "period", "demonstration", "structure", "source", *(one.open_data for one in FIELDS),
)  # fmt: skip
VALUE_COLUMNS: Final = ("run", "demonstration", *COLUMNS)
PLAN_COLUMNS: Final = (
    "pack", "demonstration", "structure", "source", "node", "parent", "kind", "label", "weight", "weight_source",
    "indicator", "rule", "unit", "direction", "target", "cap", "act", "act_label", "place",
)  # fmt: skip
METHOD_COLUMNS: Final = (
    "pack", "demonstration", "indicator", "label", "definition", "formula", "unit", "direction", "rule", "cap",
    "missing", "value_from", "owner", "due", "act", "act_label", "place", "verified", "source", "accuracy", "limits",
    "compensation", "profile", "clip_positive", "range_least", "range_most", "checkpoints", "made_of", "parts", "bands",
    "curve", "decimals",
)  # fmt: skip
STRUCTURE_COLUMNS: Final = (
    "pack", "demonstration", "day", "structure", "label", "kind", "parent", "additive", "clusters",
)  # fmt: skip
CHAIN_COLUMNS: Final = (
    "pack", "demonstration", "chain_level", "level_label", "chain_line", "line_kind", "line_label", "under", "act",
    "act_label", "place", "structure", "carrier", "carrier_label", "scored_by",
)  # fmt: skip
_OF_NODE: Final = {one.open_data: one.name for one in FIELDS}


def result_rows(run: Run) -> Iterator[Row]:
    """Every structure (its `node` is empty) followed by its nodes, as the run scored them."""
    head = (run.id, run.manifest["pack"], run.manifest["period"], bool(run.manifest["demonstration"]))
    table = results.read(run.results_file)
    own = RESULT_COLUMNS[len(head) :]
    heads = zip(*(table.column(name).to_pylist() for name in ("structure", "id", "label")), strict=True)
    names = {"structure": {structure: label for structure, node, label in heads if not node}}
    columns = [_cells(table, name, names) for name in own]
    for cells in zip(*columns, strict=True):
        yield (*head, *cells)


def value_rows(run: Run) -> Iterator[Row]:
    """Every value that was scored, exact as it was written."""
    head = (run.id, bool(run.manifest["demonstration"]))
    table = results.read(run.values_file)
    for cells in zip(*(_cells(table, name) for name in VALUE_COLUMNS[len(head) :]), strict=True):
        yield (*head, *cells)


def _cells(table: pa.Table, name: str, names: Names = NO_NAMES) -> list[object]:
    """A column of a kept table as everybody reads it."""
    kept = _OF_NODE.get(name, name)
    if kept not in table.column_names:
        return [None] * table.num_rows  # a run of before there was such a column
    cells: list[object] = table.column(kept).to_pylist()
    return [worded(str(cell), LANGUAGE, names) if cell else cell for cell in cells] if name == "note" else cells


def plan_rows(pack: Pack, day: date) -> Iterator[Row]:
    """The objectives of every structure in force on `day`, parents first."""
    for name in _with_sheet(pack, day):
        sheet = pack.sheets[name]
        for node, above in with_ancestors(sheet.tree):
            parent = above[-1].id if above else ""
            yield (pack.id, pack.is_demonstration, name, sheet.source, *_of_plan(node, parent, pack))


def _of_plan(node: Node, parent: str, pack: Pack) -> Row:
    head = (node.id, parent, node.kind.value, node.label, node.weight, node.weight_source.value)
    if node.children or not node.is_at_hand:
        return (*head, *("",) * 4, None, None, *_cited(node.citation, pack))
    indicator = pack.indicators[node.indicator]
    own = node.target_citation if node.target_citation and node.target_citation.act else node.citation
    asked = (indicator.id, indicator.rule.value, indicator.unit, indicator.direction, node.target, indicator.cap)
    return (*head, *asked, *_cited(own if own.act else indicator.citation, pack))


def _cited(citation: Citation, pack: Pack) -> tuple[str, str, str]:
    act = pack.acts.get(citation.act)
    return citation.act, act.label if act else "", citation.place


def _with_sheet(pack: Pack, day: date) -> Iterator[str]:
    organisation = pack.organisation.on(day)
    return (name for name in pack.sheets if name in organisation)


def method_rows(pack: Pack) -> Iterator[Row]:
    """Every indicator: what it is, how it is computed, by which act, and its data-quality statement."""
    for one in pack.indicators.values():
        said = one.quality
        yield (
            pack.id, pack.is_demonstration, one.id, one.label, one.definition, one.formula, one.unit, one.direction,
            one.rule.value, one.cap, one.missing.value, one.value_from, one.owner, one.due,
            *_cited(one.citation, pack), said.verified, said.source or one.source, said.accuracy, said.limits,
            said.compensation, *_of_rule(one, pack),
        )  # fmt: skip


def _of_rule(one: Indicator, pack: Pack) -> Row:
    """What the rule of an indicator needs besides value, target and cap, so that anybody can apply it."""
    parts = one.composite.parts if one.composite else ()
    bands = pack.scales[one.scale].bands if one.scale else ()
    return (
        one.profile,
        one.clip_positive,
        _exact(one.range.least),
        _exact(one.range.most),
        "; ".join(" ".join(_bounds(check)) for check in one.checkpoints),
        one.composite.of if one.composite else "",
        "; ".join(f"{part.node}={part.share}" for part in parts),
        "; ".join(f"low={_exact(band.low)} high={_exact(band.high)} points={_exact(band.points)}" for band in bands),
        _curve_text(one.curve),
        one.rounding,
    )


def _curve_text(curve: Curve | None) -> str:
    """A curve in one cell: of what it is, what it gives below its first point, and its points."""
    if curve is None:
        return ""
    points = (f"at={_exact(point.at)} gives={_exact(point.gives)}" for point in curve.points)
    return "; ".join((f"of={curve.of} below={_exact(curve.below)}", *points))


def _bounds(check: Checkpoint) -> Iterator[str]:
    """A checkpoint as words of a cell: `Q4 least=0 most=0 tolerance=0.000000001 mandatory=yes`."""
    yield check.moment
    for name, bound in (("least", check.least), ("most", check.most), ("tolerance", check.tolerance or None)):
        if bound is not None:
            yield f"{name}={_exact(bound)}"
    if check.mandatory:
        yield "mandatory=yes"


def _exact(figure: Fraction | None) -> str:
    """A figure of the pack as a decimal where it is one, else as `p/q`."""
    if figure is None:
        return ""
    rest = figure.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return decimal_text(figure) if rest == 1 else str(figure)


def chain_rows(pack: Pack) -> Iterator[Row]:
    """Every line of the chain with what carries it, a row each; a line that nothing carries has one row."""
    chain = ChainOfPlan(pack)
    for line in pack.chain.lines.values():
        level = pack.chain.levels[line.level]
        told = (line.level, level.label, line.id, line.kind, line.label, ";".join(line.under))
        head = (pack.id, pack.is_demonstration, *told, *_cited(line.citation, pack))
        carries = [(one.structure, one.node, one.label, one.scored_by) for one in chain.carries(line.id)]
        for cells in carries or [("", "", "", "")]:
            yield (*head, *cells)


def chain_document(pack: Pack) -> dict[str, Any]:
    """The chain in the shape of `pack chain`."""
    return {"pack": pack.id, "hash": pack.hash, "demonstration": pack.is_demonstration} | ChainOfPlan(pack).as_json()


def structure_rows(pack: Pack, day: date) -> Iterator[Row]:
    """The organisation of `day`, with the clusters of each structure as `scheme=cluster`."""
    for one in pack.organisation.on(day).structures.values():
        clusters = "; ".join(f"{scheme}={cluster}" for scheme, cluster in one.clusters.items())
        yield pack.id, pack.is_demonstration, day, one.id, one.label, one.kind, one.parent, one.additive, clusters


def plan_document(pack: Pack, day: date) -> dict[str, Any]:
    """The trees in force on `day`, in the shape of `pack show`."""
    organisation = pack.organisation.on(day)
    return {
        "pack": pack.id,
        "hash": pack.hash,
        "year": pack.year,
        "demonstration": pack.is_demonstration,
        "acts": [
            {"id": act.id, "label": act.label, "kind": act.kind, "number": act.number, "issuer": act.issuer,
             "day": act.day.isoformat() if act.day else None}
            for act in pack.acts.values()
        ],
        "structures": [structure_as_json(pack, name, organisation) for name in _with_sheet(pack, day)],
    }  # fmt: skip


def structure_document(organisation: OrganisationOnDay, name: str) -> dict[str, Any]:
    """One structure as it stands in an organisation."""
    one = organisation[name]
    return {
        "id": one.id,
        "label": one.label,
        "kind": one.kind,
        "parent": one.parent or None,
        "additive": one.additive,
        "clusters": dict(one.clusters),
    }


def method_document(pack: Pack, indicator: str) -> dict[str, Any]:
    """One indicator with its act and its data-quality statement."""
    one = pack.indicators[indicator]
    return {
        "id": one.id,
        "label": one.label,
        "definition": one.definition,
        "formula": one.formula,
        "unit": one.unit,
        "direction": one.direction,
        "rule": one.rule.value,
        "cap": float(one.cap),
        "missing": one.missing.value,
        "value_from": one.value_from,
        "owner": one.owner,
        "due": one.due,
        "act": act_as_json(one.citation),
        "profile": one.profile,
        "clip_positive": one.clip_positive,
        "range": {"least": _double(one.range.least), "most": _double(one.range.most)},
        "checkpoints": [_checkpoint_document(check) for check in one.checkpoints],
        "composite": _composite_document(one.composite) if one.composite else None,
        "bands": [
            {"low": float(band.low), "high": float(band.high), "points": float(band.points)}
            for band in (pack.scales[one.scale].bands if one.scale else ())
        ],
        "curve": _curve_document(one.curve) if one.curve else None,
        "decimals": one.rounding,
        "quality": {
            "verified": one.quality.verified,
            "source": one.quality.source or one.source,
            "accuracy": one.quality.accuracy,
            "limits": one.quality.limits,
            "compensation": one.quality.compensation,
        },
    }


def _curve_document(curve: Curve) -> dict[str, Any]:
    points = [{"at": float(point.at), "gives": float(point.gives)} for point in curve.points]
    return {"of": curve.of, "below": float(curve.below), "points": points}


def _checkpoint_document(check: Checkpoint) -> dict[str, Any]:
    return {
        "moment": check.moment,
        "least": _double(check.least),
        "most": _double(check.most),
        "tolerance": float(check.tolerance),
        "mandatory": check.mandatory,
    }


def _composite_document(composite: Composite) -> dict[str, Any]:
    return {"of": composite.of, "parts": {part.node: float(part.share) for part in composite.parts}}


def _double(figure: Fraction | None) -> float | None:
    return None if figure is None else float(figure)


def write_run_archive(run: Run, out: IO[bytes]) -> None:
    """A run with everything that `piramide verify` reads, as a tar of a small store: the same bytes every time."""
    with tarfile.open(fileobj=out, mode="w") as archive:
        _add(archive, "store/format", f"{FORMAT}\n".encode())
        for path in sorted(run.folder.rglob("*")):
            if path.is_file():
                _add(archive, f"store/runs/{run.id}/{_relative(path, run.folder)}", path.read_bytes())


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    entry.mode = 0o644
    archive.addfile(entry, io.BytesIO(content))
