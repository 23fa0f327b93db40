"""What is kept is written by one module: no other hands bytes to the disk on its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Protocol

WRITER = "src/piramide/kernel/durable.py"
WHOLE = {"whole_file", "whole_folder"}
"""Inside a block of these the draft may be written as its format wants."""
METHODS = {"write_text", "write_bytes", "rename", "hardlink_to", "ParquetWriter", "CSVWriter", "NamedTemporaryFile",
           "mkstemp", "copyfile", "copy", "copy2", "copytree", "move"}  # fmt: skip
TABLES = {"pq", "pa_csv", "pa"}
PASSING = {
    "src/piramide/measurement/loading/writing.py:__init__": "a row group after the other, into the draft of a load",
    "src/piramide/demo/facts/files.py:_open": "a month after the other, into a draft",
    "src/piramide/cycle/score.py:_write": "the pack, into the draft of a run",
    "src/piramide/cycle/plans/drafting/writing.py:_write": "the plan, into the draft of another",
    "src/piramide/kernel/packed/unfolding.py:unfolded": "a workbook in memory",
    "src/piramide/measurement/cube/files.py:write": "a table in memory, on its way to the writer",
    "src/piramide/cycle/open_data.py:write_run_archive": "an archive into what the caller holds open",
    "src/piramide/kernel/formula_trees.py:_as_evaluated": "a node of a formula, no file",
    "src/piramide/cycle/objectives.py:_zipped": "sheets packed in memory, on their way to the writer",
    "src/piramide/reports/objectives/word.py:_without_clock": "a document in memory",
    "src/piramide/planning/forecast/tables.py:backtest_parquet": "a table in memory, on its way to the writer",
    "src/piramide/cycle/planning/outlook.py:draws_parquet": "a table in memory, on its way to the writer",
    "src/piramide/web/backup.py:_write_rows": "rows on their way into a backup",
    "src/piramide/web/opendata/remembered.py:keeping": "a draft held over several answers, then settled",
}
"""Where else something is written, and why it needs no more care."""


class Module(Protocol):
    path: str
    tree: ast.Module


def name_of(function: ast.expr) -> tuple[str, str]:
    """Owner and name of what is called, as far as both are plain."""
    if isinstance(function, ast.Attribute):
        owner = function.value.id if isinstance(function.value, ast.Name) else ""
        return owner, function.attr
    return "", function.id if isinstance(function, ast.Name) else ""


def opens_for_writing(call: ast.Call, name: str) -> bool:
    texts = [a.value for a in (*call.args, *(k.value for k in call.keywords if k.arg == "mode"))
             if isinstance(a, ast.Constant) and isinstance(a.value, str)]  # fmt: skip
    short = [text for text in texts if len(text) <= 4]
    return name in {"open", "ZipFile", "fdopen", "GzipFile"} and any(set(text) & set("wax+") for text in short)


def writes(call: ast.Call) -> bool:
    """Whether a call puts something on the disk without the writer."""
    owner, name = name_of(call.func)
    is_moved = name == "replace" and len(call.args) == 1 and not call.keywords and isinstance(call.func, ast.Attribute)
    is_copied = name in {"copy", "move"} and owner != "shutil"
    return (
        (name in METHODS and not is_copied)
        or (name == "write_table" and owner in TABLES)
        or (is_moved and owner not in {"", "self"})
        or opens_for_writing(call, name)
    )


def unguarded(node: ast.AST, function: str = "") -> Iterator[tuple[str, int]]:
    """(Function, line) of every writing call outside a block of the writer."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.With | ast.AsyncWith):
            made = [item.context_expr for item in child.items]
            if any(isinstance(one, ast.Call) and name_of(one.func)[1] in WHOLE for one in made):
                continue
        inside = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else function
        if isinstance(child, ast.Call) and writes(child):
            yield inside, child.lineno
        yield from unguarded(child, inside)


def test_only_the_writer_writes(modules: list[Module]) -> None:
    found = [
        f"{module.path}:{function}:{line}"
        for module in modules
        if module.path != WRITER
        for function, line in unguarded(module.tree)
        if f"{module.path}:{function}" not in PASSING
    ]

    assert found == []


def test_every_exception_is_still_needed(modules: list[Module]) -> None:
    there = {f"{module.path}:{function}" for module in modules for function, _ in unguarded(module.tree)}

    assert sorted(PASSING.keys() - there) == []
