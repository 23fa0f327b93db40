"""`piramide facts alarms` as a user runs it, over a ledger of twelve invented offices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from bench.dressed_up import dress_up
from bench.invented_work import Columns, Invented, invent, table

from piramide.measurement.ledger.store import Codes, Ledger


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str
    json: Any


Command = Callable[..., Outcome]
MARCH_2024 = (2024 - 1970) * 12 + 2


@pytest.fixture(scope="module")
def world() -> Invented:
    return invent(seed=5, offices=12, months=15, per_head=3, products=8)


def keep(world: Invented, entries: Columns, store: Path) -> None:
    """Commit the entries as one load, learned on the first of April."""
    ledger = Ledger(store)
    ledger.folder.mkdir(parents=True)
    ledger.keep_codes(Codes(tuple(f"p{at}" for at in range(8)), tuple(world.structures.values())))
    rows = table(entries)
    days = [f"{day}" for day in (rows["day"].to_numpy().min(), rows["day"].to_numpy().max())]
    with ledger.draft("work") as draft:
        pq.write_table(rows, draft / "entries.parquet")
        counts = {"rows": rows.num_rows, "accepted": rows.num_rows, "rejected": 0}
        dated = {"first_day": days[0], "last_day": days[1], "learned_on": "2024-04-01"}
        ledger.commit(draft, {"load": "000001", "dataset": "work"} | counts | dated)


def test_it_answers_for_every_alarm(piramide: Command, world: Invented, tmp_path: Path) -> None:
    keep(world, world.entries, tmp_path / "store")

    outcome = piramide("facts", "alarms", "--period", "2024-03", "--json")

    assert outcome.code == 0, outcome.err
    assert {alarm["code"] for alarm in outcome.json["alarms"]} == {f"AL{number:03d}" for number in range(1, 13)}
    assert 0 < outcome.json["by_chance"] < 1
    assert sum(len(alarm["evidence"]) for alarm in outcome.json["alarms"]) <= 1


def test_it_tells_what_it_saw_and_that_it_is_no_verdict(piramide: Command, world: Invented, tmp_path: Path) -> None:
    keep(world, dress_up(world, "AL004", [1], MARCH_2024, 0.3), tmp_path / "store")

    outcome = piramide("facts", "alarms", "--period", "2024-03")

    assert outcome.code == 0, outcome.err
    assert "! AL004  office_001_600, 2024-03: " in outcome.out
    assert "Chiedete prima di giudicare" in outcome.out
    assert "Nessuno è un verdetto" in outcome.out


def test_it_compares_inside_the_clusters_of_a_file(piramide: Command, world: Invented, tmp_path: Path) -> None:
    keep(world, world.entries, tmp_path / "store")
    names = list(world.structures.values())
    file = tmp_path / "clusters.csv"
    file.write_text(
        "structure,cluster\n" + "".join(f"{name},{'a' if at < 9 else 'b'}\n" for at, name in enumerate(names))
    )

    outcome = piramide("facts", "alarms", "--period", "2024-03", "--clusters", file, "--json")

    burst = outcome.json["alarms"][0]
    assert outcome.code == 0, outcome.err
    assert burst["too_small"] >= 3  # the three of cluster b are too few to be compared


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--period", "2019-03"], "AL090"),
        (["--period", "2024-03", "--known-on", "2024-03-31"], "AL090"),
        (["--period", "2024-03", "--known-on", "ieri"], "CY010"),
        (["--period", "2024-03", "--clusters", "nowhere.csv"], "AL091"),
        (["--period", "2024-03", "--clusters", "latin.csv"], "AL091"),
        (["--period", "2024-03", "--clusters", "typo.csv"], "AL092"),
        (["--period", "2024-03", "--clusters", "headless.csv"], "PL020"),
    ],
)
def test_it_refuses_in_one_sentence(
    piramide: Command, world: Invented, tmp_path: Path, arguments: list[str], code: str
) -> None:
    keep(world, world.entries, tmp_path / "store")
    (tmp_path / "latin.csv").write_bytes("structure,cluster\ncittà,a\n".encode("latin-1"))
    (tmp_path / "typo.csv").write_text("structure,cluster\noffice_001_60,a\n")
    (tmp_path / "headless.csv").write_text("office_001_600,a\n")

    outcome = piramide("facts", "alarms", *arguments)

    assert outcome.code == 2
    assert outcome.err.startswith(f"{code}: ")
    assert outcome.out == ""


def test_it_names_the_office_that_a_typo_meant(piramide: Command, world: Invented, tmp_path: Path) -> None:
    keep(world, world.entries, tmp_path / "store")
    (tmp_path / "typo.csv").write_text("structure,cluster\noffice_001_60,a\n")

    outcome = piramide("facts", "alarms", "--period", "2024-03", "--clusters", "typo.csv")

    assert "typo.csv:2" in outcome.err
    assert "office_001_600" in outcome.err


def test_a_store_without_work_is_said_to_have_none(piramide: Command) -> None:
    outcome = piramide("facts", "alarms", "--period", "2024-03")

    assert outcome.code == 2
    assert outcome.err.startswith("AL090: ")
