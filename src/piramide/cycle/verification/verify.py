"""Verify: recompute a run from what it kept, compare, and name the first difference."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from piramide.cycle.runs import results
from piramide.cycle.runs.exact_kept import ExactNote, note_beside, touched_beside
from piramide.cycle.runs.measured_from import FACTS
from piramide.cycle.runs.rules import (
    BAND_COLUMNS,
    KEPT_COLUMNS,
    RULES,
    SINCE,
    Cell,
    Explained,
    Rows,
    RuleChange,
    differing,
    rules_of,
)
from piramide.cycle.runs.seals import pack_digest, touched_manifest
from piramide.cycle.runs.store import Run, Store
from piramide.cycle.verification.exact_beside import differing_beside
from piramide.cycle.verification.facts import FactsProved, prove_facts
from piramide.cycle.verification.recompute import recomputed
from piramide.kernel.findings import Refusal
from piramide.kernel.sealing import digest_of


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
    """Whether a run is what it says, the first difference if not, and the versions of the code.

    `rules` are those it was made under; `changes` what of its figures later rules say otherwise, which is no fault of
    the run. `facts` is there where the kept loads were looked at too, `exact` where exact figures lie beside the run.
    """

    run: str
    difference: Difference | None
    made_with: str
    verified_with: str
    rules: int = RULES
    changes: tuple[RuleChange, ...] = ()
    facts: FactsProved | None = None
    exact: ExactNote | None = None

    @property
    def verified(self) -> bool:
        """Nothing differs."""
        return self.difference is None

    @property
    def rules_since(self) -> date | None:
        """The day from which the rules of the run held; none for rules that this version does not know."""
        return SINCE.get(self.rules)

    @property
    def is_of_earlier_rules(self) -> bool:
        """Whether the rules have changed since the run was made."""
        return self.rules < RULES


def verify(store: Store, prefix: str, *, with_facts: bool = False) -> Verification:
    """Recompute the run `prefix` and compare every file, every input and every cell.

    With `with_facts` also every file of the loads that its values were measured from, in full. A run of earlier rules
    is held against what those kept, and what changed since is named.
    """
    now = metadata.version("piramide")
    try:
        run = store.found(prefix)
    except Refusal as refusal:
        if refusal.findings[0].code != "CY007":
            raise
        return Verification(store.folder(prefix).name, Difference("manifest.json"), "", now)
    compared = _Compared(run)
    difference = compared.first_difference()
    facts = None
    if with_facts and difference is None:
        facts = prove_facts(store.root, run)
        if facts.touched:
            difference = Difference(facts.touched, kept=facts.kept, recomputed=facts.found)
    inputs = run.manifest["inputs"] if isinstance(run.manifest["inputs"], dict) else {}
    made_with = str(inputs.get("code", ""))
    exact = note_beside(run.folder)
    return Verification(run.id, difference, made_with, now, compared.rules, tuple(compared.changes), facts, exact)


@dataclass(slots=True)
class _Compared:
    """A run held against itself, step by step."""

    run: Run
    changes: list[RuleChange] = field(default_factory=list)

    @property
    def rules(self) -> int:
        return rules_of(self.run.manifest)

    def first_difference(self) -> Difference | None:
        run, manifest = self.run, self.run.manifest
        if touched_manifest(run.folder, manifest):
            return Difference("manifest.json")
        if (method := pack_digest(run.folder)) != manifest["inputs"].get("method"):
            return Difference("pack", kept=manifest["inputs"].get("method"), recomputed=method)
        files = manifest.get("files", {})
        if difference := _touched(run.values_file, files):
            return difference
        try:
            again = recomputed(run)
        except Refusal as refusal:
            return Difference("values.parquet", kept=manifest["inputs"].get("values"), recomputed=str(refusal))
        facts = _touched(run.folder / FACTS, files) if FACTS in files else None
        return self._cells(again) or _touched(run.results_file, files) or facts or self._beside(again)

    def _cells(self, again: pa.Table) -> Difference | None:
        """The first cell that no change of the rules explains. Columns that the run does not keep are none."""
        try:
            kept = pq.read_table(self.run.results_file)
            was, found = _rows(kept), _rows(again)
        except (OSError, pa.ArrowException, KeyError, UnicodeDecodeError):
            return None  # unreadable: the hash of the file tells it
        common = [name for name in again.column_names if name in kept.column_names]
        is_whole = results.digest(kept) == self.run.manifest["results"]
        if self.rules >= RULES or not is_whole:
            cells = differing(was, found, common, exactly=True)
            if self.rules < RULES:  # touched: what the rules explain is not what somebody changed
                cells = Explained(was, found).left(cells) or cells
            return _difference(cells) or (None if is_whole else self._table(kept))
        explained = Explained(was, found)
        left = explained.left(differing(was, found, (*KEPT_COLUMNS, *BAND_COLUMNS)))
        self.changes = list(explained.changes.values())
        return _difference(left)

    def _beside(self, again: pa.Table) -> Difference | None:
        """The first exact figure laid beside the run that is not that of what it kept."""
        folder = self.run.folder
        if touched := touched_beside(folder):
            return Difference(touched)
        differs = differing_beside(self.run, pq.read_table(self.run.results_file), again)
        if differs is None:
            return None
        file, cell = differs
        return Difference(file, cell.structure, cell.node, cell.column, cell.kept, cell.recomputed)

    def _table(self, kept: pa.Table) -> Difference:
        name = self.run.results_file.name
        return Difference(name, kept=self.run.manifest["results"], recomputed=results.digest(kept))


def _difference(cells: list[Cell]) -> Difference | None:
    if not cells:
        return None
    cell = cells[0]
    return Difference("results.parquet", cell.structure, cell.node, cell.column, cell.kept, cell.recomputed)


def _rows(table: pa.Table) -> Rows:
    return {(row["structure"], row["id"]): row for row in table.to_pylist()}


def _touched(path: Path, files: dict[str, str]) -> Difference | None:
    found = digest_of(path) if path.is_file() else None
    kept = files.get(path.name)
    return None if found == kept else Difference(path.name, kept=kept, recomputed=found)
