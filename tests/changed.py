"""Which tests a change can have broken, by who imports whom: one path a line.

    python -m tests.changed [SINCE]     files that differ from the commit SINCE (main), new ones included

A module that changed, and every module that imports it however far, is looked for in the imports of every test file. A
test that starts a program can reach all of the product, one of the site all of the site. A changed file that is no
module (a pack, a template, words) asks for the tests of its room and of the rooms above it; one outside the product and
its tests (a lock, a setting) for all of them.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import grimp

ROOT: Final = Path(__file__).parents[1]
PRODUCT: Final = "piramide"
SOURCE: Final = "src"
ROOMS: Final = (
    "kernel",
    "packs",
    "methodology",
    "exchange",
    "measurement",
    "scoring",
    "reports",
    "planning",
    "cycle",
    "demo",
    "cli",
    "web",
)
"""Rooms from below: a file of one that is no module is read by that one and by those above."""
SITE: Final = f"{PRODUCT}.web"
STARTS: Final = {"subprocess": PRODUCT, "typer.testing": PRODUCT, "tests.web.started": SITE}
"""What a test imports that starts more than it names, and what that is."""
NOT_TESTED: Final = (".md", ".png", ".svg", ".gitignore")


def changed_files(since: str) -> list[Path]:
    """Files that differ from a commit and those git does not know yet, relative to the repository."""
    asked = (("diff", "--name-only", since), ("ls-files", "--others", "--exclude-standard"))
    answers = [subprocess.check_output(["git", *arguments], cwd=ROOT, text=True) for arguments in asked]  # noqa: S607
    return sorted({Path(line) for answer in answers for line in answer.splitlines()})


def module_of(path: Path) -> str:
    """The module that a file of source is: `src/piramide/kernel/note.py` is `piramide.kernel.note`."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def picked(changed: Iterable[Path]) -> list[str]:
    """Test files, or folders of them, to run. Paths are relative to the repository."""
    chosen: set[str] = set()
    modules: set[str] = set()
    for path in changed:
        first = path.parts[0]
        if first == SOURCE and path.suffix == ".py":
            modules.add(module_of(path))
        elif first == SOURCE:
            chosen.update(_rooms_from(path.parts[2]))
        elif first == "tests" and path.name.startswith("test_"):
            chosen.update([str(path)] if (ROOT / path).exists() else [])
        elif first == "tests" and len(path.parts) > 2:
            chosen.add(str(path.parent))
        elif path.suffix not in NOT_TESTED:
            return ["tests", SOURCE]
    if modules:
        chosen.update(_that_import(modules))
        chosen.add("tests/architecture")
    return sorted(path for path in chosen if not any(str(above) in chosen for above in Path(path).parents))


def _rooms_from(room: str) -> list[str]:
    above = ROOMS[ROOMS.index(room) :] if room in ROOMS else ROOMS
    return [f"tests/{name}" for name in above if (ROOT / "tests" / name).is_dir()]


def _that_import(modules: set[str]) -> list[str]:
    """Tests that import one of these modules, or anything that imports one of them however far."""
    graph = _graph()
    inside = {part for module in modules & graph.modules for part in (module, *graph.find_descendants(module))}
    reached = modules | {far for module in inside for far in (module, *graph.find_downstream_modules(module))}
    tests = sorted((ROOT / "tests").rglob("test_*.py"))
    sources = [ROOT / SOURCE / Path(*module.split(".")).with_suffix(".py") for module in modules]
    starts = {PRODUCT, *([SITE] if any(module.startswith(SITE) for module in reached) else [])}
    found = [path for path in tests if imported_by(path) & (reached | starts)]
    return [str(path.relative_to(ROOT)) for path in [*found, *(path for path in sources if path.exists())]]


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph(PRODUCT)


def imported_by(path: Path, seen: frozenset[Path] = frozenset()) -> set[str]:
    """Modules of the product that a test file names, itself or through helpers and conftests of the tests."""
    if path in seen or not path.exists():
        return set()
    names = _names(path)
    helpers = [ROOT / Path(*name.split(".")).with_suffix(".py") for name in names if name.startswith("tests.")]
    around = [folder / "conftest.py" for folder in path.parents if folder.is_relative_to(ROOT / "tests")]
    through = [imported_by(helper, seen | {path}) for helper in {*helpers, *around}]
    own = {name for name in names if name.split(".")[0] == PRODUCT}
    return own.union(*through, *({whole} for name, whole in STARTS.items() if name in names))


@cache
def _names(path: Path) -> frozenset[str]:
    """What the imports of a file name: modules, and what is taken from them."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.update([node.module, *(f"{node.module}.{alias.name}" for alias in node.names)])
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return frozenset(names)


def main() -> int:
    """Print the paths."""
    since = sys.argv[1] if len(sys.argv) > 1 else "main"
    sys.stdout.writelines(f"{path}\n" for path in picked(changed_files(since)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
