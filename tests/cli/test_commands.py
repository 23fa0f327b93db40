"""The commands keep the contract: answers on standard output, exit codes, one message for what was not done."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from piramide.cycle.plans.adoptions import Adoption, note_adoption
from tests.cli.conftest import Command

COMMANDS = (
    (),
    ("pack",),
    ("pack", "list"),
    ("pack", "show"),
    ("pack", "check"),
    ("pack", "diff"),
    ("pack", "new"),
    ("pack", "export"),
    ("pack", "import"),
    ("sheet",),
    ("sheet", "import"),
    ("score",),
    ("explain",),
    ("simulate",),
    ("report",),
    ("report", "sheet"),
    ("verify",),
    ("demo",),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(piramide: Command, command: tuple[str, ...]) -> None:
    outcome = piramide(*command, "--help")

    assert outcome.code == 0
    assert f"piramide {' '.join(command)}".strip() in outcome.out
    assert "Esempio: piramide" in outcome.out


def test_it_lists_the_packs_that_ship(piramide: Command) -> None:
    packs = {pack["id"] for pack in piramide("pack", "list", "--json").json["packs"]}

    assert {"inps-2021", "inps-2024", "comune-esempio"} <= packs


def test_it_lists_packs_of_another_folder(piramide: Command, tmp_path: Path) -> None:
    folder = tmp_path / "packs" / "mio"
    folder.mkdir(parents=True)
    text = "id: mio\nlabel: Mio\nadministration: Ente\nyear: 2030\nvalidity: {from: 2030-01-01, until: 2031-01-01}\n"
    (folder / "pack.yaml").write_text(text, encoding="utf-8")

    packs = {
        pack["id"]: pack for pack in piramide("pack", "list", "--packs", tmp_path / "packs", "--json").json["packs"]
    }

    assert packs["mio"]["year"] == 2030


def test_it_lists_since_when_an_adopted_plan_is_in_force(piramide: Command, tmp_path: Path) -> None:
    for name in ("adottato", "rovinato"):
        (tmp_path / name).mkdir()
        validity = "validity: {from: 2030-01-01, until: 2031-01-01}"
        text = f"id: {name}\nlabel: P\nadministration: Ente\nyear: 2030\n{validity}\n"
        (tmp_path / name / "pack.yaml").write_text(text, encoding="utf-8")
    moment = datetime(2029, 12, 20, 9, tzinfo=UTC)
    note_adoption(tmp_path, Adoption("adottato", "sha256:0", date(2030, 3, 1), moment))
    (tmp_path / "rovinato.adopted.json").write_text("{", encoding="utf-8")

    told = piramide("pack", "list", "--packs", tmp_path)
    assert [line.split()[-1] for line in told.out.splitlines() if "adottato" in line] == ["2030-03-01"]
    assert "in vigore dal" in told.out
    assert "CY090" in told.err
    packs = {pack["id"]: pack for pack in piramide("pack", "list", "--packs", tmp_path, "--json").json["packs"]}
    assert packs["adottato"]["in_force_since"] == "2030-03-01"
    assert not any("in_force_since" in packs[name] for name in ("rovinato", "inps-2024"))
    assert "in vigore dal" not in piramide("pack", "list").out


def test_it_shows_the_tree_of_a_structure(piramide: Command) -> None:
    answer = piramide("pack", "show", "inps-2024", "--structure", "dcm_milano", "--json").json

    (milano,) = answer["structures"]
    assert [node["weight"] for node in milano["tree"]] == [0.4, 0.3, 0.3]
    leaf = milano["tree"][0]["children"][0]["children"][0]
    assert (leaf["id"], leaf["target"], leaf["rule"], leaf["cap"]) == ("indice_deflusso", 1.01, "gap_up", 0.5)
    assert leaf["act"] == {"id": "obiettivi_2024", "place": "p. 27"}


def test_it_scores_keeps_explains_prints_and_verifies(piramide: Command, values: Path, tmp_path: Path) -> None:
    scored = piramide("score", "comune-esempio", "--values", values, "--period", "2025", "--json").json
    run = scored["run"]

    assert {s["id"] for s in scored["structures"]} == {"borgoverde", "area_servizi", "area_tecnica"}
    assert piramide("verify", run[:8]).code == 0
    told = piramide("explain", run[:8], "--structure", "borgoverde", "--node", "soddisfazione_cittadini", "--json").json
    assert told["index"] == pytest.approx(105.0)
    paper = tmp_path / "scheda.md"
    assert piramide("report", "sheet", run[:8], "--structure", "borgoverde", "--out", paper).code == 0
    assert "Soddisfazione dei cittadini" in paper.read_text(encoding="utf-8")


def test_a_missing_value_leaves_no_index_but_a_band(piramide: Command, values: Path) -> None:
    scored = piramide("score", "comune-esempio", "--values", values, "--period", "2025", "--json").json
    tecnica = next(s for s in scored["structures"] if s["id"] == "area_tecnica")

    assert tecnica["index"] is None
    assert tecnica["index_low"] < tecnica["index_measured"] < tecnica["index_high"]
    assert tecnica["coverage"] == pytest.approx(0.8)


def test_verify_says_no_with_exit_code_one(piramide: Command, values: Path, tmp_path: Path) -> None:
    run = piramide("score", "comune-esempio", "--values", values, "--period", "2025", "--json").json["run"]
    kept = tmp_path / "store" / "runs" / run / "results.parquet"
    kept.write_bytes(kept.read_bytes()[:-1])

    outcome = piramide("verify", run[:8], "--json")

    assert outcome.code == 1
    assert outcome.json["verified"] is False
    assert outcome.json["difference"]["file"] == "results.parquet"


def test_a_check_with_errors_exits_with_one(piramide: Command) -> None:
    outcome = piramide("pack", "check", "inps-2021", "--json")

    assert outcome.code == 1
    assert any(finding["severity"] == "error" for finding in outcome.json["findings"])


def test_a_check_without_errors_exits_with_zero(piramide: Command) -> None:
    assert piramide("pack", "check", "comune-esempio").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("pack", "show", "inps-2042"),
        ("pack", "show", "inps-2024", "--structure", "dcm_milan"),
        ("score", "inps-2024", "--values", "nessuno.csv", "--period", "2024"),
        ("score", "comune-esempio", "--values", "VALUES", "--period", "2025-Q5"),
        ("score", "comune-esempio", "--values", "VALUES", "--period", "2026"),
        ("score", "comune-esempio", "--values", "VALUES", "--period", "2025", "--as-of", "ieri"),
        ("explain", "00000000", "--structure", "dcm_milano"),
        ("verify", "x"),
        ("report", "sheet", "00000000", "--structure", "dcm_milano", "--out", "scheda.pdf"),
        ("sheet", "import", "nessuna.txt"),
        ("simulate", "inps-2024", "inps-2042", "--values", "VALUES", "--period", "2024"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_exits_with_two_and_one_message(
    piramide: Command, values: Path, arguments: tuple[str, ...]
) -> None:
    outcome = piramide(*(values if argument == "VALUES" else argument for argument in arguments))

    assert outcome.code == 2
    assert outcome.out == ""
    assert "Traceback" not in outcome.err
    assert outcome.err.strip()


def test_it_speaks_english_when_asked(piramide: Command) -> None:
    outcome = piramide("--lang", "en", "pack", "show", "inps-2042")

    assert outcome.err.startswith("PL000: No pack is called")


def test_two_packs_are_compared(piramide: Command, tmp_path: Path) -> None:
    assert piramide("pack", "diff", "comune-esempio", "comune-esempio", "--json").json["changes"] == []
