"""Notes that older runs kept as sentences, in the reader's language."""

from __future__ import annotations

import pytest

from piramide.kernel.early_notes import reworded

INTERVAL = "95% confidence interval: {} to {}."


@pytest.mark.parametrize(
    ("kept", "english"),
    [
        ("Misurato sul 87,5% delle consegne attese.", "Measured on 87.5% of the expected deliveries."),
        ("Nessun dato per questo valore.", "No entries stand behind this value."),
        ("Intervallo di confidenza al 95%: da 3,564 a 1.203,742.", INTERVAL.format("3.564", "1,203.742")),
        ("Intervallo di confidenza al 95%: da −12 a 1.203.", INTERVAL.format("−12", "1,203")),
        ("Il valore è quello di «Direzione Generale».", "The value is that of “Direzione Generale”."),
    ],
)
def test_it_says_a_note_of_the_program_in_english(kept: str, english: str) -> None:
    assert reworded(kept, "en") == english
    assert reworded(kept, "it") == kept


def test_it_retells_each_sentence_of_a_note_and_keeps_what_people_wrote() -> None:
    note = "Intervallo di confidenza al 95%: da 3,5 a 3,7. Misurato sul 90% delle consegne attese. Visto da Anna."

    assert reworded(note, "en") == (
        "95% confidence interval: 3.5 to 3.7. Measured on 90% of the expected deliveries. Visto da Anna."
    )
