"""Measures that name the node measured: one definition, and for each project its own rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from piramide.kernel.findings import Refusal
from piramide.kernel.periods import parse_period
from piramide.measurement.measure import Scope
from piramide.measurement.measures.check import check_measures
from piramide.measurement.trace import trace
from piramide.methodology.loading import load_pack
from piramide.methodology.model import Pack
from tests.measurement.hand_ledger import answer, small_pack, statement, store_load

MEASURES = """
progress: {label: A, unit: milestone, dataset: projects, column: progress,
  filter: "project = node and step = 'validated'"}
due: {label: D, unit: pieces, dataset: projects, filter: "project = node and step = 'planned'"}
advancement: {label: S, unit: milestone, level: ratio, formula: "progress / nullif(due, 0)"}
steps: {label: P, unit: pieces, dataset: projects}
"""
INDICATORS = """
progetto: {label: Progetto, unit: milestone, direction: up, rule: milestone, act: piano, place: p. 1,
  formula: advancement}
passi: {label: Passi, unit: pieces, direction: up, rule: gap_up, act: piano, place: p. 1, formula: steps}
"""
SHEETS = """structure,node,parent,kind,label,indicator,weight,weight_source,target,act,place
torino,banca_dati,,indicator,Banca dati,progetto,,equal_split,100,piano,p. 1
torino,portale,,indicator,Portale,progetto,,equal_split,100,piano,p. 1
torino,passi,,indicator,Passi,passi,,equal_split,1,piano,p. 1
nazionale,banca_dati,,indicator,Banca dati,progetto,,equal_split,100,piano,p. 1
"""


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    small_pack(tmp_path / "pack", MEASURES, INDICATORS)
    (tmp_path / "pack" / "trees" / "sheets.csv").write_text(SHEETS, encoding="utf-8")
    return load_pack(tmp_path / "pack")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    done = (("banca_dati", "torino", 100), ("banca_dati", "novara", 50), ("portale", "torino", 60))
    rows = [
        statement("projects", project=p, deliverable="d", structure=s, day="2024-03-01", step=step, progress=progress)
        for p, s, reached in done
        for step, progress in (("planned", 100), ("validated", reached))
    ]
    store_load(tmp_path / "store", "projects", rows)
    return tmp_path / "store"


def test_each_node_is_measured_on_its_own_rows(pack: Pack, store: Path) -> None:
    found = {(v.structure, v.indicator): v.value for v in answer(store, pack, "2024-06").values}

    assert found == {
        ("torino", "banca_dati"): 100,
        ("torino", "portale"): 60,
        ("torino", "passi"): 4,
        ("nazionale", "banca_dati"): 75,
    }


def test_a_trace_shows_the_rows_of_the_node(pack: Pack, store: Path) -> None:
    period = parse_period("2024-06")

    found = trace(store, Scope(pack, period, period.end), pack.indicators["progetto"], "torino", "portale")

    assert found.value == 60
    rows = [row for measure in found.measures for row in measure.rows]
    assert [(row["project"], row["step"]) for row in rows] == [("portale", "validated"), ("portale", "planned")]


def test_the_check_reads_such_a_filter_like_any_other(pack: Pack, tmp_path: Path) -> None:
    assert check_measures(pack) == ()
    measures = MEASURES.replace("project = node", "progetc = node")
    wrong = small_pack(tmp_path / "wrong", measures, INDICATORS)

    assert {finding.code for finding in check_measures(wrong)} == {"ME003"}


def test_nothing_but_a_text_is_compared_with_the_node(pack: Pack, store: Path, tmp_path: Path) -> None:
    wrong = small_pack(tmp_path / "wrong", MEASURES.replace("project = node", "progress > node"), INDICATORS)

    with pytest.raises(Refusal, match="ME004"):
        answer(store, wrong, "2024-06")
