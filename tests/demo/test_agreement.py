"""Offices of the demonstration have, in the mean, what facts measure of the directorate above them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from piramide.cycle.plans.packs import open_pack
from piramide.demo.agreement import agreeing
from piramide.kernel.periods import parse_period
from piramide.measurement.values.indicators import IndicatorValue
from piramide.methodology.model import Pack
from piramide.scoring.value_table import read_rows

AUDIT, SURVEY, SUM, QUARTER = "indice_audit", "indagine_reputazionale", "p_accertamenti", "2024-Q4"
HEADER = "structure,indicator,period,value,status,contested,note\n"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return open_pack("inps-2024", demonstration=True)


def moved(pack: Pack, tmp_path: Path, typed: str, *measured: tuple[str, str, float]) -> dict[tuple[str, str], float]:
    """Values by structure and indicator after the offices were moved."""
    file = tmp_path / "hand.csv"
    file.write_text(HEADER + "".join(f"{row},measured,no,inventato\n" for row in typed.split()), encoding="utf-8")
    moment = parse_period(QUARTER).moment
    facts = [IndicatorValue(place, name, moment, value, None, None, "measured", 1.0) for place, name, value in measured]
    rows = agreeing(read_rows(file), facts, pack, pack.organisation.on(date(2024, 12, 31)))
    return {(row["structure"], row["indicator"]): float(row["value"]) for row in rows.to_pylist()}


def offices(pack: Pack, place: str) -> list[str]:
    return [office.id for office in pack.organisation.on(date(2024, 12, 31)).children(place)]


def test_offices_are_moved_together_to_the_mean(pack: Pack, tmp_path: Path) -> None:
    """3.4, 3.5 and 3.6 under 3.7: 3.6, 3.7 and 3.8, so that 3.7 lies between the least and the greatest."""
    one, two, three = offices(pack, "umbria")[:2] + offices(pack, "marche")[:1]
    typed = f"{one},{SURVEY},{QUARTER},3.4 {two},{SURVEY},{QUARTER},3.6 {three},{SURVEY},{QUARTER},3.5"

    values = moved(pack, tmp_path, typed, ("umbria", SURVEY, 3.7))

    assert values[one, SURVEY] == pytest.approx(3.6)
    assert values[two, SURVEY] == pytest.approx(3.8)
    assert values[three, SURVEY] == 3.5  # its directorate is not measured


def test_a_single_office_is_as_what_stands_above_it(pack: Pack, tmp_path: Path) -> None:
    (office,) = offices(pack, "valle_d_aosta")

    values = moved(pack, tmp_path, f"{office},{SURVEY},{QUARTER},3.57", ("valle_d_aosta", SURVEY, 3.4835541313224536))

    assert abs(values[office, SURVEY] / 3.4835541313224536 - 1) < 1e-9  # what R43 takes for noise


def test_nobody_passes_the_end_of_a_scale(pack: Pack, tmp_path: Path) -> None:
    """92 and 97 under an audit of 100 whole: +5.5 would be 102.5; 4.9 and 4.5 under a survey of 4.95: 5.15."""
    one, two = offices(pack, "umbria")[:2]
    typed = f"{one},{AUDIT},{QUARTER},92 {two},{AUDIT},{QUARTER},97 {one},{SURVEY},{QUARTER},4.9"
    typed += f" {two},{SURVEY},{QUARTER},4.5"

    values = moved(pack, tmp_path, typed, ("umbria", AUDIT, 100), ("umbria", SURVEY, 4.95))

    assert (values[one, AUDIT], values[two, AUDIT]) == (97.5, 100)
    assert values[one, SURVEY] == 5
    assert values[two, SURVEY] == pytest.approx(4.75)


def test_what_is_no_mean_stays_and_so_does_what_facts_measure(pack: Pack, tmp_path: Path) -> None:
    one, two = offices(pack, "umbria")[:2]
    typed = f"{one},{SUM},{QUARTER},25 {one},{AUDIT},{QUARTER},90 {two},{AUDIT},{QUARTER},80"
    facts = [("umbria", SUM, 90.0), ("umbria", AUDIT, 70.0), (two, AUDIT, 60.0)]

    values = moved(pack, tmp_path, typed, *facts)

    assert values[one, SUM] == 25
    assert values[two, AUDIT] == 80  # the row of a figure that facts measure is not the one that is scored
    assert values[one, AUDIT] == 70
