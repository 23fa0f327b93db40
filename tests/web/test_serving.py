"""One command keeps the server and the worker: both end with it, and a worker that dies is replaced."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

WAIT = 30.0
SLEEPER = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(600)"
KEEPER = """
import sys
from piramide.web import processes
processes.BETWEEN_STARTS = 0.1
server, worker = ([sys.executable, "-c", sys.argv[1], path] for path in sys.argv[2:])
sys.exit(processes.keep_running(server, worker, ("127.0.0.1", 1), lambda: None))
"""

SLOW_TO_ANSWER = """
import pathlib, socket, sys, time
time.sleep(1)
pathlib.Path(sys.argv[2]).write_text("about to listen")
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
time.sleep(600)
"""
TELLER = """
import pathlib, sys
from piramide.web import processes
server = [sys.executable, "-c", sys.argv[1], *sys.argv[2:]]
tell = lambda: print(pathlib.Path(sys.argv[3]).exists(), flush=True)
sys.exit(processes.keep_running(server, [], ("127.0.0.1", int(sys.argv[2])), tell))
"""


class Kept:
    """The command under test, with the files in which its two processes write their numbers."""

    def __init__(self, folder: Path) -> None:
        self.server, self.worker = folder / "server", folder / "worker"
        command = [sys.executable, "-c", KEEPER, SLEEPER, str(self.server), str(self.worker)]
        self.process = subprocess.Popen(command)

    def numbers(self, file: Path, count: int) -> list[int]:
        """The first `count` processes that ran."""
        _until(lambda: file.is_file() and file.read_text().count("\n") >= count)
        return [int(line) for line in file.read_text().split()]


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    found = Kept(tmp_path)
    yield found
    found.process.terminate()
    found.process.wait()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_leaves_no_process_behind_when_it_is_told_to_stop(kept: Kept, how: signal.Signals) -> None:
    numbers = kept.numbers(kept.server, 1) + kept.numbers(kept.worker, 1)

    kept.process.send_signal(how)

    assert kept.process.wait(WAIT) == 0
    assert not any(_is_alive(number) for number in numbers)


def test_it_replaces_a_worker_that_dies(kept: Kept) -> None:
    (first,) = kept.numbers(kept.worker, 1)
    os.kill(first, signal.SIGKILL)
    _first, second = kept.numbers(kept.worker, 2)
    assert _is_alive(second)


def test_it_ends_with_its_server(kept: Kept) -> None:
    (worker,) = kept.numbers(kept.worker, 1)
    os.kill(kept.numbers(kept.server, 1)[0], signal.SIGKILL)
    assert kept.process.wait(WAIT) == -signal.SIGKILL % 256
    assert not _is_alive(worker)


def test_it_says_that_it_answers_once_somebody_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    command = [sys.executable, "-c", TELLER, SLOW_TO_ANSWER, str(port), str(tmp_path / "listening")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        first = process.stdout.readline()
        process.terminate()
        rest = process.stdout.read()

    assert (first, rest) == ("True\n", "")
