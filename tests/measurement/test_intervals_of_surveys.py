"""The mean of a survey comes with the interval that its stratified, weighted sample allows."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from piramide.kernel.note import worded
from tests.measurement.hand_ledger import measured, small_pack, statement, store_load

MEASURES = """
score_sum: {label: S, unit: score_1_5, dataset: survey_answers, column: weight * score, filter: "survey = 'customer'"}
answers: {label: A, unit: pieces, dataset: survey_answers, column: weight, filter: "survey = 'customer'"}
"""
INDICATORS = """
indagine: {label: Indagine, unit: score_1_5, direction: up, rule: gap_up, act: piano, place: p. 1,
  formula: "score_sum / nullif(answers, 0)"}
"""


def answers(place: str, stratum: str, weight: str, scores: Mapping[str, tuple[int, ...]]) -> list[dict[str, object]]:
    return [
        statement(
            "survey_answers",
            survey="customer",
            questionnaire=questionnaire,
            question=f"q{number}",
            structure=place,
            day="2024-02-10",
            stratum=stratum,
            weight=weight,
            score=score,
        )
        for questionnaire, given in scores.items()
        for number, score in enumerate(given)
    ]


def interval(note: str) -> tuple[float, float]:
    found = re.search(r"da ([\d,]+) a ([\d,]+)", note)
    assert found, note
    low, high = (float(part.replace(",", ".").rstrip(".")) for part in found.groups())
    return low, high


def test_a_survey_mean_carries_its_interval(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, INDICATORS)
    online = answers("torino", "online", "2", {"a": (5,), "b": (3,), "c": (4,)})
    counter = answers("torino", "counter", "0.5", {"d": (1, 1), "e": (5, 3)})
    store_load(tmp_path / "store", "survey_answers", [*online, *counter])

    value = measured(tmp_path / "store", pack, "2024-02")["torino", "indagine"]

    mean = (2 * 12 + 0.5 * 10) / 8
    # Questionnaires are what is drawn: d and e answered two questions each, of weight one half.
    first = [2 * (score - mean) for score in (5, 3, 4)]
    second = [0.5 * (2 - 2 * mean), 0.5 * (8 - 2 * mean)]
    variance = sum(len(e) / (len(e) - 1) * sum((x - sum(e) / len(e)) ** 2 for x in e) for e in (first, second)) / 8**2
    half = 1.959963984540054 * math.sqrt(variance)
    assert value.value == pytest.approx(mean)
    assert interval(worded(value.note, "it")) == pytest.approx((mean - half, mean + half), abs=0.0006)


def test_a_larger_sample_is_more_certain_and_a_single_answer_tells_nothing(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, INDICATORS)
    few = {str(n): (3 + n % 2,) for n in range(10)}
    many = {f"m{n}": (3 + n % 2,) for n in range(1000)}
    rows = (
        answers("novara", "x", "1", few) + answers("genova", "x", "1", many) + answers("torino", "x", "1", {"z": (4,)})
    )
    store_load(tmp_path / "store", "survey_answers", rows)

    values = measured(tmp_path / "store", pack, "2024-02")

    widths = {}
    for place in ("novara", "genova"):
        low, high = interval(worded(values[place, "indagine"].note, "it"))
        widths[place] = high - low
    assert widths["novara"] > 9 * widths["genova"] > 0
    assert "95%" not in worded(values["torino", "indagine"].note, "it")
