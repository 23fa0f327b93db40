"""The chain of a plan: read with file and line, from both ends, with what is loose."""

from __future__ import annotations

from pathlib import Path

import pytest

from piramide.kernel.findings import Refusal, Severity
from piramide.methodology.carried import Carrying
from piramide.methodology.chain import IsScored, RiskLevel
from piramide.methodology.changes import compare
from piramide.methodology.checks.report import examine
from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.show import show
from tests.methodology.chained import FILES, chained

Change = tuple[str, str, str]
"""A file, a text that stands in it, what stands there instead."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The municipality with its chain."""
    return chained(tmp_path / "comune")


@pytest.fixture
def carrying(folder: Path) -> Carrying:
    """Its chain, read from both ends."""
    return Carrying(load_pack(folder))


def spoil(folder: Path, change: Change) -> None:
    file, before, after = change
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text, before
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")


FAULTS: dict[str, tuple[Change, str, str]] = {
    "an unknown level": (("chain/programmi.csv", "P2.1,programma", "P2.1,programa"), "PL080", "chain/programmi.csv:3"),
    "a line under nothing": (("chain/programmi.csv", "ordine,M1", "ordine,M9"), "PL081", "chain/programmi.csv:2"),
    "a line under itself": (("chain/missioni.csv", "funziona,", "funziona,M1"), "PL082", "chain/missioni.csv:2"),
    "a line under a lower one": (("chain/missioni.csv", "funziona,", "funziona,P1.1"), "PL082", "missioni.csv:2"),
    "a line twice": (("chain/programmi.csv", "P2.3,", "M1,"), "PL026", "chain/programmi.csv:5"),
    "a line without a code": (("chain/programmi.csv", "P2.3,", ","), "PL023", "chain/programmi.csv:5"),
    "a code that separates": (("chain/programmi.csv", "P2.3,", "P2;3,"), "PL088", "chain/programmi.csv:5"),
    "a link to no line": (("links.csv", "chain,P2.1", "chain,P2.9"), "PL083", "links.csv:3"),
    "a link to nothing": (("links.csv", "chain,P2.1", "chain,"), "PL023", "links.csv:3"),
    "a link of another kind": (("links.csv", "ini,chain,P2.1", "ini,line,P2.1"), "PL055", "links.csv:3"),
    "a link without a kind": (("links.csv", "ini,chain,P2.1", "ini,,P2.1"), "PL023", "links.csv:3"),
    "a link twice": (("links.csv", "lavori_scuola,chain", "raccolta_differenziata,chain"), "PL026", "links.csv:8"),
    "a link of no structure": (("links.csv", "borgoverde,conti", "borgo,conti"), "PL044", "links.csv:2"),
    "a link of no node": (("links.csv", "area_tecnica,lavori_scuola", "area_tecnica,lavori"), "PL084", "links.csv:6"),
    "a link of another's node": (("links.csv", "borgoverde,conti", "area_tecnica,conti"), "PL084", "links.csv:2"),
    "no chapter": (("links.csv", "chapter,4012", "chapter,4099"), "PL087", "links.csv:7"),
    "a goal that is none": (("links.csv", "sdg,16.6", "sdg,18"), "PL089", "links.csv:4"),
    "a chapter under no line": (("tables/capitoli.csv", "P2.2", "P2.9"), "PL081", "tables/capitoli.csv:2"),
    "no table of chapters": (("chain.yaml", "chapters: capitoli", "chapters: capitolo"), "PL085", "chain.yaml:5"),
    "a table without chapters": (("tables/capitoli.csv", ",title,", ",titolo,"), "PL020", "chain.yaml:5"),
    "a level without a label": (("chain.yaml", "{label: Programma, ", "{"), "PL030", "chain.yaml:4"),
    "fewer than none": (("chain.yaml", "declared: 3", "declared: -3"), "PL032", "chain.yaml:3"),
    "a key of its own": (("chain.yaml", "chapters:", "chapter:"), "PL031", "chain.yaml:5"),
    "a project twice": (("projects.csv", "area_servizi,nido", "area_tecnica,lavori_scuola"), "PL026", "projects.csv:3"),
    "a project without a title": (("projects.csv", "nido,Nuovo nido", "nido,"), "PL023", "projects.csv:3"),
    "a project of no node": (("projects.csv", "archivio_edilizio_rete", "archivio"), "PL084", "projects.csv:2"),
    "a project before it begins": (("projects.csv", "2026-06-30", "2025-02-28"), "PL086", "projects.csv:2"),
    "a project without a calendar": (("projects.csv", "2026-06-30", "30/6/2026"), "PL043", "projects.csv:2"),
    "a project scored perhaps": (("projects.csv", ",yes,", ",perhaps,"), "PL055", "projects.csv:2"),
    "a risk of nothing": (("objective_risks.csv", "lavori_scuola", "lavori"), "PL084", "objective_risks.csv:2"),
    "a risk beyond high": (("objective_risks.csv", "medium", "extreme"), "PL055", "objective_risks.csv:2"),
    "a risk without words": (("objective_risks.csv", "Ricorso sulla gara", ""), "PL023", "objective_risks.csv:2"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("language", ["it", "en"])
def test_it_refuses_with_file_line_and_remedy(folder: Path, fault: str, language: str) -> None:
    change, code, where = FAULTS[fault]
    spoil(folder, change)

    with pytest.raises(Refusal) as refusal:
        load_pack(folder)

    said = {finding.code: finding.message(language) for finding in refusal.value.findings}
    assert list(said) == [code]
    assert where in said[code]
    assert "{" not in said[code]


def test_it_tells_every_fault_of_a_file_at_once(folder: Path) -> None:
    spoil(folder, ("links.csv", "chain,P1.1", "chain,P1.9"))
    spoil(folder, ("links.csv", "sdg,16.6", "sdg,99"))

    with pytest.raises(Refusal) as refusal:
        load_pack(folder)

    assert [finding.place.line for finding in refusal.value.findings] == [2, 4]


def test_it_reads_levels_lines_and_the_register(carrying: Carrying) -> None:
    chain = carrying.chain

    assert [(level.id, level.declared) for level in chain.levels.values()] == [("missione", 3), ("programma", None)]
    assert chain.lines["P2.2"].under == ("M1", "M2")
    assert [(entry.id, entry.node, entry.scored) for entry in chain.register] == [
        ("lavori_scuola", "archivio_edilizio_rete", IsScored.YES),
        ("nido", "", IsScored.UNSAID),
    ]
    assert chain.register[0].end is not None
    assert chain.register[0].end.year == 2026
    assert chain.risks[0].level is RiskLevel.MEDIUM


def test_a_misprinted_code_leads_to_its_line(carrying: Carrying) -> None:
    link = next(link for link in carrying.chain.links if link.node == "raccolta_differenziata")

    assert (link.to, link.printed) == ("P2.2", "P2-2")
    assert carrying.chain.line("P2-2") is carrying.chain.lines["P2.2"]


def test_a_line_is_carried_by_what_carries_those_below_it(carrying: Carrying) -> None:
    tecnica = (("area_tecnica", "lavori_scuola"), ("area_tecnica", "raccolta_differenziata"))

    assert carrying.carries["P2.2"] == tecnica
    assert carrying.carries["M1"] == (("borgoverde", "conti_ordine"), *tecnica)
    assert [line.id for line in carrying.loose_lines] == ["P2.3"]
    assert [line.id for line in carrying.below("M2")] == ["P2.1", "P2.2", "P2.3"]


@pytest.mark.parametrize(
    ("structure", "node", "lines"),
    [
        ("borgoverde", "ritardo_pagamenti", ["M1", "P1.1"]),  # by what it stands under
        ("area_tecnica", "lavori_scuola", ["M1", "M2", "P2.2"]),
        ("area_tecnica", "archivio_edilizio_rete", ["M1", "M2", "P2.2"]),  # by the project that it scores
        ("area_servizi", "nido", []),
        ("area_tecnica", "edilizia", []),  # not by what stands below
        ("borgoverde", "nobody", []),
    ],
)
def test_a_node_leads_up(carrying: Carrying, structure: str, node: str, lines: list[str]) -> None:
    assert [line.id for line in carrying.lines_of(structure, node)] == lines


def test_a_node_tells_its_own_links_before_those_above(carrying: Carrying) -> None:
    told = carrying.ways_up("borgoverde", "soddisfazione_cittadini")

    assert [(link.kind.value, link.to) for link in told] == [
        ("chain", "P2.1"),
        ("sdg", "16.6"),
        ("stakeholder", "Cittadini"),
    ]


def test_loose_is_what_leads_to_no_line_where_others_of_the_sheet_do(carrying: Carrying) -> None:
    assert carrying.loose == (
        ("area_servizi", "nido"),
        ("borgoverde", "pratiche_avviate_rete"),
        ("area_tecnica", "buche_riparate_entro_dieci_giorni"),
    )


def test_it_finds_what_is_loose_at_either_end(folder: Path) -> None:
    found = [f for f in examine(load_pack(folder)).findings if f.code in {"PK043", "PK044"}]

    assert [(f.code, str(f.place), f.subject) for f in found] == [
        ("PK043", "chain/programmi.csv:5", "P2.3"),
        ("PK044", "projects.csv:3", "Nuovo nido"),
        ("PK044", "trees/comune.csv:7", "Pratiche avviate in rete"),
        ("PK044", "trees/comune.csv:20", "Buche riparate entro dieci giorni"),
    ]
    assert {f.level for f in found} == {Severity.WARNING}
    assert not [f for f in examine(load_pack(folder)).findings if f.level is Severity.ERROR]


def test_a_level_that_nothing_carries_is_told_once(folder: Path) -> None:
    (folder / "links.csv").write_text("structure,node,kind,to\n", encoding="utf-8")

    found = [f for f in examine(load_pack(folder)).findings if f.code == "PK043"]

    assert [(f.place.line, f.subject, f.fields["count"]) for f in found] == [(3, "Missione", 2), (4, "Programma", 4)]


def test_a_misprint_in_a_link_is_a_finding(folder: Path) -> None:
    found = [f for f in examine(load_pack(folder)).findings if f.code == "PK025"]

    assert [(f.subject, f.place.file) for f in found] == [("P2-2", "links.csv")]


def test_an_unknown_act_is_found(folder: Path) -> None:
    spoil(folder, ("objective_risks.csv", "piano,p. 20", "piani,p. 20"))

    found = [f for f in examine(load_pack(folder)).findings if f.code == "PK001"]

    assert [str(f.place) for f in found] == ["objective_risks.csv:2"]


def test_the_difference_tells_what_changed_in_the_chain(folder: Path, tmp_path: Path) -> None:
    other = chained(tmp_path / "dopo")
    spoil(other, ("chain/programmi.csv", "Ascolto,M2", "Ascolto di tutti,M1"))
    spoil(other, ("links.csv", "raccolta_differenziata,chain,P2-2", "raccolta_differenziata,chain,P2.1"))
    spoil(other, ("projects.csv", "2026-06-30", "2026-12-31"))
    spoil(other, ("objective_risks.csv", "medium", "high"))

    told = compare(load_pack(folder), load_pack(other)).as_json()["changes"]

    assert [(c["group"], c["structure"], c["node"], c["field"], c["before"], c["after"]) for c in told] == [
        ("chain", "", "P2.1", "label", "Ascolto", "Ascolto di tutti"),
        ("chain", "", "P2.1", "under", ["M2"], ["M1"]),
        ("chain", "area_tecnica", "raccolta_differenziata", "link.chain", "P2.2", None),
        ("chain", "area_tecnica", "raccolta_differenziata", "link.chain", None, "P2.1"),
        ("risks", "area_tecnica", "lavori_scuola, R1", "risk_level", "medium", "high"),
        ("register", "area_tecnica", "lavori_scuola", "end", "2026-06-30", "2026-12-31"),
    ]


def test_a_plan_with_a_chain_differs_from_one_without(folder: Path) -> None:
    told = compare(load_pack(find_pack("comune-esempio")), load_pack(folder)).changes

    assert {change.group for change in told} == {"chain", "risks", "register", "tables", "aliases"}
    assert all(change.sentence() for change in told)


def test_the_tree_of_a_structure_shows_its_part_of_the_chain(folder: Path) -> None:
    tecnica, servizi = show(load_pack(folder), ("area_tecnica", "area_servizi"))["structures"]

    assert [(link["node"], link["kind"], link["to"]) for link in tecnica["links"]] == [
        ("lavori_scuola", "chain", "P2.2"),
        ("lavori_scuola", "chapter", "4012"),
        ("raccolta_differenziata", "chain", "P2.2"),
    ]
    assert tecnica["risks"][0]["level"] == "medium"
    assert servizi["projects"][0] | {"act": None} == {
        "id": "nido", "label": "Nuovo nido", "kind": "", "node": None, "scored": None, "start": None, "end": None,
        "evidence": "", "responsible": "", "act": None,
    }  # fmt: skip
    assert not {"links", "risks"} & set(servizi)


def test_a_plan_without_a_chain_shows_none() -> None:
    (shown, *_others) = show(load_pack(find_pack("comune-esempio")))["structures"]

    assert not {"links", "risks", "projects"} & set(shown)


def test_a_chain_may_stand_inside_the_plan(folder: Path) -> None:
    lines = FILES["chain.yaml"].splitlines()
    inline = "\n".join(["", "chain:", *(f"  {line}" for line in lines if not line.startswith("#"))])
    (folder / "chain.yaml").unlink()
    (folder / "pack.yaml").write_text((folder / "pack.yaml").read_text(encoding="utf-8") + inline, encoding="utf-8")

    assert list(load_pack(folder).chain.levels) == ["missione", "programma"]


def test_a_chapter_says_the_lines_it_is_listed_under(folder: Path) -> None:
    carrying = Carrying(load_pack(folder))

    assert [line.id for line in carrying.lines_of_chapter("4012")] == ["M1", "M2", "P2.2"]
    assert carrying.lines_of_chapter("4013") == ()
