"""The site under load, on this machine, beside the site that one writes first.

    .venv/bin/python -m bench.web --store store [--database postgresql://…] [--seconds 20] [--rate 100]
                                  [--superset superset-venv/bin]

Makes an installation of its own over a store that holds runs, serves it with two processes, asks every page once, then
asks pages at a steady rate: a request is timed from the moment it was due, so that a slow answer counts for those that
had to wait behind it. Then the same of a plain view and, if it is told where one is installed, of Apache Superset.
Everything talks to the loopback and stops by itself.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.web_dashboard import dashboard
from bench.web_load import HOST, at_a_rate, get, granian, one_after_the_other, serving, show

WAKING = 5.0
"""Seconds in which both processes read the newest runs."""
LEAST_WARM = 2.0
"""Seconds of a page asked for before it is timed."""
PEOPLE = "pianificazione@example.org"
SIGN_IN = """
import piramide.web.boot
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from piramide.web.accounts.models import User
user = User.objects.get(email={email!r})
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""
STRUCTURES = """
import piramide.web.boot
from piramide.web.results.models import RunRecord
from piramide.web.plans_in_force import plan
from piramide.web.results.registry import opened_runs
record = RunRecord.objects.first()
print(" ".join(s.id for s in opened_runs().opened(record.run).scores.structures[:150]))
print(" ".join(list(plan().indicators)[:60]))
print(" ".join(r.period for r in RunRecord.objects.filter(pack=record.pack)))
print(" ".join(f"{plan().id}/linee/{line}" for line in plan().chain.lines))
"""
FILL_PLAIN = """
import django; django.setup()
from datetime import date
from django.core.management import call_command
call_command("migrate", run_syncdb=True, verbosity=0)
from bench.web_plain.models import Result
from piramide.cycle.runs.opened_runs import OpenedRuns
from piramide.cycle.runs.store import Store
from piramide.kernel.periods import parse_period
import os
from pathlib import Path
runs = OpenedRuns(Store(Path(os.environ["PIRAMIDE_STORE"])))
for run_id in runs.run_ids():
    opened = runs.opened(run_id)
    day = parse_period(opened.run.manifest["period"]).start
    Result.objects.bulk_create([
        Result(structure=s.id, node=n.id, label=n.label, month=day, weight=n.weight, index=n.index)
        for s in opened.scores.structures for n in s.nodes
    ], batch_size=5000)
print(Result.objects.count())
"""


def run_in_site(code: str, environment: dict[str, str]) -> str:
    """What `code` prints inside the site."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    return done.stdout.strip()


def weight(port: int, address: str, headers: dict[str, str]) -> tuple[int, int]:
    """Bytes that a browser receives for a page with its style sheets and scripts, without fonts; and for it alone."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    _status, body = get(connection, address, headers | {"Accept-Encoding": "gzip"})
    total = page = len(body)
    text = gzip.decompress(body).decode()
    linked = {part.split('"')[0] for mark in ('href="/static/', 'src="/static/') for part in text.split(mark)[1:]}
    for name in {part.partition("#")[0] for part in linked}:
        _status, file = get(connection, f"/static/{name}", {"Accept-Encoding": "gzip"})
        total += len(file)
    return total, page


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--database", default="")
    parser.add_argument("--rate", type=float, default=100)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--superset", type=Path, help="folder of the commands of an Apache Superset")
    asked = parser.parse_args()
    if asked.superset and not (asked.superset / "superset").is_file():
        parser.error(f"--superset: no command 'superset' in {asked.superset}. Name the folder 'bin' of its venv.")
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "PIRAMIDE_STORE": str(asked.store.absolute()), "PIRAMIDE_DATA": folder, "PIRAMIDE_DEMONSTRATION": "1",
            "DJANGO_SETTINGS_MODULE": "piramide.web.settings",
        }  # fmt: skip
        if asked.database:
            environment["PIRAMIDE_DATABASE_URL"] = asked.database
        run_in_site("from piramide.cli.main import run; import sys; sys.argv[1:] = ['upgrade']; run()", environment)
        session = run_in_site(SIGN_IN.format(email=PEOPLE), environment)
        told = run_in_site(STRUCTURES, environment).splitlines()
        structures, indicators, periods, lines = (line.split() for line in told)
        kinds = {
            "pyramid": ["/"],
            "structure sheet": [f"/strutture/{name}/" for name in structures],
            "indicator": [f"/indicatori/{name}/" for name in indicators],
            "chain": ["/strategia/", *(f"/strategia/{line}/" for line in lines)],
        }
        signed_in = {"Cookie": f"sessionid={session}", "Accept-Encoding": "gzip"}
        print("| Page | answers | p50, ms | p99, ms | not 200 |\n|---|---:|---:|---:|---:|")
        with serving(granian("--factory", "piramide.web.wsgi:awake"), environment) as port:
            show("pyramid, the first page after a start", one_after_the_other(port, ["/"], signed_in))
            at_a_rate(port, ["/"], signed_in, 4, WAKING)  # both processes have read their runs then
            for name, addresses in (kinds | {"pyramid": [f"/?periodo={period}" for period in periods]}).items():
                show(f"{name}, first time", one_after_the_other(port, addresses, signed_in))
            for name, addresses in kinds.items():
                at_a_rate(port, addresses, signed_in, 40, max(LEAST_WARM, len(addresses) / 10))  # all rendered once
                show(
                    f"{name}, {asked.rate:g} a second", at_a_rate(port, addresses, signed_in, asked.rate, asked.seconds)
                )
            for name, addresses in kinds.items():
                total, page = weight(port, addresses[0], signed_in)
                print(f"| weight of {name}: {total / 1024:.0f} KB in all, the page {page / 1024:.0f} KB | | | | |")
        table = Path(folder) / "plain.sqlite3"
        plain(environment, table, structures, asked.rate, asked.seconds)
        if asked.superset:
            dashboard(asked.superset.absolute(), table, structures, asked.rate, asked.seconds)


def plain(environment: dict[str, str], table: Path, structures: Sequence[str], rate: float, seconds: float) -> None:
    """The same table served by a view that sums rows."""
    settings = {"DJANGO_SETTINGS_MODULE": "bench.web_plain.settings", "PLAIN_DATABASE": str(table)}
    told = {k: v for k, v in environment.items() if k != "PIRAMIDE_DATABASE_URL"} | settings
    rows = run_in_site(FILL_PLAIN, told)
    addresses = [f"/strutture/{name}/" for name in structures]
    with serving(granian("bench.web_plain.wsgi:application"), told) as port:
        show(f"plain view over {int(rows):,} rows, first time", one_after_the_other(port, addresses, {}))
        slower = min(rate, 25)
        show(f"plain view, {slower:g} a second", at_a_rate(port, addresses, {}, slower, seconds))
        show(f"plain view, {rate:g} a second", at_a_rate(port, addresses, {}, rate, seconds))


if __name__ == "__main__":
    main()
