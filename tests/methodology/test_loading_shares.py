"""What is read once for all structures of a kind, and what a pack reads is what its hash covers."""

from __future__ import annotations

import shutil
from pathlib import Path

from piramide.methodology.loading import load_pack, shipped_packs
from piramide.methodology.model import Node, walk


def nodes(pack_sheets: object) -> list[Node]:
    return [node for sheet in pack_sheets.values() for node in walk(sheet.tree)]  # type: ignore[attr-defined]


def test_structures_of_a_kind_share_the_nodes_in_which_they_do_not_differ() -> None:
    pack = load_pack(shipped_packs() / "inps-2024", demonstration=True)

    every = nodes(pack.sheets)

    assert len({id(node) for node in every}) < len(every) / 2


def test_a_hidden_file_is_neither_read_nor_hashed(tmp_path: Path) -> None:
    folder = tmp_path / "comune"
    shutil.copytree(shipped_packs() / "comune-esempio", folder)
    before = load_pack(folder)
    tree = next((folder / "trees").glob("*.csv"))
    shutil.copy(tree, tree.with_name(f".{tree.name}"))

    assert load_pack(folder) == before
