"""A note is kept as a code with its fields and worded when somebody reads it."""

from __future__ import annotations

import pytest

from piramide.kernel import wording
from piramide.kernel.note import note, worded


@pytest.mark.parametrize(
    ("kept", "italian", "english"),
    [
        (note("SC101", moment="2024-Q2"), "Il valore è quello al 30 giugno 2024, l’ultimo noto.",
         "The value is the one at 30 June 2024, the last known."),
        (note("SC105", checkpoints=["Q1", "Q3"]), "Verifiche escluse perché senza valore: I trimestre, III trimestre.",
         "Checkpoints left out because they have no value: first quarter, third quarter."),
        (note("SC118", checkpoints=["2024-05", "year"]),
         "Verifiche scadute di cui non si conosce il valore: al 31 maggio 2024, fine anno.",
         "Checkpoints that are due and not known: at 31 May 2024, year's end."),
        (note("SC108", parts=['Parte "A", {b}']), 'Parti senza valore: Parte "A", {b}.',
         'Parts without a value: Parte "A", {b}.'),
        (note("ME101", coverage=0.875), "Misurato sul 88% delle consegne attese.",
         "Measured on 88% of the expected deliveries."),
        (note("ME101", coverage=0.9999), "Misurato sul 99% delle consegne attese.",
         "Measured on 99% of the expected deliveries."),
        (note("ME104", low="-0.500", high="12345.678"), "Intervallo di confidenza al 95%: da −0,500 a 12.345,678.",
         "95% confidence interval: −0.500 to 12,345.678."),
    ],
)  # fmt: skip
def test_it_is_worded_in_the_language_of_the_reader(kept: str, italian: str, english: str) -> None:
    assert worded(kept, "it") == italian
    assert worded(kept, "en") == english
    with wording.speaking("en"):
        assert worded(kept) == english


def test_it_is_the_same_text_whatever_the_language_of_who_makes_it() -> None:
    with wording.speaking("en"):
        english = note("SC108", parts=["Qualità", "Tempi"])

    assert english == note("SC108", parts=["Qualità", "Tempi"]) == 'SC108 {"parts":["Qualità","Tempi"]}'


def test_several_notes_and_what_a_person_wrote_stand_side_by_side() -> None:
    kept = " ".join(("rilevato a mano", note("ME102"), note("SC104", structure="lazio"), "Visto."))

    assert (
        worded(kept, "en")
        == "rilevato a mano. No entries stand behind this value. The value is that of “lazio”. Visto."
    )


def test_ids_are_told_by_their_labels_where_they_are_at_hand() -> None:
    names = {"structure": {"lazio": "DR Lazio"}, "parts": {"lazio": "un'altra cosa"}}

    assert worded(note("SC104", structure="lazio"), "it", names) == "Il valore è quello di «DR Lazio»."
    assert worded(note("SC108", parts=["lazio", "Tempi"]), "it", names) == "Parti senza valore: un'altra cosa, Tempi."


@pytest.mark.parametrize(
    "typed",
    [
        "inventato",
        "",
        "SC101",
        "ZZ999 {}",
        'CY001 {"where":"x"}',
        'SC101 {"moment":',
        'SC101 {"moment":{"a":1}}',
        "SC101 {}, dice Anna",
        "vedi nota xSC101 {}",
    ],
)
def test_what_a_person_typed_stays_as_typed(typed: str) -> None:
    assert worded(typed, "en") == typed
