"""The soak of a site: ten seconds of everything at once, and what it calls wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bench.soak import lost, soak
from bench.soak_processes import below
from bench.soak_site import Kept, make_site
from bench.soak_told import Soaked, told
from bench.soak_visits import AT_SECONDS, SHARES, kinds

CELL = 7


def test_ten_seconds_of_everything_at_once_lose_nothing(tmp_path: Path) -> None:
    site = make_site(tmp_path, periods=("2024-Q3", "2024-Q4"))

    done = soak(site, rate=8, seconds=10)

    assert done.faults() == []
    assert set(done.times) == {*SHARES, *AT_SECONDS}
    assert done.written == len(done.times["grid write"])
    assert done.jobs == len(done.times["scoring job"])


def test_every_kind_has_its_share_of_forty_and_its_seconds() -> None:
    minute = list(kinds(40, 60))

    assert len(minute) == 2400
    assert {kind: minute.count(kind) for kind in AT_SECONDS} == {
        "sign-in": 15, "sheet as a file": 12, "scoring job": 1,
    }  # fmt: skip
    regular = [kind for kind in minute if kind in SHARES]
    assert sum(SHARES.values()) == 40
    for kind, share in SHARES.items():
        assert regular.count(kind) == pytest.approx(len(regular) * share / 40, abs=2)


def _kept(*values: str, current: str = "", state: str = "done", is_whole: bool = True) -> Kept:
    return Kept({CELL: values}, {CELL: current or ["", *values][-1]}, [("j", state, "")], is_whole)


@pytest.mark.parametrize(("accepted", "kept", "told"), [
    (("1", "2"), _kept("1"), "accepted ['1', '2'], kept ['1']"),
    (("1",), _kept("1", "2"), "accepted ['1'], kept ['1', '2']"),
    (("1", "2"), _kept("1", "2", current="1"), "1 holds, not 2 that was written last"),
    (("1",), _kept("1", state="failed"), "job j is failed"),
    (("1",), _kept("1", is_whole=False), "the register is broken"),
])  # fmt: skip
def test_it_names_what_was_accepted_and_is_not_there(accepted: tuple[str, ...], kept: Kept, told: str) -> None:
    (found,) = lost({CELL: accepted}, kept)
    assert told in found


def test_nothing_is_lost_when_all_is_there() -> None:
    assert lost({CELL: ("1", "2")}, _kept("1", "2")) == []


def _soaked(*minutes: int) -> Soaked:
    """Of so many MB in each minute."""
    seconds = range(0, 60, 5)
    return Soaked(memory=[(60.0 * at + s, {"web": size * 10**6}) for at, size in enumerate(minutes) for s in seconds])


@pytest.mark.parametrize(("last", "told"), [(104, []), (106, ["memory grew by 6.0%"])])
def test_memory_of_the_last_minute_is_held_against_the_third(last: int, told: list[str]) -> None:
    assert _soaked(50, 90, 100, 130, last).faults() == told


def test_memory_of_less_than_four_minutes_is_not_judged() -> None:
    assert _soaked(50, 90, 200).growth() is None


def test_an_answer_long_after_the_end_says_that_the_rate_was_not_held() -> None:
    assert Soaked(behind=4.0).late() == []
    assert Soaked(behind=6.0).late() == ["the last answer came 6 seconds late"]


def test_it_prints_a_table_of_what_came_of_it() -> None:
    done = _soaked(90, 95, 100, 103)
    done.times = {"grid": [1.0, 2.0, 30.0], "register": [40.0]}
    done.errors = {"register": ["/registro/: 500"]}
    done.processor = {"web": 300.0, "asking": 30.0}
    done.written, done.jobs = 7, 2

    text = told(done, 40, 600, "SQLite")

    assert text.startswith("SQLite, 40 requests a second for 600 seconds; ")
    assert "| grid | 3 | 2 | 30 | 0 |\n| register | 1 | 40 | 40 | 1 |\n| all | 4 | 16 | 40 | 1 |\n" in text
    assert "| errors of the site | 1 |" in text
    assert "| writes and scoring jobs accepted and lost | 0 of 7 and 2 |" in text
    assert "| 100 MB (web 100) → 103 MB (web 103), +3.0% |" in text
    assert "| asking 0.05, web 0.50 of " in text
    assert text.endswith("\nWRONG register: 1 errors, /registro/: 500")


def test_memory_is_that_of_a_process_and_what_it_started_by_use() -> None:
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "db_worker"])
    try:
        _until_it_runs(sleeper.pid)
        found = {taken.kind: taken for taken in below(os.getpid())}
    finally:
        sleeper.kill()
        sleeper.wait()

    assert found["command"].memory > found["worker"].memory > 1_000_000
    assert found["command"].processor > 0


def _until_it_runs(process: int) -> None:
    while b"db_worker" not in Path(f"/proc/{process}/cmdline").read_bytes():
        time.sleep(0.01)
