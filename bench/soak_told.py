"""What came of a soak, judged and told: the table of `docs/performance.md`."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.web_load import Times

MINUTE: Final = 60
BASE_MINUTE: Final = 3
"""The minute whose memory later ones are held against: by then what is kept is kept."""
MOST_GROWTH: Final = 0.05
MOST_BEHIND: Final = 5.0
"""Seconds after the end of the time within which every answer must be there, for the rate to have been held."""
TOLD: Final = 20
"""Faults that are told."""


@dataclass(slots=True)
class Soaked:
    """What came of it: milliseconds and errors by kind, bytes of memory by second and use, what was lost.

    `behind` is how many seconds after the end of the time the last answer came; `processor` seconds by use, of those
    who ask too (`asking`).
    """

    times: dict[str, list[float]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    memory: list[tuple[float, dict[str, int]]] = field(default_factory=list)
    processor: dict[str, float] = field(default_factory=dict)
    behind: float = 0.0
    written: int = 0
    jobs: int = 0
    lost: list[str] = field(default_factory=list)

    def minutes(self) -> list[dict[str, float]]:
        """The median of the memory of each whole minute by use, in MB."""
        found: dict[int, dict[str, list[int]]] = {}
        for second, sizes in self.memory:
            for use, size in sizes.items():
                found.setdefault(int(second // MINUTE), {}).setdefault(use, []).append(size)
        return [
            {use: statistics.median(sizes) / 1e6 for use, sizes in by_use.items()}
            for _minute, by_use in sorted(found.items())
        ]

    def growth(self) -> float | None:
        """By what share the memory of the last minute is above that of the third; nothing of a shorter time."""
        minutes = [sum(sizes.values()) for sizes in self.minutes()]
        return minutes[-1] / minutes[BASE_MINUTE - 1] - 1 if len(minutes) > BASE_MINUTE else None

    def faults(self) -> list[str]:
        """What is wrong, in words; nothing when all held."""
        errors = [f"{kind}: {len(told)} errors, {told[0]}" for kind, told in self.errors.items()]
        growth = self.growth()
        grown = [f"memory grew by {growth:.1%}"] if growth is not None and growth > MOST_GROWTH else []
        return [*errors, *self.lost, *grown]

    def late(self) -> list[str]:
        """That the rate was not held, in words; nothing when it was."""
        return [f"the last answer came {self.behind:.0f} seconds late"] if self.behind > MOST_BEHIND else []


def told(done: Soaked, rate: float, seconds: float, database: str) -> str:
    """The tables and what is wrong, as Markdown."""
    return "\n".join([*_times(done, rate, seconds, database), "", *_aims(done, rate, seconds), "", *_faults(done)])


def _times(done: Soaked, rate: float, seconds: float, database: str) -> Iterator[str]:
    yield f"{database}, {rate:g} requests a second for {seconds:g} seconds; {_machine()}.\n"
    yield "| Kind | answers | p50, ms | p99, ms | errors |\n|---|---:|---:|---:|---:|"
    together = [one for times in done.times.values() for one in times]
    for kind, milliseconds in [*sorted(done.times.items()), ("all", together)]:
        failed = done.errors.values() if kind == "all" else [done.errors.get(kind, [])]
        times = Times(milliseconds, sum(map(len, failed)))
        p50 = statistics.median(milliseconds)
        yield f"| {kind} | {len(milliseconds):,} | {p50:.0f} | {times.at(99):.0f} | {times.failed} |"


def _aims(done: Soaked, rate: float, seconds: float) -> Iterator[str]:
    yield "| Aim | measured |\n|---|---:|"
    yield f"| {rate:g} requests a second for {seconds:g} seconds | the last answer {max(0.0, done.behind):.1f} s late |"
    yield f"| errors of the site | {sum(map(len, done.errors.values()))} |"
    yield f"| writes and scoring jobs accepted and lost | {len(done.lost)} of {done.written:,} and {done.jobs} |"
    yield f"| memory of the last minute at most {MOST_GROWTH:.0%} above the third | {_memory(done)} |"
    spent = ", ".join(f"{use} {took / seconds:.2f}" for use, took in sorted(done.processor.items()))
    yield f"| processors kept busy | {spent} of {os.cpu_count()} |"


def _memory(done: Soaked) -> str:
    minutes = done.minutes()
    if not minutes:
        return "not looked at"
    growth = done.growth()
    if growth is None:
        return f"{_sizes(minutes[-1])} in the last; too short to judge"
    return f"{_sizes(minutes[BASE_MINUTE - 1])} → {_sizes(minutes[-1])}, {growth:+.1%}"


def _sizes(by_use: dict[str, float]) -> str:
    uses = ", ".join(f"{use} {size:,.0f}" for use, size in sorted(by_use.items()))
    return f"{sum(by_use.values()):,.0f} MB ({uses})"


def _faults(done: Soaked) -> list[str]:
    wrong = [*done.faults(), *done.late()]
    return [*(f"WRONG {fault}" for fault in wrong[:TOLD]), *([f"and {len(wrong) - TOLD} more"] if wrong[TOLD:] else [])]


def _machine() -> str:
    """The processors, their load and the Python of this machine."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    load = f"load {os.getloadavg()[2]:.1f} over the last quarter of an hour"
    return f"{os.cpu_count()} × {model}, {load}, Python {platform.python_version()}"
