"""Runs kept in memory: made once, and who asks for another does not wait while one is made."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from piramide.cycle.runs.opened_runs import _Recent

PATIENCE = 10


def test_a_hit_does_not_wait_for_one_that_is_being_made() -> None:
    recent: _Recent[str] = _Recent(4)
    recent.get("kept", lambda: "kept")
    begun, may_end = threading.Event(), threading.Event()

    def slowly() -> str:
        begun.set()
        assert may_end.wait(PATIENCE)
        return "slow"

    with ThreadPoolExecutor(4) as threads:
        slow = threads.submit(recent.get, "slow", slowly)
        assert begun.wait(PATIENCE)
        assert threads.submit(recent.get, "kept", lambda: "again").result(PATIENCE) == "kept"
        assert threads.submit(recent.get, "other", lambda: "other").result(PATIENCE) == "other"
        assert not slow.done()
        may_end.set()
        assert slow.result(PATIENCE) == "slow"


def test_one_asked_for_by_many_is_made_once() -> None:
    recent: _Recent[object] = _Recent(4)
    made: list[object] = []
    together = threading.Barrier(8, timeout=PATIENCE)

    def make() -> object:
        made.append(object())
        return made[-1]

    def ask() -> object:
        together.wait()
        return recent.get("one", make)

    with ThreadPoolExecutor(8) as threads:
        found = {future.result(PATIENCE) for future in [threads.submit(ask) for _ in range(8)]}
    assert found == set(made)
    assert len(made) == 1


def test_one_that_cannot_be_made_is_tried_again_by_the_next() -> None:
    recent: _Recent[str] = _Recent(4)

    def refuse() -> str:
        raise LookupError

    with pytest.raises(LookupError):
        recent.get("one", refuse)
    assert recent.get("one", lambda: "made") == "made"


def test_the_one_asked_for_longest_ago_goes_first() -> None:
    recent: _Recent[str] = _Recent(2)
    for key in ("a", "b", "a", "c"):
        recent.get(key, lambda key=key: key)  # type: ignore[misc]
    assert recent.get("a", lambda: "made again") == "a"
    assert recent.get("b", lambda: "made again") == "made again"
