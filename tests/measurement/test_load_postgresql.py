"""Rows of a query on a real PostgreSQL cluster, which the test starts and stops."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from piramide.kernel.findings import Refusal
from piramide.measurement.contract import contract
from piramide.measurement.loading.load import LoadReport, Terms, load
from piramide.measurement.loading.sources import open_source
from tests.measurement.loads import HEADER, LEARNED_ON, ORGANISATION, Office, row, sound_rows, work_text
from tests.postgresql import cluster

pytestmark = pytest.mark.postgresql

TERMS = Terms(ORGANISATION, LEARNED_ON)
ROWS = [
    *sound_rows(50),
    row("città", "received", "2024-01-10"),
    row("città", "resolved", "2024-02-10", "2024-01-10"),
]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Address of a database on a port of the loopback alone."""
    with cluster() as address:
        yield address


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
