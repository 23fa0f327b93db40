"""Notes of kept runs in the reader's language."""

from __future__ import annotations

import pytest

from piramide.kernel import wording
from piramide.kernel.retelling import retold


@pytest.mark.parametrize(
    ("code", "italian", "english"),
    [
        ("ME101", {"coverage": "87,5%"}, {"coverage": "87.5%"}),
        ("ME102", {}, {}),
        ("ME104", {"low": "3,564", "high": "1.203,742"}, {"low": "3.564", "high": "1,203.742"}),
        ("ME104", {"low": "−12", "high": "1.203"}, {"low": "−12", "high": "1,203"}),
        ("SC104", {"structure": "Direzione Generale"}, {"structure": "Direzione Generale"}),
    ],
)
def test_it_says_a_note_of_the_program_in_english(code: str, italian: dict[str, str], english: dict[str, str]) -> None:
    note = wording.sentence(code, italian, "it")

    assert retold(note, "en") == wording.sentence(code, english, "en")
    assert retold(note, "it") == note


def test_it_retells_each_sentence_of_a_note_and_keeps_what_people_wrote() -> None:
    note = "Intervallo di confidenza al 95%: da 3,5 a 3,7. Misurato sul 90% delle consegne attese. Visto da Anna."

    assert retold(note, "en") == (
        "95% confidence interval: 3.5 to 3.7. Measured on 90% of the expected deliveries. Visto da Anna."
    )
