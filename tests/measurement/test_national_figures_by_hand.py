"""National figures of the demonstration, computed again from its files with queries and arithmetic written by hand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from piramide.cli.main import app
from piramide.methodology.loading import shipped_packs

NATION = "nazionale"
STANDARD_COST = "indicatore_fabbisogni_standard"
QUALITY = "cruscotto_qualita_impatto_sezione_indice_sintetico_valore_pubblico"
TRANSIT = "indicatore_gestione_spesa_corretta_gestione_conto_transitorio_1005"
ORGANISATION = shipped_packs() / "inps-2024" / "organisation.csv"
BUILDINGS = ("maintenance", "lighting", "heating", "upkeep", "cleaning", "guarding", "water")
OPERATING = (*BUILDINGS, "rent", "consumables", "haulage", "postage", "legal", "other_operating")
DISCRETIONARY = ("overtime", "shifts", "missions", "inspection_missions", "legal", "consumables", "haulage")
# Ratio, weight in hundredths (R21), items above, what they are divided by.
OVER = (
    ("operating_per_m2", 8, OPERATING, "m2"), ("operating_per_head", 8, OPERATING, "heads"),
    ("buildings_per_m2", 4, BUILDINGS, "m2"), ("rent_per_m2", 4, ("rent",), "m2"),
    ("lighting_per_m2", 2, ("lighting",), "m2"), ("heating_per_m2", 2, ("heating",), "m2"),
    ("upkeep_per_m2", 2, ("upkeep", "cleaning", "water"), "m2"), ("guarding_per_m2", 2, ("guarding",), "m2"),
    ("cleaning_per_m2", 2, ("cleaning",), "m2"), ("water_per_m2", 2, ("water",), "m2"),
    ("consumables_per_head", 4, ("consumables",), "heads"),
    ("consumables_three_years_per_head", 4, ("consumables_three_years",), "heads"),
    ("haulage_per_head", 6, ("haulage",), "heads"), ("overtime_per_head", 8, ("overtime", "shifts"), "heads"),
    ("missions_per_head", 2, ("missions",), "heads"),
    ("inspection_missions_per_head", 2, ("inspection_missions",), "heads"),
    ("meal_vouchers_per_head", 8, ("meal_vouchers",), "heads"),
)  # fmt: skip
AREAS = {
    "pensions": (
        "assicurato_pensionato_privata", "assicurato_pensionato_pubblica", "convenzioni_internazionali",
        "fondi_speciali",
    ),
    "income_support": ("ammortizzatori_sociali",),
    "civil_disability": ("requisiti_socio_sanitari", "accertamento_invalidita_civile"),
    "insurance_account": None,
    "contribution_flows": None,
}  # fmt: skip
AREA_NAMES = {
    "insurance_account": "gestione_conto_assicurativo_individuale",
    "contribution_flows": "flussi_contributivi",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Facts of a small administration, loaded and measured at September."""
    home = tmp_path_factory.mktemp("nation")
    store = ["--store", str(home / "store")]
    for command in (
        ["facts", "generate", "--out", str(home / "facts"), "--cases", "10000", "--seed", "5"],
        ["facts", "load", str(home / "facts"), "--pack", "inps-2024", *store],
        ["measure", "inps-2024", "--demonstration", "--period", "2024-09", "--out", str(home / "v.csv"), *store],
    ):
        assert CliRunner().invoke(app, command).exit_code == 0, command
    return home


@pytest.fixture(scope="module")
def database(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The files as delivered, and which directorate each office stands under."""
    with duckdb.connect(config={"threads": 1}) as opened:
        for name in ("costs", "staff", "budgets", "balances", "products"):
            opened.execute(f"CREATE TABLE {name} AS SELECT * FROM read_csv('{folder}/facts/{name}.csv')")  # noqa: S608  # our own
        opened.execute(f"CREATE TABLE work AS SELECT * FROM read_parquet('{folder}/facts/work/*.parquet')")  # noqa: S608
        with ORGANISATION.open(encoding="utf-8") as file:
            rows = {row["id"]: row for row in csv.DictReader(file)}
        opened.execute("CREATE TABLE place (office VARCHAR, directorate VARCHAR)")
        for office, row in rows.items():
            above = office if row["kind"] in {"region", "dcm"} else row["parent"]
            if rows.get(above, {}).get("kind") in {"region", "dcm"}:
                opened.execute("INSERT INTO place VALUES (?, ?)", [office, above])
        yield opened


def measured(folder: Path, indicator: str, period: str = "2024-Q3") -> float:
    with (folder / "v.csv").open(encoding="utf-8") as file:
        rows = {(r["structure"], r["indicator"], r["period"]): r["value"] for r in csv.DictReader(file)}
    return float(rows[NATION, indicator, period])


def pairs(database: duckdb.DuckDBPyConnection, query: str) -> dict[str, float]:
    return {key: float(value) for key, value in database.execute(query).fetchall()}


YEAR = "month BETWEEN '2024-01' AND '2024-09' AND NOT closing"
POINTS = """SELECT directorate, sum(p.standard_hours * CASE w.entry WHEN 'reversed' THEN -1 ELSE 1 END) FROM work w
  JOIN place ON office = w.office_of_work
  JOIN products p ON p.product = w.product AND w.day >= p.valid_from
    AND (p.valid_until IS NULL OR w.day < p.valid_until)
  WHERE coalesce(nullif(w.reversed_entry, ''), w.entry) = 'resolved' AND w.day BETWEEN '2024-01-01' AND '2024-09-30'
    AND p.area <> 'vigilanza_ispettiva' GROUP BY 1"""
HEADS = """SELECT directorate, sum(mean) FROM (SELECT structure, sum(fte) / count(DISTINCT month) AS mean FROM staff
  WHERE month BETWEEN '2024-01' AND '2024-09' GROUP BY 1) JOIN place ON office = structure GROUP BY 1"""


def test_the_standard_cost_of_the_nation_is_the_mean_of_its_directorates(
    folder: Path, database: duckdb.DuckDBPyConnection
) -> None:
    points, heads = pairs(database, POINTS), pairs(database, HEADS)
    space = pairs(
        database,
        f"SELECT structure, sum(amount) / count(DISTINCT month) FROM costs WHERE {YEAR} AND item = 'floor_space_m2' GROUP BY 1",  # noqa: S608, E501
    )
    indices = []
    for place in sorted(space):
        spent = pairs(
            database,
            f"SELECT item, sum(amount) FROM costs WHERE {YEAR} AND structure = '{place}' GROUP BY 1",  # noqa: S608
        )
        mean = pairs(
            database,
            f"SELECT measure, last(value ORDER BY month) FROM budgets WHERE structure = '{place}' AND month <= '2024-09' GROUP BY 1",  # noqa: S608, E501
        )
        before = pairs(
            database,
            f"SELECT item, sum(amount) FROM costs WHERE structure = '{place}' AND item = 'rent' AND NOT closing AND month BETWEEN '2023-01' AND '2023-09' GROUP BY 1",  # noqa: S608, E501
        )
        whole = sum(v for k, v in spent.items() if k not in {"floor_space_m2", "consumables_three_years"})
        base = {"m2": space[place], "heads": heads[place]}
        index = 8 * whole / points[place] / mean["cost_per_point_total"]
        index += 12 * (whole - spent["rent"] - spent["legal"]) / points[place] / mean["cost_per_point_net"]
        index += 4 * spent["rent"] / before["rent"] / mean["rent_trend"]
        index += 6 * spent["legal"] / sum(spent.get(i, 0.0) for i in DISCRETIONARY) / mean["legal_share"]
        for ratio, weight, items, over in OVER:
            index += weight * sum(spent.get(i, 0.0) for i in items) / base[over] / (mean[ratio] * 9 / 12)
        indices.append(index)

    assert len(indices) == 23
    assert measured(folder, STANDARD_COST) == pytest.approx(sum(indices) / 23, rel=1e-9)
    assert 90 < sum(indices) / 23 < 115


def _area_index(actual: dict[str, float], asked: dict[str, float], area: str) -> float | None:
    """Mean of timeliness, speed and correctness of an area, each against the budget."""
    found = actual.get(f"{area}_resolved", 0.0), asked.get(f"{area}_resolved", 0.0)
    if not all(found):
        return None
    (resolved, expected), parts = found, []
    if asked[f"{area}_in_time"]:
        parts.append(actual[f"{area}_in_time"] / resolved / (asked[f"{area}_in_time"] / expected))
    if asked[f"{area}_days"]:
        parts.append(2 - actual[f"{area}_days"] / resolved / (asked[f"{area}_days"] / expected))
    right = expected - asked[f"{area}_reopened"]
    if right > 0:
        parts.append((resolved - actual[f"{area}_reopened"]) / resolved / (right / expected))
    return 100 * sum(parts) / len(parts) if parts else None


def test_the_quality_index_of_the_nation_is_the_mean_of_its_sites_by_what_they_resolved(
    folder: Path, database: duckdb.DuckDBPyConnection
) -> None:
    sums = []
    for area, lines in AREAS.items():
        where = f"p.area = '{AREA_NAMES[area]}'" if lines is None else f"p.line IN {(*lines, '')}"
        late = "(w.day - w.received_on) <= p.standard_days"
        for name, entry, amount in (
            ("resolved", "resolved", "1"), ("in_time", "resolved", f"CASE WHEN {late} THEN 1 ELSE 0 END"),
            ("days", "resolved", "(w.day - w.received_on)"), ("reopened", "reopened", "1"),
        ):  # fmt: skip
            sums.append(
                f"SELECT office_of_competence, '{area}_{name}', sum(CASE WHEN {where} AND "  # noqa: S608
                f"coalesce(nullif(w.reversed_entry, ''), w.entry) = '{entry}' THEN ({amount}) * "
                "CASE w.entry WHEN 'reversed' THEN -1 ELSE 1 END ELSE 0 END) FROM dated w JOIN products p ON "
                "p.product = w.product AND w.day >= p.valid_from AND (p.valid_until IS NULL OR w.day < p.valid_until) "
                "GROUP BY 1"
            )
    database.execute("CREATE TABLE dated AS SELECT * FROM work WHERE day BETWEEN '2024-01-01' AND '2024-09-30'")
    actual: dict[str, dict[str, float]] = {}
    for office, name, value in database.execute(" UNION ALL ".join(sums)).fetchall():
        actual.setdefault(office, {})[name] = float(value)
    top = bottom = 0.0
    for office, done in actual.items():
        asked = pairs(
            database,
            f"SELECT measure, sum(value) FROM budgets WHERE structure = '{office}' AND month BETWEEN '2024-01' AND '2024-09' GROUP BY 1",  # noqa: S608, E501
        )
        found = [index for area in AREAS if (index := _area_index(done, asked, area)) is not None]
        weight = sum(done[f"{area}_resolved"] for area in AREAS)
        if weight:
            top += weight * sum(found) / len(found)
            bottom += weight

    assert measured(folder, QUALITY) == pytest.approx(top / bottom, rel=1e-9)


def test_the_transit_account_of_the_nation_is_the_sum_of_absolute_balances(
    folder: Path, database: duckdb.DuckDBPyConnection
) -> None:
    held = pairs(
        database,
        "SELECT structure, abs(sum(balance)) FROM balances WHERE account = '1005' AND month = '2024-09' GROUP BY 1",
    )
    items = ", ".join(f"'{item}'" for item in OPERATING)
    (spent,) = database.execute(f"SELECT sum(amount) FROM costs WHERE {YEAR} AND item IN ({items})").fetchone()  # type: ignore[misc]  # noqa: S608

    assert measured(folder, TRANSIT) == pytest.approx(sum(held.values()) / float(spent), rel=1e-12)
