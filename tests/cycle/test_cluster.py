"""How far a rank can be told from chance, on figures worked by hand."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from piramide.cycle.boards.cluster import INNER, _Spot, _surely_ahead, among_peers
from piramide.cycle.runs.open_run import OpenRun
from piramide.cycle.runs.opened_runs import OpenedRuns, RunFigures, figures_of
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, score
from piramide.kernel.figure import preview
from piramide.kernel.organisation import Structure
from piramide.methodology.loading import find_pack

DIRECTORATES = ("dc_pensioni", "dc_entrate", "dc_risorse_umane", "dc_patrimonio_investimenti")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> OpenRun:
    store = Store(tmp_path_factory.mktemp("store"))
    values: Path = find_pack("inps-2024") / "demonstration" / "values" / "2024.csv"
    kept = score(Request("inps-2024", values, "2024-Q4", demonstration=True), [], store)
    return OpenedRuns(store).opened(kept.run_id)


def figures(indices: dict[str, float]) -> RunFigures:
    """Figures of whole indices alone."""
    names = ("index", "index_measured", "index_low", "index_high", "coverage")
    column = [float(index) for index in indices.values()]
    told = dict.fromkeys(names, column) | {"structure": list(indices)}
    return figures_of(pa.table(told | {name: [""] * len(column) for name in ("id", "status", "note")}))


def test_it_tells_apart_only_what_is_further_than_chance(opened: OpenRun) -> None:
    found = among_peers(opened, figures(dict(zip(DIRECTORATES, (110, 90, 90, 90), strict=True))), "dc_pensioni")

    assert found is not None
    spread = sqrt((15**2 + 3 * 5**2) / 3)  # distances of 15, 5, 5, 5 from the mean of 95; no common size
    assert found.mean == pytest.approx(95)
    assert found.spread == pytest.approx(spread)
    assert (found.here.low, found.here.high) == pytest.approx((95 - INNER * spread, 95 + INNER * spread))
    assert INNER * spread * sqrt(2) > 110 - 90
    assert (found.here.first, found.here.last) == (1, 4)


def test_it_has_a_group_of_one_kind_where_there_are_no_clusters(opened: OpenRun) -> None:
    every = {s.id: 100.0 + place for place, s in enumerate(opened.scores.structures)}
    found = among_peers(opened, figures(every), "dc_pensioni")

    assert found is not None
    assert {peer.structure.kind for peer in found.peers} == {"central_directorate"}
    assert found.cluster == ""


def test_it_says_nothing_of_too_few(opened: OpenRun) -> None:
    few = dict.fromkeys(DIRECTORATES[:3], 100.0)

    assert among_peers(opened, figures(few), "dc_pensioni") is None
    assert among_peers(opened, figures(few), "lombardia") is None


@given(st.lists(st.tuples(st.floats(50, 150), st.floats(0, 20), st.floats(0.5, 1000)), min_size=1, max_size=12))
def test_whoever_is_surely_ahead_is_so_of_each_by_the_formula(drawn: list[tuple[float, float, float]]) -> None:
    place = Structure("x", "x", "direction")
    spots = [
        _Spot(place, preview(low), preview(low), preview(low + wide), size, is_partial=True)
        for low, wide, size in drawn
    ]

    ahead = _surely_ahead(spots, 7.0)

    for row, one in enumerate(spots):
        for column, other in enumerate(spots):
            margin = INNER * 7.0 * sqrt(1 / one.size + 1 / other.size)
            assert bool(ahead[row, column]) == (float(one.least) - float(other.most) > margin)
