"""Projects and their deliverables: every step that facts or people tell, and how far each project is (R8).

A deliverable is planned, delivered, attested, then validated or refused; what was validated last is its progress, from
0 to 100. A project is at the mean of its planned deliverables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from piramide.measurement.ledger.store import Ledger
from piramide.methodology.model import Pack

DATASET: Final = "projects"
COLUMNS: Final = ("project", "deliverable", "structure", "day", "step", "progress", "validator")
PLANNED, DELIVERED, ATTESTED, VALIDATED, REFUSED = "planned", "delivered", "attested", "validated", "refused"
_ORDER: Final = {PLANNED: 0, DELIVERED: 1, ATTESTED: 2, VALIDATED: 3, REFUSED: 3}
FULL: Final = Fraction(100)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a deliverable. `day` of a planned step is the day by which it is due; `progress` is 0 to 100.

    `key` is the number of the row that people entered, 0 for a step that facts tell; `who` is then who the facts name.
    """

    project: str
    structure: str
    deliverable: str
    day: date
    kind: str
    progress: Fraction
    who: str = ""
    note: str = ""
    key: int = 0
    by: int = 0

    @property
    def place(self) -> tuple[str, str, str, str, date]:
        """What tells two steps apart, in the dataset too."""
        return self.project, self.deliverable, self.structure, self.kind, self.day


@dataclass(frozen=True, slots=True)
class Deliverable:
    """A deliverable with its steps, oldest first; `progress` is what was validated last, 0 to 100."""

    code: str
    label: str
    due: date | None
    steps: tuple[Step, ...]
    progress: Fraction

    @property
    def last(self) -> str:
        """The kind of the step it has reached."""
        return self.steps[-1].kind if self.steps else PLANNED

    def is_late(self, today: date) -> bool:
        """Whether its day has passed and nothing of it is validated whole."""
        return self.due is not None and today > self.due and self.progress < FULL


@dataclass(frozen=True, slots=True)
class Project:
    """A project of a structure; `progress` is the mean over its deliverables, 0 to 100."""

    code: str
    structure: str
    title: str
    programme: str
    deliverables: tuple[Deliverable, ...]

    @property
    def progress(self) -> Fraction:
        """How far it is."""
        if not self.deliverables:
            return Fraction(0)
        return sum((item.progress for item in self.deliverables), Fraction(0)) / len(self.deliverables)

    @property
    def validated(self) -> int:
        """Deliverables validated whole."""
        return sum(item.progress == FULL for item in self.deliverables)

    @property
    def due(self) -> date | None:
        """The last day on which something is due."""
        return max((item.due for item in self.deliverables if item.due), default=None)

    def late(self, today: date) -> int:
        """Deliverables that are late."""
        return sum(item.is_late(today) for item in self.deliverables)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a register says of a project before any step."""

    code: str
    structure: str
    title: str
    programme: str = ""


def steps_in_ledger(store: Path) -> tuple[Step, ...]:
    """Every step that the loaded facts tell and no correction takes back."""
    loads = tuple(str(load.proven_entries) for load in Ledger(store).loads(DATASET) if load.manifest["accepted"])
    return _steps_of(store, loads)


@lru_cache(maxsize=4)
def _steps_of(store: Path, files: tuple[str, ...]) -> tuple[Step, ...]:
    names = Ledger(store).codes().structures
    counted: Counter[Step] = Counter()
    for file in files:
        for row in pq.read_table(file).to_pylist():
            step = Step(
                row["project"], names[row["structure"]], row["deliverable"], row["day"], row["step"],
                Fraction(row["progress"]), row["validator"] or "",
            )  # fmt: skip
            counted[step] += row["sign"]
    return tuple(step for step, count in counted.items() if count > 0)


def headings_of(pack: Pack) -> tuple[Heading, ...]:
    """The projects of a plan: of its register, and of its tables with a project, a structure and a title."""
    found = {entry.key: Heading(entry.id, entry.structure, entry.label, entry.kind) for entry in pack.chain.register}
    for table in pack.tables.values():
        if not {"project_id", "structure", "title"} <= set(table.columns):
            continue
        for cells in table.rows:
            row = dict(zip(table.columns, cells, strict=True))
            heading = Heading(row["project_id"], row["structure"], row["title"], row.get("programme", ""))
            found.setdefault((heading.code, heading.structure), heading)
    return tuple(found.values())


def register(
    headings: Iterable[Heading], steps: Iterable[Step], year: int, labels: Mapping[str, str]
) -> dict[tuple[str, str], Project]:
    """The projects of a year by code and structure; a step of people's wins over the same step told by facts.

    `labels` names projects that no heading names. Two structures may own the results of one project.
    """
    known = {(heading.code, heading.structure): heading for heading in headings}
    titles = {heading.code: heading for heading in known.values()}
    mine: dict[tuple[str, str], dict[tuple[str, str, str, str, date], Step]] = {key: {} for key in known}
    for step in sorted(steps, key=lambda step: step.key):
        if step.day.year == year:
            mine.setdefault((step.project, step.structure), {})[step.place] = step
    answer = {}
    for (code, structure), placed in mine.items():
        heading = known.get((code, structure)) or titles.get(code)
        title = heading.title if heading else labels.get(code, code)
        programme = heading.programme if heading else ""
        answer[code, structure] = Project(code, structure, title, programme, tuple(_deliverables(placed.values())))
    return answer


def _deliverables(steps: Iterable[Step]) -> Iterator[Deliverable]:
    by_code: dict[str, list[Step]] = {}
    for step in steps:
        by_code.setdefault(step.deliverable, []).append(step)
    for code, mine in sorted(by_code.items()):
        planned = [step for step in mine if step.kind == PLANNED]
        # People's steps follow one another as they were entered, whatever day they bear.
        done = sorted((s for s in mine if s.kind != PLANNED), key=lambda s: (s.key, s.day, _ORDER[s.kind]))
        judged = [step for step in done if step.kind in {VALIDATED, REFUSED}]
        progress = judged[-1].progress if judged and judged[-1].kind == VALIDATED else Fraction(0)
        label = next((step.note for step in planned if step.note), "")
        due = max((step.day for step in planned), default=None)
        yield Deliverable(code, label, due, tuple(done), min(progress, FULL))


def may_follow(deliverable: Deliverable, kind: str) -> bool:
    """Whether a step may be recorded now: delivered, then attested, then judged; what was refused begins again."""
    last = deliverable.last
    follows = {
        DELIVERED: {PLANNED, DELIVERED, REFUSED, VALIDATED},
        ATTESTED: {DELIVERED, ATTESTED},
        VALIDATED: {ATTESTED},
        REFUSED: {ATTESTED},
    }
    if kind == DELIVERED and deliverable.progress == FULL:
        return False
    return last in follows.get(kind, set())
