"""What one unit of an indicator moves, what one point of the index takes, and what the cap wastes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from piramide.kernel.findings import Place
from piramide.methodology.model import Band, Checkpoint, Scale
from piramide.scoring.explain import explain
from piramide.scoring.result import Exchange
from piramide.scoring.score import score_pack
from tests.scoring.scenes import ACT, Scene, composite, indicator, leaf
from tests.scoring.typed import values_from_rows


def index_of(scene: Scene, values: Mapping[str, float]) -> float:
    index = scene.score([("lazio", name, "2024-Q4", repr(value)) for name, value in values.items()])["lazio"].index
    assert index is not None
    return index


def exchange(scene: Scene, values: Mapping[str, float], node: str = "x") -> Exchange:
    pack = scene.pack
    rows = [("lazio", name, "2024-Q4", repr(value)) for name, value in values.items()]
    told = explain(pack, score_pack(pack, values_from_rows(rows, pack), "2024-Q4"), "lazio", node, "it").exchange
    assert told is not None
    return told


def scene_of(rule: str, target: str | None, weight: str = "0.4", **fields: object) -> Scene:
    rest = leaf("rest", 1 - Fraction(weight), 100)
    return Scene((indicator("x", rule, **fields), indicator("rest")), {"lazio": (leaf("x", weight, target), rest)})


def test_it_tells_points_per_unit_and_the_change_worth_a_point() -> None:
    """0.4 x 100 / 50 = 0.8 points a unit; one point takes 1.25 units."""
    told = exchange(scene_of("gap_up", "50"), {"x": 45, "rest": 100})

    assert told.per_unit == pytest.approx(0.8)
    assert told.per_percent == pytest.approx(0.4)
    assert told.for_one_point == pytest.approx(1.25)
    assert told.wasted == 0


def test_it_asks_for_less_where_less_is_better() -> None:
    told = exchange(scene_of("gap_down", "50"), {"x": 60, "rest": 100})

    assert told.per_unit == pytest.approx(0.8)
    assert told.for_one_point == pytest.approx(-1.25)


def test_it_brings_nothing_beyond_the_cap_and_says_what_is_wasted() -> None:
    """+90.9% against a cap of 50%: 40.9% of 40 points."""
    told = exchange(scene_of("gap_up", "10"), {"x": 19.09, "rest": 100})

    assert told.per_unit == 0
    assert told.for_one_point is None
    assert told.wasted == pytest.approx(16.36)


def test_it_first_climbs_back_to_the_cap_from_below() -> None:
    """At -80% nothing moves until -50%: from 2 to 5, then 0.25 for one point."""
    told = exchange(scene_of("gap_up", "10"), {"x": 2, "rest": 100})

    assert told.per_unit == 0
    assert told.for_one_point == pytest.approx(3.25)


def test_it_says_when_a_point_is_out_of_reach() -> None:
    told = exchange(scene_of("milestone", None, weight="0.1"), {"x": 95, "rest": 100})

    assert told.for_one_point is None
    assert told.per_unit == pytest.approx(0.1)
    assert told.sentence == "Da solo non può portare un punto intero all'indice di Lazio: al più +0,50."


def test_it_counts_what_comes_through_a_composite() -> None:
    """0.2 of its own and half of a composite of 0.4: a unit of a target of 100 is worth 0.2 + 0.2 points."""
    half = Fraction(1, 2)
    scene = Scene(
        (
            indicator("x"),
            indicator("y"),
            indicator("mean", "composite", composite=composite("gap", {"x": half, "y": half})),
        ),
        {"lazio": (leaf("x", "0.2", 100), leaf("y", "0.4", 100), leaf("mean", "0.4"))},
    )

    told = exchange(scene, {"x": 90, "y": 100})

    assert told.per_unit == pytest.approx(0.4)
    assert told.for_one_point == pytest.approx(2.5)
    assert index_of(scene, {"x": 92.5, "y": 100}) - index_of(scene, {"x": 90, "y": 100}) == pytest.approx(1)


def test_it_counts_an_attainment_and_a_sum_of_shares() -> None:
    for rule, of in (("composite", "attainment"), ("sum_of_shares", "attainment")):
        scene = Scene(
            (indicator("x"), indicator("y"), indicator("whole", rule, composite=composite(of, {"x": 1, "y": 1}))),
            {"lazio": (leaf("x", 0, 100), leaf("y", 0, 100), leaf("whole", 1))},
        )
        before = {"x": 40.0, "y": 50.0}

        told = exchange(scene, before)

        assert told.for_one_point is not None
        after = before | {"x": 40.0 + told.for_one_point}
        assert index_of(scene, after) - index_of(scene, before) == pytest.approx(1)


def test_it_says_nothing_of_a_leaf_that_weighs_nothing() -> None:
    scene = Scene((indicator("x"), indicator("rest")), {"lazio": (leaf("x", 0, 10), leaf("rest", 1, 100))})

    told = exchange(scene, {"x": 40, "rest": 100})

    assert told.per_unit == told.wasted == 0
    assert told.for_one_point is None
    assert not told.sentence


@given(
    rule=st.sampled_from(["gap_up", "gap_down", "zero_gap", "milestone"]),
    value=st.integers(1, 4000).map(lambda n: n / 20),
    weight=st.integers(1, 10).map(lambda n: str(n / 10)),
    cap=st.sampled_from(["1/10", "1/2"]),
)
def test_one_point_more_is_what_the_change_brings(rule: str, value: float, weight: str, cap: str) -> None:
    scene = scene_of(rule, "100" if rule.startswith("gap") else None, weight, cap=Fraction(cap))
    value = min(value, 100) if rule == "milestone" else value
    before = index_of(scene, {"x": value, "rest": 100})
    told = exchange(scene, {"x": value, "rest": 100})
    best = index_of(scene, {"x": {"gap_down": 0.001, "milestone": 100}.get(rule, 1000), "rest": 100})

    assume(abs(best - before - 1) > 1e-6)
    if told.for_one_point is None:
        assert best - before < 1
    else:
        after = index_of(scene, {"x": value + told.for_one_point, "rest": 100})
        assert after - before == pytest.approx(1, abs=1e-9)


@given(value=st.integers(1, 4000).map(lambda n: n / 20), rule=st.sampled_from(["gap_up", "gap_down", "zero_gap"]))
def test_it_wastes_what_no_cap_would_have_brought(value: float, rule: str) -> None:
    target = "100" if rule.startswith("gap") else None
    capped, free = scene_of(rule, target), scene_of(rule, target, cap=Fraction(1000))
    values = {"x": value, "rest": 100}

    told = exchange(capped, values)

    lost = index_of(free, values) - index_of(capped, values)
    assert told.wasted == pytest.approx(max(lost, 0), abs=1e-9)


@pytest.mark.parametrize("value", ["0.7", "0.85", "0.9", "0.95"])
def test_the_next_step_of_a_band_lies_inside_the_band(value: str) -> None:
    """A band does not hold its lower end: at 0.9 itself nothing is gained yet (R26)."""
    ends = (("0", "0.7", 1), ("0.7", "0.9", 3), ("0.9", "1", 5))
    bands = tuple(Band(Fraction(low), Fraction(high), Fraction(points)) for low, high, points in ends)
    scale = Scale("checked", "checked", bands, ACT, Place())
    x = indicator("x", "bands", scale="checked", unit="ratio", rounding=1)
    scene = Scene((x,), {"lazio": (leaf("x", 1, 5),)}, {"scales": {"checked": scale}})

    told = exchange(scene, {"x": float(value)})

    if told.next_step is None:
        assert value == "0.95"
        return
    gained = index_of(scene, {"x": float(told.next_step)}) - index_of(scene, {"x": float(value)})
    assert gained == pytest.approx(float(told.step_points or 0))
    assert index_of(scene, {"x": round(float(told.next_step) - 0.1, 9)}) == index_of(scene, {"x": float(value)})


def test_a_share_of_chapters_counts_in_proportion() -> None:
    """R22: 0.6 at both checkpoints, weight 0.4; one point is 0.05 of the second share, not all that it lacks."""
    free = tuple(Checkpoint(moment, None, None) for moment in ("Q1", "Q2"))
    scene = Scene(
        (indicator("x", "threshold", checkpoints=free, unit="ratio", rounding=4), indicator("rest")),
        {"lazio": (leaf("x", "0.4"), leaf("rest", "0.6", 100))},
    )
    pack = scene.pack

    def rows(latest: str) -> list[tuple[str, str, str, str]]:
        first, rest = ("lazio", "x", "2024-Q1", "0.6"), ("lazio", "rest", "2024-Q2", "100")
        return [first, ("lazio", "x", "2024-Q2", latest), rest]

    def index(latest: str) -> float:
        return float(scene.score(rows(latest), "2024-Q2")["lazio"].index or 0)

    values = values_from_rows(rows("0.6"), pack)
    whole = explain(pack, score_pack(pack, values, "2024-Q2"), "lazio", None, "it", values)
    told = next(leaf for leaf in whole.leaves() if leaf.node == "x").exchange

    assert whole.losses[0].reason.endswith("; rispettato in media 60% (−40,00%)")
    assert told is not None
    assert told.for_one_point == pytest.approx(0.05)
    assert index("0.65") - index("0.6") == pytest.approx(1)
    assert told.per_unit == pytest.approx(20)
    assert told.per_percent == pytest.approx(0.2)
    assert told.next_step is None


def test_a_share_that_is_whole_says_what_cannot_be_made_good() -> None:
    free = tuple(Checkpoint(moment, None, None) for moment in ("Q1", "Q2"))
    x = indicator("x", "threshold", checkpoints=free, unit="ratio")
    scene = Scene((x,), {"lazio": (leaf("x"),)})
    rows = [("lazio", "x", "2024-Q1", "0.6"), ("lazio", "x", "2024-Q2", "1")]
    values = values_from_rows(rows, scene.pack)

    told = explain(scene.pack, score_pack(scene.pack, values, "2024-Q2"), "lazio", "x", "it", values).exchange

    assert told is not None
    assert told.for_one_point is None
    assert told.sentence == "La soglia mancata (I trimestre) non si recupera: un miglioramento ora non porta punti."
