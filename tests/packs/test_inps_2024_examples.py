"""Every worked example of the pack computes: the values it gives have the gaps and indices it expects."""

from __future__ import annotations

from pathlib import Path

import pytest

from piramide.methodology.loading import load_pack, shipped_packs
from piramide.methodology.model import Pack
from tests.packs.worked_examples import Example, check_computes, examples_of

EXAMPLES = examples_of("inps-2024")


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The pack without its demonstration layer."""
    return load_pack(shipped_packs() / "inps-2024")


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["id"] for example in EXAMPLES])
def test_it_computes(example: Example, pack: Pack, tmp_path: Path) -> None:
    check_computes(example, pack, tmp_path)


def test_it_has_examples_of_every_rule_that_the_sheets_use() -> None:
    assert {example["rule"] for example in EXAMPLES} == {"R1", "R2", "R3", "R9", "R19", "R20", "R22", "R23", "R36"}
