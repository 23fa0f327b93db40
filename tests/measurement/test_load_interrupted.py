"""A load is there whole or not at all: killed at any moment, beside another one, on a full disk."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from piramide.kernel.findings import Refusal
from piramide.measurement.contract import contract
from piramide.measurement.loading.load import Terms, load
from piramide.measurement.loading.sources import open_source
from tests.measurement.loads import LEARNED_ON, ORGANISATION, Office, row, sound_rows, work_text
from tests.nightly import rounds

KILLS = rounds(60, 250)
LOADER = """
import sys
from tests.measurement.loads import ORGANISATION, LEARNED_ON
from pathlib import Path
from piramide.measurement.contract import contract
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.loading.load import Terms, load
from piramide.measurement.loading.sources import open_source
print("ready", flush=True)
sys.stdin.readline()
terms = Terms(ORGANISATION, LEARNED_ON, on_wait=lambda: print("waiting", flush=True))
load(Ledger(Path(sys.argv[1])), contract("work"), open_source(sys.argv[2]), terms)
print("done", flush=True)
"""


def loader(office: Office, file: Path) -> subprocess.Popen[str]:
    """Another process that has everything imported and waits for a line to load a file."""
    arguments = [sys.executable, "-c", LOADER, str(office.ledger.root), str(file)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        arguments,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        text=True,
        env={"PYTHONPATH": ":".join(p for p in sys.path if p)},
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()


def end(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


NURSERY = """
import os, sys
from pathlib import Path
from tests.measurement.loads import ORGANISATION, LEARNED_ON
from piramide.measurement.contract import contract
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.loading.load import Terms, load
from piramide.measurement.loading.sources import open_source
for line in sys.stdin:
    child = os.fork()
    if child:
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    else:
        load(Ledger(Path(sys.argv[1])), contract("work"), open_source(line.strip()), Terms(ORGANISATION, LEARNED_ON))
        os._exit(0)
"""
"""A process that has everything imported, and for each file it is told loads it in a child of its own."""


@pytest.fixture
def nursery(office: Office) -> Iterator[subprocess.Popen[str]]:
    arguments = [sys.executable, "-c", NURSERY, str(office.ledger.root)]
    environment = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def loading(nursery: subprocess.Popen[str], file: Path, seconds: float | None) -> int:
    """Load a file in a child, kill it after so many seconds, and give its exit code."""
    assert nursery.stdin
    assert nursery.stdout
    nursery.stdin.write(f"{file}\n")
    nursery.stdin.flush()
    child = int(nursery.stdout.readline())
    if seconds is not None:
        time.sleep(seconds)
        with suppress(ProcessLookupError):  # it had ended by then
            os.kill(child, signal.SIGKILL)
    return int(nursery.stdout.readline())


@pytest.mark.slow
def test_a_kill_leaves_the_ledger_as_before_or_complete(office: Office, nursery: subprocess.Popen[str]) -> None:
    moments = random.Random(20240930)  # noqa: S311 - a moment, no secret
    rows = 5_000
    started = time.perf_counter()
    assert loading(nursery, office.file(work_text(sound_rows(rows)), "0.csv"), None) == 0
    usual = time.perf_counter() - started
    committed, killed = 1, 0
    for attempt in range(5 * KILLS):
        file = office.file(work_text(sound_rows(rows, f"k{attempt}-")), f"{attempt}.csv")
        if loading(nursery, file, moments.uniform(0, usual)) == -signal.SIGKILL:
            killed += 1
        else:
            usual *= 0.9  # the first load took longer than they do now

        loads = office.ledger.loads("work")
        assert len(loads) in {committed, committed + 1}
        committed = len(loads)
        assert office.ledger.entries("work", ["case"]).read_all().num_rows == rows * committed
        assert office.open() == rows * committed

        if killed == KILLS:
            break

    assert killed == KILLS
    office.work(*sound_rows(10, "after"))

    assert len(office.ledger.loads("work")) == committed + 1
    assert list((office.ledger.folder / "work").glob(".draft-*")) == []


def test_a_second_load_waits_for_the_first(office: Office) -> None:
    files = [office.file(work_text(sound_rows(2_000, f"w{n}-")), f"{n}.csv") for n in range(2)]
    processes = [loader(office, file) for file in files]

    with office.ledger.locked(lambda: None):
        for process in processes:
            begin(process)
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "waiting\n"

    assert [end(process) for process in processes] == ["done\n", "done\n"]
    assert [load.id for load in office.ledger.loads("work")] == ["000001", "000002"]
    assert office.ledger.entries("work", ["case"]).read_all().num_rows == 4_000
    assert office.open() == 4_000


def test_two_loads_of_one_file_at_once_count_it_once(office: Office) -> None:
    file = office.file(work_text(sound_rows(2_000)))
    processes = [loader(office, file) for _ in range(2)]

    for process in processes:
        begin(process)
    codes = sorted(process.wait(timeout=60) for process in processes)
    errors = "".join(process.communicate()[1] for process in processes)

    assert codes == [0, 1]
    assert "FA002" in errors
    assert office.ledger.entries("work", ["case"]).read_all().num_rows == 2_000


def test_a_full_disk_refuses_the_load_and_leaves_the_ledger(office: Office) -> None:
    office.work(row("a", "received", "2024-01-10"))
    text = work_text(sound_rows(50_000, "a-rather-long-case-number-"))
    file = office.file(text, "big.csv")
    before = sorted(path for path in office.ledger.folder.rglob("*") if path.is_file())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(Refusal, match="FA012"):
            load(office.ledger, contract("work"), open_source(str(file)), Terms(ORGANISATION, LEARNED_ON))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert sorted(path for path in office.ledger.folder.rglob("*") if path.is_file()) == before
    assert office.load("work", text).load.manifest["accepted"] == 50_000
