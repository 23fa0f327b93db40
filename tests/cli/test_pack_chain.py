"""`piramide pack chain`: the answer of the contract, one line, a run, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command
from tests.methodology.chained import chained

PACK = "comune"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Path:
    """The municipality with its chain, where the command runs."""
    return chained(tmp_path / PACK)


def line(answer: Any, code: str) -> Any:  # noqa: ANN401 - JSON
    """A line of the answer."""
    return next(one for one in answer["lines"] if one["id"] == code)


def test_it_answers_in_the_shape_of_the_contract(piramide: Command) -> None:
    done = piramide("pack", "chain", PACK, "--json")

    assert done.code == 0
    assert done.json["levels"] == [
        {"id": "missione", "declared": 3, "listed": 2, "carried": 2},
        {"id": "programma", "declared": None, "listed": 4, "carried": 3},
    ]
    assert line(done.json, "P2.2") == {
        "id": "P2.2",
        "level": "programma",
        "kind": "SP",
        "label": "",
        "under": ["M1", "M2"],
        "carries": [
            {"structure": "area_tecnica", "node": "lavori_scuola"},
            {"structure": "area_tecnica", "node": "raccolta_differenziata"},
        ],
        "standing": None,
    }
    assert done.json["loose"]["lines"] == ["P2.3"]
    assert {"structure": "area_servizi", "node": "nido"} in done.json["loose"]["nodes"]


def test_a_run_tells_how_what_carries_a_line_stands(piramide: Command, values: Path) -> None:
    run = piramide("score", PACK, "--values", values, "--period", "2025", "--json").json["run"]

    done = piramide("pack", "chain", PACK, "--run", run[:8], "--json")

    nothing = {"on_target": 0, "below": 0, "not_due": 0, "missing": 0, "not_scored": 0}
    # Accounts at 99.0: one node; the project is scored by the archive, at 80; sorted waste at 105.
    assert line(done.json, "M1")["standing"] == nothing | {"below": 2, "on_target": 1}
    assert line(done.json, "P2.1")["standing"] == nothing | {"on_target": 1}
    assert line(done.json, "P2.3")["standing"] == nothing


@pytest.mark.parametrize(
    ("node", "state"),
    [
        ("area_tecnica,buche_riparate_entro_dieci_giorni", "missing"),
        ("borgoverde,capitoli_spesa_entro_previsione", "not_scored"),
        ("area_servizi,nido", "not_scored"),
    ],
)
def test_every_state_is_told(piramide: Command, folder: Path, values: Path, node: str, state: str) -> None:
    with (folder / "links.csv").open("a", encoding="utf-8") as file:
        file.write(f"{node},chain,P2.3,,\n")
    run = piramide("score", PACK, "--values", values, "--period", "2025", "--json").json["run"]

    (found,) = piramide("pack", "chain", PACK, "--id", "P2.3", "--run", run, "--json").json["lines"]

    assert found["standing"][state] == 1
    assert sum(found["standing"].values()) == 1


def test_a_misprinted_code_finds_its_line(piramide: Command) -> None:
    done = piramide("pack", "chain", PACK, "--id", "P2-2", "--json")

    assert [one["id"] for one in done.json["lines"]] == ["P2.2"]


def test_a_code_that_is_none_is_refused(piramide: Command) -> None:
    done = piramide("pack", "chain", PACK, "--id", "P2.8", "--json")

    assert (done.code, done.out) == (2, "")
    assert "CY084" in done.err
    assert "P2.1" in done.err


def test_a_run_of_another_plan_is_refused(piramide: Command, values: Path) -> None:
    run = piramide("score", PACK, "--values", values, "--period", "2025", "--json").json["run"]

    done = piramide("pack", "chain", "inps-2021", "--run", run)

    assert (done.code, done.out) == (2, "")
    assert "CY085" in done.err


def test_people_read_it_too(piramide: Command, values: Path) -> None:
    run = piramide("score", PACK, "--values", values, "--period", "2025", "--json").json["run"]

    whole = piramide("pack", "chain", PACK).out
    one = piramide("pack", "chain", PACK, "--id", "P2.2", "--run", run).out
    loose = piramide("pack", "chain", PACK, "--id", "P2.3").out

    assert "Sciolte: linee che nulla porta avanti 1, obiettivi senza linea 3." in whole
    assert "Sotto M1: Una città che funziona" in one
    assert "Voci che la portano avanti: 2 (strutture: 1)." in one
    assert "Nuova scuola" in one
    assert "all'obiettivo" in one
    assert "Nulla la porta avanti." in loose


def test_a_plan_without_a_chain_says_so(piramide: Command) -> None:
    told = piramide("pack", "chain", "comune-esempio")

    assert (told.code, told.out) == (0, "Questo piano non dichiara una catena dalla strategia agli obiettivi.\n")
    assert piramide("pack", "chain", "comune-esempio", "--json").json == {
        "levels": [],
        "lines": [],
        "loose": {"lines": [], "nodes": []},
    }
