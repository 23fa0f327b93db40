"""Every language says the same things, with the same fields."""

from __future__ import annotations

from string import Formatter

import pytest

from piramide.reports.labels import labels, languages


def fields(text: object) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(str(text)) if name}


@pytest.mark.parametrize("language", languages())
def test_it_has_every_label_of_italian_with_its_fields(language: str) -> None:
    italian, other = labels("it").entries, labels(language).entries

    assert {section: set(keys) for section, keys in other.items()} == {
        section: set(keys) for section, keys in italian.items()
    }
    for section, keys in italian.items():
        for key, text in keys.items():
            assert fields(other[section][key]) == fields(text), f"{section}.{key}"


@pytest.mark.parametrize("language", languages())
def test_no_letter_beside_a_weight_means_two_things(language: str) -> None:
    letters = list(labels(language).section("weight_mark").values())

    assert len(set(letters)) == len(letters)
