"""What a printed target reads as, and how a target without a print is printed (the readings of the design)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from piramide.kernel.findings import Place
from piramide.methodology.checks.prints import check_prints
from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.model import Citation, Indicator, Node, Pack, RuleKind, Sheet
from piramide.methodology.printing.form import PrintForm
from piramide.methodology.printing.printed import in_print, printed_target

PLAN = load_pack(find_pack("inps-2024"))


def indicator(
    unit: str,
    rule: RuleKind = RuleKind.GAP_UP,
    direction: str = "up",
    *,
    form: PrintForm | None = None,
    rounding: int = 2,
) -> Indicator:
    made = Indicator("prova", "Prova", "", unit, direction, rule, Fraction(1, 2), Citation(""), Place())
    return replace(made, rounding=rounding, print=form or PrintForm())


def plan_with(printed: str, target: Fraction | None, of: Indicator) -> Pack:
    """The shipped plan with one more structure of one leaf."""
    leaf = next(PLAN.sheets["dcm_milano"].leaves())
    node: Node = replace(leaf, indicator=of.id, printed=printed, target=target)
    return replace(PLAN, indicators={of.id: of}, sheets={"dcm_milano": Sheet("dcm_milano", (node,))})


@pytest.mark.parametrize(
    ("printed", "target", "of"),
    [
        ("1,010", Fraction("1.01"), indicator("ratio")),
        ("75 %", Fraction("0.75"), indicator("ratio")),
        ("75 %", Fraction(75), indicator("milestone", RuleKind.MILESTONE)),
        ("≥ 95%", Fraction("0.95"), indicator("ratio")),
        ("30 gg", Fraction(30), indicator("days", RuleKind.GAP_DOWN, "down")),
        ("30 gg", Fraction(30), indicator("days")),
        ("26'", Fraction(26), indicator("minutes", RuleKind.GAP_DOWN, "down")),
        ("966.124.543 €", Fraction(966124543), indicator("eur")),
        ("entro il 31/10/2025", Fraction(100), indicator("milestone", RuleKind.MILESTONE)),
        ("Scostamento 0 su budget del Cruscotto Qualità 2024", Fraction(100), indicator("index", RuleKind.ZERO_GAP)),
        ("SMVP - Par. 6.2.10", Fraction("0.05"), indicator("ratio", RuleKind.THRESHOLD, "none")),
        ("SMVP - Par. 6.2.10", None, indicator("ratio", RuleKind.THRESHOLD, "none")),
        ("-", None, indicator("ratio")),
    ],
)
def test_a_print_that_reads_as_the_target_is_no_finding(printed: str, target: Fraction | None, of: Indicator) -> None:
    assert list(check_prints(plan_with(printed, target, of))) == []


@pytest.mark.parametrize(
    ("printed", "target", "of"),
    [
        ("1,010", Fraction("1.02"), indicator("ratio")),
        ("≥ 95%", Fraction("0.95"), indicator("ratio", RuleKind.GAP_DOWN, "down")),
        ("30 gg", Fraction(30), indicator("minutes", RuleKind.GAP_DOWN, "down")),
        ("n.d.", Fraction(30), indicator("days")),
        ("(1.000)", Fraction(1000), indicator("pieces")),
        ("-", Fraction(0), indicator("pieces", RuleKind.THRESHOLD, "down")),
    ],
)
def test_a_print_that_says_something_else_is_told(printed: str, target: Fraction, of: Indicator) -> None:
    (finding,) = check_prints(plan_with(printed, target, of))

    assert finding.code == "PK045"
    assert f"«{printed}»" in finding.message("it")


@pytest.mark.parametrize(
    ("target", "of", "text"),
    [
        (Fraction("0.95"), indicator("ratio", form=PrintForm("%", 0, Fraction(100))), "95%"),
        (Fraction("0.955"), indicator("ratio", form=PrintForm("%", 0, Fraction(100))), "95,5%"),
        (Fraction(30), indicator("days", form=PrintForm("gg", 0)), "30 gg"),
        (Fraction(26), indicator("minutes", form=PrintForm("'", 0)), "26'"),
        (Fraction(966124543), indicator("eur"), "966.124.543 €"),
        (Fraction("5.8"), indicator("eur"), "5,80 €"),
        (Fraction(1), indicator("days"), "1 giorno"),
        (Fraction("1.01"), indicator("ratio", rounding=3), "1,010"),
        (Fraction(1, 4), indicator("fraction", rounding=0), "25%"),
        (Fraction(100), indicator("index", RuleKind.ZERO_GAP), "Scostamento 0 su budget"),
    ],
)
def test_a_target_without_a_print_has_the_form_of_its_indicator(target: Fraction, of: Indicator, text: str) -> None:
    assert in_print(target, of, "it") == text
    assert list(check_prints(plan_with(text, target, of))) == []


def test_the_official_sheets_print_what_the_documents_print() -> None:
    leaves = {node.id: printed_target(node, PLAN) for node in PLAN.sheets["dcm_milano"].leaves()}

    assert leaves["indice_deflusso"] == "1,010"
    assert leaves["p_accertamenti"] == "328.588.770 €"
    assert leaves["indicatore_gestione_spesa_fabbisogni_economici"] == "SMVP - Par. 6.2.10"
