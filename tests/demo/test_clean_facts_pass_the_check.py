"""Invented facts without a fault pass `facts check`: fewer than 1 office in 100 troubled; what is planted is found."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from piramide.demo.facts.generate import generate
from piramide.demo.facts.rows import YEAR
from piramide.kernel.findings import Finding
from piramide.measurement.contract import contract
from piramide.measurement.facts_check import CheckRequest, check_facts
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.loading.load import Terms, load
from piramide.measurement.loading.sources import open_source
from piramide.methodology.loading import find_pack, load_pack
from piramide.methodology.model import Pack

CASES = 40_000
OFFICES = 116


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(find_pack(YEAR))


@pytest.fixture(scope="module", params=[3, 4])
def work(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("clean") / "facts", CASES, request.param).folder


def findings(folder: Path, pack: Pack, store: Path, changed: dict[str, pa.Table] | None = None) -> list[Finding]:
    """What the check says of invented facts, some files of work being changed."""
    ledger, terms = Ledger(store), Terms(pack.organisation, date(2026, 1, 15), Fraction(1, 10))
    load(ledger, contract("products"), open_source(str(folder / "products.csv")), terms)
    store.mkdir(exist_ok=True)
    for path in sorted((folder / "work").iterdir()):
        source = path
        if changed and path.stem in changed:
            source = store / path.name
            pq.write_table(changed[path.stem], source)
        load(ledger, contract("work"), open_source(str(source)), terms)
    return list(check_facts(CheckRequest(ledger, pack.organisation, pack.id, None)))


def largest_office(folder: Path, month: str) -> str:
    counts = Counter(pq.read_table(folder / "work" / f"{month}.parquet")["office_of_competence"].to_pylist())
    return str(counts.most_common(1)[0][0])


def test_it_is_silent_on_a_clean_opening_and_two_clean_years(work: Path, pack: Pack, tmp_path: Path) -> None:
    found = findings(work, pack, tmp_path / "store")

    assert len({finding.fields["structure"] for finding in found}) <= OFFICES / 100, found


def test_it_finds_a_planted_jump_and_a_planted_gap(work: Path, pack: Pack, tmp_path: Path) -> None:
    months = sorted(path.stem for path in (work / "work").iterdir())
    jump, gap = months[-3], months[-6]
    office = largest_office(work, jump)
    rows = pq.read_table(work / "work" / f"{jump}.parquet")
    is_own = pc.and_(pc.equal(rows["office_of_competence"], office), pc.equal(rows["entry"], "received"))
    own = rows.filter(is_own)
    names = [pc.binary_join_element_wise(own["case"], str(copy), "-") for copy in range(4)]
    more = [own.set_column(own.schema.get_field_index("case"), "case", name) for name in names]
    received = pq.read_table(work / "work" / f"{gap}.parquet")
    kept = received.filter(pc.not_equal(received["office_of_competence"], office))
    changed = {jump: pa.concat_tables([rows, *more]), gap: kept}

    found = findings(work, pack, tmp_path / "store", changed)

    told = {(f.code, f.fields.get("structure"), f.fields.get("month") or f.fields.get("months")) for f in found}
    assert {("FA045", office, jump), ("FA042", office, gap)} <= told
