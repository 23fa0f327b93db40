"""The runs of this installation: registered from the store, chosen for a page, read once and kept in memory."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from piramide.cycle.runs.holding import newest_first, run_before
from piramide.cycle.runs.open_run import OpenRun
from piramide.cycle.runs.opened_runs import OpenedRuns, RunFigures
from piramide.cycle.runs.standing import Cadence, Series, Spot, cadence, series
from piramide.cycle.runs.store import LONGEST_ID, SHORTEST_PREFIX, Run, Store
from piramide.kernel.findings import Refusal
from piramide.kernel.periods import parse_period
from piramide.methodology.in_force import in_force
from piramide.methodology.model import Pack
from piramide.web.accounts.access import Access
from piramide.web.accounts.guards import access
from piramide.web.accounts.roles import Action
from piramide.web.house.pages import PageKey
from piramide.web.plans_in_force import line_of, plan, plan_called, plan_with
from piramide.web.results.known_runs import RunLine, RunsSeen, known_runs, line_from
from piramide.web.results.models import RunRecord


@cache
def opened_runs() -> OpenedRuns:
    """The kept runs of this process."""
    return OpenedRuns(Store(settings.CONFIGURATION.store))


def register_runs() -> int:
    """Make a record of every run in the store that has none; the number made. A run that cannot be read is left out."""
    known = set(RunRecord.objects.values_list("run", flat=True))
    made = 0
    for run_id in opened_runs().run_ids():
        if run_id in known:
            continue
        try:
            told = record_of(opened_runs().run(run_id))
        except Refusal:
            continue
        RunRecord.objects.get_or_create(run=run_id, defaults=told)
        made += 1
    return made


def record_of(run: Run) -> dict[str, Any]:
    """What the record of a kept run says of it. Raises `Refusal` for a period that is none."""
    period = parse_period(run.manifest["period"])
    return {
        "pack": run.manifest["pack"],
        "period": str(period.moment),
        "ends_on": period.end - timedelta(days=1),
        "is_demonstration": bool(run.manifest["demonstration"]),
        "is_partial": bool(run.manifest["structures"]),
        "made_at": datetime.fromtimestamp(run.folder.stat().st_mtime, UTC),
    }


def is_beginning(text: str) -> bool:
    """Whether a text can be the beginning of the id of a run: hexadecimal digits, lower case."""
    return 0 < len(text) <= LONGEST_ID and set(text) <= set("0123456789abcdef")


def run_called(name: str, records: QuerySet[RunRecord]) -> RunRecord:
    """The one of `records` whose id is or begins with `name`; 404 for none, and for several."""
    wanted = name.lower()
    if len(wanted) < SHORTEST_PREFIX or not is_beginning(wanted):
        raise Http404(name)
    found = list(records.filter(run__startswith=wanted)[:2])
    if len(found) != 1:
        raise Http404(name)
    return found[0]


@lru_cache(maxsize=64)
def _pack_on(name: str, _hash: str, day: date) -> Pack:
    pack = plan_called(name)
    return in_force(pack, day) if pack.since <= day < pack.until else in_force(pack)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The run a page shows, with those it is compared with: one per period, the latest made, oldest first."""

    record: RunRecord
    line: RunLine

    @property
    def records(self) -> tuple[RunRecord, ...]:
        """The runs of all periods, this one among them."""
        return self.line.records

    @property
    def run(self) -> OpenRun:
        """The run with its method, values and scores."""
        return opened_runs().opened(self.record.run)

    @property
    def pack(self) -> Pack:
        """The plan in force behind the run: the installation's own where the run was made with it."""
        method = str(opened_runs().run(self.record.run).manifest["inputs"]["method"])
        found = plan_with(method)
        return self.run.pack if found is None else _pack_on(found.id, found.hash, self.record.ends_on)

    @property
    def figures(self) -> RunFigures:
        """The figures of the run."""
        return opened_runs().figures(self.record.run)

    @property
    def previous(self) -> RunRecord | None:
        """The run of the period before, of the same line of plans; none for the first."""
        return run_before(self.record, self.records)

    @property
    def before(self) -> RunFigures | None:
        """The figures that those of this run are set against; none for the first period, and the first of a plan."""
        previous = self.previous
        return opened_runs().figures(previous.run) if previous and previous.pack == self.record.pack else None

    @property
    def year_before(self) -> RunRecord | None:
        """The run of the same month a year earlier."""
        day = self.record.ends_on
        return next((r for r in self.records if (r.ends_on.year, r.ends_on.month) == (day.year - 1, day.month)), None)

    def key(self, page: str, *choices: str, rights: str = "") -> PageKey:
        """The key of a text of this run: the run, those of earlier periods, and which of them are published."""
        told = self.line.told(self.record.ends_on)
        return PageKey(page=page, run=self.record.run, published=told, rights=rights, choices=choices)

    def key_among_all(self, page: str, *choices: str) -> PageKey:
        """The key of a text that names later periods too."""
        return PageKey(page=page, run=self.record.run, published=self.line.told(), rights="", choices=choices)

    def courses(self, structure: str, node: str = "") -> dict[Cadence, Series]:
        """Where a structure, or one of its nodes, stood in every period up to this one: quarters and months apart."""
        return series([
            Spot(r.ends_on, r.period, r.run, r.pack, opened_runs().figures(r.run).standing(structure, node))
            for r in self.records
            if r.ends_on <= self.record.ends_on
        ])  # fmt: skip

    def course(self, structure: str, node: str = "") -> Series:
        """The series that the period shown belongs to."""
        return self.courses(structure, node)[cadence(self.record.period)]


def visible_records(person: Access, structure: str) -> tuple[RunRecord, ...]:
    """Runs in which a person may read the results of `structure`: all for who has that right, else published ones.

    Newest first. A run that somebody looks at as if it were published is one of these, with the moment of now.
    """
    return _seen(person, structure).records


def _seen(person: Access, structure: str) -> RunsSeen:
    known = known_runs()
    if person.may(Action.READ_RESULTS, structure):
        return known.every
    looked_at = next((record for record in known.every.records if record.pk == person.as_published), None)
    if looked_at is None or looked_at.is_published:
        return known.published
    shown = copy(looked_at)
    shown.published_at = timezone.now()
    return RunsSeen(tuple(newest_first((*known.published.records, shown))))


def _of_the_plan(records: Sequence[RunRecord]) -> RunRecord:
    """The first of some runs that a plan in force was scored for, one of all structures where there is one."""
    in_force = line_of(plan().id)
    of_plan = [record for record in records if record.pack in in_force] or records
    return next((record for record in of_plan if not record.is_partial), of_plan[0])


def choose(request: HttpRequest, structure: str) -> Chosen | None:
    """The run that a request names (`?run=` a prefix of an id, `?periodo=` a period), else the newest; `None` if none.

    Where no run is named, those of the plans in force come first, and those of all structures: neither a trial with
    another pack nor a run of some structures takes their place.
    It is one in which the person may read the results of `structure`: 403 for a run that they may not read, 404 for a
    run or a period that is not there.
    """
    seen = _seen(access(request), structure)
    records = seen.records
    wanted, period = request.GET.get("run", "").lower(), request.GET.get("periodo", "")
    found = records
    if wanted:
        found = tuple(record for record in records if record.run.startswith(wanted))
    elif period:
        found = tuple(record for record in records if record.period == period)
    if not found and is_beginning(wanted) and RunRecord.objects.filter(run__startswith=wanted).exists():
        raise PermissionDenied(Action.READ_RESULTS.value)
    if not found:
        if wanted or period:
            raise Http404(wanted or period)
        return None
    return _chosen(found[0] if wanted else _of_the_plan(found), seen)


def newest_of_plan(person: Access, structure: str, pack: str) -> Chosen | None:
    """The newest run of a plan in which a person may read the results of `structure`; `None` if none."""
    seen = _seen(person, structure)
    found = [record for record in seen.records if record.pack == pack]
    whole = next((record for record in found if not record.is_partial), None)
    return _chosen(whole or found[0], seen) if found else None


def _chosen(record: RunRecord, seen: RunsSeen) -> Chosen:
    line = seen.line(line_of(record.pack))
    if line.by_day.get(record.ends_on) is not record:
        line = line_from(line.by_day | {record.ends_on: record})
    return Chosen(record, line)
