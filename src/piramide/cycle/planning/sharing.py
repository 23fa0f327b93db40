"""Plans from files and back: a problem solved, its plan kept whole in a folder, a kept plan verified."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from piramide.kernel import durable
from piramide.kernel.findings import Place, refuse
from piramide.planning.share.answer import answer_of, moves_csv
from piramide.planning.share.reading import problem_of
from piramide.planning.share.sharing import Sharing, share_work
from piramide.planning.share.verifying import difference_of

PROBLEM: Final = "problem.json"
ANSWER: Final = "share.json"
MOVES: Final = "moves.csv"


@dataclass(frozen=True, slots=True)
class SharedPlan:
    """The best plan of a problem, the answer that says it, and the problem as it was given."""

    sharing: Sharing
    answer: dict[str, Any]
    raw: bytes

    @property
    def meets_targets(self) -> bool:
        """Whether nothing stays above a target."""
        return not self.sharing.over


def share(problem: Path, out: Path | None = None) -> SharedPlan:
    """Solve the problem of a file, and keep problem, answer and moves in a new folder if one is given.

    Raises `Refusal` (PN001-PN016, CY018), and keeps nothing then.
    """
    if out is not None and out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise refuse("PN015", Place(str(out)))
    raw = _read(problem)
    sharing = share_work(problem_of(raw, str(problem)))
    plan = SharedPlan(sharing, answer_of(sharing, raw), raw)
    if out is not None:
        _keep(plan, out)
    return plan


def verify_plan(path: Path) -> tuple[str, str]:
    """The id that a kept plan gives itself, and the part in which it is not the best of its problem, if any.

    Raises `Refusal` (PN001) where problem or answer cannot be read.
    """
    folder = path if path.is_dir() else path.parent
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


def _keep(plan: SharedPlan, out: Path) -> None:
    try:
        with durable.whole_folder(out) as draft:
            durable.put(draft / PROBLEM, plan.raw)
            durable.put(draft / ANSWER, json.dumps(plan.answer, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
            durable.put(draft / MOVES, moves_csv(plan.sharing))
    except OSError as error:
        raise refuse("CY018", Place(str(out)), problem=error.strerror or str(error)) from error
