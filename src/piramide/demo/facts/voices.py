"""Answers to surveys: a stratified sample of each directorate in each quarter, with the weights of its strata."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from piramide.demo.facts.invented import chance, decimals, directorates, quarters
from piramide.demo.facts.rows import Row
from piramide.demo.facts.workdays import EPOCH
from piramide.demo.facts.world import World

_STREAM = 60
_ANSWERS: Final = 24
# Stratum, people in it over a thousand points of the directorate, what it thinks beside the others.
_STRATA: Final = (("online", 21.0, 0.05), ("intermediary", 9.0, 0.15), ("counter", 6.0, -0.2))
_QUESTIONS: Final = (("customer_survey", "overall", 3.62), ("reputation_survey", "reliability", 3.55))


def people_asked(world: World, directorate: str) -> float:
    """People that the answers of a directorate stand for, in each survey and quarter."""
    return sum(size for _, size, _ in _STRATA) * world.figures.directorates[directorate] / 1000


def survey_rows(world: World) -> Iterator[Row]:
    """Rows of `survey_answers`: one question a questionnaire, nobody's name anywhere."""
    draw = chance(world, _STREAM)
    for month in quarters(world):
        for directorate in directorates(world):
            points = world.figures.directorates[directorate]
            opinion = draw.near(1.0, 0.02)
            for survey, question, mean in _QUESTIONS:
                for stratum, size, better in _STRATA:
                    count = _ANSWERS + draw.pieces(points / 60_000)
                    for number in range(count):
                        score = round(mean * opinion + better + 0.9 * float(draw.rng.standard_normal()))
                        day = int(month.calendar_days[draw.pick(len(month.calendar_days))])
                        yield {
                            "survey": survey,
                            "questionnaire": f"{month.label}-{directorate}-{survey[:3]}-{stratum}-{number + 1:03d}",
                            "question": question,
                            "structure": directorate,
                            "day": (EPOCH + timedelta(days=day)).isoformat(),
                            "stratum": stratum,
                            "weight": decimals(size * points / 1000 / count, 6),
                            "score": str(min(max(score, 1), 5)),
                        }
