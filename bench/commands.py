"""Time what a person waits for: the help, the check of the largest pack, one explanation, a score of all structures.

    .venv/bin/python bench/commands.py

Commands are timed from the outside, as a shell sees them; the explanation inside the process, as a page asks for it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from measure import best_of

from piramide.methodology.in_force import in_force
from piramide.methodology.loading import load_pack, shipped_packs
from piramide.scoring.explain import explain
from piramide.scoring.reading import read_values
from piramide.scoring.score import score_pack

PIRAMIDE = Path(sys.executable).with_name("piramide")
PERIOD = "2024-Q4"
ROUNDS = 5


def command(*arguments: str) -> Callable[[], object]:
    """A run of the command, whatever its answer."""
    whole = [str(PIRAMIDE), *arguments]
    return lambda: subprocess.run(whole, capture_output=True, check=False)  # noqa: S603


def explanation() -> Callable[[], object]:
    """One whole sheet told, from a pack and a table that a server would have at hand."""
    folder = shipped_packs() / "inps-2024"
    pack = in_force(load_pack(folder, demonstration=True))
    values = read_values(next((folder / "demonstration" / "values").glob("*.csv")), pack)
    table = score_pack(pack, values, PERIOD, ["dcm_milano"])
    leaf = next(node.id for node in table.structures[0].nodes if node.rule and node.index is not None)
    return lambda: explain(pack, table, "dcm_milano", leaf, values=values)


def main() -> None:
    """Print a table of what was measured beside what is aimed at."""
    values = next((shipped_packs() / "inps-2024" / "demonstration" / "values").glob("*.csv"))
    with tempfile.TemporaryDirectory() as store:
        score = ("score", "inps-2024", "--demonstration", "--values", str(values), "--period", PERIOD, "--store", store)
        works: list[tuple[str, float, Callable[[], object]]] = [
            ("`piramide --help`", 0.4, command("--help")),
            ("`piramide pack check inps-2021`", 2.0, command("pack", "check", "inps-2021")),
            ("`piramide score`, 169 structures, run kept", 0.0, command(*score)),
            ("one explanation, in the process", 0.01, explanation()),
        ]
        print("| What | measured | aim |")
        print("|---|---:|---:|")
        for name, aim, work in works:
            seconds = best_of(ROUNDS, work)
            print(f"| {name} | {_time(seconds)} | {_time(aim) if aim else '–'} |")


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{1e3 * seconds:.1f} ms"


if __name__ == "__main__":
    main()
