"""Plans of other administrations, from public facts: sound, with the results published, and open where sources are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from piramide.kernel.naming import slug
from piramide.kernel.rounding import round_scaled
from piramide.methodology.checks.report import examine
from piramide.methodology.loading import load_pack, shipped_packs
from piramide.methodology.model import Pack
from piramide.scoring.money import money_of
from piramide.scoring.reading import read_values
from piramide.scoring.result import StructureScore
from piramide.scoring.score import score_pack
from tests.packs.worked_examples import Example, check_computes, examples_of

PLANS = ("agenzia-entrate-2017", "esteri-2017", "lamezia-terme-2024")
EXAMPLES = [(name, example) for name in PLANS for example in examples_of(name)]
FINDINGS = {"agenzia-entrate-2017": ["PK014"]}
"""What they say of their own sources: of the agency, a printed amount that its weight does not give."""

TRIED = {
    "percentuale_730_precompilati": 0.8,
    "documenti_interpretativi": 1,
    "utilizzo_servizi_telematici": 0.48,
    "barometro_qualita": 0.91,
    "atti_intestazione_evasi": 0.95,
    "formalita_repertoriate": 0.93,
    "tempi_medi_attesa": 0,
    "tempo_risposta_garanti": 30,
    "rimborsi_iva_lavorati": 0.7,
    "rimborsi_imposte_dirette": 0.8,
    "azioni_miglioramento": 100,
    "integrazione_oggetti_catastali": 0.87,
    "congruenza_geometrica_mappe": 0.05,
}
"""Values to try the agency's plan on; its source publishes none."""


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    return {name: load_pack(shipped_packs() / name) for name in PLANS}


def scored(pack: Pack, file: Path, period: str) -> dict[str, StructureScore]:
    return {of.id: of for of in score_pack(pack, read_values(file, pack), period).structures}


def exact(of: StructureScore) -> Fraction | None:
    return of.index.exact if of.index is not None else None


def filled(values: dict[str, Any], structure: str, period: str, folder: Path) -> Path:
    """A values file of one structure."""
    rows = [f"{structure},{name},{period},{value}\n" for name, value in values.items()]
    file = folder / "values.csv"
    file.write_text("structure,indicator,period,value\n" + "".join(rows), encoding="utf-8")
    return file


@pytest.mark.parametrize("name", PLANS)
def test_it_says_of_itself_what_its_source_leaves_open_and_nothing_more(name: str, packs: dict[str, Pack]) -> None:
    assert [finding.code for finding in examine(packs[name]).findings] == FINDINGS.get(name, [])
    assert (
        (shipped_packs() / name / "interpretations.md").read_text("utf-8").startswith("# Che cosa dice e che cosa tace")
    )


@pytest.mark.parametrize(("pack", "example"), EXAMPLES, ids=[example["id"] for _, example in EXAMPLES])
def test_it_computes(pack: str, example: Example, packs: dict[str, Pack], tmp_path: Path) -> None:
    check_computes(example, packs[pack], tmp_path)


@pytest.mark.parametrize(
    ("node", "unit", "target", "printed"),
    [
        ("percentuale_730_precompilati", "fraction", Fraction(3, 4), "75%"),
        ("tempi_medi_attesa", "minutes", Fraction(26), "26'"),
        ("tempo_risposta_garanti", "days", Fraction(30), "30 gg."),
        ("azioni_miglioramento", "milestone", Fraction(100), "SI"),
        ("congruenza_geometrica_mappe", "fraction", Fraction(1, 50), "2%"),
    ],
)
def test_the_agency_prints_its_targets_as_its_act_does(
    node: str, unit: str, target: Fraction, printed: str, packs: dict[str, Pack]
) -> None:
    plan = packs["agenzia-entrate-2017"]
    leaf = next(leaf for leaf in plan.sheets["agenzia_entrate"].leaves() if leaf.id == node)

    assert (plan.indicators[leaf.indicator].unit, leaf.target, leaf.printed) == (unit, target, printed)


def test_what_is_not_at_hand_of_the_agency_stays_unseen(packs: dict[str, Pack], tmp_path: Path) -> None:
    file = filled(TRIED, "agenzia_entrate", "2017", tmp_path)

    agency = scored(packs["agenzia-entrate-2017"], file, "2017")["agenzia_entrate"]

    assert agency.index is None
    assert (agency.index_measured, agency.coverage) == pytest.approx((104.03, 0.338), abs=5e-3)
    assert (agency.index_low, agency.index_high) == pytest.approx((88.12, 114.60), abs=5e-3)


def test_the_agency_shares_its_incentive_as_its_act_prints_it(packs: dict[str, Pack], tmp_path: Path) -> None:
    """Each quota is the printed one in hundredths of a million, but for the one that the act rounds up to 1.98."""
    plan = packs["agenzia-entrate-2017"]
    table = plan.tables["incentivazione_2017"]
    printed = {slug(label): figure for _, label, _, figure in table.rows}
    file = filled(TRIED, "agenzia_entrate", "2017", tmp_path)

    (shared,) = money_of(plan, score_pack(plan, read_values(file, plan), "2017"))

    hundredths = {part.node: round_scaled(Fraction(part.quota, 10**8), 2) for part in shared.nodes}
    differing = {
        node for node, quota in hundredths.items() if node in printed and quota != 100 * Fraction(printed[node])
    }
    assert len(hundredths.keys() & printed.keys()) == 13
    assert differing == {"rimborsi_iva_lavorati"}
    assert Fraction(shared.total, 100) == 82 * 10**6
    assert shared.earned is None


def test_the_municipality_gives_the_results_of_its_monitoring(packs: dict[str, Pack]) -> None:
    """Objectives 13, 54 and 93 at 90, 100 and 100; the municipality, the mean of its offices, at 290/3."""
    values = shipped_packs() / "lamezia-terme-2024" / "values" / "2024.csv"

    offices = scored(packs["lamezia-terme-2024"], values, "2024")

    assert {name: exact(of) for name, of in offices.items()} == {
        "lamezia_terme": Fraction(290, 3),
        "servizi_alla_persona": 90,
        "settore_tecnico": 100,
        "transizione_digitale": 100,
    }


@pytest.mark.parametrize(("period", "due", "index"), [("2024-Q2", 0, None), ("2024-Q3", 0.9, 100)])
def test_what_the_municipality_has_not_to_do_yet_is_not_missing(
    period: str, due: float, index: int | None, packs: dict[str, Pack], tmp_path: Path
) -> None:
    """In June no phase of objective 13 is due, and work ahead waits; in September two are, worth 0.9 of it."""
    values = {"avanzamento_fasi:f01": 100, "avanzamento_fasi:f02": 100}
    file = filled(values, "servizi_alla_persona", period, tmp_path)

    office = scored(packs["lamezia-terme-2024"], file, period)["servizi_alla_persona"]

    (phases,) = [node for node in office.nodes if node.id == "avanzamento_fasi"]
    assert (phases.due, phases.index, office.index) == (due, index, index)


def test_the_ministry_has_reached_the_objective_that_is_at_hand_and_stays_open(packs: dict[str, Pack]) -> None:
    values = shipped_packs() / "esteri-2017" / "values" / "2017.csv"

    cabinet = scored(packs["esteri-2017"], values, "2017")["gabinetto"]

    (objective,) = [node for node in cabinet.nodes if node.id == "indirizzo_politico"]
    assert objective.index == 100
    assert cabinet.index is None
    assert (cabinet.coverage, cabinet.index_low, cabinet.index_high) == pytest.approx((0.5, 75, 125))


def test_links_of_the_ministry_lead_to_its_mission(packs: dict[str, Pack]) -> None:
    assert [finding.code for finding in examine(packs["esteri-2017"]).findings] == []
    assert set(packs["esteri-2017"].chain.lines) == {"servizi_istituzionali", "indirizzo_politico"}
