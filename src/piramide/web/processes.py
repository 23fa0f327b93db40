"""The processes of a site that one command keeps: the server, and the worker beside it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

BETWEEN_STARTS: Final = 5.0
"""Seconds at least from one worker to the next, so that one that cannot start costs little."""
GIVES_WAY: Final = 10
"""How much a worker gives way (`nice`) to the processes that answer beside it."""
_TICK: Final = 0.1


def keep_running(
    server: Sequence[str], worker: Sequence[str], address: tuple[str, int], answers: Callable[[], None]
) -> int:
    """Run `server` until it ends or this process is told to (Ctrl+C, SIGTERM); its exit code, 0 when told.

    `answers` is called once, as soon as somebody listens at `address` (host, port): a server takes seconds to start.

    A `worker` that dies is started again, so that jobs do not wait for ever. Neither outlives this process's own end:
    systemd, a container and a terminal stop the command alone.
    """
    told: list[int] = []  # a handler that raised could interrupt the library in the middle of a wait
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda this, _frame: told.append(this))
    running = {"server": subprocess.Popen(server)}  # noqa: S603 - our own server
    started_at = float("-inf")
    is_heard = False
    try:
        while not told:
            if (code := running["server"].poll()) is not None:
                return code
            if not is_heard and _listens(address):
                is_heard = True
                answers()
            is_missed = worker and ("worker" not in running or running["worker"].poll() is not None)
            if is_missed and time.monotonic() - started_at >= BETWEEN_STARTS:
                running["worker"] = subprocess.Popen(worker)  # noqa: S603 - our own worker
                _give_way(running["worker"].pid)
                started_at = time.monotonic()
            time.sleep(_TICK)
        return 0
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.wait()


def _give_way(process: int) -> None:
    """Let a process have what the others leave; one that is gone already needs nothing."""
    with suppress(ProcessLookupError, PermissionError):
        os.setpriority(os.PRIO_PROCESS, process, GIVES_WAY)


def _listens(address: tuple[str, int]) -> bool:
    """Whether somebody takes connections at a host and port."""
    try:
        socket.create_connection(address, timeout=1).close()
    except OSError:
        return False
    return True
