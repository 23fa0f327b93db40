"""One small folder of invented facts that the tests of this room share."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from piramide.demo.facts.generate import Generated, generate

CASES, SEED = 20_000, 7


@pytest.fixture(scope="session")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    return generate(tmp_path_factory.mktemp("invented") / "facts", CASES, SEED)


@pytest.fixture(scope="session")
def entries(facts: Generated) -> pa.Table:
    """Every entry of the work ledger, the opening included."""
    return read_work(facts.folder)


def read_work(folder: Path) -> pa.Table:
    return pa.concat_tables(pq.read_table(path) for path in sorted((folder / "work").iterdir()))
