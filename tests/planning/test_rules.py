"""Every rule of work sharing says what it asks, where it is explained, and when a plan breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from piramide.kernel.wording import speaking
from piramide.planning.rules.every import RULES, first_broken, held
from piramide.planning.rules.rule import Rule
from tests.planning.share_problems import by_hand, read

DOCUMENTS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_its_page_with_its_inequality_and_its_sentence(rule: Rule) -> None:
    page, _, anchor = rule.page.partition("#")
    text = (DOCUMENTS / page).read_text(encoding="utf-8")
    (_, section) = text.split(f"### {anchor}\n", 1)
    section = " ".join(section.split("\n#", 1)[0].split())

    with speaking("en"):
        sentence = rule.sentence
    assert rule.inequality in section
    assert sentence[1:].rstrip(".") in section


BROKEN = {
    "work_there_is": {("a", "x", "a"): 50_000, ("a", "x", "b"): 50_001},
    "hours_available": {("a", "x", "a"): 50_001},
    "hours_lent": {("a", "x", "c"): 25_001},
    "competence": {("a", "x", "b"): 1_000},
    "one_way": {("a", "x", "c"): 20_000, ("c", "x", "b"): 20_000},
    "lot": {("a", "x", "b"): 14_999},
    "change_cap": {("a", "x", "c"): 20_001},
    "families_at_most": {("a", "x", "c"): 15_000},
}
ASKED: dict[str, dict[str, object]] = {
    "competence": {"quality_below": [{"office": "b", "family": "x"}]},
    "lot": {"lot": 15},
    "change_cap": {"change_at_most": 20},
    "families_at_most": {"at_most_families": 0},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_plan_that_breaks_a_rule_is_seen(name: str) -> None:
    problem = read(by_hand(**ASKED.get(name, {})))

    assert first_broken(problem, BROKEN[name]) == name
    assert first_broken(problem, {}) == ""


def test_what_a_problem_does_not_ask_for_is_no_rule_of_it() -> None:
    names = {rule.name for rule in held(read(by_hand()))}

    assert names == {rule.name for rule in RULES} - {"lot", "change_cap", "families_at_most"}
    assert "lot" in {rule.name for rule in held(read(by_hand(lot=15)))}


def test_a_target_is_broken_by_what_stays_above_it() -> None:
    (target,) = (rule for rule in RULES if rule.name == "target")
    problem = read(by_hand())

    assert set(target.broken(problem, {})) == {"a", "b", "c"}
    assert set(target.broken(problem, {("b", "x", "b"): 40_000, ("c", "x", "c"): 20_000})) == {"a"}
