"""A language is a file: every one says the same things with the same fields, and nothing that is never said."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest

import piramide.scoring
from piramide.methodology.model import NodeKind, RuleKind, WeightSource
from piramide.scoring.prose import languages, prose


def fields(language: str) -> dict[tuple[str, str], set[str]]:
    return {
        (section, key): {field for _, field, _, _ in Formatter().parse(text) if field}
        for section, entries in prose(language).entries.items()
        for key, text in entries.items()
    }


@pytest.mark.parametrize("language", languages())
def test_it_fills_the_same_fields_in_every_language(language: str) -> None:
    assert fields(language) == fields("it")


def test_it_speaks_italian_and_english() -> None:
    assert {"it", "en"} <= set(languages())


def test_it_speaks_italian_where_it_does_not_know_the_language() -> None:
    assert prose("xx").language == "it"


def test_it_has_words_for_every_rule_and_every_source_of_a_weight() -> None:
    stems, gaps, notes = (set(prose("it").entries[section]) for section in ("stem", "gap", "note"))
    told = {stem.split("_")[0] for stem in stems} | stems | gaps

    assert {rule.value for rule in RuleKind} <= told
    assert {source.value for source in WeightSource} - {"stated"} <= notes


def test_it_says_no_sentence_that_no_code_asks_for() -> None:
    folder = Path(piramide.scoring.__file__).parent
    code = "\n".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    built = ("composite_", "_partial", "threshold_")
    by_data = {"cause", "scheme", "moment"}
    words = (
        {source.value for source in WeightSource} | {rule.value for rule in RuleKind} | {"leave", "previous", "worst"}
    )
    statuses = {"missing", "not_applicable", "not_started", "estimated", "adjusted", NodeKind.NOT_AT_HAND.value}

    unsaid = [
        (section, key)
        for section, key in fields("it")
        if section not in by_data
        and key not in words | statuses
        and not any(part in key for part in built)
        and f'"{key}"' not in code
    ]

    assert unsaid == []
