"""What of the source is reached: a walk from what is called from outside, along the names that are read.

A name is reached when something reached reads it. The walk begins at what is called by where it stands (a command, a
page, a setting, a migration), at what a decorator hands on, and at the scripts that write the documentation. What is
read by the name of its module counts too: `import_module("a.b").name`, a dotted name in a setting.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = ROOT / "src"
SCRIPTS: Final = ("generated_docs", "synthetic_facts", "gathered_words")
"""Scripts that write what the repository shows: they are the product's own."""
BY_PLACE: Final = frozenset(
    {"apps", "settings", "urls", "wsgi", "migrations", "management", "templatetags", "__main__", *SCRIPTS}
)
"""Modules that something outside calls by where they stand."""
BY_NAME: Final = frozenset({"urlpatterns", "__getattr__", "__version__"})
"""Names that Django and Python look for."""
ENTRIES: Final = frozenset({("piramide.cli.main", "main")})
PLAIN: Final = frozenset(
    {"cache", "contextmanager", "dataclass", "lru_cache", "overload", "runtime_checkable", "total_ordering", "wraps"}
)
"""Decorators that only change what a definition is; any other hands it to somebody who calls it."""
DOTTED: Final = re.compile(r"[a-z_]\w*(\.\w+)+")
BODY: Final = ""
"""The name under which the walk keeps what a module does when it is imported."""
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Name = tuple[str, str]
"""A module and what it defines."""


@dataclass
class Module:
    """Lines of what a module defines, what each reads, what is handed on, and where imported names come from.

    `loaded` are names of modules that it imports by a text, or how they begin; `discovered` the last words of such as
    every application may have. Of a module that is loaded so, the `attributes` read here are reached.
    """

    lines: dict[str, tuple[int, int]] = field(default_factory=dict)
    reads: dict[str, set[Name]] = field(default_factory=dict)
    handed_on: set[str] = field(default_factory=set)
    aliases: dict[str, str] = field(default_factory=dict)
    loaded: tuple[str, ...] = ()
    discovered: tuple[str, ...] = ()
    attributes: set[str] = field(default_factory=set)


def name_of(path: Path) -> str:
    """`src/piramide/kernel/note.py` is `piramide.kernel.note`, a script its own name."""
    parts = path.relative_to(SOURCE).with_suffix("").parts if path.is_relative_to(SOURCE) else (path.stem,)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def read(place: str, text: str) -> Module:
    """Look at one module."""
    tree = ast.parse(text)
    module = Module(aliases=dict(imported(tree)))
    module.loaded = tuple(part for part in _called_with("import_module", tree) if "." in part)
    module.discovered = tuple(_called_with("autodiscover_modules", tree))
    module.attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for statement in tree.body:
        names = list(_defined_by(statement))
        for name in names:
            module.lines.setdefault(name, (statement.lineno, statement.end_lineno or statement.lineno))
            if isinstance(statement, Definition) and _is_handed_on(statement):
                module.handed_on.add(name)
        together = {(place, name) for name in names}  # one statement gives them all
        for name in names or [BODY]:
            module.reads.setdefault(name, set()).update(together, _read_by(statement, place, module.aliases))
    return module


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Names that imports give, each with what it stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.name if alias.asname else alias.name.partition(".")[0]
                yield alias.asname or name, name


def _called_with(function: str, tree: ast.AST) -> Iterator[str]:
    """The texts that a function is called with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).rpartition(".")[2] == function:
            yield from (str(part.value) for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant))


def _defined_by(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, Definition):
        yield statement.name
    elif isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        yield statement.target.id


def _is_handed_on(statement: Definition) -> bool:
    names = {ast.unparse(one).partition("(")[0].rpartition(".")[2] for one in statement.decorator_list}
    return bool(names - PLAIN)


def _read_by(statement: ast.stmt, place: str, aliases: Mapping[str, str]) -> Iterator[Name]:
    """Names that a statement reads; a name in quotes is one of the module, an import of its own comes first."""
    aliases = {**aliases, **dict(imported(statement))}
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield _split(aliases[node.id]) if node.id in aliases else (place, node.id)
        elif isinstance(node, ast.Attribute):
            yield from _read_from(node, aliases)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield _split(node.value) if DOTTED.fullmatch(node.value) else (place, node.value)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, BODY
            yield from ((f"{node.module}.{alias.name}", BODY) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, BODY) for alias in node.names)


def _read_from(node: ast.Attribute, aliases: Mapping[str, str]) -> Iterator[Name]:
    """What `module.name` reads, or `import_module("module").name`."""
    first, _, rest = ast.unparse(node).partition(".")
    if first in aliases and rest.replace(".", "").isidentifier():
        yield _split(f"{aliases[first]}.{rest}")
    elif isinstance(node.value, ast.Call):
        yield from ((loaded, node.attr) for loaded in _called_with("import_module", node.value))


def _split(dotted: str) -> Name:
    place, _, name = dotted.rpartition(".")
    return place, name


def paths() -> dict[str, Path]:
    """Every module of the source by its name, and the scripts that write the documentation."""
    found = [path for path in (SOURCE / "piramide").rglob("*.py") if "packs" not in path.relative_to(SOURCE).parts[:2]]
    found += [ROOT / "scripts" / f"{name}.py" for name in SCRIPTS]
    return {name_of(path): path for path in found}


@cache
def source() -> dict[str, Module]:
    """What they define and read."""
    return {name: read(name, path.read_text(encoding="utf-8")) for name, path in paths().items()}


def reached(found: Mapping[str, Module], entries: frozenset[Name] = ENTRIES) -> set[Name]:
    """Walk from what is called from outside."""
    seen, waiting = set[Name](), list(entries)
    waiting += [(place, name) for place, module in found.items() if _by_place(place) for name in (BODY, *module.lines)]
    while waiting:
        name = _home(waiting.pop(), found)
        if name in seen or name[0] not in found:
            continue
        seen.add(name)
        waiting += _following(name, found)
    return seen


def _by_place(place: str) -> bool:
    return not BY_PLACE.isdisjoint(place.split("."))


def _home(name: Name, found: Mapping[str, Module]) -> Name:
    """Where a name is defined: behind the module that hands it on, or as the body of a module of that name."""
    place, called = name
    if f"{place}.{called}" in found:
        return f"{place}.{called}", BODY
    known = found.get(place)
    if known is not None and called not in known.lines and called in known.aliases and called != BODY:
        return _home(_split(known.aliases[called]), found)
    return name


def _following(name: Name, found: Mapping[str, Module]) -> Iterator[Name]:
    """What is reached with a name: what it reads; with a module what it hands on and what it loads by name."""
    place, called = name
    module = found[place]
    yield from module.reads.get(called, ())
    yield place, BODY
    if called != BODY:
        return
    yield from ((place, handed) for handed in module.handed_on | BY_NAME & set(module.lines))
    for other, loaded in found.items():
        if other.startswith(module.loaded):
            yield other, BODY
            yield from ((other, attribute) for attribute in module.attributes & set(loaded.lines))
        if other.rpartition(".")[2] in module.discovered:
            yield other, BODY
