"""Exports through a mapping: the same entries as the rows of the dataset give, and every refusal with its place."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter

from piramide.kernel.findings import Refusal
from piramide.measurement.contract import contract
from piramide.measurement.loading.load import LoadReport, Terms, load
from piramide.measurement.loading.mapped.mapping import check_codes, open_mapping
from piramide.measurement.loading.mapped.source import MappedSource
from tests.measurement.loads import LEARNED_ON, ORGANISATION, Office, row, work_text

MAPPING = """format: 1
dataset: work
read: {header_row: 3, separator: ";", encoding: cp1252, decimal: ",", date: DD/MM/YYYY}
codes:
  sedi: {"Torino città": torino, "Asti": asti}
  esiti: {Accolta: accepted, Respinta: rejected}
columns:
  case: N. pratica
  product: {value: pension}
  office_of_competence: {from: Sede, codes: sedi}
  office_of_work: {from: Sede, codes: sedi}
  received_on: Data arrivo
rows:
  - when: Data arrivo
    columns: {day: Data arrivo, entry: {value: received}}
  - when: Data chiusura
    columns: {day: Data chiusura, entry: {value: resolved}, outcome: {from: Esito, codes: esiti}, staff_hours: Ore}
skip: [{column: N. pratica, equals: TOTALE}]
"""
EXPORT = """Estratto delle pratiche
al 31/03/2024;;
N. pratica;Sede;Data arrivo;Data chiusura;Esito;Ore;Note
a;Torino città;10/01/2024;6/2/2024 00:00;Accolta;1,25;
b;Asti;11/01/2024;;;;"in attesa; di carte"
c;Asti;12/01/2024;01/03/2024;Respinta;1.234,50;
TOTALE;;;;;1.235,75;
TOTALE;3
"""
SAME = [
    row("a", "received", "2024-01-10"),
    row("a", "resolved", "2024-02-06", "2024-01-10"),
    row("b", "received", "2024-01-11", office_of_competence="asti"),
    row("c", "received", "2024-01-12", office_of_competence="asti"),
    row(
        "c",
        "resolved",
        "2024-03-01",
        "2024-01-12",
        office_of_competence="asti",
        outcome="rejected",
        staff_hours="1234.50",
    ),
]

Loaded = Callable[[str, bytes], tuple[LoadReport, MappedSource, Office]]


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    """Load an export through a mapping into a new office."""

    def go(mapping: str, export: bytes) -> tuple[LoadReport, MappedSource, Office]:
        office = Office(tmp_path / "mapped")
        (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
        (tmp_path / "export").write_bytes(export)
        read = open_mapping(tmp_path / "mapping.yaml")
        source = MappedSource(tmp_path / "export", read)
        return (
            load(office.ledger, contract("work"), source, Terms(ORGANISATION, LEARNED_ON, Fraction(1), read.sha256)),
            source,
            office,
        )

    return go


def _entries(office: Office) -> list[dict[str, object]]:
    found = [entry | {"source_line": 0} for entry in office.entries()]
    return sorted(found, key=lambda entry: (entry["case"], entry["day"]))


def _same(tmp_path: Path) -> list[dict[str, object]]:
    plain = Office(tmp_path / "plain")
    plain.load("work", work_text(SAME))
    return _entries(plain)


def test_one_row_a_case_with_two_dates(loaded: Loaded, tmp_path: Path) -> None:
    report, source, office = loaded(MAPPING, EXPORT.encode("cp1252"))

    assert report.reasons == {}
    assert (source.read, source.skipped) == (5, 2)
    assert _entries(office) == _same(tmp_path)
    assert report.load.manifest["mapping_sha256"] == open_mapping(tmp_path / "mapping.yaml").sha256
    assert sorted(entry["source_line"] for entry in office.entries()) == [4, 4, 5, 6, 6]


@pytest.mark.parametrize(("encoding", "said"), [("utf-8-sig", "utf-8"), ("utf-8", "utf-8"), ("utf-16", "utf-16")])
def test_other_encodings_and_tabs(loaded: Loaded, tmp_path: Path, encoding: str, said: str) -> None:
    mapping = MAPPING.replace("cp1252", said).replace('";"', '"\\t"')
    text = EXPORT.replace("in attesa; di carte", "in attesa di carte").replace(";", "\t")

    _, _, office = loaded(mapping, text.encode(encoding))

    assert _entries(office) == _same(tmp_path)


def test_a_sheet_of_a_workbook(loaded: Loaded, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.add_worksheet("Copertina")
    sheet = book.add_worksheet("Dati")
    style = book.add_format({"num_format": "dd/mm/yyyy"})
    day = (
        date(2024, 1, 10),
        date(2024, 2, 6),
        date(2024, 1, 11),
        date(2024, 1, 12),
        date(2024, 3, 1),
    )
    rows: list[list[object]] = [
        ["Estratto"],
        [],
        [*EXPORT.splitlines()[2].split(";")],
        ["a", "Torino città", day[0], day[1], "Accolta", 1.25],
        ["b", "Asti", day[2]],
        [],
        ["c", "Asti", day[3], day[4], "Respinta", 1234.5],
        ["TOTALE", "", "", "", "", 1235.75],
    ]
    for at, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            sheet.write(at, column, cell, style if isinstance(cell, date) else None)
    book.close()

    _, source, office = loaded(MAPPING.replace("header_row: 3", "header_row: 3, sheet: Dati"), buffer.getvalue())

    assert _entries(office) == _same(tmp_path)
    assert (source.read, source.skipped) == (4, 1)


@pytest.mark.parametrize(
    ("before", "after", "column", "code"),
    [
        ("c;Asti", "c;Cuneo", "office_of_competence", "FA086"),
        ("c;Asti", "c;asti", "office_of_competence", "FA086"),
        ("1.234,50", "1234.50", "staff_hours", "FA022"),
        ("01/03/2024", "03-01-2024", "day", "FA022"),
        ("01/03/2024", "2024-03-01", "day", "FA022"),
        ("01/03/2024", "31/02/2024", "day", "FA022"),
    ],
)
def test_what_cannot_be_read_is_set_aside(loaded: Loaded, before: str, after: str, column: str, code: str) -> None:
    report, _, _ = loaded(MAPPING, EXPORT.replace(before, after).encode("cp1252"))

    assert code in report.reasons
    assert {(f.code, f.place.line, f.place.cell) for f in report.findings} >= {(code, 6, column)}


@pytest.mark.parametrize(
    ("before", "after", "code", "line"),
    [
        ("format: 1", "format: 2", "FA078", 1),
        ("decimal: ", "decimals: ", "FA079", 3),
        ("case: N", "caso: N", "FA079", 8),
        ("codes: sedi", "codes: uffici", "FA079", 10),
        ("DD/MM/YYYY", "DD/MM/YY", "FA080", 3),
        ("  received_on: Data arrivo\n", "", "FA081", 12),
        ("columns: {day: Data arrivo", "columns: {case: Sede, day: Data arrivo", "FA082", 15),
        ("case: N. pratica", "case: N. di pratica", "FA084", 8),
        ("received_on: Data", "case: Data", "PL011", 12),
        ("cp1252", "null", "FA089", 3),
        ('"Asti": asti', '"Asti": null', "FA089", 5),
    ],
)
def test_a_mapping_that_cannot_be_used(loaded: Loaded, before: str, after: str, code: str, line: int) -> None:
    with pytest.raises(Refusal) as refusal:
        loaded(MAPPING.replace(before, after, 1), EXPORT.encode("cp1252"))

    assert code in {finding.code for finding in refusal.value.findings}
    found = next(finding for finding in refusal.value.findings if finding.code == code)
    assert found.place.file.endswith("mapping.yaml")
    assert found.place.line == line
    for language in ("it", "en"):
        assert "{" not in found.message(language)


def test_a_header_that_the_file_has_twice(loaded: Loaded) -> None:
    with pytest.raises(Refusal) as refusal:
        loaded(MAPPING, EXPORT.replace("Note", "Sede").encode("cp1252"))

    assert [finding.code for finding in refusal.value.findings] == ["FA085"]


def test_codes_of_what_does_not_exist(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(MAPPING.replace("Asti", "Asti", 1).replace(": asti", ": astii"), "utf-8")

    with pytest.raises(Refusal) as refusal:
        check_codes(open_mapping(tmp_path / "m.yaml"), ORGANISATION.ids(), ["pension"])

    assert [(f.code, f.place.line, f.subject) for f in refusal.value.findings] == [("FA083", 5, "astii")]
