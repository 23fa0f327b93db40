"""Every worked example of the packs of 2020 and 2021 computes: its values have the gaps and indices it expects."""

from __future__ import annotations

from pathlib import Path

import pytest

from piramide.methodology.loading import load_pack, shipped_packs
from piramide.methodology.model import Pack
from tests.packs.worked_examples import Example, check_computes, examples_of

EXAMPLES = [(name, example) for name in ("inps-2020", "inps-2021") for example in examples_of(name)]


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    """The two packs as printed; scoring puts their overrides in force."""
    return {name: load_pack(shipped_packs() / name) for name in ("inps-2020", "inps-2021")}


@pytest.mark.parametrize(("pack", "example"), EXAMPLES, ids=[example["id"] for _, example in EXAMPLES])
def test_it_computes(pack: str, example: Example, packs: dict[str, Pack], tmp_path: Path) -> None:
    check_computes(example, packs[pack], tmp_path)


def test_it_has_examples_of_every_rule_of_the_plan() -> None:
    rules = {example["rule"] for _, example in EXAMPLES}

    assert rules == {f"R{n}" for n in (2, 4, 5, 8, 9, 10, 13, 14, 15, 18, 22, 23, 24, 25, 26, 27, 29, 31, 41)}
