"""The processes of a site that one command keeps: the server, and the worker beside it."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Sequence
from typing import Final

BETWEEN_LOOKS: Final = 5.0
"""Seconds in which a worker that died is missed."""


def keep_running(server: Sequence[str], worker: Sequence[str] = ()) -> int:
    """Run `server` until it ends or this process is told to (Ctrl+C, SIGTERM); its exit code, 0 when told.

    A `worker` that dies is started again, so that jobs do not wait for ever. Neither outlives this process's own end:
    systemd, a container and a terminal stop the command alone.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    running = {"server": subprocess.Popen(server)}  # noqa: S603 - our own server
    try:
        while True:
            if worker and ("worker" not in running or running["worker"].poll() is not None):
                running["worker"] = subprocess.Popen(worker)  # noqa: S603 - our own worker
            try:
                return running["server"].wait(BETWEEN_LOOKS)
            except subprocess.TimeoutExpired:
                continue
    except KeyboardInterrupt:
        return 0
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.wait()
