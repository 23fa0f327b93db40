"""How an engine of the benchmark is timed and what it tells the table."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from peak import peak_mb


def best_of(times: int, work: Callable[[], object]) -> float:
    """Seconds of the fastest of some runs: what the machine can do when nobody else asks for it."""
    fastest = float("inf")
    for _ in range(times):
        started = time.perf_counter()
        work()
        fastest = min(fastest, time.perf_counter() - started)
    return fastest


def tell(cells: int, seconds: float, roots: NDArray[np.float64], **more: object) -> None:
    """Write what was measured as JSON: `roots` are the sheets' indices of the first scenario of the first month."""
    peak = peak_mb()
    answer = {"cells": cells, "seconds": seconds, "peak_mb": peak, "roots": roots.tolist(), **more}
    json.dump(answer, sys.stdout)
