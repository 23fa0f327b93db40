"""A site of its own to be soaked: runs of some quarters, people, an open and a closed campaign, a key.

Everything lies in one folder, and the site is on the loopback alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.web_load import HOST, started

from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, score
from piramide.methodology.loading import find_pack

PACK: Final = "inps-2024"
PERIODS: Final = ("2024-Q2", "2024-Q3", "2024-Q4")
AFTER: Final = 120
"""Seconds that jobs may take to end after the last request."""
PLANNER: Final = "pianificazione@example.org"
_COMMAND: Final = "from piramide.cli.main import run; run()"
_PREPARE: Final = """
import piramide.web.boot, json
from datetime import date, timedelta
from django.utils import timezone
from piramide.demo.people import PASSWORD, PUBLISHED_UNTIL, people
from piramide.demo.duties import invented_work
from piramide.web import operations
from piramide.web.demonstration.waiting_work import publish_older
from piramide.web.accounts.models import User
from piramide.web.api.keys import ACTIONS, Wish, make_key
from piramide.web.collection.campaigns import Opening, open_campaign, set_open
from piramide.web.collection.cells import Typed, write_cell
from piramide.web.collection.asked import without_data
from piramide.web.results.models import RunRecord
from piramide.web.plans_in_force import plan
from piramide.web.results.registry import opened_runs
operations.upgrade()
operations.welcome(people(), PASSWORD)
assert publish_older(invented_work(), date.fromisoformat(PUBLISHED_UNTIL), lambda done, of: None)
planner = User.objects.get(email=PLANNER)
period = PERIOD_SOUGHT
cells = without_data(period)
indicators = frozenset(sorted({cell[1] for cell in cells})[:4])
structures = frozenset(cell[0] for cell in cells)
due = timezone.localdate() + timedelta(days=30)
asked = lambda title: open_campaign(planner, Opening(title, period, due, "", structures, indicators))
closed, written = asked("Soak, closed"), asked("Soak, open")
for ask in closed.asks.all()[:50]:
    write_cell(planner, ask.pk, Typed("1,01", "measured", "", 0))
set_open(planner, closed, is_open=False)
_key, text = make_key(planner, Wish("soak", [action.value for action in ACTIONS], "nazionale", due))
newest, published = RunRecord.objects.order_by("-ends_on")[:2]
scores = opened_runs().opened(newest.run).scores
print(json.dumps({
    "structures": [structure.id for structure in scores.structures],
    "nodes": [[structure.id, structure.nodes[-1].id] for structure in scores.structures],
    "periods": [record.period for record in RunRecord.objects.all()],
    "indicators": list(plan().indicators), "run": published.run, "key": text,
    "open": written.pk, "closed": closed.pk,
    "asks": list(written.asks.values_list("pk", flat=True)[:200]),
    "sheets": sorted(set(written.asks.values_list("structure", flat=True))),
}))
"""
_KEPT: Final = """
import piramide.web.boot, json, time
from piramide.web.audit.chain import check_chain
from piramide.web.collection.models import Ask
from piramide.web.jobs.models import LIVE, Job
until = time.monotonic() + AFTER
while Job.objects.filter(state__in=LIVE).exists() and time.monotonic() < until:
    time.sleep(0.5)
asks = Ask.objects.filter(campaign=CAMPAIGN).select_related("current").prefetch_related("versions")
print(json.dumps({
    "cells": {ask.pk: [v.value for v in sorted(ask.versions.all(), key=lambda v: v.number)] for ask in asks},
    "current": {ask.pk: ask.current.value if ask.current else "" for ask in asks},
    "jobs": [[str(job.pk), job.state, job.outcome] for job in Job.objects.all()],
    "register": check_chain().is_whole,
}))
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database holds: versions of each cell, the one that holds, jobs (id, state, outcome), the register."""

    cells: Mapping[int, Sequence[str]]
    current: Mapping[int, str]
    jobs: Sequence[tuple[str, str, str]]
    is_register_whole: bool


@dataclass(frozen=True, slots=True)
class Site:
    """The installation in `folder`; `told` is what there is to ask for."""

    folder: Path
    database: str
    told: dict[str, Any]

    def serving(self) -> AbstractContextManager[tuple[int, int]]:
        """The port and the process of the site: two processes of four threads and a worker, as `piramide serve`."""
        return started(_serve, _environment(self.folder, self.database))

    def kept(self) -> Kept:
        """What the database holds once no job waits or runs any more, or `AFTER` seconds from now."""
        code = _KEPT.replace("CAMPAIGN", str(self.told["open"])).replace("AFTER", str(AFTER))
        found = json.loads(_inside(code, _environment(self.folder, self.database)))
        return Kept(
            {int(key): values for key, values in found["cells"].items()},
            {int(key): value for key, value in found["current"].items()},
            [(key, state, outcome) for key, state, outcome in found["jobs"]],
            found["register"],
        )


def make_site(folder: Path, database: str = "", periods: Sequence[str] = PERIODS) -> Site:
    """Score quarters of invented values and make a site of them; with SQLite unless `database` is an address."""
    values = find_pack(PACK) / "demonstration" / "values" / "2024.csv"
    for period in periods:
        score(Request(PACK, values, period, demonstration=True), [], Store(folder / "store"))
    code = _PREPARE.replace("PLANNER", repr(PLANNER)).replace("PERIOD_SOUGHT", repr(periods[-1]))
    told = json.loads(_inside(code, _environment(folder, database)))
    return Site(folder, database, told)


def _serve(port: int) -> list[str]:
    """The command of the product, as an operator gives it."""
    return [
        sys.executable,
        "-c",
        _COMMAND,
        "serve",
        "--host",
        HOST,
        "--port",
        str(port),
        "--workers",
        "2",
        "--with-worker",
    ]


def _environment(folder: Path, database: str) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PIRAMIDE_")}
    if assets := os.environ.get("PIRAMIDE_ASSETS"):
        ours["PIRAMIDE_ASSETS"] = assets
    return ours | {
        "PIRAMIDE_DATA": str(folder / "data"), "PIRAMIDE_STORE": str(folder / "store"), "PIRAMIDE_DEMONSTRATION": "1",
        "DJANGO_SETTINGS_MODULE": "piramide.web.settings",
        **({"PIRAMIDE_DATABASE_URL": database} if database else {}),
    }  # fmt: skip


def _inside(code: str, environment: dict[str, str]) -> str:
    """What `code` prints inside the site; what it complained of, when it fails."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)  # noqa: S603 - our own
    if done.returncode:
        raise SystemExit(f"The site cannot be made or read.\n{done.stderr[-2000:]}")
    return done.stdout.strip().splitlines()[-1]
