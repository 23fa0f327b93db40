"""A run verifies as it was kept; whatever is touched is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from piramide.cycle.runs.store import Run, Store
from piramide.cycle.score import Request, Scored, score
from piramide.cycle.verification.verify import verify
from piramide.kernel.findings import Refusal


def touch_cell(path: Path, row: int, column: str, value: object) -> None:
    """Change one cell of a Parquet file, leaving it well formed."""
    table = pq.read_table(path)
    rows = table.to_pylist()
    rows[row][column] = value
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)


def test_it_verifies_what_was_kept(store: Store, run: Scored) -> None:
    answer = verify(store, run.run_id[:8])

    assert answer.verified
    assert answer.run == run.run_id


def test_the_same_question_is_the_same_run(store: Store, run: Scored, request_2025: Request) -> None:
    again = score(request_2025, [], store)

    assert again.run_id == run.run_id
    assert len(list((store.root / "runs").iterdir())) == 1


def test_it_names_the_first_cell_that_was_touched(store: Store, run: Scored) -> None:
    kept = store.run(run.run_id)
    touch_cell(kept.results_file, 2, "index", 123.0)

    difference = verify(store, run.run_id).difference

    assert difference is not None
    assert difference.file == "results.parquet"
    assert (difference.structure, difference.node) == ("borgoverde", "ritardo_pagamenti")
    assert (difference.column, difference.kept, difference.recomputed) == ("index", 123.0, 100.0)


def flip_last_byte(path: Path) -> None:
    """Change one bit of a file."""
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)


def edit_manifest(run: Run) -> None:
    """Say another period."""
    path = run.folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["period"] = "2025-Q4"
    path.write_text(json.dumps(manifest), encoding="utf-8")


TOUCHED: dict[str, tuple[Callable[[Run], None], str]] = {
    "results": (lambda run: flip_last_byte(run.results_file), "results.parquet"),
    "values": (lambda run: flip_last_byte(run.values_file), "values.parquet"),
    "values lost": (lambda run: run.values_file.unlink(), "values.parquet"),
    "pack": (lambda run: flip_last_byte(run.pack_folder / "pack.yaml"), "pack"),
    "pack grown": (lambda run: (run.pack_folder / "new.csv").touch(), "pack"),
    "manifest": (edit_manifest, "manifest.json"),
}


@pytest.mark.parametrize("what", TOUCHED)
def test_it_names_the_file_that_was_touched(store: Store, run: Scored, what: str) -> None:
    touch, file = TOUCHED[what]
    touch(store.run(run.run_id))

    difference = verify(store, run.run_id).difference

    assert difference is not None
    assert difference.file == file


@pytest.mark.parametrize(("prefix", "code"), [("abc", "CY001"), ("zzzzzzzz", "CY001"), ("00000000", "CY002")])
def test_it_refuses_an_id_that_names_no_run(store: Store, run: Scored, prefix: str, code: str) -> None:
    assert run.run_id[:8] != prefix

    with pytest.raises(Refusal, match=code):
        store.run(prefix)


def test_it_refuses_a_folder_that_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="CY005"):
        Store(tmp_path).run("00000000")


def test_it_refuses_a_store_of_another_format(store: Store, run: Scored) -> None:
    (store.root / "format").write_text("99\n", encoding="utf-8")

    with pytest.raises(Refusal, match="CY006"):
        store.run(run.run_id)


def test_it_keeps_nothing_when_writing_fails(store: Store) -> None:
    def fail(draft: Path) -> None:
        (draft / "half").write_text("x", encoding="utf-8")
        raise OSError(28, "No space left on device")

    with pytest.raises(Refusal, match="CY003"):
        store.keep("0" * 64, fail)

    assert list((store.root / "runs").iterdir()) == []
