"""A ledger small enough to be added up by hand, and the pack that measures it.

Two regions of one nation: Piemonte with Torino and Novara, Liguria with Genova. Pensions are worth two points and
should take thirty days; accounts one point and a half and sixty days. Accounts count as STAR from July 2024.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from piramide.kernel.periods import parse_period
from piramide.measurement.contract import contract
from piramide.measurement.ledger.store import Codes, Ledger
from piramide.measurement.loading.flows import write_flows
from piramide.measurement.loading.plain_rows import stored_schema
from piramide.measurement.loading.work_rows import KINDS, OUTCOMES, SCHEMA
from piramide.measurement.measure import Measurement, Scope, measure
from piramide.measurement.values.indicators import IndicatorValue
from piramide.methodology.loading import load_pack
from piramide.methodology.model import Pack

CODES = Codes(("account", "pension"), ("genova", "liguria", "nazionale", "novara", "piemonte", "torino"))
POINTS = {"account": 1500, "pension": 2000}
OFFICE = CODES.structure_positions

ORGANISATION = """id,label,kind,parent,additive,clusters,from,until,succeeded_by,act,place
nazionale,Nazionale,national,,yes,,,,,,
piemonte,Piemonte,region,nazionale,yes,,,,,,
liguria,Liguria,region,nazionale,yes,,,,,,
nord,Nord,combined,nazionale,no,,,,,,
torino,Torino,provincial_office,piemonte,yes,,,2024-07-01,,,
torino,Torino,provincial_office,liguria,yes,,2024-07-01,,,,
novara,Novara,provincial_office,piemonte,yes,,,,,,
genova,Genova,provincial_office,liguria,yes,,,,,,
"""
MEASURES = """
received: {label: Pervenuto, unit: pieces, dataset: work, entry: received}
resolved: {label: Definito, unit: pieces, dataset: work, entry: resolved}
"""
INDICATORS = """
indice_deflusso: {label: Indice di deflusso, unit: ratio, direction: up, rule: gap_up, act: piano, place: p. 1,
  formula: "resolved / nullif(received, 0)"}
"""


def small_pack(
    folder: Path,
    measures: str = MEASURES,
    indicators: str = INDICATORS,
    parameters: str = "{}",
    structures: Sequence[str] = ("nazionale", "piemonte", "liguria", "torino", "novara", "genova"),
) -> Pack:
    """A pack whose structures all have every indicator, with equal weights."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "trees").mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(
        "id: prova-2024\nlabel: Prova\nadministration: Prova\nyear: 2024\n"
        "validity: {from: 2024-01-01, until: 2025-01-01}\n"
        "acts: {piano: {label: Piano, kind: Delibera, number: '1', day: 2024-01-01}}\n"
        f"parameters: {parameters}\n",
        encoding="utf-8",
    )
    (folder / "organisation.csv").write_text(ORGANISATION, encoding="utf-8")
    (folder / "measures.yaml").write_text(measures, encoding="utf-8")
    (folder / "indicators.yaml").write_text(indicators, encoding="utf-8")
    names = [line.split(":")[0] for line in indicators.splitlines() if line[:1].isalpha()]
    rows = [f"{s},{n},,indicator,{n},,equal_split,1,piano,p. 1" for s in structures for n in names]
    header = "structure,node,parent,kind,label,weight,weight_source,target,act,place"
    (folder / "trees" / "sheets.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return load_pack(folder)


def entry(
    kind: str,
    day: str,
    competence: str,
    *,
    work: str = "",
    product: str = "pension",
    received: str = "",
    case: str = "A",
    sign: int = 1,
    outcome: str = "",
    estimated: bool = False,
    points: int = 0,
    points_in: int = 0,
) -> dict[str, Any]:
    """One stored row of the work ledger, as loading would derive it."""
    on, arrived = date.fromisoformat(day), date.fromisoformat(received or day)
    month_end = date(on.year + on.month // 12, on.month % 12 + 1, 1)
    return {
        "case_key": hash(case) % 2**62,
        "case": case,
        "kind": KINDS.index(kind),
        "sign": sign,
        "day": on,
        "month": on.year * 12 + on.month - 1,
        "product": CODES.product_positions[product],
        "competence": OFFICE[competence],
        "work": OFFICE[work or competence],
        "received_on": arrived,
        "days_waited": (on - arrived).days if kind == "resolved" else None,
        "outcome": OUTCOMES.index(outcome),
        "channel": 0,
        "automated": False,
        "hours_100": 150,
        "points_1000": points or POINTS[product],
        "points_in_1000": points_in or POINTS[product],
        "interest_cents": 125,
        "amount_cents": 100_010,
        "status": int(estimated),
        "days_to_month_end": (month_end - on).days,
        "source_line": 1,
    }


def statement(dataset: str, **cells: object) -> dict[str, Any]:
    """One stored row of another dataset; a month is given as `2024-01`, what is left out is the contract's default."""
    agreed = contract(dataset)
    row: dict[str, Any] = {"sign": 1, "source_line": 1}
    for column in agreed.columns:
        value: Any = cells.get(column.name, column.default or None)
        if value is None:
            pass
        elif column.name in agreed.structure:
            value = OFFICE[value]
        elif column.type == "month":
            value = int(value[:4]) * 12 + int(value[5:]) - 1
        elif column.type == "date":
            value = date.fromisoformat(value)
            row |= {"month": value.year * 12 + value.month - 1} if column.name == agreed.day else {}
        elif column.type == "decimal":
            value = Decimal(str(value)).quantize(Decimal(1).scaleb(-column.scale))
        elif column.type == "boolean":
            value = value in {True, "true"}
        elif column.type == "integer":
            value = int(value)
        row[column.name] = value
    if cells.get("entry") == "reversed":
        row["sign"] = -1
    return row


def product(name: str, since: str, **cells: object) -> dict[str, Any]:
    """One version of a product."""
    position = CODES.product_positions[name]
    texts = {"product": position, "label": name, "line": cells.get("area", name), "provenance": ""}
    numbers = {"standard_hours": Decimal(POINTS[name]) / 1000, "star": False, "correction": 0, "sign": 1}
    row: dict[str, Any] = (
        texts | numbers | {"entry": "stated", "valid_until": None, "valid_from": date.fromisoformat(since)} | cells
    )
    return row | {"standard_hours": Decimal(row["standard_hours"]).quantize(Decimal("0.001")), "month": 0}


CATALOGUE = (
    product("pension", "2020-01-01", area="pensions", standard_days=30, star=True),
    product("account", "2020-01-01", area="accounts", standard_days=60),
    product("account", "2024-07-01", area="accounts", standard_days=60, star=True),
)


def store_load(store: Path, dataset: str, rows: Iterable[dict[str, Any]], learned_on: str = "2025-01-31") -> str:
    """Commit a load of stored rows and return its number."""
    ledger = Ledger(store)
    ledger.folder.mkdir(parents=True, exist_ok=True)
    ledger.keep_codes(CODES)
    schema = SCHEMA if dataset == "work" else stored_schema(contract(dataset))
    table = pa.Table.from_pylist([{"source_line": 1} | row for row in rows], schema=schema)
    load = ledger.next_id(dataset)
    days = [d for d in (table["day"].to_pylist() if "day" in table.column_names else []) if d]
    manifest = {
        "load": load,
        "dataset": dataset,
        "learned_on": learned_on,
        "first_day": min(days).isoformat() if days else None,
        "last_day": max(days).isoformat() if days else None,
        "columns": table.column_names,
    }
    with ledger.draft(dataset) as draft:
        pq.write_table(table, draft / "entries.parquet")
        if dataset == "work":
            write_flows(draft / "entries.parquet", draft / "flows.parquet")
        (draft / "note").write_text(json.dumps({"rows": table.num_rows}), encoding="utf-8")
        ledger.commit(draft, manifest)
    return load


def store_with(root: Path, *rows: dict[str, Any]) -> Path:
    """A store with the catalogue and one load of work."""
    store_load(root, "products", CATALOGUE, "2023-12-01")
    store_load(root, "work", rows)
    return root


ENGINES = ("duckdb", pytest.param("spark", marks=pytest.mark.java))


def measured(
    store: Path, pack: Pack, period: str, *, as_of: str = "", known_on: str = "", engine: str = ""
) -> dict[tuple[str, str], IndicatorValue]:
    """Values of a period by structure and indicator."""
    return {(v.structure, v.indicator): v for v in answer(store, pack, period, as_of, known_on, engine).values}


def answer(store: Path, pack: Pack, period: str, as_of: str = "", known_on: str = "", engine: str = "") -> Measurement:
    """What measuring a period answers; the moments that rules look back on stay in it."""
    span = parse_period(period)
    day = date.fromisoformat(as_of) if as_of else span.end - timedelta(days=1)
    learned = date.fromisoformat(known_on) if known_on else None
    return measure(store, Scope(pack, span, day, learned, (), engine), lambda *_: None)


def indicators_of(*names: str) -> str:
    """One indicator for each measure, with the measure as its formula."""
    line = "{{label: {0}, unit: pieces, direction: up, rule: gap_up, act: piano, place: p. 1, formula: {0}}}"
    return "".join(f"{name}: {line.format(name)}\n" for name in names)
