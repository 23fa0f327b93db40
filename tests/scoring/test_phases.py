"""Objectives made of phases: the worked examples P1 to P3, at interim moments and at the end."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from piramide.kernel.findings import Refusal
from piramide.methodology.model import MissingPolicy, WeightSource
from piramide.methodology.phases import Late, Phase
from piramide.scoring.explain import explain
from piramide.scoring.plan import compile_plan
from piramide.scoring.result import Explanation
from piramide.scoring.scenarios import prepare
from piramide.scoring.score import score_pack
from tests.scoring.scenes import ACT, HERE, Scene, exactly, indicator, leaf
from tests.scoring.typed import values_from_rows

THREE = (("a", "0.3", (3, 31)), ("b", "0.3", (6, 30)), ("c", "0.4", (12, 31)))
LAMEZIA = (("a", "0.7", (7, 31)), ("b", "0.2", (9, 15)), ("c", "0.1", (12, 31)))


def phases(*rows: tuple[str, str, tuple[int, int]]) -> tuple[Phase, ...]:
    return tuple(
        Phase(
            "lazio", "x", name, f"Fase {name}", Fraction(weight), WeightSource.STATED, None, date(2024, *end),
            "", "", ACT, HERE,
        )
        for name, weight, end in rows
    )  # fmt: skip


def scene(rows: tuple[tuple[str, str, tuple[int, int]], ...] = THREE, *, beside: bool = True, **fields: Any) -> Scene:  # noqa: ANN401
    tree = (leaf("x", "0.6"), leaf("y", "0.4", 100)) if beside else (leaf("x", 1),)
    return Scene(
        (indicator("x", "phases", **fields), indicator("y")),
        {"lazio": tree},
        {"phases": {("lazio", "x"): phases(*rows)}},
    )


def progress(period: str, **figures: int) -> list[tuple[str, str, str, str]]:
    return [("lazio", f"x:{name}", period, str(figure)) for name, figure in figures.items()]


def beside(period: str) -> list[tuple[str, str, str, str]]:
    return [("lazio", "y", period, "110")]


def test_p1_in_june_what_has_ended_counts() -> None:
    """30/30/40 ending in March, June and December; 100, 50, 0 in June: 75, and 89 beside 110 at 60/40."""
    rows = [*progress("2024-06", a=100, b=50, c=0), *beside("2024-06")]
    exact = exactly(scene(), rows, "2024-06")
    assert exact.index("lazio", "x") == 75
    assert exact.index("lazio") == 89
    scored = scene().score(rows, "2024-06")
    assert scored.node("x").value == 75
    due = scored.node("x").due
    assert due is not None
    assert due.exact == Fraction("0.6")
    assert scored["lazio"].due is None


def test_p1_in_february_nothing_is_due() -> None:
    rows = [*progress("2024-02", a=20), *beside("2024-02")]
    scored = scene().score(rows, "2024-02")
    node, whole = scored.node("x"), scored["lazio"]
    told: tuple[object, ...] = (node.status, node.index, node.due)
    assert told == ("not_due", None, 0)
    assert whole.index == pytest.approx(110)
    assert whole.due is not None
    assert whole.due.exact == Fraction("0.4")
    assert whole.coverage == 1
    assert "SC124" in node.note


def test_p1_in_december_all_is_due() -> None:
    assert exactly(scene(beside=False), progress("2024-Q4", a=100, b=100, c=50), "2024-Q4").index("lazio") == 80


def test_p2_a_phase_without_a_figure_is_missing() -> None:
    rows = progress("2024-06", a=100)
    exact = exactly(scene(beside=False), rows, "2024-06")
    told: list[object] = [exact.index("lazio"), exact.index_low("lazio"), exact.index_high("lazio")]
    assert told == [None, 50, 100]
    assert exact.coverage("lazio") == Fraction(1, 2)
    node = scene(beside=False).score(rows, "2024-06").node("x")
    assert node.status == "missing"
    assert "Fase b" in node.note


def test_p3_seventy_twenty_ten() -> None:
    one = scene(LAMEZIA, beside=False)
    assert one.score(progress("2024-06", a=80), "2024-06")["lazio"].due == 0
    assert exactly(one, progress("2024-09", a=100, b=100), "2024-09").index("lazio") == 100
    assert exactly(one, progress("2024", a=100, b=100, c=0), "2024").index("lazio") == 90


def test_everything_is_due_in_the_final_year() -> None:
    assert exactly(scene(beside=False), progress("2024", a=100, b=100), "2024").index_low("lazio") == 60


def test_work_ahead_waits() -> None:
    """What is done before it is due does not count yet."""
    assert exactly(scene(beside=False), progress("2024-06", a=100, b=100, c=100), "2024-06").index("lazio") == 100
    assert exactly(scene(beside=False), progress("2024-06", a=0, b=0, c=100), "2024-06").index("lazio") == 50


def test_what_comes_late_counts_or_fails() -> None:
    """Nothing by the end of March, all of it in June."""
    rows = [*progress("2024-03", a=0), *progress("2024-06", a=100, b=100)]
    counts, fails = scene(beside=False), scene(beside=False, late=Late.FAILS)
    assert exactly(counts, rows, "2024-06").index("lazio") == 100
    assert exactly(fails, rows, "2024-06").index("lazio") == 50
    later = [*rows, *progress("2024-Q4", a=100, b=100, c=100)]
    assert exactly(fails, later, "2024-Q4").index("lazio") == 70


def test_a_missing_phase_can_count_as_nothing() -> None:
    one = scene(beside=False, missing=MissingPolicy.WORST)
    assert exactly(one, progress("2024-06", a=100), "2024-06").index("lazio") == 50


def test_scenarios_score_phases() -> None:
    plan = compile_plan(scene().pack, "2024-06")
    rows = {item.key: at for at, item in enumerate(plan.cells.items)}
    values = np.zeros((len(rows), 2))
    values[rows["y"]], values[rows["x:a"]], values[rows["x:b"]] = 110, 100, (50, 100)
    assert prepare(plan).score(values)[-1] == pytest.approx([89, 104])


def test_a_figure_for_the_objective_itself_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        values_from_rows([("lazio", "x", "2024-06", "75")], scene().pack)
    assert refused.value.findings[0].code == "SC020"


def test_progress_lies_between_nothing_and_all() -> None:
    with pytest.raises(Refusal) as refused:
        values_from_rows(progress("2024-06", a=120), scene().pack)
    assert refused.value.findings[0].code == "SC019"


def explained(rows: list[tuple[str, str, str, str]], period: str, node: str) -> Explanation:
    pack = scene().pack
    values = values_from_rows(rows, pack)
    return explain(pack, score_pack(pack, values, period), "lazio", node, "it", values)


def test_it_is_told_with_its_arithmetic() -> None:
    told = explained([*progress("2024-06", a=100, b=50), *beside("2024-06")], "2024-06", "x")
    assert told.sentence.startswith(
        "x: le fasi scadute (2 su 3) sono compiute al 75%: −25,00%, indice 75,00. "
        "Pesa 60% di «Lazio»: toglie 15,00 punti"
    )
    assert told.formula == (
        "avanzamento = (30% × 100 + 30% × 50) ÷ 60% = 75; scostamento = 75 ÷ 100 − 1 = −25,00%; "
        "indice = 100 × (1 − 25,00%) = 75,00"
    )
    assert [below.label for below in told.inputs] == ["Fase a", "Fase b", "Fase c"]
    assert told.exchange is not None
    assert told.exchange.for_one_point == pytest.approx(1 / 0.6)


def test_each_phase_is_told_by_its_name() -> None:
    rows = [*progress("2024-06", a=100, b=50, c=10), *beside("2024-06")]
    done, half, ahead = (explained(rows, "2024-06", f"x:{name}") for name in "abc")
    assert done.sentence == (
        "La fase «Fase a», scaduta il 31 marzo 2024, è compiuta. Pesa 30% di «x», il 50% di ciò che è scaduto."
    )
    assert half.sentence.endswith("il 50% di ciò che è scaduto: gli toglie 25,00 punti.")
    assert [float(one.points) for one in half.contributions] == pytest.approx([-25, -15])
    assert (ahead.index, ahead.status) == (None, "not_due")
    assert "scade il 31 dicembre 2024 ed è già compiuta al 10%" in ahead.sentence
    missing = explained([*progress("2024-06", a=100), *beside("2024-06")], "2024-06", "x:b")
    assert "non si conosce l'avanzamento" in missing.sentence
    with pytest.raises(Refusal):
        explained(rows, "2024-06", "x:nessuna")
