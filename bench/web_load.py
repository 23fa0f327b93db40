"""Questions to a server on this machine, and how long their answers take.

A question is timed from the moment it was due, so that a slow answer counts for those that had to wait behind it.
Everything talks to the loopback and stops by itself.
"""

from __future__ import annotations

import http.client
import os
import queue
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

HOST = "127.0.0.1"
CONNECTIONS = 8
PATIENCE_TO_START = 180.0
"""Seconds that a server may take to open its port, on a machine that other work keeps busy."""
PATIENCE_TO_STOP = 20.0
"""Seconds after which a server that was told to stop is killed."""
Ask = Callable[[http.client.HTTPConnection, str, dict[str, str]], tuple[int, bytes]]
"""How something of this name is asked for: the status and the body of the answer."""
Command = Callable[[int], list[str]]
"""The words that start a server on a port."""


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of answers, and how many were refused or failed."""

    milliseconds: Sequence[float]
    failed: int

    def at(self, percent: float) -> float:
        """The time that `percent` of the answers took at the most."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def granian(*application: str) -> Command:
    """A server of two processes of four threads each."""
    return lambda port: [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "2",
        "--blocking-threads", "4", "--no-ws", "--log-level", "error", *application,
    ]  # fmt: skip


@contextmanager
def started(command: Command, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """The port and the process id of a server that answers, and is stopped afterwards whatever it is doing.

    Raises `SystemExit` when it ends by itself, or has not opened its port within `PATIENCE_TO_START`.
    """
    port = free_port()
    server = subprocess.Popen(command(port), env=environment, stdout=sys.stderr, start_new_session=True)  # noqa: S603 - our own server
    try:
        _wait_for(server, port)
        yield port, server.pid
    finally:
        _stop(server)


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE_TO_START
    while time.monotonic() < until:
        if (code := server.poll()) is not None:
            raise SystemExit(f"The server ended with {code} before it answered: what it said stands above.")
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"The server did not open its port within {PATIENCE_TO_START:g} s.")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Stop a server and what it started: one that was told while it starts may never hear it."""
    server.terminate()
    try:
        server.wait(PATIENCE_TO_STOP)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@contextmanager
def serving(command: Command, environment: dict[str, str]) -> Iterator[int]:
    """The port of a server, that is stopped afterwards."""
    with started(command, environment) as (port, _process):
        yield port


def get(connection: http.client.HTTPConnection, address: str, headers: dict[str, str]) -> tuple[int, bytes]:
    """Ask for a page and read all of it."""
    connection.request("GET", address, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def one_after_the_other(port: int, addresses: Sequence[str], headers: dict[str, str], ask: Ask = get) -> Times:
    """Every page once."""
    times, failed = [], 0
    with closing(http.client.HTTPConnection(HOST, port, timeout=60)) as connection:
        for address in addresses:
            began = time.perf_counter()
            status, _body = ask(connection, address, headers)
            times.append(1000 * (time.perf_counter() - began))
            failed += status != 200
    return Times(times, failed)


def at_a_rate(
    port: int, addresses: Sequence[str], headers: dict[str, str], rate: float, seconds: float, ask: Ask = get
) -> Times:
    """`rate` requests a second, each timed from when it was due."""
    due: queue.SimpleQueue[tuple[float, str] | None] = queue.SimpleQueue()
    times: list[float] = []
    failed: list[int] = []

    def work() -> None:
        with closing(http.client.HTTPConnection(HOST, port, timeout=60)) as connection:
            while (item := due.get()) is not None:
                status, _body = ask(connection, item[1], headers)
                times.append(1000 * (time.perf_counter() - item[0]))
                failed.append(status != 200)

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    began = time.perf_counter()
    for number in range(int(rate * seconds)):
        moment = began + number / rate
        time.sleep(max(0.0, moment - time.perf_counter()))
        due.put((moment, addresses[number % len(addresses)]))
    for _thread in threads:
        due.put(None)
    for thread in threads:
        thread.join()
    return Times(times, sum(failed))


def show(name: str, times: Times) -> None:
    """One row of the table."""
    p50 = statistics.median(times.milliseconds)
    print(f"| {name} | {len(times.milliseconds)} | {p50:.1f} | {times.at(99):.1f} | {times.failed} |", flush=True)
