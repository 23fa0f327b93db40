"""The soak of a site: what is asked in which shares, and what it calls wrong."""

from __future__ import annotations

import os

import pytest
from bench.soak import Soaked, lost, memory_below
from bench.soak_site import Kept
from bench.soak_visits import AT_SECONDS, SHARES, kinds

CELL = 7


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


@pytest.mark.parametrize(("last", "told"), [(104, []), (106, ["memory grew by 6.0%"])])
def test_memory_of_the_last_minute_is_held_against_the_third(last: int, told: list[str]) -> None:
    minutes = (50, 90, 100, 130, last)
    done = Soaked(memory=[(60 * at + second, size) for at, size in enumerate(minutes) for second in range(60)])
    assert done.faults() == told


def test_memory_of_less_than_four_minutes_is_not_judged() -> None:
    assert Soaked(memory=[(second, second) for second in range(180)]).growth() is None


def test_memory_is_that_of_a_process_and_what_it_started() -> None:
    assert 10_000_000 < memory_below(os.getpid()) < 100_000_000_000
