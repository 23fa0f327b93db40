"""Two methods on the same values: who gains, who loses, and through what; every figure is worked by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piramide.kernel.findings import Refusal
from piramide.kernel.organisation import Organisation, Structure
from piramide.methodology.boards import Boards
from piramide.methodology.model import Checkpoint, Indicator, MissingPolicy, Node, Pack
from piramide.scoring.score import score_pack
from piramide.scoring.simulate import simulate
from piramide.scoring.simulate_groups import size_of
from piramide.scoring.simulation import Simulation, StructureChange, as_json, kind_in_words, scheme_in_words
from tests.scoring.scenes import Scene, group, indicator, leaf
from tests.scoring.typed import values_from_rows
from tests.work_done import calls_made

HALF = "0.5"
BASE = Scene(
    (indicator("a"), indicator("b")),
    {"lazio": (leaf("a", HALF, 100), leaf("b", HALF, 100))},
)
VALUES = {"a": "120", "b": "90"}


def compare(base: Scene, other: Scene, values: Mapping[str, Mapping[str, str]], period: str = "2024-Q4") -> Simulation:
    packs = base.pack, other.pack
    rows = [(name, item, "2024-Q4", value) for name, of in values.items() for item, value in of.items()]
    tables = [score_pack(p, values_from_rows([r for r in rows if is_known(r, p)], p), period) for p in packs]
    return simulate(packs[0], tables[0], packs[1], tables[1])


def is_known(row: tuple[str, ...], pack: Pack) -> bool:
    return row[0] in pack.organisation.ids() and row[1] in pack.indicators


def change(other: Scene, values: Mapping[str, str] | None = None, base: Scene = BASE) -> StructureChange:
    return compare(base, other, {"lazio": VALUES if values is None else values}).structures[0]


def with_tree(*tree: Node) -> Scene:
    return replace(BASE, sheets={"lazio": tree})


def with_indicator(name: str, **fields: Any) -> Scene:  # noqa: ANN401
    return replace(BASE, indicators=tuple(indicator(i.id, **fields) if i.id == name else i for i in BASE.indicators))


def because(told: StructureChange) -> dict[tuple[str, str], float]:
    return {(cause.node, cause.kind): round(cause.change, 9) for cause in told.because}


def test_it_tells_one_changed_weight() -> None:
    """a and b go from 50/50 to 70/30: +0.2 x 20 and -0.2 x -10."""
    told = change(with_tree(leaf("a", "0.7", 100), leaf("b", "0.3", 100)))

    assert [told.base, told.other] == pytest.approx([105, 111])
    assert told.change == pytest.approx(6)
    assert because(told) == {("a", "weight"): 4, ("b", "weight"): 2}
    assert told.basis == "index"


def test_it_tells_the_node_whose_weight_changed_not_the_leaves_below() -> None:
    """Two dimensions go from 50/50 to 80/20; one holds a at 120, the other b at 90."""
    base = with_tree(group("one", HALF, leaf("a", 1, 100)), group("two", HALF, leaf("b", 1, 100)))
    other = with_tree(group("one", "0.8", leaf("a", 1, 100)), group("two", "0.2", leaf("b", 1, 100)))

    told = change(other, base=base)

    assert because(told) == {("one", "weight"): 6, ("two", "weight"): 3}


def test_it_tells_one_changed_target() -> None:
    """a at 120 against 96 instead of 100: from +20% to +25%, half of 5 points."""
    told = change(with_tree(leaf("a", HALF, 96), leaf("b", HALF, 100)))

    assert because(told) == {("a", "target"): 2.5}
    assert told.change == pytest.approx(2.5)


def test_it_tells_one_changed_cap() -> None:
    """a is +20%; a cap of 5% leaves +5%: half of -15 points."""
    told = change(with_indicator("a", cap=Fraction(1, 20)))

    assert because(told) == {("a", "cap"): -7.5}


def test_it_tells_gains_that_no_longer_count() -> None:
    told = change(with_indicator("a", clip_positive=True))

    assert because(told) == {("a", "cap"): -10}


def test_it_tells_a_changed_rule() -> None:
    """From a gap of -10% to a threshold of at least 95 that 90 misses: -50% by the cap, half of -40 points."""
    told = change(with_indicator("b", rule="threshold", checkpoints=(Checkpoint("any", Fraction(95), None),)))

    assert because(told) == {("b", "rule"): -20}
    assert told.other == pytest.approx(85)


def test_it_tells_a_rule_that_no_longer_counts_gains_as_a_rule() -> None:
    """From a threshold, met, to the gap of +20% behind it."""
    base = with_indicator("a", rule="threshold", checkpoints=(Checkpoint("any", Fraction(100), None),))

    told = change(BASE, base=base)

    assert because(told) == {("a", "rule"): 10}


def test_it_tells_target_rule_and_cap_in_this_order() -> None:
    """a: 120 against 100 up, cap 50%, becomes against 80 down, cap 30%.

    Target 80 alone: +50%, from 60 to 75 points of half weight; the direction: -50%; the cap of 30%: -30%.
    """
    other = replace(
        with_indicator("a", rule="gap_down", cap=Fraction(3, 10)),
        sheets={"lazio": (leaf("a", HALF, 80), leaf("b", HALF, 100))},
    )

    told = change(other)

    assert because(told) == {("a", "target"): 15, ("a", "rule"): -50, ("a", "cap"): 10}
    assert told.change == pytest.approx(-25)


def test_it_tells_changed_checkpoints_as_a_target() -> None:
    base = with_indicator("b", rule="threshold", checkpoints=(Checkpoint("any", Fraction(95), None),))
    other = with_indicator("b", rule="threshold", checkpoints=(Checkpoint("any", Fraction(85), None),))

    assert because(change(other, base=base)) == {("b", "target"): 25}


def test_it_tells_the_example_of_the_documentation() -> None:
    """The meal against 5.60 instead of 5.80 and from 30% to 50% of 40%; the nursery from 70% to 50% (how-to guide)."""

    def method(nursery: str, meal: str, price: str) -> Scene:
        family = group("family", "0.4", leaf("nursery", nursery, 33), leaf("meal", meal, price))
        names = (indicator("nursery"), indicator("meal", "gap_down"), indicator("rest"))
        return Scene(names, {"lazio": (family, leaf("rest", "0.6", 100))})

    values = {"nursery": "34.65", "meal": "5.51", "rest": "91"}
    told = change(method("0.5", "0.5", "5.60"), values, method("0.7", "0.3", "5.80"))

    assert [told.base, told.other] == pytest.approx([96.6, 95.921428571])
    assert {key: round(points, 3) for key, points in because(told).items()} == {
        ("meal", "target"): -0.543,
        ("nursery", "weight"): -0.4,
        ("meal", "weight"): 0.264,
    }


def test_exchanging_the_methods_changes_every_sign_of_a_weight() -> None:
    base = with_tree(group("one", HALF, leaf("a", "0.4", 100), leaf("b", "0.6", 100)), leaf("rest", HALF, 100))
    other = with_tree(group("one", "0.9", leaf("a", "0.7", 100), leaf("b", "0.3", 100)), leaf("rest", "0.1", 100))
    base, other = (replace(scene, indicators=(*BASE.indicators, indicator("rest"))) for scene in (base, other))
    values = VALUES | {"rest": "97"}

    there, back = because(change(other, values, base)), because(change(base, values, other))

    assert back == {key: -points for key, points in there.items()}


def test_it_tells_a_removed_indicator() -> None:
    """b leaves and a takes its weight: 5 points lost no more, and half a weight more at +20%."""
    told = change(with_tree(leaf("a", 1, 100)))

    assert because(told) == {("a", "weight"): 10, ("b", "removed"): 5}
    assert told.change == pytest.approx(15)


def test_it_tells_an_added_indicator() -> None:
    """c, at 80, takes 40% from a and b in equal parts: -8 of its own, -0.2 x 20 and -0.2 x -10."""
    other = Scene(
        (*BASE.indicators, indicator("c")),
        {"lazio": (leaf("a", "0.3", 100), leaf("b", "0.3", 100), leaf("c", "0.4", 100))},
    )

    told = change(other, VALUES | {"c": "80"})

    assert because(told) == {("a", "weight"): -4, ("b", "weight"): 2, ("c", "added"): -8}


def test_it_tells_a_leaf_that_moved() -> None:
    base = with_tree(group("one", HALF, leaf("a", 1, 100)), group("two", HALF, leaf("b", 1, 100)))
    other = with_tree(group("one", 1, leaf("a", "0.6", 100), leaf("b", "0.4", 100)))

    told = change(other, base=base)

    assert because(told) == {("one", "weight"): pytest.approx(8), ("a", "weight"): pytest.approx(-6), ("b", "moved"): 1}


def test_it_compares_no_part_with_a_whole_and_counts_it_apart() -> None:
    """b has no value: a alone is 120 under the base; the other method counts b at the cap, -50%: 85 is whole."""
    other = with_indicator("b", missing=MissingPolicy.WORST)

    answer = compare(BASE, other, {"lazio": {"a": "120"}})

    told = answer.structures[0]
    assert [told.base, told.other] == pytest.approx([120, 85])
    assert (told.partial, told.change, told.because, answer.groups, answer.drivers) == (True, None, (), (), ())
    (structure,) = as_json(answer)["structures"]
    assert (structure["partial"], structure["change"]) == (True, None)
    assert structure["coverage"] == {"base": 0.5, "other": 1.0}
    assert structure["band"]["base"] == pytest.approx([85, 135])


def test_it_tells_nothing_of_a_structure_without_values() -> None:
    told = change(BASE, {})

    assert (told.base, told.other, told.change, told.basis, told.because) == (None, None, None, "", ())


def test_it_lists_a_structure_that_only_one_method_scores() -> None:
    other = replace(BASE, sheets={"veneto": BASE.sheets["lazio"]})

    told = compare(BASE, other, {"lazio": VALUES})

    assert [(s.id, s.base, s.other, s.change) for s in told.structures] == [
        ("lazio", pytest.approx(105), None, None),
        ("veneto", None, None, None),
    ]


def test_it_refuses_two_periods() -> None:
    pack = BASE.pack
    values = values_from_rows([("lazio", "a", "2024-Q4", "120")], pack)

    with pytest.raises(Refusal) as refused:
        simulate(pack, score_pack(pack, values, "2024-Q4"), pack, score_pack(pack, values, "2024-Q3"))

    assert refused.value.findings[0].code == "EX010"


ORGANISATION = Organisation(
    (
        Structure("nazionale", "Nazionale", "national"),
        Structure("lazio", "Lazio", "region", "nazionale", clusters={"economic": "C"}),
        Structure("roma", "Roma", "provincial_office", "lazio"),
        Structure("latina", "Latina", "provincial_office", "lazio"),
        Structure("veneto", "Veneto", "region", "nazionale", clusters={"economic": "C"}),
        Structure("padova", "Padova", "provincial_office", "veneto"),
        Structure("centro", "Centro", "central_directorate", "nazionale"),
    )
)


SITES = ("region", "provincial_office", "metro_branch")


def nation_wide() -> Simulation:
    """The weight of a goes from 50 to 70: lazio +6, veneto -6, centro 0."""
    sheets = dict.fromkeys(("lazio", "veneto", "centro"), BASE.sheets["lazio"])
    tree = (leaf("a", "0.7", 100), leaf("b", "0.3", 100))
    base = replace(BASE, sheets=sheets, more={"organisation": ORGANISATION, "boards": Boards(sites=SITES)})
    other = replace(base, sheets=dict.fromkeys(sheets, tree))
    values = {"lazio": VALUES, "veneto": {"a": "80", "b": "110"}, "centro": {"a": "100", "b": "100"}}
    return compare(base, other, values)


def test_it_counts_who_gains_and_who_loses_by_cluster_size_and_kind() -> None:
    groups = {(g.scheme, g.group): g for g in nation_wide().groups}

    everybody, cluster = groups["all", ""], groups["cluster:economic", "C"]
    assert (everybody.structures, everybody.gainers, everybody.losers, everybody.unchanged) == (3, 1, 1, 1)
    assert (cluster.gainers, cluster.losers) == (1, 1)
    assert cluster.mean == pytest.approx(0, abs=1e-9)
    assert (cluster.best.structure, cluster.worst.structure) == ("lazio", "veneto")
    assert [cluster.best.change, cluster.worst.change] == pytest.approx([6, -6])
    assert groups["size", "2-3"].gainers == 1
    assert groups["size", "1"].losers == 1
    assert groups["kind", "central_directorate"].unchanged == 1


def test_it_knows_how_many_sites_stand_below() -> None:
    assert {s.id: s.size for s in nation_wide().structures} == {"lazio": 2, "veneto": 1, "centro": None}


def test_every_leaf_is_a_site_where_the_pack_names_none() -> None:
    organisation = ORGANISATION.on(date(2024, 6, 1))

    assert [size_of(name, organisation, ()) for name in ("lazio", "veneto", "centro")] == [2, 1, 1]


def test_it_tells_which_difference_moves_the_most() -> None:
    drivers = nation_wide().drivers

    assert [(d.node, d.kind, d.structures, d.gainers, d.losers) for d in drivers] == [
        ("a", "weight", 2, 1, 1),
        ("b", "weight", 2, 1, 1),
    ]
    assert drivers[0].total == pytest.approx(0, abs=1e-9)


def test_it_answers_json_as_the_contract_says() -> None:
    answer = as_json(nation_wide())

    assert (answer["base"], answer["other"]) == ("prova", "prova")
    lazio = answer["structures"][0]
    assert {"id", "base", "other", "change", "because"} <= set(lazio)
    assert lazio["because"][0] == {"node": "a", "label": "a", "kind": "weight", "change": pytest.approx(4)}
    assert lazio["clusters"] == {"economic": "C"}


def test_comparing_sheets_is_work_in_proportion_to_their_leaves() -> None:
    names = [f"n{place}" for place in range(60)]
    calls = [calls_to_compare(names, count) for count in (10, 20, 40)]

    assert calls[2] - calls[1] == pytest.approx(2 * (calls[1] - calls[0]), rel=0.1)
    assert (calls[1] - calls[0]) / (10 * len(names)) < 150


def calls_to_compare(names: list[str], count: int) -> int:
    structures = [f"s{place}" for place in range(count)]
    scene = Scene(
        tuple(indicator(name) for name in names),
        dict.fromkeys(structures, tuple(leaf(name, Fraction(1, 60), 100) for name in names)),
    )
    other = replace(scene, indicators=tuple(indicator(name, cap=Fraction(1, 20)) for name in names))
    rows = [(s, n, "2024-Q4", str(80 + (i + j) % 40)) for i, s in enumerate(structures) for j, n in enumerate(names)]
    packs = scene.pack, other.pack
    values = values_from_rows(rows, packs[0])
    base, after = (score_pack(pack, values, "2024-Q4") for pack in packs)

    told = []
    calls = calls_made(lambda: told.append(simulate(packs[0], base, packs[1], after)))

    assert len(told[0].structures) == count
    return calls


def test_it_has_words_for_every_kind_of_cause_and_group() -> None:
    assert [kind_in_words(kind, "it") for kind in ("weight", "target", "cap")] == ["peso", "obiettivo", "limite"]
    assert scheme_in_words("cluster:economic", "en") == "cluster economic"
    assert {g.scheme for g in nation_wide().groups if not scheme_in_words(g.scheme)} == set()


NAMES = tuple("abcdef")
RULES = ("gap_up", "gap_down", "zero_gap", "milestone", "threshold")


@st.composite
def methods(draw: st.DrawFn) -> Scene:
    """A tree of one or two levels over some of six indicators, each with a rule, a target, a cap and a policy."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    chosen = [draw(one_indicator(name)) for name in names]
    targets = {i.id: draw(st.sampled_from([50, 80, 100, 120])) for i in chosen}
    on_a_hundred = {"zero_gap", "milestone"}
    leaves = {i.id: None if i.rule in on_a_hundred else targets[i.id] for i in chosen}
    cut = draw(st.integers(0, len(names)))
    tree = (*weighed(draw, names[:cut], leaves), *inside(draw, names[cut:], leaves))
    total = sum(node.weight for node in tree)
    return Scene(tuple(chosen), {"lazio": tuple(replace(node, weight=node.weight / total) for node in tree)})


@st.composite
def one_indicator(draw: st.DrawFn, name: str) -> Indicator:
    return indicator(
        name,
        draw(st.sampled_from(RULES)),
        cap=draw(st.sampled_from([Fraction(1, 2), Fraction(1, 10)])),
        clip_positive=draw(st.booleans()),
        missing=draw(st.sampled_from([MissingPolicy.LEAVE, MissingPolicy.WORST])),
    )


def weighed(draw: st.DrawFn, names: Sequence[str], targets: Mapping[str, int | None]) -> list[Node]:
    numbers = [draw(st.integers(1, 9)) for _ in names]
    return [leaf(name, Fraction(n, sum(numbers)), targets[name]) for name, n in zip(names, numbers, strict=True)]


def inside(draw: st.DrawFn, names: Sequence[str], targets: Mapping[str, int | None]) -> list[Node]:
    return [group("dimension", draw(st.integers(1, 3)), *weighed(draw, names, targets))] if names else []


@given(
    base=methods(),
    other=methods(),
    values=st.dictionaries(st.sampled_from(NAMES), st.integers(1, 100).map(str)),
)
def test_the_parts_add_up_whatever_the_methods(base: Scene, other: Scene, values: dict[str, str]) -> None:
    told = change(other, values, base)

    if told.change is None:
        assert told.because == ()
    else:
        assert told.base is not None
        assert told.other is not None
        assert told.change == told.other - told.base
        assert sum(cause.change for cause in told.because) == pytest.approx(told.change, abs=1e-9)
        assert sum(cause.change.exact for cause in told.because) == told.change.exact
        assert all(abs(cause.change.exact - Fraction(float(cause.change))) < 1e-9 for cause in told.because)


@given(scene=methods(), values=st.dictionaries(st.sampled_from(NAMES), st.integers(1, 100).map(str)))
def test_a_method_beside_itself_changes_nothing(scene: Scene, values: dict[str, str]) -> None:
    told = change(scene, values, scene)

    assert told.change in {0, None}
    assert told.because == ()
