"""Facts invented for 2020 and 2021 hold everything that the plan of 2021 measures."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

from piramide.demo.facts.generate import generate
from piramide.kernel.periods import parse_period
from piramide.measurement.contract import contract
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.loading.load import Terms, load
from piramide.measurement.loading.sources import open_source
from piramide.measurement.measure import Scope, measure
from piramide.methodology.loading import find_pack, load_pack


def test_every_indicator_that_data_can_measure_has_a_value(tmp_path: Path) -> None:
    pack = load_pack(find_pack("inps-2021"))
    folder = generate(tmp_path / "facts", 200_000, 1, (2020, 2021)).folder
    ledger, terms = Ledger(tmp_path / "store"), Terms(pack.organisation, date(2022, 1, 15), Fraction(0))
    tables = sorted(folder.glob("*.csv"), key=lambda path: path.stem != "products")
    for path in (*tables, *sorted((folder / "work").iterdir())):
        dataset = "work" if path.parent.name == "work" else path.stem
        load(ledger, contract(dataset), open_source(str(path)), terms)

    answer = measure(tmp_path / "store", Scope(pack, parse_period("2021-12"), date(2021, 12, 31)), lambda *_: None)

    missing = {(v.structure, v.indicator) for v in answer.values if v.value is None}
    assert len(answer.values) > 4_900
    assert missing == set()
    # What comes out of scores is computed, and collected by nobody.
    assert answer.by_hand == ()
