"""Every file of the ledger is the one that was kept: what is touched is named, what is derived is made again."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from piramide.kernel.findings import Refusal
from piramide.kernel.progress import silent
from piramide.kernel.sealing import seal_of, sealed, unsealed
from piramide.measurement.facts_check.seals import check_seals
from piramide.measurement.ledger.keys import text_keys
from piramide.measurement.ledger.seal_found import seal_found
from piramide.measurement.ledger.store import Ledger, Load
from tests.measurement.hand_ledger import MEASURES, answer, entry, indicators_of, small_pack, store_load, store_with
from tests.measurement.loads import Office, row, sound_rows, work_text


def flip(path: Path, at: int = -1) -> None:
    """Change one bit of a byte, leaving size and time as they were but for the nanoseconds."""
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)


def codes(ledger: Ledger) -> list[tuple[str, str]]:
    """(Code, file below the ledger) of everything that the seals find."""
    return [(f.code, str(Path(f.place.file).relative_to(ledger.folder))) for f in check_seals(ledger)]


@pytest.fixture
def ledger(office: Office) -> Ledger:
    """Three loads of work, the last one with cases of every kind."""
    office.work(*sound_rows(5))
    office.work(row("a", "received", "2024-02-10"), row("s1", "resolved", "2024-02-11", "2024-01-02"))
    office.work(row("a", "resolved", "2024-03-10", "2024-02-10"), row("a", "reopened", "2024-03-11", "2024-02-10"))
    return office.ledger


def test_an_untouched_ledger_has_nothing_to_say(ledger: Ledger) -> None:
    assert codes(ledger) == []


def test_each_load_names_the_one_before_and_every_file(ledger: Ledger) -> None:
    loads = ledger.loads("work")

    assert [load.manifest["before"] for load in loads] == ["", loads[0].seal, loads[1].seal]
    assert {*loads[2].manifest["files"]} == {
        "entries.parquet",
        "flows.parquet",
        "cases.npy",
        "cases.marks.npy",
        "rejected.parquet",
    }
    assert loads[2].seal == seal_of(loads[2].manifest)


@pytest.mark.parametrize("name", ["entries.parquet", "rejected.parquet", "flows.parquet"])
def test_a_flipped_byte_of_a_load_is_named(ledger: Ledger, name: str) -> None:
    flip(ledger.loads("work")[1].folder / name, 100)

    assert codes(ledger) == [("FA071", f"work/000002/{name}")]


@pytest.mark.parametrize("at", [0, 1, 40, -1, -2])
def test_a_flipped_byte_of_a_manifest_is_named_and_refused(ledger: Ledger, at: int) -> None:
    flip(ledger.loads("work")[1].folder / "manifest.json", at)

    assert codes(ledger) == [("FA070", "work/000002/manifest.json")]
    with pytest.raises(Refusal, match="FA070"):
        ledger.loads("work")


def drop(ledger: Ledger) -> None:
    shutil.rmtree(ledger.folder / "work" / "000002")


def swap(ledger: Ledger) -> None:
    first, second = (ledger.folder / "work" / name for name in ("000001", "000002"))
    first.rename(first.with_name("aside"))
    second.rename(first)
    first.with_name("aside").rename(second)


def seal_anew(ledger: Ledger) -> None:
    """Whoever knows how a seal is made changes a load and seals it again."""
    path = ledger.folder / "work" / "000001" / "manifest.json"
    path.write_text(sealed(json.loads(path.read_bytes()) | {"learned_on": "2020-01-01"}), encoding="utf-8")


@pytest.mark.parametrize(("touch", "named"), [(drop, "000003"), (swap, "000001"), (seal_anew, "000002")])
def test_the_chain_shows_loads_taken_out_swapped_and_sealed_anew(
    ledger: Ledger, touch: Callable[[Ledger], None], named: str
) -> None:
    touch(ledger)

    assert codes(ledger) == [("FA072", f"work/{named}/manifest.json")]
    with pytest.raises(Refusal, match="FA072"):
        ledger.loads("work")


def test_two_codes_that_change_places_are_found_even_when_sealed_again(ledger: Ledger) -> None:
    kept = ledger.codes()
    swapped = replace(kept, structures=(kept.structures[1], kept.structures[0], *kept.structures[2:]))
    ledger.keep_codes(swapped)

    assert [code for code, _ in codes(ledger)] == ["FA074"]
    with pytest.raises(Refusal, match="FA074"):
        ledger.proven_codes()


@pytest.mark.parametrize("name", ["codes.json", "pack.json"])
def test_a_flipped_byte_of_a_small_file_is_refused(ledger: Ledger, name: str) -> None:
    ledger.keep_pack_name("inps-2024")
    flip(ledger.folder / name, 20)

    assert codes(ledger) == [("FA070", name)]
    with pytest.raises(Refusal, match="FA070"):
        ledger.codes() if name == "codes.json" else ledger.pack_name()


@pytest.mark.parametrize("touch", [partial(flip, at=130), partial(flip, at=-1), Path.unlink])
@pytest.mark.parametrize("name", ["cases.npy", "cases.marks.npy"])
def test_what_is_known_of_cases_is_counted_again_when_touched_and_it_is_said(
    ledger: Ledger, office: Office, touch: Callable[[Path], None], name: str
) -> None:
    words, last = office.words(), ledger.loads("work")[-1]
    touch(last.folder / name)

    report = office.work(row("b", "received", "2024-04-01"), row("s2", "resolved", "2024-04-02", "2024-01-03"))

    assert [finding.code for finding in report.remarks] == ["FA073"]
    assert (report.load.manifest["accepted"], report.load.manifest["cases_since"]) == (2, "000001")
    assert set(words).difference(office.words()) == {int(text_keys(pa.array(["s2"]))[0]) & -8}


def test_a_load_refuses_to_look_back_at_touched_entries(ledger: Ledger, office: Office) -> None:
    flip(ledger.loads("work")[0].entries_file, 100)

    with pytest.raises(Refusal, match="FA071"):
        office.load("work", work_text([row("s3", "received", "2024-01-05")]))


def doubled(load: Load) -> None:
    """Somebody doubles a column of a kept file, leaving it well formed."""
    table = pq.read_table(load.entries_file)
    twice = pa.array([2 * value for value in table["sign"].to_pylist()], table.schema.field("sign").type)
    pq.write_table(table.set_column(table.schema.get_field_index("sign"), "sign", twice), load.entries_file)


def test_doubled_facts_are_never_folded(tmp_path: Path) -> None:
    store = store_with(tmp_path / "store", entry("received", "2024-01-10", "torino"))
    doubled(Ledger(store).loads("work")[0])

    with pytest.raises(Refusal, match=r"FA071: .*000001/entries\.parquet"):
        answer(store, small_pack(tmp_path / "pack", MEASURES, indicators_of("received")), "2024-01")


@pytest.mark.parametrize("at", [0, 4, 200, -60, -40, -1])
def test_a_touched_file_of_the_cube_is_folded_again_and_it_is_said(tmp_path: Path, at: int) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, indicators_of("received", "resolved"))
    store = store_with(tmp_path / "store", entry("received", "2024-01-10", "torino"))
    store_load(store, "work", [entry("resolved", "2024-01-20", "torino", received="2024-01-10")])
    before = answer(store, pack, "2024-01")
    path = next((store / "cube").glob("work-*/000001.parquet"))
    whole = path.read_bytes()
    flip(path, at)

    after = answer(store, pack, "2024-01")

    assert (after.values, after.folded) == (before.values, 1)
    assert [(f.code, f.place.file) for f in after.findings] == [("ME022", str(path))]
    assert path.read_bytes() == whole
    assert answer(store, pack, "2024-01").findings == ()


def test_touched_flows_are_passed_over(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, indicators_of("received"))
    store = store_with(tmp_path / "store", entry("received", "2024-01-10", "torino"))
    before = answer(store, pack, "2024-01").values
    shutil.rmtree(store / "cube")
    flip(Ledger(store).loads("work")[0].flows_file, 50)

    assert answer(store, pack, "2024-01").values == before


def test_what_was_there_before_seals_is_sealed_as_found(ledger: Ledger) -> None:
    for load in ledger.loads("work") + ledger.loads("products"):
        bare = {k: v for k, v in load.manifest.items() if k not in {"seal", "files", "before", "codes"}}
        (load.folder / "manifest.json").write_text(json.dumps(bare), encoding="utf-8")
    with pytest.raises(Refusal, match="FA070"):
        ledger.loads("work")

    counts = [seal_found(ledger, date(2026, 11, 30), silent, silent) for _ in range(2)]

    assert counts == [4, 0]
    assert codes(ledger) == [("FA075", "products"), ("FA075", "work")]
    assert [load.manifest["sealed_since"] for load in ledger.loads("work")] == ["2026-11-30"] * 3


def test_a_manifest_cannot_lose_its_seal(ledger: Ledger) -> None:
    path = ledger.loads("work")[2].folder / "manifest.json"
    body = unsealed(path.read_bytes())
    assert body is not None
    path.write_text(json.dumps({name: value for name, value in body.items() if name != "seal"}), encoding="utf-8")
    os.utime(path)

    assert codes(ledger) == [("FA070", "work/000003/manifest.json")]
