"""Charts are drawn on the server without inline style; browsers interpret their expressions, never compile them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from django.utils.translation import get_language, override

from piramide.kernel.figure import Figure, figure_of, preview
from piramide.reports import figures
from piramide.reports.labels import labels
from piramide.web.charts.beeswarm import Dot, dots_chart
from piramide.web.charts.beeswarm import Words as DotWords
from piramide.web.charts.chart import NARROW, drawn
from piramide.web.charts.history import Point, Words, history_chart
from piramide.web.charts.interpreter import made_folder, make_interpreter

MODULE = """import { isString } from 'vega-util';
function expression(text) { return isString(text); }
export { expression as expressionInterpreter };
//# sourceMappingURL=vega-interpreter.js.map
"""
WORDS = Words("Nel tempo", "Sale.", "Indice", "Indice", "Obiettivo")


def told(figure: Figure) -> str:
    return figures.index(figure, labels(get_language()))


def points() -> list[Point]:
    days = {month: date(2024, month, 28) for month in range(1, 13)}
    return [Point(day, f"mese {month}", preview(1000.5 + month), figure_of(1001)) for month, day in days.items()]


@pytest.mark.parametrize(("language", "number"), [("it", "1.006,0"), ("en", "1,006.0")])
def test_it_writes_numbers_as_the_language_does(language: str, number: str) -> None:
    with override(language):
        svg = drawn(history_chart("storia", points(), WORDS, told))

    assert number in svg


@pytest.mark.parametrize("width", [640, NARROW])
def test_it_draws_for_a_wide_and_a_narrow_screen_without_inline_style(width: int) -> None:
    svg = drawn(history_chart("storia", points(), WORDS, told), width)

    assert svg.startswith("<svg aria-hidden")
    assert " style=" not in svg
    assert "<style" not in svg


def test_a_period_without_a_figure_leaves_a_gap_and_the_last_known_one_is_written() -> None:
    known = points()
    chart = history_chart(
        "storia", [*known[:-1], Point(date(2024, 12, 28), "mese 12", None, figure_of(1001))], WORDS, told
    )

    rows = chart.specification["data"]["values"]
    assert [row["period"] for row in rows if row["last"]] == ["mese 11"]


def test_what_is_written_beside_a_dot_is_the_exact_figure_and_never_that_of_its_double() -> None:
    """103.45 as a double lies below the tie, and 99.96 is not on target."""
    exact = [Fraction("103.45"), Fraction("99.96"), Fraction("100.03")]
    days = [date(2024, month, 28) for month in (3, 6, 9)]
    known = [
        Point(day, day.isoformat(), figure_of(index), figure_of(100)) for day, index in zip(days, exact, strict=True)
    ]
    high, low = figure_of(exact[0]), figure_of(exact[1])
    hollow = Point(date(2024, 12, 28), "Q4", None, figure_of(100), partial=high, low=low, high=high)

    with override("it"):
        chart = history_chart("storia", [*known, hollow], WORDS, told)

    rows = chart.specification["data"]["values"]
    assert [row["figure_told"] for row in rows] == ["103,5", "99,96", "100,03", "–"]
    assert [rows[-1][f"{name}_told"] for name in ("partial", "low", "high")] == ["103,5", "99,96", "103,5"]
    assert ">100,03</text>" in drawn(chart)
    tooltips = [layer["encoding"].get("tooltip") for layer in chart.specification["layer"]]
    assert [field["field"] for field in next(filter(None, tooltips))] == ["period", "figure_told", "target_told"]
    assert "format" not in str(tooltips), "nothing that is pointed at is formatted in the browser"


def test_every_structure_has_its_dot_with_a_shape_for_its_side() -> None:
    words = DotWords("Confronto", "Quattro.", "Indice", "sopra", "pari", "sotto")
    groups = {"Asti": ("A", "101"), "Cuneo": ("A", "100"), "Novara": ("B", "98"), "Biella": ("B", "99.96")}
    indices = {label: figure_of(Fraction(text)) for label, (_group, text) in groups.items()}
    dots = [Dot(label, groups[label][0], index, told(index), "1") for label, index in indices.items()]

    chart = dots_chart("confronto", dots, words)

    marks = chart.specification["layer"][-1]["data"]["values"]
    assert [(mark["label"], mark["side"]) for mark in marks] == [
        ("Asti", "sopra"),
        ("Cuneo", "pari"),
        ("Novara", "sotto"),
        ("Biella", "sotto"),
    ]
    assert "<svg" in drawn(chart)


def test_the_interpreter_becomes_a_script_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "assets" / "vega-interpreter" / "build"
    folder.mkdir(parents=True)
    (folder / "vega-interpreter.js").write_text(MODULE, encoding="utf-8")

    assert make_interpreter(tmp_path / "assets", tmp_path / "data")

    made = (made_folder(tmp_path / "data") / "interpreter.js").read_text(encoding="utf-8")
    assert "const { isString } = vega;" in made
    assert "globalThis.vegaInterpreter = expression;" in made
    assert "import " not in made
    assert "export " not in made
    assert "sourceMappingURL" not in made


def test_without_the_package_or_with_another_one_charts_stay_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "vega-interpreter" / "build"
    assert not make_interpreter(tmp_path, tmp_path)
    folder.mkdir(parents=True)
    (folder / "vega-interpreter.js").write_text("export default 1;\n", encoding="utf-8")

    assert not make_interpreter(tmp_path, tmp_path)
