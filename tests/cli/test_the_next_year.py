"""The plan of the next year: its targets by the rules of the act, from what the year before asked and came to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command

PACK = """
id: ente-2024
label: Piano 2024
administration: Ente
year: 2024
validity: {from: 2024-01-01, until: 2025-01-01}
cap: {value: 0.5, act: piano, place: art. 4}
acts: {piano: {label: Piano, kind: Delibera, number: "1", day: 2024-01-28}}
structure_kinds: {office: Ufficio}
organisation: {ente: {label: Ente, kind: office}}
indicators:
  incassi: {label: Incassi, unit: eur, rounding: 0, direction: up, rule: gap_up, level: level, act: piano, place: p. 1}
  resa: {label: Resa, unit: pieces, rounding: 0, direction: up, rule: gap_up, level: level, act: piano, place: p. 2}
  quota: {label: Quota, unit: fraction, rounding: 1, direction: up, rule: gap_up, level: ratio, act: piano, place: p. 3}
"""
TREE = """structure,node,parent,kind,label,weight,weight_source,target,act,place
ente,incassi,,indicator,Incassi,0.4,stated,8855168560,piano,p. 1
ente,resa,,indicator,Resa,0.4,stated,100,piano,p. 2
ente,quota,,indicator,Quota,0.2,stated,0.6,piano,p. 3
"""
GROWTH = "greatest(target_before, 1.02 * actual_before)"
BOUND = "least(greatest(target_before, actual_before), 1.15 * target_before)"
YEARS = """structure,node,year,target,target_rule,printed,act,place
ente,incassi,2025,,"{growth}",,piano,p. 8
ente,resa,2025,,"{bound}",,piano,p. 8
ente,quota,2025,,{quota},+2 % rispetto a consuntivo,piano,p. 8
ente,resa,2026,140,,,piano,p. 9
"""


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "200")
    return made(tmp_path / "ente-2024", "1.02 * actual_before")


def made(folder: Path, quota: str) -> Path:
    (folder / "trees").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "trees" / "a.csv").write_text(TREE, encoding="utf-8")
    (folder / "years.csv").write_text(YEARS.format(growth=GROWTH, bound=BOUND, quota=quota), encoding="utf-8")
    return folder


def came_to(pack: Path, incassi: str = "9000000000", resa: str = "90", quota: str = "0.625") -> Path:
    file = pack.parent / "risultati.csv"
    rows = (f"ente,incassi,2024,{incassi}", f"ente,resa,2024,{resa}", f"ente,quota,2024,{quota}")
    kept = [row for row in rows if not row.endswith(",")]
    file.write_text("\n".join(("structure,indicator,period,value", *kept, "")), encoding="utf-8")
    return file


def begun(piramide: Command, pack: Path, *more: object) -> Path:
    done = piramide("pack", "new", "ente-2025", "--from", pack, "--packs", pack.parent / "nuovi", *more)
    assert done.code == 0, done.err
    return pack.parent / "nuovi" / "ente-2025"


def targets(piramide: Command, pack: Path) -> dict[str, Any]:
    tree = piramide("pack", "show", pack, "--json").json["structures"][0]["tree"]
    return {node["id"]: node["target"] for node in tree}


def test_y1_growth_on_the_result(piramide: Command, pack: Path) -> None:
    """8,855,168,560 asked and 9,000,000,000 come: 9,180,000,000."""
    new = begun(piramide, pack, "--results", came_to(pack))
    assert targets(piramide, new)["incassi"] == 9_180_000_000


@pytest.mark.parametrize(("result", "target"), [("90", 100), ("108", 108), ("115", 115), ("130", 115)])
def test_y2_never_below_and_never_far_above_the_target_before(
    piramide: Command, pack: Path, result: str, target: int
) -> None:
    new = begun(piramide, pack, "--results", came_to(pack, resa=result))
    assert targets(piramide, new)["resa"] == target


@pytest.mark.parametrize(("rule", "target"), [("1.02 * actual_before", 0.6375), ("actual_before + 0.02", 0.645)])
def test_y3_the_author_says_which_two_per_cent(
    piramide: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: str, target: float
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    pack = made(tmp_path / "ente-2024", rule)
    new = begun(piramide, pack, "--results", came_to(pack))
    assert targets(piramide, new)["quota"] == pytest.approx(target, abs=0)


def test_without_a_result_no_target_is_computed(piramide: Command, pack: Path) -> None:
    new = begun(piramide, pack, "--results", came_to(pack, resa=""))
    assert targets(piramide, new)["resa"] is None
    assert targets(piramide, begun_apart(piramide, pack))["incassi"] is None


def begun_apart(piramide: Command, pack: Path) -> Path:
    done = piramide("pack", "new", "ente-2025", "--from", pack, "--packs", pack.parent / "altri")
    assert done.code == 0, done.err
    return pack.parent / "altri" / "ente-2025"


def test_later_years_stay_and_the_history_says_where_it_comes_from(piramide: Command, pack: Path) -> None:
    new = begun(piramide, pack, "--results", came_to(pack))
    assert (new / "years.csv").read_text(encoding="utf-8").splitlines()[1:] == ["ente,resa,2026,140,,,piano,p. 9"]
    history = (new / "history.csv").read_text(encoding="utf-8")
    assert "ente,incassi,target_before,8855168560,risultati_risultati,risultati.csv" in history
    assert "ente,incassi,actual_before,9000000000,risultati_risultati,risultati.csv" in history
    assert piramide("pack", "check", new).code == 0
    assert "Risultati 2024: risultati.csv" in (new / "pack.yaml").read_text(encoding="utf-8")


def test_a_kept_run_gives_the_results_too(piramide: Command, pack: Path) -> None:
    run = piramide("score", pack, "--values", came_to(pack), "--period", "2024", "--json").json["run"]
    new = begun(piramide, pack, "--results", run[:12])
    assert targets(piramide, new)["incassi"] == 9_180_000_000
    assert run in (new / "history.csv").read_text(encoding="utf-8")


def test_results_of_nothing_and_of_another_plan_are_refused(piramide: Command, pack: Path) -> None:
    alone = piramide("pack", "new", "ente-2025", "--results", came_to(pack), "--packs", pack.parent / "nuovi")
    assert alone.code == 2
    assert "NP006" in alone.err
    run = piramide("score", pack, "--values", came_to(pack), "--period", "2024", "--json").json["run"]
    other = piramide(
        "pack", "new", "x-2026", "--from", "comune-esempio", "--results", run, "--packs", pack.parent / "n"
    )
    assert other.code == 2
    assert "NP005" in other.err
    assert not (pack.parent / "n").exists()
