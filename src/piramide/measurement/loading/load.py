"""One load: read, checked on all sides, committed whole or not at all.

Pieces of the source are parsed and checked two at a time; the sound rows are written to a draft as they come. When
all are read, keys and histories are judged, what cannot be is taken out of the draft, and the draft is committed.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from piramide.kernel.findings import Finding, Place, Refusal, refuse
from piramide.kernel.organisation import Organisation
from piramide.measurement.contract import WORK, ColumnType, Contract
from piramide.measurement.ledger.store import CASE_MARKS, CASES, CASES_SINCE, ENTRIES, FLOWS, REJECTED, Ledger, Load
from piramide.measurement.loading import plain_rows, rejected, work_rows
from piramide.measurement.loading.cases.file import TouchedError
from piramide.measurement.loading.cases.known import KnownCases
from piramide.measurement.loading.cases.rows import CaseRows, RowPieces, row_pieces
from piramide.measurement.loading.cells import Faults, typed_cells
from piramide.measurement.loading.csv_rows import RawRows
from piramide.measurement.loading.flows import Flows, write_flows
from piramide.measurement.loading.judging import PlainRows, SetAside, judge_plain, judge_work
from piramide.measurement.loading.put_away import PutAway
from piramide.measurement.loading.references import References, load_references
from piramide.measurement.loading.rejected import KnownNames
from piramide.measurement.loading.sources import Progress, Source
from piramide.measurement.loading.spans import Span, as_manifest, span_of, spans_of_file
from piramide.measurement.loading.writing import EntriesWriter, without_rows, write_table

SHOWN: Final = 20
_WORKERS: Final = 2
_AHEAD: Final = 3
_COMMA: Final = r"^\s*-?(\d+|\d{1,3}(\.\d{3})+),\d+\s*$"
_DEFAULT_LIMIT: Final = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a load is done: the organisation of the day, when it was learned, the share of rows that may be set aside.

    `mapping` is the hash of the mapping through which the source is read, where there is one; the load keeps it.
    """

    organisation: Organisation
    learned_on: date
    most_rejected: Fraction = _DEFAULT_LIMIT
    mapping: str = ""
    progress: Progress = lambda _: None
    on_wait: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of a load: how many rows, how many set aside for each reason, the first of them as findings."""

    load: Load
    reasons: dict[str, int]
    findings: tuple[Finding, ...]
    remarks: tuple[Finding, ...] = ()
    """What was mended on the way, for the record."""


@dataclass(slots=True)
class _Piece:
    """What one piece of the source gives."""

    entries: pa.Table
    rejected: pa.Table
    judged: CaseRows | PlainRows
    span: Span | None


@dataclass(slots=True)
class _Read:
    """What has been read so far; of work the rows of cases, of the other datasets the keys of rows."""

    cases: RowPieces
    flows: Flows | None
    rows: int = 0
    rejected: list[pa.Table] = field(default_factory=list)
    plain: list[PlainRows] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)

    def add(self, piece: _Piece) -> None:
        """Remember a piece."""
        self.rows += len(piece.entries) + len(piece.rejected)
        self.rejected.append(piece.rejected)
        self.spans += [piece.span] if piece.span else []
        if isinstance(piece.judged, CaseRows):
            self.cases.add(piece.judged)
        else:
            self.plain.append(piece.judged)


def load(ledger: Ledger, of: Contract, source: Source, terms: Terms) -> LoadReport:
    """Load a source into a dataset.

    Raises `Refusal`: FA002 for a source that is there already, FA003-FA009 and FA016-FA019 for a file that cannot be
    used, FA010 when too many rows would be set aside, FA012 when the store cannot be written, FA013 without catalogue.
    """
    with ledger.locked(terms.on_wait):
        earlier = ledger.loads(of.id)
        if any(load.manifest["source_bytes"] == source.size for load in earlier if source.size):
            _refuse_known(source, earlier)
        references = load_references(ledger, terms.organisation)
        if of.id == WORK and not len(references.catalogue.hours_1000):
            raise refuse("FA013", Place(source.label))
        with ledger.draft(of.id) as draft:
            return _load_into(draft, Task(ledger, of, source, terms, references, earlier))


def _refuse_known(source: Source, earlier: tuple[Load, ...]) -> None:
    """Refuse (FA002) a source that was loaded; one of which no row was kept may come again."""
    digest = source.sha256()
    for load in earlier:
        if load.manifest["source_sha256"] == digest and load.manifest["accepted"]:
            manifest = load.manifest
            raise refuse("FA002", Place(source.label), load.id, dataset=load.dataset, day=manifest["learned_on"])


@dataclass(slots=True)
class Task:
    """Everything that a load needs; `references` grow with the names of the catalogue while that is loaded."""

    ledger: Ledger
    contract: Contract
    source: Source
    terms: Terms
    references: References
    earlier: tuple[Load, ...]

    @property
    def schema(self) -> pa.Schema:
        """Columns as the store keeps them."""
        return work_rows.SCHEMA if self.contract.id == WORK else plain_rows.stored_schema(self.contract)


def _load_into(draft: Path, task: Task) -> LoadReport:
    with row_pieces(draft) as cases, PutAway(draft) as away:
        read = _Read(cases, Flows(away) if task.contract.id == WORK else None)
        with EntriesWriter(draft / ENTRIES, task.schema, read.flows) as writer:
            for piece in _pieces(task):
                writer.write(piece.entries)
                read.add(piece)
        if not read.rows:
            raise refuse("FA006", Place(task.source.label))
        _refuse_known(task.source, task.earlier)
        late, known, remarks = _judged(draft, task, read)
    aside = pa.concat_tables([*read.rejected, late]).sort_by("line")
    _refuse_too_many(aside, read.rows, task)
    write_table(aside, draft / REJECTED)
    task.ledger.keep_codes(task.references.codes)
    spans = spans_of_file(draft / ENTRIES, task.contract) if len(late) else read.spans
    manifest = _manifest(task, read.rows, aside, spans)
    if known is not None:
        manifest[CASES_SINCE] = known.first_taken_in(read.cases.count) or manifest["load"]
    load = task.ledger.commit(draft, manifest)
    if known is not None:
        known.drop_taken_in(read.cases.count)
    return LoadReport(load, rejected.counts(aside), tuple(_shown(aside, task)), remarks)


def _judged(draft: Path, task: Task, read: _Read) -> tuple[pa.Table, KnownCases | None, tuple[Finding, ...]]:
    """Rows set aside for their keys and histories, taken out of the draft; for work what was known of its cases.

    Entries were added up while they were written, and are again in the rarer case that rows are taken out.
    """
    known: KnownCases | None = None
    remarks: tuple[Finding, ...] = ()
    if task.contract.id == WORK:
        aside, known, remarks = _histories(draft, task, read)
    else:
        aside = judge_plain(task.contract, read.plain, task.earlier)
    told = partial(rejected.judged_rows, of=task.contract, codes=task.references.codes)
    late = without_rows(draft / ENTRIES, aside, told)
    if read.flows and len(late):
        write_flows(draft / ENTRIES, draft / FLOWS)
    elif read.flows:
        read.flows.write(draft / FLOWS)
    return late, known, remarks


def _histories(draft: Path, task: Task, read: _Read) -> tuple[SetAside, KnownCases, tuple[Finding, ...]]:
    """Rows that histories set aside, what was known before, and what of it had to be counted again."""
    touched: frozenset[str] = frozenset()
    months = frozenset[int]().union(*(span.months for span in read.spans))
    with tempfile.TemporaryDirectory(prefix=".", dir=draft) as folder:
        while True:
            known = KnownCases.of(task.earlier, touched)
            remarks = tuple(Finding("FA073", Place(str(_broken_file(load)))) for load in known.broken)
            try:
                known = known.counted(Path(folder))
                return judge_work(read.cases, months, known, draft), known, remarks
            except TouchedError as error:
                touched |= {error.load}


def _broken_file(load: Load) -> Path:
    """The file of what a load says of its cases that is not as it was kept."""
    return load.folder / (CASES if load.holds(CASE_MARKS) else CASE_MARKS)


def _pieces(task: Task) -> Iterator[_Piece]:
    """Pieces in the order of the source, two of them worked on at a time."""
    waiting: deque[Future[_Piece]] = deque()
    workers = 1 if task.contract.id == "products" else _WORKERS  # each piece of the catalogue adds its names
    with ThreadPoolExecutor(workers) as pool:
        try:
            for read in task.source.rows(task.contract, task.terms.progress):
                waiting.append(pool.submit(_piece, task, read))
                if len(waiting) > _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _piece(task: Task, read: Callable[[], RawRows]) -> _Piece:
    raw = read()
    of = task.contract
    entries, faults = _typed(raw, of, task)
    sound = faults.sound
    kept = entries if sound.all() else entries.filter(pa.array(sound))
    aside = rejected.rejected_rows(raw, faults)
    judged = CaseRows.of(kept) if of.id == WORK else PlainRows.of(kept, of)
    return _Piece(kept, aside, judged, span_of(kept, of))


def judged_rows(read: Callable[[], RawRows], task: Task) -> pa.Table:
    """Rows of a piece that their own cells set aside; keys and histories are not looked at."""
    raw = read()
    return rejected.rejected_rows(raw, _typed(raw, task.contract, task)[1])


def _typed(raw: RawRows, of: Contract, task: Task) -> tuple[pa.Table, Faults]:
    """Entries of a piece and the faults of their cells."""
    _refuse_decimal_commas(raw, of, task.source.label)
    faults = Faults(len(raw.lines))
    for misread in raw.misread:
        faults.mark(misread.rows, misread.code, misread.column)
    cells = typed_cells(raw, of, faults)
    learned_on = work_rows.days_of(task.terms.learned_on)
    if of.id == WORK:
        return work_rows.work_entries(cells, raw.lines, task.references, learned_on, faults), faults
    if of.id == "products":
        codes = task.references.codes.with_names(products=cells["product"].to_pylist())
        task.references = References(codes, task.references.structures, task.references.catalogue)
    return plain_rows.plain_entries(cells, raw.lines, of, task.references, learned_on, faults), faults


def _refuse_decimal_commas(raw: RawRows, of: Contract, source: str) -> None:
    """A file that writes decimals with a comma throughout is refused as a whole."""
    for column in of.columns:
        cells = raw.columns.get(column.name)
        if column.type is ColumnType.DECIMAL and cells is not None and pa.types.is_string(cells.type):
            filled = cells.filter(pc.not_equal(cells, ""))
            commas = pc.sum(pc.match_substring_regex(filled, _COMMA)).as_py() or 0
            if commas * 2 > len(filled):
                raise refuse("FA038", Place(source, int(raw.lines[0])), column.name)


def _refuse_too_many(aside: pa.Table, rows: int, task: Task) -> None:
    if len(aside) > task.terms.most_rejected * rows:
        share = Fraction(len(aside), rows)
        finding = Finding(
            "FA010",
            Place(task.source.label),
            fields={
                "count": len(aside),
                "rows": rows,
                "share": _percent(share),
                "most": _percent(task.terms.most_rejected),
            },
        )
        raise Refusal(finding, *_shown(aside, task))


def _shown(aside: pa.Table, task: Task) -> list[Finding]:
    """The first rows set aside, as people are told of them."""
    known = KnownNames(
        task.contract,
        task.terms.organisation.ids(),
        task.references.codes.products,
        task.references.catalogue.lines,
    )
    return rejected.as_findings(aside, task.source.label, SHOWN, known)


def _percent(share: Fraction) -> str:
    """A share in per cent, as a figure of a message."""
    return format(float(share * 100), ".4g")


def _manifest(task: Task, rows: int, aside: pa.Table, spans: Iterable[Span]) -> dict[str, Any]:
    return {
        "load": task.ledger.next_id(task.contract.id),
        "dataset": task.contract.id,
        "source": task.source.label,
        "source_sha256": task.source.sha256(),
        "source_bytes": task.source.size,
        "learned_on": task.terms.learned_on.isoformat(),
        "rows": rows,
        "accepted": rows - len(aside),
        "rejected": len(aside),
        "reasons": rejected.counts(aside),
        **as_manifest(spans),
        "contract_hash": task.contract.hash,
        "columns": task.schema.names,
        **({"mapping_sha256": task.terms.mapping} if task.terms.mapping else {}),
    }
