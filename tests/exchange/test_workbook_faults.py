"""A workbook that cannot be used is refused with one message: what, where, what to do; nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest

from piramide.exchange.workbook import export_workbook, import_workbook
from piramide.kernel.findings import Finding, Refusal
from piramide.kernel.packed.spreadsheet import LARGEST_FILE
from piramide.methodology.loading import find_pack
from tests.exchange.workbook_editing import HIDDEN, INDICATORS, TREE, Formula, Saved, edit, opened, repack, save


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The small municipality as a workbook."""
    return export_workbook(find_pack("comune-esempio"), tmp_path / "piano.xlsx").file


def refused(book: Path) -> tuple[Finding, ...]:
    """The findings of an import that writes nothing."""
    before = sorted(book.parent.iterdir())
    with pytest.raises(Refusal) as caught:
        import_workbook(book, book.parent / "tornato")
    assert sorted(book.parent.iterdir()) == before
    for finding in caught.value.findings:
        assert finding.message("it")
        assert finding.message("en")
    return caught.value.findings


def put(column: str, value: object) -> Callable[[Saved], None]:
    """A change of one cell of the tree."""
    return lambda sheets: sheets.put(TREE, {"node": "riscossione_entrate_proprie"}, column, value)


def without_column(sheets: Saved) -> None:
    at = sheets[TREE][0].index("weight")
    sheets[TREE] = [row[:at] + row[at + 1 :] for row in sheets[TREE]]


def repeated_column(sheets: Saved) -> None:
    sheets[TREE] = [[*row, row[5]] for row in sheets[TREE]]


def nameless_column(sheets: Saved) -> None:
    sheets[TREE] = [[*row, "nota" if at == 2 else ""] for at, row in enumerate(sheets[TREE])]


def without_id(sheets: Saved) -> None:
    sheets.add(INDICATORS, label="Senza codice")


def repeated_id(sheets: Saved) -> None:
    sheets[INDICATORS].append(list(sheets[INDICATORS][1]))


def part_of_nothing(sheets: Saved) -> None:
    sheets.add("pack-indicators-checkpoints", id="inesistente", moment="any", most=0.0)


def touched(sheets: Saved) -> None:
    sheets[HIDDEN][1][2] = "0" * 64


def outside(sheets: Saved) -> None:
    sheets[HIDDEN][1][0] = "../fuori.yaml"


def twice_kept(sheets: Saved) -> None:
    sheets[HIDDEN].append(sheets[HIDDEN][1])


def newer(sheets: Saved) -> None:
    sheets[HIDDEN][0][1] = "2"


def without_sheet(sheets: Saved) -> None:
    del sheets[TREE]


def copied_sheet(sheets: Saved) -> None:
    sheets[f"{TREE} (2)"] = sheets[TREE]


EDITS = {
    "a comma for a point": (put("weight", "0,4"), "WB017", f"{TREE}!F4"),
    "a percentage typed as text": (put("weight", "40%"), "WB017", f"{TREE}!F4"),
    "thousands typed as text": (put("target", "1.234.567"), "WB017", f"{TREE}!H4"),
    "a fraction that became a day": (put("weight", date(2025, 11, 1)), "WB018", f"{TREE}!F4"),
    "an hour": (put("place", time(10, 30)), "WB031", f"{TREE}!J4"),
    "an error of the program": (put("weight", Formula("=1/0", "#DIV/0!")), "WB019", f"{TREE}!F4"),
    "a formula never computed": (put("weight", Formula("=1-0.6", "")), "WB020", f"{TREE}!F4"),
    "a missing column": (without_column, "WB014", f"{TREE}!1"),
    "a column written twice": (repeated_column, "WB015", f"{TREE}!K1"),
    "a cell under no heading": (nameless_column, "WB016", f"{TREE}!K3"),
    "a row without id": (without_id, "WB024", f"{INDICATORS}!A15"),
    "an id written twice": (repeated_id, "WB023", f"{INDICATORS}!A15"),
    "a part of nothing": (part_of_nothing, "WB025", "pack-indicators-checkpoints!A3"),
    "a missing sheet": (without_sheet, "WB012", ""),
    "a sheet copied": (copied_sheet, "WB013", ""),
    "a hidden sheet that was touched": (touched, "WB011", ""),
    "a path that leaves the pack": (outside, "WB011", ""),
    "a file kept twice": (twice_kept, "WB011", ""),
    "a newer format": (newer, "WB010", ""),
}


@pytest.mark.parametrize("case", EDITS)
def test_it_refuses_a_sheet_that_cannot_be_read_and_says_where(case: str, book: Path) -> None:
    change, code, cell = EDITS[case]
    edit(book, change)

    (finding,) = refused(book)

    assert (finding.code, finding.place.file, finding.place.cell) == (code, "piano.xlsx", cell)


def test_it_names_both_names_of_a_renamed_sheet(book: Path) -> None:
    edit(book, lambda sheets: sheets.rename(TREE, "trees-comuni"))

    missing, extra = refused(book)

    assert (missing.code, missing.subject, extra.code, extra.subject) == ("WB012", TREE, "WB013", "trees-comuni")
    assert "trees-comuni" in missing.message()


def test_it_reports_the_faults_of_every_sheet_at_once(book: Path) -> None:
    def change(sheets: Saved) -> None:
        put("weight", "0,4")(sheets)
        put("target", "0,92")(sheets)
        sheets.put("values-2025", {"indicator": "costo_pasto_scolastico"}, "value", "5,4")

    edit(book, change)

    assert [finding.place.cell for finding in refused(book)] == [f"{TREE}!F4", f"{TREE}!H4", "values-2025!D7"]


def test_it_says_in_which_sheet_a_fault_of_meaning_stands(book: Path) -> None:
    edit(book, put("parent", "conti_in_ordine"))

    (finding,) = refused(book)

    assert (finding.code, finding.place.file, finding.place.line) == ("PL051", "trees/comune.csv", 4)
    assert finding.place.cell == f"{TREE}: parent"


def test_it_says_in_which_sheet_an_unknown_field_stands(book: Path) -> None:
    def change(sheets: Saved) -> None:
        sheets["pack-acts"][0].append("signed_by")
        for row in sheets["pack-acts"][1:]:
            row.append("Giunta")

    edit(book, change)

    findings = refused(book)

    assert {(f.code, f.place.file) for f in findings} == {("PL031", "pack.yaml")}


def with_macro(parts: dict[str, bytes]) -> None:
    parts["xl/vbaProject.bin"] = b"macro"


def with_link(parts: dict[str, bytes]) -> None:
    parts["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"


def with_entity(parts: dict[str, bytes]) -> None:
    parts["xl/workbook.xml"] = b'<!DOCTYPE x [<!ENTITY a "b">]>' + parts["xl/workbook.xml"]


def in_another_encoding(parts: dict[str, bytes]) -> None:
    text = parts["xl/workbook.xml"].decode().replace("UTF-8", "UTF-16")
    parts["xl/workbook.xml"] = text.encode("utf-16")


def without_part(parts: dict[str, bytes]) -> None:
    del parts["xl/workbook.xml"]


def far_away(parts: dict[str, bytes]) -> None:
    name = "xl/worksheets/sheet2.xml"
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts[name] = parts[name].replace(b"</sheetData>", cell)


PACKAGES = {
    "macros": (with_macro, "WB007"),
    "links to other workbooks": (with_link, "WB008"),
    "entities": (with_entity, "WB004"),
    "another encoding": (in_another_encoding, "WB004"),
    "a missing part": (without_part, "WB004"),
    "a cell at the end of the world": (far_away, "WB006"),
}


@pytest.mark.parametrize("case", PACKAGES)
def test_it_refuses_a_package_that_is_not_safe_to_open(case: str, book: Path) -> None:
    change, code = PACKAGES[case]
    repack(book, change)

    assert [finding.code for finding in refused(book)] == [code]


def test_it_refuses_what_unfolds_to_too_much(book: Path) -> None:
    repack(book, lambda parts: parts.update({"xl/media/bomb.bin": bytes(5_000_000)}))

    (finding,) = refused(book)
    assert finding.code == "WB006"
    assert "[xl/media/bomb.bin]: the workbook unfolds to 5,000,000 bytes; at most" in finding.message("en")


def test_it_refuses_a_file_larger_than_any_plan(book: Path) -> None:
    with book.open("r+b") as stream:
        stream.truncate(LARGEST_FILE + 1)

    assert [finding.code for finding in refused(book)] == ["WB003"]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "WB004"), (b"PK\x03\x04 no zip", "WB004"), (b"<html>", "WB004"), (b"\xd0\xcf\x11\xe0\xa1\xb1", "WB005")],
)
def test_it_refuses_what_is_no_workbook(content: bytes, code: str, book: Path) -> None:
    book.write_bytes(content)

    assert [finding.code for finding in refused(book)] == [code]


def test_it_refuses_a_workbook_cut_short(book: Path) -> None:
    book.write_bytes(book.read_bytes()[:-2_000])

    assert [finding.code for finding in refused(book)] == ["WB004"]


def test_it_refuses_a_workbook_with_one_byte_changed(book: Path) -> None:
    raw = bytearray(book.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    book.write_bytes(raw)

    assert [finding.code for finding in refused(book)] == ["WB004"]


def test_it_refuses_a_workbook_of_another_origin(book: Path) -> None:
    save(Saved({"Foglio1": [["a", 1.0]]}), book)

    assert [finding.code for finding in refused(book)] == ["WB009"]


@pytest.mark.parametrize(("name", "code"), [("piano.ods", "WB001"), ("piano.xlsm", "WB007"), ("manca.xlsx", "WB002")])
def test_it_refuses_a_file_that_it_cannot_take(name: str, code: str, tmp_path: Path) -> None:
    assert [finding.code for finding in refused(tmp_path / name)] == [code]


def test_it_refuses_a_folder_that_holds_something(book: Path, tmp_path: Path) -> None:
    (tmp_path / "tornato").mkdir()
    (tmp_path / "tornato" / "mio.txt").write_text("mio", encoding="utf-8")

    assert [finding.code for finding in refused(book)] == ["WB027"]


def test_it_writes_into_a_folder_that_is_empty(book: Path, tmp_path: Path) -> None:
    (tmp_path / "tornato").mkdir()

    assert import_workbook(book, tmp_path / "tornato").changed == ()


def test_it_does_not_export_over_edits_or_over_other_files(book: Path, tmp_path: Path) -> None:
    edit(book, put("weight", 0.5))
    edited = book.read_bytes()
    other = tmp_path / "altro.xlsx"
    other.write_bytes(b"altro")

    for file in (book, other):
        with pytest.raises(Refusal) as caught:
            export_workbook(find_pack("comune-esempio"), file)
        assert [finding.code for finding in caught.value.findings] == ["WB029"]
    assert (book.read_bytes(), other.read_bytes()) == (edited, b"altro")


def test_it_exports_only_to_xlsx_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for file, code in ((tmp_path / "piano.ods", "WB001"), (tmp_path / "file" / "piano.xlsx", "WB028")):
        with pytest.raises(Refusal) as caught:
            export_workbook(find_pack("comune-esempio"), file)
        assert [finding.code for finding in caught.value.findings] == [code]

    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_it_leaves_the_workbook_as_it_was(book: Path, tmp_path: Path) -> None:
    before = opened(book)

    import_workbook(book, tmp_path / "tornato")

    assert opened(book) == before
