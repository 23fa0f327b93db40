"""The most memory that this process has held so far."""

from __future__ import annotations

from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_mb() -> float:
    """Megabytes (of 2^20 bytes). What the system tells of a process's resources begins with those of who started it."""
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024
