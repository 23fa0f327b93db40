"""A server that is measured is waited for with patience, and never for ever."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from bench import web_load
from bench.web_load import started

DEAF = "import pathlib, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
SLEEPS = DEAF + "pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"
LISTENS_LATE = (
    "import socket, sys, time; time.sleep(0.5); "
    "found = socket.create_server(('127.0.0.1', int(sys.argv[1]))); time.sleep(600)"
)


def test_one_that_starts_late_is_waited_for() -> None:
    with started(lambda port: [sys.executable, "-c", LISTENS_LATE, str(port)], dict(os.environ)) as (_port, process):
        assert process


def test_one_that_ends_by_itself_is_told() -> None:
    with (
        pytest.raises(SystemExit, match="ended with 3"),
        started(lambda _port: [sys.executable, "-c", "raise SystemExit(3)"], dict(os.environ)),
    ):
        pass


def test_one_that_does_not_hear_while_it_starts_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    begun = tmp_path / "begun"

    def given_up(*_server: object) -> None:
        """As somebody at the keyboard, once the server has begun."""
        until = time.monotonic() + 20
        while not begun.exists() and time.monotonic() < until:
            time.sleep(0.05)
        raise KeyboardInterrupt

    monkeypatch.setattr(web_load, "PATIENCE_TO_STOP", 0.2)
    monkeypatch.setattr(web_load, "_wait_for", given_up)
    process = [sys.executable, "-c", SLEEPS, str(begun)]
    with pytest.raises(KeyboardInterrupt), started(lambda _port: process, dict(os.environ)):
        pass
    assert begun.exists()


def test_one_that_never_opens_its_port_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(web_load, "PATIENCE_TO_START", 0.5)
    monkeypatch.setattr(web_load, "PATIENCE_TO_STOP", 0.2)
    process = [sys.executable, "-c", SLEEPS, str(tmp_path / "begun")]
    with pytest.raises(SystemExit, match=r"within 0\.5 s"), started(lambda _port: process, dict(os.environ)):
        pass
