"""Plans from files and back: a problem solved, its plan kept whole in a folder, a kept plan verified."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, Final

from piramide.cycle.planning.kept import MANIFEST, opened_plan, refuse_filled, touched, write_folder
from piramide.kernel.findings import Place, refuse
from piramide.planning.share.answer import answer_of, moves_csv
from piramide.planning.share.reading import problem_of
from piramide.planning.share.sharing import FEASIBLE, NONE, OPTIMAL, Sharing, share_work
from piramide.planning.share.verifying import difference_of

__all__ = ["FEASIBLE", "NONE", "SharedPlan", "share", "solved", "verify_plan"]

SHARE: Final = "share"
"""The kind of a kept plan of work sharing."""
PROBLEM: Final = "problem.json"
ANSWER: Final = "share.json"
MOVES: Final = "moves.csv"


@dataclass(frozen=True, slots=True)
class SharedPlan:
    """The best plan of a problem, the answer that says it, and the problem as it was given."""

    sharing: Sharing
    answer: dict[str, Any]
    raw: bytes

    def files(self) -> dict[str, bytes]:
        """What is kept of it: the problem as it was given, the answer, and the moves as rows of a dataset."""
        answer = json.dumps(self.answer, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        return {PROBLEM: self.raw, ANSWER: answer.encode(), MOVES: moves_csv(self.sharing).encode()}

    @property
    def meets_targets(self) -> bool:
        """Whether nothing stays above a target, and no plan is better."""
        return self.sharing.status == OPTIMAL and not self.sharing.over


def share(problem: Path, out: Path | None = None, seconds: float | None = None) -> SharedPlan:
    """Solve the problem of a file, and keep problem, answer and moves in a new folder if one is given.

    Raises `Refusal` (PN001-PN018, CY018), and keeps nothing then.
    """
    if out is not None:
        refuse_filled(out)
    plan = solved(_read(problem), str(problem), seconds)
    if out is not None:
        write_folder(out, plan.files())
    return plan


def solved(raw: bytes, name: str, seconds: float | None = None) -> SharedPlan:
    """The best plan of the problem that a text says, found in so many seconds; `name` stands for it in refusals.

    Raises `Refusal` (PN001-PN018).
    """
    if seconds is not None and not 0 < seconds < inf:
        raise refuse("PN017", Place("--time"), f"{seconds:g}")
    sharing = share_work(problem_of(raw, name), seconds)
    return SharedPlan(sharing, answer_of(sharing, raw), raw)


def has_proof(path: Path) -> bool:
    """Whether a kept plan says of itself that none is better: one of work sharing."""
    return ((path if path.is_dir() else path.parent) / ANSWER).is_file()


def verify_plan(path: Path) -> tuple[str, str]:
    """The id that a kept plan gives itself, and the part in which it is not what it says, if any.

    Of work sharing that is the best of its problem, of every other plan what was kept.

    Raises `Refusal` (PN001) where problem or answer cannot be read.
    """
    folder = path if path.is_dir() else path.parent
    if (folder / MANIFEST).exists():
        kept = opened_plan(folder)
        if kept.kind != SHARE or touched(kept):
            return kept.id, "plan" if touched(kept) else ""
    raw, answer = _read(folder / PROBLEM), _read(folder / ANSWER)
    try:
        said = json.loads(answer)["plan"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise refuse("PN001", Place(str(folder / ANSWER)), said=str(error)) from error
    return str(said), difference_of(raw, answer)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise refuse("PN001", Place(str(path)), said=error.strerror or str(error)) from error
