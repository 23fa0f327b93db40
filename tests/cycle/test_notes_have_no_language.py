"""Who measures and scores in Italian keeps the same bytes as who does in English; each reads in the own language."""

from __future__ import annotations

from pathlib import Path

import pytest

from piramide.cycle import measure as measuring
from piramide.cycle.runs.open_run import open_run
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, score
from piramide.cycle.sheet_content import sheet_report
from piramide.cycle.verification.verify import verify
from piramide.kernel import wording
from tests.measurement.hand_ledger import small_pack, statement, store_load

MEASURES = """
score_sum: {label: S, unit: score_1_5, dataset: survey_answers, column: weight * score, filter: "survey = 'customer'"}
answers: {label: A, unit: pieces, dataset: survey_answers, column: weight, filter: "survey = 'customer'"}
"""
INDICATORS = """
indagine: {label: Indagine, unit: score_1_5, direction: up, rule: gap_up, act: piano, place: p. 1,
  formula: "score_sum / nullif(answers, 0)"}
"""
LANGUAGES = ("it", "en")


@pytest.fixture(autouse=True)
def facts(tmp_path: Path, store: Store) -> None:
    """A survey of Torino and Novara; Genova was asked nothing."""
    answers = [("torino", 3), ("torino", 5), ("novara", 4), ("novara", 2)]
    rows = [
        statement(
            "survey_answers", survey="customer", questionnaire=str(number), question="q", structure=place,
            day="2024-02-10", stratum="x", weight="1", score=given,
        )
        for number, (place, given) in enumerate(answers)
    ]  # fmt: skip
    store_load(store.root, "survey_answers", rows)
    small_pack(tmp_path / "pack", MEASURES, INDICATORS)


def measured_in(language: str, store: Store, folder: Path) -> Path:
    out = folder / f"{language}.csv"
    with wording.speaking(language):
        measuring.measure(measuring.Request(str(folder / "pack"), "2024-02"), [], store.root, out, lambda *_: None)
    return out


def test_the_language_of_who_measures_changes_neither_file_nor_run(tmp_path: Path, store: Store) -> None:
    italian, english = (measured_in(language, store, tmp_path) for language in LANGUAGES)

    assert italian.read_bytes() == english.read_bytes()
    assert b"ME102" in italian.read_bytes()
    assert b"ME104" in italian.read_bytes()

    runs = []
    for language, file in zip(LANGUAGES, (italian, english), strict=True):
        with wording.speaking(language):
            runs.append(score(Request(str(tmp_path / "pack"), file, "2024-02"), [], store).run_id)

    assert runs[0] == runs[1]
    assert verify(store, runs[0]).verified


def test_each_reads_the_note_in_the_own_language(tmp_path: Path, store: Store) -> None:
    file = measured_in("en", store, tmp_path)
    run = score(Request(str(tmp_path / "pack"), file, "2024-02"), [], store).run_id
    opened = open_run(store, run)

    said = {
        language: {row.id: row.note for row in sheet_report(opened, "torino", language).rows} for language in LANGUAGES
    }

    # mean 4; of two answers 3 and 5, half the interval is 1.96 x sqrt(2 x (1 + 1)) / 2 = 1.96
    assert said["it"]["indagine"] == "Intervallo di confidenza al 95%: da 2,040 a 5,960."
    assert said["en"]["indagine"] == "95% confidence interval: 2.040 to 5.960."
