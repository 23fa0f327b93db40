"""Bring a store of an earlier format forward, one format after the other; its runs stay as they are and verify."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from piramide.cycle.runs.measured_from import seal_notes
from piramide.cycle.runs.store import FORMAT, Store
from piramide.kernel.findings import Place, refuse
from piramide.kernel.progress import Steps
from piramide.measurement.ledger.seal_found import seal_found
from piramide.measurement.ledger.store import Ledger
from piramide.measurement.loading.points_in import add_points_in

_Step = Callable[[Path, Steps, Callable[[], None]], None]


def upgrade_store(store: Store, progress: Steps, on_wait: Callable[[], None]) -> tuple[str, ...]:
    """Bring a store to the format of this version; the formats that it went through, none when it was there already.

    The format is written after each step and each step goes on where a killed one stopped. `on_wait` is called when
    somebody else holds the ledger. Raises `Refusal`: CY006 for a format that this version does not know.
    """
    reached: list[str] = []
    while (found := store.format) != FORMAT:
        if found not in _STEPS:
            raise refuse("CY006", Place(str(store.root / "format")), found=found, known=FORMAT)
        following, step = _STEPS[found]
        step(store.root, progress, on_wait)
        store.mark(following)
        reached.append(following)
    return tuple(reached)


def _carry_points_in(root: Path, progress: Steps, on_wait: Callable[[], None]) -> None:
    """Format 2: each entry of work has the points that its case came in with; the cube is folded again."""
    add_points_in(Ledger(root, is_sealed=False), progress, on_wait)
    shutil.rmtree(root / "cube", ignore_errors=True)


def _seal(root: Path, progress: Steps, on_wait: Callable[[], None]) -> None:
    """Format 3: the loads of the ledger and the notes of what was measured are sealed; the cube is folded again."""
    seal_found(Ledger(root), datetime.now(UTC).date(), progress, on_wait)
    seal_notes(root)
    shutil.rmtree(root / "cube", ignore_errors=True)


_STEPS: Final[Mapping[str, tuple[str, _Step]]] = {"1": ("2", _carry_points_in), "2": ("3", _seal)}
"""For each earlier format the one that follows, and how to get there."""
