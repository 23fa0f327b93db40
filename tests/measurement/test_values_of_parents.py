"""How a structure with others below gets its value: means, own budgets, what never adds up (R21, R23, R38)."""

from __future__ import annotations

from pathlib import Path

import pytest

from piramide.cycle.plans.checked import check_report
from piramide.measurement.values.indicators import IndicatorValue
from tests.measurement.hand_ledger import entry, indicators_of, measured, small_pack, statement, store_load, store_with

Found = dict[tuple[str, str], IndicatorValue]
INDICATOR = """
indice: {{label: Indice, unit: index, direction: down, rule: gap_down, act: piano, place: p. 1,
  formula: "{formula}", parent: {parent}}}
"""
COSTS = """
cost: {label: C, unit: eur, dataset: costs, column: amount, filter: "kind <> 'quantity'"}
space: {label: S, unit: m2, dataset: costs, column: amount, filter: "kind = 'quantity'", aggregate: mean}
mean_cost: {label: M, unit: eur, level: level, dataset: budgets, column: value, filter: "measure = 'cost'",
  adds: none, span: year}
"""
MEAN = "{own: formula, else: {mean_of_children: {kinds: [region]}}}"


def costs(store: Path, stated: dict[str, float], means: dict[str, float], month: str = "2024-12") -> Path:
    """A year of costs of some structures, stated in one month, and the mean that each is held against."""
    rows = [
        statement("costs", structure=place, month=month, item="rent", kind="direct", amount=amount, closing=False)
        for place, amount in stated.items()
    ]
    store_load(store, "costs", rows)
    budgets = [
        statement("budgets", structure=place, measure="cost", month=month, value=mean) for place, mean in means.items()
    ]
    store_load(store, "budgets", budgets)
    return store


def values_of(found: Found, *places: str) -> list[float | None]:
    return [found[place, "indice"].value for place in places]


def test_a_parent_outside_the_clusters_is_the_plain_mean_of_its_regions(tmp_path: Path) -> None:
    pack = small_pack(
        tmp_path / "pack", COSTS, INDICATOR.format(formula="100 * cost / nullif(mean_cost, 0)", parent=MEAN)
    )
    store = costs(tmp_path / "store", {"piemonte": 820, "liguria": 118}, {"piemonte": 1000, "liguria": 100})

    found = measured(store, pack, "2024-12")

    assert values_of(found, "piemonte", "liguria", "nazionale") == pytest.approx([82, 118, 100])


def test_it_is_missing_and_says_how_many_while_one_of_them_is_missing(tmp_path: Path) -> None:
    pack = small_pack(
        tmp_path / "pack", COSTS, INDICATOR.format(formula="100 * cost / nullif(mean_cost, 0)", parent=MEAN)
    )
    store = costs(tmp_path / "store", {"piemonte": 820, "liguria": 118}, {"piemonte": 12_000}, "2024-01")

    nation = measured(store, pack, "2024-01")["nazionale", "indice"]

    assert (nation.value, nation.status, nation.note) == (None, "missing", 'ME106 {"asked":2,"known":1}')
    assert measured(store, pack, "2024-01")["piemonte", "indice"].value == pytest.approx(82)
    assert nation.coverage == 0.5


@pytest.mark.parametrize(
    ("span", "month", "expected"),
    [("year", "2024-03", 400), ("to_date", "2024-03", 100), ("month", "2024-03", 100 / 3)],
)
def test_the_mean_of_a_year_is_held_against_the_months_gone_by(
    tmp_path: Path, span: str, month: str, expected: float
) -> None:
    pack = small_pack(
        tmp_path / "pack",
        COSTS.replace("span: year", f"span: {span}"),
        INDICATOR.format(formula="100 * cost / nullif(mean_cost, 0)", parent=MEAN),
    )
    store = costs(tmp_path / "store", {"piemonte": 1200}, {"piemonte": 1200}, month)

    assert values_of(measured(store, pack, month), "piemonte") == pytest.approx([expected])


WORK = """
resolved: {label: D, unit: pieces, dataset: work, entry: resolved}
in_time: {label: T, unit: pieces, dataset: work, entry: resolved, filter: days_waited <= 10}
resolved_expected: {label: DA, unit: pieces, dataset: budgets, column: value, adds: none,
  filter: "measure = 'resolved'"}
in_time_expected: {label: TA, unit: pieces, dataset: budgets, column: value, adds: none,
  filter: "measure = 'in_time'"}
"""
QUALITY = "100 * in_time / nullif(resolved, 0) * resolved_expected / nullif(in_time_expected, 0)"
BY_RESOLVED = "{own: formula, else: {weighted_mean_of_children: {by: resolved}}}"


def quality(root: Path, *more: tuple[str, int, int]) -> Found:
    """The example of R38: 90 of 100 and 400 of 1,000, against budgets of 90/100 and 80/200; and further budgets."""
    pack = small_pack(root / "pack", WORK, INDICATOR.format(formula=QUALITY, parent=BY_RESOLVED))
    rows = []
    for office, count, prompt in (("novara", 100, 90), ("genova", 1000, 400)):
        for number in range(count):
            received = "2024-06-01" if number < prompt else "2024-04-01"
            rows.append(entry("received", received, office, case=f"{office}{number}"))
            rows.append(entry("resolved", "2024-06-05", office, case=f"{office}{number}", received=received))
    store = store_with(root / "store", *rows)
    budgets = [("novara", 100, 90), ("genova", 200, 80), *more]
    stated = [
        statement("budgets", structure=place, measure=name, month="2024-06", value=value)
        for place, resolved, prompt in budgets
        for name, value in (("resolved", resolved), ("in_time", prompt))
    ]
    store_load(store, "budgets", stated)
    return measured(store, pack, "2024-06")


def test_a_quality_index_of_a_parent_does_not_score_the_change_of_mix(tmp_path: Path) -> None:
    found = quality(tmp_path)

    assert values_of(found, "novara", "genova", "piemonte", "liguria", "nazionale") == pytest.approx([100] * 5)


def test_a_parent_with_a_budget_of_its_own_is_held_against_that(tmp_path: Path) -> None:
    found = quality(tmp_path, ("liguria", 100, 50), ("nazionale", 10, 5))

    in_time = {"liguria": 400 / 1000, "nazionale": 490 / 1100}
    assert values_of(found, "liguria", "nazionale") == pytest.approx([100 * in_time[p] / 0.5 for p in in_time])
    assert values_of(found, "genova") == pytest.approx([100])


BALANCES = """
held: {label: H, unit: eur, level: level, dataset: balances, column: balance, filter: "account = '1005'",
  window: period, adds: absolute}
signed: {label: S, unit: eur, level: level, dataset: balances, column: balance, filter: "account = '1005'", adds: sum}
"""


def balances(store: Path, *stated: tuple[str, str, str]) -> Path:
    rows = [statement("balances", structure=s, month=m, account="1005", balance=b) for s, m, b in stated]
    store_load(store, "balances", rows)
    return store


def test_what_is_over_here_does_not_cover_what_is_under_there(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", BALANCES, indicators_of("held", "signed"))
    store = balances(
        tmp_path / "store",
        ("novara", "2024-06", "10"),
        ("genova", "2024-06", "-10"),
        ("liguria", "2024-06", "3.50"),
        ("piemonte", "2024-05", "7"),
    )

    found = measured(store, pack, "2024-06")

    places = ("novara", "genova", "liguria", "nazionale")
    assert [found[place, "held"].value for place in places] == [10, 10, 13.5, 23.5]
    assert found["nazionale", "signed"].value == 10.5, "the pages show the signed one too; a month old, it still stands"
    assert found["piemonte", "held"].value == 10, "taken to the same moment as what it is divided by"


STAFF = "heads: {label: A, unit: fte, dataset: staff, column: fte, aggregate: mean}\n"


def test_a_month_that_nobody_delivered_is_not_a_month_without_staff(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", STAFF, indicators_of("heads"))
    delivered = {"torino": ("01", "02", "04"), "genova": ("01", "02", "03", "04")}
    rows = [
        statement(
            "staff", structure=s, month=f"2024-{m}", profile="administrative", activity="production", fte=10 + int(m)
        )
        for s, months in delivered.items()
        for m in months
    ]
    store_load(tmp_path / "store", "staff", rows)

    found = measured(tmp_path / "store", pack, "2024-04")

    torino, genova = (11 + 12 + 14) / 3, (11 + 12 + 13 + 14) / 4
    places = ("torino", "genova", "nazionale")
    assert [found[place, "heads"].value for place in places] == pytest.approx([torino, genova, torino + genova])
    assert found["torino", "heads"].coverage == 0.75


def test_nothing_is_divided_by_a_negative_number(tmp_path: Path) -> None:
    formula = "100 * (2 - cost / nullif(signed, 0))"
    pack = small_pack(tmp_path / "pack", COSTS + BALANCES, INDICATOR.format(formula=formula, parent="formula"))
    store = costs(tmp_path / "store", {"liguria": 100}, {}, "2024-06")
    balances(store, ("liguria", "2024-06", "-50"))

    value = measured(store, pack, "2024-06")["liguria", "indice"]

    assert (value.value, value.status, value.note) == (None, "missing", 'ME105 {"divisor":"-50.000"}')


@pytest.mark.parametrize(
    ("parent", "expected", "note"),
    [
        ("none", [None, None, None], "ME107 {}"),
        ("same_for_all", [80, None, None], 'ME106 {"asked":2,"known":1}'),
        ("{region: none, else: formula}", [None, None, 280], ""),
        ("{national: mean_of_children}", [80, 200, 140], ""),
    ],
)
def test_a_rule_is_of_the_structures_of_its_case(
    tmp_path: Path, parent: str, expected: list[float | None], note: str
) -> None:
    pack = small_pack(tmp_path / "pack", COSTS, INDICATOR.format(formula="cost", parent=parent))
    store = costs(tmp_path / "store", {"novara": 80, "torino": 80, "genova": 120}, {})

    found = measured(store, pack, "2024-12")

    assert values_of(found, "piemonte", "liguria", "nazionale") == expected
    assert values_of(found, "novara", "genova") == [80, 120], "who has nobody below is measured by the formula"
    assert found["nazionale", "indice"].note.startswith(note)


@pytest.mark.parametrize(
    ("parent", "code"),
    [
        ("formula", "PK049"),
        ("{region: ratio_of_sums, else: none}", "PK049"),
        ("{own: formula}", "PK049"),
        ("{own: formula, else: {weighted_mean_of_children: {}}}", "PK053"),
        ("{own: formula, else: {weighted_mean_of_children: mean_cost}}", "PK053"),
        ("{own: formula, else: {weighted_mean_of_children: costs}}", "PK053"),
        ("{own: formula, regione: none, else: none}", "PK001"),
        ("{own: formula, else: {mean_of_children: {kinds: [regions]}}}", "PK001"),
        ("{own: formula, else: {weighted_mean_of_children: cost}}", ""),
        (MEAN, ""),
    ],
)
def test_a_check_refuses_a_parent_of_what_does_not_add_up(tmp_path: Path, parent: str, code: str) -> None:
    formula = "100 * cost / nullif(mean_cost, 0)"
    small_pack(tmp_path / "pack", COSTS, INDICATOR.format(formula=formula, parent=parent))

    found = [f for f in check_report(str(tmp_path / "pack")).findings if f.code in {"PK049", "PK053", "PK001"}]

    assert [(f.code, f.place.file, f.place.line) for f in found] == ([(code, "indicators.yaml", 2)] if code else [])
    assert all(f.message("it") != f.message("en") for f in found)


def test_a_check_asks_how_the_column_of_several_things_adds_up(tmp_path: Path) -> None:
    measures = COSTS.replace("  adds: none, span: year}", "  span: year}")
    small_pack(tmp_path / "pack", measures, INDICATOR.format(formula="cost", parent="formula"))

    found = [f for f in check_report(str(tmp_path / "pack")).findings if f.code == "ME040"]

    assert [(f.subject, f.place.line) for f in found] == [("mean_cost", 4)]


@pytest.mark.parametrize(
    ("of", "span", "code"), [("per_m2", "", "ME041"), ("per_m2", "span: year, ", ""), ("turn", "", "")]
)
def test_a_check_asks_of_which_time_the_mean_of_a_flow_over_a_state_is(
    tmp_path: Path, of: str, span: str, code: str
) -> None:
    ratios = """
per_m2: {label: P, unit: eur, level: ratio, formula: "cost / nullif(space, 0)"}
turn: {label: R, unit: ratio, level: ratio, formula: "cost / nullif(cost, 0)"}
"""
    mean = f"""mean: {{label: M, unit: eur, level: level, dataset: budgets, column: value, adds: none, {span}
  filter: "measure = '{of}'"}}
"""
    small_pack(tmp_path / "pack", COSTS + ratios + mean, INDICATOR.format(formula="cost", parent="formula"))

    found = [f for f in check_report(str(tmp_path / "pack")).findings if f.code == "ME041"]

    assert [(f.code, f.subject) for f in found] == ([(code, "mean")] if code else [])
