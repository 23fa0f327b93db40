"""A fault of the file refuses the load: one message with place and remedy, and the ledger as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from piramide.kernel.findings import Refusal
from piramide.measurement.loading.blocks import BLOCK_BYTES, text_blocks
from tests.measurement.loads import HEADER, Office, row, sound_rows, work_text

GOOD = work_text(sound_rows(5))
COMMAS = [row(f"c{i}", "received", "2024-01-10", staff_hours='"1,25"') for i in range(4)]
FAULTS: dict[str, tuple[str | bytes, str, str]] = {
    "an empty file": ("", "FA006", ""),
    "a header and nothing else": (HEADER + "\n", "FA006", ""),
    "a column missing": (GOOD.replace("product,", "", 1), "FA003", "product"),
    "a column renamed": (GOOD.replace("received_on", "recived_on", 1), "FA003", "recived_on"),
    "a column that nobody knows": (GOOD.replace("staff_hours", "staff_hour", 1), "FA004", "staff_hours"),
    "a column twice": (GOOD.replace("status", "case", 1), "FA008", "case"),
    "semicolons": (GOOD.replace(",", ";"), "FA009", ";"),
    "Windows-1252 throughout": (GOOD.replace("s0", "maternità", 1).encode("cp1252"), "FA005", "csv:2"),
    "two encodings": (
        GOOD.replace("s0", "maternità", 1).encode() + (row("città", "received", "2024-01-10") + "\n").encode("cp1252"),
        "FA016",
        "csv:7",
    ),
    "UTF-16": (GOOD.encode("utf-16"), "FA005", "UTF-16"),
    "zero bytes": (GOOD.encode() + b"\0\0\n", "FA019", "csv:7"),
    "decimal commas throughout": (work_text(COMMAS), "FA038", "staff_hours"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_it_refuses_the_file(office: Office, fault: str) -> None:
    text, code, said = FAULTS[fault]

    with pytest.raises(Refusal) as refused:
        office.load("work", text, most_rejected=100)

    assert refused.value.findings[0].code == code
    assert said in str(refused.value)
    assert office.ledger.loads("work") == ()
    assert list((office.ledger.folder / "work").glob(".draft-*")) == []


def test_it_names_every_column_that_is_wrong(office: Office) -> None:
    text = GOOD.replace("product", "prodotto", 1).replace("entry", "entri", 1)

    with pytest.raises(Refusal) as refused:
        office.load("work", text)

    assert [(f.code, f.subject, f.fields.get("found")) for f in refused.value.findings] == [
        ("FA003", "entry", "entri"),
        ("FA003", "product", "prodotto"),
    ]


def test_it_refuses_the_same_source_twice(office: Office) -> None:
    office.load("work", GOOD)

    with pytest.raises(Refusal, match=r"FA002.*000001"):
        office.load("work", GOOD, name="same.csv")

    assert len(office.ledger.loads("work")) == 1


def test_it_refuses_work_without_catalogue(tmp_path: Path) -> None:
    office = Office(tmp_path)
    (catalogue,) = office.ledger.loads("products")
    catalogue.folder.rename(tmp_path / "elsewhere")

    with pytest.raises(Refusal, match="FA013"):
        office.load("work", GOOD)


def test_it_reads_a_byte_order_mark_and_windows_line_ends(office: Office) -> None:
    report = office.load("work", b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())

    assert report.load.manifest["accepted"] == 5


def test_it_reads_a_last_line_without_end(office: Office) -> None:
    assert office.load("work", GOOD.rstrip("\n")).load.manifest["accepted"] == 5


def test_it_reads_no_more_of_a_five_gigabyte_line_than_it_must() -> None:
    size, taken = 5 << 30, 0

    def read(most: int) -> bytes:
        nonlocal taken
        taken += most
        return b"x" * most if taken <= size else b""

    with pytest.raises(Refusal, match="FA007"):
        list(text_blocks(read, "endless.csv"))

    assert taken <= 2 * BLOCK_BYTES


def test_it_refuses_a_long_line_after_good_ones(office: Office) -> None:
    with pytest.raises(Refusal, match=r"FA007.*csv:7"):
        office.load("work", GOOD.encode() + b"y" * (2 * BLOCK_BYTES))


@pytest.fixture
def pieces() -> Iterator[bytes]:
    return iter([b"a,b\n1,", b"2\n3,4", b"\n5,6"])


def test_it_cuts_a_stream_at_line_ends(pieces: Iterator[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("piramide.measurement.loading.blocks.BLOCK_BYTES", 4)

    blocks = list(text_blocks(lambda _: next(pieces, b""), "stream"))

    assert [(block.first_line, bytes(block.data), block.lines) for block in blocks] == [
        (1, b"a,b\n", 1),
        (2, b"1,2\n", 1),
        (3, b"3,4\n", 1),
        (4, b"5,6", 1),
    ]


def test_it_reads_into_the_memory_of_blocks_that_are_done() -> None:
    left, memory = [64], set()

    def read(most: int) -> bytes:
        left[0] -= 1
        return b"1,2\n" * (1 << 18) if left[0] else b""

    for block in text_blocks(read, "stream"):
        memory.add(block.octets.ctypes.data)
        block.done()

    assert len(memory) <= 3, "the header, a block, and the end"
