"""Score 150 structures x 60 indicators x 12 months x 1,000 scenarios, beside other ways to do it: a table in Markdown.

    scripts/bench && .venv-bench/bin/python bench/score.py

Each engine runs in a process of its own, on one thread, three times; the fastest counts. Engines too slow for all the
cells score a slice, and their time is extrapolated in proportion; the indices of the same 150 sheets are compared.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CELLS = 150 * 60 * 12 * 1000
UNIT = 108_000
ABSENT = 3
ROUNDS = 3
ENGINES = {
    "piramide": "Piramide",
    "bare": "bare array arithmetic, sheets only",
    "openfisca": "OpenFisca-core, vectorised",
    "walk": "plain Python tree walk",
    "spreadsheet": "LibreOffice, headless",
}


@dataclass(frozen=True)
class Measured:
    """What one engine told."""

    name: str
    told: dict[str, Any]

    @property
    def whole(self) -> float:
        """Seconds for all the cells."""
        return float(self.told["seconds"]) * CELLS / float(self.told["cells"])

    def row(self, reference: Measured) -> str:
        """One row of the table."""
        cells = f"{self.told['cells']:,}"
        unit = 1e3 * self.whole * UNIT / CELLS
        ratio = self.whole / reference.whole
        peak = f"{self.told['peak_mb']:.0f}"
        roots, expected = self.told["roots"], reference.told["roots"]
        apart = max((abs(a - b) for a, b in zip(roots, expected, strict=False)), default=None)
        difference = "–" if apart is None or self is reference else f"{apart:.0e}"
        columns = (ENGINES[self.name], cells, f"{self.whole:,.2f}", f"{unit:,.2f}", f"{ratio:,.2f}×", peak, difference)
        return f"| {' | '.join(columns)} |"


def run(name: str) -> Measured | None:
    """Run one engine; `None` when what it needs is not installed."""
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [sys.executable, str(HERE / f"engine_{name}.py")]
    done = subprocess.run(command, env=os.environ | threads, stdout=subprocess.PIPE, check=False)  # noqa: S603
    if done.returncode == ABSENT:
        return None
    done.check_returncode()
    return Measured(name, json.loads(done.stdout))


def fastest(rounds: int) -> list[Measured]:
    """Every engine in turn, round after round, so that a busy moment of the machine spoils no single one."""
    best: dict[str, Measured] = {}
    for _ in range(rounds):
        for name in ENGINES:
            answer = run(name)
            if answer is not None and (name not in best or answer.whole < best[name].whole):
                best[name] = answer
    return [best[name] for name in ENGINES if name in best]


def main() -> None:
    """Print the table and the figures below it."""
    measured = fastest(ROUNDS)
    ours = measured[0]
    print(f"{platform.machine()}, {os.cpu_count()} cores, one used; Python {platform.python_version()}\n")
    print(
        "| Engine | cells timed | all 108,000,000 cells, s | per 108,000 cells, ms | time / ours | peak, MB | apart |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|")
    for answer in measured:
        print(answer.row(ours))
    print(f"\nInner nodes and sheets answered per scenario: {ours.told['nodes']:,}.")
    print(f"A pack compiled in {ours.told['compile_ms']:.0f} ms, made ready in {ours.told['prepare_ms']:.0f} ms.")
    for answer in measured:
        if "float_error" in answer.told:
            error = f"{answer.told['float_error']:,.0f} €"
            print(f"Largest error of a sum of euro per sheet in {ENGINES[answer.name]}: {error}.")


if __name__ == "__main__":
    main()
