"""`pack new`, `pack export` and `pack import` as a planner runs them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from piramide.cli import main
from piramide.methodology.loading import find_pack, load_pack
from tests.exchange.workbook_editing import TREE, edit

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run `piramide pack` in an empty folder: exit code, answer, messages."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["piramide", "pack", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main.run()
        said = capsys.readouterr()
        return int(stop.value.code or 0), said.out, said.err

    return command


def answer(outcome: tuple[int, str, str]) -> Any:  # noqa: ANN401 - JSON
    code, out, err = outcome
    assert (code, err) == (0, "")
    return json.loads(out)


def test_it_goes_from_last_year_to_next_through_a_spreadsheet(run: Run) -> None:
    started = answer(run("new", "comune-2026", "--from", "comune-esempio", "--json"))
    exported = answer(run("export", "comune-2026", "piano.xlsx", "--json"))
    edit(Path("piano.xlsx"), lambda sheets: sheets.put(TREE, {"node": "costo_pasto_scolastico"}, "target", 5.6))

    imported = answer(run("import", "piano.xlsx", "--out", "proposta", "--json"))

    assert (started["pack"], started["year"], started["folder"]) == ("comune-2026", 2026, "comune-2026")
    assert exported["hash"] == started["hash"]
    assert imported["changed"] == ["trees/comune.csv"]
    assert imported["hash"] == load_pack(Path("proposta")).hash != started["hash"]
    differences = answer(run("diff", "comune-2026", "proposta", "--json"))["changes"]
    assert [(c["group"], c["before"], c["after"]) for c in differences] == [("targets", 5.8, 5.6)]


def test_it_writes_beside_the_other_packs_and_here(run: Run, tmp_path: Path) -> None:
    assert run("new", "ente-2026", "--packs", "miei")[0] == 0
    assert run("export", "ente-2026", "ente.xlsx", "--packs", "miei")[0] == 0

    code, out, err = run("import", "ente.xlsx")

    assert (code, err) == (0, "")
    assert "ente-2026 (2026)" in out
    assert load_pack(tmp_path / "ente-2026").hash == load_pack(tmp_path / "miei" / "ente-2026").hash


def test_it_refuses_with_one_message_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    assert run("export", "comune-esempio", "piano.xlsx")[0] == 0
    edit(Path("piano.xlsx"), lambda sheets: sheets.put(TREE, {"node": "edilizia"}, "weight", "0,5"))

    code, out, err = run("import", "piano.xlsx")

    assert (code, out) == (2, "")
    assert err.startswith("WB017: piano.xlsx [trees-comune!F15]: «0,5»")
    assert err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["piano.xlsx"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("new", "Ente 2026"), "NP001"),
        (("new", "ente"), "NP003"),
        (("new", "ente-2026", "--from", "comune-esmpio"), "PL000"),
        (("export", "comune-esmpio", "a.xlsx"), "PL000"),
        (("export", "comune-esempio", "a.csv"), "WB001"),
        (("import", "manca.xlsx"), "WB002"),
    ],
)
def test_it_stops_at_arguments_it_cannot_use(arguments: tuple[str, ...], code: str, run: Run, tmp_path: Path) -> None:
    status, out, err = run(*arguments)

    assert (status, out) == (2, "")
    assert err.startswith(f"{code}: ")
    assert list(tmp_path.iterdir()) == []


def test_it_finds_the_shipped_pack_again_by_its_folder(run: Run) -> None:
    exported = answer(run("export", find_pack("comune-esempio"), "piano.xlsx", "--json"))

    assert exported == {
        "pack": "comune-esempio",
        "hash": load_pack(find_pack("comune-esempio")).hash,
        "file": "piano.xlsx",
        "sheets": 19,
        "findings": [],
    }
