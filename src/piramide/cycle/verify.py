"""Verify: recompute a run from what it kept, compare, and name the first difference."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import pyarrow as pa

from piramide.cycle import results
from piramide.cycle.measured_from import FACTS
from piramide.cycle.runs import pack_of
from piramide.cycle.score import Request, compute, file_hash, run_id
from piramide.cycle.store import Run, Store, manifest_text
from piramide.kernel.findings import Refusal
from piramide.kernel.note import is_coded
from piramide.kernel.periods import parse_period
from piramide.methodology.loading.files import PackFiles
from piramide.scoring.reading import read_values


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that does not match: a cell of the results, or a whole file by its hash."""

    file: str
    structure: str = ""
    node: str = ""
    column: str = ""
    kept: Any = None
    recomputed: Any = None

    def as_json(self) -> dict[str, Any]:
        """The shape of the contract."""
        answer: dict[str, Any] = {"file": self.file}
        if self.structure:
            answer |= {"structure": self.structure, "node": self.node, "column": self.column}
        return answer | {"kept": self.kept, "recomputed": self.recomputed}


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a run is what it says, the first difference if not, and the versions of the code."""

    run: str
    difference: Difference | None
    made_with: str
    verified_with: str

    @property
    def verified(self) -> bool:
        """Nothing differs."""
        return self.difference is None


def verify(store: Store, prefix: str) -> Verification:
    """Recompute the run `prefix` and compare every file, every input and every cell."""
    try:
        run = store.run(prefix)
    except Refusal as refusal:
        if refusal.findings[0].code != "CY007":
            raise
        return Verification(store.folder(prefix).name, Difference("manifest.json"), "", metadata.version("piramide"))
    made_with = str(run.manifest.get("inputs", {}).get("code", ""))
    return Verification(run.id, _first_difference(run), made_with, metadata.version("piramide"))


def _first_difference(run: Run) -> Difference | None:
    inputs = run.manifest.get("inputs", {})
    if (found := run_id(run.manifest)) != run.id:
        return Difference("manifest.json", kept=run.id, recomputed=found)
    if (run.folder / "manifest.json").read_bytes() != manifest_text(run.manifest).encode():
        return Difference("manifest.json")
    if (method := _method(run)) != inputs.get("method"):
        return Difference("pack", kept=inputs.get("method"), recomputed=method)
    files = run.manifest.get("files", {})
    if difference := _touched(run.values_file, files):
        return difference
    try:
        scores = _recomputed(run)
    except Refusal as refusal:
        return Difference("values.parquet", kept=inputs.get("values"), recomputed=str(refusal))
    facts = _touched(run.folder / FACTS, files) if FACTS in files else None
    return _cell_difference(run, scores) or _touched(run.results_file, files) or facts


def _method(run: Run) -> str:
    """Hash of the kept pack, or why it has none."""
    try:
        return PackFiles(run.pack_folder).digest()
    except Refusal as refusal:
        return str(refusal)


def _touched(path: Path, files: dict[str, str]) -> Difference | None:
    found = file_hash(path) if path.is_file() else None
    kept = files.get(path.name)
    return None if found == kept else Difference(path.name, kept=kept, recomputed=found)


def _recomputed(run: Run) -> pa.Table:
    manifest = run.manifest
    pack = pack_of(run)
    request = Request(
        pack.id,
        run.values_file,
        manifest["period"],
        tuple(manifest["structures"]),
        manifest["as_of"],
        manifest["known_on"],
        demonstration=manifest["demonstration"],
        tried_on=manifest.get("tried_on", 0),
    )
    values = read_values(run.values_file, pack)
    return results.as_table(compute(pack, values, parse_period(request.period), request).scores)


def _is_retold(column: str, kept: object, again: object) -> bool:
    """Whether a note differs only in that it was kept as a sentence, before notes had codes: its file has a hash."""
    return column == "note" and bool(kept) and is_coded(str(again)) and not is_coded(str(kept))


def _cell_difference(run: Run, again: pa.Table) -> Difference | None:
    try:
        kept = results.read(run.results_file)
    except (OSError, pa.ArrowException):
        return None  # unreadable: the hash of the file tells it
    for before, after in zip(kept.to_pylist(), again.to_pylist(), strict=False):
        for column in kept.column_names:
            if before[column] != after.get(column) and not _is_retold(column, before[column], after.get(column)):
                where = {"structure": after["structure"], "node": after["id"], "column": column}
                return Difference(run.results_file.name, **where, kept=before[column], recomputed=after.get(column))
    if kept.num_rows != again.num_rows:
        return Difference(run.results_file.name, kept=kept.num_rows, recomputed=again.num_rows)
    return None
