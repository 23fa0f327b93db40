"""The picture of the house stands as the imports do: who knows stands over who is known."""

from __future__ import annotations

import house_picture

KNOWN = {
    "shop": frozenset({"till", "stock"}),
    "till": frozenset({"stock", "coins"}),
    "stock": frozenset({"till"}),
    "coins": frozenset[str](),
    "lamp": frozenset[str](),
}


def test_each_stands_over_all_that_it_knows_and_those_that_know_each_other_share_a_box() -> None:
    assert house_picture.levels(KNOWN) == [["shop"], ["stock ↔ till"], ["coins", "lamp"]]


def test_the_boxes_say_so() -> None:
    assert "│ stock ↔ till │" in house_picture.picture(KNOWN).splitlines()


def test_a_row_that_is_too_wide_goes_on_below() -> None:
    drawn = house_picture.picture({f"part-number-{place:02}": frozenset[str]() for place in range(20)})

    assert max(map(len, drawn.splitlines())) <= house_picture.WIDEST
    assert sum(line.count("┌") for line in drawn.splitlines()) == 20


def test_every_room_of_the_layers_is_in_the_picture() -> None:
    known = house_picture.knows("piramide")

    assert {"kernel", "exchange", "cycle", "web", "cli"} <= known.keys()
    assert known["kernel"] == frozenset()
