"""Rows of the datasets of planning: known lines, two different structures, and what stands of corrections."""

from __future__ import annotations

from pathlib import Path

import pytest

from piramide.measurement.ledger.store import Ledger
from piramide.measurement.standing_rows import standing_rows
from tests.cli.conftest import Command

PRODUCTS = (
    "product,label,area,line,standard_hours,valid_from\n"
    "p,Pensione,area,assicurato_pensionato_privata,1.5,2020-01-01\n"
)  # fmt: skip
PLAN = "provider,receiver,line,month,points,entry,correction\n"


@pytest.fixture
def store(piramide: Command, tmp_path: Path) -> Path:
    """A store with a catalogue of one line."""
    (tmp_path / "products.csv").write_text(PRODUCTS, encoding="utf-8")
    store = tmp_path / "store"
    assert piramide("facts", "load", "--store", store, f"products={tmp_path / 'products.csv'}").code == 0
    return store


def loaded(piramide: Command, store: Path, dataset: str, text: str) -> str:
    file = store.parent / f"{dataset}.csv"
    file.write_text(text, encoding="utf-8")
    answer = piramide("facts", "load", "--store", store, "--max-rejected", "100%", f"{dataset}={file}")
    return answer.out + answer.err


def test_a_line_that_the_catalogue_lacks_is_set_aside_with_the_nearest(piramide: Command, store: Path) -> None:
    rows = "prov_asti,prov_cuneo,assicurato_pensionato_privat,2025-01,10,,\n"
    told = loaded(piramide, store, "sharing_plan", PLAN + rows)

    assert "FA090" in told
    assert "assicurato_pensionato_privata" in told


def test_nobody_works_for_itself(piramide: Command, store: Path) -> None:
    rows = "prov_asti,prov_asti,assicurato_pensionato_privata,2025-01,10,,\n"

    assert "FA091" in loaded(piramide, store, "sharing_plan", PLAN + rows)


def test_what_is_reversed_and_stated_again_stands_once(piramide: Command, store: Path) -> None:
    line = "prov_asti,prov_cuneo,assicurato_pensionato_privata,2025-01"
    rows = f"{line},10,stated,0\n{line},10,reversed,0\n{line},12,stated,1\n"
    loaded(piramide, store, "sharing_plan", PLAN + rows)

    (row,) = standing_rows(Ledger(store), "sharing_plan")
    assert (row["provider"], row["receiver"], row["month"], float(row["points"])) == (
        "prov_asti", "prov_cuneo", "2025-01", 12.0
    )  # fmt: skip
