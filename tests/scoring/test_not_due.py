"""R13: a part of the year is held against its part of the target, or it is not due: shown, and out of the index."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from piramide.methodology.model import Checkpoint, Composite, Part, Profile
from piramide.methodology.profile_kinds import ProfileKind
from piramide.scoring.explain import explain
from piramide.scoring.explain_print import as_text
from piramide.scoring.score import score_pack
from tests.scoring.scenes import ACT, Scene, exactly, group, indicator, leaf
from tests.scoring.typed import values_from_rows

LIST = Profile("lista", ProfileKind.SHARE, tuple(map(Fraction, ("0.2", "0.5", "0.7", "1"))), ACT)


def told(*figures: object) -> tuple[Any, ...]:
    """Figures side by side, to be compared with plain numbers."""
    return figures


def cost(profile: str) -> Scene:
    """A cost of 120,000 a year, flow by declaration."""
    item = indicator("costo", "gap_down", unit="eur", level="flow", profile=profile)
    return Scene((item,), {"lazio": (leaf("costo", 1, 120_000),)}, {"profiles": {"lista": LIST}})


def beside(profile: str) -> Scene:
    """The cost at 0.6 beside a ratio at 0.4, both below one dimension of weight 0.5, and a second dimension."""
    items = (indicator("costo", "gap_down", unit="eur", level="flow", profile=profile), indicator("x"), indicator("y"))
    tree = (
        group("uno", "0.5", leaf("costo", "0.6", 120_000), leaf("x", "0.4", 100)),
        group("due", "0.5", leaf("y", 1, 100)),
    )
    return Scene(items, {"lazio": tree})


@pytest.mark.parametrize(
    ("profile", "period", "target", "raw"),
    [
        ("linear", "2024-01", 10_000, -2),
        ("linear", "2024-Q2", 60_000, Fraction(1, 2)),
        ("lista", "2024-Q3", 84_000, Fraction(9, 14)),
        ("linear", "2024", 120_000, Fraction(3, 4)),
        ("year_end", "2024-Q4", 120_000, Fraction(3, 4)),
        ("final", "2024", 120_000, Fraction(3, 4)),
        ("", "2024-12", 120_000, Fraction(3, 4)),
    ],
)
def test_it_holds_a_part_of_the_year_against_its_part(profile: str, period: str, target: int, raw: Fraction) -> None:
    rows = [("lazio", "costo", period, "30000")]

    node = cost(profile).score(rows, period).node("costo")

    assert told(node.status, node.target) == ("measured", target)
    assert node.gap_raw == pytest.approx(float(raw))
    assert exactly(cost(profile), rows, period).gap_raw("lazio", "costo") == raw


@pytest.mark.parametrize(
    ("profile", "period", "note"),
    [
        ("year_end", "2024-Q3", "SC120"),
        ("year_end", "2024-11", "SC120"),
        ("final", "2024-Q4", "SC121"),
        ("", "2024-01", "SC122"),
    ],
)
def test_it_shows_what_is_not_due_without_a_gap(profile: str, period: str, note: str) -> None:
    rows = [("lazio", "costo", period, "30000")]

    scores = cost(profile).score(rows, period)
    node, whole = scores.node("costo"), scores["lazio"]

    assert told(node.status, node.value, node.gap, node.gap_raw, node.index) == ("not_due", 30_000, None, None, None)
    assert told(node.index_low, node.index_high, node.due) == (None, None, 0)
    assert told(whole.index, whole.index_measured, whole.index_low, whole.index_high, whole.due) == (None,) * 4 + (0,)
    assert note in node.note
    assert exactly(cost(profile), rows, period).index("lazio") is None


def test_what_is_due_has_the_whole_weight() -> None:
    rows = [("lazio", "costo", "2024-Q2", "1"), ("lazio", "x", "2024-Q2", "110"), ("lazio", "y", "2024-Q2", "90")]

    scores = beside("year_end").score(rows, "2024-Q2")

    assert told(scores.node("uno").index, scores.node("uno").coverage, scores.node("uno").due) == (
        pytest.approx(110),
        1,
        0.4,
    )
    assert told(scores.node("x").counted, scores.node("costo").counted, scores.node("y").counted) == (1, 0, None)
    assert told(scores["lazio"].index, scores["lazio"].coverage, scores["lazio"].due) == (pytest.approx(100), 1, None)
    assert exactly(beside("year_end"), rows, "2024-Q2").index("lazio") == 100


def test_what_is_not_due_is_never_missing() -> None:
    rows = [("lazio", "x", "2024-Q2", "110"), ("lazio", "y", "2024-Q2", "90")]

    scores = beside("year_end").score(rows, "2024-Q2")

    assert told(scores.node("costo").status, scores.node("costo").value) == ("not_due", None)
    assert told(scores["lazio"].index, scores["lazio"].index_low, scores["lazio"].index_high) == (100, 100, 100)


def test_a_missing_value_beside_what_is_not_due_leaves_a_band_on_what_is() -> None:
    rows = [("lazio", "costo", "2024-Q2", "1"), ("lazio", "y", "2024-Q2", "90")]

    scores = beside("year_end").score(rows, "2024-Q2")

    assert told(scores.node("uno").index, scores.node("uno").coverage) == (None, 0)
    assert told(scores["lazio"].index_low, scores["lazio"].index_high) == (70, 120)
    assert told(scores["lazio"].index_measured, scores["lazio"].coverage) == (90, 0.5)


def test_a_node_of_which_nothing_is_due_leaves_its_weight_to_the_others() -> None:
    items = (indicator("costo", "gap_down", unit="eur", profile="final"), indicator("y"))
    tree = (group("uno", "0.75", leaf("costo", 1, 120_000)), group("due", "0.25", leaf("y", 1, 100)))
    rows = [("lazio", "costo", "2024-Q4", "1"), ("lazio", "y", "2024-Q4", "90")]

    scores = Scene(items, {"lazio": tree}).score(rows)

    assert told(scores.node("uno").index, scores.node("uno").due, scores.node("uno").index_low) == (None, 0, None)
    assert told(scores["lazio"].index, scores["lazio"].due, scores.node("due").counted) == (90, 0.25, 1)


def test_what_is_made_of_parts_that_are_not_due_is_not_due() -> None:
    parts = Composite("attainment", (Part("a", Fraction(1, 2)), Part("b", Fraction(1, 2))))
    items = (
        indicator("a", unit="eur", profile="year_end"),
        indicator("b", unit="eur", profile="linear"),
        indicator("whole", "composite", composite=parts),
    )
    tree = (leaf("whole", 1), leaf("a", 0, 100), leaf("b", 0, 100))
    rows = [("lazio", "a", "2024-Q2", "40"), ("lazio", "b", "2024-Q2", "60")]

    node = Scene(items, {"lazio": tree}).score(rows, "2024-Q2").node("whole")

    assert told(node.status, node.index, node.due) == ("not_due", None, 0)
    assert node.value == pytest.approx(0.5 * 0.4 + 0.5 * 1.2)
    assert "SC123" in node.note


def test_a_threshold_is_not_due_before_its_first_checkpoint() -> None:
    points = tuple(Checkpoint(quarter, None, Fraction(5)) for quarter in ("Q2", "Q4"))
    scene = Scene((indicator("x", "threshold", checkpoints=points),), {"lazio": (leaf("x"),)})

    node = scene.score([("lazio", "x", "2024-Q1", "4")], "2024-Q1").node("x")

    assert told(node.status, node.value, node.index) == ("not_due", 4, None)
    assert "SC110" in node.note


def test_the_tree_of_an_explanation_says_what_is_not_due_and_never_that_it_was_not_measured() -> None:
    scene = beside("year_end")
    rows = [("lazio", "costo", "2024-Q1", "30000"), ("lazio", "x", "2024-Q1", "100"), ("lazio", "y", "2024-Q1", "100")]
    values = values_from_rows(rows, scene.pack)

    text = as_text(explain(scene.pack, score_pack(scene.pack, values, "2024-Q1"), "lazio", None, "it", values), "it", 3)

    assert "    ◷ costo: non ancora dovuto" in text
    assert "non misurato" not in text


def test_a_group_of_which_nothing_is_due_is_not_due_in_the_tree() -> None:
    item = indicator("costo", "gap_down", unit="eur", level="flow", profile="year_end")
    tree = (group("uno", "0.5", leaf("costo", 1, 120_000)), leaf("x", "0.5", 100))
    scene = Scene((item, indicator("x")), {"lazio": tree})
    values = values_from_rows([("lazio", "x", "2024-Q1", "100")], scene.pack)

    text = as_text(explain(scene.pack, score_pack(scene.pack, values, "2024-Q1"), "lazio", None, "it", values), "it", 3)

    assert "  ◷ uno: non ancora dovuto" in text
