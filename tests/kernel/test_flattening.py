"""Frozen values written as plain JSON are the same values when they are read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from piramide.kernel.flattening import classes_of, flattened, restored


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Leaf:
    text: str
    number: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    content: object
    leaves: tuple[Leaf, ...] = ()
    named: Mapping[tuple[str, str], Leaf] | None = None
    colour: Colour = Colour.RED
    day: date | None = None


PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.fractions(), st.dates(), st.just(Colour.RED), st.just("red")
)
CONTENT = st.recursive(
    PLAIN,
    lambda parts: st.one_of(
        st.lists(parts), st.tuples(parts, parts), st.dictionaries(st.text(), parts), st.builds(Leaf, st.text())
    ),
)


@given(CONTENT)
def test_what_is_read_is_what_was_written(content: object) -> None:
    tree = Tree(content, (Leaf("a", Fraction(1, 3)),), {("a", "b"): Leaf("a", Fraction(1, 3))}, day=date(2024, 2, 29))

    read = restored(json.loads(json.dumps(flattened(tree))), classes_of(Tree))

    assert read == tree
    assert repr(read) == repr(tree)  # 1, true and 1/1 are equal and not the same


def test_equal_parts_are_one_object() -> None:
    tree = restored(flattened(Tree(None, (Leaf("a"), Leaf("b"), Leaf("a")))), classes_of(Tree))

    assert tree.leaves[0] is tree.leaves[2]


def test_classes_are_those_that_fields_declare() -> None:
    assert classes_of(Tree) == {Tree, Leaf, Colour}


@pytest.mark.parametrize("content", [1.5, b"bytes", {1, 2}, object(), Leaf])
def test_it_holds_exact_data_alone(content: object) -> None:
    with pytest.raises(TypeError):
        flattened(Tree(content))


def test_a_class_that_was_not_declared_is_not_made() -> None:
    document = flattened(Tree(None))

    with pytest.raises(LookupError):
        restored(document, {Leaf})
    document["made"][-1][0] = "system"
    with pytest.raises(LookupError):
        restored(document, classes_of(Tree))
