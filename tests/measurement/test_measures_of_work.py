"""Measures of the work ledger, against figures added up by hand, on each engine."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from piramide.kernel.periods import parse_period
from piramide.measurement.measure import Scope
from piramide.measurement.measures.check import check_measures
from piramide.measurement.trace import trace
from tests.measurement.hand_ledger import ENGINES, entry, indicators_of, measured, small_pack, store_with

MEASURES = """
received: {label: Pervenuto, unit: pieces, dataset: work, entry: received}
resolved: {label: Definito, unit: pieces, dataset: work, entry: resolved}
pending: {label: Giacenza, unit: pieces, level: level, dataset: work, entry: pending}
pending_points: {label: Punti in giacenza, unit: points, level: level, dataset: work, entry: pending, column: points}
pending_case_days: {label: Giorni di giacenza, unit: days, dataset: work, entry: pending, window: integral}
hours: {label: Ore, unit: hours, dataset: work, entry: resolved, column: staff_hours}
money: {label: Importi, unit: eur, dataset: work, entry: resolved, column: amount - 2 * interest_paid}
days: {label: Giorni, unit: days, dataset: work, entry: resolved, column: days_waited}
in_time: {label: Nei tempi, unit: pieces, dataset: work, entry: resolved, filter: days_waited <= standard_days}
accepted_pensions: {label: Accolte, unit: pieces, dataset: work, entry: resolved,
  filter: "outcome in ('accepted') and area = 'pensions'"}
other: {label: Altre, unit: pieces, dataset: work, entry: resolved,
  filter: "not (area = 'pensions') or outcome is null"}
star_points: {label: Punti STAR, unit: points, dataset: work, entry: resolved, column: points, filter: star}
late: {label: Dopo luglio, unit: pieces, dataset: work, entry: resolved, filter: "day >= date '2024-07-01'"}
"""
NAMES = tuple(line.split(":")[0] for line in MEASURES.splitlines() if line[:1].isalpha())

ROWS = (
    entry("received", "2024-01-10", "torino", case="A"),
    entry("received", "2024-01-20", "torino", case="B", product="account"),
    entry("resolved", "2024-02-20", "torino", case="A", received="2024-01-10", outcome="accepted"),
    entry("reopened", "2024-03-05", "torino", case="A", received="2024-01-10"),
    entry("resolved", "2024-08-06", "torino", case="B", received="2024-01-20", product="account", outcome="rejected"),
    entry("received", "2024-02-01", "novara", case="C"),
    entry("resolved", "2024-02-11", "novara", case="C", received="2024-02-01", outcome="accepted"),
    entry("received", "2024-03-01", "novara", case="D"),
    entry("received", "2024-03-01", "novara", case="E"),
    entry("received", "2024-03-02", "novara", case="E", received="2024-03-01", sign=-1),
)


@pytest.fixture(autouse=True)
def _local_spark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIRAMIDE_SPARK_MASTER", "local[2]")


EXPECTED: dict[tuple[str, str], dict[str, float]] = {
    ("2024-02", "torino"): {"received": 2, "resolved": 1, "pending": 1, "pending_points": 1.5, "days": 41, "late": 0}
    # A stood 22 days of January and 19 of February, B 12 and 29.
    | {"pending_case_days": 22 + 19 + 12 + 29, "accepted_pensions": 1, "other": 0, "star_points": 2, "in_time": 0}
    | {"money": 1000.10 - 2.50, "hours": 1.5},
    ("2024-03", "torino"): {"received": 2, "resolved": 1, "pending": 2, "pending_points": 3.5}
    | {"pending_case_days": 82 + 31 + 27},
    ("2024-03", "novara"): {"received": 2, "resolved": 1, "pending": 1, "pending_points": 2, "in_time": 1},
    ("2024-03", "piemonte"): {"received": 4, "resolved": 2, "pending": 3, "days": 51, "in_time": 1},
    # B became STAR in July, and was resolved after.
    ("2024-08", "torino"): {"resolved": 2, "star_points": 3.5, "other": 1, "late": 1, "accepted_pensions": 1},
}


# Spark leaves sockets to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("engine", ENGINES)
def test_it_adds_up_what_the_entries_say(tmp_path: Path, engine: str) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, indicators_of(*NAMES))
    store = store_with(tmp_path / "store", *ROWS)

    found = {
        (period, structure): {name: values[structure, name].value for name in expected}
        for (period, structure), expected in EXPECTED.items()
        for values in [measured(store, pack, period, engine=engine)]
    }

    for key, expected in EXPECTED.items():
        assert found[key] == pytest.approx(expected, rel=1e-12, abs=0), key


CREDITS = """
competence: {label: C, unit: pieces, dataset: work, entry: resolved}
work: {label: L, unit: pieces, dataset: work, entry: resolved, credit: work}
own: {label: P, unit: pieces, dataset: work, entry: resolved, credit: own}
split: {label: D, unit: pieces, dataset: work, entry: resolved, credit: split, share: share_of_work}
lent: {label: S, unit: pieces, dataset: work, entry: resolved, credit: work,
  filter: office_of_work <> office_of_competence}
for_novara: {label: N, unit: pieces, dataset: work, entry: resolved, credit: work,
  filter: "office_of_competence = 'novara' and office_of_work <> 'novara'"}
"""
SHARE = "{share_of_work: {label: Q, unit: ratio, values: [{from: 2024-01-01, value: 0.4, act: piano, place: p. 1}]}}"


def test_it_credits_work_done_for_others_as_the_pack_says(tmp_path: Path) -> None:
    names = ("competence", "work", "own", "split", "lent", "for_novara")
    pack = small_pack(tmp_path / "pack", CREDITS, indicators_of(*names), SHARE)
    shared = [entry("resolved", "2024-01-10", "novara", work="torino", case=case) for case in "ABC"]
    own = [entry("resolved", "2024-01-11", office, case=office) for office in ("novara", "torino")]
    store = store_with(tmp_path / "store", *shared, *own)

    values = measured(store, pack, "2024-01")

    assert [values["novara", name].value for name in names] == pytest.approx([4, 1, 1, 2.8, 0, 0])
    assert [values["torino", name].value for name in names] == pytest.approx([1, 4, 1, 2.2, 3, 3])
    assert [values["piemonte", name].value for name in names] == pytest.approx([5, 5, 2, 5, 3, 3])


WINDOWS = """
month: {label: M, unit: pieces, dataset: work, entry: received, window: period}
to_date: {label: A, unit: pieces, dataset: work, entry: received}
twelve: {label: T, unit: pieces, dataset: work, entry: received, window: trailing_12}
ever: {label: S, unit: pieces, dataset: work, entry: received, window: running}
year_ago: {label: P, unit: pieces, dataset: work, entry: received, before: same_moment}
pending_at_opening: {label: G, unit: pieces, level: level, dataset: work, entry: pending, before: year_end}
monthly: {label: X, unit: pieces, dataset: work, entry: received, aggregate: mean, column: points}
"""


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2024-03", {"month": 3, "to_date": 3, "twelve": 7, "ever": 7, "year_ago": 0, "pending_at_opening": 4}),
        ("2024-12", {"month": 1, "to_date": 4, "twelve": 4, "ever": 8, "year_ago": 4, "pending_at_opening": 4}),
        ("2024", {"month": 1, "to_date": 4, "twelve": 4, "ever": 8, "year_ago": 4, "monthly": 8 / 12}),
    ],
)
def test_it_ends_every_window_at_the_moment(tmp_path: Path, period: str, expected: dict[str, float]) -> None:
    pack = small_pack(tmp_path / "pack", WINDOWS, indicators_of(*dict.fromkeys((*expected, "monthly"))))
    days = ("2023-04-01", "2023-04-02", "2023-05-31", "2023-12-31", "2024-03-01", "2024-03-02", "2024-03-31")
    rows = [entry("received", day, "torino", case=day) for day in (*days, "2024-12-31")]
    store = store_with(tmp_path / "store", *rows)

    values = measured(store, pack, period, as_of="2024-06-30")

    assert {name: values["torino", name].value or 0 for name in expected} == pytest.approx(expected)


def test_a_window_that_begins_before_the_ledger_is_an_estimate(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", WINDOWS, indicators_of("twelve", "month"))
    store = store_with(tmp_path / "store", entry("received", "2024-02-01", "torino"))

    values = measured(store, pack, "2024-02")

    assert (values["torino", "twelve"].status, values["torino", "month"].status) == ("estimated", "measured")


def test_an_estimated_entry_marks_what_it_enters(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", MEASURES, indicators_of("received"))
    guess = entry("received", "2024-01-31", "torino", case="A", estimated=True)
    store = store_with(tmp_path / "store", guess, entry("received", "2024-01-02", "novara", case="B"))

    values = measured(store, pack, "2024-01")

    assert [values[name, "received"].status for name in ("torino", "novara", "piemonte")] == [
        "estimated",
        "measured",
        "estimated",
    ]


ACROSS = """
lent: {label: P, unit: pieces, dataset: work, entry: resolved, credit: work, across: region}
borrowed: {label: R, unit: pieces, dataset: work, entry: resolved, across: region}
"""


@pytest.mark.parametrize(
    ("as_of", "lent", "borrowed"),
    [
        # Torino belongs to Piemonte until June, to Liguria from July: what it does for Novara crosses the border then.
        ("2024-06-30", {"torino": 1, "genova": 2, "piemonte": 1, "liguria": 2}, {"novara": 2, "genova": 1}),
        ("2024-07-01", {"torino": 2, "genova": 2, "liguria": 4}, {"novara": 4}),
    ],
)
def test_work_across_a_border_is_that_of_the_day(
    tmp_path: Path, as_of: str, lent: dict[str, float], borrowed: dict[str, float]
) -> None:
    pack = small_pack(tmp_path / "pack", ACROSS, indicators_of("lent", "borrowed"))
    pairs = ("torino novara", "torino novara", "torino genova", "genova novara", "genova novara", "torino torino")
    rows = [
        entry("resolved", "2024-01-10", competence, work=work, case=str(number))
        for number, (work, competence) in enumerate(pair.split() for pair in pairs)
    ]
    store = store_with(tmp_path / "store", *rows)

    values = measured(store, pack, "2024-01", as_of=as_of)

    offices = ("torino", "novara", "genova", "piemonte", "liguria")
    assert {o: v for o in offices if (v := values[o, "lent"].value)} == lent
    assert {o: v for o in offices[:3] if (v := values[o, "borrowed"].value)} == borrowed
    found = trace(
        store, Scope(pack, parse_period("2024-01"), date.fromisoformat(as_of)), pack.indicators["lent"], "genova"
    )
    assert [cell.amount for cell in found.measures[0].cells] == [2]
    assert found.measures[0].count == 2


@pytest.mark.parametrize("text", ["credit: own, across: region", "across: regione"])
def test_a_border_that_says_nothing_is_refused(tmp_path: Path, text: str) -> None:
    measures = f"lent: {{label: P, unit: pieces, dataset: work, entry: resolved, {text}}}\n"
    pack = small_pack(tmp_path / "pack", measures, indicators_of("lent"))

    assert [finding.code for finding in check_measures(pack)] == ["ME006"]
