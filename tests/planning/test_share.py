"""Work sharing by the examples that were worked by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from piramide.planning.share.prices import prices_of
from piramide.planning.share.sharing import Sharing, credit_of, share_work
from tests.planning.share_problems import Body, body_of, by_hand, ceiling, office, read, work


def shared(body: Body) -> Sharing:
    return share_work(read(body))


def stages(sharing: Sharing) -> dict[str, float]:
    return {name: points / 1000 for name, points in sharing.stages().items()}


def moves(sharing: Sharing) -> list[tuple[str, str, str, float, str]]:
    return [(move.owner, move.worker, move.family, move.points / 1000, move.rung) for move in sharing.moves]


def prices(sharing: Sharing) -> dict[tuple[str, str], Fraction]:
    return {(price.office, price.stage): price.value for price in prices_of(sharing) if price.rule == "hours_available"}


def without(body: Body, *cells: tuple[str, str]) -> Body:
    body["competence"]["except"] = [{"office": name, "family": family} for name, family in cells]
    return body


def test_help_comes_from_the_region_first_and_then_from_outside() -> None:
    sharing = shared(by_hand())

    assert stages(sharing) == {"over": 0, "outside": 10, "region": 20, "province": 0, "waiting": 55}
    assert moves(sharing) == [("a", "b", "x", 20, "region"), ("a", "c", "x", 10, "outside")]
    assert prices(sharing) == {
        ("a", "outside"): -1,
        ("a", "waiting"): -1,
        ("b", "outside"): -1,
        ("b", "region"): 1,
        ("b", "waiting"): -1,
        ("c", "waiting"): -1,
    }


@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_a_price_is_what_solving_again_gives(name: str) -> None:
    body = by_hand()
    before = shared(body)
    next(row for row in body["offices"] if row["id"] == name)["hours"] += 1
    after = stages(shared(body))

    moved = {stage: after[stage] - points for stage, points in stages(before).items()}
    assert moved == {stage: prices(before).get((name, stage), 0) for stage in moved}


def test_who_does_not_know_the_family_neither_lends_nor_works_at_home() -> None:
    sharing = shared(without(by_hand(), ("c", "x")))

    assert stages(sharing) == {"over": 30, "outside": 0, "region": 20, "province": 0, "waiting": 70}
    assert {cell: points / 1000 for cell, points in sharing.over.items()} == {("a", "g"): 10, ("c", "g"): 20}
    assert {name: value for (name, stage), value in prices(sharing).items() if stage == "over"} == {"a": -1, "b": -1}
    assert [(r.rule, r.office, r.of, r.points / 1000) for r in sharing.relaxations] == [
        ("target", "a", "g", 10),
        ("target", "c", "g", 20),
        ("hours_available", "a", "", 30),
        ("competence", "c", "x", 30),
    ]


def test_a_protected_office_lends_nothing() -> None:
    sharing = shared(by_hand(protected=["b"]))

    assert stages(sharing) == {"over": 5, "outside": 25, "region": 0, "province": 0, "waiting": 50}
    assert ("hours_lent", "b", "", 5000) in [(r.rule, r.office, r.of, r.points) for r in sharing.relaxations]


def test_an_office_below_its_quality_works_at_home_alone() -> None:
    sharing = shared(by_hand(quality_below=[{"office": "c", "family": "x"}]))

    assert moves(sharing) == [("a", "b", "x", 20, "region")]
    assert stages(sharing)["over"] == 10
    assert sharing.own["c", "x"] == 45_000


@pytest.mark.parametrize("is_asked", [True, False])
def test_worst_first_lets_more_stay_so_that_nobody_stands_worse(is_asked: bool) -> None:
    places = [office("a", "pa/r1", 0), office("b", "pb/r1", 0), office("d", "pd/r1", 30)]
    works = [work("a", "x", 40), work("b", "x", 20)]
    sharing = shared(body_of(places, works, [ceiling("a", 0, 720), ceiling("b", 0, 1440)], worst_first=is_asked))

    assert stages(sharing)["over"] == 30
    if is_asked:
        assert sharing.worst_days == 5
        assert moves(sharing) == [("a", "d", "x", 30, "region")]
    else:
        assert sharing.worst_days is None


def test_hours_count_at_the_points_that_an_office_does_in_one() -> None:
    places = [office("a", "p/r", 50, 0.8), office("b", "p/r", 30, 0.9)]
    sharing = shared(body_of(places, [work("a", "x", 100)], [ceiling("a", 20)]))

    assert {name: one.capacity for name, one in sharing.problem.offices.items()} == {"a": 40_000, "b": 27_000}
    assert stages(sharing) == {"over": 13, "outside": 0, "region": 0, "province": 27, "waiting": 20}
    assert prices(sharing)["b", "over"] == Fraction(-9, 10)


def test_an_office_without_hours_has_a_price_and_one_that_does_nothing_in_an_hour_has_none() -> None:
    places = [office("a", "p/r", 0), office("b", "p/r", 0), office("c", "p/r", 10, 0)]
    sharing = shared(body_of(places, [work("a", "x", 5)], [ceiling("a", 0)]))

    assert prices(sharing) == {("a", "over"): -1, ("b", "over"): -1, ("b", "province"): 1}


def test_home_works_what_the_neighbour_does_not_know() -> None:
    places = [office("a", "p/r", 10), office("b", "p/r", 20)]
    body = body_of(places, [work("a", "x", 15), work("a", "y", 15)], [ceiling("a", 5)])
    sharing = shared(without(body, ("b", "y")))

    assert sharing.own == {("a", "y"): 10_000}
    assert moves(sharing) == [("a", "b", "x", 15, "province")]
    assert (stages(sharing)["over"], stages(sharing)["waiting"]) == (0, 5)


def test_every_rule_of_credit_has_its_clearance() -> None:
    after = {(credit.office, credit.rule): credit.after for credit in credit_of(shared(by_hand()))}

    assert {rule: after["a", rule] for rule in ("own", "competence", "split")} == {
        "own": Fraction(1, 2),
        "competence": Fraction(8, 10),
        "split": Fraction(65, 100),
    }
    assert {rule: after["b", rule] for rule in ("own", "competence", "work", "split")} == {
        "own": Fraction(2, 3),
        "competence": Fraction(2, 3),
        "work": 1,
        "split": Fraction(5, 6),
    }


def test_without_a_ceiling_nothing_is_needed_and_nothing_is_above() -> None:
    body = by_hand()
    body["ceilings"][0]["points"] = None

    assert stages(shared(body))["over"] == 0
    assert moves(shared(body)) == []


def test_nothing_to_do_is_a_plan() -> None:
    sharing = shared(body_of([office("a", "p/r", 0)], [work("a", "x", 0)], [ceiling("a", 0, 0)], worst_first=True))

    assert set(stages(sharing).values()) == {0}
    assert sharing.worst_days == 0
