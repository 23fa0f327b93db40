"""A PostgreSQL cluster of one's own, on a free port of the loopback, that is gone afterwards.

As a command it runs another one with the web tests on it: `python -m tests.postgresql pytest tests/web`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "PIRAMIDE_TEST_DATABASE_URL"


def server_programs() -> Path:
    """The folder of PostgreSQL's server programs: Debian keeps them off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else Path(shutil.which("initdb") or "initdb").resolve().parent


def unprivileged() -> dict[str, int]:
    """Root may not run a server: then it runs as nobody."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


@contextmanager
def cluster() -> Iterator[str]:
    """Address of a database on a port of the loopback alone."""
    folder, programs, who = Path("/tmp") / f"pg-{os.getpid()}", server_programs(), unprivileged()  # noqa: S108 - sockets need a short path
    folder.mkdir(mode=0o700)
    if who:
        os.chown(folder, who["user"], who["group"])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    settings = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
    initdb = [str(programs / "initdb"), "-D", str(data), "-U", "ada", "-A", "trust", "-E", "UTF8", "--no-sync"]
    try:
        subprocess.run([*initdb, "--locale=C.UTF-8"], check=True, capture_output=True, cwd="/", **who)  # type: ignore[call-overload]
        subprocess.run([*control, "-o", settings, "start"], check=True, capture_output=True, cwd="/", **who)  # type: ignore[call-overload]
        try:
            yield f"postgresql://ada:secret@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd="/", **who)  # type: ignore[call-overload]
    finally:
        shutil.rmtree(folder)


def main() -> int:
    """Run a command with the address of the cluster in its environment; its exit code. Told to stop, it cleans up."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    with cluster() as url:
        return subprocess.run(sys.argv[1:], env=os.environ | {VARIABLE: url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
