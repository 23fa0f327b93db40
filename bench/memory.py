"""Memory of one process of the site over the runs of ten years of a thousand structures.

    .venv/bin/python -m bench.memory [--structures 1000] [--years 10] [--data FOLDER]

Writes a plan for each year, all with the same sheets of 24 indicators under five objectives, scores each month, makes
an installation over these runs and serves it with one process. Tells the share of memory (PSS) of that process once it
has read its runs, and after the home page and a sheet of every month were asked for once. The runs stay in the folder,
so that a second call only measures. Everything talks to the loopback and stops by itself.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from bench.soak_processes import below
from bench.web import PEOPLE, SIGN_IN, run_in_site
from bench.web_load import HOST, one_after_the_other, show, started

from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, score

OBJECTIVES = 5
INDICATORS = 24
LAST_YEAR = 2024
WAKING = 20.0
"""Seconds in which a process reads its runs."""
PACK = """id: memory-{year}
label: Piano {year}
administration: Ente di prova (inventato)
year: {year}
validity: {{from: {year}-01-01, until: {next}-01-01}}
cap: {{value: 0.5, act: piano, place: art. 4}}
acts:
  piano: {{label: Piano, kind: Delibera, number: "3", day: {year}-01-28}}
organisation:
  nazionale: {{label: Ente di prova, kind: national}}
{structures}
indicators:
{indicators}
"""

PERIODS = """
import piramide.web.boot
from piramide.web.results.models import RunRecord
print(" ".join(record.period for record in RunRecord.objects.all()))
"""
PLANNER = f"""
import piramide.web.boot
from datetime import date
from piramide.web.accounts.models import Grant, User
from piramide.web.accounts.roles import Role
user = User.objects.create_user({PEOPLE!r}, "Prova", None)
Grant.objects.create(user=user, role=Role.PLANNER, structure="nazionale", since=date(2024, 1, 1))
"""
HEADER = "structure,node,parent,kind,label,weight,weight_source,target,act,place"


def write_pack(folder: Path, year: int, structures: int) -> Path:
    """A plan of a year: a nation and offices under it, each with the same sheet."""
    names = [f"ufficio_{at:04d}" for at in range(1, structures)]
    indicators = [f"indicatore_{at:02d}" for at in range(INDICATORS)]
    rule = "{{label: Indicatore {at}, unit: ratio, direction: up, rule: gap_up, act: piano, place: p. {at}}}"
    text = PACK.format(
        year=year,
        next=year + 1,
        structures="\n".join(f"  {name}: {{label: {name}, kind: region, parent: nazionale}}" for name in names),
        indicators="\n".join(f"  {name}: " + rule.format(at=at + 1) for at, name in enumerate(indicators)),
    )
    rows = [HEADER]
    each = INDICATORS // OBJECTIVES + 1
    for name in ("nazionale", *names):
        for objective in range(OBJECTIVES):
            rows.append(
                f"{name},obiettivo_{objective},,objective,Obiettivo {objective},0.2,stated,,piano,p. {objective + 1}"
            )
            mine = indicators[objective * each : (objective + 1) * each]
            rows += [
                f"{name},{one},obiettivo_{objective},indicator,{one},1/{len(mine)},stated,1,piano,p. 9" for one in mine
            ]
    (folder / "trees").mkdir(parents=True)
    (folder / "pack.yaml").write_text(text)
    (folder / "trees" / "ente.csv").write_text("\n".join(rows) + "\n")
    return folder


def write_values(file: Path, period: str, structures: int, seed: int) -> Path:
    """Drawn values of every indicator of every structure in one month."""
    drawn = np.random.default_rng(seed).uniform(0.7, 1.3, (structures, INDICATORS)).round(4)
    with file.open("w") as out:
        out.write("structure,indicator,period,value\n")
        for at, row in enumerate(drawn):
            name = f"ufficio_{at:04d}" if at else "nazionale"
            out.writelines(f"{name},indicatore_{place:02d},{period},{value}\n" for place, value in enumerate(row))
    return file


def make_runs(folder: Path, structures: int, years: int) -> Store:
    """The runs of all months, those that are not there yet."""
    store = Store(folder / "store")
    for year in range(LAST_YEAR + 1 - years, LAST_YEAR + 1):
        pack = folder / f"memory-{year}"
        if not pack.exists():
            write_pack(pack, year, structures)
        for month in range(1, 13):
            done = folder / f"{year}-{month:02d}.csv"
            if not done.exists():
                part = write_values(folder / "values.csv", f"{year}-{month:02d}", structures, 12 * year + month)
                score(Request(str(pack), part, f"{year}-{month:02d}"), [], store)
                part.rename(done)
    return store


def memory(process: int) -> float:
    """Megabytes (PSS) of the process that answers, the largest of those of the server."""
    return max(one.memory for one in below(process)) / 1e6


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--structures", type=int, default=1000)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--data", type=Path, default=Path("/tmp/piramide-memory"))  # noqa: S108 - a default to change
    asked = parser.parse_args()
    folder = asked.data.resolve() / f"{asked.structures}-{asked.years}"
    folder.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    store = make_runs(folder, asked.structures, asked.years)
    print(f"runs made in {time.perf_counter() - began:.0f} s")
    with tempfile.TemporaryDirectory() as data:
        environment = os.environ | {
            "PIRAMIDE_STORE": str(store.root), "PIRAMIDE_DATA": data,
            "DJANGO_SETTINGS_MODULE": "piramide.web.settings", "MALLOC_ARENA_MAX": "2",
            "PIRAMIDE_PACKS": str(folder), "PIRAMIDE_PACK": f"memory-{LAST_YEAR}",
        }  # fmt: skip
        run_in_site("from piramide.cli.main import run; import sys; sys.argv[1:] = ['upgrade']; run()", environment)
        run_in_site(PLANNER, environment)
        signed_in = {"Cookie": f"sessionid={run_in_site(SIGN_IN.format(email=PEOPLE), environment)}"}
        months = run_in_site(PERIODS, environment).split()
        asks = {
            "home page of each month": [f"/?periodo={month}" for month in months],
            "sheet of an office in each month": [f"/strutture/ufficio_0007/?periodo={month}" for month in months],
            "sheets of 200 offices": [f"/strutture/ufficio_{at:04d}/" for at in range(1, min(201, asked.structures))],
        }
        with started(_serve, environment) as (port, process):
            time.sleep(WAKING)
            print(f"woken up, nothing asked: {memory(process):.0f} MB", flush=True)
            for name, addresses in asks.items():
                show(name, one_after_the_other(port, addresses, signed_in))
                print(f"after it: {memory(process):.0f} MB", flush=True)


def _serve(port: int) -> list[str]:
    """One process of four threads."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--workers", "1",
        "--blocking-threads", "4", "--no-ws", "--log-level", "error", "--factory", "piramide.web.wsgi:awake",
    ]  # fmt: skip


if __name__ == "__main__":
    main()
