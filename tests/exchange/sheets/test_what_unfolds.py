"""Spreadsheets and documents that would fill the memory are refused by place, with the bound, at little cost."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import pytest
from xlsxwriter.utility import xl_col_to_name

from piramide.kernel.packed.unfolding import SHEET, TABLE

MB = 1_000_000
CHILD = """
import json, resource, sys, time
from pathlib import Path
from piramide.kernel.findings import Refusal
from piramide.exchange.sheets import import_sheets
from piramide.exchange.workbook import import_workbook
from piramide.scoring.value_file import read_columns
do = {"sheet": lambda path: import_sheets([path]), "values": read_columns, "pack": import_workbook}[sys.argv[1]]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for path in sys.argv[2:]:
    begun = time.process_time()
    try:
        do(Path(path))
        said = []
    except Refusal as refusal:
        said = [(finding.code, finding.message("en")) for finding in refusal.findings]
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(json.dumps({"said": said, "kilobytes": more, "seconds": time.process_time() - begun}))
"""
"""Reads files in a process of its own, and says what each cost; memory is the most that was needed so far."""


class Cost(TypedDict):
    """What the child says."""

    said: list[tuple[str, str]]
    kilobytes: int
    seconds: float


WORKBOOK = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
}
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATED = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
SHEET_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"


def packed(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def workbook(rows: str, *, sheets: int = 1, strings: str = "") -> bytes:
    """A workbook whose sheets all name one part."""
    named = "".join(f'<sheet name="Foglio{at}" sheetId="{at}" r:id="r1"/>' for at in range(1, sheets + 1))
    return packed(
        WORKBOOK
        | {
            "xl/workbook.xml": f"<workbook {MAIN} {RELATED}><sheets>{named}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": "<Relationships "
            'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{SHEET_TYPE}" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>",
            "xl/sharedStrings.xml": f"<sst {MAIN}>{strings}</sst>",
        }
    )


def filled(address: str) -> str:
    return f'<row r="{address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{address}"><v>1</v></c></row>'


def open_document(rows: str) -> bytes:
    names = 'xmlns:office="o" xmlns:table="t" xmlns:text="x"'
    body = f'<office:spreadsheet><table:table table:name="Scheda">{rows}</table:table></office:spreadsheet>'
    content = f"<office:document-content {names}><office:body>{body}</office:body></office:document-content>"
    return packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def document(rows: str) -> bytes:
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return packed({"word/document.xml": f"<w:document {names}><w:body><w:tbl>{rows}</w:tbl></w:body></w:document>"})


def cells_of(count: int) -> str:
    return "".join(f'<row r="{at}"><c r="A{at}" s="1"/></row>' for at in range(1, count + 1))


def media() -> bytes:
    return packed({"word/document.xml": "<a/>", "word/media/picture.bmp": "0" * (60 * MB)})


def many_sheets() -> bytes:
    return workbook(filled("A1"), sheets=5_000)


def long_texts() -> bytes:
    rows = "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>' for at in range(1, 50_001))
    return workbook(rows, strings=f"<si><t>{'parola ' * 4_000}</t></si>")


REPEATED = (
    '<table:table-row table:number-rows-repeated="{rows}"><table:table-cell table:number-columns-repeated="{columns}" '
    'office:value-type="string"><text:p>{text}</text:p></table:table-cell></table:table-row>'
)


def behind_its_end() -> bytes:
    """A packed stream in which the word stands that closes streams, and the burst after it."""
    packing, stored = zlib.compressobj(9), b"endstream"
    head, tail = b"\x78\xda", packing.compress(bytes(400 * MB)) + packing.flush()
    block = b"\x00" + len(stored).to_bytes(2, "little") + (0xFFFF - len(stored)).to_bytes(2, "little") + stored
    return head + block + tail[2:]


def lzw_of_zeros() -> bytes:
    """Seven million zeros: after the code that forgets, each code is the one learnt last."""
    bits, count = 256, 9
    for code in (0, *range(258, 4_094)):
        width = next(width for most, width in ((511, 9), (1023, 10), (2047, 11), (4095, 12)) if code < most)
        bits, count = bits << width | code, count + width
    return (bits << -count % 8).to_bytes((count + 7) // 8)


def page(data: bytes, filters: str = "/FlateDecode", line: bytes = b"") -> bytes:
    """A PDF of one page whose content is packed so; `line` follows the word that begins it."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>",
        f"<</Length {len(data)}/Filter {filters}>>\nstream".encode() + line + b"\n" + data + b"\nendstream",
    ]
    out = b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n%b\nendobj\n" % (at, part) for at, part in enumerate(parts, 1))
    return out + b"trailer\n<</Root 1 0 R/Size 5>>\n%%EOF\n"


DOCUMENT_ROW = '<w:tr w:rsidR="{0:08X}"><w:tc><w:p/></w:tc></w:tr>'
BURSTS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "two cells in far corners": (lambda: workbook(filled("A1") + filled("XFD1048576")), "Foglio1", "cells"),
    "sixteen thousand columns": (lambda: workbook(filled("A1") + filled("XFD40")), "Foglio1", "cells"),
    "a million empty rows with a format": (lambda: workbook(cells_of(1_000_000)), ":200001 [Foglio1]", "cells"),
    "thousands of sheets": (many_sheets, "", "worksheets"),
    "one part that is a hundred sheets": (lambda: workbook(cells_of(2_100), sheets=100), "Foglio96", "cells"),
    "a text that every cell shows": (long_texts, "Foglio1", "characters of text"),
    "gigabytes of zeros": (media, "word/media/picture.bmp", "bytes"),
    "a cell repeated in an open document": (
        lambda: open_document(REPEATED.format(rows=1_000_000, columns=16_000, text="")), ":1000000 [Scheda]", "cells",
    ),
    "a text repeated in an open document": (
        lambda: open_document(REPEATED.format(rows=1_000, columns=100, text="parola " * 100)), "Scheda",
        "characters of text",
    ),
    "rows far below in an open document": (
        lambda: open_document('<table:table-row table:number-rows-repeated="999999999"/>'
        + REPEATED.format(rows=1, columns=1, text="x")), "Scheda", "cells",
    ),
    "a cell over a billion columns": (
        lambda: document('<w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr><w:p/></w:tc></w:tr>'),
        ":1 [tab. 1]", "cells",
    ),
    "gigabytes of a page of a PDF": (lambda: page(zlib.compress(bytes(400 * MB), 9)), "", "bytes"),
    "a page of a PDF packed twice": (
        lambda: page(zlib.compress(zlib.compress(bytes(400 * MB), 9), 9), "[/FlateDecode/FlateDecode]"), "", "bytes",
    ),
    "a page of a PDF that seems to end": (lambda: page(behind_its_end()), "", "bytes"),
    "a page of a PDF after a blank": (lambda: page(zlib.compress(bytes(400 * MB), 9), line=b" "), "", "bytes"),
    "a page of a PDF in letters": (
        lambda: page(base64.a85encode(zlib.compress(bytes(400 * MB), 9)) + b"~>", "[/ASCII85Decode/FlateDecode]"),
        "", "bytes",
    ),
    "a page of a PDF of run lengths": (lambda: page(b"\x81\x00" * 3 * MB, "/RunLengthDecode"), "", "bytes"),
    "a page of a PDF packed by LZW": (lambda: page(50 * lzw_of_zeros(), "/LZWDecode"), "", "bytes"),
    "a page of a PDF packed by LZW in letters": (
        lambda: page(base64.a85encode(50 * lzw_of_zeros()) + b"~>", "[/ASCII85Decode/LZWDecode]"), "", "bytes",
    ),
    "a page of a PDF in hexadecimal": (
        lambda: page(zlib.compress(bytes(400 * MB), 9).hex().encode() + b">", "[/ASCIIHexDecode/FlateDecode]"),
        "", "bytes",
    ),
    "too many cells in a document": (
        lambda: document("".join(DOCUMENT_ROW.format(at) for at in range(200_001))), "tab. 1", "cells",
    ),
}  # fmt: skip


def costs(kind: str, *paths: Path) -> list[Cost]:
    command = [sys.executable, "-c", CHILD, kind, *map(str, paths)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return [json.loads(line) for line in answer.stdout.splitlines()]


@pytest.fixture(scope="module")
def bursts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Cost]:
    """What reading each of them costs, one after the other."""
    folder = tmp_path_factory.mktemp("bursts")
    paths = [folder / f"{at}.scheda" for at, _ in enumerate(BURSTS)]
    for path, (make, _, _) in zip(paths, BURSTS.values(), strict=True):
        path.write_bytes(make())
    return dict(zip(BURSTS, costs("sheet", *paths), strict=True))


@pytest.mark.parametrize("burst", BURSTS)
def test_it_refuses_what_would_burst_with_its_place_and_the_bound(burst: str, bursts: dict[str, Cost]) -> None:
    _, place, what = BURSTS[burst]
    told = bursts[burst]

    ((code, said),) = told["said"]
    assert code == "SH002", said
    assert place in said, said
    assert f" {what}" in said, said
    assert "at most" in said
    assert told["kilobytes"] * 1000 < 250 * MB, told
    assert told["seconds"] < 20, told


@pytest.mark.parametrize("kind", ["values", "pack"])
def test_values_and_packs_in_a_spreadsheet_are_held_to_bounds_too(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook(filled("A1") + filled("XFD1048576")))

    (told,) = costs(kind, path)

    assert [code for code, _ in told["said"]] == ["WB006"]
    assert "Foglio1" in str(told["said"])
    assert told["kilobytes"] * 1000 < 100 * MB


def test_what_offices_save_is_far_below_the_bounds(tmp_path: Path) -> None:
    """A first row with a format through all columns, and rows with a format below the table, are what people leave."""
    through = "".join(f'<c r="{xl_col_to_name(column)}1" s="1"/>' for column in range(16_384))
    words = "".join(f'<c r="{at}2" t="inlineStr"><is><t>{at}</t></is></c>' for at in "AB")
    below = "".join(f'<row r="{at}"><c r="A{at}" s="1"/></row>' for at in range(3, 20_001))
    path = tmp_path / "scheda.xlsx"
    path.write_bytes(workbook(f'<row r="1">{through}</row><row r="2">{words}</row>{below}'))

    (told,) = costs("sheet", path)

    assert [code for code, _ in told["said"]] == ["SH007"], "read, and found to be no sheet of objectives"


def test_the_bounds_are_in_one_place() -> None:
    assert all(getattr(SHEET, name) <= getattr(TABLE, name) for name in SHEET.__slots__)
