"""Answers to surveys: a stratified sample of each directorate in each quarter, with the weights of its strata."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from piramide.demo.facts.invented import Chance, chance, decimals, directorates, quarters
from piramide.demo.facts.rows import PLAN_YEAR, Row
from piramide.demo.facts.workdays import EPOCH, Month
from piramide.demo.facts.world import World

_STREAM = 60
# Stratum, people in it over a thousand points of the directorate, what it thinks beside the others.
_STRATA: Final = (("online", 21.0, 0.05), ("intermediary", 9.0, 0.15), ("counter", 6.0, -0.2))


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a survey, and the mean of its scores."""

    survey: str
    question: str
    mean: float


CUSTOMERS: Final = Question("customer_survey", "overall", 3.62)
_REPUTATION: Final = Question("reputation_survey", "reliability", 3.55)


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
            for asked in (CUSTOMERS, _REPUTATION):
                answers = list(answers_of(draw, month, directorate, asked, Sample(points, opinion)))
                if asked != CUSTOMERS or month.year > PLAN_YEAR:  # until then sites answer for themselves
                    yield from answers


@dataclass(frozen=True, slots=True)
class Sample:
    """Who is asked: points that the people stand for, their opinion beside others', at least so many a stratum."""

    points: float
    opinion: float
    least: int = 24


def answers_of(draw: Chance, month: Month, structure: str, asked: Question, of: Sample) -> Iterator[Row]:
    """Answers to one question in a quarter, stratum by stratum."""
    for stratum, size, better in _STRATA:
        count = of.least + draw.pieces(of.points / 60_000)
        for number in range(count):
            score = round(asked.mean * of.opinion + better + 0.9 * float(draw.rng.standard_normal()))
            day = int(month.calendar_days[draw.pick(len(month.calendar_days))])
            yield {
                "survey": asked.survey,
                "questionnaire": f"{month.label}-{structure}-{asked.survey[:3]}-{stratum}-{number + 1:03d}",
                "question": asked.question,
                "structure": structure,
                "day": (EPOCH + timedelta(days=day)).isoformat(),
                "stratum": stratum,
                "weight": decimals(size * of.points / 1000 / count, 6),
                "score": str(min(max(score, 1), 5)),
            }
