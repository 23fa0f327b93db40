"""Measures that count groups of rows: each chapter of each structure judged by itself (R22), on each engine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from piramide.cycle.plans.checked import check_report
from piramide.kernel.findings import Refusal
from piramide.kernel.note import worded
from piramide.kernel.periods import parse_period
from piramide.measurement.measure import Scope
from piramide.measurement.measures.check import check_measures
from piramide.measurement.trace import trace
from piramide.methodology.changes import compare
from piramide.methodology.loading import load_pack
from piramide.methodology.model import Pack
from tests.measurement.hand_ledger import ENGINES, answer, measured, small_pack, statement, store_load

FIRST = "used <= (1 + tolerance) * forecast"
LAST = f"used >= (1 - tolerance) * forecast and {FIRST}"
HOLDS = f"Q1: '{FIRST}', Q2: '{FIRST}', Q3: '{FIRST}', Q4: '{LAST}'"
RULE = f"by: [structure, chapter], judged: forecast <> 0 or used <> 0, holds: {{{HOLDS}}}"
COUNT = "label: C, unit: pieces, level: level, dataset: spending"
TOLERANCE = (
    "{tolerance: {label: Scostamento ammesso, unit: ratio, values: [{from: 2024-01-01, value: 0.05, act: piano}]}}"
)
INDICATORS = """
previsione: {label: Previsione, unit: ratio, direction: up, rule: threshold, act: piano, place: p. 1,
  formula: "passed / nullif(judged, 0)", checkpoints: [{moment: Q1}, {moment: Q2}, {moment: Q3}, {moment: Q4}]}
"""


def measures(rule: str = RULE) -> str:
    """The measure that judges and the one that counts what was judged."""
    return f"passed: {{{COUNT}, groups: {{{rule}}}}}\njudged: {{{COUNT}, groups: {{judged_by: passed}}}}\n"


def pack_of(folder: Path, rule: str = RULE, parameters: str = TOLERANCE, structures: Iterable[str] = ()) -> Pack:
    where = tuple(structures) or ("nazionale", "piemonte", "liguria")
    return small_pack(folder, measures(rule), INDICATORS, parameters, where)


def row(structure: str, month: str, chapter: str, forecast: object, used: object, **more: object) -> dict[str, Any]:
    return statement(
        "spending", structure=structure, month=f"2024-{month}", chapter=chapter, forecast=forecast, used=used, **more
    )


def share(store: Path, pack: Pack, period: str, structure: str = "piemonte", **how: str) -> tuple[float | None, ...]:
    """Passed and judged, as the values file carries them."""
    found = measured(store, pack, period, **how)[structure, "previsione"]
    return found.numerator, found.denominator


@pytest.mark.parametrize(("month", "forecast", "used", "expected"), [
    ("03", 100_000, 104_900, (1, 1)), ("03", 100_000, 105_000, (1, 1)), ("03", 100_000, "105000.01", (0, 1)),
    ("03", 100_000, 106_000, (0, 1)), ("03", 100_000, 90_000, (1, 1)), ("12", 100_000, 90_000, (0, 1)),
    ("12", 100_000, 95_000, (1, 1)), ("12", 100_000, "94999.99", (0, 1)), ("12", 100_000, 105_000, (1, 1)),
    ("03", 0, 1, (0, 1)), ("12", 0, 1, (0, 1)), ("03", 0, 0, (0, 0)), ("12", 0, 0, (0, 0)),
    ("03", 100_000, -5, (1, 1)), ("03", 0, -5, (1, 1)), ("12", 0, -5, (0, 1)),
])  # fmt: skip
def test_it_judges_a_chapter_as_the_act_does(
    tmp_path: Path, month: str, forecast: object, used: object, expected: tuple[int, int]
) -> None:
    pack, store = pack_of(tmp_path / "pack"), tmp_path / "store"
    store_load(store, "spending", [row("piemonte", month, "A", forecast, used)])

    assert share(store, pack, f"2024-{month}") == expected


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("engine", ENGINES)
def test_it_counts_pairs_of_structure_and_chapter(tmp_path: Path, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIRAMIDE_SPARK_MASTER", "local[2]")
    pack, store = pack_of(tmp_path / "pack"), tmp_path / "store"
    store_load(store, "spending", [row("piemonte", "03", "A", 100, 109), row("piemonte", "03", "B", 100, 91)])
    store_load(store, "spending", [row("liguria", "03", "A", 100, 100), row("liguria", "06", "A", 200, 200)])
    store_load(store, "spending", [row("torino", "03", "C", 100, 900)])  # has no sheet of its own with the rule

    assert share(store, pack, "2024-Q1", engine=engine) == (1, 2)  # one over, one under: their sum would be on forecast
    assert share(store, pack, "2024-Q1", "liguria", engine=engine) == (1, 1)
    assert share(store, pack, "2024-Q1", "nazionale", engine=engine) == (2, 3)
    assert share(store, pack, "2024-Q2", engine=engine) == (None, None)  # nothing stated at what is due
    assert share(store, pack, "2024-Q2", "nazionale", engine=engine) == (1, 1)


def test_the_last_row_tells_how_many_passed_at_every_checkpoint(tmp_path: Path) -> None:
    pack, store = pack_of(tmp_path / "pack"), tmp_path / "store"
    rows = [row("piemonte", "03", chapter, 100, used) for chapter, used in (("A", 100), ("B", 200), ("C", 0))]
    store_load(store, "spending", [*rows, row("piemonte", "06", "A", 100, 100)])

    note = measured(store, pack, "2024-Q2")["piemonte", "previsione"].note
    assert note == 'ME109 {"shares":["Q1 2/3","Q2 1/1"]}'
    assert worded(note, "it") == "Superano la verifica, fra i giudicati: Q1 2/3, Q2 1/1."


def test_between_checkpoints_it_shows_the_latest_one(tmp_path: Path) -> None:
    pack, store = pack_of(tmp_path / "pack"), tmp_path / "store"
    store_load(store, "spending", [row("piemonte", "03", "A", 100, 100), row("piemonte", "06", "A", 200, 300)])

    assert share(store, pack, "2024-02") == (None, None)
    assert share(store, pack, "2024-05") == (1, 1)
    assert share(store, pack, "2024-06") == (0, 1)


def test_the_final_year_takes_the_closing_where_there_is_one(tmp_path: Path) -> None:
    pack, store = pack_of(tmp_path / "pack"), tmp_path / "store"
    rows = [row("piemonte", "12", chapter, 100, 80) for chapter in ("A", "B")]
    store_load(store, "spending", [*rows, row("piemonte", "12", "A", 100, 100, closing="true")])

    assert share(store, pack, "2024-Q4") == (0, 2)
    assert share(store, pack, "2024") == (1, 2)


def test_it_follows_corrections_and_the_day_they_were_learned(tmp_path: Path) -> None:
    pack, store = pack_of(tmp_path / "pack"), tmp_path / "store"
    stated = row("piemonte", "03", "A", 100, 120)
    store_load(store, "spending", [stated, row("piemonte", "03", "B", 100, 100)], "2024-04-10")
    store_load(
        store,
        "spending",
        [stated | {"sign": -1, "entry": "reversed"}, row("piemonte", "03", "A", 100, 101, correction=1)],
        "2024-05-10",
    )
    taken_back = row("piemonte", "03", "B", 100, 100, entry="reversed")
    store_load(store, "spending", [taken_back], "2024-06-10")

    assert share(store, pack, "2024-Q1", known_on="2024-04-30") == (1, 2)
    assert share(store, pack, "2024-Q1", known_on="2024-05-31") == (2, 2)
    assert share(store, pack, "2024-Q1") == (1, 1)


def test_it_looks_at_the_chapters_of_the_table_alone_and_tells_the_others_once(tmp_path: Path) -> None:
    folder, store = tmp_path / "pack", tmp_path / "store"
    pack_of(folder)
    with_table(folder, "structure,chapter\n,A\nliguria,B\n", "[structure, chapter]")
    pack = pack_of(folder, f"among: elenco, {RULE}")
    rows = [row(place, "03", chapter, 100, 200) for place in ("piemonte", "liguria") for chapter in "ABC"]
    store_load(store, "spending", rows)

    assert share(store, pack, "2024-Q1") == (0, 1)
    assert share(store, pack, "2024-Q1", "liguria") == (0, 2)
    (told,) = answer(store, pack, "2024-Q1").findings
    assert (told.code, told.subject, told.fields["names"], told.fields["count"]) == ("ME035", "C", "B, C", 2)


def with_table(folder: Path, text: str, key: str = "[chapter]") -> None:
    (folder / "tables").mkdir(exist_ok=True)
    (folder / "tables" / "elenco.csv").write_text(text, encoding="utf-8")
    (folder / "tables.yaml").write_text(f"elenco: {{title: E, key: {key}, act: piano}}\n", encoding="utf-8")


def test_it_weighs_amounts_or_asks_for_all(tmp_path: Path) -> None:
    store = tmp_path / "store"
    rows = [row("piemonte", "03", "A", "300.50", 300), row("piemonte", "03", "B", 100, 200)]
    store_load(store, "spending", [*rows, row("liguria", "03", "A", 100, 100)])

    by_amount = pack_of(tmp_path / "amount", f"scored_by: amount, amount: forecast, {RULE}")
    assert share(store, by_amount, "2024-Q1") == (300.5, 400.5)
    assert share(store, by_amount, "2024-Q1", "nazionale") == (400.5, 500.5)
    by_all = pack_of(tmp_path / "all", f"scored_by: all, {RULE}")
    assert share(store, by_all, "2024-Q1") == (0, 1)
    assert share(store, by_all, "2024-Q1", "liguria") == (1, 1)
    assert share(store, by_all, "2024-Q1", "nazionale") == (0, 1)


def test_it_takes_the_parameter_in_force_on_the_day(tmp_path: Path) -> None:
    dated = TOLERANCE.replace("]}}", ", {from: 2024-04-01, value: 0.2, act: piano}]}}")
    pack, store = pack_of(tmp_path / "pack", parameters=dated), tmp_path / "store"
    store_load(store, "spending", [row("piemonte", month, "A", 100, 120) for month in ("03", "06")])

    assert share(store, pack, "2024-Q1") == (0, 1)
    assert share(store, pack, "2024-Q2") == (1, 1)


@pytest.mark.parametrize(("rule", "codes"), [
    (RULE.replace("tolerance", "tollerance"), {"ME003"}),
    (RULE.replace("[structure, chapter]", "[chapter]"), {"ME006"}),
    (RULE.replace("[structure, chapter]", "[structure]"), {"ME006"}),
    (RULE.replace("[structure, chapter]", "[structure, forecast]"), {"ME006"}),
    ("by: [structure, chapter]", {"ME006"}),
    (f"scored_by: amount, {RULE}", {"ME006"}),
    (f"scored_by: amount, amount: chapter, {RULE}", {"ME006"}),
    (f"among: elencco, {RULE}", {"ME032"}),
    (RULE.replace("forecast <> 0 or used <> 0", "chapter = 'A'"), {"ME003"}),
    (RULE.replace("used <=", "nullif(used, 1) <="), {"ME002"}),
])  # fmt: skip
def test_pack_check_refuses_a_rule_that_cannot_be_judged(tmp_path: Path, rule: str, codes: set[str]) -> None:
    pack = pack_of(tmp_path / "pack", rule)
    assert {finding.code for finding in check_measures(pack)} >= codes


def test_pack_check_refuses_a_table_without_the_column_or_without_rows(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    pack_of(folder, f"among: elenco, {RULE}")
    for text, code in (("capitolo\nA\n", "ME033"), ("chapter\n", "ME034")):
        with_table(folder, text, "[capitolo]" if "capitolo" in text else "[chapter]")
        (found,) = check_measures(load_pack(folder))
        assert (found.code, found.place.file) == (code, "tables/elenco.csv")
        assert "elenco" in found.message("it")


def test_a_number_that_no_decimal_writes_is_refused_with_its_remedy(tmp_path: Path) -> None:
    pack = pack_of(tmp_path / "pack", parameters=TOLERANCE.replace("0.05", "1/3"))
    (found,) = check_measures(pack)
    assert (found.code, found.fields["number"]) == ("ME031", str(Fraction(1, 3)))


def test_a_rule_of_another_measure_must_be_there(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", f"judged: {{{COUNT}, groups: {{judged_by: passed}}}}\n", INDICATORS)
    assert "ME032" in {finding.code for finding in check_measures(pack)}


def test_it_answers_missing_where_nothing_was_loaded(tmp_path: Path) -> None:
    pack, store = pack_of(tmp_path / "pack"), tmp_path / "store"
    with pytest.raises(Refusal) as refusal:
        measured(store, pack, "2024-Q1")
    assert refusal.value.findings[0].code == "ME013"


def test_a_sound_pack_has_no_finding_of_its_measures(tmp_path: Path) -> None:
    pack_of(tmp_path / "pack")
    assert not [f for f in check_report(str(tmp_path / "pack")).findings if f.code.startswith("ME")]


def test_a_share_leads_to_its_chapters_and_their_rows(tmp_path: Path) -> None:
    pack, store = pack_of(tmp_path / "pack"), tmp_path / "store"
    rows = [
        row("piemonte", "03", "A", 100, 120),
        row("piemonte", "03", "B", 100, 100),
        row("piemonte", "06", "A", 9, 9),
    ]
    store_load(store, "spending", [*rows, row("liguria", "03", "A", 100, 100)])

    scope = Scope(pack, parse_period("2024-05"), date(2024, 5, 31))
    passed, judged = trace(store, scope, pack.indicators["previsione"], "piemonte").measures

    assert (passed.value, judged.value) == (1, 2)
    assert [(cell.line, cell.month, cell.amount) for cell in passed.cells] == [("A", "2024-03", 0), ("B", "2024-03", 1)]
    assert [cell.amount for cell in judged.cells] == [1, 1]
    assert passed.count == len(passed.rows) == 2
    assert {found["chapter"] for found in passed.rows} == {"A", "B"}
    assert passed.query == judged.query


def test_what_changes_in_groups_is_told_key_by_key(tmp_path: Path) -> None:
    one = pack_of(tmp_path / "one")
    other = pack_of(tmp_path / "other", RULE.replace("Q2:", "year:").replace("<> 0 or", "> 0 or"))
    told = {change.field: (change.before, change.after) for change in compare(one, other).changes}

    assert told["groups.holds.Q2"] == (FIRST, None)
    assert told["groups.holds.year"] == (None, FIRST)
    assert told["groups.judged"] == ("forecast <> 0 or used <> 0", "forecast > 0 or used <> 0")
