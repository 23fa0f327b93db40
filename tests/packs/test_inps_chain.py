"""The chain of 2021 and of 2024, against a second counting made from the printed table of the register."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from pathlib import Path

import pytest

from piramide.methodology.carried import Carrying
from piramide.methodology.chain import Chain
from piramide.methodology.loading import load_pack, shipped_packs
from piramide.methodology.model import Pack

PRINTED = Path(__file__).parent / "printed" / "tabella_d_2021.csv"
FAMILIES = {"IEC": 11, "IS": 32, "IP": 19}
NOT_CARRIED = {
    *(f"2021_IEC.{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 11)),
    "2021_IS.18",
    *(f"2021_IP.{number}" for number in (1, 3, 13, 14, 18, 19)),
}


def printed_entries() -> list[dict[str, str]]:
    """The 117 entries as the table prints them, slips included."""
    with PRINTED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def printed_lines(entry: dict[str, str]) -> list[str]:
    """The lines that an entry prints, with `J` and `15` read as `I` and `IS`."""
    codes = re.findall(r"2021[_ ](IEC|IS|IP|JS|15)[._-](\d+)", entry["civ_printed"])
    return [f"2021_{family.replace('JS', 'IS').replace('15', 'IS')}.{number}" for family, number in codes]


@pytest.fixture(scope="module")
def plan() -> Pack:
    """The plan of 2021."""
    return load_pack(shipped_packs() / "inps-2021")


@pytest.fixture(scope="module")
def chain(plan: Pack) -> Chain:
    """Its chain."""
    return plan.chain


def codes_of(chain: Chain, level: str) -> set[str]:
    """Codes of the lines of a level."""
    return {line.id for line in chain.of_level(level)}


def linked(chain: Chain, level: str) -> dict[tuple[str, str], list[str]]:
    """Lines of a level that each entry of the register is linked to, in the order of the links."""
    own = codes_of(chain, level)
    found: dict[tuple[str, str], list[str]] = {entry.key: [] for entry in chain.register}
    for link in chain.links:
        if link.to in own and (link.structure, link.node) in found:
            found[link.structure, link.node].append(link.to)
    return found


def test_it_declares_and_lists_eleven_thirtytwo_and_nineteen_lines(chain: Chain) -> None:
    level = chain.levels["linea_civ"]

    assert level.declared == 62 == sum(FAMILIES.values())
    assert {name: kind.declared for name, kind in level.kinds.items()} == FAMILIES
    assert codes_of(chain, "linea_civ") == {
        f"2021_{family}.{number}" for family, count in FAMILIES.items() for number in range(1, count + 1)
    }
    assert all(line.label == "" for line in chain.of_level("linea_civ"))


def test_l1_45_of_62_lines_are_carried(plan: Pack, chain: Chain) -> None:
    carries = Carrying(plan).carries
    counted = {line for entry in printed_entries() for line in printed_lines(entry)}

    carried = {code for code in codes_of(chain, "linea_civ") if carries[code]}

    assert carried == counted
    assert len(carried) == 45
    assert codes_of(chain, "linea_civ") - carried == NOT_CARRIED


def test_l2_thirteen_entries_of_six_structures_carry_is_3(plan: Pack, chain: Chain) -> None:
    counted = [(e["structure"], e["code"]) for e in printed_entries() if "2021_IS.3" in printed_lines(e)]

    carriers = Carrying(plan).carries["2021_IS.3"]

    assert sorted(carriers) == sorted(counted)
    assert len(carriers) == 13
    assert len({structure for structure, _ in carriers}) == 6
    printed = [link.printed for link in chain.links if link.to == "2021_IS.3"]
    assert printed.count("2021_JS.3") == 1
    assert set(printed) == {"2021_IS.3", "2021_JS.3", "2021_15.3", "2021_15_3"}


def test_l3_what_the_117_entries_do_not_name(chain: Chain) -> None:
    printed = printed_entries()
    levels = {"linea_civ": 27, "obiettivo_ente": 83, "linea_guida": 1}

    found = {level: sum(not lines for lines in linked(chain, level).values()) for level in levels}

    assert len(chain.register) == len(printed) == 117
    assert found == levels
    assert found == {
        "linea_civ": sum(not printed_lines(entry) for entry in printed),
        "obiettivo_ente": sum(not entry["objective"] for entry in printed),
        "linea_guida": sum(not entry["guideline"] for entry in printed),
    }


def test_every_entry_stands_as_printed(chain: Chain) -> None:
    lines, objectives, guidelines = (linked(chain, level) for level in ("linea_civ", "obiettivo_ente", "linea_guida"))

    found = {
        entry.key: (
            lines[entry.key],
            objectives[entry.key],
            guidelines[entry.key][-1:],
            str(entry.start),
            str(entry.end),
        )
        for entry in chain.register
    }

    assert found == {
        (e["structure"], e["code"]): (
            printed_lines(e),
            [f"oge_{letter}" for letter in e["objective"]],
            [f"lgg_{guideline}" for guideline in (e["guideline"],) if guideline],
            e["start"],
            e["end"],
        )
        for e in printed_entries()
    }
    assert all(entry.evidence for entry in chain.register)


@pytest.mark.parametrize("misprint", ["2021_JS.2", "2021_JS.3", "2021_JS.19", "2021_JS.20"])
def test_a_misprint_leads_to_its_line(misprint: str, chain: Chain) -> None:
    line = chain.line(misprint)

    assert line is not None
    assert line.id == misprint.replace("J", "I")
    assert misprint in {link.printed for link in chain.links}


def test_what_a_sheet_scores_is_scored_by_a_node_of_its_structure(chain: Chain) -> None:
    scored = [entry for entry in chain.register if entry.scored == "yes"]

    assert len(scored) == 34
    assert all(entry.node.startswith(entry.id.lower().replace(".", "_")) for entry in scored)
    assert all(entry.node == "" for entry in chain.register if entry.scored != "yes")


def test_l5_three_points_of_the_first_guideline_lead_to_no_general_objective(chain: Chain) -> None:
    led_to = {code for objective in chain.of_level("obiettivo_ente") for code in objective.under}

    assert chain.levels["linea_guida"].declared == 5
    assert [line.id for line in chain.of_level("linea_guida") if line.kind == ""] == [f"lgg_{n}" for n in range(1, 6)]
    assert len(codes_of(chain, "linea_guida")) == 9
    assert len(codes_of(chain, "obiettivo_ente")) == 9
    assert codes_of(chain, "linea_guida") - led_to == {"lgg_1a", "lgg_1b", "lgg_1d"}


def test_seventeen_lines_are_loose(plan: Pack) -> None:
    loose = [line.id for line in Carrying(plan).loose_lines]

    assert set(loose) == NOT_CARRIED
    assert len(loose) == 17


def test_every_general_objective_of_the_nation_says_which_it_is_and_has_its_risks(plan: Pack) -> None:
    carriers = Carrying(plan).carries
    nation = plan.sheets["nazionale"]
    labels = {node.id: node.label for node in nation.walk()}

    for line in plan.chain.of_level("obiettivo_ente"):
        own = [node for structure, node in carriers[line.id] if structure == "nazionale"]
        assert [labels[node] for node in own] == [f"{line.id.removeprefix('oge_')}. {line.label}"]
    assert {risk.structure for risk in plan.chain.risks} == {"nazionale"}
    assert {str(risk.level) for risk in plan.chain.risks} == {""}


def test_l4_2024_declares_four_levels_and_lists_two() -> None:
    chain = load_pack(shipped_packs() / "inps-2024").chain
    declared = {level.id: level.declared for level in chain.levels.values()}

    assert declared == {"missione": 8, "programma": 34, "indirizzo": 196, "linea_guida": 23}
    assert [kind.declared for kind in chain.levels["indirizzo"].kinds.values()] == [46, 27, 123]
    assert {name: kind.declared for name, kind in chain.levels["linea_guida"].kinds.items()} == {"OGE": 4, "SP": 19}
    assert {level: len(codes_of(chain, level)) for level in declared} == {
        "missione": 8,
        "programma": 0,
        "indirizzo": 0,
        "linea_guida": 23,
    }
    assert [line.id for line in chain.of_level("linea_guida") if line.kind == "OGE"] == [
        "lgg_6",
        "lgg_7",
        "lgg_8",
        "lgg_12",
    ]
    assert chain.chapters == "capitoli_2024"


def test_every_chapter_of_2024_stands_under_the_guideline_of_its_paragraph() -> None:
    plan = load_pack(shipped_packs() / "inps-2024")
    table = plan.tables["capitoli_2024"]
    paragraphs = {row[table.columns.index("chapter")]: row[table.columns.index("paragraph")] for row in table.rows}
    carrying = Carrying(plan)

    found = {(paragraphs[code], line.id) for code in paragraphs for line in carrying.lines_of_chapter(code)}

    assert len(paragraphs) == len(plan.chain.chapter_lines) == 27
    assert found == {
        ("4.1", "lgg_18"),
        ("4.2.2", "lgg_13"),
        ("4.2.3", "lgg_13"),
        ("4.3", "lgg_15"),
        ("4.4", "lgg_16"),
        ("4.5", "lgg_22"),
    }


def test_spending_objectives_are_for_the_chapters_that_both_lists_hold() -> None:
    plan = load_pack(shipped_packs() / "inps-2024")
    chapters = {link.to for link in plan.chain.links if link.kind == "chapter"}

    listed = [
        {row[plan.tables[name].columns.index("chapter")] for row in plan.tables[name].rows}
        for name in ("capitoli_2024", "capitoli_spesa")
    ]

    assert chapters == listed[0] & listed[1]
    assert len(chapters) == 8


def test_the_plan_asks_nineteen_of_its_indicators_in_2022_and_2023(plan: Pack) -> None:
    years = {node: [(t.year, t.target, t.target_rule) for t in targets] for (_, node), targets in plan.years.items()}

    assert {structure for structure, _ in plan.years} == {"nazionale"}
    assert len(years) == 19
    assert years["indice_giacenza"] == [(2022, Fraction(68), ""), (2023, Fraction(65), "")]
    growth = "greatest(target_before, actual_before) * revenue_growth"
    assert years["valore_produzione_contributi"] == [(2022, None, growth), (2023, None, growth)]
    assert years["percentuale_definito_domande_sostegno_famiglie"][0][1] == Fraction(95, 100)
