"""The sheet of a structure as Apache Superset answers it: what an office would install instead of writing a site.

    .venv/bin/python -m bench.web --store store --superset superset-venv/bin

Makes a Superset of its own in a temporary folder, gives it the table that the plain view sums, serves it with two
processes of four threads and asks for the rows of a structure in the last month. It is shown at its best: answers are
kept in files that both processes read, nobody's acts are logged, nothing is limited, and what is timed is the JSON of
one table, without the page around it.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import sqlite3
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.web_load import HOST, at_a_rate, one_after_the_other, serving, show

TABLE = "web_plain_result"
COLUMNS = ("label", "weight", "index")
QUESTION = "/api/v1/chart/data"
ADMINISTRATOR = "administrator"
WAKING = 5.0
"""Seconds in which both processes import what they answer with."""
HELD = 500.0
"""Milliseconds that 99 of 100 answers may take at a rate that is held: beyond, questions pile up."""
SHARES = (1.0, 0.75, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05)
"""Shares of the rate asked for that are tried, until one is held."""
CONFIGURATION = """
from superset.utils.log import AbstractEventLogger

class NothingLogged(AbstractEventLogger):
    def log(self, *args, **kwargs):
        pass

SECRET_KEY = {secret!r}
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"
PREVENT_UNSAFE_DB_CONNECTIONS = False
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
CONTENT_SECURITY_POLICY_WARNING = False
RATELIMIT_ENABLED = False
AUTH_RATE_LIMITED = False
JWT_ACCESS_TOKEN_EXPIRES = False
EVENT_LOGGER = NothingLogged()
LOG_LEVEL = "ERROR"
CACHE_CONFIG = DATA_CACHE_CONFIG = FILTER_STATE_CACHE_CONFIG = EXPLORE_FORM_DATA_CACHE_CONFIG = {{
    "CACHE_TYPE": "FileSystemCache",
    "CACHE_DIR": "{folder}/cache",
    "CACHE_DEFAULT_TIMEOUT": 86400,
    "CACHE_THRESHOLD": 100000,
}}
"""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A Superset that is being served: where, as whom it is asked, and the dataset over the table."""

    port: int
    headers: dict[str, str]
    dataset: int
    month: str

    def ask(self, connection: http.client.HTTPConnection, structure: str, headers: dict[str, str]) -> tuple[int, bytes]:
        """The rows of a structure in the month."""
        question = {
            "datasource": {"id": self.dataset, "type": "table"},
            "queries": [{
                "columns": COLUMNS,
                "filters": [
                    {"col": "structure", "op": "==", "val": structure},
                    {"col": "month", "op": "==", "val": self.month},
                ],
                "row_limit": 1000,
            }],
            "result_format": "json",
            "result_type": "full",
        }  # fmt: skip
        return post(connection, QUESTION, question, headers)

    def rows(self, structure: str) -> list[tuple[object, ...]]:
        """What it answers, without the envelope."""
        with closing(http.client.HTTPConnection(HOST, self.port, timeout=60)) as connection:
            status, body = self.ask(connection, structure, self.headers)
        if status != 200:
            raise SystemExit(f"Superset refuses the rows of {structure} with {status}: {body[:300]!r}")
        (answered,) = json.loads(body)["result"]
        return [tuple(row[column] for column in COLUMNS) for row in answered["data"]]


def post(
    connection: http.client.HTTPConnection, address: str, said: object, headers: dict[str, str]
) -> tuple[int, bytes]:
    """Send JSON and read the whole answer; a connection that breaks is a failure with status 0."""
    try:
        connection.request("POST", address, json.dumps(said), headers | {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0, b""


def install(commands: Path, folder: Path, password: str) -> dict[str, str]:
    """The environment of a Superset made in this folder."""
    configuration = folder / "superset_config.py"
    configuration.write_text(CONFIGURATION.format(secret=secrets.token_hex(), folder=folder))
    ours = ("PIRAMIDE_", "PYTHON", "DJANGO_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {
        "SUPERSET_CONFIG_PATH": str(configuration), "SUPERSET_HOME": str(folder), "HOME": str(folder),
        "FLASK_APP": "superset.app:create_app()",
    }  # fmt: skip
    who = ["--username", ADMINISTRATOR, "--firstname", "A", "--lastname", "B", "--email", "a@example.org"]
    for command in (["db", "upgrade"], ["fab", "create-admin", *who, "--password", password], ["init"]):
        done = subprocess.run(  # noqa: S603 - the program that the user names
            [str(commands / "superset"), *command], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            told = "\n".join((done.stdout + done.stderr).splitlines()[-5:])
            raise SystemExit(
                f"{commands}: 'superset {' '.join(command[:2])}' failed.\n{told}\n"
                "Install it as docs/performance.md says, section 'The site', or leave out --superset."
            )
    return environment


def connected(port: int, password: str, table: Path) -> Dashboard:
    """Signed in, with a dataset over the table of this SQLite file."""
    headers: dict[str, str] = {}
    with closing(http.client.HTTPConnection(HOST, port, timeout=120)) as connection:

        def made(address: str, said: dict[str, object], name: str) -> str:
            status, body = post(connection, address, said, headers)
            if status not in {200, 201}:
                raise SystemExit(f"Superset refuses {address} with {status}: {body[:300]!r}")
            return str(json.loads(body)[name])

        person = {"username": ADMINISTRATOR, "password": password, "provider": "db", "refresh": False}
        headers["Authorization"] = f"Bearer {made('/api/v1/security/login', person, 'access_token')}"
        database = made("/api/v1/database/", {"database_name": "plain", "sqlalchemy_uri": f"sqlite:///{table}"}, "id")
        told = {"database": int(database), "schema": "main", "table_name": TABLE}
        dataset = made("/api/v1/dataset/", told, "id")
    with closing(sqlite3.connect(table)) as plain:
        (month,) = plain.execute(f"SELECT max(month) FROM {TABLE}").fetchone()  # noqa: S608 - our own constant
    return Dashboard(port, headers, int(dataset), month)


def check(served: Dashboard, table: Path, structure: str) -> None:
    """Refuse to time answers that are not the rows of the table."""
    query = f'SELECT label, weight, "index" FROM {TABLE} WHERE structure = ? AND month = ?'  # noqa: S608 - our own
    with closing(sqlite3.connect(table)) as plain:
        rows = plain.execute(query, (structure, served.month)).fetchall()
    if not rows or sorted(rows, key=repr) != sorted(served.rows(structure), key=repr):
        raise SystemExit(f"Superset answers other rows than the table holds for {structure} in {served.month}.")


def dashboard(commands: Path, table: Path, structures: Sequence[str], rate: float, seconds: float) -> None:
    """Rows of the table of bench.web: a Superset asked for the sheet of each structure."""
    with tempfile.TemporaryDirectory() as name:
        password = secrets.token_urlsafe()
        environment = install(commands, Path(name), password)
        with serving(lambda port: gunicorn(commands, port), environment) as port:
            served = connected(port, password, table)
            at_a_rate(port, ["nowhere"], served.headers, 4, WAKING, served.ask)
            show(
                "Superset, JSON of one table, first time",
                one_after_the_other(port, structures, served.headers, served.ask),
            )
            check(served, table, structures[0])
            show_rates(served, structures, rate, seconds)


def gunicorn(commands: Path, port: int) -> list[str]:
    """Superset's usual server, with as many processes and threads as the others."""
    return [
        str(commands / "gunicorn"), "--bind", f"{HOST}:{port}", "--workers", "2", "--worker-class", "gthread",
        "--threads", "4", "--keep-alive", "60", "--log-level", "error", "superset.app:create_app()",
    ]  # fmt: skip


def show_rates(served: Dashboard, structures: Sequence[str], rate: float, seconds: float) -> None:
    """The rate that everybody is asked at and, where it is not held, the highest one that is."""
    for share in SHARES:
        times = at_a_rate(served.port, structures, served.headers, rate * share, seconds, served.ask)
        held = times.at(99) < HELD and not times.failed
        if held or share == 1:
            show(f"Superset, JSON of one table, {rate * share:g} a second{'' if held else ', not held'}", times)
        if held:
            return
