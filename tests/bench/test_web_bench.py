"""What the benchmark of the site says of a server: small, on the loopback, and never a matter of how quick we are."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import ClassVar

import pytest
from bench.web_dashboard import COLUMNS, Dashboard, install
from bench.web_load import HOST, at_a_rate, one_after_the_other

SLOW = 0.1


class Answers(BaseHTTPRequestHandler):
    """A server with one desk: whoever comes to /slow keeps everybody waiting; a question that is posted is noted."""

    protocol_version = "HTTP/1.1"
    desk: ClassVar = Lock()
    noted: ClassVar[list[dict[str, object]]] = []

    def do_GET(self) -> None:
        with self.desk:
            time.sleep(SLOW if self.path == "/slow" else 0)
        self.answer(404 if self.path == "/missing" else 200, b"page")

    def do_POST(self) -> None:
        self.noted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        row = dict.fromkeys(COLUMNS, 1)
        self.answer(200, json.dumps({"result": [{"data": [row]}]}).encode())

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the library gives it
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    Answers.noted.clear()
    with ThreadingHTTPServer((HOST, 0), Answers) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_a_slow_answer_counts_for_those_that_wait_behind_it(port: int) -> None:
    times = at_a_rate(port, ["/slow"], {}, rate=50, seconds=0.4)

    assert len(times.milliseconds) == 20
    assert times.at(99) > 1000 * SLOW * 10, "twenty questions of 0.1 s were due within 0.4 s"


def test_it_counts_answers_that_are_no_pages(port: int) -> None:
    assert one_after_the_other(port, ["/", "/missing", "/missing"], {}).failed == 2
    assert at_a_rate(port, ["/", "/missing"], {}, rate=100, seconds=0.1).failed == 5


def test_a_dashboard_is_asked_for_one_structure_and_one_month(port: int) -> None:
    served = Dashboard(port, {}, dataset=7, month="2024-11-01")

    assert served.rows("lazio") == [(1, 1, 1)]

    (question,) = Answers.noted
    assert question["datasource"] == {"id": 7, "type": "table"}
    assert json.dumps(question["queries"]).count("lazio") == 1
    assert json.dumps(question["queries"]).count("2024-11-01") == 1


def test_a_dashboard_that_hangs_up_is_a_failure_and_no_crash(port: int) -> None:
    served = Dashboard(port, {}, dataset=7, month="2024-11-01")
    nobody = 9  # the port of "discard", which nothing here listens on

    with closing(http.client.HTTPConnection(HOST, nobody, timeout=5)) as connection:
        assert served.ask(connection, "lazio", {}) == (0, b"")


def test_a_dashboard_that_cannot_be_installed_says_where_to_read_how(tmp_path: Path) -> None:
    broken = tmp_path / "superset"
    broken.write_text("#!/bin/sh\necho No module named rich >&2\nexit 1\n")
    broken.chmod(0o755)

    with pytest.raises(SystemExit, match=r"(?s)'superset db upgrade' failed.*No module named rich.*performance\.md"):
        install(tmp_path, tmp_path, "secret")
