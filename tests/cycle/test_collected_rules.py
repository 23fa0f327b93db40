"""What people collect is scored as far as somebody answers for it, and of two answers the last campaign's."""

from __future__ import annotations

import pytest

from piramide.cycle.collected import Collected, as_confirmed, last_answers
from piramide.kernel.note import note
from piramide.kernel.statuses import Status


def answer(value: str, structure: str = "dcm_milano", period: str = "2024-Q4", **said: str) -> Collected:
    """An answer to a campaign."""
    return Collected(structure, "indice_audit", period, value, said.get("status", "measured"), said.get("note", ""))


def test_what_nobody_signed_is_an_estimate_and_says_so() -> None:
    found = as_confirmed(answer("0.98", note="dal registro"), is_signed=False)

    assert (found.status, found.value) == (Status.ESTIMATED, "0.98")
    assert found.note == f"dal registro {note('CO101')}"
    assert as_confirmed(answer("0.98"), is_signed=False).note == note("CO101")


@pytest.mark.parametrize(("status", "is_signed"), [("measured", True), ("not_due", False), ("missing", False)])
def test_what_is_signed_and_what_is_no_measure_stays(status: str, is_signed: bool) -> None:
    item = answer("0.98", status=status)

    assert as_confirmed(item, is_signed=is_signed) is item


def test_the_last_campaign_that_has_an_answer_wins() -> None:
    first = [answer("1"), answer("2", "trentino_alto_adige")]
    second = [answer("3"), answer("", "trentino_alto_adige", status="missing"), answer("", period="2024-Q3")]

    found = {(item.structure, item.period): item.value for item in last_answers([first, second])}
    assert found == {
        ("dcm_milano", "2024-Q4"): "3",
        ("trentino_alto_adige", "2024-Q4"): "2",
        ("dcm_milano", "2024-Q3"): "",
    }
    assert last_answers([]) == ()
