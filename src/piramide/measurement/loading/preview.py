"""What a load of an export would do with each row, before anything is kept; and what measures its columns feed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import sqlglot
from sqlglot import exp

from piramide.kernel.findings import Finding, Place, refuse
from piramide.kernel.progress import silent
from piramide.measurement.contract import WORK, Contract
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.loading import rejected
from piramide.measurement.loading.load import Task, Terms, judged_rows
from piramide.measurement.loading.mapped.mapping import FactsMapping, Given
from piramide.measurement.loading.mapped.source import MappedSource
from piramide.measurement.loading.references import load_references
from piramide.measurement.loading.rejected import KnownNames
from piramide.methodology.measures import Measure

SHOWN: Final = 200
_PENDING: Final = ("received", "resolved", "reopened")


@dataclass(frozen=True, slots=True)
class RowsAhead:
    """Rows of the export read and skipped, rows that would be set aside with the first of them as findings.

    Keys and histories are judged by the load alone.
    """

    read: int
    skipped: int
    aside: int
    findings: tuple[Finding, ...]


def preview(ledger: Ledger, of: Contract, source: MappedSource, terms: Terms) -> RowsAhead:
    """Read an export through its mapping and judge its rows, piece by piece; nothing is written.

    Raises `Refusal` as a load does for a file that cannot be used, FA013 for work without a catalogue.
    """
    references = load_references(ledger, terms.organisation)
    if of.id == WORK and not len(references.catalogue.hours_1000):
        raise refuse("FA013", Place(source.label))
    known = KnownNames(of, terms.organisation.ids(), references.codes.products, references.catalogue.lines)
    task = Task(ledger, of, source, terms, references, ())
    findings: list[Finding] = []
    aside = 0
    for read in source.rows(of, silent):
        found = judged_rows(read, task)
        aside += len(found)
        findings += _shown(found, source, known, SHOWN - len(findings))
    return RowsAhead(source.read, source.skipped, aside, tuple(findings))


def _shown(found: pa.Table, source: MappedSource, known: KnownNames, most: int) -> list[Finding]:
    return rejected.as_findings(found.sort_by("line"), source.label, max(most, 0), known)


def lacking(mapping: FactsMapping, measures: Iterable[Measure], of: Contract) -> Mapping[str, tuple[str, ...]]:
    """For each measure of the dataset the columns that it reads and the mapping does not give; nothing when it is fed.

    Of work an entry that no row of the mapping can be is named as `entry=resolved`.
    """
    given = {name for rule in mapping.rules for name in rule.columns}
    entries = _entries(mapping) if of.id == WORK else None
    found = {}
    for measure in measures:
        if measure.dataset != of.id:
            continue
        needed = _columns_of(measure) & set(of.names) - given
        wanted = _PENDING[:2] if measure.entry == "pending" else (measure.entry,) if measure.entry else ()
        missing = [f"entry={entry}" for entry in wanted if entries is not None and entry not in entries]
        found[measure.id] = (*missing, *sorted(needed))
    return found


def _columns_of(measure: Measure) -> frozenset[str]:
    """Every name in the column and the filter of a measure."""
    groups = measure.groups
    conditions = (*groups.holds.values(), groups.judged, groups.amount, *groups.by) if groups else ()
    texts = (measure.column, measure.filter, *conditions)
    trees = [sqlglot.parse_one(text, dialect="duckdb") for text in texts if text]
    return frozenset(column.name for tree in trees for column in tree.find_all(exp.Column))


def _entries(mapping: FactsMapping) -> Collection[str] | None:
    """The entries that rows can be; `None` where a column of the file says it."""
    given = [rule.columns.get("entry", Given()) for rule in mapping.rules]
    return None if any(one.header for one in given) else {one.value for one in given}
