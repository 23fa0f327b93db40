"""A parameter that begins in July: the year has a hole, and the explanation names it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from piramide.kernel.periods import parse_period
from piramide.methodology.checks.report import examine
from piramide.methodology.in_force import in_force
from piramide.methodology.loading import load_pack
from piramide.scoring.explain import explain
from piramide.scoring.score import score_pack
from tests.scoring.typed import values_from_rows

PACK = """
id: scuola
label: Scuola
administration: Comune
year: 2025
validity: {from: 2025-01-01, until: 2026-01-01}
cap: {value: 0.5, act: piano, place: art. 4}
acts:
  piano: {label: Piano, kind: Delibera, number: "3", day: 2025-01-28}
organisation:
  comune: {label: Comune, kind: municipality}
parameters:
  crescita: {label: Crescita, unit: ratio, values: [{from: 2025-07-01, value: 1.10, act: piano, place: p. 1}]}
  inutile: {label: Inutile, unit: ratio, values: [{from: 2025-01-01, value: 2, act: piano, place: p. 1}]}
  tenuto: {label: Tenuto, unit: ratio, use: "lo stampa l'atto", values: [{from: 2025-01-01, value: 2, act: piano}]}
indicators:
  incassi_mensa: {label: Incassi mensa, unit: days, direction: up, rule: gap_up, level: ratio, act: piano, place: p. 1}
"""
TREE = """structure,node,parent,kind,label,weight,target,target_rule,act,place
comune,scuola,,dimension,Scuola,1,,,piano,p. 1
comune,incassi_mensa,scuola,indicator,Incassi mensa,1,,crescita * actual_before,piano,p. 1
"""
HISTORY = "structure,node,name,value,act,place\ncomune,incassi_mensa,actual_before,500,piano,p. 1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "trees").mkdir()
    for name, text in (("pack.yaml", PACK), ("trees/c.csv", TREE), ("history.csv", HISTORY)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_it_is_found_before_scoring(folder: Path) -> None:
    said = {finding.code: finding for finding in examine(load_pack(folder)).findings}

    hole = said["PK051"]
    assert (hole.place.file, hole.place.line) == ("pack.yaml", PACK.split("\n").index(_line("crescita")) + 1)
    message = hole.message("it")
    assert "«Crescita» non ha un valore dal 1 gennaio 2025 al 30 giugno 2025" in message
    assert "«Incassi mensa»" in message
    assert said["PK041"].subject == "inutile"
    assert [finding.code for finding in examine(load_pack(folder)).findings].count("PK041") == 1


def _line(name: str) -> str:
    return next(line for line in PACK.split("\n") if line.strip().startswith(f"{name}:"))


@pytest.fixture
def told(folder: Path) -> Callable[[str], Any]:
    def tell(period: str) -> Any:  # noqa: ANN401
        day = parse_period(period).end - timedelta(days=1)
        pack = in_force(load_pack(folder), day)
        table = score_pack(pack, values_from_rows([("comune", "incassi_mensa", period, "550")], pack), period)
        return explain(pack, table, "comune", "incassi_mensa", "it")

    return tell


def test_the_explanation_names_parameter_and_day(told: Callable[[str], Any]) -> None:
    before = told("2025-Q1")

    assert (
        "il parametro «Crescita» da cui dipende l'obiettivo non ha un valore prima del 1 luglio 2025" in before.sentence
    )
    assert "nessun atto" not in before.sentence
    assert before.target is None


def test_it_has_its_target_from_that_day(told: Callable[[str], Any]) -> None:
    after = told("2025-Q3")

    assert float(after.target) == pytest.approx(550)
    assert float(after.index) == 100
