"""Who gains and who loses: every structure has its mark, and no two touch."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest

from piramide.kernel.findings import Refusal
from piramide.reports.beeswarm import MARK, WIDTH, beeswarm
from piramide.reports.winners import Winner, winners_png, winners_svg, write_winners

POINTS = (
    Winner("sardegna", "Sardegna", "A", Fraction(5, 2), 300),
    Winner("lazio", "Lazio", "A", Fraction(-5, 4), 2000),
    Winner("molise", "Molise", "B", 0, 100),
    Winner("umbria", "Umbria & Co. <\"'>", "B", -2, 150),
)


def test_it_draws_one_mark_for_each_structure() -> None:
    svg = winners_svg(POINTS).decode()

    # The marks are one group of symbols; those of the legends have other names.
    groups = re.findall(r'<g class="mark-symbol role-mark[^>]*>(.*?)</g>', svg, re.DOTALL)
    assert [group.count("<path") for group in groups] == [len(POINTS)]


def test_it_says_in_words_what_it_shows() -> None:
    svg = winners_svg(POINTS).decode()

    assert 'role="img"' in svg
    assert "4 strutture per cluster: in aumento 1, in calo 2, invariate 1" in svg
    assert "Sardegna (+2,50)" in svg


def test_who_gains_is_judged_on_the_exact_change_and_what_is_told_is_never_nothing() -> None:
    """A thousandth would print +0,00 beside "in aumento"; a trillionth is noise."""
    svg = winners_svg([Winner("a", "A", "", Fraction(1, 1000)), Winner("b", "B", "", Fraction(-1, 10**12))]).decode()

    assert "in aumento 1, in calo 0, invariate 1" in svg
    assert "A (+0,001)" in svg


def test_it_writes_the_numbers_of_its_axis_in_the_language() -> None:
    assert "−1,5" in winners_svg(POINTS).decode()
    assert "−1.5" in winners_svg(POINTS, "en").decode()


def test_it_gives_the_same_picture_for_the_same_points() -> None:
    assert winners_svg(POINTS) == winners_svg(POINTS)
    assert winners_png(POINTS) == winners_png(POINTS)


def test_it_draws_structures_of_unknown_size_that_do_not_change() -> None:
    svg = winners_svg([Winner("a", "A", "", 0), Winner("b", "B", "", 0)]).decode()

    assert "invariate 2" in svg


@pytest.mark.parametrize(("name", "start"), [("out.svg", b"<svg"), ("out.png", b"\x89PNG")])
def test_the_extension_chooses_the_format(tmp_path: Path, name: str, start: bytes) -> None:
    write_winners(POINTS, tmp_path / name)

    assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize(("points", "name", "code"), [(POINTS, "out.pdf", "RP001"), ((), "out.svg", "RP004")])
def test_it_refuses_what_it_cannot_draw(tmp_path: Path, points: tuple[Winner, ...], name: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        write_winners(points, tmp_path / name)

    assert refused.value.findings[0].code == code
    assert not list(tmp_path.iterdir())


def test_no_two_marks_touch() -> None:
    points = [("AB"[place % 2], (place * 37 % 101 - 50) / 25) for place in range(90)]

    placed = beeswarm(points)

    scale = WIDTH / (2 * placed.reach)
    spots = [(change * scale, height) for (_, change), height in zip(points, placed.heights, strict=True)]
    for one, other in combinations(spots, 2):
        assert abs(one[0] - other[0]) > MARK - 0.001 or abs(one[1] - other[1]) > MARK - 0.001


def test_every_mark_stands_in_the_band_of_its_cluster() -> None:
    points = [("ABC"[place % 3], place % 7 - 3.0) for place in range(60)]

    placed = beeswarm(points)

    tops = [0.0, *(band.bottom for band in placed.bands)]
    room = {band.cluster: (top, band.bottom) for top, band in zip(tops, placed.bands, strict=False)}
    for (cluster, _), height in zip(points, placed.heights, strict=True):
        assert room[cluster][0] < height < room[cluster][1]
