"""Which plan is in force: the first one, until a version that was adopted takes its place from its date of effect.

What was adopted stands in one folder: each plan in a folder by its id, and beside it a note, `ID.adopted.json`, with
the day from which it is in force, the hash that it had then and the moment of its adoption. Whoever can read the
folder knows which plan is in force on which day, and that it is the one that was adopted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from piramide.cycle.plans.earlier_boards import with_boards
from piramide.cycle.plans.packs import open_pack
from piramide.kernel.durable import write_new
from piramide.kernel.findings import Place, Refusal, refuse
from piramide.kernel.periods import parse_period
from piramide.methodology.model import Pack

_NOTE: Final = ".adopted.json"


@dataclass(frozen=True, slots=True)
class Adoption:
    """That a plan was adopted: its id, its hash then, the first day of its force, the moment (with its time zone).

    Of two that take force on one day the one adopted later holds.
    """

    pack: str
    hash: str
    since: date
    at: datetime


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """A plan and the day from which it is in force, until a later one is."""

    since: date
    pack: Pack


@dataclass(frozen=True, slots=True)
class PlansInForce:
    """The plans that are, were or will be in force, in the order in which they take force; there is always one.

    `left_out` are the adopted plans that are not in force, each with the reason: the folder is gone, is no more what
    was adopted, or its note cannot be read.
    """

    plans: tuple[PlanInForce, ...]
    left_out: tuple[Refusal, ...] = ()

    def on(self, day: date) -> Pack:
        """The plan in force on a day: of those that took force by then the last, else the first there is."""
        return next((plan.pack for plan in reversed(self.plans) if plan.since <= day), self.plans[0].pack)

    def of(self, period: str) -> Pack:
        """The plan that the results of a period are scored with: the one in force on its last day."""
        return self.on(parse_period(period).end - timedelta(days=1))

    def called(self, name: str) -> Pack | None:
        """The plan with this id."""
        return next((plan.pack for plan in self.plans if plan.pack.id == name), None)

    def with_hash(self, content: str) -> Pack | None:
        """The plan with this hash."""
        return next((plan.pack for plan in self.plans if plan.pack.hash == content), None)

    def line_of(self, name: str) -> frozenset[str]:
        """Ids of the plans whose results follow one another: all of these; any other plan stands alone."""
        known = frozenset(plan.pack.id for plan in self.plans)
        return known if name in known else frozenset({name})

    def told(self, day: date) -> str:
        """What tells apart two states of these plans as they are on a day."""
        return f"{self.on(day).hash} {' '.join(f'{one.since}={one.pack.hash}' for one in self.plans)}"


def plans_in_force(
    first: str, adopted: Path, folders: Iterable[Path] = (), *, demonstration: bool = False
) -> PlansInForce:
    """The plan called `first` (in `folders`, or shipped) with those that were adopted into the folder `adopted`."""
    base = with_boards(open_pack(first, folders, demonstration=demonstration))
    adoptions, left_out = _adoptions(adopted)
    found = [PlanInForce(base.since, base)]
    for adoption in sorted(adoptions, key=lambda one: one.at):
        try:
            pack = _adopted(adoption, adopted, demonstration=demonstration)
        except Refusal as refusal:
            left_out.append(refusal)
        else:
            found.append(PlanInForce(adoption.since, pack))
    return PlansInForce(tuple(sorted(found, key=lambda plan: plan.since)), tuple(left_out))


def _adoptions(folder: Path) -> tuple[list[Adoption], list[Refusal]]:
    """What the notes of a folder say, and the refusals of those that cannot be read."""
    found, refusals = [], []
    for note in sorted(folder.glob(f"*{_NOTE}")) if folder.is_dir() else ():
        try:
            found.append(_read(note))
        except Refusal as refusal:
            refusals.append(refusal)
    return found, refusals


def note_adoption(folder: Path, adoption: Adoption) -> bool:
    """Write beside a plan in `folder` that it was adopted; what is noted already stays. Whether it was not."""
    body = {
        "pack": adoption.pack,
        "hash": adoption.hash,
        "in_force_since": adoption.since.isoformat(),
        "adopted_at": adoption.at.isoformat(),
    }
    with suppress(FileExistsError):
        write_new(_note_of(folder, adoption.pack), f"{json.dumps(body, indent=1)}\n")
        return True
    return False


def is_noted(folder: Path, pack: str) -> bool:
    """Whether a plan stands in `folder` as adopted."""
    return _note_of(folder, pack).is_file()


def _note_of(folder: Path, pack: str) -> Path:
    return folder / f"{pack}{_NOTE}"


def _read(note: Path) -> Adoption:
    """What a note says. Refuses CY090 one that cannot be read, or that is of another plan."""
    try:
        body = json.loads(note.read_bytes())
        at = datetime.fromisoformat(body["adopted_at"])
        found = Adoption(str(body["pack"]), str(body["hash"]), date.fromisoformat(body["in_force_since"]), at)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise refuse("CY090", Place(str(note))) from error
    if note.name != f"{found.pack}{_NOTE}" or at.tzinfo is None:
        raise refuse("CY090", Place(str(note)))
    return found


def _adopted(adoption: Adoption, folder: Path, *, demonstration: bool) -> Pack:
    """The plan of an adoption. Refuses CY091 one that is no more what was adopted."""
    pack = open_pack(str(folder / adoption.pack), demonstration=demonstration)
    if pack.hash != adoption.hash:
        raise refuse("CY091", Place(str(folder / adoption.pack)), adoption.pack)
    return with_boards(pack)
