"""One number as a tree: what each node brings to those above, why the whole is not 100, what is missing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piramide.kernel.findings import Refusal
from piramide.methodology.model import Act, Citation, Node, Sheet, WeightSource
from piramide.scoring.explain import explain
from piramide.scoring.explain_print import as_json, as_text
from piramide.scoring.result import Explanation, ScoreTable
from piramide.scoring.score import score_pack
from tests.scoring.scenes import Scene, group, indicator, leaf
from tests.scoring.typed import values_from_rows
from tests.work_done import calls_made

SHEET = Scene(
    tuple(indicator(name) for name in ("flow", "staff", "cost", "audit")),
    {
        "lazio": (
            group("institutional", "0.4", leaf("flow", "0.5", 100), leaf("staff", "0.5", 100)),
            group("economic", "0.6", leaf("cost", "0.75", 100), leaf("audit", "0.25", 100)),
        )
    },
)
VALUES = {"flow": "110", "staff": "95", "cost": "90", "audit": "100"}


def table_of(scene: Scene, values: dict[str, str]) -> ScoreTable:
    rows = [("lazio", name, "2024-Q4", value) for name, value in values.items()]
    return score_pack(scene.pack, values_from_rows(rows, scene.pack), "2024-Q4")


def told(values: dict[str, str], node: str | None = None, scene: Scene = SHEET, language: str = "it") -> Explanation:
    return explain(scene.pack, table_of(scene, values), "lazio", node, language)


def test_it_tells_what_a_leaf_brings_to_every_node_above() -> None:
    explanation = told(VALUES, "cost")

    assert {c.ancestor: round(c.points, 9) for c in explanation.contributions} == {"economic": -7.5, "lazio": -4.5}


def test_it_tells_why_the_whole_is_not_a_hundred() -> None:
    """0.2 x 10 - 0.2 x 5 - 0.45 x 10 = -3.5."""
    explanation = told(VALUES)

    assert explanation.index == pytest.approx(96.5)
    assert [(loss.node, round(loss.points, 9)) for loss in explanation.losses] == [("cost", -4.5), ("staff", -1.0)]
    assert [(gain.node, round(gain.points, 9)) for gain in explanation.gains] == [("flow", 2.0)]
    assert explanation.losses[0].reason == "90,00 contro 100,00 (−10,00%)"
    assert explanation.sentence == (
        "Lazio è a 96,50: 3,50 punti sotto l'obiettivo di 100. "
        "Toglie di più «cost» (−4,50). Porta di più «flow» (+2,00)."
    )
    assert explanation.formula == "indice = 40% × 102,50 + 60% × 92,50 = 96,50"


def test_it_tells_a_node_in_the_middle() -> None:
    explanation = told(VALUES, "economic")

    assert explanation.sentence == (
        "economic è a 92,50: 7,50 punti sotto l'obiettivo di 100. Toglie di più «cost» (−7,50). "
        "Pesa 60% di «Lazio»: toglie 4,50 punti all'indice di Lazio."
    )
    assert [(loss.node, round(loss.points, 9)) for loss in explanation.losses] == [("cost", -7.5)]


def test_it_puts_the_largest_loss_first() -> None:
    explanation = told(VALUES)

    assert [node.node for node in explanation.inputs] == ["economic", "institutional"]
    assert [leaf.node for leaf in explanation.leaves()] == ["cost", "audit", "staff", "flow"]


def test_it_takes_the_id_of_the_structure_for_the_whole_sheet() -> None:
    assert told(VALUES, "lazio") == told(VALUES)


def test_it_does_not_take_a_node_for_the_structure_of_the_same_name() -> None:
    scene = Scene(
        (indicator("lazio"), indicator("flow")), {"lazio": (leaf("lazio", "0.5", 100), leaf("flow", "0.5", 100))}
    )
    values = {"lazio": "120", "flow": "100"}

    assert told(values, scene=scene).index == pytest.approx(110)
    assert told(values, "lazio", scene).index == pytest.approx(120)


def test_it_tells_the_partial_index_where_a_value_is_missing() -> None:
    """Without `audit` 0.85 of the weight is measured: 100 + (2 - 1 - 4.5) / 0.85."""
    explanation = told({name: value for name, value in VALUES.items() if name != "audit"})

    assert (explanation.index, explanation.basis) == (None, "measured")
    assert explanation.index_measured == pytest.approx(100 - 3.5 / 0.85)
    brought = sum(leaf.contributions[-1].points for leaf in explanation.leaves() if leaf.contributions)
    assert brought == pytest.approx(-3.5 / 0.85)
    assert explanation.sentence.startswith(
        "Lazio è a 95,88 sui pesi già misurati (85%); l'indice completo sta tra 89,00 e 104,00."
    )
    assert explanation.formula == "indice parziale = (40% × 102,50 + 45% × 90,00) ÷ 85% = 95,88"
    assert "Senza valore: audit." in explanation.notes


def test_it_prints_the_exact_points_half_up() -> None:
    """0.3 / 0.8 x 5 is 1.875: +1.88, though a float makes 1.8749999999999996 of it."""
    scene = Scene(
        (indicator("waste"), indicator("works"), indicator("holes")),
        {"lazio": (leaf("waste", "0.3", "0.68"), leaf("works", "0.5", 100), leaf("holes", "0.2", 1))},
    )

    explanation = told({"waste": "0.714", "works": "100"}, scene=scene)

    assert explanation.gains[0].points == 1.875
    assert "  +1,88 waste: 0,714 contro 0,680 (+5,00%)" in as_text(explanation, "it")


def test_it_tells_a_structure_without_any_value() -> None:
    explanation = told({})

    assert explanation.basis == ""
    assert explanation.sentence == "Lazio non ha ancora valori: l'indice sta tra 50,00 e 150,00."
    assert (explanation.losses, explanation.formula) == ((), "")


@pytest.mark.parametrize(
    ("source", "note"),
    [
        (WeightSource.EQUAL_SPLIT, "Peso non stampato: ripartito in parti uguali."),
        (WeightSource.RECONSTRUCTED, "Peso non stampato: ricostruito dalle cifre pubblicate."),
        (WeightSource.DECISION, "Peso non stampato: fissato da una decisione del metodo."),
        (WeightSource.DEMONSTRATION, "Peso inventato per la dimostrazione."),
    ],
)
def test_it_says_where_a_weight_comes_from_unless_an_act_states_it(source: WeightSource, note: str) -> None:
    tree = tuple(replace(leaf(name, "0.5", 100), weight_source=source) for name in ("flow", "staff"))
    scene = replace(SHEET, sheets={"lazio": tree})

    explanation = told({"flow": "100", "staff": "100"}, scene=scene)

    assert explanation.inputs[0].notes == (note,)
    assert "Pesi non stampati tra le voci che compongono questo indice: 2 su 2." in explanation.notes
    assert told(VALUES, "flow").notes == ()


def test_it_says_that_a_sheet_is_a_demonstration() -> None:
    scene = replace(SHEET, more={"sheets": {"lazio": Sheet("lazio", SHEET.sheets["lazio"], "demonstration")}})

    explanation = told(VALUES, scene=scene)

    assert explanation.is_demonstration
    assert "Dati dimostrativi: pesi e obiettivi che nessun atto stampa sono inventati." in explanation.notes


def test_it_cites_the_act_of_the_target_and_that_of_the_rule() -> None:
    goal = replace(leaf("flow", 1, 100), target_citation=Citation("obiettivi", "p. 27"))
    acts = {"piano": Act("piano", "Piano"), "obiettivi": Act("obiettivi", "Obiettivi 2024")}
    scene = replace(SHEET, sheets={"lazio": (goal,)}, more={"acts": acts})

    explanation = told({"flow": "100"}, "flow", scene)

    assert (explanation.act, explanation.act_label, explanation.place) == ("obiettivi", "Obiettivi 2024", "p. 27")
    assert (explanation.rule_act, explanation.rule_place) == ("piano", "p. 1")


def test_it_says_that_a_value_is_contested() -> None:
    rows = [("lazio", name, "2024-Q4", value) for name, value in VALUES.items()]
    table = score_pack(SHEET.pack, values_from_rows(rows, SHEET.pack), "2024-Q4")
    nodes = tuple(replace(node, contested=node.id == "flow") for node in table.structures[0].nodes)
    table = replace(table, structures=(replace(table.structures[0], nodes=nodes), *table.structures[1:]))

    assert "Valore contestato." in explain(SHEET.pack, table, "lazio", "flow", "it").notes


@pytest.mark.parametrize(
    ("structure", "node", "code", "near"),
    [("lazi", None, "EX001", "lazio"), ("lazio", "economc", "EX002", "economic")],
)
def test_it_refuses_what_the_scores_do_not_have(structure: str, node: str | None, code: str, near: str) -> None:
    with pytest.raises(Refusal) as refused:
        explain(SHEET.pack, table_of(SHEET, VALUES), structure, node)

    assert refused.value.findings[0].code == code
    assert near in refused.value.findings[0].message("it")


def test_it_refuses_another_pack_than_the_one_scored() -> None:
    other = replace(SHEET, sheets={"lazio": (leaf("flow", 1, 100),)})

    with pytest.raises(Refusal) as refused:
        explain(other.pack, table_of(SHEET, VALUES), "lazio")

    assert refused.value.findings[0].code == "EX003"


def test_it_answers_json_as_the_contract_says() -> None:
    answer = as_json(told(VALUES, "economic"))

    assert {"node", "index", "sentence", "formula", "act", "contributions", "exchange", "inputs"} <= set(answer)
    assert (answer["node"], answer["exchange"]) == ("economic", None)
    assert answer["act"] == {"id": "piano", "label": "Piano", "place": "p. 1"}
    assert answer["contributions"] == [{"ancestor": "lazio", "label": "Lazio", "points": pytest.approx(-4.5)}]
    below = answer["inputs"][0]
    assert below["exchange"]["per_unit"] == pytest.approx(0.45)
    assert below["exchange"]["wasted"] == 0
    assert (below["value"], below["target"], below["rule"], below["inputs"]) == (90.0, 100.0, "gap_up", [])


def test_it_prints_the_number_the_losses_and_the_tree() -> None:
    text = as_text(told(VALUES), "it", 2)

    assert text.splitlines()[0].startswith("Lazio è a 96,50")
    assert "  −4,50 cost: 90,00 contro 100,00 (−10,00%)" in text
    assert "  ▼ economic: 92,50 (peso 60% · −4,50 punti)" in text
    assert "    ● audit: 100,00 (peso 25% · 0,00 punti)" in text
    assert "  ▼ economic" not in as_text(told(VALUES), "it", 0)


def test_it_prints_in_english() -> None:
    text = as_text(told(VALUES, language="en"), "en", 1)

    assert "Lazio is at 96.50: 3.50 points below the target of 100." in text
    assert "Why not 100, largest loss first:" in text


def random_trees() -> st.SearchStrategy[tuple[Node, ...]]:
    """Trees of up to three levels whose weights sum to one at every node."""
    parts = st.lists(st.integers(1, 9), min_size=1, max_size=4)

    @st.composite
    def tree(draw: st.DrawFn, prefix: str, depth: int) -> tuple[Node, ...]:
        numbers = draw(parts)
        nodes = []
        for place, number in enumerate(numbers):
            name, weight = f"{prefix}{place}", Fraction(number, sum(numbers))
            below = draw(tree(name, depth - 1)) if depth and draw(st.booleans()) else ()
            nodes.append(group(name, weight, *below) if below else leaf(name, weight, 100))
        return tuple(nodes)

    return tree("n", 2)


def leaves_of(tree: tuple[Node, ...]) -> list[str]:
    return [name for node in tree for name in (leaves_of(node.children) if node.children else [node.id])]


@given(tree=random_trees(), data=st.data())
def test_it_adds_up_whatever_the_tree_and_whatever_is_missing(tree: tuple[Node, ...], data: st.DataObject) -> None:
    names = leaves_of(tree)
    values = {name: data.draw(st.none() | st.integers(0, 250)) for name in names}
    scene = Scene(tuple(indicator(name) for name in names), {"lazio": tree})

    whole = told({name: str(value) for name, value in values.items() if value is not None}, scene=scene)

    has_values = any(value is not None for value in values.values())
    assert (whole.index is not None or whole.index_measured is not None) == has_values
    adds_up(whole)


def adds_up(explanation: Explanation) -> None:
    """What the leaves, the losses and gains, and the nodes one level down bring is the distance from 100."""
    number = explanation.index if explanation.basis == "index" else explanation.index_measured
    if number is None or explanation.rule:
        return
    distance = pytest.approx(number - 100, abs=1e-9)
    assert sum(brought(leaf, explanation.node) for leaf in explanation.leaves()) == distance
    assert sum(effect.points for effect in (*explanation.losses, *explanation.gains)) == distance
    assert sum(brought(below, explanation.node) for below in explanation.inputs) == distance
    for below in explanation.inputs:
        adds_up(below)


def brought(explanation: Explanation, ancestor: str) -> float:
    return sum(c.points for c in explanation.contributions if c.ancestor == ancestor)


def test_it_explains_one_number_of_a_full_sheet_in_few_steps() -> None:
    names = [f"n{dimension}_{place}" for dimension in range(6) for place in range(10)]
    tree = tuple(
        group(f"d{d}", Fraction(1, 6), *(leaf(n, Fraction(1, 10), 100) for n in names[10 * d : 10 * d + 10]))
        for d in range(6)
    )
    scene = Scene(tuple(indicator(name) for name in names), {"lazio": tree})
    pack, table = scene.pack, table_of(scene, {name: str(90 + place) for place, name in enumerate(names)})

    explain(pack, table, "lazio", "n3_4", "it")

    assert calls_made(lambda: explain(pack, table, "lazio", "n3_4", "it")) < 25_000
