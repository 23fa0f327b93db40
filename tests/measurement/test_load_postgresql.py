"""Rows of a query on a real PostgreSQL cluster, which the test starts and stops."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from piramide.kernel.findings import Refusal
from piramide.measurement.contract import contract
from piramide.measurement.loading.load import LoadReport, Terms, load
from piramide.measurement.loading.sources import open_source
from tests.measurement.loads import HEADER, LEARNED_ON, ORGANISATION, Office, row, sound_rows, work_text

TERMS = Terms(ORGANISATION, LEARNED_ON)
ROWS = [
    *sound_rows(50),
    row("città", "received", "2024-01-10"),
    row("città", "resolved", "2024-02-10", "2024-01-10"),
]


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


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
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


@pytest.fixture(scope="module")
def filled(url: str) -> str:
    """The database with a table of work, typed as a database types it."""
    with psycopg.connect(url) as connection:
        connection.execute(
            'CREATE TABLE cases ("case" text, entry text, day date, product text, office_of_competence text,'
            " office_of_work text, received_on date, outcome text, staff_hours numeric(8,2), reversed_entry text,"
            " status text, automated boolean DEFAULT false)"
        )
        with connection.cursor().copy(
            f"COPY cases ({HEADER.replace('case', chr(34) + 'case' + chr(34), 1)}) FROM STDIN (FORMAT csv)"
        ) as copy:
            copy.write("\n".join(ROWS))
    return url


def load_query(office: Office, url: str, query: str) -> LoadReport:
    return load(office.ledger, contract("work"), open_source(url, query), TERMS)


def test_it_gives_the_entries_of_csv(tmp_path: Path, filled: str) -> None:
    plain, asked = Office(tmp_path / "csv"), Office(tmp_path / "query")
    plain.load("work", work_text(ROWS))

    report = load_query(asked, filled, "SELECT * FROM cases;")

    lines = {"source_line": 0}
    assert report.reasons == {}
    assert [e | lines for e in asked.entries()] == [e | lines for e in plain.entries()]


def test_it_keeps_no_password(office: Office, filled: str) -> None:
    report = load_query(office, filled, "SELECT * FROM cases")

    assert "secret" not in (report.load.folder / "manifest.json").read_text()
    assert report.load.manifest["source"].startswith("postgresql://ada@127.0.0.1:")


def test_it_recognises_the_same_rows(office: Office, filled: str) -> None:
    load_query(office, filled, "SELECT * FROM cases")

    with pytest.raises(Refusal, match="FA002"):
        load_query(office, filled, "SELECT * FROM cases")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("SELECT * FROM nothing", "FA014"),
        ("SELECT * FROM cases WHERE false", "FA006"),
        ("SELECT 1 AS one", "FA003"),
        ("DELETE FROM cases RETURNING *", "FA014"),
    ],
)
def test_it_refuses_what_is_no_source(office: Office, filled: str, query: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        load_query(office, filled, query)

    assert refused.value.findings[0].code == code
    with psycopg.connect(filled) as connection:
        assert connection.execute("SELECT count(*) FROM cases").fetchall() == [(len(ROWS),)]


def test_it_says_that_nobody_answers(office: Office) -> None:
    with pytest.raises(Refusal, match="FA014"):
        load_query(office, "postgresql://ada@127.0.0.1:1/postgres", "SELECT 1")


def test_it_wants_a_query(url: str) -> None:
    with pytest.raises(Refusal, match="FA015"):
        open_source(url)
