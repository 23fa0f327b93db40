"""Every threat of docs/threat-model.md names tests that exist: a row whose test was renamed is no promise."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PAGE = "docs/threat-model.md"
WITHOUT_A_TEST = frozenset({"A library has a known hole"})
"""Threats that only somebody with a network can look at; the row says how."""
_NAMED = re.compile(r"`((?:[\w./-]+/)?test_\w+\.py|…)(?:::(test_\w+))?`")


def rows(text: str) -> Iterator[tuple[str, str]]:
    """Threat and tests of each row of the table."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and len(cells) == 3 and cells[0] != "Threat":
            yield cells[0], cells[2].removesuffix("|").strip()


def faults(text: str, root: Path) -> Iterator[str]:
    """What a page names that is not there, and rows that name nothing."""
    for threat, told in rows(text):
        named = _NAMED.findall(told)
        if not named and threat not in WITHOUT_A_TEST:
            yield f"{threat}: no test"
        before = ""
        for file, test in named:
            before = before if file == "…" else file
            path = root / (before if "/" in before else f"tests/web/{before}")
            if not path.is_file():
                yield f"{threat}: no file {before}"
            elif test and test not in functions(path):
                yield f"{threat}: no {test} in {before}"


def functions(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


def test_every_threat_names_a_test_that_exists(root: Path) -> None:
    text = (root / PAGE).read_text(encoding="utf-8")
    assert len(list(rows(text))) > 30
    assert list(faults(text, root)) == []


def test_a_row_without_a_test_or_with_one_that_is_gone_is_found(tmp_path: Path) -> None:
    there = tmp_path / "tests/web/test_there.py"
    there.parent.mkdir(parents=True)
    there.write_text("def test_holds() -> None: ...\n", encoding="utf-8")
    table = """| Threat | What stands in the way | Test that holds it |
|---|---|---|
| a | b | `test_there.py::test_holds`, `…::test_gone` |
| c | d | `test_nowhere.py` |
| e | f | by hand |
"""
    assert list(faults(table, tmp_path)) == [
        "a: no test_gone in test_there.py", "c: no file test_nowhere.py", "e: no test",
    ]  # fmt: skip
