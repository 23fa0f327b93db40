"""Adjustments drawn at random, tried, are what reading and scoring everything again comes to, to the last digit."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest

from piramide.cycle.adjust import Adjustable, AdjustedValue, adjustable, try_adjustment
from piramide.cycle.runs import results
from piramide.cycle.runs.opened_runs import OpenedRuns, RunFigures, RunValues, figures_of
from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, score
from piramide.kernel.findings import Finding, Refusal
from piramide.methodology.loading import shipped_packs
from piramide.scoring.plan import compile_plan
from piramide.scoring.score import score_plan
from piramide.scoring.tabulate import tabulate
from piramide.scoring.value_table import values_of_rows, with_row
from piramide.scoring.values import Values

SOME = ("nazionale", "direzione_generale", "liguria", "lombardia", "prov_pisa", "dcm_milano", "dc_entrate")
PACK, DRAWN, SEED = "inps-2024", 24, 7
SHARED = "riduzione_giacenza_ricorsi_amministrativi_valore_assoluto_valore_nazionale"


@pytest.fixture(scope="module")
def tried_on(tmp_path_factory: pytest.TempPathFactory) -> tuple[OpenedRuns, str]:
    """A run of some structures of a nation, one of which gives values to all; a seventh of the values is not there."""
    folder = tmp_path_factory.mktemp("tried")
    head, *lines = next((shipped_packs() / PACK / "demonstration" / "values").glob("*.csv")).read_text().splitlines()
    left = [line for at, line in enumerate(lines) if at % 7 or SHARED in line]
    (folder / "values.csv").write_text("\n".join([head, *left, ""]))
    store = Store(folder / "store")
    run = score(Request(PACK, folder / "values.csv", "2024-Q4", SOME, demonstration=True), [], store).run_id
    return OpenedRuns(store), run


def drawn(runs: OpenedRuns, run: str) -> Iterator[AdjustedValue]:
    """Values of every kind of row, there or not: nothing, the same, larger, smaller, of the other sign."""
    chance = random.Random(SEED)  # noqa: S311 - the same draws every time
    rows = [row for name in runs.outline(run).structures for row in adjustable(runs, run, name)]
    shared = next(row for row in rows if row.indicator == SHARED)
    for row in (shared, *chance.sample(rows, DRAWN)):
        now = float(row.value or chance.randint(1, 100))
        value = f"{now * chance.choice((0, 0.5, 0.97, 1, 1.04, 3)) * chance.choice((1, 1, 1, -1)):.4f}"
        yield AdjustedValue(row.structure, row.indicator, value, "nota")


def whole(runs: OpenedRuns, run: str, adjusted: AdjustedValue) -> tuple[pa.Table, int]:
    """The rows of a run with another value, made one by one."""
    rows = results.read(runs.run(run).values_file).to_pylist()
    key = (adjusted.structure, adjusted.indicator, "2024-Q4")
    at = next((at for at, row in enumerate(rows) if (row["structure"], row["indicator"], row["period"]) == key), None)
    one = dict.fromkeys(rows[0], "") if at is None else rows[at]
    one |= dict(zip(("structure", "indicator", "period"), key, strict=True))
    one |= {"value": adjusted.value, "status": "adjusted", "note": adjusted.note, "numerator": "", "denominator": ""}
    one["contested"] = one["contested"] or "no"
    if at is None:
        rows.append(one)
    return pa.Table.from_pylist(rows), len(rows) - 1 if at is None else at


def told(runs: OpenedRuns, run: str, figures: RunFigures) -> dict[str, Fraction]:
    """The exact number told of each structure that has one."""
    shown = {name: figures.standing(name).shown for name in runs.outline(run).structures}
    return {name: index.exact for name, index in shown.items() if index is not None}


def columns(values: Values) -> dict[str, list[object]]:
    """What values say, row by row, and how they are found."""
    texts = ("structures", "indicators", "texts", "numerators", "denominators", "notes")
    numbers = ("moments", "values", "has_value", "statuses", "contested", "lines")
    every = {name: np.asarray(getattr(values, name)).tolist() for name in (*texts, *numbers)}
    keys = values.keys.to_pylist()
    return every | {"found": [keys[place] for place in values.key_of], "ratios": sorted(values.ratios.items())}


def refused(act: Callable[[], object]) -> tuple[Finding, ...]:
    """What is refused; nothing where nothing is."""
    try:
        act()
    except Refusal as refusal:
        return refusal.findings
    return ()


def test_they_are_what_scoring_everything_comes_to(tried_on: tuple[OpenedRuns, str]) -> None:
    runs, run = tried_on
    opened, before = runs.opened(run), told(runs, run, runs.figures(run))
    tried, moving, several, added, refusals = 0, 0, 0, 0, 0
    for adjusted in drawn(runs, run):
        rows, at = whole(runs, run, adjusted)
        if faults := refused(lambda rows=rows: values_of_rows(rows, opened.printed, run[:8])):  # type: ignore[misc]
            assert refused(lambda adjusted=adjusted: try_adjustment(runs, run, adjusted)) == faults  # type: ignore[misc]
            refusals += 1
            continue
        values = values_of_rows(rows, opened.printed, run[:8])

        effect = try_adjustment(runs, run, adjusted)

        kept = runs.values(run).read
        assert kept is not None
        assert columns(with_row(kept, rows, at, opened.printed)) == columns(values)
        plan = compile_plan(opened.printed, opened.scores.period, SOME, opened.as_of)
        every = figures_of(results.as_table(tabulate(score_plan(plan, values))))
        after = told(runs, run, every)
        moved = {name: index for name, index in after.items() if index != before.get(name) and name in before}
        assert {move.structure: move.index.exact for move in effect.moved} == moved
        assert all(move.change.exact == moved[move.structure] - before[move.structure] for move in effect.moved)
        index = every.figure("index", adjusted.structure, adjusted.indicator)
        assert (effect.index_after and effect.index_after.exact) == (index and index.exact)
        tried, moving, several = tried + 1, moving + bool(moved), several + (len(moved) > 1)
        added += rows.num_rows > len(opened.values)
    assert tried > DRAWN // 2
    assert moving > DRAWN // 4
    assert min(several, added, refusals) > 0, (several, added, refusals)


def test_what_was_tried_leaves_nothing_behind(tried_on: tuple[OpenedRuns, str]) -> None:
    """Values of a run are put together once: one that is tried is not there when the next one is."""
    runs, run = tried_on
    row = next(row for row in adjustable(runs, run, "liguria") if row.value)
    same, other = AdjustedValue("liguria", row.indicator, row.value), _halved(row)

    assert try_adjustment(runs, run, other).moved
    assert try_adjustment(runs, run, same).moved == ()
    assert try_adjustment(runs, run, other) == try_adjustment(OpenedRuns(runs.store), run, other)


def test_values_that_are_refused_today_are_read_whole(
    tried_on: tuple[OpenedRuns, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a kept row cannot be scored today, all rows are read with the new one in its place."""
    runs, run = tried_on
    adjusted = _halved(next(row for row in adjustable(runs, run, "liguria") if row.value))
    effect, kept = try_adjustment(runs, run, adjusted), runs.values(run)

    monkeypatch.setattr(runs, "values", lambda _run: RunValues(kept.rows, None))

    assert try_adjustment(runs, run, adjusted) == effect


def _halved(row: Adjustable) -> AdjustedValue:
    return AdjustedValue(row.structure, row.indicator, f"{float(row.value) / 2:.4f}")
