"""R40: a missing value is neither 0 nor 100, and nobody re-weighs in silence."""

from __future__ import annotations

from datetime import date

import pytest

from piramide.cycle.sheet_content import rows_in_words
from piramide.kernel.note import worded
from piramide.methodology.model import MissingPolicy
from piramide.methodology.names import names_of
from piramide.scoring.score import score_pack
from piramide.scoring.score_print import structure_as_json
from tests.scoring.scenes import Scene, group, indicator, leaf
from tests.scoring.typed import values_from_rows


def two_leaves(policy: MissingPolicy = MissingPolicy.LEAVE, rule: str = "gap_up") -> Scene:
    tree = group("dimension", "0.5", leaf("here", "0.8", 100), leaf("late", "0.2", 100))
    indicators = (indicator("here"), indicator("late", rule, missing=policy), indicator("other"))
    return Scene(indicators, {"lazio": (tree, leaf("other", "0.5", 100))})


ROWS = [("lazio", "here", "2024-Q4", 110), ("lazio", "other", "2024-Q4", 100)]


def test_it_has_no_index_while_a_leaf_lacks_its_value() -> None:
    scores = two_leaves().score(ROWS)

    assert scores["lazio"].index is None
    assert scores.node("dimension").index is None
    assert (scores.node("late").status, scores.node("late").value) == ("missing", None)


def test_it_gives_the_mean_of_what_is_measured_and_its_coverage() -> None:
    scores = two_leaves().score(ROWS)

    assert scores.node("dimension").index_measured == pytest.approx(110)
    assert scores.node("dimension").coverage == pytest.approx(0.8)
    assert scores["lazio"].index_measured == pytest.approx(100 + 4 / 0.9)
    assert scores["lazio"].coverage == pytest.approx(0.9)


@pytest.mark.parametrize(("rule", "high", "most"), [("gap_up", 109, 150.0), ("milestone", 104, 100.0)])
def test_it_gives_the_band_in_which_the_index_must_lie(rule: str, high: float, most: float) -> None:
    """The band takes every missing leaf at the least and the most that its rule can reach (R44)."""
    scores = two_leaves(rule=rule).score(ROWS)

    assert [scores["lazio"].index_low, scores["lazio"].index_high] == pytest.approx([99, high])
    assert (scores.node("late").index_low, scores.node("late").index_high) == (50.0, most)


def test_it_closes_the_band_when_all_is_known() -> None:
    sheet = two_leaves().score([*ROWS, ("lazio", "late", "2024-Q4", 90)])["lazio"]

    assert sheet.index is not None
    assert sheet.index == sheet.index_measured == sheet.index_low == sheet.index_high == pytest.approx(103)
    assert sheet.coverage == 1.0


def test_it_lets_the_last_value_stand_in_where_the_pack_says_so() -> None:
    rows = [*ROWS, ("lazio", "late", "2024-Q1", 70), ("lazio", "late", "2024-Q2", 90)]
    scores = two_leaves(MissingPolicy.PREVIOUS).score(rows)

    late = scores.node("late")
    assert (late.value, late.status) == (90.0, "estimated")
    assert "30 giugno" in worded(late.note, "it")
    assert scores["lazio"].index == pytest.approx(103)


def test_it_finds_no_value_to_stand_in_among_later_ones() -> None:
    rows = [("lazio", "late", "2024-Q3", 90)]

    assert two_leaves(MissingPolicy.PREVIOUS).score(rows, "2024-Q2").node("late").status == "missing"


def test_it_counts_the_worst_where_the_pack_says_so() -> None:
    scores = two_leaves(MissingPolicy.WORST).score(ROWS)

    late = scores.node("late")
    assert (late.value, late.gap, late.status) == (None, -0.5, "estimated")
    assert late.note
    assert scores["lazio"].index == pytest.approx(99)


@pytest.mark.parametrize("status", ["not_applicable", "not_started"])
@pytest.mark.parametrize("policy", list(MissingPolicy))
def test_it_never_fills_nor_reweighs_what_does_not_apply(status: str, policy: MissingPolicy) -> None:
    scores = two_leaves(policy).score([*ROWS, ("lazio", "late", "2024-Q4", None, status)])

    assert (scores.node("late").status, scores.node("late").index) == (status, None)
    assert scores["lazio"].index is None
    assert scores["lazio"].coverage == pytest.approx(0.9)


def test_it_does_not_let_a_node_without_weight_hold_up_the_rest() -> None:
    scene = Scene(
        (indicator("here"), indicator("reported")),
        {"lazio": (leaf("here", 1, 100), leaf("reported", 0, 100))},
    )
    scores = scene.score([("lazio", "here", "2024-Q4", 110)])

    assert scores["lazio"].index == pytest.approx(110)
    assert scores.node("reported").index is None


def test_it_reports_a_node_without_weight() -> None:
    scene = Scene(
        (indicator("here"), indicator("reported")),
        {"lazio": (leaf("here", 1, 100), leaf("reported", 0, 100))},
    )
    scores = scene.score([("lazio", "here", "2024-Q4", 110), ("lazio", "reported", "2024-Q4", 50)])

    assert scores.node("reported").index == 50.0
    assert scores["lazio"].index == pytest.approx(110)


def test_it_shows_a_value_without_target_and_does_not_score_it() -> None:
    scene = Scene((indicator("x"),), {"lazio": (leaf("x"),)})
    node = scene.score([("lazio", "x", "2024-Q4", 7)]).node("x")

    assert (node.value, node.target, node.index, node.coverage) == (7.0, None, None, 0.0)
    assert node.note


def test_it_scores_nothing_without_values() -> None:
    sheet = score_pack((pack := two_leaves().pack), values_from_rows([], pack), "2024-Q4").structures[0]

    assert (sheet.index, sheet.index_measured, sheet.coverage) == (None, None, 0.0)
    assert (sheet.index_low, sheet.index_high) == (50.0, 150.0)


def test_it_takes_the_provisional_value_of_december_for_no_final_one() -> None:
    assert two_leaves().score([("lazio", "here", "2024-Q4", 110)], "2024").node("here").status == "missing"


def test_it_gives_everybody_the_value_of_the_nation() -> None:
    scene = Scene(
        (indicator("x", value_from="nazionale"),),
        {"lazio": (leaf("x", 1, 100),), "umbria": (leaf("x", 1, 100),)},
    )
    scores = scene.score([("nazionale", "x", "2024-Q4", 110)])

    assert [scores.node("x", name).index for name in ("lazio", "umbria")] == [pytest.approx(110)] * 2
    assert scores.node("x").note


def test_it_lets_a_structures_own_row_win_and_says_so() -> None:
    scene = Scene(
        (indicator("x", value_from="nazionale"),),
        {"lazio": (leaf("x", 1, 100),), "umbria": (leaf("x", 1, 100),)},
    )
    scores = scene.score([("nazionale", "x", "2024-Q4", 110), ("umbria", "x", "2024-Q4", 90)])

    assert scores.node("x", "umbria").index == pytest.approx(90)
    assert scores.node("x", "umbria").note != scores.node("x", "lazio").note


def test_whose_value_counts_is_told_by_name_on_the_sheet_and_to_machines() -> None:
    """The kept note holds the id; what people read says what the structure is called."""
    scene = Scene(
        (indicator("x", value_from="nazionale"),),
        {"lazio": (leaf("x", 1, 100),), "umbria": (leaf("x", 1, 100),)},
    )
    scored = scene.score([("nazionale", "x", "2024-Q4", 110)])["lazio"]
    label = scene.pack.organisation.on(date(2024, 12, 31))["nazionale"].label

    (row,) = (row for row in rows_in_words(scored, scene.pack, "2024-Q4", "it") if row.is_leaf)
    told = structure_as_json(scored, "en", names_of(scene.pack))["nodes"][0]["note"]

    assert label != "nazionale"
    assert scored.nodes[0].note == 'SC104 {"structure":"nazionale"}'
    assert row.note == f"Il valore è quello di «{label}»."
    assert told == f"The value is that of “{label}”."
