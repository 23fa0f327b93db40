"""One administration for all witnesses: facts generated, loaded, measured, scored, published by the real commands."""

from __future__ import annotations

import tests.web.started  # noqa: F401 - before models are imported

# isort: split
import csv
import fcntl
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import pytest

from tests.nightly import rounds
from tests.web.installation import Installation
from tests.witness.facts_by_hand import Facts, Moment, Sums
from tests.witness.pack_by_hand import PACK, Plan, rows_of
from tests.witness.score_by_hand import Scores
from tests.witness.values_by_hand import CENTRAL, CENTRAL_FORECAST, Values

CASES, SEED = "20000", "41"
MOMENTS: Final = {"2024-08": Moment(2024, 8), "2024-Q4": Moment(2024, 12)}
QUARTERS: Final = ("Q1", "Q2", "Q3", "Q4")
PUBLISH: Final = """
from django.utils import timezone
from piramide.web.results.models import RunRecord
print(RunRecord.objects.update(published_at=timezone.now(), publication_act="Determina 1"))
"""
ALL_IN_MARKDOWN: Final = ("2024-Q4",)[: rounds(0, 1)]
"""The command takes half a second for each sheet: by day the dozen, of every kind of structure, has Markdown."""
COLLECTED: Final = "2024-Q4"
"""In this period what central structures have no facts of is given by people: the values file of the demonstration."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What the product printed of a run, file by file, and what the hand computed of the same moment."""

    period: str
    folder: Path
    run: str
    dozen: tuple[str, ...]
    in_markdown: tuple[str, ...]
    scores: Scores

    def text(self, name: str) -> str:
        """A file as text."""
        return (self.folder / name).read_text(encoding="utf-8")

    def rows(self, name: str) -> list[dict[str, str]]:
        """A file of open data."""
        return rows_of(self.folder / f"open-{name}.csv")


@pytest.fixture(scope="session")
def plan() -> Plan:
    """The plan as its files say it."""
    return Plan()


@pytest.fixture(scope="session", params=MOMENTS)
def printed(request: pytest.FixtureRequest, home: Path, plan: Plan) -> Printed:
    """A run of each moment: what was printed, and the witness."""
    period = str(request.param)
    facts = Facts(home / "facts", plan.organisation)
    collected = _collected(plan, period)
    scores = Scores(Values(facts, plan), plan, MOMENTS[period], collected)
    folder = home / period
    run = (folder / "run").read_text(encoding="utf-8")
    dozen, in_markdown = (tuple((folder / n).read_text(encoding="utf-8").split()) for n in ("dozen", "in_markdown"))
    return Printed(period, folder, run, dozen, in_markdown, scores)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, worker_id: str, plan: Plan) -> Path:
    """The folder of everything; made once, whichever worker of the tests comes first."""
    base = tmp_path_factory.getbasetemp()
    home = (base if worker_id == "master" else base.parent) / "witness"
    home.mkdir(exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "made").exists():
            _make(home, plan)
            (home / "made").touch()
    return home


def _make(home: Path, plan: Plan) -> None:
    site, facts = Installation(home, home / "store"), str(home / "facts")
    _done(site, "facts", "generate", "--out", facts, "--cases", CASES, "--seed", SEED, "--years", "2023,2024")
    _done(site, "facts", "load", facts, "--pack", "inps-2024")
    for period in MOMENTS:
        folder = home / period
        folder.mkdir()
        (folder / "structures").write_text(" ".join(plan.sheets), encoding="utf-8")
        (folder / "dozen").write_text(" ".join(_dozen(plan)), encoding="utf-8")
        all_or_dozen = plan.sheets if period in ALL_IN_MARKDOWN else _dozen(plan)
        (folder / "in_markdown").write_text(" ".join(all_or_dozen), encoding="utf-8")
        asked = ("inps-2024", "--demonstration", "--period", period)
        _done(site, "measure", *asked, "--out", str(folder / "measured.csv"))
        _give(folder / "measured.csv", folder / "values.csv", _collected(plan, period))
        answer = _done(site, "score", *asked, "--values", str(folder / "values.csv"), "--json")
        (folder / "scored.json").write_text(answer, encoding="utf-8")
        (folder / "run").write_text(json.loads(answer)["run"], encoding="utf-8")
    _done(site, "upgrade")
    assert site.run(PUBLISH) == "2"
    _print(site, [(home / period, forms) for period in MOMENTS for forms in [("html", "json", "xlsx", "pdf")]])
    _print(site, [(home / period, ("md",)) for period in MOMENTS])


def _done(site: Installation, *command: str) -> str:
    answer = site.command(*command)
    assert answer.returncode in {0, 1}, (command, answer.stderr[-2000:])
    return answer.stdout


def _print(site: Installation, wanted: Sequence[tuple[Path, tuple[str, ...]]]) -> None:
    """Two folders at the same time, each by a process of its own."""
    script = str(Path(__file__).with_name("printing.py"))
    running = [
        subprocess.Popen(
            [sys.executable, script, str(folder), (folder / "run").read_text(encoding="utf-8"), *forms],
            env=site.environment, stderr=subprocess.PIPE, text=True,
        )
        for folder, forms in wanted
    ]  # fmt: skip
    for process in running:
        _, errors = process.communicate()
        assert process.returncode == 0, errors[-2000:]


def _dozen(plan: Plan) -> list[str]:
    """Structures of every kind, three of the commonest ones and those whose sheet an act prints."""
    found = ["dcm_milano", "trentino_alto_adige", "dc_risorse_umane"]
    of_kind: dict[str, list[str]] = {}
    for name in plan.sheets:
        of_kind.setdefault(plan.organisation.kind(name), []).append(name)
    for names in of_kind.values():
        found += [name for name in names if name not in found][: 3 if len(names) > 12 else 1]
    return found


def _collected(plan: Plan, period: str) -> dict[tuple[str, str], Sums]:
    """What people give: of a central structure, the projects and the spending that no facts tell."""
    if period != COLLECTED:
        return {}
    given: dict[tuple[str, str], Sums] = {}
    for row in rows_of(PACK / "demonstration" / "values" / "2024.csv"):
        place, line = row["structure"], row["indicator"]
        is_asked = line.startswith("progetti_") or (line == CENTRAL_FORECAST and place not in SPENDING_IN_FACTS)
        if (
            plan.organisation.kind(place) not in CENTRAL
            or place in PROJECTS_IN_FACTS
            or not is_asked
            or not row["value"]
        ):
            continue
        if row["period"] == period:
            given.setdefault((place, line), {})[""] = Fraction(row["value"])
        if line == CENTRAL_FORECAST and row["period"][5:] in QUARTERS:
            given.setdefault((place, line), {})[row["period"][5:]] = Fraction(row["value"])
    return given


PROJECTS_IN_FACTS: Final = ("dc_risorse_umane", "direzione_generale")
SPENDING_IN_FACTS: Final = (
    "dc_tecnologia_informatica", "dc_risorse_umane", "dc_patrimonio_investimenti", "dc_risorse_strumentali_cua",
    "dc_organizzazione_comunicazione", "direzione_generale",
)  # fmt: skip


def _give(measured: Path, out: Path, collected: dict[tuple[str, str], Sums]) -> None:
    """The file of what was measured, with what people gave in place of what is missing."""
    rows = rows_of(measured)
    for row in rows:
        found = collected.get((row["structure"], row["indicator"]), {})
        at = row["period"][5:]
        value = found.get(at, found.get("") if row["period"] == COLLECTED else None)
        if value is None:
            continue
        assert row["status"] == "missing", row
        row |= {"value": str(float(value)), "status": "measured", "note": "dato raccolto"}
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
