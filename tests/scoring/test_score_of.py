"""R5, R42: a node takes the score of others; it is computed, never typed, and knows what they know."""

from __future__ import annotations

from fractions import Fraction

import pytest

from piramide.kernel.findings import Refusal
from piramide.methodology.checks.scores import check_rounds_of_scores
from piramide.methodology.score_of import ScoreOf
from piramide.scoring.explain import explain
from piramide.scoring.explain_print import as_text
from piramide.scoring.score import score_pack
from piramide.scoring.simulate import simulate
from tests.scoring.scenes import Scene, composite, exactly, group, indicator, leaf
from tests.scoring.typed import values_from_rows

OFFICES = ("a", "b", "c")


def entity(of: ScoreOf, *, own: bool = False) -> Scene:
    """Three offices with one indicator each, and an entity that takes their score."""
    items = (indicator("x"), indicator("y"), indicator("result", score_of=of))
    taken = leaf("result", "0.2" if own else 1)
    tree = (taken, leaf("y", "0.8", 100)) if own else (taken,)
    return Scene(items, {"entity": tree, **{name: (leaf("x", 1, 100),) for name in OFFICES}})


def rows(*values: int | None) -> list[tuple[str, ...]]:
    return [(name, "x", "2024-Q4", str(v)) for name, v in zip(OFFICES, values, strict=True) if v is not None]


def test_s1_it_is_the_mean_of_the_scores() -> None:
    of = ScoreOf(OFFICES)

    assert exactly(entity(of), rows(90, 100, 100)).index("entity") == Fraction(290, 3)
    assert entity(of).score(rows(90, 100, 100)).node("result", "entity").value == pytest.approx(290 / 3)


def test_s1_it_weighs_them_where_it_says_so() -> None:
    of = ScoreOf(OFFICES, weights={"a": Fraction(1, 2), "b": Fraction(3, 10), "c": Fraction(1, 5)})

    assert exactly(entity(of), rows(90, 100, 100)).index("entity") == 95


def test_s2_one_missing_leaves_a_band_and_a_coverage() -> None:
    of = ScoreOf(OFFICES)
    exact, scores = exactly(entity(of), rows(None, 100, 100)), entity(of).score(rows(None, 100, 100))

    node = scores.node("result", "entity")
    assert (node.index, node.value, node.status) == (None, None, "missing")
    assert (exact.index_low("entity"), exact.index_high("entity")) == (Fraction(250, 3), Fraction(350, 3))
    assert exact.coverage("entity") == Fraction(2, 3)
    assert scores["entity"].index_measured == pytest.approx(100)


def test_s3_it_stands_beside_a_result_of_ones_own() -> None:
    of = ScoreOf(OFFICES)
    values = [*rows(90, 100, 100), ("entity", "y", "2024-Q4", "90")]

    assert exactly(entity(of, own=True), values).index("entity") == Fraction(274, 3)


def test_s4_a_value_typed_for_it_is_refused() -> None:
    of = ScoreOf(OFFICES)

    with pytest.raises(Refusal) as refusal:
        entity(of).score([*rows(90, 100, 100), ("entity", "result", "2024-Q4", "104.2")])

    assert "result" in str(refusal.value)


def test_it_takes_the_score_of_a_node_of_its_own_sheet_and_of_others_in_turn() -> None:
    items = (indicator("x"), indicator("first", score_of=ScoreOf(("lazio",), "uno")),
             indicator("second", score_of=ScoreOf(("nazionale",))))  # fmt: skip
    sheets = {
        "nazionale": (leaf("first", 1),),
        "lazio": (group("uno", "0.5", leaf("x", 1, 100)), group("due", "0.5", leaf("second", 1))),
    }

    exact = exactly(Scene(items, sheets), [("lazio", "x", "2024-Q4", "120")])

    assert {exact.index("nazionale"), exact.index("lazio"), exact.index("lazio", "second")} == {Fraction(120)}


@pytest.mark.parametrize("is_in_the_tree", [True, False])
@pytest.mark.parametrize(
    ("of", "index"),
    [("attainment", Fraction("102.5")), ("gap", Fraction("102.5")), ("capped_gap", Fraction("102.5"))],
)
def test_it_may_be_a_part_of_a_composite(of: str, index: Fraction, *, is_in_the_tree: bool) -> None:
    """Offices at 90, 100, 140: mean 110, gap 0.10; beside it y at 95 of 100, gap -0.05: their mean is +0.025."""
    exact = exactly(
        part_of_composite(of, in_the_tree=is_in_the_tree), [*rows(90, 100, 140), ("entity", "y", "2024-Q4", "95")]
    )
    scores = part_of_composite(of, in_the_tree=is_in_the_tree).score(
        [*rows(90, 100, 140), ("entity", "y", "2024-Q4", "95")]
    )

    assert exact.index("entity", "both") == index
    assert exact.index("entity") == index
    assert scores["entity"].index == pytest.approx(float(index))
    assert scores["entity"].index is not None
    assert scores["entity"].index.exact == index
    assert scores.node("both", "entity").status == "measured"


def test_a_composite_of_a_score_that_is_not_whole_lies_in_its_band() -> None:
    """One office of three unknown, between 50 and 150: the score lies between 80 and 340/3, half of its gap counts."""
    scene = part_of_composite("gap", in_the_tree=True)
    exact = exactly(scene, [*rows(None, 100, 90), ("entity", "y", "2024-Q4", "95")])

    assert exact.index("entity", "both") is None
    assert (exact.index_low("entity", "both"), exact.index_high("entity", "both")) == (
        100 + Fraction(-20 - 5, 2),
        100 + (Fraction(40, 3) - 5) / 2,
    )


def test_who_takes_the_score_of_a_composite_waits_for_what_that_is_made_of() -> None:
    """The whole of a second entity is the composite node of the first, whose part stands beside it, not below."""
    base = part_of_composite("gap", in_the_tree=True)
    scene = Scene(
        (*base.indicators, indicator("copy", score_of=ScoreOf(("entity",), "both"))),
        {"above": (leaf("copy", 1),), **base.sheets},
    )

    exact = exactly(scene, [*rows(90, 100, 140), ("entity", "y", "2024-Q4", "95")])

    assert exact.index("above") == Fraction("102.5")


def test_a_change_of_weight_below_is_told_above_as_another_value() -> None:
    """Office a goes from (120 + 90) / 2 = 105 to 0.7 x 120 + 0.3 x 90 = 111; the entity takes half of it."""
    items = (indicator("x"), indicator("y"), indicator("result", score_of=ScoreOf(("a", "b"))))

    def scene(x: str, y: str) -> Scene:
        office = (leaf("x", x, 100), leaf("y", y, 100))
        return Scene(items, {"entity": (leaf("result", 1),), "a": office, "b": (leaf("x", 1, 100),)})

    values = [("a", "x", "2024-Q4", "120"), ("a", "y", "2024-Q4", "90"), ("b", "x", "2024-Q4", "100")]
    packs = scene("0.5", "0.5").pack, scene("0.7", "0.3").pack
    tables = [score_pack(pack, values_from_rows(values, pack), "2024-Q4") for pack in packs]

    answer = simulate(packs[0], tables[0], packs[1], tables[1])

    told = {change.id: change for change in answer.structures}
    above = told["entity"].change
    assert above is not None
    assert above.exact == 3
    assert float(above) == pytest.approx(3)
    assert [(cause.node, cause.kind, cause.change.exact) for cause in told["entity"].because] == [
        ("result", "value", Fraction(3))
    ]
    assert [(cause.node, cause.kind, cause.change.exact) for cause in told["a"].because] == [
        ("x", "weight", Fraction(4)),
        ("y", "weight", Fraction(2)),
    ]


def part_of_composite(of: str, *, in_the_tree: bool) -> Scene:
    """An entity whose composite is made, half and half, of the score of three offices and of its own y."""
    half = Fraction(1, 2)
    target = 1 if of == "attainment" else None
    both = indicator("both", "composite", unit="ratio", composite=composite(of, {"result": half, "y": half}))
    items = (indicator("x"), indicator("y"), indicator("result", score_of=ScoreOf(OFFICES)), both)
    beside = (leaf("result", 0),) if in_the_tree else ()
    tree = (leaf("both", 1, target), leaf("y", 0, 100), *beside)
    return Scene(items, {"entity": tree, **{name: (leaf("x", 1, 100),) for name in OFFICES}})


def test_a_round_is_named_and_refused() -> None:
    items = (indicator("first", score_of=ScoreOf(("lazio",))), indicator("second", score_of=ScoreOf(("nazionale",))))
    scene = Scene(items, {"nazionale": (leaf("first", 1),), "lazio": (leaf("second", 1),)})

    (finding,) = check_rounds_of_scores(scene.pack)
    with pytest.raises(Refusal) as refusal:
        scene.score([])

    assert finding.code == refusal.value.findings[0].code == "PK046"
    assert "nazionale/first" in finding.message("it")
    assert "lazio/second" in str(refusal.value)


def test_a_score_of_itself_is_a_round() -> None:
    scene = Scene((indicator("own", score_of=ScoreOf(("lazio",))),), {"lazio": (leaf("own", 1),)})

    assert [finding.code for finding in check_rounds_of_scores(scene.pack)] == ["PK046"]


def test_a_score_of_nothing_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        entity(ScoreOf(("nowhere",))).score(rows(90, 100, 100))

    assert refusal.value.findings[0].code == "SC050"


def test_it_is_not_due_while_its_source_is_not() -> None:
    items = (
        indicator("cost", "gap_down", unit="eur", profile="year_end"),
        indicator("result", score_of=ScoreOf(("a",))),
    )
    scene = Scene(items, {"entity": (leaf("result", 1),), "a": (leaf("cost", 1, 100),)})

    scores = scene.score([("a", "cost", "2024-Q1", "10")], "2024-Q1")

    assert scores.node("result", "entity").status == "not_due"
    assert scores["entity"].due == 0


def test_the_sources_are_computed_when_only_the_taker_is_asked_for() -> None:
    pack = entity(ScoreOf(OFFICES)).pack
    table = score_pack(pack, values_from_rows(rows(90, 100, 100), pack), "2024-Q4", ["entity"])

    assert table.structures[0].index == pytest.approx(290 / 3)


def test_the_explanation_goes_through_to_the_office() -> None:
    pack = entity(ScoreOf(OFFICES)).pack
    values = values_from_rows(rows(90, 100, 100), pack)
    told = explain(pack, score_pack(pack, values, "2024-Q4"), "entity", "result", "it", values)

    assert [f"{one.structure} {one.index}" for one in told.inputs] == ["a 90.0", "b 100.0", "c 100.0"]
    assert told.inputs[0].inputs[0].value == 90


def test_what_is_known_in_part_says_so_among_the_losses_and_in_the_tree() -> None:
    """(90 + 100) / 2, and with the last between 50 and 150: from 80 to 113.33."""
    scene = entity(ScoreOf(OFFICES))
    values = values_from_rows(rows(90, 100, None), scene.pack)

    whole = explain(scene.pack, score_pack(scene.pack, values, "2024-Q4"), "entity", None, "it", values)

    assert whole.losses[0].reason == "noto in parte, l'indice sta tra 80,00 e 113,33"
    assert "  ▼ result: (95,00) (peso 100% · −5,00 punti)" in as_text(whole, "it")
