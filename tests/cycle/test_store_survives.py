"""The store after crashes, full disks and hands that touch it: as before, or complete."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from piramide.cycle.files import write_new
from piramide.cycle.runs.open_run import open_run
from piramide.cycle.runs.store import FORMAT, Store
from piramide.cycle.score import Request, Scored, score
from piramide.cycle.verification.verify import verify
from piramide.kernel.findings import Refusal

DRAFTING = """
import sys, time
from pathlib import Path
from piramide.cycle.runs.store import Store

def write(draft):
    (draft / "half").write_text("x")
    print("drafting", flush=True)
    time.sleep(60)

Store(Path(sys.argv[1])).keep("0" * 64, write)
"""


def drafting(store: Store) -> subprocess.Popen[str]:
    """Another process in the middle of keeping a run."""
    process = subprocess.Popen([sys.executable, "-c", DRAFTING, store.root], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "drafting\n"
    return process


def test_what_a_killed_process_left_is_cleaned_and_disturbs_nobody(store: Store, request_2025: Request) -> None:
    with drafting(store) as process:
        process.kill()
    assert [path.name[:7] for path in (store.root / "runs").iterdir()] == [".draft-"]

    run = score(request_2025, [], store).run_id

    assert [path.name for path in (store.root / "runs").iterdir()] == [run]
    assert verify(store, run).verified


def test_it_leaves_the_draft_of_a_living_process_alone(store: Store, request_2025: Request) -> None:
    with drafting(store) as process:
        run = score(request_2025, [], store).run_id
        names = sorted(path.name[:7] for path in (store.root / "runs").iterdir())
        process.kill()

    assert names == sorted([".draft-", run[:7]])


def test_a_store_is_marked_whole(store: Store, run: Scored) -> None:
    assert sorted(path.name for path in store.root.iterdir()) == ["format", "runs"]
    assert (store.root / "format").read_text(encoding="utf-8") == f"{FORMAT}\n"


def test_it_refuses_a_marker_that_is_not_text(store: Store, run: Scored) -> None:
    (store.root / "format").write_bytes(b"\xff\xfe")

    with pytest.raises(Refusal, match="CY006"):
        store.run(run.run_id)


def test_it_finds_a_run_by_capital_digits(store: Store, run: Scored) -> None:
    assert store.run(run.run_id[:8].upper()).id == run.run_id


def test_it_asks_for_more_digits_where_two_runs_begin_alike(store: Store, run: Scored) -> None:
    (store.root / "runs" / f"{run.run_id[:10]}{'0' * 54}").mkdir()

    with pytest.raises(Refusal, match="CY004"):
        store.run(run.run_id[:8])
    assert store.run(run.run_id).id == run.run_id


@pytest.mark.parametrize("prefix", ["../../etc", "*" * 8, "?" * 8, "a" * 65, "", "🏛" * 8])
def test_it_refuses_what_is_no_id(store: Store, run: Scored, prefix: str) -> None:
    with pytest.raises(Refusal, match="CY001"):
        store.run(prefix)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"pack": 1}', "\x00"])
def test_a_broken_manifest_is_a_difference_and_never_a_crash(store: Store, run: Scored, text: str) -> None:
    (store.run(run.run_id).folder / "manifest.json").write_text(text, encoding="utf-8")

    answer = verify(store, run.run_id)

    assert answer.difference is not None
    assert answer.difference.file == "manifest.json"
    with pytest.raises(Refusal, match="CY007"):
        open_run(store, run.run_id)


def test_one_blank_more_in_the_manifest_is_a_difference(store: Store, run: Scored) -> None:
    path = store.run(run.run_id).folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")

    difference = verify(store, run.run_id).difference

    assert difference is not None
    assert difference.file == "manifest.json"


@pytest.mark.parametrize("file", ["results.parquet", "values.parquet", "pack/pack.yaml"])
def test_a_run_that_was_touched_is_not_opened(store: Store, run: Scored, file: str) -> None:
    (store.run(run.run_id).folder / file).write_bytes(b"PAR1 torn")

    with pytest.raises(Refusal, match="CY071"):
        open_run(store, run.run_id)


def test_a_pack_with_a_link_out_is_a_difference(store: Store, run: Scored, tmp_path: Path) -> None:
    (store.run(run.run_id).pack_folder / "out.csv").symlink_to(tmp_path)

    difference = verify(store, run.run_id).difference

    assert difference is not None
    assert difference.file == "pack"


def test_a_new_file_that_cannot_be_finished_is_not_left_half(tmp_path: Path) -> None:
    path = tmp_path / "valori.csv"

    with pytest.raises(UnicodeEncodeError):
        write_new("structure\udcff", path)

    assert not path.exists()


def test_two_processes_keep_one_run(store: Store, request_2025: Request) -> None:
    command = [sys.executable, "-c", "from piramide.cli.main import run; run()", "score", request_2025.pack]
    command += ["--period", request_2025.period]
    command += ["--values", str(request_2025.values), "--store", str(store.root), "--json"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]

    answers = [process.communicate(timeout=120)[0] for process in both]

    assert answers[0] == answers[1]
    assert len(list((store.root / "runs").iterdir())) == 1
