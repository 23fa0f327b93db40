"""Files of collected values that people upload: what they are by their content, and which rows can be accepted.

Nothing in a file is trusted: its kind is what its first bytes say, an XLSX is unfolded under limits before anything
opens it, formulas are refused, and every row passes the checks of `score`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from piramide.cycle.score import day_of
from piramide.kernel.findings import Finding, Place, Refusal, refuse
from piramide.kernel.periods import parse_period
from piramide.kernel.value_rows import ASKED
from piramide.methodology.in_force import in_force
from piramide.methodology.model import Pack
from piramide.scoring.plausible import doubtful_values
from piramide.scoring.reading import check_values
from piramide.scoring.score import score_pack
from piramide.scoring.value_columns import TextColumns
from piramide.scoring.value_file import columns_of
from piramide.scoring.value_workbook import is_workbook

MOST_REJECTED: Final = 2_000
"""Rows at fault above which a file is refused whole: nobody reads so many reasons."""
_KINDS: Final = (
    (b"%PDF", "PDF"),
    (b"PAR1", "Parquet"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x1f\x8b", "gzip"),
)

Key = tuple[str, str, str]
"""Structure, indicator, and the shortest name of the moment."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be accepted: where it stands and what it says; `period` is the shortest name of its moment."""

    line: int
    structure: str
    indicator: str
    period: str
    value: str
    status: str
    note: str

    @property
    def key(self) -> Key:
        """What the row is about."""
        return self.structure, self.indicator, self.period


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot: its cells as they were, and every reason."""

    line: int
    cells: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would bring: rows accepted and rejected, by line; `blank` rows say nothing and are left alone.

    `remarks` is what `score` would say of the accepted ones, and how the file was read.
    """

    accepted: tuple[Row, ...]
    rejected: tuple[Rejected, ...]
    blank: int = 0
    remarks: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What a campaign asks, and the structures whose values the person may enter."""

    pack: Pack
    asked: Collection[Key]
    structures: Collection[str]


def preview(data: bytes, name: str, terms: Terms) -> Preview:
    """Judge every row of a CSV or XLSX.

    Refuses the whole file: CO001 neither CSV nor XLSX, CO003 and WB004 to WB008 an unsafe workbook, CO004 one with
    formulas, CO010 too many rows at fault, and SC002 to SC006, SC021, SC022, SC027 what is no table of values.
    """
    _refuse_other_kinds(data, name)
    text = columns_of(data, name)
    faults: dict[int, list[Finding]] = {}
    for finding in text.faults:
        faults.setdefault(finding.place.line, []).append(finding)
    if header := faults.get(1):
        raise Refusal(*header)
    said = np.asarray(_says(text), np.bool_)
    blank = int((~said).sum())
    left = _subset(text, said & ~np.isin(text.lines, list(faults)))
    if len(left.lines) > len(terms.asked) + MOST_REJECTED:  # no two rows answer one question
        raise refuse("CO010", Place(name), count=MOST_REJECTED)
    while len(faults) <= MOST_REJECTED and (found := _faults(left, terms)):
        for line, findings in found.items():
            faults.setdefault(line, []).extend(findings)
        left = _subset(left, ~np.isin(left.lines, list(found)))
    if len(faults) > MOST_REJECTED:
        raise refuse("CO010", Place(name), count=MOST_REJECTED)
    remarks = (*text.remarks, *_remarks(left, terms.pack))
    return Preview(tuple(_rows(left)), tuple(_rejected(text, faults)), blank, remarks)


def _remarks(text: TextColumns, pack: Pack) -> Iterator[Finding]:
    """What `score` says of values that it takes, each with its line: not asked for, or of another magnitude."""
    if not len(text.lines):
        return
    values = check_values(text, pack)
    yield from values.findings
    columns = [text.columns[name].to_pylist() for name in ("structure", "indicator", "period")]
    lines = dict(zip(zip(*columns, strict=True), text.lines.tolist(), strict=True))
    with_sheet = tuple(sorted(set(columns[0]) & pack.sheets.keys()))
    for printed in sorted(set(columns[2])) if with_sheet else ():
        period = parse_period(printed)
        day = day_of("", pack, period)
        method = in_force(pack, day)
        scores = score_pack(method, values, period, structures=with_sheet, as_of=day)
        for finding in doubtful_values(method, scores):
            if line := lines.get((finding.place.file, finding.place.cell, printed)):
                yield replace(finding, place=Place(text.source, line, "value"))


def _refuse_other_kinds(data: bytes, name: str) -> None:
    """Only a CSV or a workbook is a file that people fill in."""
    kind = next((kind for start, kind in _KINDS if data.startswith(start)), "")
    if kind or (b"\0" in data[:4096] and not is_workbook(data)):
        raise refuse("CO001", Place(name), found=kind or "–")


def _says(text: TextColumns) -> list[bool]:
    """Rows that say something: a value, or the status of one that is not there."""
    pairs = zip(text.columns["value"].to_pylist(), text.columns["status"].to_pylist(), strict=True)
    return [bool(value or status) for value, status in pairs]


def _subset(text: TextColumns, kept: NDArray[np.bool_]) -> TextColumns:
    columns = {name: column.filter(pa.array(kept)) for name, column in text.columns.items()}
    return TextColumns(text.source, columns, text.lines[kept])


def _faults(text: TextColumns, terms: Terms) -> Mapping[int, list[Finding]]:
    """Findings by line of the rows that cannot be accepted; empty when all can."""
    found: dict[int, list[Finding]] = {}
    try:
        check_values(text, terms.pack)
    except Refusal as refusal:
        for finding in refusal.findings:
            if int(str(finding.fields.get("more", 0))) > MOST_REJECTED:
                raise refuse("CO010", Place(text.source), count=MOST_REJECTED) from refusal
            for line in _lines_of(finding, text):
                found.setdefault(line, []).append(replace(finding, place=replace(finding.place, line=line)))
        return found
    for row in _rows(text):
        if row.key not in terms.asked:
            finding = Finding(
                "CO006", Place(text.source, row.line), row.indicator, {"structure": row.structure, "period": row.period}
            )
            found[row.line] = [finding]
        elif row.structure not in terms.structures:
            found[row.line] = [Finding("CO007", Place(text.source, row.line), row.structure)]
    return found


def _lines_of(finding: Finding, text: TextColumns) -> Iterable[int]:
    """The rows that a finding makes unusable: both of a pair given twice, all of a period that cannot be read."""
    if finding.code == "SC024":
        return ()
    if finding.code == "SC010":
        return (int(str(finding.fields["first"])), finding.place.line)
    if finding.place.cell == "period":
        periods = text.columns["period"].to_pylist()
        at = text.lines.tolist().index(finding.place.line)
        return [int(line) for line, period in zip(text.lines.tolist(), periods, strict=True) if period == periods[at]]
    return (finding.place.line,)


def _rows(text: TextColumns) -> list[Row]:
    columns = [text.columns[name].to_pylist() for name in ASKED]
    moments = {period: str(parse_period(period).moment) for period in set(columns[2])}
    return [
        Row(line, structure, indicator, moments[period], value.removeprefix("+"), status, note)
        for line, structure, indicator, period, value, status, note in zip(text.lines.tolist(), *columns, strict=True)
    ]


def _rejected(text: TextColumns, faults: Mapping[int, Sequence[Finding]]) -> list[Rejected]:
    at = {line: position for position, line in enumerate(text.lines.tolist())}
    answer = []
    for line in sorted(faults):
        position = at.get(line)
        cells = () if position is None else tuple(text.columns[name][position].as_py() for name in ASKED)
        answer.append(Rejected(line, cells, tuple(faults[line])))
    return answer
