"""Generate invented facts: seconds, and the peak of memory, which must not grow with the cases.

.venv/bin/python -m bench.generate --cases 2e6 20e6 --out /tmp/piramide-bench
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.peak import peak_mb

from piramide.demo.facts.generate import generate

ROOT = Path(__file__).parents[1]
SEED = 1
YEARS = (2023, 2024)


def one(out: Path, cases: int) -> dict[str, Any]:
    """Generate once, in this process."""
    started = time.perf_counter()
    done = generate(out, cases, SEED, YEARS)
    seconds = time.perf_counter() - started
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    peak = peak_mb()
    return {"entries": done.entries, "seconds": seconds, "cpu": time.process_time(), "peak_mb": peak, "size": size}


def main() -> None:
    """Generate each number of cases in a process of its own and print a table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cases", type=float, nargs="+", default=[2e6, 20e6])
    arguments.add_argument("--out", type=Path, default=Path("/tmp/piramide-bench"))  # noqa: S108 - a default to change
    arguments.add_argument("--here", action="store_true", help="once, in this process, told as JSON")
    asked = arguments.parse_args()
    if asked.here:
        json.dump(one(asked.out, int(asked.cases[0])), sys.stdout)
        return
    print("| cases | entries | GB | seconds | processor, s | peak, MB |")
    print("|---:|---:|---:|---:|---:|---:|")
    for cases in map(int, asked.cases):
        out = (asked.out / "facts").resolve()
        shutil.rmtree(out, ignore_errors=True)
        command = [sys.executable, "-m", "bench.generate", "--here", "--cases", str(cases), "--out", str(out)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=ROOT)  # noqa: S603
        told = json.loads(done.stdout)
        cells = (
            f"{cases:,}",
            f"{told['entries']:,}",
            f"{told['size'] / 1e9:.2f}",
            f"{told['seconds']:.1f}",
            f"{told['cpu']:.1f}",
            f"{told['peak_mb']:,.0f}",
        )
        print(f"| {' | '.join(cells)} |")
        shutil.rmtree(out)


if __name__ == "__main__":
    main()
