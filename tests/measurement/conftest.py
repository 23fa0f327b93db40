"""Offices to load into."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.measurement.loads import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A ledger with its catalogue."""
    return Office(tmp_path)
