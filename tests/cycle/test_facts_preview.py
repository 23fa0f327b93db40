"""A preview: what has one reading is proposed, what has two is asked, and what would be set aside is told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from piramide.cycle.facts import LoadRequest, load_facts
from piramide.cycle.facts_preview import ExportPreview, preview_export
from piramide.cycle.runs.store import Store
from piramide.measurement.ledger.store import Ledger

PRODUCTS = """product,label,area,line,standard_hours,standard_days,star,valid_from
pensione,Pensione di vecchiaia,benefits,pensions,1.5,30,true,2020-01-01
"""
HEADER = "Numero pratica;Prodotto;Sede competente;Sede di lavorazione;Data arrivo;Data chiusura;Esito;Ore\n"
LINES = [
    "1;pensione;Torino;prov_asti;13/01/2024;14/02/2024;accepted;1,5\n",
    "2;pensione;Asti;prov_asti;15/01/2024;;;\n",
]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with a catalogue."""
    (tmp_path / "products.csv").write_text(PRODUCTS, "utf-8")
    store = Store(tmp_path / "store")
    request = LoadRequest((("products", str(tmp_path / "products.csv")),), date(2024, 3, 1), pack="inps-2024")
    load_facts(request, [], store)
    return store


def _preview(store: Store, text: str, mapping: str = "", dataset: str = "work") -> ExportPreview:
    path = store.root.parent / "pratiche.csv"
    path.write_bytes(text.encode("cp1252"))
    by = store.root.parent / "m.yaml" if mapping else None
    if by:
        by.write_text(mapping, "utf-8")
    return preview_export(path, "" if by else dataset, by, "inps-2024", [], store)


@pytest.mark.parametrize("dataset", ["work", ""])
def test_one_reading_is_proposed(store: Store, dataset: str) -> None:
    found = _preview(store, "Estratto di marzo\n" + HEADER + "".join(LINES), dataset=dataset)

    assert found.mapping["dataset"] == "work"
    reading = {"header_row": 2, "separator": ";", "encoding": "utf-8", "date": "DD/MM/YYYY", "decimal": ","}
    assert found.mapping["read"] == reading
    assert [row["when"] for row in found.mapping["rows"]] == ["Data arrivo", "Data chiusura"]
    assert found.mapping["columns"]["case"] == "Numero pratica"


def test_two_readings_are_asked(store: Store) -> None:
    text = HEADER + "1;pensione;Asti;Asti;03/04/2025;05/06/2025;accepted;1.234\n"

    found = _preview(store, text)

    assert (found.mapping["read"]["date"], found.mapping["read"]["decimal"], found.rows) == (None, None, None)


def test_a_header_said_twice_is_asked(store: Store) -> None:
    found = _preview(store, HEADER.replace("Prodotto", "N. pratica") + "".join(LINES))

    assert (found.mapping["columns"]["case"], found.mapping["columns"]["product"]) == (None, None)


def test_rows_and_what_they_feed(store: Store) -> None:
    body = dict(_preview(store, HEADER + "".join(LINES)).mapping)
    body["codes"] = {"sedi": {"Torino": "prov_torino", "Asti": "prov_asti", "prov_asti": "prov_asti"}}
    body["columns"] |= {
        name: {"from": "Sede competente", "codes": "sedi"} for name in ("office_of_competence", "office_of_work")
    }

    found = _preview(store, HEADER + "".join(LINES) + "3;pensione;Roma;Asti;16/01/2024;;;\n", json.dumps(body))

    assert found.rows is not None
    assert (found.rows.read, found.rows.skipped, found.rows.aside) == (3, 0, 1)
    assert [(one.code, one.place.line, one.place.cell) for one in found.rows.findings] == [
        ("FA086", 4, "office_of_competence")
    ]
    assert {"received", "resolved"} <= set(found.feeds.measures)
    assert found.feeds.indicators
    assert not Ledger(store.root).loads("work")
