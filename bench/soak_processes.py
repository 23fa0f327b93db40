"""What the processes of a soaked site take: memory and processor time, by what they are for."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

EVERY: Final = 5.0
"""Seconds from one look to the next: the system adds up the pages of a process for each."""
_PROC: Final = Path("/proc")
_KINDS: Final = (("db_worker", "worker"), ("piramide.web.wsgi", "web"))
_COMMAND: Final = "command"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a process has taken: bytes of memory, of shared ones its share (PSS), and seconds of processor."""

    kind: str
    memory: int
    processor: float


def below(process: int) -> Iterator[Taken]:
    """A process and all that it started, each with what it is for: `web`, `worker` or the `command` that keeps them."""
    parents: dict[int, list[int]] = {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            try:
                parents.setdefault(int(_state(folder)[1]), []).append(int(folder.name))
            except OSError:  # it ended while we looked
                continue
    waiting = [process]
    while waiting:
        one = waiting.pop()
        waiting += parents.get(one, [])
        try:
            yield _taken(_PROC / str(one))
        except OSError:
            continue


def _taken(folder: Path) -> Taken:
    words = (folder / "cmdline").read_bytes().decode(errors="replace")
    kind = next((kind for sign, kind in _KINDS if sign in words), _COMMAND)
    lines = (folder / "smaps_rollup").read_text().splitlines()
    kilobytes = next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    ticks = sum(int(field) for field in _state(folder)[11:13])
    return Taken(kind, 1024 * kilobytes, ticks / os.sysconf("SC_CLK_TCK"))


def _state(folder: Path) -> list[str]:
    """The fields of `stat` behind the name of the process, which may hold blanks and brackets."""
    return (folder / "stat").read_text().rpartition(")")[2].split()


class Watch:
    """Looks at the processes below one of them while it is entered: memory by second, processor time in all."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.memory: list[tuple[float, dict[str, int]]] = []
        self.processor: dict[str, float] = {}

    def __enter__(self) -> Self:
        """Begin."""
        self._before = _by_kind(self._process)[1]
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """End."""
        self._stop.set()
        self._thread.join()
        after = _by_kind(self._process)[1]
        self.processor = {kind: seconds - self._before.get(kind, 0.0) for kind, seconds in after.items()}

    def _look(self) -> None:
        began = time.monotonic()
        while not self._stop.wait(EVERY):
            self.memory.append((time.monotonic() - began, _by_kind(self._process)[0]))


def _by_kind(process: int) -> tuple[dict[str, int], dict[str, float]]:
    memory: dict[str, int] = {}
    processor: dict[str, float] = {}
    for one in below(process):
        memory[one.kind] = memory.get(one.kind, 0) + one.memory
        processor[one.kind] = processor.get(one.kind, 0.0) + one.processor
    return memory, processor
