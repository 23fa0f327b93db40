"""Every kind of rule has its sentence and its formula, with the figures of the worked examples in them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from piramide.kernel.findings import Place
from piramide.methodology.model import Band, Checkpoint, MissingPolicy, Scale
from piramide.scoring.explain import explain
from piramide.scoring.result import Explanation
from piramide.scoring.score import score_pack
from tests.scoring.scenes import ACT, Scene, composite, indicator, leaf
from tests.scoring.typed import values_from_rows

TRANSIT = (
    Checkpoint("Q1", None, Fraction("0.05")),
    Checkpoint("Q2", None, Fraction("0.04")),
    Checkpoint("Q3", None, Fraction("0.03")),
    Checkpoint("Q4", Fraction(0), Fraction(0), mandatory=True, tolerance=Fraction("0.005")),
)
CHECKED = Scale(
    "checked",
    "checked",
    tuple(
        Band(Fraction(a), Fraction(b), Fraction(c)) for a, b, c in (("0", "0.7", 1), ("0.7", "0.9", 3), ("0.9", "1", 5))
    ),
    ACT,
    Place(),
)


def told(scene: Scene, rows: list[tuple[Any, ...]], language: str = "it", node: str = "x") -> Explanation:
    pack, values = scene.pack, values_from_rows(rows, scene.pack)
    return explain(pack, score_pack(pack, values, "2024-Q4"), "lazio", node, language, values)


def one(rule: str, value: str | None, target: str | None = None, language: str = "it", **fields: Any) -> Explanation:  # noqa: ANN401
    scene = Scene(
        (indicator("x", rule, **fields),), {"lazio": (leaf("x", 1, target),)}, {"scales": {"checked": CHECKED}}
    )
    return told(scene, [] if value is None else [("lazio", "x", "2024-Q4", value)], language)


def test_it_tells_a_gap_upwards() -> None:
    """Flow index: 1.02 against 1.010."""
    explanation = one("gap_up", "1.02", "1.010", unit="ratio", rounding=3)

    assert explanation.sentence == (
        "x vale 1,020 contro un obiettivo di 1,010: +0,99%, indice 100,99. "
        "Pesa 100% di «Lazio»: porta +0,99 punti all'indice di Lazio."
    )
    assert explanation.formula == "scostamento = (1,020 − 1,010) ÷ 1,010 = +0,99%; indice = 100 × (1 + 0,99%) = 100,99"


def test_it_tells_the_same_in_english() -> None:
    explanation = one("gap_up", "1.02", "1.010", "en", unit="ratio", rounding=3)

    assert explanation.sentence == (
        "x is 1.020 against a target of 1.010: +0.99%, index 100.99. "
        "It weighs 100% of “Lazio”: it brings +0.99 points to the index of Lazio."
    )
    assert explanation.formula == "gap = (1.020 − 1.010) ÷ 1.010 = +0.99%; index = 100 × (1 + 0.99%) = 100.99"


def test_it_tells_a_gap_downwards() -> None:
    """R1: 264 lawsuits against 318."""
    explanation = one("gap_down", "264", "318", unit="pieces", rounding=0)

    assert explanation.sentence.startswith(
        "x vale 264 pezzi contro un obiettivo di 318 pezzi, e meno è meglio: +16,98%, indice 116,98."
    )
    assert explanation.formula == "scostamento = (318 − 264) ÷ 318 = +16,98%; indice = 100 × (1 + 16,98%) = 116,98"


def test_it_tells_what_the_cap_does() -> None:
    """R2: 19.09 against 10 is +90.9%, counted +50%."""
    explanation = one("gap_up", "19.09", "10", unit="pct")

    assert ": +90,90%, contato +50,00% per il limite di ±50%, indice 150,00." in explanation.sentence
    assert explanation.formula == (
        "scostamento = (19,09 − 10,00) ÷ 10,00 = +90,90%; limitato a +50,00%; indice = 100 × (1 + 50,00%) = 150,00"
    )
    assert explanation.exchange is not None
    assert abs(explanation.exchange.wasted - 40.9) < 1e-9
    assert (
        explanation.exchange.sentence
        == "È già al massimo: un miglioramento non porta punti. Il limite taglia 40,90 punti."
    )


def test_it_tells_what_the_cap_spares() -> None:
    explanation = one("gap_up", "2", "10")

    assert ": −80,00%, contato −50,00% per il limite di ±50%, indice 50,00." in explanation.sentence
    assert "Il limite risparmia 30,00 punti." in explanation.notes


def test_it_tells_that_gains_do_not_count() -> None:
    explanation = one("gap_up", "11", "10", clip_positive=True)

    assert ": +10,00%, ma i guadagni non contano, indice 100,00." in explanation.sentence
    assert "contato 0,00% perché i guadagni non contano" in explanation.formula


def test_it_tells_a_dashboard_index() -> None:
    """R9: 103.21 is +3.21%."""
    explanation = one("zero_gap", "103.21")

    assert explanation.sentence.startswith(
        "x vale 103,21 sul cruscotto, dove 100,00 vuol dire in linea con il budget: +3,21%, indice 103,21."
    )
    assert explanation.formula.startswith("scostamento = (103,21 − 100,00) ÷ 100,00 = +3,21%")


def test_it_tells_a_milestone() -> None:
    explanation = one("milestone", "80")

    assert explanation.sentence.startswith(
        "x ha un avanzamento validato pari a 80% contro un obiettivo di 100%: −20,00%, indice 80,00."
    )


def test_it_tells_a_milestone_on_target() -> None:
    explanation = one("milestone", "100")

    assert explanation.sentence == (
        "x ha un avanzamento validato pari a 100% contro un obiettivo di 100%: nessuno scostamento, indice 100,00. "
        "Pesa 100% di «Lazio»: non sposta l'indice di Lazio."
    )


def test_it_tells_a_threshold_that_is_kept() -> None:
    """R36: no delay."""
    explanation = one("threshold", "-1", checkpoints=(Checkpoint("any", None, Fraction(0)),), unit="days", rounding=0)

    assert explanation.sentence.startswith(
        "x vale −1 giorno e rispetta la soglia (al più 0): nessuno scostamento, indice 100,00."
    )


def test_it_tells_a_threshold_that_is_missed() -> None:
    explanation = one("threshold", "3", checkpoints=(Checkpoint("any", None, Fraction(0)),), unit="days", rounding=0)

    assert explanation.sentence.startswith(
        "x vale 3 giorni e non rispetta la soglia (al più 0): "
        "−100,00%, contato −50,00% per il limite di ±50%, indice 50,00."
    )
    assert explanation.formula == (
        "soglia unica: 3, al più 0: non rispettata; scostamento = 0 ÷ 1 − 1 = −100,00%; "
        "limitato a −50,00%; indice = 100 × (1 − 50,00%) = 50,00"
    )
    assert explanation.exchange is not None
    assert (explanation.exchange.next_step, explanation.exchange.step_points) == (0.0, 50.0)
    assert explanation.exchange.for_one_point == -3.0


def over_the_year(*values: str) -> Explanation:
    scene = Scene(
        (indicator("x", "threshold", checkpoints=TRANSIT, unit="ratio", rounding=3),), {"lazio": (leaf("x"),)}
    )
    rows = [("lazio", "x", f"2024-Q{quarter}", value) for quarter, value in enumerate(values, 1)]
    return told(scene, rows)


def test_it_tells_every_checkpoint_of_the_year() -> None:
    """R23: 3.9% passes the second quarter, 4.1% fails it."""
    explanation = over_the_year("0.05", "0.041", "0.03", "0")

    assert explanation.sentence.startswith("x vale 0,000 e rispetta 3 soglie su 4: −25,00%, indice 75,00.")
    assert "II trimestre: 0,041, al più 0,040: non rispettata" in explanation.formula
    assert "III trimestre: 0,030, al più 0,030: rispettata" in explanation.formula
    assert "scostamento = 3 ÷ 4 − 1 = −25,00%" in explanation.formula


def test_it_tells_a_mandatory_checkpoint_that_failed() -> None:
    explanation = over_the_year("0.05", "0.039", "0.03", "0.01")

    assert "e non rispetta una soglia obbligatoria (IV trimestre): −100,00%" in explanation.sentence
    assert "scostamento = −100,00% per la soglia obbligatoria non rispettata" in explanation.formula


def test_it_tells_the_share_passed_where_earlier_values_are_not_at_hand() -> None:
    scene = Scene((indicator("x", "threshold", checkpoints=TRANSIT, rounding=3),), {"lazio": (leaf("x"),)})
    rows = [("lazio", "x", f"2024-Q{q}", value) for q, value in enumerate(("0.05", "0.041", "0.03", "0"), 1)]
    pack = scene.pack
    table = score_pack(pack, values_from_rows(rows, pack), "2024-Q4")

    explanation = explain(pack, table, "lazio", "x", "it")

    assert explanation.sentence.startswith(
        "x vale 0,000 e rispetta una quota di soglie pari a 75%: −25,00%, indice 75,00."
    )


def test_it_tells_the_band_of_a_value() -> None:
    """R26: 95% controlled is in the band of 5 points; the target here is 3."""
    explanation = one("bands", "0.85", "5", scale="checked", unit="ratio", rounding=2)

    assert explanation.sentence.startswith(
        "x vale 0,85, nella fascia oltre 0,70 fino a 0,90 che dà 3 punti, contro un obiettivo di 5 punti: "
        "−40,00%, indice 60,00."
    )
    assert explanation.formula.startswith(
        "0,85 è nella fascia oltre 0,70 fino a 0,90: 3 punti; scostamento = (3 − 5) ÷ 5 = −40,00%"
    )
    assert explanation.exchange is not None
    assert (explanation.exchange.next_step, explanation.exchange.for_one_point) == (0.91, 0.91 - 0.85)
    assert abs((explanation.exchange.step_points or 0) - 40) < 1e-9


def test_it_tells_points_of_a_ratio() -> None:
    """R37: 2.73 of 4, 30 points, is 20.48."""
    explanation = one("ratio_points", "2.73", "4", points=Fraction(30), unit="score_1_5")

    assert "x vale 2,73 contro un obiettivo di 4,00 e prende 20,48 punti su 30: −31,75%" in explanation.sentence
    assert explanation.formula.startswith("punti = 2,73 ÷ 4,00 × 30 = 20,48 punti; scostamento = (2,73 − 4,00) ÷ 4,00")


def composed(of: str, shares: dict[str, Any], parts: dict[str, tuple[str, str, str]], **more: Any) -> Explanation:  # noqa: ANN401
    rule = more.pop("rule", "composite")
    target = more.pop("target", None)
    indicators = [indicator(name, kind, unit="eur", rounding=2) for name, (kind, _, _) in parts.items()]
    indicators.append(indicator("x", rule, composite=composite(of, shares), **more))
    leaves = [leaf(name, 0, goal) for name, (_, goal, _) in parts.items()]
    scene = Scene(tuple(indicators), {"lazio": (*leaves, leaf("x", 1, target))})
    return told(scene, [("lazio", name, "2024-Q4", value) for name, (_, _, value) in parts.items()])


def test_it_tells_a_sum_of_shares() -> None:
    """R25: 35 of 50 units and 0.9 of 3.0 million are 70 + 30 = 100."""
    parts = {"units": ("gap_up", "50", "35"), "value": ("gap_up", "3", "0.9")}

    explanation = composed("attainment", {"units": 1, "value": 1}, parts, rule="sum_of_shares", rounding=0)

    assert explanation.sentence.startswith(
        "x somma 100 punti percentuali di quote raggiunte, dove 100 vuol dire obiettivo raggiunto: "
        "nessuno scostamento, indice 100,00."
    )
    assert explanation.formula.startswith("quote = 70 + 30 = 100; scostamento = (100 − 100) ÷ 100 = 0,00%")


def test_it_tells_a_mean_of_gaps() -> None:
    """R20: +2.36, -1.06 and +1.23 are +0.84%."""
    third = Fraction(1, 3)
    parts = {"a": ("gap_up", "2.54", "2.60"), "b": ("gap_down", "148.42", "150.0"), "c": ("gap_down", "100.23", "99")}

    explanation = composed("gap", {"a": third, "b": third, "c": third}, parts)

    assert explanation.sentence.startswith(
        "x è la somma pesata degli scostamenti delle sue parti (3): +0,84%, indice 100,84."
    )
    assert explanation.formula.startswith("scostamento = 33,33% × +2,36% + 33,33% × −1,06% + 33,33% × +1,23% = +0,84%")
    assert [part.node for part in explanation.inputs] == ["a", "b", "c"]


def test_it_tells_capped_gaps() -> None:
    """R27: a part at +80% counts +50%."""
    half = Fraction(1, 2)
    parts = {"a": ("gap_up", "10", "18"), "b": ("gap_up", "10", "10")}

    explanation = composed("capped_gap", {"a": half, "b": half}, parts)

    assert "ciascuno entro il proprio limite: +25,00%, indice 125,00." in explanation.sentence
    assert "scostamento = 50% × +50,00% + 50% × 0,00% = +25,00%" in explanation.formula


def test_it_tells_an_attainment() -> None:
    """R18: 110% and 95%, 70 and 30, are 105.5%."""
    parts = {"revenue": ("gap_up", "200", "220"), "benefits": ("gap_up", "100", "95")}
    shares = {"revenue": Fraction("0.7"), "benefits": Fraction("0.3")}

    explanation = composed("attainment", shares, parts, unit="ratio", rounding=3)

    assert explanation.sentence.startswith(
        "x vale 1,055, somma pesata di quanto hanno raggiunto le sue parti (2), contro un obiettivo di 1,000: +5,50%"
    )
    assert explanation.formula.startswith(
        "raggiungimento = 70% × 110,00% + 30% × 95,00% = 1,055; scostamento = (1,055 − 1,000) ÷ 1,000 = +5,50%"
    )


def test_it_tells_a_sum_of_points() -> None:
    """R26: 5 + 3 points against 10."""
    parts = {"a": ("bands", "5", "0.95"), "b": ("bands", "5", "0.85")}
    indicators = [indicator(name, "bands", scale="checked", unit="ratio") for name in parts]
    indicators.append(
        indicator("x", "composite", composite=composite("points", {"a": 1, "b": 1}), unit="points", rounding=0)
    )
    leaves = (*(leaf(name, 0, "5") for name in parts), leaf("x", 1, "10"))
    scene = Scene(tuple(indicators), {"lazio": leaves}, {"scales": {"checked": CHECKED}})

    explanation = told(scene, [("lazio", "a", "2024-Q4", "0.95"), ("lazio", "b", "2024-Q4", "0.85")])

    assert explanation.sentence.startswith(
        "x raccoglie 8 punti dalle sue parti (2) contro un obiettivo di 10 punti: −20,00%"
    )
    assert explanation.formula.startswith("punti = 5 + 3 = 8; scostamento = (8 − 10) ÷ 10 = −20,00%")


def test_it_tells_parts_that_stand_in_no_tree() -> None:
    """R24: the first balance is 4.0% better and the second 2.78% worse than asked: +0.61%."""
    half = Fraction(1, 2)
    indicators = (
        indicator("credit", "zero_gap"),
        indicator("suspense", "zero_gap"),
        indicator("x", "composite", composite=composite("gap", {"credit": half, "suspense": half})),
    )
    scene = Scene(indicators, {"lazio": (leaf("x"),)})

    explanation = told(scene, [("lazio", "credit", "2024-Q4", "104"), ("lazio", "suspense", "2024-Q4", "97.22")])

    assert "scostamento = 50% × +4,00% + 50% × −2,78% = +0,61%" in explanation.formula


def test_it_tells_a_value_that_is_only_reported() -> None:
    scene = Scene(
        (indicator("x", "report_only", rounding=0), indicator("y")), {"lazio": (leaf("x", 0), leaf("y", 1, 10))}
    )

    explanation = told(scene, [("lazio", "x", "2024-Q4", "457"), ("lazio", "y", "2024-Q4", "10")])

    assert explanation.sentence == (
        "x vale 457: è riportato senza punteggio. Ha peso zero: è riportato e non entra nell'indice."
    )
    assert (explanation.formula, explanation.exchange) == ("", None)


def test_it_tells_a_value_that_is_missing() -> None:
    explanation = one("gap_up", None, "10")

    assert explanation.sentence == "x non ha un valore: l'indice sta tra 50,00 e 150,00. Pesa 100% di «Lazio»."
    assert "Finché il valore manca, gli indici sopra restano nulli: si dà quello parziale." in explanation.notes
    assert explanation.exchange is None


def test_it_tells_that_what_is_missing_counts_the_worst() -> None:
    explanation = one("gap_up", None, "10", missing=MissingPolicy.WORST)

    assert explanation.sentence.startswith("x non ha un valore e il metodo lo conta al minimo: −50,00%, indice 50,00.")
    assert explanation.formula == "scostamento = −50%; indice = 100 × (1 − 50,00%) = 50,00"


def test_it_tells_a_value_that_no_act_gives_a_target() -> None:
    explanation = one("gap_up", "10", None)

    assert explanation.sentence.startswith("x vale 10,00, ma nessun atto ne fissa l'obiettivo: non ha indice.")


def test_it_shows_more_decimals_where_value_and_target_would_print_alike() -> None:
    explanation = one("gap_up", "1.0104", "1.010", unit="ratio", rounding=3)

    assert explanation.sentence.startswith("x vale 1,0104 contro un obiettivo di 1,0100: +0,04%")


def test_it_shows_as_many_decimals_as_it_takes_to_find_the_gap_again() -> None:
    """0.714 against 0.68 is +5%; 0.71 against 0.68 would be +4.4%."""
    explanation = one("gap_up", "0.714", "0.68", unit="ratio")

    assert explanation.sentence.startswith("x vale 0,714 contro un obiettivo di 0,680: +5,00%")


def test_it_rounds_half_up_what_a_float_would_round_down() -> None:
    """1.005 over 1 is +0.50% and index 100.50; 100.125 on the dashboard is 100.13, half a cent up."""
    explanation = one("zero_gap", "100.125", rounding=3)

    assert "+0,13%, indice 100,13." in explanation.sentence


def test_it_tells_a_checkpoint_with_the_decimals_that_show_its_side() -> None:
    measured = over_the_year("0.05", "0.04339757", "0.0301", "0.000000000001")

    assert "II trimestre: 0,043, al più 0,040: non rispettata" in measured.formula
    assert "III trimestre: 0,0301, al più 0,0300: non rispettata" in measured.formula
    assert "IV trimestre: 0,000, " in measured.formula


def told_of_year(
    checkpoints: tuple[Checkpoint, ...], values: Mapping[str, str], period: str, language: str
) -> Explanation:
    scene = Scene((indicator("x", "threshold", checkpoints=checkpoints, rounding=3),), {"lazio": (leaf("x"),)})
    pack = scene.pack
    read = values_from_rows([("lazio", "x", moment, value) for moment, value in values.items()], pack)
    return explain(pack, score_pack(pack, read, period), "lazio", "x", language, read)


def test_it_tells_what_is_known_of_a_threshold_and_what_is_not() -> None:
    """R40: an unseen checkpoint is neither left out nor failed."""
    told = told_of_year(TRANSIT, {"2024-Q1": "0.06", "2024-Q3": "0.01"}, "2024-Q3", "it")

    assert told.sentence.startswith(
        "x rispetta 1 delle 2 soglie note, su 3 scadute (non note: II trimestre): l'indice sta tra 50,00 e 66,67."
    )
    assert told.formula == (
        "I trimestre: 0,060, al più 0,050: non rispettata; III trimestre: 0,010, al più 0,030: rispettata; "
        "II trimestre: non nota"
    )


def test_it_tells_the_value_that_was_judged_and_not_that_of_the_month() -> None:
    told = told_of_year(TRANSIT, {"2024-Q1": "0.01", "2024-05": "0.9"}, "2024-05", "en")

    assert told.value == 0.9
    assert told.sentence.startswith("x is 0.010 and keeps the threshold (at most 0.050): no gap, index 100.00.")


def test_it_tells_the_share_that_each_checkpoint_without_bounds_met() -> None:
    """R22: 1 of 2 chapters, then 10 of 10."""
    free = tuple(Checkpoint(quarter, None, None) for quarter in ("Q1", "Q2"))

    told = told_of_year(free, {"2024-Q1": "0.5", "2024-Q2": "1"}, "2024-Q2", "it")

    assert told.formula.startswith(
        "I trimestre: rispettata per il 50%; II trimestre: rispettata per il 100%; scostamento = 75% − 1 = −25,00%"
    )
