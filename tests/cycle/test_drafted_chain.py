"""A draft that takes a node away takes what the chain says of it too, in memory as in its files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from piramide.cycle.plans.amendment import amendment
from piramide.cycle.plans.drafting.edits import Edit, EditKind, Heading, edited
from piramide.cycle.plans.drafting.source import PlanSource, open_source
from piramide.cycle.plans.drafting.writing import write_plan
from piramide.kernel.findings import Place
from piramide.methodology.chain import Chain
from piramide.methodology.model import Act, Pack
from tests.methodology.chained import chained

HEADING = Heading("comune-variato", "Variazione", 2025, Act("variazione", "Variazione"))


@pytest.fixture
def source(tmp_path: Path) -> PlanSource:
    """The municipality with its chain."""
    return open_source(chained(tmp_path / "comune"), demonstration=False)


def without_places(chain: Chain) -> Chain:
    """What a chain says, wherever it stands."""
    nowhere = Place()
    return replace(
        chain,
        levels={},
        lines={},
        links=tuple(replace(link, place=nowhere) for link in chain.links),
        risks=tuple(replace(risk, place=nowhere) for risk in chain.risks),
        register=tuple(replace(entry, place=nowhere) for entry in chain.register),
    )


def drafted(source: PlanSource, out: Path, *nodes: tuple[str, str]) -> Pack:
    """The plan without some nodes, as written; the one in memory says the same of the chain."""
    edits = [Edit(EditKind.REMOVED, structure, node) for structure, node in nodes]
    written = write_plan(source, edits, HEADING, out)
    assert without_places(edited(source, edits, HEADING).chain) == without_places(written.chain)
    return written


def test_the_links_of_a_node_go_with_it(source: PlanSource, tmp_path: Path) -> None:
    plan = drafted(source, tmp_path / "bozza", ("borgoverde", "soddisfazione_cittadini"))

    assert {link.node for link in plan.chain.links} == {"conti_ordine", "lavori_scuola", "raccolta_differenziata"}
    assert len(plan.chain.register) == 2


def test_what_a_node_scored_is_not_scored_any_more(source: PlanSource, tmp_path: Path) -> None:
    plan = drafted(source, tmp_path / "bozza", ("area_tecnica", "archivio_edilizio_rete"))

    assert [(entry.id, entry.node) for entry in plan.chain.register] == [("lavori_scuola", ""), ("nido", "")]
    assert len(plan.chain.links) == len(source.printed.chain.links)
    assert len(plan.chain.risks) == 1


def test_what_stands_below_goes_too(source: PlanSource, tmp_path: Path) -> None:
    plan = drafted(source, tmp_path / "bozza", ("borgoverde", "cittadini_ascoltati"), ("borgoverde", "conti_ordine"))

    assert {link.structure for link in plan.chain.links} == {"area_tecnica"}


def test_a_draft_that_takes_nothing_away_keeps_every_file_of_the_chain(source: PlanSource, tmp_path: Path) -> None:
    drafted(source, tmp_path / "bozza")

    for name in ("links.csv", "projects.csv", "objective_risks.csv", "chain.yaml"):
        assert (tmp_path / "bozza" / name).read_bytes() == (source.folder / name).read_bytes()


def test_an_amendment_calls_what_changed_in_the_chain_by_name(source: PlanSource, tmp_path: Path) -> None:
    other = chained(tmp_path / "dopo")
    for name, before, after in (
        ("chain/programmi.csv", "Ascolto,M2", "Ascolto,M1"),
        ("projects.csv", "Collaudo", "Verbale"),
        ("objective_risks.csv", "medium", "high"),
        ("links.csv", "lavori_scuola,chain,P2.2", "lavori_scuola,chain,P2.3"),
    ):
        text = (other / name).read_text(encoding="utf-8")
        (other / name).write_text(text.replace(before, after), encoding="utf-8")

    sections = amendment(source.printed, open_source(other).printed, "it")

    lines = [line for section in sections for line in section.lines]
    told = {(line.section, line.label, line.field, line.before, line.after) for line in lines}
    assert told == {
        ("chain", "P2.1 Ascolto", "under", "M2", "M1"),
        ("chain", "Nuova scuola", "link.chain", "P2.2", "–"),
        ("chain", "Nuova scuola", "link.chain", "–", "P2.3"),
        ("register", "Nuova scuola", "evidence", "Collaudo", "Verbale"),
        ("risks", "Ricorso sulla gara", "risk_level", "medium", "high"),
    }
