"""The house as its imports draw it: what stands above what, in boxes, and a table of what each part holds and knows."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import grimp

ROOT: Final = Path(__file__).resolve().parent.parent
PRODUCT: Final = "piramide"
WIDEST: Final = 100
"""Characters of a row of boxes."""

Knows = Mapping[str, frozenset[str]]
"""What each part imports of the others."""


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph(PRODUCT, cache_dir=None)


def knows(package: str, *, without: Iterable[str] = (), folders_alone: bool = False) -> Knows:
    """Who imports whom among the parts of a package: its modules and folders, each with all that it holds."""
    graph = _graph()
    inside = [part for part in graph.find_children(package) if not folders_alone or graph.find_children(part)]
    parts = {part.rpartition(".")[2]: part for part in sorted(inside)}
    parts = {name: part for name, part in parts.items() if name not in set(without)}
    return {
        name: frozenset(
            other
            for other, theirs in parts.items()
            if other != name and graph.direct_import_exists(importer=part, imported=theirs, as_packages=True)
        )
        for name, part in parts.items()
    }


def levels(known: Knows) -> list[list[str]]:
    """Boxes from above: a part stands over all that it knows; parts that know each other share one box."""
    reach = {name: _reached(name, known) for name in known}
    together = {name: frozenset(other for other in reach[name] if name in reach[other]) | {name} for name in known}

    @cache
    def height(name: str) -> int:
        below = (other for one in together[name] for other in known[one] - together[name])
        return max((height(other) + 1 for other in below), default=0)

    rows: list[list[str]] = [[] for _ in range(max(map(height, known)) + 1)]
    for group in sorted({tuple(sorted(group)) for group in together.values()}):
        rows[height(group[0])].append(" ↔ ".join(group))
    return rows[::-1]


def _reached(name: str, known: Knows) -> set[str]:
    seen, waiting = set[str](), [name]
    while waiting:
        for other in known[waiting.pop()] - seen:
            seen.add(other)
            waiting.append(other)
    return seen


def picture(known: Knows) -> str:
    """The boxes, as text that any reader of Markdown shows."""
    lines = [line for row in levels(known) for boxes in _wrapped(row) for line in _boxes(boxes)]
    return "\n".join(["```text", *lines, "```"])


def _wrapped(names: Iterable[str]) -> Iterator[list[str]]:
    row: list[str] = []
    for name in names:
        if row and sum(len(one) + 5 for one in [*row, name]) > WIDEST:
            yield row
            row = []
        row.append(name)
    yield row


def _boxes(names: list[str]) -> Iterator[str]:
    yield " ".join(f"┌─{'─' * len(name)}─┐" for name in names)
    yield " ".join(f"│ {name} │" for name in names)
    yield " ".join(f"└─{'─' * len(name)}─┘" for name in names)


def rows(package: str, known: Knows) -> Iterator[tuple[str, str, str]]:
    """Of each part, from above: its name, what its docstring says it holds, and whom it knows."""
    for row in levels(known):
        for name in (one for box in row for one in box.split(" ↔ ")):
            met = ", ".join(f"`{other}`" for other in sorted(known[name])) or "nobody"
            yield f"`{name}`", _holds(f"{package}.{name}"), met


def _holds(module: str) -> str:
    """The first line of what a module says of itself."""
    place = ROOT / "src" / Path(*module.split("."))
    file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return said.partition("\n")[0]
