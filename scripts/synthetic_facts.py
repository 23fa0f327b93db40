"""Write docs/synthetic-facts.md: the calibration, published beside generated, and what generating costs.

python scripts/synthetic_facts.py            the calibration again, the costs as they stand in the page
python scripts/synthetic_facts.py --costs    both; writes about 600 MB to a temporary folder and removes them
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Final

from generated_docs import DOCS, table

from piramide.demo.facts.calibration import Comparison, comparisons, count
from piramide.demo.facts.generate import generate

CASES: Final = 1_000_000
SEED: Final = 7
PAGE: Final = DOCS / "synthetic-facts.md"
SIZES: Final = (1_000_000, 5_000_000, 20_000_000)

_COST: Final = """
import resource, sys, time
from pathlib import Path
from piramide.demo.facts.generate import generate
start = time.perf_counter()
done = generate(Path(sys.argv[1]), int(sys.argv[2]), 7)
seconds = time.perf_counter() - start
size = sum(path.stat().st_size for path in done.folder.rglob("*") if path.is_file())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(done.entries, round(seconds, 1), round(peak), round(size / 1e6))
"""


def calibration_tables(found: Iterable[Comparison]) -> str:
    """One table a group: published, generated, relative difference, what is aimed at."""
    parts = []
    for group, figures in groupby(found, key=lambda figure: figure.group):
        rows = [(f.label, _number(f.published), _number(f.generated), _percent(f), f"±{f.aim:.0%}") for f in figures]
        parts.append(f"### {group}\n\n" + table(("Figure", "Published", "Generated", "Difference", "Aim"), rows))
    return "\n\n".join(parts)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.2f}"


def _percent(figure: Comparison) -> str:
    return "–" if figure.difference is None else f"{100 * figure.difference:+.2f} %"


def costs_table() -> str:
    """Seconds and memory of some sizes, each in a process of its own."""
    rows = []
    for cases in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-c", _COST, f"{folder}/facts", str(cases)]
            answer = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own code
        entries, seconds, peak, size = answer.stdout.split()
        rows.append((f"{cases:,}", f"{int(entries):,}", f"{seconds} s", f"{peak} MB", f"{size} MB"))
    return table(("Cases", "Entries", "Time", "Peak memory", "On disk"), rows)


def write(*, costs: bool) -> None:
    """Put the tables between the marks of the page."""
    page = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder) / "facts", CASES, SEED)
        page = _between(page, "calibration", calibration_tables(comparisons(count(Path(folder) / "facts"))))
    if costs:
        page = _between(page, "costs", costs_table())
    PAGE.write_text(page, encoding="utf-8")


def _between(page: str, name: str, text: str) -> str:
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    return re.sub(f"{start}.*{end}", lambda _: f"{start}\n\n{text}\n\n{end}", page, flags=re.DOTALL)


if __name__ == "__main__":
    write(costs="--costs" in sys.argv)
