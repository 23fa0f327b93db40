"""A small municipality, its values, and a store of its own for every test."""

from __future__ import annotations

from pathlib import Path

import pytest

from piramide.cycle.runs.store import Store
from piramide.cycle.score import Request, Scored, score
from piramide.methodology.loading import find_pack

PACK = "comune-esempio"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "store")


@pytest.fixture
def request_2025() -> Request:
    """The values that ship with the municipality."""
    return Request(PACK, find_pack(PACK) / "values" / "2025.csv", "2025")


@pytest.fixture
def run(store: Store, request_2025: Request) -> Scored:
    """A kept run."""
    return score(request_2025, [], store)
