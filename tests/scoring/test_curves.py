"""An index drawn by the act: the worked examples C1 to C3, the band of what is missing, and what is told of it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from piramide.methodology.model import Curve, CurvePoint, Range
from piramide.scoring.explain import explain
from piramide.scoring.plan import compile_plan
from piramide.scoring.result import Explanation
from piramide.scoring.scenarios import prepare
from piramide.scoring.score import score_pack
from piramide.scoring.simulate import simulate
from tests.scoring.scenes import Scene, exactly, indicator, leaf
from tests.scoring.typed import values_from_rows


def drawn(of: str, below: int, *points: tuple[str, int]) -> Curve:
    return Curve(of, Fraction(below), tuple(CurvePoint(Fraction(at), Fraction(gives)) for at, gives in points))


C1 = drawn("attainment", 0, ("0.6", 60), ("1", 100))
C2 = drawn("value", 100, ("26", 100), ("30", 80), ("40", 0))
C3 = drawn("value", 0, ("70", 0), ("90", 100))
WORKED = [
    *((C1, "200", value, index) for value, index in zip((100, 119, 120, 150, 230), (0, 0, 60, 75, 100), strict=True)),
    *((C2, None, value, index) for value, index in zip((20, 28, 35, 45), (100, 90, 40, 0), strict=True)),
    *((C3, None, value, index) for value, index in zip((69, 70, 80, 90, 95), (0, 0, 50, 100, 100), strict=True)),
]


def scene(curve: Curve, target: str | None, cap: str = "1", **fields: Range) -> Scene:
    drawn_by = indicator("x", "curve", curve=curve, cap=Fraction(cap), unit="days", rounding=0, **fields)
    return Scene((drawn_by,), {"lazio": (leaf("x", 1, target),)})


@pytest.mark.parametrize(("curve", "target", "value", "index"), WORKED)
def test_each_value_has_the_index_that_the_act_draws(curve: Curve, target: str | None, value: int, index: int) -> None:
    one, rows = scene(curve, target), [("lazio", "x", "2024-Q4", str(value))]
    assert exactly(one, rows).index("lazio", "x") == index
    assert one.score(rows).node("x").index == pytest.approx(index)


def test_the_cap_comes_after_the_curve() -> None:
    """With 0.5 every figure under 50 is 50."""
    assert exactly(scene(C2, None, "0.5"), [("lazio", "x", "2024-Q4", "35")]).index("lazio") == 50


def band(curve: Curve, target: str | None, **fields: Range) -> tuple[object, ...]:
    exact = exactly(scene(curve, target, "1", **fields), [])
    return exact.index_low("lazio"), exact.index_high("lazio")


def test_what_is_missing_lies_between_the_least_and_the_most_of_the_curve() -> None:
    assert band(C1, "200") == (0, 100)
    assert band(C2, None, range=Range(Fraction(28), Fraction(35))) == (40, 90)
    assert band(C2, None, range=Range(Fraction(0), Fraction(28))) == (90, 100)
    hill = drawn("value", 10, ("0", 0), ("5", 80), ("10", 20))
    assert band(hill, None, range=Range(Fraction(2), Fraction(9))) == (32, 80)
    assert band(hill, None, range=Range(Fraction(-1), Fraction(1))) == (0, 16)


def test_without_a_target_an_attainment_has_no_index_and_the_whole_band_of_its_cap() -> None:
    exact = exactly(scene(C1, None), [("lazio", "x", "2024-Q4", "100")])
    told: list[object] = [exact.index("lazio"), exact.index_low("lazio"), exact.index_high("lazio")]
    assert told == [None, 0, 200]


def test_scenarios_follow_the_curve() -> None:
    one = scene(C1, "200")
    scorer = prepare(compile_plan(one.pack, "2024-Q4"))
    values = np.array([[100.0, 119.0, 120.0, 150.0, 230.0]])
    assert scorer.score(values)[-1] == pytest.approx([0, 0, 60, 75, 100])


def told(curve: Curve, value: str, target: str | None = None, language: str = "it") -> Explanation:
    one = scene(curve, target)
    values = values_from_rows([("lazio", "x", "2024-Q4", value)], one.pack)
    return explain(one.pack, score_pack(one.pack, values, "2024-Q4"), "lazio", "x", language, values)


def test_it_is_told_with_its_arithmetic() -> None:
    of_share = told(C1, "150", "200")
    assert of_share.sentence.startswith(
        "x vale 150 giorni, il 75% dell'obiettivo di 200 giorni, sulla curva fissata dall'atto: −25,00%, indice 75,00."
    )
    assert of_share.formula == (
        "tra 60% (che dà 60) e 100% (che dà 100): 60 + (100 − 60) × (75% − 60%) ÷ (100% − 60%) = 75; "
        "scostamento = 75 ÷ 100 − 1 = −25,00%; indice = 100 × (1 − 25,00%) = 75,00"
    )
    assert "sotto 60% la curva dà 0" in told(C1, "119", "200").formula
    assert "da 40 in poi la curva dà 0" in told(C2, "45").formula


def test_it_is_told_which_value_brings_more() -> None:
    """At 28 days the index is 90; 27.8 give 91, and 26 give 100."""
    exchange = told(C2, "28").exchange
    assert exchange is not None
    assert exchange.next_step == pytest.approx(26)
    assert exchange.step_points == pytest.approx(10)
    assert exchange.for_one_point == pytest.approx(-0.2)
    assert "Il prossimo punto migliore della curva è a 26 giorni e porta +10,00 punti" in exchange.sentence
    below = told(C1, "100", "200").exchange
    assert below is not None
    assert below.for_one_point == pytest.approx(20)
    best = told(C1, "230", "200").exchange
    assert best is not None
    assert best.for_one_point is None


def test_another_curve_on_the_same_values_is_another_rule() -> None:
    """C1 with its first point at 0.5: 119 of 200 earn 59.5 instead of 0."""
    base, other = scene(C1, "200"), scene(drawn("attainment", 0, ("0.5", 50), ("1", 100)), "200")
    values = values_from_rows([("lazio", "x", "2024-Q4", "119")], base.pack)
    tables = [score_pack(pack, values, "2024-Q4") for pack in (base.pack, other.pack)]
    change = simulate(base.pack, tables[0], other.pack, tables[1]).structures[0]
    assert change.change is not None
    assert change.change.exact == Fraction(119, 2)
    assert {cause.kind for cause in change.because} == {"rule"}


def test_a_change_of_the_target_is_told_apart() -> None:
    """150 of 200 earn 75; of 250, exactly at the first point, 60."""
    base, other = scene(C1, "200"), scene(C1, "250")
    values = values_from_rows([("lazio", "x", "2024-Q4", "150")], base.pack)
    tables = [score_pack(pack, values, "2024-Q4") for pack in (base.pack, other.pack)]
    change = simulate(base.pack, tables[0], other.pack, tables[1]).structures[0]
    assert change.change is not None
    assert change.change.exact == -15
    assert {cause.kind for cause in change.because} == {"target"}
